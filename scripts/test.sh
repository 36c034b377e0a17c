#!/usr/bin/env bash
# Sets up, builds and runs every test: format, release build, build with AddressSanitizer and
# UndefinedBehaviorSanitizer, and the tour of the README. As root or not; servers are started by the
# tests themselves. scripts/test-servers.sh: other versions than Debian's.
set -uo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh || exit 1
jobs=$(nproc)
failed=()

echo "== format"
find engine parser planner cli tests bench -name '*.h' -o -name '*.cc' | sort |
  xargs clang-format --dry-run -Werror || failed+=("format: run clang-format -i")

# Configures and builds one preset; what it says is shown only where it fails.
build() {
  local log
  log=$(mktemp)
  cmake --preset "$1" >"$log" 2>&1 && cmake --build --preset "$1" -j "$jobs" >"$log" 2>&1
  local status=$?
  [ $status -eq 0 ] || cat "$log"
  rm -f "$log"
  return $status
}

# The same pairs of schemas each time. Others by hand: RC_PARAMS="seed=7 max_success=100"
# build/tests/aloft_random_schema_tests, which then looks for the simplest pair that fails.
export RC_PARAMS=${RC_PARAMS:-seed=1 max_success=25 noshrink=1}

closing=$(mktemp)
trap 'rm -f "$closing"' EXIT
for preset in release asan; do
  folder=build
  [ "$preset" = release ] || folder=build-$preset
  echo "== $preset"
  if ! build "$preset"; then
    failed+=("$preset: build")
    continue
  fi
  result=$(mktemp)
  # Tests wait for servers and clocks: one more than there are processors keeps these busy.
  ctest --test-dir "$folder" -j $((jobs + 1)) --output-on-failure | tee "$result"
  [ "${PIPESTATUS[0]}" -eq 0 ] || failed+=("$preset: tests")
  { echo "== $preset" && sed -n '/% tests passed/,$p' "$result"; } >>"$closing"
  rm -f "$result"
done

echo "== tour"
log=$(mktemp)
scripts/tour.sh >"$log" 2>&1 || {
  failed+=("tour")
  cat "$log"
}
rm -f "$log"

for what in "${failed[@]}"; do echo "FAILED $what"; done
cat "$closing"
[ ${#failed[@]} -eq 0 ]

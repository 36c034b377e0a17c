#!/usr/bin/env bash
# Sets up, builds and runs every test: format, release build, build with AddressSanitizer and
# UndefinedBehaviorSanitizer, the tour of the README, and servers of other versions than Debian's. As
# root or not; servers are started by the tests themselves.
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
  ctest --test-dir "$folder" -j "$jobs" --output-on-failure | tee "$result"
  [ "${PIPESTATUS[0]}" -eq 0 ] || failed+=("$preset: tests")
  { echo "== $preset" && sed -n '/% tests passed/,$p' "$result"; } >>"$closing"
  rm -f "$result"
done

# on_version MAJOR QUARTER: how the release build reads a server of that version, and a quarter of
# the cases on it. Says in one line how that ended, after what failed.
on_version() {
  local log bindir ended=passed
  log=$(mktemp)
  if ! bindir=$(scripts/fetch-postgres.sh "$1" 2>"$log"); then
    echo "PostgreSQL $1: skipped: $(tail -n 1 "$log")"
  else
    export ALOFT_PG_BINDIR=$bindir
    build/tests/aloft_introspect_tests --gtest_brief=1 >"$log" 2>&1 &&
      GTEST_TOTAL_SHARDS=4 GTEST_SHARD_INDEX=$2 \
        build/tests/aloft_apply_cases_tests --gtest_brief=1 >>"$log" 2>&1 || ended=failed
    [ $ended = passed ] || cat "$log"
    echo "PostgreSQL $1: $ended:" \
      "$(sed -n 's/^\[  \(PASSED\|SKIPPED\) *\] \(.*\)\.$/\2 \L\1/p' "$log" | paste -s -d ,)"
  fi
  rm -f "$log"
  [ $ended = passed ]
}
export -f on_version

echo "== tour"
log=$(mktemp)
scripts/tour.sh >"$log" 2>&1 || {
  failed+=("tour")
  cat "$log"
}
rm -f "$log"

echo "== other servers"
result=$(mktemp)
printf '%s\n' '14 0' '16 1' '17 2' '18 3' |
  xargs -P "$jobs" -L 1 bash -c 'on_version "$@"' on_version | tee "$result"
[ "${PIPESTATUS[1]}" -eq 0 ] || failed+=("other servers")
{ echo "== other servers" && grep '^PostgreSQL [0-9]*: ' "$result"; } >>"$closing"
rm -f "$result"

for what in "${failed[@]}"; do echo "FAILED $what"; done
cat "$closing"
[ ${#failed[@]} -eq 0 ]

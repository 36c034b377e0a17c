#!/usr/bin/env bash
# The release build on servers of other versions than Debian's, 14, 16, 17 and 18: introspection, and a
# quarter of the cases on each. After scripts/test.sh, which sets up and builds.
set -uo pipefail
cd "$(dirname "$0")/.."
jobs=$(nproc)

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

echo "== other servers"
result=$(mktemp)
printf '%s\n' '14 0' '16 1' '17 2' '18 3' |
  xargs -P "$jobs" -L 1 bash -c 'on_version "$@"' on_version | tee "$result"
status=${PIPESTATUS[1]}
rm -f "$result"
exit "$status"

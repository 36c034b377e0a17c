#!/bin/sh
# The tool over real schema histories and over pairs of schemas, where these stand beside the
# checkout; skipped (77) where they do not.
#
#   corpus_test.sh history|pairs ALOFT WITH_SERVER     (WITH_SERVER: the program aloft_with_server)
#
# history  every version in turn must end exactly as a fresh load of it; of the long histories
#          every 15th version. The one that needs PostGIS is left out where that is not installed.
# pairs    a sample; no difference where there is none, no wrong end, no lost row, nothing left to
#          do afterwards.
set -u
what=$1 aloft=$2 with_server=$3
shared=$(cd "$(dirname "$0")/../.." && pwd)/shared
work=$(mktemp -d) || exit 1
trap 'rm -rf "$work"' EXIT

needs() {
  for path in "$@"; do
    if [ ! -e "$path" ]; then
      echo "skipped: there is no $path"
      exit 77
    fi
  done
}

case $what in
history)
  needs "$shared/tools/history.py" "$shared/corpus/history"
  cat >"$work/walk" <<'END'
tool=$1 histories=$2 aloft=$3 out=$4
walk() { python3 "$tool" --tool "$aloft" --out "$out" "$@" || echo "failed: $*" >>"$out.failed"; }
{
  walk "$histories/zync"
  walk --every 15 "$histories/danbooru"
} &
walk --every 15 "$histories/panoptes"
if [ "$(psql -XAtd postgres -c "SELECT 1 FROM pg_available_extensions WHERE name = 'postgis'")" ]; then
  walk --every 15 "$histories/inaturalist"
fi
wait
END
  "$with_server" sh "$work/walk" "$shared/tools/history.py" "$shared/corpus/history" "$aloft" \
    "$work/out" || exit 1
  [ ! -e "$work/out.failed" ] && exit 0
  cat "$work/out.failed" "$work/out"
  exit 1
  ;;
pairs)
  needs "$shared/tools/pairs.py" "$shared/corpus/peers"
  "$with_server" python3 "$shared/tools/pairs.py" --tool "$aloft" --every 25 \
    "$shared/corpus/peers" >"$work/out"
  cat "$work/out"
  grep -q '^[1-9][0-9]* passed' "$work/out" || exit 1
  ! grep -E '^(FALSE_DIFF|WRONG_END|ROWS_LOST|NOT_SETTLED)' "$work/out" >/dev/null
  ;;
*)
  echo "usage: corpus_test.sh history|pairs ALOFT WITH_SERVER" >&2
  exit 2
  ;;
esac

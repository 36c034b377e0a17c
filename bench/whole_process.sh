#!/usr/bin/env bash
# Times `aloft plan` of an unchanged schema against `pg_dump -s` of the same database, in turn, and prints the ratio
# of the medians and aloft's peak memory for each size.
#   bench/whole_process.sh [TABLES...]     (default: 100 1000 10000)
# PGHOST, PGPORT and PGUSER name a throw-away server on which databases may be made.
set -euo pipefail
cd "$(dirname "$0")/.."
sizes=("$@")
[ ${#sizes[@]} -gt 0 ] || sizes=(100 1000 10000)
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
runs=${RUNS:-5}

# seconds COMMAND... : wall seconds and peak kB of one run
seconds() { /usr/bin/time -f '%e %M' -o "$scratch/time" "$@" >/dev/null; cat "$scratch/time"; }
median() { sort -n | awk '{v[NR]=$1} END {print v[int((NR+1)/2)]}'; }

printf '%8s %12s %12s %8s %10s\n' tables aloft_s pg_dump_s ratio peak_MB
for n in "${sizes[@]}"; do
  db=aloft_bench_$n
  build/bench/generate_schema "$n" >"$scratch/schema.sql"
  psql -Xqd postgres -c "DROP DATABASE IF EXISTS $db" -c "CREATE DATABASE $db TEMPLATE template0" 2>/dev/null
  psql -Xqd "$db" -v ON_ERROR_STOP=1 -1 -f "$scratch/schema.sql"
  psql -Xqd "$db" -c ANALYZE
  : >"$scratch/a"; : >"$scratch/d"; peak=0
  for _ in $(seq "$runs"); do
    read -r s kb < <(seconds build/aloft plan --db "dbname=$db" --desired "$scratch/schema.sql" --detailed-exitcode)
    echo "$s" >>"$scratch/a"; [ "$kb" -gt "$peak" ] && peak=$kb
    read -r s kb < <(seconds pg_dump -s -d "$db")
    echo "$s" >>"$scratch/d"
  done
  a=$(median <"$scratch/a"); d=$(median <"$scratch/d")
  awk -v n="$n" -v a="$a" -v d="$d" -v p="$peak" 'BEGIN {printf "%8d %12.2f %12.2f %8.2f %10.0f\n", n, a, d, a/d, p/1024}'
  psql -Xqd postgres -c "DROP DATABASE $db"
done

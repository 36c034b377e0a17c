#!/usr/bin/env bash
# Times the backfill of a column that changes from integer to bigint against one UPDATE of the whole table, on two
# copies of the same rows in one run, and prints the ratio of their speeds and how much each let the table grow.
#   bench/backfill.sh [ROWS]     (default: 5000000)
# PGHOST, PGPORT and PGUSER name a throw-away server on which databases may be made.
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-5000000}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
calc() { awk "BEGIN {printf \"%.4f\", $1}"; }
ask() { psql -XqAtd "$1" -v ON_ERROR_STOP=1 "${@:2}"; }

make() {
  psql -Xqd postgres -c "DROP DATABASE IF EXISTS $1" -c "CREATE DATABASE $1 TEMPLATE template0" 2>/dev/null
  ask "$1" -c "CREATE TABLE orders (id bigint PRIMARY KEY, amount integer NOT NULL, note text)" \
    -c "INSERT INTO orders SELECT g, g % 1000, 'a note of some length ' || g FROM generate_series(1, $rows) g" \
    -c "VACUUM ANALYZE orders" -c "CHECKPOINT"
}
size() { ask "$1" -c "SELECT pg_relation_size('orders')"; }

cat >"$scratch/schema.sql" <<'SQL'
CREATE TABLE orders (id bigint PRIMARY KEY, amount bigint NOT NULL, note text);
SQL

make aloft_bench_update
before=$(size aloft_bench_update)
ask aloft_bench_update -c "ALTER TABLE orders ADD COLUMN wide bigint"
start=$(date +%s.%N)
ask aloft_bench_update -c "UPDATE orders SET wide = amount"
plain=$(calc "$(date +%s.%N) - $start")
plain_growth=$(calc "100 * ($(size aloft_bench_update) - $before) / $before")
psql -Xqd postgres -c "DROP DATABASE aloft_bench_update"

make aloft_bench_backfill
build/aloft apply --db dbname=aloft_bench_backfill --desired "$scratch/schema.sql" --allow all --yes >"$scratch/log" 2>&1 ||
  { cat "$scratch/log"; exit 1; }
filled=$(ask aloft_bench_backfill -c "SELECT round(sum(extract(epoch FROM finished - started))::numeric, 2)
  FROM aloft.step WHERE (run, step) IN (SELECT run, step FROM aloft.backfill)")
growth=$(calc "100 * ($(size aloft_bench_backfill) - $before) / $before")
psql -Xqd postgres -c "DROP DATABASE aloft_bench_backfill"

printf '%12s %14s %14s %14s %14s %10s\n' rows update_s backfill_s speed_ratio update_grew backfill_grew
printf '%12s %14.1f %14.1f %14.2f %13.0f%% %12.0f%%\n' "$rows" "$plain" "$filled" "$(calc "$plain / $filled")" \
  "$plain_growth" "$growth"

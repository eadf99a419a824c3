#!/bin/sh
# Makes sure that what the tests drive is on this machine: Chromium, Redis, PostgreSQL and,
# on Linux, iproute2 for halls with a network of their own. Quick when all is there.
set -eu

has() {
  for name; do
    if command -v "$name" >/dev/null; then return 0; fi
  done
  return 1
}

has_postgresql() {
  # Debian keeps the server's programs out of PATH.
  for bin in $(echo "$PATH" | tr ':' ' ') /usr/lib/postgresql/*/bin; do
    if [ -x "$bin/initdb" ] && [ -x "$bin/postgres" ]; then return 0; fi
  done
  return 1
}

missing() {
  has chromium chromium-browser google-chrome || echo chromium
  has redis-server || echo redis-server
  has_postgresql || echo postgresql
  [ "$(uname)" != Linux ] || has ip || echo iproute2
}

packages=$(missing | xargs)

if [ "$(id -u)" = 0 ] && has apt-get; then
  export DEBIAN_FRONTEND=noninteractive
  [ -z "$packages" ] || apt-get update -qq || true
  # A Chromium without windows shows most pages with less work, where there is one.
  quick=chromium-headless-shell
  has $quick || ! apt-cache show $quick >/dev/null 2>&1 || packages="$packages $quick"
  if [ -n "$packages" ]; then
    echo "Installing for the tests: $packages"
    # RUNLEVEL=1: install the servers, and do not start them. The tests start their own.
    # shellcheck disable=SC2086
    RUNLEVEL=1 apt-get install -qq -y --no-install-recommends $packages >/dev/null || true
  fi
  packages=$(missing | xargs)
fi
[ -n "$packages" ] || exit 0

echo "The tests need programs that are not on this machine: $packages." >&2
echo "Debian or Ubuntu: apt-get install $packages. macOS: brew install chromium redis postgresql." >&2
exit 1

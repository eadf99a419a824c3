#!/bin/sh
# Builds .venv from a lock file: `make_env.sh base` to run, `make_env.sh dev` to test. Quick when it is there.
set -eu
cd "$(dirname "$0")/.."
name=$1
lock=requirements/$name.txt
say() { echo "$*" >&2; }
stop() { say "$*"; exit 1; }

# A copy of the lock file stays in .venv: as long as both are equal, nothing needs to be done.
venv_works() { .venv/bin/python -c 'import django' 2>/dev/null; }
if cmp -s "$lock" ".venv/$name.lock" && venv_works; then exit 0; fi

if [ -n "${PYTHON:-}" ]; then set -- "$PYTHON"; else set -- python3 python3.14 python3.13 python3.12 python3.11; fi
python=
for candidate; do
  if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then python=$candidate; break; fi
done
found=$("$1" -V 2>/dev/null || echo geen Python)
[ -n "$python" ] || stop "Buurtboom heeft Python 3.11 of nieuwer nodig en vond $found. Een andere kies je met PYTHON=…"
[ -w . ] || stop "In deze map kunnen we niet schrijven. Zet Buurtboom in een eigen map."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  stop "$python mist de module venv. Op Debian en Ubuntu: apt install python3-venv"

say "We zetten alles klaar in .venv. De eerste keer duurt dat ongeveer een minuut."
venv_works || "$python" -m venv --clear .venv || stop "$python kon .venv niet maken: zie de regels hierboven."
install() {
  .venv/bin/python -m pip install -qq --disable-pip-version-check --no-compile --require-hashes --requirement "$1"
}
# The many packages of dev.txt come in much faster by uv, which is one of them; where it finds no way out, pip may.
install_quickly() {
  awk '/^[^ ]/ { of_uv = /^uv==/ } of_uv' "$lock" >.venv/uv.txt
  install .venv/uv.txt && .venv/bin/python -m uv pip install -q --require-hashes --requirement "$lock"
}
{ [ "$name" = dev ] && install_quickly; } || install "$lock" ||
  stop "Installeren van $lock lukte niet: zie de regels hierboven. Is er internet?"
# All cores; what does not compile is not for this Python.
.venv/bin/python -m compileall -q -j 0 -x '/(pip|setuptools|pkg_resources|mypyc?|tests?)/' .venv/lib >/dev/null || true
# dev.txt holds all of base.txt.
cp requirements/base.txt .venv/base.lock
cp "$lock" ".venv/$name.lock"

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
[ -n "$python" ] || stop "Buurtboom needs Python 3.11 or newer. Found: $("$1" -V 2>/dev/null || echo none). Choose another with PYTHON=."
[ -w . ] || stop "This folder is read-only: put Buurtboom in a folder that you may write to."
"$python" -c 'import ensurepip, venv' 2>/dev/null ||
  stop "$python has no venv module. On Debian or Ubuntu: apt install python3-venv."

say "Making the environment in .venv. The first time this takes about a minute."
venv_works || "$python" -m venv --clear .venv || stop "$python could not make .venv: see the lines above."
.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes --requirement "$lock" ||
  stop "Installing $lock failed: see the lines above. Is there an internet connection?"
# dev.txt holds all of base.txt.
cp requirements/base.txt .venv/base.lock
cp "$lock" ".venv/$name.lock"

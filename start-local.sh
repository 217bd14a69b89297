#!/usr/bin/env bash
# Installs the locked packages, starts Redis and all services, waits until ready. Options: --demo --no-ui
set -eu
cd "$(dirname "$0")"
. scripts/find-python.sh
find_python || exit 1
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
"$PYTHON" -m app.local.install requirements.txt
exec .venv/bin/python -m app.local start "$@"

#!/usr/bin/env bash
# Stops all services in order, drained; only what was started from here.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
    echo "Tidak berjalan / not running — ./start-local.sh"
    exit 0
fi
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
exec .venv/bin/python -m app.local stop "$@"

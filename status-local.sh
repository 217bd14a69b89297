#!/usr/bin/env bash
# Shows each service; exit code 0 all ready, 1 something is not, 3 not running.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
    . scripts/language.sh
    say "Not running: ./start-local.sh" "Tidak berjalan: ./start-local.sh"
    exit 3
fi
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
exec .venv/bin/python -m app.local status "$@"

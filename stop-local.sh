#!/usr/bin/env bash
# Drains and stops all services of this installation, in order.
set -eu
cd "$(dirname "$0")"
if [ ! -x .venv/bin/python ]; then
    . scripts/language.sh
    say "Not running: ./start-local.sh" "Tidak berjalan: ./start-local.sh"
    exit 0
fi
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
exec .venv/bin/python -m app.local stop "$@"

#!/usr/bin/env bash
# Makes dist/multi_job-*.whl with the built dashboard, and its bill of materials (CycloneDX). The build needs Node.js with npm, and 1.6 GB of memory.
# Options: --out FOLDER, --dashboard FOLDER (an existing build).
set -eu
cd "$(dirname "$0")/.."
. scripts/find-python.sh
find_python || exit 1
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
"$PYTHON" -m app.local.install requirements-dev.txt
exec .venv/bin/python -m tools.build_wheel "$@"

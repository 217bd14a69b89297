#!/usr/bin/env bash
# Sets up the test environment and runs all suites, or one:
#   ./test-local.sh [lint|unit|integration|contract|faults|e2e|ui] [pytest arguments]
set -eu
cd "$(dirname "$0")"
. scripts/find-python.sh

SUITES="unit integration contract faults e2e"
suite=all
case "${1:-}" in
    "" | -*) ;;
    lint | unit | integration | contract | faults | e2e | ui)
        suite="$1"
        shift
        ;;
    *)
        echo "GAGAL / ERROR: unknown suite '$1': lint, $(echo $SUITES | tr ' ' ','), ui" >&2
        exit 2
        ;;
esac

run_lint() {
    local status=0
    echo "== lint"
    .venv/bin/ruff check . || status=1
    .venv/bin/ruff format --check . || status=1
    .venv/bin/pyright --pythonpath .venv/bin/python || status=1
    return $status
}

run_suite() {
    local name="$1"
    shift
    if ! find "tests/$name" -name 'test_*.py' 2>/dev/null | grep -q .; then
        echo "== $name: belum ada tes / no tests yet"
        return 0
    fi
    echo "== $name"
    .venv/bin/python -m pytest "tests/$name" "$@"
}

if [ "$suite" = ui ]; then
    echo "Dashboard: belum ada di versi ini / not part of this version"
    exit 0
fi

find_python || exit 1
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
"$PYTHON" -m app.local_install requirements-dev.txt
# Node comes with the locked packages; one that happens to be on PATH is not looked at.
export PYRIGHT_PYTHON_GLOBAL_NODE=off PYRIGHT_PYTHON_IGNORE_WARNINGS=1

if [ "$suite" = lint ]; then
    run_lint
    exit
fi
if [ "$suite" != all ]; then
    run_suite "$suite" "$@"
    exit
fi

failed=""
run_lint || failed="lint"
for name in $SUITES; do
    run_suite "$name" "$@" || failed="$failed $name"
done
if [ -n "$failed" ]; then
    echo "GAGAL / FAILED: $failed"
    exit 1
fi
echo "Semua lulus / all passed"

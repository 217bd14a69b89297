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
    # Installations do not touch each other and mostly wait for processes: two at a time.
    if [ "$name" = e2e ]; then
        set -- -n 2 --dist loadfile "$@"
    fi
    .venv/bin/python -m pytest "tests/$name" "$@"
}

# What mostly computes, run beside the suite that mostly waits.
run_beside() {
    local name
    trap 'exit 130' INT
    run_lint || echo lint >>"$beside/failed"
    for name in unit contract; do
        run_suite "$name" "$@" || echo "$name" >>"$beside/failed"
    done
}

# Ctrl-C ends what runs beside as it ends what is seen: tests clean up behind themselves.
end_beside() {
    if [ -n "$beside_pid" ] && kill -INT -- "-$beside_pid" 2>/dev/null; then
        wait "$beside_pid" || true
    fi
    rm -rf "$beside"
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

beside=$(mktemp -d)
beside_pid=""
trap end_beside EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
echo "== lint, unit, contract: berjalan bersama / beside integration"
# A process group of its own (-m): a signal reaches all of it, and SIGINT is not ignored in there.
set -m
run_beside "$@" >"$beside/output" 2>&1 </dev/null &
beside_pid=$!
set +m
run_suite integration "$@" || echo integration >>"$beside/failed"
wait "$beside_pid" || echo "(lint, unit, contract)" >>"$beside/failed"
beside_pid=""
cat "$beside/output"
# Faults measure times: nothing runs beside them.
for name in faults e2e; do
    run_suite "$name" "$@" || echo "$name" >>"$beside/failed"
done
if [ -s "$beside/failed" ]; then
    echo "GAGAL / FAILED:" $(cat "$beside/failed")
    exit 1
fi
echo "Semua lulus / all passed"

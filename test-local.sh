#!/usr/bin/env bash
# Sets up the test environment and runs all suites, or one:
#   ./test-local.sh [lint|unit|integration|contract|faults|e2e|ui] [pytest arguments]
# `ui` is types, lint and unit tests of the dashboard; e2e ends with it in a real browser (Node.js 20.9, Chromium).
set -eu
cd "$(dirname "$0")"
. scripts/find-python.sh
. scripts/find-node.sh

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
    # Their tests share nothing between files and mostly wait for processes: two files at a time.
    if [ "$name" = e2e ] || [ "$name" = integration ]; then
        set -- -n 2 --dist loadfile "$@"
    fi
    .venv/bin/python -m pytest "tests/$name" "$@"
}

# What this machine has nothing to run with is a failure in CI, and elsewhere left out in so many words.
left_out() {
    if [ -n "${CI:-}" ]; then
        echo "GAGAL / ERROR: $1: not tested / tidak dites" >&2
        return 1
    fi
    echo "!! $1: DILEWATI, TIDAK DITES / LEFT OUT, NOT TESTED"
}

# In ui/, and without colours where nobody looks: closing lines are read by programs.
in_ui() {
    (
        cd ui
        [ -t 1 ] || export NO_COLOR=1
        export NEXT_TELEMETRY_DISABLED=1
        "$@"
    )
}

# The locked packages, tests' tools included, once for each lock file.
install_ui() {
    cmp -s ui/package-lock.json ui/node_modules/.installed-lock && return
    in_ui npm ci && cp ui/package-lock.json ui/node_modules/.installed-lock
}

run_ui() {
    echo "== ui"
    find_node || {
        left_out "ui"
        return
    }
    install_ui || return 1
    local status=0
    in_ui npm run check || status=1
    in_ui npm test || status=1
    return $status
}

# The dashboard in a real browser before real processes.
run_browser() {
    echo "== e2e, dashboard"
    if ! find_node || ! find_chromium; then
        left_out "dashboard e2e"
        return
    fi
    if ! in_ui node -e 'process.exit(require("./package.json").scripts.e2e ? 0 : 1)'; then
        echo "belum ada tes / no tests yet"
        return 0
    fi
    install_ui && in_ui npm run build && in_ui npm run e2e
}

run_e2e() {
    local status=0
    run_suite e2e "$@" || status=1
    case " $*" in *" --full"*) export E2E_FULL=1 ;; esac
    case " $*" in
        *" -k"* | *" -m"*) echo "== e2e, dashboard: $* is for pytest alone / hanya untuk pytest" ;;
        *) run_browser || status=1 ;;
    esac
    return $status
}

# What mostly computes, run beside the suite that mostly waits.
run_beside() {
    local name
    trap 'exit 130' INT
    run_lint || echo lint >>"$beside/failed"
    run_ui || echo ui >>"$beside/failed"
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
    run_ui
    exit
fi

find_python || exit 1
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
"$PYTHON" -m app.local.install requirements-dev.txt
# Node comes with the locked packages; one that happens to be on PATH is not looked at.
export PYRIGHT_PYTHON_GLOBAL_NODE=off PYRIGHT_PYTHON_IGNORE_WARNINGS=1

if [ "$suite" = lint ]; then
    run_lint
    exit
fi
if [ "$suite" = e2e ]; then
    run_e2e "$@"
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
echo "== lint, ui, unit, contract: berjalan bersama / beside integration"
# A process group of its own (-m): a signal reaches all of it, and SIGINT is not ignored in there.
set -m
run_beside "$@" >"$beside/output" 2>&1 </dev/null &
beside_pid=$!
set +m
run_suite integration "$@" || echo integration >>"$beside/failed"
wait "$beside_pid" || echo "(lint, ui, unit, contract)" >>"$beside/failed"
beside_pid=""
cat "$beside/output"
# Faults measure times: nothing runs beside them.
run_suite faults "$@" || echo faults >>"$beside/failed"
run_e2e "$@" || echo e2e >>"$beside/failed"
if [ -s "$beside/failed" ]; then
    echo "GAGAL / FAILED:" $(cat "$beside/failed")
    exit 1
fi
echo "Semua lulus / all passed"

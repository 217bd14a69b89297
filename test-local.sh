#!/usr/bin/env bash
# Sets up the test environment and runs all suites, or one:
#   ./test-local.sh [quick|lint|unit|integration|contract|faults|e2e|wheel|ui|dashboard] [pytest arguments]
# quick: lint, unit tests, one run through all processes. ui: the dashboard's types, lint and unit tests.
# wheel: the suite e2e on the installed package, in a project that has its own `app`.
# dashboard: its builds, and every page in a real browser (Node.js 20.9, Chromium).
set -eu
cd "$(dirname "$0")"
. scripts/find-python.sh
. scripts/find-node.sh

SUITES="lint unit integration contract faults e2e wheel ui dashboard"
suite="all"
case "${1:-}" in
    "" | -*) ;;
    *)
        suite="$1"
        shift
        case " quick $SUITES " in
            *" $suite "*) ;;
            *)
                echo "ERROR: unknown suite '$suite': quick $SUITES" >&2
                exit 2
                ;;
        esac
        ;;
esac

lanes=""
results=""

# A lock between lanes: a pipe holds one line, and the lane that has read it owns the lock.
take_turn() {
    [ -z "$results" ] || read -r <&"$1"
}

end_turn() {
    [ -z "$results" ] || echo >&"$1"
}

# A suite is a function run_<suite>. Arguments are for pytest.

run_lint() {
    local status=0
    .venv/bin/ruff check . || status=1
    .venv/bin/ruff format --check . || status=1
    .venv/bin/pyright --pythonpath .venv/bin/python || status=1
    .venv/bin/python -m tools.lint_imports || status=1
    .venv/bin/python -m tools.prose || status=1
    return $status
}

# Suites that run at the same time each keep the names of their failed tests.
run_pytest() {
    local status=0
    [ -z "$results" ] || set -- "$@" -o cache_dir="$results/$name/cache"
    .venv/bin/python -m pytest "$@" || status=$?
    # 5: the selection has no test in this suite.
    [ "$status" != 5 ] || ! is_selection "$@" || status=0
    return $status
}

# Two processes: the quick run has two lanes, and the other one ends first.
run_unit() {
    run_pytest tests/unit -n 2 --dist loadfile "$@"
}

run_contract() {
    run_pytest tests/contract "$@"
}

# Test files are independent, and most tests wait for processes, so three files run at the same time. With two,
# this suite ended last: the other lanes had nothing to do meanwhile.
run_integration() {
    run_shared tests/integration -n 3 --dist loadfile "$@"
}

run_e2e() {
    run_shared tests/e2e --ignore tests/e2e/dashboard -n 2 --dist loadfile "$@"
}

run_wheel() {
    run_e2e --wheel "$@"
}

# Each fault test has its own Redis and processes.
run_faults() {
    # At full size one test needs the whole machine.
    local count=3
    is_full "$@" && count=0
    run_shared tests/faults -n $count --dist worksteal "$@"
}

# Tests marked alone run later, in run_alone.
run_shared() {
    if is_selection "$@"; then
        run_pytest "$@"
    else
        run_pytest --alone without "$@"
    fi
}

# Tests that measure times: no other test runs at the same time.
run_alone() {
    if is_selection "$@"; then
        echo "with their suites"
    else
        run_pytest --alone only $(grep -rl --include='test_*.py' 'pytest\.mark\.alone' tests) "$@"
    fi
}

# Runs failed tests once more, with no other test, if they are few. One that passes alone is named: its failure
# depends on order, load or chance. The run has failed in either case.
run_again() {
    local name failed suite
    for name in $(cat "$results/failed" 2>/dev/null); do
        case "$name" in
            unit | integration | contract | faults | e2e) suite="tests/$name" ;;
            wheel) suite="tests/e2e --wheel" ;;
            *) continue ;;
        esac
        failed="$(failed_tests "$results/$name/cache/v/cache/lastfailed")" || continue
        [ "$(echo "$failed" | wc -l)" -le 3 ] || continue
        if run_pytest $suite --last-failed --last-failed-no-failures none "$@"; then
            echo "$failed" >>"$results/passed-alone"
        fi
    done
}

failed_tests() {
    .venv/bin/python -c 'import json, sys; print(*json.load(open(sys.argv[1])), sep="\n")' "$1" 2>/dev/null
}

is_selection() {
    case " $*" in
        *" -k"* | *" -m"*) true ;;
        *) false ;;
    esac
}

is_full() {
    case " $* " in
        *" --full "*) true ;;
        *) false ;;
    esac
}

run_smoke() {
    if is_selection "$@"; then
        echo "without the run through all processes: $*"
    else
        run_pytest tests/e2e -m smoke "$@"
    fi
}

# A missing requirement is a failure in CI; elsewhere the suite is skipped with a message.
left_out() {
    if [ -n "${CI:-}" ]; then
        echo "ERROR: $1: not tested" >&2
        return 1
    fi
    echo "!! $1: LEFT OUT, NOT TESTED"
}

# Runs a command in ui/, without colours if the output is no terminal, because programs read the last lines.
in_ui() {
    (
        cd ui
        [ -t 1 ] || export NO_COLOR=1
        export NEXT_TELEMETRY_DISABLED=1
        "$@"
    )
}

# Installs the locked packages, including those of the tests, once for each lock file.
install_ui() {
    local status=0
    take_turn 4
    cmp -s ui/package-lock.json ui/node_modules/.installed-lock || {
        in_ui npm ci && cp ui/package-lock.json ui/node_modules/.installed-lock
    } || status=1
    end_turn 4
    return $status
}

run_ui() {
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

# Builds the dashboard like the launchers, then tests it in a real browser with real processes.
run_dashboard() {
    # The test of the TypeScript client uses the locked packages.
    ! find_node 2>/dev/null || install_ui || return 1
    run_pytest tests/e2e/dashboard "$@" || return 1
    if is_selection "$@"; then
        echo "$*: for pytest only, no browser"
        return
    fi
    is_full "$@" && export E2E_FULL=1
    if ! find_node || ! find_chromium; then
        left_out "dashboard in a browser"
        return
    fi
    install_ui || return 1
    # The launcher's test has built it.
    DASHBOARD_BUILD="$(.venv/bin/python -m tools.build_dashboard)" || return 1
    export DASHBOARD_BUILD
    in_ui npm run e2e
}

# Parallel suites. Each lane is a process that repeatedly takes the next free suite of the list. The output of a
# suite is shown when it ends.

start_lanes() {
    local count="$1" lane
    shift
    # A process group for each lane (-m): a signal reaches the whole lane, and SIGINT is not ignored in it.
    set -m
    for lane in $(seq "$count"); do
        run_lane "$@" </dev/null &
        lanes="$lanes $!"
    done
    set +m
}

run_lane() {
    local name began took suites="$1"
    shift
    trap 'exit 130' INT
    for name in $suites; do
        # Exactly one lane can create the folder.
        mkdir "$results/$name" 2>/dev/null || continue
        began=$(date +%s)
        run_"$name" "$@" >"$results/$name/output" 2>&1 || echo "$name" >>"$results/failed"
        took=$(($(date +%s) - began))
        take_turn 3
        echo "== $name"
        cat "$results/$name/output"
        echo "-- $name: $took s"
        end_turn 3
    done
}

wait_for_lanes() {
    local lane
    for lane in $lanes; do
        wait "$lane" || echo "(lane)" >>"$results/failed"
    done
    lanes=""
}

# Ctrl-C ends the lanes; the tests clean up.
end_lanes() {
    local lane
    for lane in $lanes; do
        kill -INT -- "-$lane" 2>/dev/null || true
    done
    for lane in $lanes; do
        wait "$lane" || true
    done
    rm -rf "$results"
}

prepare_lanes() {
    echo "Output of each suite when it ends"
    results=$(mktemp -d)
    trap end_lanes EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM
    mkfifo "$results/print" "$results/install"
    exec 3<>"$results/print" 4<>"$results/install"
    end_turn 3
    end_turn 4
}

report() {
    if [ -s "$results/passed-alone" ]; then
        echo "Failed, but passed when run again alone:"
        cat "$results/passed-alone"
    fi
    if [ -s "$results/failed" ]; then
        echo "FAILED:" $(cat "$results/failed")
        exit 1
    fi
    echo "All passed"
}

if [ "$suite" = ui ]; then
    run_ui
    exit
fi

find_python || exit 1
if [ "$suite" = all ]; then
    # This suite needs no Python: it runs while the packages of the others are installed.
    prepare_lanes
    start_lanes 1 "ui"
fi
export PYTHONPATH="$PWD${PYTHONPATH:+:$PYTHONPATH}"
"$PYTHON" -m app.local.install requirements-dev.txt
# Tests start hundreds of processes: if they may not write bytecode, each would compile the code again.
[ -z "${PYTHONDONTWRITEBYTECODE:-}" ] || .venv/bin/python -m compileall -q -j 2 app multi_job benchmarks tools tests/support
# Node comes with the locked packages; one on PATH is ignored.
export PYRIGHT_PYTHON_GLOBAL_NODE=off PYRIGHT_PYTHON_IGNORE_WARNINGS=1

case "$suite" in
    quick)
        prepare_lanes
        start_lanes 2 "lint unit smoke" "$@"
        wait_for_lanes
        report
        ;;
    all)
        # The longest first, so that all lanes end at about the same time.
        start_lanes 3 "integration dashboard e2e wheel faults unit lint contract" "$@"
        wait_for_lanes
        start_lanes 1 "alone" "$@"
        wait_for_lanes
        [ ! -s "$results/failed" ] || start_lanes 1 "again" "$@"
        wait_for_lanes
        report
        ;;
    integration | faults)
        status=0
        run_"$suite" "$@" || status=1
        is_selection "$@" || run_pytest "tests/$suite" --alone only "$@" || status=1
        exit $status
        ;;
    *) run_"$suite" "$@" ;;
esac

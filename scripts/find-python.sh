# Sourced. Sets PYTHON to an interpreter of at least 3.11 that can make virtual environments,
# or prints what is missing and returns 1. For bash 3.2 (macOS) as well.
. scripts/language.sh

find_python() {
    local name old=""
    for name in ${PYTHON:-} python3.13 python3.12 python3.11 python3 python; do
        command -v "$name" >/dev/null 2>&1 || continue
        if ! "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            continue
        fi
        # Debian ships python3 without ensurepip unless python3-venv is installed; uv needs neither.
        if command -v uv >/dev/null 2>&1 || "$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            PYTHON="$name"
            return 0
        fi
        old="$name"
    done
    if [ -n "$old" ]; then
        say "ERROR: $old has no venv module: apt-get install python3-venv" \
            "ERROR: $old belum punya modul venv: apt-get install python3-venv" >&2
    else
        say "ERROR: Python 3.11 or newer is needed and not on PATH" \
            "ERROR: perlu Python 3.11 atau lebih baru di PATH" >&2
    fi
    return 1
}

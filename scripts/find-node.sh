# Sourced. find_node and find_chromium return 1 after printing what is missing. For bash 3.2 (macOS) as well.

find_node() {
    if ! command -v node >/dev/null 2>&1 || ! command -v npm >/dev/null 2>&1; then
        echo "Node.js 20.9 or newer with npm is needed and not on PATH" >&2
        return 1
    fi
    if ! node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 9) ? 0 : 1)'; then
        echo "Node.js $(node --version) is too old: 20.9 or newer is needed" >&2
        return 1
    fi
}

# Sets CHROMIUM to a browser, unless it is set.
find_chromium() {
    local name
    for name in ${CHROMIUM:+"$CHROMIUM"} chromium chromium-browser google-chrome google-chrome-stable; do
        if command -v "$name" >/dev/null 2>&1; then
            CHROMIUM="$(command -v "$name")"
            export CHROMIUM
            return 0
        fi
    done
    echo "no Chromium: install it or set CHROMIUM" >&2
    return 1
}

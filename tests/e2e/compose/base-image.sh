#!/usr/bin/env bash
# Makes images without a registry, for machines that reach Debian's packages alone:
#   multi-job-base (Python and its venv module)  multi-job-redis (redis-server)  multi-job-ui-base (Node.js and npm)
#   multi-job-caddy (Caddy)
# Needs root, debootstrap and a Docker engine. They replace BASE, REDIS_IMAGE, UI_BASE and CADDY_IMAGE.
set -euo pipefail
suite="${1:-trixie}"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

add_packages() { # folder, package
    cp /etc/resolv.conf /etc/hosts "$1/etc/"
    chroot "$1" sh -c "apt-get update -q && apt-get install -q -y --no-install-recommends $2 && apt-get clean" \
        > "$1.log" 2>&1 || { tail -n 5 "$1.log" >&2; return 1; }
}

npm_settings() { # file; npm reads it in place of its own global one
    local registry=""
    ! command -v npm > /dev/null || registry="$(npm config get registry)"
    printf 'cafile=/etc/ssl/certs/ca-certificates.crt\n' > "$1"
    [ -z "$registry" ] || printf 'registry=%s\n' "$registry" >> "$1"
}

make_image() { # name, packages, and more of them that only apt finds all parts of
    debootstrap --variant=minbase --include="$2" "$suite" "$folder/$1" > "$folder/$1.log" 2>&1 \
        || { tail -n 5 "$folder/$1.log" >&2; return 1; }
    # The machine's own certificates and package index settings, if there are any.
    cp /etc/ssl/certs/ca-certificates.crt "$folder/$1/etc/ssl/certs/ca-certificates.crt"
    [ -z "${3:-}" ] || add_packages "$folder/$1" "$3"
    [ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$folder/$1/etc/pip.conf"
    [ ! -x "$folder/$1/usr/bin/npm" ] || npm_settings "$folder/$1/etc/npmrc"
    # As in the original image: its own user owns the data.
    chroot "$folder/$1" sh -c '! id redis 2> /dev/null || { mkdir -p /data && chown redis /data; }' > /dev/null
    tar -C "$folder/$1" -c . | docker import - "$1:latest" > /dev/null
    rm -rf "${folder:?}/$1"
}

make_image multi-job-base python3,python3-venv,ca-certificates
make_image multi-job-redis redis-server,ca-certificates
make_image multi-job-ui-base nodejs,ca-certificates npm
make_image multi-job-caddy ca-certificates,netcat-openbsd caddy

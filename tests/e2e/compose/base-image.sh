#!/usr/bin/env bash
# Makes two images without a registry, for machines that reach Debian's packages alone:
#   multi-job-base (Python and its venv module)  multi-job-redis (redis-server)
# Needs root, debootstrap and a Docker engine. They stand in for BASE and REDIS_IMAGE.
set -euo pipefail
suite="${1:-trixie}"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

make_image() { # name, packages
    debootstrap --variant=minbase --include="$2" "$suite" "$folder/$1" > "$folder/$1.log" 2>&1 \
        || { tail -n 5 "$folder/$1.log" >&2; return 1; }
    # The machine's own certificates and package index settings, where it has any.
    cp /etc/ssl/certs/ca-certificates.crt "$folder/$1/etc/ssl/certs/ca-certificates.crt"
    [ ! -e /etc/pip.conf ] || cp /etc/pip.conf "$folder/$1/etc/pip.conf"
    # As in the image that this stands in for: its own user owns the data.
    chroot "$folder/$1" sh -c '! id redis 2> /dev/null || { mkdir -p /data && chown redis /data; }' > /dev/null
    tar -C "$folder/$1" -c . | docker import - "$1:latest" > /dev/null
    rm -rf "${folder:?}/$1"
}

make_image multi-job-base python3,python3-venv,ca-certificates
make_image multi-job-redis redis-server,ca-certificates

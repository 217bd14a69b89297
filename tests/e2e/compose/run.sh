#!/usr/bin/env bash
# docker-compose.yml under a real engine: the README's sentence, a killed worker, down and up with nothing lost.
#   run.sh               on the engine that `docker` talks to, with BASE, UI_BASE and REDIS_IMAGE as they are set
#   run.sh --own-engine  on an engine started for this, in namespaces of its own, with images made from
#                        Debian's packages (root; docker.io docker-cli docker-compose docker-buildx debootstrap)
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
cd "$here/../../.."

if [ "${1:-}" != --own-engine ]; then
    docker info > /dev/null 2>&1 || { echo "no Docker engine answers: nothing was tested" >&2; exit 77; }
    docker-compose build --quiet
    exec python3 "$here/stack_check.py"
fi

for needed in dockerd docker docker-compose debootstrap unshare ip curl; do
    command -v "$needed" > /dev/null || { echo "$needed is missing: nothing was tested" >&2; exit 77; }
done
[ "$(id -u)" = 0 ] || { echo "only root can start an engine: nothing was tested" >&2; exit 77; }

home="$(mktemp -d)"
export DOCKER_HOST="unix://$home/docker.sock" BASE=multi-job-base UI_BASE=multi-job-ui-base REDIS_IMAGE=multi-job-redis
# Caddy makes a certificate of its own for this name. The ports 80 and 443 are free in a network of its own.
export CADDY_IMAGE=multi-job-caddy DOMAIN=jobs.localhost
engine() { # name, then dockerd's own arguments; a name's process ids mean nothing in another's namespace
    local name="$1"
    shift
    dockerd --data-root "$home/data" --exec-root "$home/exec-$name" --pidfile "$home/$name.pid" -H "$DOCKER_HOST" "$@" \
        > "$home/engine.log" 2>&1 &
    for _ in $(seq 150); do
        docker info > /dev/null 2>&1 && return
        sleep 0.2
    done
    tail -n 5 "$home/engine.log" >&2
    return 1
}
export here home
export -f engine

clean() {
    umount -R "$home/data" 2> /dev/null || true
    rm -rf "$home"
}
trap clean EXIT

# Images are built with this machine's network …
unshare -m -p -f --mount-proc bash -euo pipefail -c '
    engine build --bridge=none --iptables=false --ip6tables=false
    "$here/base-image.sh"
    docker build --quiet --network host --build-arg BASE="$BASE" -t multi-job:latest . > /dev/null
    docker build --quiet --network host --build-arg BASE="$UI_BASE" -t multi-job-ui:latest ui > /dev/null'
# … and run in a network of their own, which the engine may change.
unshare -n -m -p -f --mount-proc bash -euo pipefail -c '
    ip link set lo up
    engine run
    python3 "$here/stack_check.py"'

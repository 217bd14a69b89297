#!/usr/bin/env bash
# Prints each image of the compose files with the digest that the registry has for it now, as lines of `.env`:
#   scripts/image-digests.sh >> .env
# Needs Docker with buildx, and the registry. A digest is of the list of all processors, so it fits each machine.
set -euo pipefail
images="
BASE=python:3.12-slim
UI_BASE=node:22-slim
REDIS_IMAGE=redis:8-alpine
CADDY_IMAGE=caddy:2.10.2-alpine
PROMETHEUS_IMAGE=prom/prometheus:v3.5.0
GRAFANA_IMAGE=grafana/grafana:12.1.1
"
lines=""
for each in $images; do
    name="${each%%=*}" image="${each#*=}"
    # A value of the environment goes before the one of the file.
    image="${!name:-$image}"
    digest="$(docker buildx imagetools inspect --format '{{.Manifest.Digest}}' "${image%%@*}")"
    case "$digest" in
        sha256:*) lines="$lines$name=${image%%@*}@$digest"$'\n' ;;
        *) echo "ERROR: the registry has no digest for $image: $digest" >&2; exit 1 ;;
    esac
done
# All or none: half a list would pin some images and not others.
printf %s "$lines"

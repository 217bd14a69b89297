#!/bin/sh
# Makes secrets.env with random values, once: an existing file stays.
set -eu
cd "$(dirname "$0")"
[ ! -e secrets.env ] || { echo "secrets.env exists"; exit 0; }
random() { head -c 32 /dev/urandom | od -An -v -tx1 | tr -d ' \n'; }
umask 077
{
    echo "REDIS_PASSWORD=$(random)"
    echo "SECRET_KEY=$(random)"
    echo "UI_SESSION_SECRET=$(random)"
} > secrets.env.new
mv secrets.env.new secrets.env
echo "secrets.env written: keep a copy of it"

"""Chooses the Redis of a start: an answering server or the embedded one."""

from __future__ import annotations

import hashlib
import re
import sys
import time
from dataclasses import replace
from urllib.parse import urlsplit

from app.core.i18n import _
from app.core.redis_login import embedded_password_file
from app.core.secret_keys import make_key_file, new_key
from app.local.output import LocalError
from app.local.redis_probe import Probe, ProbeState, RedisAddress, RedisProbeError, probe, read_info
from app.local.redis_server import EmbeddedRedisError, choose_binary
from app.local.settings import LocalSettings
from app.local.state import write_atomically

# Password of the embedded Redis: created once, stored as a digest.


def prepare_password(settings: LocalSettings) -> None:
    """Create the password unless the user sets one, and the server's configuration with its digest (0600)."""
    file = embedded_password_file(settings.data_dir)
    password = settings.given_redis_password
    if password:
        # Commands in a shell without REDIS_PASSWORD would use a password that the server refuses.
        file.unlink(missing_ok=True)
    else:
        if not file.exists():
            make_key_file(file, new_key())
        password = settings.stored_redis_password
    digest = hashlib.sha256(password.encode()).hexdigest()
    write_atomically(settings.redis_dir / "secret.conf", f"user default on #{digest} ~* &* +@all\n")


def remove_password(settings: LocalSettings) -> None:
    """Remove the password: the services use another server, which has none."""
    embedded_password_file(settings.data_dir).unlink(missing_ok=True)


_LOADING_PATIENCE_SECONDS = 30.0
# The ways to get a Redis on Windows, each a line to copy.
NO_REDIS_DETAILS = (
    "REDIS_URL:  set REDIS_URL=redis://HOST:6379/0",
    "Docker:     docker-compose up -d redis",
    'WSL:        wsl -u root -- sh -c "apt-get install -y redis-server && redis-server --daemonize yes"',
    "Memurai:    winget install Memurai.MemuraiDeveloper",
)


def choose_redis(settings: LocalSettings) -> bool:
    """Return True if the embedded server is to be started, False if a usable Redis is there already."""
    address = redis_address(settings)
    if address is None:
        return _check_group(settings)
    if settings.stored_redis_password:
        address = _without_stored_password(settings, address)
    answer = _patient_probe(address)
    if answer.state is ProbeState.READY:
        _check_eviction(address)
        return False
    if answer.state is ProbeState.SILENT and settings.may_embed:
        _check_binary(settings)
        return True
    if answer.state is ProbeState.DENIED and settings.stored_redis_password:
        raise LocalError(
            _(
                "another Redis answers at {shown}, with another password: set REDIS_PORT to "
                "another, or REDIS_PASSWORD to the one of that server",
                shown=address.shown,
            ),
        )
    raise _unusable(address, answer)


def _without_stored_password(settings: LocalSettings, address: RedisAddress) -> RedisAddress:
    """Return the address with the embedded server's password only if the server asks for one.

    Another program on the port is not sent the password unasked. LocalError if a Redis without a password
    took the place of the embedded server, unless REDIS_URL names it.
    """
    bare = replace(address, password=None)
    if _patient_probe(bare).state is not ProbeState.READY:
        return address
    if not settings.redis_url:
        raise LocalError(
            _(
                "another Redis answers at {shown}, and this installation's data are in "
                "{redis_dir}: stop it or set REDIS_PORT, or use it with REDIS_URL=redis://{shown}/0",
                shown=address.shown,
                redis_dir=settings.redis_dir,
            ),
        )
    remove_password(settings)
    return bare


def redis_address(settings: LocalSettings) -> RedisAddress | None:
    """Return the one server that REDIS_URL names; None if it names a Sentinel or Cluster group."""
    if settings.may_embed:
        return settings.embedded_address
    if "+" in settings.redis_url.split("://", 1)[0]:
        return None
    try:
        address = RedisAddress.parse(settings.redis_url)
    except ValueError as error:
        raise LocalError(_("REDIS_URL: {error}", error=error)) from error
    # As the services do: REDIS_PASSWORD if the URL carries no login.
    bare = address.username is None and address.password is None
    return replace(address, password=settings.redis_password) if bare else address


def _patient_probe(address: RedisAddress) -> Probe:
    deadline = time.monotonic() + _LOADING_PATIENCE_SECONDS
    answer = probe(address)
    while answer.state is ProbeState.LOADING and time.monotonic() < deadline:
        time.sleep(0.1)
        answer = probe(address)
    return answer


def _check_eviction(address: RedisAddress) -> None:
    try:
        policy = read_info(address, "memory").get("maxmemory_policy", "noeviction")
    except (OSError, RedisProbeError) as error:
        raise LocalError(
            _("Redis at {shown} does not answer INFO memory ({error})", shown=address.shown, error=error)
        ) from error
    if policy != "noeviction":
        raise LocalError(
            _(
                "Redis at {shown} evicts keys: set maxmemory-policy noeviction there (it is {policy})",
                shown=address.shown,
                policy=policy,
            ),
        )


def _check_group(settings: LocalSettings) -> bool:
    """Sentinels or cluster nodes: one of them has to answer; the services check the rest."""
    scheme, _mark, rest = settings.redis_url.partition("://")
    hosts = urlsplit(f"//{rest}").netloc.rpartition("@")[2].split(",")
    default = 26_379 if "sentinel" in scheme else 6_379
    for host in hosts:
        name, port = _host_and_port(host, default)
        if probe(RedisAddress(name, port)).state in {ProbeState.READY, ProbeState.DENIED}:
            return False
    raise LocalError(_("none of the servers in REDIS_URL answers: {hosts}", hosts=", ".join(hosts)))


def _host_and_port(text: str, default: int) -> tuple[str, int]:
    match = re.fullmatch(r"\[?(?P<host>[^\]]*?)\]?(?::(?P<port>\d+))?", text)
    host, port = (match["host"], match["port"]) if match else (text, None)
    return host, int(port or default)


def _check_binary(settings: LocalSettings) -> None:
    try:
        choose_binary(settings.redis_dir)
    except EmbeddedRedisError as error:
        details = NO_REDIS_DETAILS if sys.platform == "win32" else ()
        why = _("no Redis here, and Windows has no embedded one") if details else str(error)
        raise LocalError(why, details=details) from error


def _unusable(address: RedisAddress, answer: Probe) -> LocalError:
    where, detail = address.shown, answer.detail
    if answer.reason is not None:
        return LocalError(_("Redis at {where}: {why}", where=where, why=answer.reason.text))
    if answer.state is ProbeState.LOADING:
        return LocalError(_("Redis at {where} is still loading its data", where=where))
    texts = {
        ProbeState.SILENT: _("Redis in REDIS_URL does not answer: {where} ({detail})"),
        ProbeState.DENIED: _(
            "Redis at {where} refuses this user ({detail}): correct the login in REDIS_URL or its rights"
        ),
    }
    stranger = _("{where} is taken by something that is no Redis ({detail}): set REDIS_PORT to another port")
    return LocalError(texts.get(answer.state, stranger).fill(where=where, detail=detail))

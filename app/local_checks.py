"""Looking before starting, and waiting after: Redis, ports, and what the API says of itself."""

from __future__ import annotations

import errno
import http.client
import json
import re
import socket
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast
from urllib.parse import urlsplit

import psutil

from app import local_windows
from app.embedded_redis import EmbeddedRedisError, server_binary
from app.local_errors import LocalError
from app.local_redis import Probe, ProbeState, RedisAddress, RedisProbeError, probe, read_info
from app.local_settings import LocalSettings

_LOADING_PATIENCE_SECONDS = 30.0
_ABSENT = frozenset({"missing", "late", "?"})


@dataclass(frozen=True, slots=True)
class Readiness:
    ready: bool
    checks: Mapping[str, str]
    """Name of a check → its word, `ok` if all is well; empty if the API does not answer."""
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    """Name of a check → its reason and next step; without checks that are ok."""

    @property
    def is_started(self) -> bool:
        """Return whether all processes are there, even if they can't work."""
        return bool(self.checks) and not _ABSENT & set(self.checks.values())


def choose_redis(settings: LocalSettings) -> bool:
    """Return True where the embedded server is to be started, False where a good Redis is there already."""
    address = redis_address(settings)
    if address is None:
        return _check_group(settings)
    answer = _patient_probe(address)
    if answer.state is ProbeState.READY:
        _check_eviction(address)
        return False
    if answer.state is ProbeState.SILENT and settings.may_embed:
        _check_binary(settings)
        return True
    raise _unusable(address, answer.state, answer.detail)


def redis_address(settings: LocalSettings) -> RedisAddress | None:
    """Return the one server that REDIS_URL names; None where it names a Sentinel or Cluster group."""
    if not settings.redis_url:
        return settings.embedded_address
    if "+" in settings.redis_url.split("://", 1)[0]:
        return None
    try:
        address = RedisAddress.parse(settings.redis_url)
    except ValueError as error:
        raise LocalError(f"REDIS_URL: {error}", "REDIS_URL tidak dapat dibaca") from error
    # As the services do: REDIS_PASSWORD where the URL carries no login.
    bare = address.username is None and address.password is None
    return replace(address, password=settings.redis_password) if bare else address


def check_api_port(settings: LocalSettings) -> None:
    """LocalError where the API's port cannot be had."""
    _check_port("API", settings.api_host, settings.api_port)


def check_ui_port(settings: LocalSettings) -> None:
    """LocalError where the dashboard's port cannot be had."""
    _check_port("UI", settings.ui_host, settings.ui_port)


def api_is_healthy(settings: LocalSettings) -> bool:
    return _get(settings, "/healthz")[0] == http.HTTPStatus.OK


def api_problem(settings: LocalSettings) -> str:
    """Return why the API could not work for a minute; '' if it could, or does not answer."""
    return str(_get(settings, "/healthz")[1].get("reason") or "")


def read_readiness(settings: LocalSettings) -> Readiness:
    """Ask /readyz once; not ready where it does not answer, for whatever reason."""
    status, body = _get(settings, "/readyz")
    checks = body.get("checks")
    if not isinstance(checks, dict):
        return Readiness(ready=False, checks={})
    known = cast("dict[str, Any]", checks)
    words = {name: _word(check) for name, check in known.items()}
    all_ok = bool(words) and all(word == "ok" for word in words.values())
    reasons = {name: _reason(known[name]) for name, word in words.items() if word != "ok"}
    return Readiness(ready=status == http.HTTPStatus.OK and all_ok, checks=words, reasons=reasons)


def _word(check: object) -> str:
    return str(cast("dict[str, Any]", check).get("status", "?")) if isinstance(check, dict) else "?"


def _reason(check: object) -> str:
    fields = cast("dict[str, Any]", check) if isinstance(check, dict) else {}
    parts = [str(fields[name]) for name in ("reason", "next_step") if fields.get(name)]
    return " → ".join(parts)


def _get(settings: LocalSettings, path: str) -> tuple[int, dict[str, Any]]:
    connection = http.client.HTTPConnection(settings.connect_host, settings.api_port, timeout=2)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        body = json.loads(response.read(100_000))
    except (OSError, http.client.HTTPException, ValueError):
        return 0, {}
    finally:
        connection.close()
    return response.status, cast("dict[str, Any]", body) if isinstance(body, dict) else {}


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
            f"Redis at {address.shown} does not answer INFO memory ({error})", "Redis tidak menjawab INFO"
        ) from error
    if policy != "noeviction":
        raise LocalError(
            f"Redis at {address.shown} evicts keys: set maxmemory-policy noeviction there (it is {policy})",
            f"Redis menghapus data: atur maxmemory-policy noeviction (sekarang {policy})",
        )


def _check_group(settings: LocalSettings) -> bool:
    """Sentinels or cluster nodes: one of them has to answer; the services look at the rest."""
    scheme, _, rest = settings.redis_url.partition("://")
    hosts = urlsplit(f"//{rest}").netloc.rpartition("@")[2].split(",")
    default = 26_379 if "sentinel" in scheme else 6_379
    for host in hosts:
        name, port = _host_and_port(host, default)
        if probe(RedisAddress(name, port)).state in {ProbeState.READY, ProbeState.DENIED}:
            return False
    raise LocalError(
        f"none of the servers in REDIS_URL answers: {', '.join(hosts)}", "tidak ada Redis yang menjawab"
    )


def _host_and_port(text: str, default: int) -> tuple[str, int]:
    match = re.fullmatch(r"\[?(?P<host>[^\]]*?)\]?(?::(?P<port>\d+))?", text)
    host, port = (match["host"], match["port"]) if match else (text, None)
    return host, int(port or default)


def _check_binary(settings: LocalSettings) -> None:
    try:
        server_binary(settings.redis_dir)
    except EmbeddedRedisError as error:
        details = local_windows.NO_REDIS_DETAILS if sys.platform == "win32" else ()
        english = "no Redis here, and Windows has no embedded one" if details else str(error)
        raise LocalError(english, "Redis belum ada; pilih salah satu", details=details) from error


def _unusable(address: RedisAddress, state: ProbeState, detail: str) -> LocalError:
    where = address.shown
    if state is ProbeState.SILENT:
        return LocalError(
            f"Redis in REDIS_URL does not answer: {where} ({detail})",
            "Redis di REDIS_URL tidak menjawab; periksa alamatnya atau kosongkan REDIS_URL",
        )
    if state is ProbeState.DENIED:
        return LocalError(f"Redis at {where} refuses user or password ({detail})", "kata sandi Redis ditolak")
    if state is ProbeState.LOADING:
        return LocalError(f"Redis at {where} is still loading its data", "Redis masih memuat data; coba lagi")
    return LocalError(
        f"{where} is taken by something that is no Redis ({detail}): set REDIS_PORT to another port",
        "port dipakai program lain; ganti REDIS_PORT",
    )


def _check_port(whose: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        if sys.platform != "win32":
            # As the services themselves bind: connections that linger from before do not count.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise _port_error(whose, host, port, error) from error


def _port_error(whose: str, host: str, port: int, error: OSError) -> LocalError:
    if error.errno != errno.EADDRINUSE:
        return LocalError(
            f"cannot listen on {host}:{port}: {error.strerror or error}",
            f"{whose}_HOST atau {whose}_PORT tidak bisa dipakai",
        )
    return LocalError(
        f"{whose}_PORT {port} is taken{_port_owner(port)}: set {whose}_PORT to another port",
        f"port {port} dipakai program lain; ganti {whose}_PORT",
    )


def _port_owner(port: int) -> str:
    """Name the process behind a port, where the system lets us see it."""
    try:
        listening = (each for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN)
        for each in listening:
            if each.pid and each.laddr and each.laddr.port == port:
                return f" by {psutil.Process(each.pid).name()} (pid {each.pid})"
    except (psutil.Error, OSError):
        return ""
    return ""

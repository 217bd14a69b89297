"""Checks of ports before a start, and of readiness after it."""

from __future__ import annotations

import errno
import http.client
import json
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, cast
from urllib.parse import urlsplit

import psutil

from app.core.i18n import _
from app.local.output import LocalError
from app.local.settings import LocalSettings

_ABSENT = frozenset({"missing", "late", "?"})


@dataclass(frozen=True, slots=True)
class ReadinessAnswer:
    ready: bool
    checks: Mapping[str, str]
    """Name of a check → its word, `ok` if all is well; empty if the API does not answer."""
    reasons: Mapping[str, str] = field(default_factory=dict[str, str])
    """Name of a check → its reason and next step; without checks that are ok."""

    @property
    def is_started(self) -> bool:
        """Return whether all processes are alive, even if they cannot work."""
        return bool(self.checks) and not _ABSENT & set(self.checks.values())


def check_api_port(settings: LocalSettings) -> None:
    """Raise LocalError if the API's port is not available."""
    _check_port("API", settings.api_host, settings.api_port)


def check_ui_port(settings: LocalSettings) -> None:
    """Raise LocalError if the dashboard's port is not available."""
    _check_port("UI", settings.ui_host, settings.ui_port)


def api_is_healthy(settings: LocalSettings) -> bool:
    return http_get(f"{settings.api_url}/healthz")[0] == http.HTTPStatus.OK


def read_health(settings: LocalSettings) -> tuple[bool, str]:
    """Return whether the API works, and why it could not for a minute; '' if it does not answer."""
    status, body = http_get(f"{settings.api_url}/healthz")
    return status == http.HTTPStatus.OK, str(body.get("reason") or "")


def read_readiness(settings: LocalSettings) -> ReadinessAnswer:
    """Ask /readyz once; not ready if it does not answer, for any reason."""
    status, body = http_get(f"{settings.api_url}/readyz")
    known = {name: _fields(check) for name, check in _fields(body.get("checks")).items()}
    words = {name: str(check.get("status", "?")) for name, check in known.items()}
    all_ok = bool(words) and all(word == "ok" for word in words.values())
    reasons = {name: _reason(known[name]) for name, word in words.items() if word != "ok"}
    return ReadinessAnswer(ready=status == http.HTTPStatus.OK and all_ok, checks=words, reasons=reasons)


def _fields(value: object) -> dict[str, Any]:
    return cast("dict[str, Any]", value) if isinstance(value, dict) else {}


def _reason(check: dict[str, Any]) -> str:
    return " → ".join(str(check[name]) for name in ("reason", "next_step") if check.get(name))


def http_get(url: str) -> tuple[int, dict[str, Any]]:
    """Return the status and the JSON object of an answer; 0 and nothing if there is none."""
    place = urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=2)
    try:
        connection.request("GET", place.path)
        response = connection.getresponse()
        body = json.loads(response.read(100_000))
    except (OSError, http.client.HTTPException, ValueError):
        return 0, {}
    finally:
        connection.close()
    return response.status, _fields(body)


def _check_port(whose: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        if sys.platform != "win32":
            # As the services bind it themselves: connections in TIME_WAIT do not count.
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise _port_error(whose, host, port, error) from error


def _port_error(whose: str, host: str, port: int, error: OSError) -> LocalError:
    if error.errno != errno.EADDRINUSE:
        strerror = error.strerror or error
        return LocalError(
            _("cannot listen on {host}:{port}: {strerror}", host=host, port=port, strerror=strerror)
        )
    return LocalError(
        _(
            "{whose}_PORT {port} is taken{by_program}: set {whose}_PORT to another port",
            whose=whose,
            port=port,
            by_program=_port_owner(port),
        )
    )


def _port_owner(port: int) -> str:
    """Name the process behind a port, if the system reveals it."""
    try:
        listening = (each for each in psutil.net_connections("tcp") if each.status == psutil.CONN_LISTEN)
        for each in listening:
            if each.pid and each.laddr and each.laddr.port == port:
                name = psutil.Process(each.pid).name()
                return _(" by {name} (pid {pid})", name=name, pid=each.pid)
    except (psutil.Error, OSError):
        return ""
    return ""

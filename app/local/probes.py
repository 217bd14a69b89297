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
    return _get(settings, "/healthz")[0] == http.HTTPStatus.OK


def api_problem(settings: LocalSettings) -> str:
    """Return why the API could not work for a minute; '' if it could, or does not answer."""
    return str(_get(settings, "/healthz")[1].get("reason") or "")


def read_readiness(settings: LocalSettings) -> ReadinessAnswer:
    """Ask /readyz once; not ready if it does not answer, for any reason."""
    status, body = _get(settings, "/readyz")
    checks = body.get("checks")
    if not isinstance(checks, dict):
        return ReadinessAnswer(ready=False, checks={})
    known = cast("dict[str, Any]", checks)
    words = {name: _word(check) for name, check in known.items()}
    all_ok = bool(words) and all(word == "ok" for word in words.values())
    reasons = {name: _reason(known[name]) for name, word in words.items() if word != "ok"}
    return ReadinessAnswer(ready=status == http.HTTPStatus.OK and all_ok, checks=words, reasons=reasons)


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
        return LocalError(
            _(
                "cannot listen on {host}:{port}: {strerror}",
                host=host,
                port=port,
                strerror=error.strerror or error,
            ),
        )
    return LocalError(
        _(
            "{whose}_PORT {port} is taken{by_program}: set {whose}_PORT to another port",
            whose=whose,
            port=port,
            by_program=_port_owner(port),
        ),
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

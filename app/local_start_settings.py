"""The settings of a start, compared with those of a later start."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any, cast

from app import __version__
from app.core.settings_problems import settings_problems
from app.local_errors import LocalError
from app.local_settings import LocalSettings

VERSION = "VERSION"
DASHBOARD_NAMES = frozenset({"UI_HOST", "UI_PORT", "UI_ALLOWED_HOSTS", "UI_SESSION_SECRET"})
_LOGIN = "REDIS_URL (login)"
# It names the installation: another home is another installation.
_LEFT_OUT = frozenset({"MULTI_JOB_HOME"})
_HIDDEN = "#"


def settings_of(settings: LocalSettings) -> dict[str, str]:
    """Return every setting by name, secrets as digests; LocalError names those that are refused."""
    # Here, because `status` and `stop` need none of it and start in half the time without.
    from pydantic import SecretStr, ValidationError  # noqa: PLC0415

    from app.core.config import Settings  # noqa: PLC0415

    given: dict[str, Any] = {name.lower(): value for name, value in settings.values.items()}
    try:
        read = Settings(_env_file=None, **given)  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        problems = settings_problems(error)
        raise LocalError(problems, "pengaturan ditolak; periksa variabel atau `.env`") from error
    found = {VERSION: __version__}
    for name in Settings.model_fields:
        value = getattr(read, name)
        hidden = isinstance(value, SecretStr)
        found[name.upper()] = _hide(settings, value.get_secret_value()) if hidden else _text(value)
    found |= _url(settings) | _dashboard(settings)
    found["REDIS_MAXMEMORY_MB"] = str(settings.redis_maxmemory_mb)
    return {name: value for name, value in found.items() if name not in _LEFT_OUT}


def differences(running: Mapping[str, str], asked: Mapping[str, str]) -> list[str]:
    """Return a line for each setting that runs with another value than is asked for."""
    if VERSION not in running:
        return [f"{VERSION}: berjalan / running an earlier one, diminta / asked {asked[VERSION]}"]
    return [
        f"{name}: berjalan / running {_shown(running[name])}, diminta / asked {_shown(value, running[name])}"
        for name, value in asked.items()
        if running.get(name, value) != value
    ]


def _url(settings: LocalSettings) -> dict[str, str]:
    scheme, separator, rest = settings.redis_url.partition("://")
    login, _, place = rest.rpartition("@")
    return {"REDIS_URL": f"{scheme}{separator}{place}", _LOGIN: _hide(settings, login)}


def _dashboard(settings: LocalSettings) -> dict[str, str]:
    return {
        "UI_HOST": settings.ui_host,
        "UI_PORT": str(settings.ui_port),
        "UI_ALLOWED_HOSTS": settings.ui_allowed_hosts,
        "UI_SESSION_SECRET": _hide(settings, settings.ui_session_secret),
    }


def _text(value: object) -> str:
    if isinstance(value, list):
        return ",".join(map(str, cast("list[object]", value)))
    return "" if value is None else str(value)


def _hide(settings: LocalSettings, value: str) -> str:
    """Return a digest that differs between installations; '' if the secret is unset."""
    digest = hashlib.sha256(f"{settings.instance}:{value}".encode()).hexdigest()
    return f"{_HIDDEN}{digest[:16]}" if value else ""


def _shown(value: str, before: str = "") -> str:
    if value.startswith(_HIDDEN):
        return "another value" if before.startswith(_HIDDEN) else "a value"
    return value or "unset"

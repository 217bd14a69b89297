"""The launcher's settings, from the environment and `.env`."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from pydantic import SecretStr, ValidationError

from app import __version__
from app.core.config import Settings, first_url, settings_problems
from app.core.errors import ConfigurationError
from app.core.home.places import ENV_FILE, IS_CHECKOUT, PROJECT_ROOT, default_home
from app.core.i18n import _
from app.core.redis_login import DEFAULT_PORT, embedded_password_file, names_embedded, read_password
from app.core.system import default_maxmemory_mb
from app.local.output import LocalError
from app.local.redis_probe import RedisAddress

# Child processes carry it, so that they are recognised even if their record is lost.
INSTANCE_VARIABLE = "MULTI_JOB_INSTANCE"
DEMO_PORT = "MULTI_JOB_DEMO_PORT"
_MAX_PORT = 65_535
# An empty server takes a few MB, and 10 % of the limit must hold the results of running work.
_LEAST_MAXMEMORY_MB = 64
_WILDCARD_HOSTS = {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class LocalSettings:
    root: Path
    """The checkout, or for a package the working directory of the start: `.env` and own modules are here."""
    home: Path
    api_host: str
    api_port: int
    ui_host: str
    ui_port: int
    ui_session_secret: str
    ui_allowed_hosts: str
    redis_url: str
    redis_port: int
    redis_password: str | None
    redis_maxmemory_mb: int
    """The memory limit of the embedded server."""
    values: Mapping[str, str] = field(default_factory=dict[str, str], repr=False, compare=False)
    """Every variable of the environment and `.env`, by its name in capitals."""

    @property
    def logs_dir(self) -> Path:
        return self.home / "runtime-logs"

    @property
    def data_dir(self) -> Path:
        return self.home / "runtime-data"

    @property
    def redis_dir(self) -> Path:
        return self.data_dir / "redis"

    @property
    def connect_host(self) -> str:
        """The API's address for a client on this machine."""
        return _WILDCARD_HOSTS.get(self.api_host, self.api_host)

    @property
    def api_url(self) -> str:
        return _http_url(self.connect_host, self.api_port)

    @property
    def ui_url(self) -> str:
        return _http_url(_WILDCARD_HOSTS.get(self.ui_host, self.ui_host), self.ui_port)

    @property
    def given_redis_password(self) -> str:
        """Return the user's password for the embedded server; '' if there is none."""
        in_url = self._given_address.password if self._given_address else None
        return in_url or self.redis_password or ""

    @property
    def stored_redis_password(self) -> str:
        """Return the password that a start created for the embedded server.

        '' if another address or login is set. Raises LocalError if its file can't be read.
        """
        if not self.may_embed or self.given_redis_password:
            return ""
        try:
            return read_password(embedded_password_file(self.data_dir), required=False)
        except ConfigurationError as error:
            raise LocalError(error.message) from error

    @property
    def embedded_address(self) -> RedisAddress:
        """The address of the embedded server, running or not."""
        password = self.given_redis_password or self.stored_redis_password
        return RedisAddress("127.0.0.1", self.redis_port, password=password or None)

    @property
    def may_embed(self) -> bool:
        """True if REDIS_URL is unset or names loopback at REDIS_PORT."""
        given = self._given_address
        ours = given is None or given.username is None or (given.username == "default" and given.password)
        return bool(ours) and names_embedded(self.redis_url, self.redis_port)

    @property
    def instance(self) -> str:
        """The installation's mark: derived from its home alone."""
        return hashlib.sha256(str(self.home).encode()).hexdigest()[:16]

    def child_environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return the environment of services: the caller's, with our home, mark and import path."""
        ours = {
            "MULTI_JOB_HOME": str(self.home),
            INSTANCE_VARIABLE: self.instance,
            "PYTHONUNBUFFERED": "1",
        }
        if IS_CHECKOUT:
            search = [str(self.root), *filter(None, [base.get("PYTHONPATH")])]
            ours["PYTHONPATH"] = os.pathsep.join(search)
        else:
            # A `redis.py` or `calendar.py` in the working directory must not hide the module of that name.
            ours["PYTHONSAFEPATH"] = "1"
        return {**base, **ours}

    def service_environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return the same for a service: after a start with --demo, jobs may call the demo's page."""
        child, port = self.child_environment(base), base.get(DEMO_PORT, "")
        if port:
            opened = filter(None, [self.values.get("HTTP_ALLOW_PRIVATE", ""), f"127.0.0.1:{port}"])
            child["HTTP_ALLOW_PRIVATE"] = ",".join(opened)
        return child

    @property
    def _given_address(self) -> RedisAddress | None:
        try:
            return RedisAddress.parse(self.redis_url) if self.redis_url else None
        except ValueError:
            return None


def load_settings(
    environment: Mapping[str, str], root: Path | None = None, *, reads_file: bool = True
) -> LocalSettings:
    """Read the settings; the environment wins over `.env`, and an empty value counts as unset.

    Without `root` the file is the one in the checkout, or for a package in the working directory.
    """
    home = root or default_home()
    root = root or (PROJECT_ROOT if IS_CHECKOUT else Path.cwd())
    file = root / ENV_FILE
    stored = parse_env_file(file.read_text("utf-8")) if reads_file and file.is_file() else {}
    values = {**stored, **{name.upper(): value for name, value in environment.items() if value}}
    return LocalSettings(
        root=root,
        home=(root / Path(values.get("MULTI_JOB_HOME", home)).expanduser()).resolve(),
        api_host=values.get("API_HOST", "127.0.0.1"),
        api_port=_port(values, "API_PORT", 8000),
        ui_host=values.get("UI_HOST", "127.0.0.1"),
        ui_port=_port(values, "UI_PORT", 3000),
        ui_session_secret=values.get("UI_SESSION_SECRET", ""),
        ui_allowed_hosts=values.get("UI_ALLOWED_HOSTS", ""),
        redis_url=values.get("REDIS_URL") or first_url(values.get("SHARD_URLS", "")),
        redis_port=_port(values, "REDIS_PORT", DEFAULT_PORT),
        redis_password=values.get("REDIS_PASSWORD") or _password_in_file(values),
        redis_maxmemory_mb=_maxmemory_mb(values),
        values=values,
    )


def _password_in_file(values: Mapping[str, str]) -> str | None:
    file = values.get("REDIS_PASSWORD_FILE")
    try:
        return read_password(Path(file), required=True) if file else None
    except ConfigurationError as error:
        raise LocalError(error.message) from error


def parse_env_file(text: str) -> dict[str, str]:
    """Parse `NAME=value` lines with `export`, quotes and comments as in shells; empty values are left out."""
    values: dict[str, str] = {}
    for line in text.splitlines():
        name, separator, value = line.strip().removeprefix("export ").partition("=")
        if separator and name.strip() and not name.lstrip().startswith("#"):
            values[name.strip().upper()] = _unquote(value.strip())
    return {name: value for name, value in values.items() if value}


def _unquote(value: str) -> str:
    if value[:1] in {"'", '"'}:
        inner, closed, _ = value[1:].partition(value[0])
        return inner if closed else value
    return value.split(" #", 1)[0].strip() if not value.startswith("#") else ""


def _http_url(host: str, port: int) -> str:
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _maxmemory_mb(values: Mapping[str, str]) -> int:
    text = values.get("REDIS_MAXMEMORY_MB", "").strip()
    if not text:
        return default_maxmemory_mb()
    if not text.isascii() or not text.isdigit() or int(text) < _LEAST_MAXMEMORY_MB:
        raise LocalError(
            _(
                "REDIS_MAXMEMORY_MB={text!r}: use a number of megabytes, at least {least_maxmemory_mb}",
                text=text,
                least_maxmemory_mb=_LEAST_MAXMEMORY_MB,
            ),
        )
    return int(text)


def _port(values: Mapping[str, str], name: str, default: int) -> int:
    text = values.get(name, str(default)).strip()
    if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= _MAX_PORT:
        raise LocalError(
            _(
                "{name}={text!r} is no port: use a number from 1 to {max_port}",
                name=name,
                text=text,
                max_port=_MAX_PORT,
            ),
        )
    return int(text)


# The settings of a start, compared with those of a later start.

VERSION = "VERSION"
DASHBOARD_NAMES = frozenset({"UI_HOST", "UI_PORT", "UI_ALLOWED_HOSTS", "UI_SESSION_SECRET"})
_LOGIN = "REDIS_URL (login)"
_HIDDEN = "#"


def settings_of(settings: LocalSettings) -> dict[str, str]:
    """Return every setting by name, secrets as digests; LocalError names invalid ones."""
    given: dict[str, Any] = {name.lower(): value for name, value in settings.values.items()}
    try:
        read = Settings(_env_file=None, **given)  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        raise LocalError(settings_problems(error)) from error
    found = {VERSION: __version__}
    for name in Settings.model_fields:
        value = getattr(read, name)
        hidden = isinstance(value, SecretStr)
        found[name.upper()] = _hide(settings, value.get_secret_value()) if hidden else _text(value)
    # Its login is hidden as a secret is.
    scheme, separator, rest = settings.redis_url.partition("://")
    login, _at, place = rest.rpartition("@")
    found |= {"REDIS_URL": f"{scheme}{separator}{place}", _LOGIN: _hide(settings, login)}
    found |= {"UI_HOST": settings.ui_host, "UI_PORT": str(settings.ui_port)}
    found |= {"UI_ALLOWED_HOSTS": settings.ui_allowed_hosts}
    found |= {"UI_SESSION_SECRET": _hide(settings, settings.ui_session_secret)}
    found["REDIS_MAXMEMORY_MB"] = str(settings.redis_maxmemory_mb)
    # The home identifies the installation: another home is another installation.
    del found["MULTI_JOB_HOME"]
    return found


def differences(running: Mapping[str, str], asked: Mapping[str, str]) -> list[str]:
    """Return a line for each setting whose running value differs from the requested one."""
    if VERSION not in running:
        return [_("{version}: running an earlier one, asked {asked}", asked=asked[VERSION], version=VERSION)]
    return [
        _(
            "{name}: running {running}, asked {asked}",
            asked=_shown(value, running[name]),
            running=_shown(running[name]),
            name=name,
        )
        for name, value in asked.items()
        if running.get(name, value) != value
    ]


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
        return _("another value") if before.startswith(_HIDDEN) else _("a value")
    return value or _("unset")

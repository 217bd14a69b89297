"""Makes this machine one of a deployment: checks its Redis and its key, then writes the settings."""

from __future__ import annotations

import os
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

from pydantic import ValidationError

from app.cli.output import CliError
from app.core.activity.heartbeat import Heartbeats
from app.core.clock import SystemClock
from app.core.config import Settings, settings_problems, split_urls
from app.core.i18n import _
from app.core.redis_client import check_server, open_shards
from app.core.redis_login import password_of
from app.core.secret_keys import available_keys, fingerprint, key_file, replace_file
from app.core.secrets.store import read_sealing_key
from app.core.storage.connection import time_ms
from app.core.storage.keys import Keys
from app.core.storage.layout import ensure_layout, stored_shards
from app.core.storage.migrations import check_schema
from app.core.storage.scripts import Scripts
from app.local.settings import parse_env_file

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.records import InstanceInfo
    from app.core.redis_client import RedisLink
    from app.local.settings import LocalSettings

MAX_SKEW_MS = 2_000


@dataclass(frozen=True, slots=True)
class JoinRequest:
    """The deployment to join, and what the caller has given. Secrets are '' if they are not given."""

    url: str
    namespace: str
    password: str
    secret_key: str


@dataclass(frozen=True, slots=True)
class JoinedDeployment:
    """What the checks have found."""

    key_id: str
    previous_key_id: str
    schema: int
    processes: tuple[InstanceInfo, ...]

    @property
    def shared(self) -> dict[str, str]:
        """Return the settings that the other machines have, as the process that started first has them."""
        reporting = sorted((each for each in self.processes if each.shared), key=lambda each: each.started_at)
        return dict(reporting[0].shared) if reporting else {}


def request_of(url: str, namespace: str, password: str, secret_key: str) -> JoinRequest:
    """Return a request whose URL holds no password; raises CliError if the URL is none of Redis."""
    parts = urlsplit(url)
    if parts.scheme not in {"redis", "rediss", "redis+sentinel", "redis+cluster"} or not parts.netloc:
        raise CliError(
            _("{url} is no address of Redis, such as redis://10.0.0.5:6379/0", url=parts.netloc or url)
        )
    login, at, place = parts.netloc.rpartition("@")
    user = login.partition(":")[0]
    bare = urlunsplit(parts._replace(netloc=f"{user}{at if user else ''}{place}"))
    return JoinRequest(bare if not user else url, namespace, password or password_of(url), secret_key)


def settings_for(local: LocalSettings, request: JoinRequest) -> Settings:
    """Return the settings with which this machine looks at the deployment; raises CliError."""
    given: dict[str, Any] = {
        "redis_url": request.url,
        "redis_password": request.password,
        "namespace": request.namespace,
    }
    if request.secret_key:
        given["secret_key"] = request.secret_key
    urls = split_urls(local.values.get("SHARD_URLS", ""))
    if urls:
        given |= {"shard_urls": urls, "shards": len(urls)}
    try:
        return Settings(_env_file=None, multi_job_home=local.home, **given)  # pyright: ignore[reportCallIssue]
    except ValidationError as error:
        raise CliError(settings_problems(error)) from error


async def look(settings: Settings) -> JoinedDeployment:
    """Check connection, login, shards, schema and clock; raises MultiJobError, CliError."""
    known = settings.model_copy(
        update={"shards": await stored_shards(settings, settings.request_patience_sec)}
    )
    shards = await open_shards(known, known.request_patience_sec)
    try:
        if len(shards) > 1:
            await ensure_layout(shards, known)
        return await _look(shards.home.link, known)
    finally:
        await shards.close()


async def _look(link: RedisLink, settings: Settings) -> JoinedDeployment:
    keys, clock = Keys.of(settings), SystemClock()
    scripts = Scripts(link, keys)
    await check_server(link)
    stored = await check_schema(link, scripts)
    if stored.is_empty:
        raise CliError(
            _(
                "Redis at {place} has no deployment with the namespace {namespace}. Start the first "
                "machine, or give its namespace: --namespace NAME",
                place=settings.redis_place,
                namespace=settings.namespace,
            )
        )
    skew_ms = abs(time_ms(await link.call("TIME")) - clock.now_ms())
    if skew_ms > MAX_SKEW_MS:
        raise CliError(
            _(
                "The clock of this machine differs from that of Redis by {skew:.1f} s: set it "
                "(timedatectl set-ntp true), then join again.",
                skew=skew_ms / 1000,
            )
        )
    sealing = await read_sealing_key(link, keys)
    if not sealing.key_id:
        raise CliError(_("The deployment has no secret key yet: start a service on the first machine."))
    living = await Heartbeats(link, keys, settings).instances()
    return JoinedDeployment(sealing.key_id, sealing.previous_id or "", stored.version, tuple(living))


def check_key(settings: Settings, found: JoinedDeployment) -> None:
    """Raise CliError unless this machine's keys are those of the deployment."""
    known = [key.fingerprint for key in available_keys(settings)]
    if found.previous_key_id and found.previous_key_id not in known:
        raise CliError(
            _("The secret key is being replaced: join after `multi-job secrets rotate-key` has ended.")
        )
    if found.key_id not in known:
        here = ", ".join(known) or _("no key")
        raise CliError(
            _(
                "The deployment has the secret key with the fingerprint {wanted}; given is {here}. It is the "
                "content of runtime-data/secret.key on the first machine, or its SECRET_KEY.",
                wanted=found.key_id,
                here=here,
            )
        )


def store(
    local: LocalSettings, request: JoinRequest, settings: Settings, found: JoinedDeployment
) -> list[str]:
    """Write `.env` and the key's file; return the names that changed, none if all is as it was.

    Other lines of `.env` stay. Raises CliError if the machine has the key of another deployment.
    """
    changed: list[str] = []
    path, given = key_file(settings), request.secret_key
    file = local.root / ".env"
    text = file.read_text("utf-8") if file.is_file() else ""
    before = parse_env_file(text)
    if given and before.get("SECRET_KEY") != given and not os.environ.get("SECRET_KEY"):
        changed += _store_key(path, given)
    values = {"REDIS_URL": request.url, "REDIS_PASSWORD": request.password, "NAMESPACE": request.namespace}
    wanted = {**{name: value for name, value in values.items() if value}, **found.shared}
    renewed = [name for name, value in wanted.items() if before.get(name) != value]
    if renewed:
        replace_file(file, _merged(text, {name: wanted[name] for name in renewed}))
    elif file.is_file():
        file.chmod(0o600)
    return [*changed, *renewed]


def _store_key(path: Path, key: str) -> list[str]:
    stored = path.read_text("utf-8").strip() if path.is_file() else ""
    if stored == key:
        return []
    if stored:
        raise CliError(
            _(
                "{path} holds the key {fingerprint} of another deployment: keep a copy and remove it, then "
                "join again.",
                path=path,
                fingerprint=fingerprint(stored.encode()),
            )
        )
    replace_file(path, key)
    return [path.name]


def _merged(text: str, values: Mapping[str, str]) -> str:
    """Return the text of a `.env` file with these values; its other lines stay as they are."""
    left, lines = dict(values), list[str]()
    for line in text.splitlines():
        name = line.strip().removeprefix("export ").partition("=")[0].strip().upper()
        if name in values:
            if name in left:
                lines.append(f"{name}={_quoted(left.pop(name))}")
            continue
        lines.append(line)
    lines += [f"{name}={_quoted(value)}" for name, value in left.items()]
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    if not set(value) & set(" #'\"$\\`"):
        return value
    quote = next((each for each in ("'", '"') if each not in value), None)
    if quote is None:
        raise CliError(_("A value with both kinds of quotes does not fit into .env."))
    return f"{quote}{value}{quote}"


def with_password(request: JoinRequest, password: str) -> JoinRequest:
    """Return the request with a password that was asked for."""
    return replace(request, password=password)

"""Checks of `multi-job doctor` for this machine and Redis."""

from __future__ import annotations

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING

from app import __version__
from app.cli.doctor.audit import diagnose_audit
from app.cli.doctor.channels import diagnose_channels
from app.cli.doctor.env_files import diagnose_modules
from app.cli.doctor.findings import Finding, failed, listed, ok, warning
from app.cli.doctor.keys import diagnose_key_files, diagnose_keys, diagnose_secret_key, diagnose_secrets
from app.cli.doctor.redis import diagnose_durability, diagnose_own_data
from app.cli.doctor.work import diagnose_incidents, diagnose_jobs, diagnose_queue, diagnose_readiness
from app.core.access.api_keys import fixed_keys
from app.core.access.oidc.config import oidc_config
from app.core.activity.disks import folders_of, read_disks
from app.core.activity.shard_states import shard_states
from app.core.activity.shared_settings import differing_settings
from app.core.alerting.disk_space import is_critical, is_low
from app.core.errors import MultiJobError
from app.core.i18n import _, concat, number, pgettext
from app.core.incidents.remedies import RemedyAction, remedy
from app.core.memory.usage import MAKE_ROOM
from app.core.policies import load_policies
from app.core.redis_client import ServerMemory
from app.core.storage.connection import info_fields, time_ms
from app.core.storage.migrations import own_schema, read_schema

if TYPE_CHECKING:
    from app.cli.direct import Deployment
    from app.core.config import Settings
    from app.core.records import DiskSpace, InstanceInfo

SERVICES = ("api", "scheduler", "worker", "connector")
MAX_SKEW_MS = 2_000
FULL_SHARE = 0.8


def diagnose_settings(settings: Settings) -> list[Finding]:
    """Check everything that needs no Redis: interpreter, disk, policies, handlers, keys of API_KEYS."""
    return [
        ok("python", sys.version.split()[0]),
        ok("timezone", settings.timezone),
        *_disks(settings),
        *diagnose_key_files(settings),
        _loads(
            "policies",
            lambda: _("{count} rules", count=len(load_policies(settings).types)),
            _("correct POLICIES_FILE"),
        ),
        *diagnose_modules(settings),
        _loads(
            "API_KEYS",
            lambda: _("{count} keys", count=len(fixed_keys(settings))),
            _("write {example}", example="name:role:secret,…"),
        ),
        _loads("OIDC", lambda: _provider(settings), _("correct the OIDC_ settings")),
        _auth(settings),
    ]


def _provider(settings: Settings) -> str:
    config = oidc_config(settings)
    return _("none: people sign in with keys and links") if config is None else config.issuer


def _loads(check: str, load: Callable[[], str], remedy: str) -> Finding:
    try:
        return ok(check, load())
    except MultiJobError as error:
        return failed(check, error.message, remedy)


def _disks(settings: Settings) -> list[Finding]:
    folders = {
        name: next(path for path in (folder, *folder.parents) if path.exists())
        for name, folder in folders_of(settings).items()
    }
    return [_disk(each) for each in read_disks(folders)]


def _disk(disk: DiskSpace) -> Finding:
    free_mb, place = disk.free_bytes // 1_000_000, disk.path
    seen = _("{megabytes:,} MB free at {place}", megabytes=free_mb, place=place)
    if not is_low(disk):
        return ok("disk", seen)
    verdict = failed if is_critical(disk) else warning
    return verdict("disk", seen, _("free some room, or move MULTI_JOB_HOME or FILES_ROOT"))


def _auth(settings: Settings) -> Finding:
    if settings.auth != "off":
        return ok(
            "auth", _("with keys; as long as there is none, its owner alone is served (see `API keys`)")
        )
    seen = _("AUTH=off: anyone who reaches the port can do everything")
    return warning("auth", seen, _("remove AUTH=off unless only trusted machines reach the port"))


async def diagnose_deployment(deployment: Deployment) -> list[Finding]:
    """Check Redis and its contents; a check that fails does not hide the others."""
    looks: list[Callable[[Deployment], Awaitable[list[Finding]]]] = [
        diagnose_incidents,
        *(
            _redis,
            _shards,
            _schema,
            diagnose_secret_key,
            diagnose_durability,
            diagnose_own_data,
            _services,
            diagnose_keys,
        ),
        *(diagnose_readiness, diagnose_queue, diagnose_jobs, diagnose_channels, diagnose_secrets),
        diagnose_audit,
    ]
    return [finding for look in looks for finding in await _run_check(look, deployment)]


async def _run_check(
    look: Callable[[Deployment], Awaitable[list[Finding]]], deployment: Deployment
) -> list[Finding]:
    try:
        return await look(deployment)
    except MultiJobError as error:
        name = look.__name__.removeprefix("diagnose_").removeprefix("_")
        return [failed(name, error.message, _("the log of the services says more"))]


async def _shards(deployment: Deployment) -> list[Finding]:
    """Check the Redis of each shard, if there are several."""
    if len(deployment.shards) == 1:
        return []
    found: list[Finding] = []
    for state in await shard_states(deployment.shards.shards, deployment.clock):
        name, place = f"shard {state.shard}", deployment.settings.shard_place(state.shard)
        if state.is_up:
            jobs, latency_ms = state.jobs or 0, state.latency_ms
            found.append(
                ok(name, _("{place}: {jobs:,} jobs, {ms} ms", place=place, jobs=jobs, ms=latency_ms))
            )
        else:
            remedy = _("start this Redis: jobs of its shard wait, the others go on")
            found.append(failed(name, concat(place, ": ", state.reason), remedy))
    return found


async def _redis(deployment: Deployment) -> list[Finding]:
    # Alone: the other calls may wait for a shard that is away.
    skew_ms = abs(time_ms(await deployment.link.call("TIME")) - deployment.clock.now_ms())
    persistence, memory, server = await deployment.link.calls(
        [("INFO", "persistence"), ("INFO", "memory"), ("INFO", "server")]
    )
    known = info_fields(f"{persistence}\n{memory}\n{server}")
    return [
        ok("redis", f"{known.get('valkey_version') or known.get('redis_version')}, noeviction"),
        _appended(known),
        _room(known),
        _clock(skew_ms),
    ]


async def _schema(deployment: Deployment) -> list[Finding]:
    """Compare the schema of the data, and the versions of the processes, with this release."""
    stored = await read_schema(deployment.link, deployment.scripts)
    living = await deployment.heartbeats().instances()
    seen = _("version {stored}, this release writes {own}", stored=stored.version, own=own_schema())
    if stored.version < own_schema() and not stored.is_empty:
        return [warning("schema", seen, _("start one service of this release: it migrates the data"))]
    found = [ok("schema", seen), *_differences(living)]
    versions = sorted({each.version for each in living} - {__version__})
    if not versions:
        return found
    others = listed(
        [f"{each.service} {each.host} {each.version}" for each in living if each.version in versions]
    )
    return [
        *found,
        warning(
            "versions",
            _("this is {version}; running: {others}", version=__version__, others=others),
            _("upgrade the older machines"),
        ),
    ]


def _differences(living: list[InstanceInfo]) -> list[Finding]:
    return [
        warning(
            name,
            concat(
                *(
                    _("{value} on {hosts}", value=value or _("the default"), hosts=listed(hosts))
                    for value, hosts in values.items()
                ),
                separator="; ",
            ),
            _("set {name} to one value on every machine, then restart", name=name),
        )
        for name, values in differing_settings(living).items()
    ]


def _clock(skew_ms: int) -> Finding:
    if skew_ms <= MAX_SKEW_MS:
        return ok("clock", _("{ms:,} ms from the clock of Redis", ms=skew_ms))
    return warning(
        "clock",
        _("{ms:,} ms from the clock of Redis", ms=skew_ms),
        _("set the clock: {command}", command="timedatectl set-ntp true"),
    )


def _appended(known: dict[str, str]) -> Finding:
    if known.get("aof_enabled") == "1" and known.get("aof_last_write_status") == "ok":
        return ok("append-only file", pgettext("doctor", "on"))
    if known.get("aof_enabled") == "1":
        seen = _("on, but it cannot be written: Redis refuses new work, or loses it in a crash")
        return failed("append-only file", seen, _("make room on the disk of Redis; its log has the reason"))
    return warning("append-only file", _("off: a crash of Redis loses what it had"), "appendonly yes")


def _room(known: dict[str, str]) -> Finding:
    memory = ServerMemory.of(known)
    sizes = {"used": _mb(memory.used_bytes), "resident": _mb(memory.resident_bytes)}
    seen = _("{used} MB used, no limit, {resident} MB resident", **sizes)
    if memory.limit_bytes:
        limit = _mb(memory.limit_bytes)
        seen = _("{used} MB used of {limit}, {resident} MB resident", limit=limit, **sizes)
    if memory.limit_bytes and memory.used_bytes > memory.limit_bytes * FULL_SHARE:
        action = remedy(RemedyAction.FREE_SPACE)
        return warning("memory", seen, MAKE_ROOM, action)
    if memory.is_wasteful:
        return warning("memory", seen, _give_back(memory))
    return ok("memory", seen)


def _give_back(memory: ServerMemory) -> str:
    if memory.allocator.startswith("jemalloc"):
        return _("run redis-cli MEMORY PURGE; if it grows again, CONFIG SET activedefrag yes")
    return _("restart Redis; install libjemalloc2, then the embedded one keeps less")


def _mb(count: int) -> str:
    return number(count // 1_048_576)


async def _services(deployment: Deployment) -> list[Finding]:
    found = await deployment.heartbeats().instances()
    return [_service(name, [each for each in found if each.service == name]) for name in SERVICES]


def _service(name: str, living: list[InstanceInfo]) -> Finding:
    if living:
        return ok(name, ", ".join(f"{each.host}:{each.pid}" for each in living))
    module = "uvicorn app.services.api.main:app" if name == "api" else f"app.services.{name}.main"
    action = remedy(RemedyAction.START_SERVICE, name)
    return failed(
        name,
        _("does not run"),
        _("{command}, or {other}", command=action.command, other=f"python -m {module}"),
        action,
    )

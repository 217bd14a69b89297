"""Commands that use Redis directly: they work while no API runs."""

from __future__ import annotations

import asyncio
import getpass
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, TypeVar

from app.cli.options import read_zone_from
from app.cli.output import CliError, UnreachableError
from app.core.access.api_keys import ApiKeys
from app.core.access.audit import Audit, AuditedAction, AuditOutcome
from app.core.activity.heartbeat import Heartbeats
from app.core.clock import SystemClock
from app.core.errors import MultiJobError, Unavailable
from app.core.incidents.store import IncidentStore
from app.core.messaging.recipients import DefaultNotify
from app.core.process import load_trusted_settings
from app.core.redis_client import check_server, open_shards, whole_of
from app.core.secret_key.check import check_secret_key
from app.core.specs.store import JobStore
from app.core.storage.layout import ensure_layout
from app.core.storage.migrations import check_schema

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.fields import Change
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts
    from app.core.storage.shards import Shard, ShardSet

T = TypeVar("T")


@dataclass(frozen=True)
class Deployment:
    """Dependencies of a command, from this machine's settings."""

    settings: Settings
    clock: SystemClock
    shards: ShardSet

    @cached_property
    def whole(self) -> Shard:
        """Return the view of all shards."""
        return whole_of(self.shards)

    @property
    def keys(self) -> Keys:
        """Return the keys of the view of all shards."""
        return self.whole.keys

    @property
    def link(self) -> RedisLink:
        """Return the link to all shards."""
        return self.whole.link

    @property
    def scripts(self) -> Scripts:
        """Return the scripts of all shards."""
        return self.whole.scripts

    def api_keys(self) -> ApiKeys:
        return ApiKeys(self.link, self.scripts, self.clock, self.settings)

    def default_notify(self) -> DefaultNotify:
        return DefaultNotify(self.link, self.keys, self.clock, self.settings)

    def heartbeats(self) -> Heartbeats:
        return Heartbeats(self.link, self.keys, self.settings)

    def incidents(self) -> IncidentStore:
        return IncidentStore(self.link, self.scripts, self.keys, self.clock)

    def jobs(self) -> JobStore:
        return JobStore(self.link, self.scripts, self.clock, self.settings.timezone)


@asynccontextmanager
async def deployment(
    settings: Settings | None = None, *, any_key: bool = False
) -> AsyncGenerator[Deployment]:
    """Connect, check that this Redis matches this SECRET_KEY, and close at the end.

    `any_key` skips the check of the key, for commands that inspect or replace keys.
    """
    known = settings or load_trusted_settings()
    read_zone_from(lambda: known.timezone)
    shards = await open_shards(known, known.request_patience_sec)
    home = shards.home
    try:
        await ensure_layout(shards, known)
        await check_server(home.link)
        await check_schema(home.link, home.scripts)
        if not any_key:
            await check_secret_key(home.link, home.scripts, known)
        yield Deployment(known, SystemClock(), shards)
    finally:
        await shards.close()


def os_actor() -> str:
    """Return the actor of this terminal for versions and the audit."""
    try:
        return f"cli:{getpass.getuser()}"
    except (KeyError, OSError):  # no such user in the system's list, as in some containers
        return "cli"


async def audited(deployment: Deployment, action: str, target: str, diff: Sequence[Change] = ()) -> None:
    """Audit an action that went to Redis directly."""
    act = AuditedAction(os_actor(), "", action, target, AuditOutcome.OK, "cli", diff=diff)
    await Audit(deployment.link, deployment.scripts, deployment.keys, deployment.clock).write(act)


def run_direct(work: Callable[[Deployment], Awaitable[T]], *, any_key: bool = False) -> T:
    """Call a function with the deployment; an error of the platform becomes a CliError."""

    async def connected() -> T:
        async with deployment(any_key=any_key) as found:
            return await work(found)

    try:
        return asyncio.run(connected())
    except Unavailable as error:
        raise UnreachableError(error.message) from error
    except MultiJobError as error:
        raise CliError(error.message) from error

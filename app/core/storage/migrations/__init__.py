"""The schema of the data in Redis: its version, and migrations to newer ones."""

from __future__ import annotations

import asyncio
import contextlib
import secrets
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app import __version__
from app.core.errors import ConfigurationError
from app.core.i18n import _
from app.core.observability import get_logger
from app.core.storage.migrations.to_1 import TO_1

if TYPE_CHECKING:
    from app.core.storage.link import RedisLink
    from app.core.storage.migrations.base import Migration
    from app.core.storage.scripts import Scripts

# A migration runs while processes of the release before it still work. So it may add and copy, but the
# scripts of that release must still find all that they read. A later release removes what is left over.
MIGRATIONS: Final = (TO_1,)
"""In the order of their versions, each one higher than the one before."""

_CLAIM: Final = "migration"
_CLAIM_SEC: Final = 15.0
_POLL_SEC: Final = 0.2

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class StoredSchema:
    """The schema of the data of a namespace, and the release that set it."""

    version: int
    """0 for data of a release before 1.0.0, which stored no version."""
    readable_from: int = 0
    """The oldest schema whose processes can read this data."""
    made_by: str = ""
    is_empty: bool = False
    """True if the namespace has no data at all."""


def own_schema(migrations: Sequence[Migration] = MIGRATIONS) -> int:
    """Return the schema that this release writes."""
    return migrations[-1].version


async def read_schema(link: RedisLink, scripts: Scripts) -> StoredSchema:
    """Return the schema of the stored data."""
    keys = scripts.keys
    fields, found = await link.calls(
        [
            ("HMGET", keys.schema, "version", "readable_from", "made_by"),
            ("EXISTS", keys.seq, keys.meta, keys.jobs, keys.instances, keys.secret_key, keys.api_keys),
        ]
    )
    version, readable_from, made_by = fields
    if version is None:
        return StoredSchema(0, is_empty=not found)
    return StoredSchema(int(version), int(readable_from), made_by or "")


async def check_schema(
    link: RedisLink, scripts: Scripts, migrations: Sequence[Migration] = MIGRATIONS
) -> StoredSchema:
    """Return the stored schema; raises ConfigurationError if this release cannot read it."""
    stored, own = await read_schema(link, scripts), own_schema(migrations)
    if stored.version > own and stored.readable_from > own:
        raise ConfigurationError(
            _(
                "The data in Redis has schema {stored}, written by release {made_by}. This is release {own}, "
                "which reads schemas up to {known}: start release {made_by} or later here, or restore a "
                "backup that was made before the upgrade.",
                stored=stored.version,
                made_by=stored.made_by,
                own=__version__,
                known=own,
            )
        )
    return stored


async def ensure_schema(
    link: RedisLink, scripts: Scripts, migrations: Sequence[Migration] = MIGRATIONS
) -> None:
    """Bring the data to this release's schema; processes that start meanwhile wait.

    A namespace without data gets the newest schema at once. Raises ConfigurationError if the data is newer
    and this release cannot read it, RedisUnavailable.
    """
    holder, own = secrets.token_hex(8), own_schema(migrations)
    while True:
        stored = await check_schema(link, scripts, migrations)
        if stored.version >= own:
            return
        if stored.is_empty:
            await _store(scripts, "", migrations[-1])
        elif await _claim(scripts, holder):
            async with _kept(scripts, holder):
                await _migrate(link, scripts, migrations)
        else:
            await asyncio.sleep(_POLL_SEC)


async def _migrate(link: RedisLink, scripts: Scripts, migrations: Sequence[Migration]) -> None:
    stored = await read_schema(link, scripts)
    before = stored.version
    for migration in migrations:
        if migration.version <= before:
            continue
        log.info("migrating the data", from_schema=before, to_schema=migration.version)
        await migration.run(link, scripts)
        await _store(scripts, str(before) if before else "", migration)
        before = migration.version


async def _store(scripts: Scripts, seen: str, migration: Migration) -> None:
    await scripts.run(
        "deployment/set_schema",
        seen=seen,
        version=migration.version,
        readable_from=migration.readable_from,
        made_by=__version__,
    )


async def _claim(scripts: Scripts, holder: str, lifetime_sec: float = _CLAIM_SEC) -> bool:
    lifetime_ms = round(lifetime_sec * 1000)
    word = await scripts.run("deployment/claim_task", task=_CLAIM, owner=holder, lifetime_ms=lifetime_ms)
    return word == "YES"


@contextlib.asynccontextmanager
async def _kept(scripts: Scripts, holder: str) -> AsyncGenerator[None]:
    """Renew the claim while the block runs, and release it at the end.

    If it expires all the same, another process repeats the migration: each may run twice.
    """

    async def renew() -> None:
        while True:
            await asyncio.sleep(_CLAIM_SEC / 3)
            await _claim(scripts, holder)

    renewing = asyncio.create_task(renew(), name="migration claim")
    try:
        yield
    finally:
        renewing.cancel()
        await asyncio.wait({renewing})
        await _claim(scripts, holder, 0)

"""The schema of the data: first start, migrations by one process at a time, refusal of newer data."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

import pytest

from app import __version__
from app.core.errors import ConfigurationError
from app.core.i18n import render
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.migrations import (
    MIGRATIONS,
    StoredSchema,
    check_schema,
    ensure_schema,
    own_schema,
    read_schema,
)
from app.core.storage.migrations.base import Migration
from app.core.storage.scripts import Scripts


@dataclass(slots=True)
class Recorded:
    """Migrations that record their work in the data: each adds a field to `meta`."""

    log: list[str] = field(default_factory=list[str])
    at_once: int = 0
    most_at_once: int = 0

    def to(self, version: int, *, readable_from: int = 0, fails: int = 0) -> Migration:
        """Return a migration that fails so many times before it works."""
        failures = [fails]

        async def run(link: RedisLink, scripts: Scripts) -> None:
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            try:
                await link.call("HSET", scripts.keys.meta, f"migrated_{version}", 1)
                # Others have time to start meanwhile.
                await link.call("PING")
                if failures[0]:
                    failures[0] -= 1
                    raise RuntimeError("cut off")
                self.log.append(f"to {version}")
            finally:
                self.at_once -= 1

        return Migration(version, readable_from, run)


async def test_an_empty_namespace_has_the_newest_schema(link: RedisLink, scripts: Scripts) -> None:
    """The first process writes it and runs no migration."""
    seen = Recorded()
    await ensure_schema(link, scripts, [seen.to(1), seen.to(2, readable_from=1)])
    assert await read_schema(link, scripts) == StoredSchema(2, 1, __version__)
    assert seen.log == []


async def test_data_without_a_version_is_migrated_once(link: RedisLink, scripts: Scripts, keys: Keys) -> None:
    """Twenty processes start at the same time: each step is done by one of them, in order."""
    await link.call("SET", keys.seq, 5)
    seen = Recorded()
    steps = [seen.to(1), seen.to(2)]
    await asyncio.gather(*(ensure_schema(link, scripts, steps) for _ in range(20)))
    assert seen.log == ["to 1", "to 2"]
    assert seen.most_at_once == 1
    assert (await read_schema(link, scripts)).version == 2
    await ensure_schema(link, scripts, steps)
    assert seen.log == ["to 1", "to 2"]


async def test_a_migration_that_was_cut_off_is_repeated(
    link: RedisLink, scripts: Scripts, keys: Keys
) -> None:
    """The schema names the last step that ended; the claim is free at once."""
    await link.call("SET", keys.seq, 5)
    seen = Recorded()
    steps = [seen.to(1), seen.to(2, fails=1)]
    with pytest.raises(RuntimeError, match="cut off"):
        await ensure_schema(link, scripts, steps)
    assert (await read_schema(link, scripts)).version == 1
    await ensure_schema(link, scripts, steps)
    assert seen.log == ["to 1", "to 2"]


async def test_a_schema_that_another_process_has_set_stays(link: RedisLink, scripts: Scripts) -> None:
    """A process that read the schema before does not set it back."""
    newer = {"version": 3, "readable_from": 2, "made_by": "2.0.0"}
    assert await scripts.run("deployment/set_schema", seen="", **newer) == "3"
    late = {"version": 1, "readable_from": 0, "made_by": "1.0.0"}
    assert await scripts.run("deployment/set_schema", seen="", **late) == "3"
    assert await read_schema(link, scripts) == StoredSchema(3, 2, "2.0.0")


async def test_newer_data_is_refused_with_the_way_out(link: RedisLink, scripts: Scripts) -> None:
    """Both languages name the schema, the release that wrote it, and what to do; nothing is changed."""
    newer = {"version": 99, "readable_from": 99, "made_by": "9.9.9"}
    await scripts.run("deployment/set_schema", seen="", **newer)
    with pytest.raises(ConfigurationError) as refused:
        await ensure_schema(link, scripts)
    english, indonesian = (render(refused.value.message, language) for language in ("en", "id"))
    assert "schema 99, written by release 9.9.9" in english
    assert "start release 9.9.9 or later here" in english
    assert "skema 99" in indonesian
    assert "9.9.9" in indonesian
    assert await read_schema(link, scripts) == StoredSchema(99, 99, "9.9.9")


async def test_newer_data_that_this_release_can_read_is_served(link: RedisLink, scripts: Scripts) -> None:
    """During an upgrade the processes of the release before may start again."""
    newer = {"version": 99, "readable_from": own_schema(), "made_by": "9.9.9"}
    await scripts.run("deployment/set_schema", seen="", **newer)
    await ensure_schema(link, scripts)
    assert (await check_schema(link, scripts)).version == 99


def test_migrations_are_numbered_in_order() -> None:
    """Versions rise one by one, and no release is shut out by the step to its own schema."""
    assert [each.version for each in MIGRATIONS] == list(range(1, len(MIGRATIONS) + 1))
    assert all(each.readable_from < each.version for each in MIGRATIONS)

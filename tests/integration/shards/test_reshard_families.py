"""A division copies and compares every family of keys, or names it as left behind."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.core.errors import StateConflict
from app.core.redis_client import open_shards
from app.core.storage.key_families import KeySpec, KeyType
from app.core.storage.keys import KEY_SPECS
from app.core.storage.merging.placement import FAMILIES, Place
from app.core.storage.resharding.comparing import Comparison
from app.core.storage.resharding.copying import Division
from app.core.storage.resharding.destinations import COPIES, DERIVED, LEFT_BEHIND, TO_ALL
from app.core.storage.shards import Shard, ShardSet, shard_of_job
from tests.integration.shards.test_reshard import checked, of
from tests.support.redis_server import all_keys
from tests.support.shards import drop_deployment, sharded_settings

JOBS = [next(f"job-{n}" for n in range(100) if shard_of_job(f"job-{n}", 2) == shard) for shard in range(2)]
STORED = [spec for spec in KEY_SPECS if spec.type is not KeyType.CHANNEL]
COPIED = [spec for spec in STORED if spec.name not in LEFT_BEHIND]


@pytest.fixture
async def settings(redis_url: str, tmp_path: Path) -> AsyncIterator[Settings]:
    settings = sharded_settings(redis_url, tmp_path, 2)
    yield settings
    await drop_deployment(settings)
    await drop_deployment(of(settings, 3))


def key_of(shard: Shard, spec: KeySpec) -> str:
    """Return a key of a family, as the shard has it: of its job, of a run of it, or of any name."""
    member: Any = getattr(shard.keys, spec.name)
    job_id = JOBS[shard.index]
    values = {"job": job_id, "run": f"{job_id}@1", "kind": "report", "lane": "normal@test.noop"}
    place = FAMILIES[spec.stem].place
    # What is in one shard has a name of its own, what has a part in each has the same one there.
    other = f"7{shard.index}" if place is Place.ANY else "7"
    names = [values.get(name, other) for name in spec.suffix.split(":")]
    return member(*names[: spec.parameters]) if spec.parameters else member


def writes(shard: Shard, spec: KeySpec, key: str) -> list[tuple[Any, ...]]:
    """Return commands that give the key of any family some content."""
    job_id = JOBS[shard.index]
    match spec.type:
        case KeyType.HASH:
            return [("HSET", key, job_id, "1")]
        case KeyType.ZSET:
            # A member of `waiting_lines` is the name of a line.
            return [("ZADD", key, shard.index + 1, "7" if spec.name == "waiting_lines" else job_id)]
        case KeyType.SET:
            return [("SADD", key, job_id)]
        case KeyType.LIST:
            return [("RPUSH", key, shard.index + 1)]
        case KeyType.STREAM:
            return [("XADD", key, f"{shard.index + 1}-1", "run", f"{job_id}@1", "job", job_id)]
        case _:
            return [("SET", key, "1")]


async def fill(shards: ShardSet) -> None:
    """Write a key of every family into each shard that may have one."""
    for shard in shards:
        for spec in STORED:
            is_home = FAMILIES[spec.stem].place is Place.HOME and spec.name not in TO_ALL | COPIES
            # The layout is that of the deployment.
            if spec.name == "shard_layout" or (is_home and shard.index > 0):
                continue
            key = key_of(shard, spec)
            if await shard.link.call("EXISTS", key) == 0:
                await shard.link.calls(writes(shard, spec, key))
        # What is derived has its source.
        await shard.link.call("HSET", shard.keys.limits, "7", "2")


async def test_every_family_is_compared_or_named_as_left_behind(settings: Settings) -> None:
    """Whichever copy is missing, the comparison notices it; what is left behind has a reason."""
    before, after = await checked(settings), await open_shards(of(settings, 3))
    try:
        await fill(before)
        # A key of the first shard in another one.
        await before[1].link.call("HSET", before[1].keys.account("telegram:x"), "deleted", "1")
        division = Division(before, after, lambda _count: None)
        await division.copy()
        assert division.left_behind.keys() - LEFT_BEHIND.keys() == {"account"}
        await Comparison(division, lambda _count: None).run()
        copies: dict[str, tuple[Shard, str]] = {}
        for shard in after:
            for key in await all_keys(shard.link, shard.keys):
                spec = shard.keys.declaration(key)
                assert spec is not None
                copies[spec.name] = (shard, key)
        unseen = [
            spec.name
            for spec in COPIED
            if spec.name not in copies or not await is_missed(division, *copies[spec.name])
        ]
        assert unseen == []
    finally:
        await before.close()
        await after.close()


def test_what_is_left_behind_is_declared() -> None:
    """The families of each set are those of the one table of keys."""
    declared = {spec.name for spec in KEY_SPECS}
    assert (LEFT_BEHIND.keys() | TO_ALL | COPIES | DERIVED) <= declared
    assert all(LEFT_BEHIND.values())


async def is_missed(division: Division, shard: Shard, key: str) -> bool:
    """Return whether the comparison fails while a copy is away."""
    elsewhere = f"away:{key}"
    await shard.link.call("RENAME", key, elsewhere)
    try:
        await Comparison(division, lambda _count: None).run()
    except StateConflict:
        return True
    finally:
        await shard.link.call("RENAME", elsewhere, key)
    return False

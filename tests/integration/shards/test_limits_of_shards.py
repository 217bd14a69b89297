"""A key that jobs of several shards name: one limit, and groups in one shard only."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.core.errors import InvalidSpec
from app.core.models import JobSpec
from app.core.specs.store import JobStore

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts
    from app.core.storage.shards import ShardSet

GROUPED_KEY = {"concurrency": {"key": "shop", "limit": 1, "group_by": "inputs.who"}}
GROUPED_RATE = {"rate": {"key": "api", "per_minute": 9, "group_by": "inputs.who"}}
RATE = {"rate": {"key": "api", "per_minute": 9}}


@pytest.fixture
def jobs(link: RedisLink, scripts: Scripts, clock: SystemClock) -> JobStore:
    return JobStore(link, scripts, clock, "Asia/Jakarta")


def _spec(shards: ShardSet, shard: int, number: int = 0, **limits: Any) -> JobSpec:
    names = [name for name in map("job-{}".format, range(99)) if shards.of_job(name).index == shard]
    return JobSpec.model_validate({"job_id": names[number], "type": "test.noop", **limits})


async def _save(jobs: JobStore, spec: JobSpec) -> None:
    await jobs.create(spec, actor="test", origin="test")


async def test_a_key_has_one_limit_over_all_shards(jobs: JobStore, shards: ShardSet) -> None:
    """A save with another limit than that of a job in another shard is refused, and so is its check."""
    await _save(jobs, _spec(shards, 0, concurrency={"key": "shop", "limit": 2}))
    await _save(jobs, _spec(shards, 1, concurrency={"key": "shop", "limit": 2}))
    other = _spec(shards, 2, concurrency={"key": "shop", "limit": 3})
    with pytest.raises(InvalidSpec) as refused:
        await _save(jobs, other)
    assert refused.value.problems[0].code == "limit_conflict"
    with pytest.raises(InvalidSpec):
        await jobs.check_save(other, {})
    stored = [await each.link.call("HGET", each.keys.limits, "user:shop") for each in shards]
    assert stored == ["2", "2", None]


@pytest.mark.parametrize(
    ("grouped", "other"), [(GROUPED_KEY, GROUPED_KEY), (GROUPED_RATE, RATE)], ids=["key", "rate"]
)
async def test_a_key_with_groups_is_named_in_one_shard(
    jobs: JobStore, shards: ShardSet, grouped: dict[str, Any], other: dict[str, Any]
) -> None:
    """Other jobs of the same shard may name it; a job of another one may not, with groups or without."""
    await _save(jobs, _spec(shards, 1, **grouped))
    await _save(jobs, _spec(shards, 1, 1, **grouped))
    for spec in (_spec(shards, 0, **grouped), _spec(shards, 2, **other)):
        with pytest.raises(InvalidSpec) as refused:
            await _save(jobs, spec)
        assert refused.value.problems[0].code == "groups_in_shards"

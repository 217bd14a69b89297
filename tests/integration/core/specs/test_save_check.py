"""Validation without saving, on the real store."""

from __future__ import annotations

import pytest

from app.core.clock import SystemClock
from app.core.errors import InvalidSpec
from app.core.models import Concurrency, JobSpec
from app.core.redis_client import RedisLink
from app.core.specs.dry_run import SaveDryRun
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys


def _spec(job_id: str, limit: int) -> JobSpec:
    return JobSpec(job_id=job_id, type="test.load", concurrency=Concurrency(key="db", limit=limit))


async def test_check_of_a_key_answers_as_the_save_does(
    jobs: JobStore, link: RedisLink, keys: Keys, clock: SystemClock
) -> None:
    """A second limit for a key of another job is refused; its only job may change it; nothing is written."""
    check = SaveDryRun(jobs, link, keys, clock, "Asia/Jakarta")
    assert await check.run(_spec("a", 2), {}) is None
    await jobs.create(_spec("a", 2), actor="t", origin="t")
    stored = await check.run(_spec("a", 3), {})
    assert stored is not None
    assert (stored.version, (await jobs.find("a")).spec) == (1, _spec("a", 2))
    for save in (
        lambda: check.run(_spec("b", 3), {}),
        lambda: jobs.create(_spec("b", 3), actor="t", origin="t"),
    ):
        with pytest.raises(InvalidSpec) as caught:
            await save()
        assert [each.code for each in caught.value.problems] == ["limit_conflict"]
    assert await check.run(_spec("b", 2), {}) is None

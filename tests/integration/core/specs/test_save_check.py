"""Validation without saving, on the real store."""

from __future__ import annotations

import pytest

from app.core.errors import InvalidSpec
from app.core.models import Concurrency, JobSpec
from app.core.specs.store import JobStore


def _spec(job_id: str, limit: int) -> JobSpec:
    return JobSpec(job_id=job_id, type="test.load", concurrency=Concurrency(key="db", limit=limit))


async def test_check_of_a_key_answers_as_the_save_does(jobs: JobStore) -> None:
    """A second limit for a key of another job is refused; its only job may change it; nothing is written."""
    assert await jobs.check_save(_spec("a", 2), {}) is None
    await jobs.create(_spec("a", 2), actor="t", origin="t")
    stored = await jobs.check_save(_spec("a", 3), {})
    assert stored is not None
    assert (stored.version, (await jobs.find("a")).spec) == (1, _spec("a", 2))
    for save in (
        lambda: jobs.check_save(_spec("b", 3), {}),
        lambda: jobs.create(_spec("b", 3), actor="t", origin="t"),
    ):
        with pytest.raises(InvalidSpec) as caught:
            await save()
        assert [each.code for each in caught.value.problems] == ["limit_conflict"]
    assert await jobs.check_save(_spec("b", 2), {}) is None

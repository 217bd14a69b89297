"""Candidates for a name: bounded reads over many jobs, on a real server."""

from __future__ import annotations

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.models import JobSpec
from app.core.queue import Queue
from app.core.redis_client import Command, RedisLink
from app.core.specs.store import MOST_CANDIDATES, JobIndex, JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.planner.matching import JobMatcher
from app.planner.models import JobQuery


@pytest.fixture
def index(scripts: Scripts) -> JobIndex:
    return JobIndex(scripts)


async def create(jobs: JobStore, job_id: str, job_type: str = "a.b", **fields: object) -> None:
    spec = JobSpec.model_validate({"job_id": job_id, "type": job_type, **fields})
    await jobs.create(spec, actor="ana", origin="test")


async def ids(index: JobIndex, job_type: str | None, *texts: str) -> set[str]:
    found = await index.candidates(job_type, texts)
    return {record.spec.job_id for record in found.records}


async def test_candidates_have_one_of_the_texts(index: JobIndex, jobs: JobStore) -> None:
    """In their id, description or inputs, in any case; without texts every job of the type fits."""
    await create(jobs, "first", description="Laporan Toko")
    await create(jobs, "second", inputs={"to": "toko"})
    await create(jobs, "third", "c.d")
    assert await ids(index, None, "toko", "thi") == {"first", "second", "third"}
    assert await ids(index, "a.b", "toko", "thi") == {"first", "second"}
    assert await ids(index, "c.d") == {"third"}
    assert await ids(index, None, "nothing") == set()


async def test_candidates_say_what_is_paused(
    index: JobIndex, jobs: JobStore, link: RedisLink, keys: Keys
) -> None:
    """A pause of the job itself."""
    await create(jobs, "first")
    await create(jobs, "second")
    await link.call("HSET", keys.pauses, "job:second", '{"id": "x", "since": 1}')
    assert (await index.candidates(None, ())).paused == {"second"}


async def test_damaged_job_is_no_candidate(
    index: JobIndex, jobs: JobStore, link: RedisLink, keys: Keys
) -> None:
    """It hides no other."""
    await create(jobs, "first")
    await create(jobs, "second")
    await link.call("HSET", keys.job("second"), "spec", "{")
    assert await ids(index, None) == {"first"}


async def test_ten_thousand_jobs_are_searched_in_two_round_trips(
    settings: Settings, clock: SystemClock, queue: Queue, link: RedisLink, index: JobIndex
) -> None:
    """A misspelt name among them is found; jobs without a name to look for are bounded."""
    store = JobStore(link, queue.scripts, clock, settings.timezone)
    await create(store, "laporan-gudang", description="laporan gudang")
    await create(store, "job-x")
    fields = await link.call("HGETALL", queue.keys.job("job-x"))
    flat = [part for pair in zip(fields[::2], fields[1::2], strict=True) for part in pair]
    commands: list[Command] = []
    for number in range(9_998):
        job_id = f"job-{number}"
        spec = JobSpec(job_id=job_id, type="a.b").model_dump_json(exclude_none=True)
        commands.append(("HSET", queue.keys.job(job_id), *flat, "spec", spec))
        commands.append(("ZADD", queue.keys.jobs, 100 + number, job_id))
    for start in range(0, len(commands), 2_000):
        await link.calls(commands[start : start + 2_000])
    match = await JobMatcher(index).find(JobQuery(names=("gudnag",)))
    assert [record.spec.job_id for record in match.records] == ["laporan-gudang"]
    everything = await index.candidates(None, ())
    assert everything.more
    assert len(everything.records) == 20 * MOST_CANDIDATES

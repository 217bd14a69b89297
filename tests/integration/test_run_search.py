"""Lists of runs and jobs: what a page costs, and what filters find that no one index lists."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.core import index_walk, job_search, run_search
from app.core.models import JobSpec, Outcome, RunStatus
from app.core.redis_client import RedisLink
from app.core.store import JobFilter, JobStore, RunFilter, RunStore
from tests.support.queue_driver import QueueDriver

WHO: dict[str, Any] = {"actor": "ana", "origin": "api"}
MOST_ROUND_TRIPS = 5


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a walk look at four records a step and twelve a call."""
    for module in (index_walk, run_search, job_search):
        monkeypatch.setattr(module, "STEP", 4)
    for module in (run_search, job_search):
        monkeypatch.setattr(module, "STEPS", 3)


async def _round_trips(link: RedisLink, call: Callable[[], Awaitable[object]]) -> int:
    # Once before: a script that the server does not know yet is sent anew.
    await call()
    before = link.round_trips
    await call()
    return link.round_trips - before


async def _all(runs: RunStore, wanted: RunFilter, limit: int) -> list[str]:
    found: list[str] = []
    cursor: int | None = None
    while True:
        page = await runs.list(wanted, cursor, limit)
        found += [run.run_id for run in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


async def _all_jobs(jobs: JobStore, wanted: JobFilter, limit: int) -> list[str]:
    found: list[str] = []
    cursor: int | None = None
    while True:
        page = await jobs.list(wanted, cursor, limit)
        found += [record.spec.job_id for record in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize(
    "wanted",
    [
        RunFilter(),
        RunFilter(job_id="job-a"),
        RunFilter(status=RunStatus.QUEUED),
        RunFilter(job_id="job-b", status=RunStatus.FAILED),
        RunFilter(q="job-b"),
        RunFilter(q="ab" * 16),
        RunFilter(q="0123456789ab"),
        RunFilter(since_ms=1, q="nothing"),
        RunFilter(since_ms=4_000_000_000_000),
    ],
    ids=str,
)
@pytest.mark.usefixtures("small_steps")
async def test_a_page_of_runs_costs_few_round_trips(
    driver: QueueDriver, runs: RunStore, wanted: RunFilter
) -> None:
    """Whatever is asked and however little fits, the first page takes five at most."""
    await driver.fail("job-b")
    await driver.enqueue_some(100)
    assert await _round_trips(driver.link, lambda: runs.list(wanted, None, 50)) <= MOST_ROUND_TRIPS


@pytest.mark.parametrize(
    "wanted",
    [
        JobFilter(),
        JobFilter(type="test.noop"),
        JobFilter(enabled=False),
        JobFilter(q="nothing"),
        JobFilter(type="test.noop", tag="t", enabled=True),
    ],
    ids=str,
)
async def test_a_page_of_jobs_costs_few_round_trips(
    driver: QueueDriver, jobs: JobStore, wanted: JobFilter
) -> None:
    """With its newest runs and statistics, and whatever is asked."""
    for number in range(60):
        await jobs.create(JobSpec(job_id=f"job-{number}", type="test.noop", tags=["t"]), **WHO)
        await driver.enqueue_some(3, f"job-{number}")
    assert await _round_trips(driver.link, lambda: jobs.list(wanted, None, 50)) <= MOST_ROUND_TRIPS


@pytest.mark.usefixtures("small_steps")
async def test_a_search_goes_on_until_everything_was_looked_at(driver: QueueDriver, runs: RunStore) -> None:
    """A page may be short or empty: its cursor leads on, over every run, each found once."""
    wanted = [await driver.enqueue("odd") for _ in range(2)]
    await driver.enqueue_some(30, "even")
    wanted.append(await driver.enqueue("odd"))
    first = await runs.list(RunFilter(q="odd"), None, 50)
    assert ([run.run_id for run in first.items], first.next_cursor is not None) == ([wanted[-1]], True)
    assert await _all(runs, RunFilter(q="odd"), 50) == wanted[::-1]
    assert await _all(runs, RunFilter(q="odd"), 1) == wanted[::-1]
    assert len(await _all(runs, RunFilter(q="even"), 7)) == 30


@pytest.mark.usefixtures("small_steps")
async def test_a_search_cursor_stands_while_runs_are_added(driver: QueueDriver, runs: RunStore) -> None:
    """What is made between two pages is in neither, and moves nothing."""
    run_ids = await driver.enqueue_some(6, "odd")
    first = await runs.list(RunFilter(q="odd"), None, 2)
    await driver.enqueue_some(3, "odd")
    second = await runs.list(RunFilter(q="odd"), first.next_cursor, 9)
    assert [run.run_id for run in (*first.items, *second.items)] == run_ids[::-1]


@pytest.mark.usefixtures("small_steps")
async def test_since_stops_at_what_is_older(driver: QueueDriver, runs: RunStore) -> None:
    """Where a part ends in an older run, what lies behind it is not looked at."""
    hidden = await driver.enqueue()
    old = await driver.enqueue_some(8)
    await driver.link.calls([("HSET", driver.keys.run(run_id), "created", 1) for run_id in old])
    new = await driver.enqueue_some(2)
    page = await runs.list(RunFilter(since_ms=2), None, 50)
    assert [run.run_id for run in page.items] == new[::-1]
    assert page.next_cursor is None
    assert (await runs.get(hidden)).created_at > 2


async def test_the_smaller_index_is_walked(
    driver: QueueDriver, runs: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One failure among many runs of a job is found through the failures, one job among many by the job."""
    failed = await driver.fail("job-a")
    await driver.enqueue_some(40, "job-a")
    lonely = await driver.enqueue("lonely")
    walked: list[str] = []
    real = runs._search._scripts.run

    async def watched(name: str, *args: Any) -> Any:
        walked.extend([str(args[0])] if name == "find_runs" else [])
        return await real(name, *args)

    monkeypatch.setattr(runs._search._scripts, "run", watched)
    assert await _all(runs, RunFilter(job_id="job-a", status=RunStatus.FAILED), 5) == [failed.run_id]
    assert await _all(runs, RunFilter(job_id="lonely", status=RunStatus.QUEUED), 5) == [lonely]
    assert await _all(runs, RunFilter(q="lonely@5"), 5) == []
    assert walked == ["status:failed", "job:lonely", "job:lonely"]


async def test_a_whole_run_id_is_looked_up(driver: QueueDriver, runs: RunStore) -> None:
    """No walk is needed, and the other parts of the filter hold as well."""
    run_id = await driver.enqueue()
    assert await _round_trips(driver.link, lambda: runs.list(RunFilter(q=run_id), None, 5)) == 1
    assert await _all(runs, RunFilter(q=run_id), 5) == [run_id]
    assert await _all(runs, RunFilter(q=run_id, status=RunStatus.FAILED), 5) == []
    assert await _all(runs, RunFilter(q="0" * 26), 5) == []


async def test_a_fingerprint_finds_its_dead_letters(driver: QueueDriver, runs: RunStore) -> None:
    """Through their own index; once they are decided about, what is left is found as any text is."""
    run = await driver.start()
    await driver.finish(run, Outcome.FAILED, error="{}", fingerprint="0123456789ab")
    assert await _all(runs, RunFilter(q="0123456789ab"), 5) == [run.run_id]
    await driver.queue.discard([run.run_id])
    assert await _all(runs, RunFilter(q="0123456789ab"), 5) == [run.run_id]


@pytest.mark.usefixtures("small_steps")
async def test_a_search_of_jobs_goes_on_until_everything_was_looked_at(jobs: JobStore) -> None:
    """Parts of ids and descriptions, whatever JSON makes of them; each job once."""
    texts = {"quoted": 'say "Hi\\there"', "plain": "Laporan harian", "other": "", "foreign": "Überblick"}
    for job_id, text in texts.items():
        await jobs.create(JobSpec(job_id=job_id, type="test.noop", description=text), **WHO)
    for number in range(30):
        await jobs.create(JobSpec(job_id=f"job-{number}", type="test.noop"), **WHO)
    for q, found in [('"hi\\T', ["quoted"]), ("LAPORAN", ["plain"]), ("Überb", ["foreign"]), ("type", [])]:
        assert await _all_jobs(jobs, JobFilter(q=q), 5) == found, q
    assert len(await _all_jobs(jobs, JobFilter(q="job-"), 7)) == 30
    assert await _all_jobs(jobs, JobFilter(enabled=False), 7) == []

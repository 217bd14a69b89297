"""Lists of runs and jobs: page costs, filters without an index."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from app.core.models import AttemptOutcome, JobSpec, RunStatus
from app.core.records import Progress
from app.core.redis_client import RedisLink
from app.core.runs import search as run_search
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs import search as job_search
from app.core.specs.search import JobFilter
from app.core.specs.store import JobStore
from tests.support.queue.queue_driver import QueueDriver

WHO: dict[str, Any] = {"actor": "ana", "origin": "api"}
MOST_ROUND_TRIPS = 5


@pytest.fixture
def small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a walk look at four records a step and twelve a call."""
    for module in (run_search, job_search):
        monkeypatch.setattr(module, "STEP", 4)
    monkeypatch.setattr(run_search, "MAX_RECORDS", 12)
    monkeypatch.setattr(job_search, "STEPS", 3)


async def _round_trips(link: RedisLink, call: Callable[[], Awaitable[object]]) -> int:
    # Once before: a script that the server does not know yet is sent again.
    await call()
    before = link.round_trips
    await call()
    return link.round_trips - before


async def _all(runs: RunStore, run_filter: RunFilter, limit: int) -> list[str]:
    found: list[str] = []
    cursor: int | None = None
    while True:
        page = await runs.list(run_filter, cursor, limit)
        found += [run.run_id for run in page.items]
        cursor = page.next_cursor
        if cursor is None:
            return found


async def _all_jobs(jobs: JobStore, job_filter: JobFilter, limit: int) -> list[str]:
    found: list[str] = []
    cursor: int | None = None
    while True:
        page = await jobs.list(job_filter, cursor, limit)
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
        RunFilter(tag="none", statuses=(RunStatus.QUEUED, RunStatus.FAILED)),
    ],
    ids=str,
)
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
    assert first.progress == Progress(searched=12, total=33)
    second = await runs.list(RunFilter(q="odd"), first.next_cursor, 50)
    assert (second.items, second.progress) == ([], Progress(searched=12, total=21))
    third = await runs.list(RunFilter(q="odd"), second.next_cursor, 50)
    assert (third.next_cursor, third.progress) == (None, Progress(searched=9, total=9))
    assert await _all(runs, RunFilter(q="odd"), 50) == wanted[::-1]
    assert await _all(runs, RunFilter(q="odd"), 1) == wanted[::-1]
    assert len(await _all(runs, RunFilter(q="even"), 7)) == 30


@pytest.mark.usefixtures("small_steps")
async def test_a_full_page_has_searched_up_to_its_last_run(driver: QueueDriver, runs: RunStore) -> None:
    """The rest is on the next page, and a last page has no cursor."""
    await driver.enqueue_some(9, "odd")
    page = await runs.list(RunFilter(q="odd"), None, 5)
    assert (len(page.items), page.progress) == (5, Progress(searched=5, total=9))
    rest = await runs.list(RunFilter(q="odd"), page.next_cursor, 4)
    assert (len(rest.items), rest.progress, rest.next_cursor) == (4, Progress(searched=4, total=4), None)


@pytest.mark.usefixtures("small_steps")
async def test_a_search_finds_each_run_once_while_runs_come_and_go(
    driver: QueueDriver, runs: RunStore
) -> None:
    """Before each page new runs are made, some that were not looked at are purged, some change state."""
    made = await driver.enqueue_some(60, "odd")
    gone, found, cursor = set[str](), list[str](), None
    claimed = iter([await driver.start("odd") for _ in range(3)])
    run_filter = RunFilter(q="odd", statuses=(RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.SUCCESS))
    for step in range(100):
        page = await runs.list(run_filter, cursor, 7)
        found += [run.run_id for run in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
        await driver.enqueue_some(3, "odd")
        purged = made[step * 2]
        gone.add(purged)
        await driver.link.calls(
            [
                ("DEL", driver.keys.run(purged)),
                *(("ZREM", index, purged) for index in (driver.keys.runs, driver.keys.runs_job("odd"))),
                *(("ZREM", driver.keys.runs_status(status), purged) for status in ("queued", "running")),
            ]
        )
        running = next(claimed, None)
        if running is not None:
            await driver.finish(running)
    assert cursor is None
    assert len(found) == len(set(found))
    assert [run_id for run_id in found if run_id in made and run_id not in gone] == [
        run_id for run_id in reversed(made) if run_id not in gone
    ]


async def test_a_period_is_not_walked_beyond_its_ends(driver: QueueDriver, runs: RunStore) -> None:
    """Records of other times are not looked at, so a period among many runs is found at once."""
    day_ms = 86_400_000
    now = await driver.now_ms()
    made = await driver.enqueue_some(40)
    for number, run_id in enumerate(made):
        await driver.link.call(
            "HSET", driver.keys.run(run_id), "created", now - (40 - number) * day_ms + day_ms // 2
        )
    run_filter = RunFilter(since_ms=now - 20 * day_ms, until_ms=now - 15 * day_ms)
    page = await runs.list(run_filter, None, 50)
    assert [run.run_id for run in page.items] == made[20:25][::-1]
    assert page.progress == Progress(searched=5, total=5)
    assert page.next_cursor is None


async def test_a_search_by_time_finds_runs_from_before_a_step_back(
    driver: QueueDriver, runs: RunStore
) -> None:
    """Once the clock went back, seq says nothing about the time of the runs up to then."""
    now, day_ms = await driver.now_ms(), 86_400_000
    made = await driver.enqueue_some(6)
    times = [now, now + day_ms, now + 2 * day_ms, now - day_ms, now - day_ms, now]
    for run_id, created in zip(made, times, strict=True):
        await driver.link.call("HSET", driver.keys.run(run_id), "created", created)
    await driver.link.call("HSET", driver.keys.lease_clock, "at", now + day_ms)
    await driver.queue.renew("w1", [])
    page = await runs.list(RunFilter(since_ms=now + day_ms), None, 50)
    assert [run.run_id for run in page.items] == [made[2], made[1]]
    later = await driver.enqueue()
    page = await runs.list(RunFilter(since_ms=now), None, 50)
    assert [run.run_id for run in page.items] == [later, made[5], made[2], made[1], made[0]]


async def test_the_smaller_index_is_walked(
    driver: QueueDriver, runs: RunStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One failure among many runs of a job is found through the failures, one job among many by the job."""
    failed = await driver.fail("job-a")
    await driver.enqueue_some(40, "job-a")
    lonely = await driver.enqueue("lonely")
    walked: list[list[Any]] = []
    real = runs._search._scripts.run

    async def watched(name: str, /, *args: Any, **named: Any) -> Any:
        walked.extend([list(args)] if name == "runs/find" else [])
        return await real(name, *args, **named)

    monkeypatch.setattr(runs._search._scripts, "run", watched)
    assert await _all(runs, RunFilter(job_id="job-a", status=RunStatus.FAILED), 5) == [failed.run_id]
    assert await _all(runs, RunFilter(job_id="lonely", status=RunStatus.QUEUED), 5) == [lonely]
    ended = (RunStatus.FAILED, RunStatus.CANCELLED)
    assert await _all(runs, RunFilter(q="job-a", statuses=ended), 5) == [failed.run_id]
    assert walked == [["status:failed"], ["job:lonely"], ["status:failed", "status:cancelled"]]


@pytest.mark.parametrize(
    "pattern", ["job-*", "*-a", "j*b-*", "*", "**", "job-a*", "*job-a", "jo*ob-a", "*b*a", "x*"]
)
async def test_a_job_pattern_means_the_same_in_the_script(
    driver: QueueDriver, runs: RunStore, pattern: str
) -> None:
    """The script leaves out no run that the filter takes, and takes no other."""
    names = ["job-a", "job-b", "job", "a", "xjob-a", "job-aa"]
    made = [await driver.enqueue(name) for name in names]
    records = {run_id: await driver.hash(run_id) for run_id in made}
    run_filter = RunFilter(job_id=pattern)
    expected = [run_id for run_id in reversed(made) if run_filter.accepts(records[run_id], run_id)]
    assert (await runs.find(run_filter, None, 50)).ids == expected


async def test_several_states_are_listed_as_one_list(driver: QueueDriver, runs: RunStore) -> None:
    """Each state has an index of its own; none is left behind when another one is read further."""
    older = await driver.enqueue_some(100)
    assert set(await driver.queue.cancel_many(older)) == {"CANCELLED"}
    newer = await driver.enqueue_some(300)
    # One of another state, so that the indexes of these two are the smaller way.
    await driver.enqueue(delay_ms=60_000)
    run_filter = RunFilter(statuses=(RunStatus.CANCELLED, RunStatus.QUEUED))
    page = await runs.list(run_filter, None, 500)
    assert [run.run_id for run in page.items] == [*older, *newer][::-1]
    assert await _all(runs, run_filter, 130) == [*older, *newer][::-1]


async def test_runs_are_found_by_a_tag_of_their_job(
    driver: QueueDriver, runs: RunStore, jobs: JobStore
) -> None:
    """By the tags that the job has now; few jobs are walked by their own indexes, many by all runs."""
    for job_id, tags in (("job-a", ["ops"]), ("job-b", ["ops", "night"]), ("job-c", ["night"])):
        await jobs.create(JobSpec(job_id=job_id, type="test.noop", tags=tags), **WHO)
    first, second, other = [await driver.enqueue(job_id) for job_id in ("job-a", "job-b", "job-c")]
    await driver.enqueue_some(5, "no-job")
    page = await runs.list(RunFilter(tag="ops"), None, 50)
    assert [run.run_id for run in page.items] == [second, first]
    assert page.progress == Progress(searched=2, total=2)
    assert await _all(runs, RunFilter(tag="night", job_id="job-*"), 1) == [other, second]
    assert await _all(runs, RunFilter(tag="nothing"), 5) == []
    for number in range(run_search.MAX_TAG_JOBS):
        await jobs.create(JobSpec(job_id=f"more-{number}", type="test.noop", tags=["ops"]), **WHO)
    assert await _all(runs, RunFilter(tag="ops"), 5) == [second, first]


@pytest.mark.usefixtures("small_steps")
async def test_a_whole_run_id_comes_first(driver: QueueDriver, runs: RunStore) -> None:
    """Then comes what else has the id in it, each once; other parts of the filter hold as well."""
    run_id = await driver.enqueue()
    await driver.enqueue_some(20)
    later = await driver.enqueue("later", inputs=f'{{"of": "{run_id}"}}')
    slot = await driver.enqueue("later", run_id="later@5")
    assert await _all(runs, RunFilter(q=run_id), 5) == [run_id, later]
    assert await _all(runs, RunFilter(q=run_id), 1) == [run_id, later]
    assert await _all(runs, RunFilter(q="later@5"), 5) == [slot]
    assert await _all(runs, RunFilter(q=run_id, status=RunStatus.FAILED), 5) == []
    assert await _all(runs, RunFilter(q="0" * 26), 5) == []


async def test_a_fingerprint_finds_its_runs(driver: QueueDriver, runs: RunStore) -> None:
    """Those that wait for a decision and those that were decided about."""
    run = await driver.start()
    await driver.finish(run, AttemptOutcome.FAILED, error="{}", fingerprint="0123456789ab")
    other = await driver.start()
    await driver.finish(other, AttemptOutcome.FAILED, error="{}", fingerprint="0123456789ab")
    await driver.queue.discard([run.run_id])
    assert await _all(runs, RunFilter(q="0123456789ab"), 5) == [other.run_id, run.run_id]


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

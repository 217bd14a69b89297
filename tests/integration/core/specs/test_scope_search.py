"""Searches within the scope of a key: complete pages, in few round trips, without other jobs."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.access.scope import JobScope
from app.core.models import JobSpec
from app.core.redis_client import RedisLink
from app.core.runs import search as run_search
from app.core.runs.search import RunFilter, RunSearch
from app.core.specs import search as job_search
from app.core.specs.search import JobFilter, JobSearch
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from tests.support.queue.queue_driver import QueueDriver

SCOPE = JobScope(("shop-",), frozenset({"shop"}), frozenset({"test.report"}))
BY_TAG = JobScope((), frozenset({"shop", "none"}))
WHO: dict[str, Any] = {"actor": "ana", "origin": "api"}


@pytest.fixture
async def made(jobs: JobStore, driver: QueueDriver) -> dict[str, list[str]]:
    """Store jobs in turns, inside and outside, each with three runs; return the runs by job."""
    runs: dict[str, list[str]] = {}
    specs: dict[str, tuple[str, list[str]]] = {
        "shop-1": ("test.load", []),
        "bakery-1": ("test.load", ["bakery", "shops"]),
        "kiosk": ("test.load", ["daily", "shop"]),
        "my-shop-1": ("test.load", []),
        "shop-report": ("test.report", ["shop"]),
    }
    for job_id, (job_type, tags) in specs.items():
        spec = JobSpec(job_id=job_id, type=job_type, tags=tags, inputs={"of": job_id})
        await jobs.create(spec, **WHO)
    for _ in range(3):
        for job_id, (job_type, _tags) in specs.items():
            run_id = await driver.enqueue(job_id, type=job_type, inputs='{"of": "everybody"}')
            runs.setdefault(job_id, []).insert(0, run_id)
    return runs


async def _runs(link: RedisLink, keys: Keys, run_filter: RunFilter, limit: int) -> list[str]:
    search = RunSearch(link, link.scripts(keys), keys)
    found: list[str] = []
    cursor: int | None = None
    while True:
        page = await search.find(run_filter, cursor, limit)
        assert page.next_cursor is None or len(page.ids) == limit
        found += page.ids
        cursor = page.next_cursor
        if cursor is None:
            return found


async def test_scope_of_a_run_search_leaves_out_other_jobs(
    link: RedisLink, keys: Keys, made: dict[str, list[str]]
) -> None:
    """By id and by tag, with a text or without; each page has as many as it can."""
    wanted = sorted(made["shop-1"] + made["kiosk"], reverse=True)
    for limit in (1, 4, 100):
        assert await _runs(link, keys, RunFilter(scope=SCOPE), limit) == wanted
        assert await _runs(link, keys, RunFilter(scope=SCOPE, q="everybody"), limit) == wanted
    assert await _runs(link, keys, RunFilter(scope=SCOPE, job_id="bakery-1"), 9) == []
    assert await _runs(link, keys, RunFilter(scope=SCOPE, q=made["bakery-1"][0]), 9) == []


async def test_scope_search_leaves_out_jobs_that_reach_the_whole_deployment(
    link: RedisLink, keys: Keys, made: dict[str, list[str]], driver: QueueDriver
) -> None:
    """Neither the job, nor runs that it has had with another type."""
    other_type = await driver.enqueue("shop-report", type="test.load")
    assert other_type not in await _runs(link, keys, RunFilter(scope=SCOPE), 100)
    found = await JobSearch(link, link.scripts(keys), keys).find(JobFilter(scope=SCOPE), None, 100)
    assert "shop-report" not in found.ids


async def test_run_of_a_type_that_reaches_the_whole_deployment_is_left_out(
    link: RedisLink, keys: Keys, driver: QueueDriver, made: dict[str, list[str]]
) -> None:
    """Also if its job has another type by now."""
    report = await driver.enqueue("shop-1", type="test.report")
    assert report not in await _runs(link, keys, RunFilter(scope=SCOPE), 100)
    assert made["shop-1"][0] in await _runs(link, keys, RunFilter(scope=SCOPE), 100)


async def test_scope_of_a_job_search_leaves_out_other_jobs(
    link: RedisLink, keys: Keys, made: dict[str, list[str]]
) -> None:
    """One page has all of them; its cursor ends."""
    search = JobSearch(link, link.scripts(keys), keys)
    filters: list[dict[str, Any]] = [{}, {"q": "o"}, {"enabled": True}, {"type": "test.load"}]
    for more in filters:
        page = await search.find(JobFilter(scope=SCOPE, **more), None, 2)
        assert (set(page.ids), page.next_cursor) == ({"shop-1", "kiosk"}, None)
    assert (await search.find(JobFilter(scope=SCOPE, tag="bakery"), None, 9)).ids == []
    assert len(made) == 5


async def test_scope_by_tags_reads_the_runs_of_its_jobs_only(
    link: RedisLink, keys: Keys, made: dict[str, list[str]]
) -> None:
    """Thousands of other runs cost such a key nothing; with many jobs all runs are read."""
    scope = JobScope((), frozenset({"daily"}))
    search = RunSearch(link, link.scripts(keys), keys)
    page = await search.find(RunFilter(scope=scope), None, 100)
    assert (page.ids, page.searched) == (made["kiosk"], 3)
    none = await search.find(RunFilter(scope=JobScope((), frozenset({"none"}))), None, 100)
    assert (none.ids, none.searched, none.next_cursor) == ([], 0, None)


async def test_scope_with_many_tagged_jobs_is_searched_through_all_runs(
    link: RedisLink, keys: Keys, made: dict[str, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The result is the same."""
    monkeypatch.setattr(run_search, "MAX_TAG_JOBS", 0)
    found = await _runs(link, keys, RunFilter(scope=JobScope((), frozenset({"daily"}))), 2)
    assert found == made["kiosk"]


async def test_jobs_of_a_scope_are_listed_over_several_steps(
    link: RedisLink, keys: Keys, jobs: JobStore, monkeypatch: pytest.MonkeyPatch, made: dict[str, list[str]]
) -> None:
    """Also if a step finds none, and up to a limit."""
    monkeypatch.setattr(job_search, "STEP", 1)
    monkeypatch.setattr(job_search, "STEPS", 2)
    found = await jobs.scoped(JobFilter(scope=SCOPE), 10)
    assert [record.spec.job_id for record in found] == ["kiosk", "shop-1"]
    assert len(await jobs.scoped(JobFilter(scope=SCOPE), 1)) == 1
    assert len(made) == 5

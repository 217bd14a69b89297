"""The same work in a deployment with one shard and in one with three: every list is the same."""

from __future__ import annotations

import io
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.backup.reader import ExportFile
from app.backup.restore import Restore, RestoreOptions
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.ids import new_id
from app.core.models import AttemptOutcome
from app.core.policies import Policies
from app.core.process import check_shards
from app.core.queue import Queue
from app.core.redis_client import whole_of
from app.core.storage.keys import Keys
from app.core.storage.shards import Shard
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.backup.backup_fixture import BackupFixture
from tests.support.queue.queue_driver import QueueDriver
from tests.support.shards import QueueOfAll, opened_shards, sharded_settings

JOBS = [f"shop-{number}" for number in range(9)]
ERRORS = [("timeout", "the server is slow"), ("refused", "no connection"), ("broken", "it broke")]


@dataclass
class Side:
    """One of the deployments, its API and the work of its processes."""

    settings: Settings
    whole: Shard
    driver: QueueDriver
    client: httpx.AsyncClient

    async def read(self, path: str, **query: Any) -> Any:
        answer = await self.client.get(path, params=query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def pages(self, path: str, name: str, **query: Any) -> list[str]:
        """Return the ids of all pages of a list."""
        found: list[str] = []
        address: str | None = str(httpx.URL(path, params={**query, "limit": 7}))
        while address is not None:
            answer = await self.client.get(address)
            assert answer.status_code == 200, answer.text
            found += [item[name] for item in answer.json()]
            address = answer.links.get("next", {}).get("url")
        return found


async def opened(stack: AsyncExitStack, settings: Settings) -> Side:
    """Open a deployment with an API."""
    shards = await stack.enter_async_context(opened_shards(settings))
    await check_shards(shards, settings)
    whole, clock = whole_of(shards), SystemClock()
    made = QueueOfAll if len(shards) > 1 else Queue
    queue = made(whole.link, whole.scripts, whole.keys, clock, settings)
    await queue.ensure_groups()
    services = Services(settings, clock, whole.link, fake_registry(), Policies(), shards=shards)
    transport = in_process(create_app(services))
    client = httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON)
    await stack.enter_async_context(client)
    return Side(settings, whole, QueueDriver(queue), client)


@pytest.fixture
async def sides(redis_url: str, tmp_path: Path) -> AsyncIterator[list[Side]]:
    async with AsyncExitStack() as stack:
        yield [
            await opened(stack, sharded_settings(redis_url, tmp_path / str(count), count)) for count in (1, 3)
        ]


async def work(side: Side, seed: int, ids: list[str]) -> None:
    """Do the same in each deployment: random jobs, runs, ends, cancellations and pauses."""
    chance, names = random.Random(seed), list(ids)
    for job_id in JOBS:
        tags = ["even"] if int(job_id[-1]) % 2 == 0 else []
        spec = {"job_id": job_id, "type": chance.choice(["test.load", "test.echo"]), "tags": tags}
        made = await side.client.post("/jobs", json={**spec, "type": "test.load"})
        assert made.status_code == 201, made.text
    while names:
        run_id = names.pop(0)
        job_id = chance.choice(JOBS)
        delay = 3_600_000 if chance.random() < 0.2 else 0
        await side.driver.enqueue(job_id, run_id=run_id, type="test.load", delay_ms=delay)
        step = chance.random()
        if delay and step < 0.5:
            assert (await side.client.post(f"/runs/{run_id}/cancel")).status_code == 200
        elif not delay and step < 0.8:
            [run] = (await side.driver.claim()).runs
            if step < 0.4:
                await side.driver.finish(run, output='{"said": "selesai"}')
            else:
                code, words = chance.choice(ERRORS)
                error = f'{{"kind":"exception","code":"{code}","message":"{words}","retryable":false,"at":1}}'
                await side.driver.finish(run, AttemptOutcome.FAILED, error=error, fingerprint=code)
        elif not delay:
            assert (await side.client.post(f"/runs/{run_id}/cancel")).status_code == 200
    await side.client.put("/jobs/shop-3/disable")
    await side.client.delete("/jobs/shop-8")
    await side.client.post("/pause", json={"job_id": "shop-2"})
    await side.client.post("/pause", json={"type": "test.load"})


async def seen(side: Side) -> dict[str, Any]:
    """Return what every list and figure shows that does not name instants."""
    counts = await side.read("/runs/counts")
    groups = await side.read("/dead-letters")
    stats = await side.read("/stats")
    return {
        "jobs": await side.pages("/jobs", "job_id"),
        "tagged": await side.pages("/jobs", "job_id", tag="even"),
        "off": await side.pages("/jobs", "job_id", enabled="false"),
        "found jobs": await side.pages("/jobs", "job_id", q="OP-4"),
        "runs": await side.pages("/runs", "run_id"),
        "failed": await side.pages("/runs", "run_id", status="failed"),
        "of a job": await side.pages("/runs", "run_id", job_id="shop-1"),
        "of some jobs": await side.pages("/runs", "run_id", job_id="shop*", status="cancelled"),
        "text": await side.pages("/runs", "run_id", q="no connection"),
        "output": await side.pages("/runs", "run_id", q="SELESAI"),
        "tag": await side.pages("/runs", "run_id", tag="even"),
        "letters": await side.pages("/dead-letters/timeout/runs", "run_id"),
        "pages of groups": await side.pages("/dead-letters", "fingerprint"),
        "groups": [{name: each[name] for name in ("fingerprint", "count", "jobs")} for each in groups],
        "counts": {name: count for name, count in counts.items() if isinstance(count, int)},
        "ended": {name: stats["totals"][name] for name in ("started", "success", "failed", "cancelled")},
        "pauses": [(each["scope"], each["name"]) for each in (await side.read("/queue"))["paused"]],
    }


@pytest.mark.parametrize("seed", [1, 2])
async def test_every_list_is_that_of_one_shard(sides: list[Side], seed: int) -> None:
    """Pages, filters, searches, groups and counts, after random work."""
    ids = [new_id(SystemClock()) for _ in range(60)]
    for side in sides:
        await work(side, seed, ids)
    one, three = [await seen(side) for side in sides]
    for name in one:
        assert three[name] == one[name], name
    assert len(one["runs"]) == 60
    assert {len(one["groups"]), one["counts"]["dead_letters"] > 5} == {3, True}


async def test_an_export_of_three_shards_is_restored_in_one_and_back(
    sides: list[Side], redis_url: str, tmp_path: Path
) -> None:
    """Each record comes back in the shard of its job, and every list is as it was."""
    one, three = sides
    await work(three, 3, [new_id(SystemClock()) for _ in range(40)])
    before = await restorable(three)
    await restored(one, await BackupFixture(three.driver, three.settings).export())
    assert await restorable(one) == before
    async with AsyncExitStack() as stack:
        again = await opened(stack, sharded_settings(redis_url, tmp_path / "again", 3))
        await restored(again, await BackupFixture(one.driver, one.settings).export())
        assert await restorable(again) == before
        for part in again.whole.link.parts:
            keys: Keys = part.keys
            assert await part.link.call("ZCARD", keys.runs) > 0


async def restored(side: Side, export: bytes) -> None:
    clock = SystemClock()
    restore = Restore(side.whole.link, side.whole.scripts, clock, side.settings)
    report = await restore.run(ExportFile(io.BytesIO(export)), RestoreOptions())
    assert report.refused is None


async def restorable(side: Side) -> dict[str, Any]:
    """Return the lists that do not depend on runs that had not ended, which a restore cancels."""
    found = await seen(side)
    names = ("jobs", "tagged", "off", "runs", "failed", "of a job", "text", "output", "letters", "groups")
    return {name: found[name] for name in names}

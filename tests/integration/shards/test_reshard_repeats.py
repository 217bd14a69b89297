"""Submissions that are sent again after a division make no second run; a return names what it repeats."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from typer.testing import CliRunner, Result

from app.cli.main import app as cli
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import StateConflict
from app.core.ids import scheduled_run_id
from app.core.messaging.outbox import Outbox
from app.core.models import JobSpec, Schedule
from app.core.policies import Policies
from app.core.redis_client import whole_of
from app.core.storage.resharding.repeats import Repeats
from app.core.storage.resharding.steps import Resharding
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.integration.shards.test_reshard import checked, of, reshard
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.queue.queue_driver import QueueDriver
from tests.support.shards import QueueOfAll, drop_deployment, sharded_settings

JOBS = [f"job-{number}" for number in range(9)]


@pytest.fixture
async def settings(redis_url: str, tmp_path: Path) -> AsyncIterator[Settings]:
    settings = sharded_settings(redis_url, tmp_path, 1)
    yield settings
    for shards in (1, 3):
        await drop_deployment(of(settings, shards))


@asynccontextmanager
async def opened(settings: Settings) -> AsyncGenerator[tuple[httpx.AsyncClient, Services]]:
    """Yield the API of a deployment, and its parts."""
    shards = await checked(settings)
    services = Services(
        *(settings, SystemClock(), whole_of(shards).link, fake_registry(), Policies()), shards=shards
    )
    transport = in_process(create_app(services))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        yield client, services
    await shards.close()


async def submit(client: httpx.AsyncClient, key: str, delay_sec: int = 3600) -> list[str]:
    """Submit a run of each job, each with a key of its own."""
    answers = [
        await client.post(
            f"/jobs/{job_id}/run",
            json={"delay_sec": delay_sec},
            headers={"Idempotency-Key": f"{key}-{job_id}"},
        )
        for job_id in JOBS
    ]
    assert {answer.status_code for answer in answers} <= {200, 202}, answers[0].text
    return [answer.json()["run_id"] for answer in answers]


async def submit_batch(client: httpx.AsyncClient, key: str) -> list[str]:
    answer = await client.post(
        "/runs/batch",
        json=[{"job_id": job_id, "delay_sec": 3600} for job_id in JOBS],
        headers={"Idempotency-Key": key},
    )
    return [item["run_id"] for item in answer.json()]


def steps(before: Settings, after: Settings) -> Resharding:
    return Resharding(before, after, lambda _phase, _done: None)


async def test_a_repeated_submission_is_the_same_run_after_each_division(settings: Settings) -> None:
    """From one shard into three, back into one, and in the former three: nothing runs twice, unnamed."""
    three = of(settings, 3)
    async with opened(settings) as (client, services):
        for job_id in JOBS:
            assert (await client.post("/jobs", json={"job_id": job_id, "type": "test.load"})).is_success
        first, batch = await submit(client, "one"), await submit_batch(client, "batch")
        home = whole_of(services.shards).link if services.shards else services.link
        # Retention has removed the last run.
        await home.call("UNLINK", services.queue.keys.run(first[-1]))
        await home.call("ZREM", services.queue.keys.runs, first[-1])
        await home.call("ZREM", services.queue.keys.runs_status("scheduled"), first[-1])
        await home.call("ZREM", services.queue.keys.delayed, first[-1])
    await reshard(settings, 3)
    async with opened(three) as (client, services):
        assert await submit(client, "one") == first
        assert await submit_batch(client, "batch") == batch
        second = await submit(client, "three")
    await steps(three, settings).remove_old(lambda _count: None)
    await reshard(three, 1)
    async with opened(settings) as (client, _services):
        assert await submit(client, "one") == first
        assert await submit(client, "three") == second
        assert await submit_batch(client, "batch") == batch
        third = await submit(client, "again")
    back = steps(settings, three)
    repeats = await back.repeats()
    assert sorted(repeats.submitted) == sorted(third)
    assert (repeats.waiting, repeats.fired, repeats.messages) == ((), (), ())
    with pytest.raises(StateConflict, match="run meanwhile"):
        await back.back(Repeats())
    assert await back.back(repeats) == 3
    async with opened(three) as (client, _services):
        assert await submit(client, "one") == first
        assert await submit(client, "three") == second
        assert not set(await submit(client, "again")) & set(third)


async def test_a_return_names_what_it_repeats(settings: Settings) -> None:
    """Runs that waited and have started or been cancelled since, fired slots, messages that were sent."""
    three = of(settings, 3)
    async with opened(settings) as (client, services):
        weekly = Schedule(cron="0 7 * * 1", timezone="Asia/Jakarta")
        await services.jobs.create(
            JobSpec(job_id="weekly", type="test.load", schedule=weekly), actor="ana", origin="test"
        )
        driver = QueueDriver(services.queue)
        await driver.queue.ensure_groups()
        ended, cancelled = [await driver.enqueue(job_id) for job_id in JOBS[:2]]
        await driver.enqueue(JOBS[2], delay_ms=3_600_000)
        outbox = Outbox(services.link, services.link.scripts(services.keys), services.keys, services.clock)
        for number in range(2):
            await outbox.put(f"m-{number}", "telegram", "bot_a01", "1", "halo", job_id=JOBS[number])
    await reshard(settings, 3)
    async with opened(three) as (client, services):
        parts = services.link, services.link.scripts(services.keys), services.keys, services.clock
        driver = QueueDriver(QueueOfAll(*parts, three))
        assert (await client.post(f"/runs/{cancelled}/cancel")).is_success
        [run] = (await driver.claim()).runs
        await driver.finish(run)
        made = await driver.enqueue(JOBS[3])
        slots = [
            await driver.enqueue(job_id, run_id=scheduled_run_id(job_id, 1)) for job_id in ("weekly", "gone")
        ]
        await driver.enqueue(JOBS[4], source="chain")
        await Outbox(*parts).close("m-0", "ana")
    repeats = await steps(three, settings).repeats()
    assert set(repeats.waiting) == {ended, cancelled}
    assert repeats.fired == (slots[0],)
    assert set(repeats.submitted) == {made}
    assert repeats.messages == ("m-0",)


async def test_the_command_names_what_a_return_repeats(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It asks below the names; with --yes it returns, and --json has all of them."""
    async with opened(settings) as (client, _services):
        for job_id in JOBS:
            assert (await client.post("/jobs", json={"job_id": job_id, "type": "test.load"})).is_success
    await reshard(settings, 3)
    async with opened(of(settings, 3)) as (client, _services):
        runs = await submit(client, "three") + await submit(client, "more") + await submit(client, "most")
    names = {"REDIS_URL": settings.redis_url, "NAMESPACE": settings.namespace, "SHARDS": "3"}
    for name, value in {**names, "MULTI_JOB_HOME": str(settings.multi_job_home)}.items():
        monkeypatch.setenv(name, value)
    refused = await asyncio.to_thread(typed, "--back", said="n\n")
    assert refused.exit_code == 1
    text = " ".join(refused.stderr.split())
    assert "27 runs were submitted since" in text
    assert "and 7 more" in text
    assert sum(run_id in text for run_id in runs) == 20
    done = await asyncio.to_thread(typed, "--back", "--yes", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert (told["shards"], sorted(told["submitted"])) == (1, sorted(runs))


def typed(*words: str, said: str | None = None) -> Result:
    return CliRunner().invoke(cli, ["reshard", *words], input=said)

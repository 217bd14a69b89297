"""Why nothing ran while a process was dead: real processes, killed."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.core.redis_client import RedisLink
from tests.support.explain.explain_fixture import (
    HANDLERS,
    ExplainFixture,
    explain_fixture,
    local,
    why_settings,
)
from tests.support.faults.processes import Fleet, base_environment

HEARTBEAT_SEC = 0.5
_DOWN = re.compile(r"no scheduler was at work from (\S+ \S+) to (\S+ \S+) \(Asia/Jakarta\)")


@pytest.fixture
async def deployment(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[ExplainFixture]:
    async with explain_fixture(
        why_settings(settings, tmp_path, heartbeat_sec=HEARTBEAT_SEC), link
    ) as deployment:
        yield deployment


@pytest.fixture
def fleet(settings: Settings, tmp_path: Path) -> Iterator[Fleet]:
    environment = {
        **base_environment(),
        "REDIS_URL": settings.redis_url,
        "NAMESPACE": settings.namespace,
        "MULTI_JOB_HOME": str(tmp_path),
        "HEARTBEAT_SEC": str(HEARTBEAT_SEC),
        "HANDLER_MODULES": ",".join(HANDLERS),
    }
    fleet = Fleet(environment, tmp_path / "logs")
    yield fleet
    fleet.close()


async def test_slots_of_a_dead_scheduler_are_explained_with_its_downtime(
    deployment: ExplainFixture, fleet: Fleet
) -> None:
    """While it is dead nothing fires, and why; once another is there, what each misfire rule left out."""
    await deployment.create("once", interval=1, overlap="allow", misfire_grace_sec=1)
    await deployment.create("none", interval=1, overlap="allow", misfire_grace_sec=1, misfire="skip")
    (scheduler,) = fleet.start("scheduler")
    for job_id in ("once", "none"):
        await deployment.until(_has_run, job_id)
    fleet.kill(scheduler)
    due = await deployment.until_explained("scheduler_down", "once", slots=2)
    assert due["outcome"] == "upcoming"
    answer = await deployment.why("once")
    assert answer["next"]["reason"] == "scheduler_down"
    assert answer["next"]["in_sec"] < 0
    assert "app.services.scheduler.main" in answer["next"]["next_step"]
    fleet.start("scheduler")
    missed = await deployment.until_explained("missed", "once")
    _check_downtime(missed)
    assert "misfire: run_all" in missed["next_step"]
    skipped = await deployment.until_explained("misfire_skip", "none")
    _check_downtime(skipped)
    assert "misfire: run_once" in skipped["next_step"]


def _has_run(answer: dict[str, Any]) -> bool:
    return any(each["run_id"] for each in answer["occurrences"])


def _check_downtime(explained: dict[str, Any]) -> None:
    """Fail unless the reported downtime contains the range."""
    found = _DOWN.search(explained["text"])
    assert found is not None, explained
    assert (explained["outcome"], explained["slots"] >= 1) == ("missed", True)
    assert found[1] <= local(explained["from"]) <= local(explained["to"]) <= found[2]


async def test_run_of_a_dead_worker_fleet_is_explained(deployment: ExplainFixture, fleet: Fleet) -> None:
    """The only worker is killed: what comes after it waits, since when, and for what."""
    await deployment.create()
    (worker,) = fleet.start("worker")
    await deployment.until_status(await deployment.run(), "success")
    fleet.kill(worker)
    run_id = await deployment.run()
    answer = await deployment.until(
        lambda explained: explained["run"] and explained["run"]["reason"] == "no_worker"
    )
    assert answer["run"]["run_id"] == run_id
    assert "multi-job up" in answer["run"]["next_step"]

"""Names that stored jobs send to complete a sentence."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.models import JobSpec
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.planner.models import NoteKind, PlanRequest
from tests.support.planner.planner_fixture import PlannerFixture, open_planner
from tests.support.planner.planning import plan_text

WHO: dict[str, Any] = {"actor": "ana", "origin": "test"}
FAMILY = {"channel": "telegram", "to": "Keluarga"}


@pytest.fixture
def fixture(settings: Settings, queue: Queue) -> PlannerFixture:
    return open_planner(settings, SystemClock(), queue, read=plan_text)


async def save(jobs: JobStore, job_id: str, **inputs: Any) -> None:
    kind = "message.send" if "text" in inputs else "report.daily"
    await jobs.create(JobSpec(job_id=job_id, type=kind, inputs=inputs), **WHO)


async def places(fixture: PlannerFixture, prompt: str) -> list[dict[str, Any]]:
    plan = await fixture.desk.preview(PlanRequest(prompt))
    return [dict(job.spec.inputs) for job in plan.jobs]


@pytest.mark.parametrize("inputs", [{**FAMILY, "text": "halo"}, {"notify": FAMILY}])
async def test_name_that_a_stored_job_sends_to_is_its_place(
    fixture: PlannerFixture, jobs: JobStore, inputs: dict[str, Any]
) -> None:
    """The channel of that job is used, whatever the case."""
    await save(jobs, "a", **inputs)
    [found] = await places(fixture, "kirim pesan ke grup keluarga: makan malam")
    assert (found["channel"], found["to"]) == ("telegram", "Keluarga")


async def test_name_that_stored_jobs_send_to_in_two_places_is_none(
    fixture: PlannerFixture, jobs: JobStore
) -> None:
    """Neither of them is taken."""
    await save(jobs, "a", channel="slack", to="mama", text="x")
    await save(jobs, "b", channel="discord", to="mama", text="x")
    plan = await fixture.desk.preview(PlanRequest('kirim pesan "halo" ke mama'))
    assert (plan.jobs, plan.doubts) == ((), {NoteKind.QUESTION})


async def test_sentence_without_unknown_names_looks_for_none(
    fixture: PlannerFixture, link: RedisLink
) -> None:
    """Its plan costs as many round trips as before."""
    await fixture.desk.preview(PlanRequest("kirim wa ke 0811: halo"))
    before = link.round_trips
    await fixture.desk.preview(PlanRequest("kirim wa ke 0811: halo"))
    assert link.round_trips - before == 2

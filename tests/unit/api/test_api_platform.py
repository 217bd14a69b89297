"""Runs, and the routes about the deployment, on stand-ins."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.activity.heartbeat import UNHEALTHY_AFTER_SEC
from app.core.activity.readiness import ReadinessCheck
from app.core.errors import ConfigurationError, NotDurable, RedisUnavailable
from app.core.models import RunStatus
from app.core.records import EventRecord, InstanceInfo, LogLine
from app.services.api.schemas.platform import EventBody, Health, JobTypeBody, Readiness, WorkerBody
from app.services.api.schemas.queues import QueueBody
from app.services.api.schemas.runs import LogLineBody, RunBody, RunDetail
from tests.support.api.api_fakes import FakePlatform, fake_platform, fake_run

RUN_ID = "01J00000000000000000000000"


@pytest.fixture
def platform() -> FakePlatform:
    return fake_platform()


def instance(service: str, age_ms: int, **state: Any) -> InstanceInfo:
    return InstanceInfo(f"{service}-1", service, 1, "h", "0.1", 1000, 2000, age_ms, state)


async def test_runs_are_listed_and_read(platform: FakePlatform) -> None:
    """Lists leave the attempts out; a single run has them, with its result."""
    platform.runs.stored = [fake_run(RUN_ID), fake_run("a@5", RunStatus.RUNNING, 5)]
    async with platform.client() as client:
        listed = await client.get("/runs", params={"limit": 1, "status": "success"})
        single = await client.get(f"/runs/{RUN_ID}")
        running = await client.get("/runs/a@5")
    # The model computes `found` and refuses it as an input.
    assert listed.json()[0].keys() - RunBody.model_fields.keys() == {"found"}
    assert single.json().keys() - RunDetail.model_fields.keys() == {"found"}
    assert listed.links["next"]["url"] == "/runs?limit=1&status=success&cursor=7"
    assert single.json()["result"] == {"success": True, "output": {"n": 1}, "error": None, "duration_ms": 1}
    assert running.json()["result"] is None
    assert running.json()["slot_at"] == "1970-01-01T00:00:00.005Z"


@pytest.mark.parametrize(
    "query", ["status=done", "since=yesterday", "until=2026-01-01", "since=2026-01-01T00:00:00", "q="]
)
async def test_runs_refuse_bad_queries(platform: FakePlatform, query: str) -> None:
    """A query that does not fit is a 422 that names it."""
    async with platform.client() as client:
        answer = await client.get(f"/runs?{query}")
    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(f"/query/{query.partition('=')[0]}")


async def test_run_logs_are_lines(platform: FakePlatform) -> None:
    """Each line has its time, level, words and fields."""
    platform.runs.stored = [fake_run(RUN_ID)]
    platform.runs.lines = [LogLine(1, "info", "hello", {"n": 1}, 1)]
    async with platform.client() as client:
        answer = await client.get(f"/runs/{RUN_ID}/logs")
        missing = await client.get("/runs/nope/logs")
    LogLineBody.model_validate(answer.json()[0])
    assert missing.status_code == 404


@pytest.mark.parametrize(
    ("word", "status", "code", "answered"),
    [
        ("CANCELLED", RunStatus.CANCELLED, 200, "cancelled"),
        ("REQUESTED", RunStatus.RUNNING, 202, "running"),
        ("TERMINAL", RunStatus.CANCELLED, 200, "cancelled"),
        ("TERMINAL", RunStatus.SUCCESS, 409, None),
    ],
)
async def test_cancel_answers_what_it_came_to(
    platform: FakePlatform, word: str, status: RunStatus, code: int, answered: str | None
) -> None:
    """Done, asked for, done before, or too late."""
    platform.queue.cancel_word = word
    platform.runs.stored = [fake_run(RUN_ID, status)]
    async with platform.client() as client:
        answer = await client.post(f"/runs/{RUN_ID}/cancel")
    assert answer.status_code == code
    if answered is None:
        assert answer.json()["code"] == "state_conflict"
    else:
        assert answer.json() == {"run_id": RUN_ID, "status": answered, "cancel_requested": True}


async def test_readyz_tells_how_each_service_is(platform: FakePlatform) -> None:
    """Ready if all is well; degraded, and still 200, if something is missing that nothing waits for."""
    async with platform.client() as client:
        well = await client.get("/readyz")
        platform.readiness.found["connector"] = ReadinessCheck("missing", None, 0, "gone", "multi-job up")
        degraded = await client.get("/readyz")
    assert (well.status_code, well.json()["status"]) == (200, "ready")
    assert (degraded.status_code, degraded.json()["status"]) == (200, "degraded")
    Readiness.model_validate(degraded.json())
    assert degraded.json()["checks"]["connector"] == {
        "status": "missing",
        "age_ms": None,
        "instances": 0,
        "reason": "gone",
        "next_step": "multi-job up",
    }


async def test_readyz_is_503_while_work_waits_in_vain(platform: FakePlatform) -> None:
    """The body names the service and the reason."""
    platform.readiness.found["worker"] = ReadinessCheck(
        "stalled", 5, 1, "none starts", "multi-job doctor", blocks=True
    )
    async with platform.client() as client:
        answer = await client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unready")
    assert answer.json()["checks"]["worker"]["status"] == "stalled"
    assert "retry-after" in answer.headers


@pytest.mark.parametrize("error", [RedisUnavailable("10.0.0.7 is away"), TimeoutError()])
async def test_readyz_is_503_without_redis(platform: FakePlatform, error: Exception) -> None:
    """Not ready is not dead: /healthz is still 200. No address is shown."""
    platform.readiness.fails_with = error
    async with platform.client() as client:
        answer = await client.get("/readyz")
        healthy = await client.get("/healthz")
    assert (answer.status_code, answer.json()["status"]) == (503, "unready")
    assert answer.json()["checks"]["redis"]["status"] == "missing"
    assert "10.0.0.7" not in answer.text
    assert "retry-after" in answer.headers
    assert (healthy.status_code, healthy.json()["status"]) == (200, "healthy")


async def test_readyz_is_refusing_while_redis_confirms_nothing(platform: FakePlatform) -> None:
    """Redis answers, but no write is as durable as DURABILITY asks: nothing can be acknowledged."""
    platform.readiness.fails_with = NotDurable("not confirmed")
    async with platform.client() as client:
        answer = await client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json()["checks"]["redis"]["status"] == "refusing"
    assert answer.json()["checks"]["redis"]["reason"] == "not confirmed"


async def test_healthz_is_503_once_the_process_could_not_work_for_a_minute(platform: FakePlatform) -> None:
    """A short outage is no reason to restart it; the reason is the last failure; one success ends it."""
    health = platform.app.state.services.health
    async with platform.client() as client:
        health.failed("Redis is out of reach")
        platform.clock.advance(UNHEALTHY_AFTER_SEC)
        patient = await client.get("/healthz")
        platform.clock.advance(1)
        sick = await client.get("/healthz")
        health.worked()
        well = await client.get("/healthz")
    assert patient.status_code == 200
    Health.model_validate(sick.json())
    assert (sick.status_code, sick.json()["status"]) == (503, "unhealthy")
    assert "61 s" in sick.json()["reason"]
    assert "out of reach" in sick.json()["reason"]
    assert (well.status_code, well.json()["reason"]) == (200, None)


async def test_healthz_of_a_misconfigured_process_is_503_at_once(platform: FakePlatform) -> None:
    """Waiting does not help."""
    platform.app.state.services.health.misconfigured("must not be used")
    async with platform.client() as client:
        answer = await client.get("/healthz")
    assert (answer.status_code, answer.json()["reason"]) == (503, "must not be used")


async def test_refused_redis_is_never_used(platform: FakePlatform) -> None:
    """A Redis that may evict keys serves no request, and the reason stays in the log."""
    platform.app.state.services.refusal = ConfigurationError("canary")
    async with platform.client() as client:
        answer = await client.post("/jobs", json={"job_id": "a", "type": "test.load"})
        ready = await client.get("/readyz")
    assert (answer.status_code, answer.json()["code"]) == (500, "configuration")
    assert "canary" not in answer.text
    assert ready.status_code == 503
    assert platform.jobs.stored == {}


async def test_job_types_describe_their_inputs(platform: FakePlatform) -> None:
    """Each type has the JSON Schema of its inputs, its tools and its defaults."""
    async with platform.client() as client:
        types = (await client.get("/job-types")).json()
    for each in types:
        JobTypeBody.model_validate(each)
    load = next(each for each in types if each["type"] == "test.load")
    assert load["inputs"]["properties"]["duration_ms"]["minimum"] == 0
    assert load["defaults"]["timeout_ms"] == 1234


async def test_workers_queue_and_events_have_their_shapes(platform: FakePlatform) -> None:
    """Workers, lanes and events are what their models say."""
    platform.heartbeats.items = [instance("worker", 5, concurrency=4, running=["r"], draining=True)]
    platform.events.items = [
        EventRecord("1-0", "run.success", 1, "a", "r", 1, 2),
        EventRecord("2-0", "history.purged", 2, data={"status": "odd"}),
        EventRecord("3-0", "run.progress", 3, data={"value": 1}),
    ]
    async with platform.client() as client:
        workers = (await client.get("/workers")).json()
        queue = (await client.get("/queue")).json()
        events = (await client.get("/events", params={"after": "0-0"})).json()
        bad = await client.get("/events", params={"after": "x"})
    WorkerBody.model_validate(workers[0])
    assert (workers[0]["concurrency"], workers[0]["running"], workers[0]["draining"]) == (4, ["r"], True)
    QueueBody.model_validate(queue)
    for event in events:
        EventBody.model_validate(event)
    assert [event["status"] for event in events] == ["success", "odd", None]
    assert bad.status_code == 422

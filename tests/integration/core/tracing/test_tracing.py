"""Tracing across real processes: a caller's trace goes through request, run and tool calls, and out."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.tracing.spans import TraceContext, parse_traceparent
from tests.support.api.api_process import Api, running_api
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.faults.processes import Service, base_environment
from tests.support.http.fake_collector import FakeCollector
from tests.support.http.fake_remote import FakeRemote, Reply, Request
from tests.support.waiting import wait_until

CALLER = TraceContext("0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331")


class Website(FakeRemote):
    """Answers whatever it is asked."""

    def answer(self, request: Request) -> Reply:
        return Reply(200, {"up": True})


@pytest.fixture
def website() -> Iterator[Website]:
    with Website() as website:
        yield website


@pytest.fixture
def collector() -> Iterator[FakeCollector]:
    with FakeCollector() as collector:
        yield collector


def environment(redis: EmbeddedRedis, home: Path, endpoint: str, website: Website) -> dict[str, str]:
    return {
        "REDIS_URL": redis.url,
        "NAMESPACE": f"t{os.getpid()}-{home.name[-12:]}",
        "MULTI_JOB_HOME": str(home),
        "HTTP_ALLOW_PRIVATE": f"127.0.0.1:{website.port}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        "OTEL_BSP_SCHEDULE_DELAY": "100",
    }


def run_once(api: Api, website: Website) -> str:
    """Create a job that asks the website and run it as part of the caller's trace; return the run's id."""
    spec = {"job_id": "site", "type": "monitor.http", "inputs": {"url": website.url}}
    assert api.client.post("/jobs", json=spec).status_code == 201
    accepted = api.client.post("/jobs/site/run", headers={"traceparent": CALLER.traceparent})
    assert accepted.status_code == 202, accepted.text
    run_id: str = accepted.json()["run_id"]
    wait_until(lambda: api.client.get(f"/runs/{run_id}").json()["status"] == "success", 180, "success")
    return run_id


def test_a_callers_trace_goes_through_the_run_and_out(
    redis_server: EmbeddedRedis, tmp_path: Path, collector: FakeCollector, website: Website
) -> None:
    """One chain: the caller's span, the request, the enqueue, the attempt, the call, the remote's header."""
    variables = environment(redis_server, tmp_path, collector.url, website)
    own = {**base_environment(), **variables, "LOG_LEVEL": "DEBUG"}
    worker = Service("worker", own, tmp_path / "worker.log")
    try:
        with running_api(redis_server.url, tmp_path, **variables) as api:
            wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
            run_id = run_once(api, website)
            wait_until(lambda: bool(collector.named("http.request")), 180, "the worker's spans")
            wait_until(lambda: bool(collector.named("POST /jobs/{job_id}/run")), 180, "the request's span")
    finally:
        worker.end_all()
    (request,) = collector.named("POST /jobs/{job_id}/run")
    (enqueue,) = collector.named("enqueue monitor.http")
    (attempt,) = collector.named("run monitor.http")
    (call,) = collector.named("http.request")
    chain = [request, enqueue, attempt, call]
    assert {span.trace_id for span in chain} == {CALLER.trace_id}
    assert [span.parent_id for span in chain] == [CALLER.span_id, *(span.span_id for span in chain[:-1])]
    assert attempt.attributes["multi_job.run_id"] == run_id
    assert (request.service, attempt.service) == ("multi-job-api", "multi-job-worker")
    logged = {line["event"]: line for line in worker.lines() if line.get("run_id") == run_id}
    started, ended = logged["run started"], logged["run ended"]
    assert (started["level"], ended["level"]) == ("debug", "info")
    assert {line["trace_id"] for line in (started, ended)} == {CALLER.trace_id}
    assert (ended["job_id"], ended["status"], ended["attempt"]) == ("site", "success", 1)
    sent = parse_traceparent(website.requests[-1].headers["traceparent"])
    assert sent == TraceContext(CALLER.trace_id, call.span_id)


def test_a_collector_that_is_away_costs_nothing_but_its_spans(
    redis_server: EmbeddedRedis, tmp_path: Path, website: Website
) -> None:
    """Runs succeed, and both processes stop in good time."""
    variables = environment(redis_server, tmp_path, f"http://127.0.0.1:{free_port()}", website)
    worker = Service("worker", {**base_environment(), **variables}, tmp_path / "worker.log")
    try:
        with running_api(redis_server.url, tmp_path, **variables) as api:
            wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
            run_once(api, website)
            api.process.terminate()
            api.process.wait(20)
    finally:
        worker.end_all()

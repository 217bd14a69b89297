"""The metrics of jobs from a handler's report to `GET /metrics`, with real processes."""

from __future__ import annotations

import asyncio
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest
from prometheus_client.parser import text_string_to_metric_families

from app.core.models import JobSpec
from app.core.statistics.prometheus import render_metrics
from tests.support.api.api_process import running_api
from tests.support.embedded_redis import free_port
from tests.support.faults.processes import Service, base_environment
from tests.support.http.fake_remote import FakeRemote, Reply, Request
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.specs.store import JobStore
    from app.core.storage.keys import Keys
    from tests.support.embedded_redis import EmbeddedRedis

MONITORS = 2_000


class Website(FakeRemote):
    """A site that is up."""

    def answer(self, request: Request) -> Reply:
        return Reply(200, {"up": True})


@pytest.fixture
def website() -> Iterator[Website]:
    with Website() as website:
        yield website


def values(text: str, name: str) -> dict[str, float]:
    """Return the values of one metric by job."""
    families = text_string_to_metric_families(text)
    samples = (sample for family in families for sample in family.samples if sample.name == name)
    return {sample.labels["job_id"]: sample.value for sample in samples}


def test_monitors_show_up_and_down_at_metrics(
    redis_server: EmbeddedRedis, tmp_path: Path, website: Website
) -> None:
    """Two monitors run: one site answers, one does not; a deleted job is gone from the next scrape."""
    closed = free_port()
    variables = {
        "REDIS_URL": redis_server.url,
        "NAMESPACE": f"m{os.getpid()}",
        "MULTI_JOB_HOME": str(tmp_path),
        "HTTP_ALLOW_PRIVATE": f"127.0.0.1:{website.port},127.0.0.1:{closed}",
    }
    worker = Service("worker", {**base_environment(), **variables}, tmp_path / "worker.log")
    try:
        with running_api(redis_server.url, tmp_path, **variables) as api:
            wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
            for job_id, url in (("site", website.url), ("gone", f"http://127.0.0.1:{closed}/")):
                spec = {"job_id": job_id, "type": "monitor.http", "inputs": {"url": url}}
                assert api.client.post("/jobs", json=spec).status_code == 201
                assert api.client.post(f"/jobs/{job_id}/run").status_code == 202
            up = "multi_job_job_http_up"
            wait_until(lambda: len(values(api.client.get("/metrics").text, up)) == 2, 180, "both are shown")
            text = api.client.get("/metrics").text
            assert values(text, up) == {"site": 1, "gone": 0}
            assert values(text, "multi_job_job_http_latency_ms").keys() == {"site"}
            assert api.client.delete("/jobs/gone").status_code in {200, 204}
            assert values(api.client.get("/metrics").text, up) == {"site": 1}
    finally:
        worker.end_all()


async def test_delete_ends_the_metrics_of_a_job(link: RedisLink, keys: Keys, jobs: JobStore) -> None:
    """Neither values nor its place in the list stay."""
    await jobs.create(JobSpec(job_id="a", type="simulation.load"), actor="t", origin="t")
    await link.call("HSET", keys.tool_metrics("a"), "#", "1", "type|n", "counter", "n|{}", "1")
    await link.call("ZADD", keys.tool_metrics_jobs, 1, "a")
    await jobs.delete("a", actor="t")
    assert await link.call("EXISTS", keys.tool_metrics("a"), keys.tool_metrics_jobs) == 0


async def test_many_monitors_leave_the_loop_free(link: RedisLink, keys: Keys, settings: Settings) -> None:
    """A scrape of 2,000 monitors runs in steps: another task gets its turn hundreds of times meanwhile."""
    await store_monitors(link, keys, MONITORS)
    turns, over = 0, False

    async def other() -> None:
        nonlocal turns
        while not over:
            turns += 1
            await asyncio.sleep(0)

    concurrent = asyncio.create_task(other())
    text = (await render_metrics(link, keys)).decode()
    over = True
    await concurrent
    assert len(values(text, "multi_job_job_http_up")) == MONITORS
    assert turns >= MONITORS // 50


@pytest.mark.skipif(
    shutil.which("promtool") is None and not os.environ.get("CI"),
    reason="promtool (Debian: promtool) is not installed",
)
async def test_promtool_accepts_the_text(link: RedisLink, keys: Keys, settings: Settings) -> None:
    """Prometheus' own checker finds no syntax error."""
    await store_monitors(link, keys, 3)
    text = await render_metrics(link, keys)
    checked = await asyncio.to_thread(
        subprocess.run, ["promtool", "check", "metrics"], input=text, capture_output=True, check=False
    )
    # Code 3 is for advice on names, which handlers choose.
    assert checked.returncode in {0, 3}, checked.stderr.decode()
    assert b"error while linting" not in checked.stderr


async def store_monitors(link: RedisLink, keys: Keys, count: int) -> None:
    """Store two gauges and a histogram for each of so many jobs."""
    names = [f"monitor-{number}" for number in range(count)]
    histogram = [part for bound in (50, 100, 500) for part in (f'took|{{"a":"b"}}|le:{bound}', "3")]
    fields = ["#", "3", "type|http_up", "gauge", "type|http_latency_ms", "gauge", "type|took", "histogram"]
    fields += ["http_up|{}", "1.0", "http_latency_ms|{}", "12.5", "@http_up|{}", "9" * 15]
    fields += ["@http_latency_ms|{}", "9" * 15, *histogram, 'took|{"a":"b"}|sum', "812.5"]
    for start in range(0, count, 500):
        some = names[start : start + 500]
        await link.calls([("HSET", keys.tool_metrics(name), *fields) for name in some])
        await link.calls([("ZADD", keys.tool_metrics_jobs, start, name) for name in some])

"""Requests while Redis is stopped or gone: every route returns 503 soon."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from tests.support.api.api_process import Api, running_api
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.waiting import wait_until

# Twice the stated 3 s: this machine may be busy with other things.
BOUND_SEC = 6.0
CALLS: list[tuple[str, str, dict[str, Any]]] = [
    ("POST", "/jobs/demo/run", {}),
    ("POST", "/jobs", {"job_id": "second", "type": "simulation.load"}),
    ("PUT", "/jobs/demo", {"type": "simulation.load", "inputs": {"duration_ms": 20}}),
    ("POST", "/planner/execute", {"prompt": "buat laporan harian jam 07:00", "force_rule_based": True}),
    ("POST", "/keys", {"name": "ana", "role": "viewer"}),
]


@pytest.fixture
def redis(tmp_path: Path) -> Generator[EmbeddedRedis]:
    with EmbeddedRedis(data_dir=tmp_path / "redis") as server:
        yield server


@pytest.fixture
def api(redis: EmbeddedRedis, tmp_path: Path) -> Generator[Api]:
    with running_api(redis.url, tmp_path, REQUEST_PATIENCE_SEC="2") as api:
        wait_until(lambda: api.status("/jobs") == 200, 180, "the API serves")
        assert api.client.post("/jobs", json={"job_id": "demo", "type": "simulation.load"}).status_code == 201
        yield api


@pytest.mark.parametrize("fault", ["stopped", "gone"])
def test_post_without_redis_answers_503_within_3_seconds(redis: EmbeddedRedis, api: Api, fault: str) -> None:
    """A stopped server takes connections and answers nothing; a dead one refuses them."""
    harm, mend = (redis.pause, redis.resume) if fault == "stopped" else (redis.kill, redis.start)
    harm()
    for method, path, body in CALLS:
        answer = api.client.request(method, path, json=body, timeout=30)
        assert (answer.status_code, answer.json()["code"]) == (503, "redis_unavailable"), answer.text
        assert answer.elapsed.total_seconds() <= BOUND_SEC, (method, path)
    mend()
    wait_until(lambda: api.client.post("/jobs/demo/run").status_code == 202, 180, "the API works again")

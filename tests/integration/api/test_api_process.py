"""The API as a process: started as documented, with Redis away, and stopped."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

from redis import Redis

from app.core.process import EXIT_MISCONFIGURED
from app.core.storage.keys import Keys
from app.local.processes import last_lines
from tests.support.api.api_process import HOST, running_api
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.waiting import wait_until

NEED_REDIS = (
    "/jobs",
    "/queue",
    "/workers",
    "/events",
    "/metrics",
    "/runs/a@1/logs",
    "/platform",
    "/runs/counts",
)


def test_api_starts_without_redis_and_finds_it_again(tmp_path: Path) -> None:
    """Redis away at the start and later is a 503 with Retry-After, and it comes back by itself."""
    server = EmbeddedRedis(data_dir=tmp_path / "redis", port=free_port())
    server.data_dir.mkdir()
    url = f"redis://{HOST}:{server.port}/0"
    with running_api(url, tmp_path, REQUEST_PATIENCE_SEC="2") as api:
        wait_until(lambda: api.status("/healthz") == 200, 180, "the process answers")
        ready = api.client.get("/readyz")
        assert (ready.status_code, ready.json()["status"]) == (503, "unready")
        refused = api.client.get("/jobs")
        assert (refused.status_code, refused.json()["code"]) == (503, "redis_unavailable")
        assert int(refused.headers["retry-after"]) > 0
        with server:
            wait_until(lambda: api.status("/readyz") == 200, 180, "ready once Redis is there")
            assert api.status("/jobs") == 200
            server.kill()
            wait_until(lambda: api.status("/readyz") == 503, 180, "not ready while Redis is gone")
            # Each has a patience of its own with Redis, so they are asked at the same time.
            with ThreadPoolExecutor(len(NEED_REDIS)) as pool:
                statuses = dict(zip(NEED_REDIS, pool.map(api.status, NEED_REDIS), strict=True))
            assert statuses == dict.fromkeys(NEED_REDIS, 503)
            server.start()
            wait_until(lambda: api.status("/readyz") == 200, 180, "ready again")
        assert api.process.poll() is None


def test_api_refuses_a_redis_that_may_evict(tmp_path: Path) -> None:
    """With another maxmemory-policy than noeviction it does not start and says what to change."""
    extra = ("--maxmemory-policy", "allkeys-lru")
    with EmbeddedRedis(extra=extra) as server, running_api(server.url, tmp_path) as api:
        assert api.process.wait(30) == EXIT_MISCONFIGURED
        assert "noeviction" in api.log.read_text()


def test_api_with_settings_that_cannot_work_ends_with_one_line(
    redis_server: EmbeddedRedis, tmp_path: Path
) -> None:
    """As each service: no traceback, the code of a misconfiguration, and a reason."""
    record = Keys(namespace := f"p{os.getpid()}e").shard_layout
    with cast("Any", Redis).from_url(redis_server.url) as redis:
        redis.hset(record, "layout", "2:feed")
        with running_api(redis_server.url, tmp_path, NAMESPACE=namespace) as api:
            assert api.process.wait(30) == EXIT_MISCONFIGURED
        redis.delete(record)
    assert "Traceback" not in api.log.read_text()
    (reason,) = last_lines(api.log, 8)
    assert reason.startswith("SHARDS is 1, but the data in Redis has 2. Set SHARDS=2.")


def test_api_stops_in_good_time(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """SIGTERM ends it within seconds, and it takes itself off the list of the living."""
    with running_api(redis_server.url, tmp_path, NAMESPACE=f"p{os.getpid()}a") as api:
        wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
        api.process.send_signal(signal.SIGTERM)
        api.process.wait(10)
        log = api.log.read_text()
        assert '"event": "stopped"' in log
        assert "Traceback" not in log


def test_api_sees_the_address_of_its_socket(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """Through the real server: proxy headers and foreign names are refused, raw loopback is served."""
    with running_api(redis_server.url, tmp_path, NAMESPACE=f"p{os.getpid()}b") as api:
        wait_until(lambda: api.status("/readyz") == 200, 180, "ready")
        cases: list[tuple[dict[str, str], int]] = [
            ({}, 200),
            ({"X-Forwarded-For": "127.0.0.1"}, 401),
            ({"Host": "evil.example"}, 421),
            ({"Origin": "https://evil.example"}, 403),
        ]
        for headers, status in cases:
            assert api.client.get("/jobs", headers=headers).status_code == status, headers
        assert api.client.post("/jobs", content=_chunks()).status_code == 413


def _chunks() -> Iterator[bytes]:
    for _ in range(300):
        yield b" " * 1024


def test_openapi_is_served(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """The document that clients are generated from is what the process serves."""
    with running_api(redis_server.url, tmp_path, NAMESPACE=f"p{os.getpid()}c") as api:
        wait_until(lambda: api.status("/openapi.json") == 200, 180, "the document")
        document: dict[str, Any] = api.client.get("/openapi.json").json()
    assert "/jobs/{job_id}/run" in document["paths"]

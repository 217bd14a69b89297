"""The API's log about who is served: the way in to a container, and AUTH=off."""

from __future__ import annotations

import json
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import pytest

from app.core.home.local_key import LOCAL_KEY_FILE
from tests.support.api.api_process import Api, running_api
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.waiting import wait_until

OPEN, KEY = "docker compose exec api multi-job open", "docker compose exec api multi-job key"


@contextmanager
def started(redis: EmbeddedRedis, home: Path, **variables: str) -> Generator[Api]:
    with running_api(redis.url, home, NAMESPACE=f"p{os.getpid()}-{home.name[-12:]}", **variables) as api:
        wait_until(lambda: api.status("/readyz") == 200, 180, "the API is ready")
        yield api


def events(api: Api) -> list[str]:
    """Return the events of the log, once the first beat was written: it comes after the notice."""
    lines = (json.loads(line) for line in api.log.read_text("utf-8").splitlines() if line.startswith("{"))
    return [line["event"] for line in lines]


def notices(api: Api) -> list[str]:
    return [event for event in events(api) if "There is no key yet" in event]


def test_container_without_keys_says_how_to_sign_in(redis_server: EmbeddedRedis, tmp_path: Path) -> None:
    """Once, in both languages, with the commands and without the key itself; with a key it is silent."""
    with started(redis_server, tmp_path, MULTI_JOB_CONTAINER="1") as api:
        wait_until(lambda: notices(api) != [], 60, "the notice is there")
        [notice] = notices(api)
        assert OPEN in notice
        assert KEY in notice
        assert "Belum ada kunci" in notice
        key = (tmp_path / "runtime-data" / LOCAL_KEY_FILE).read_text("ascii").strip()
        assert key not in api.log.read_text("utf-8")
        assert api.client.get("/jobs").status_code == 401
        api.client.headers["Authorization"] = f"Bearer {key}"
        assert api.client.post("/keys", json={"name": "root", "role": "admin"}).status_code == 201
    with started(redis_server, tmp_path, MULTI_JOB_CONTAINER="1") as api:
        wait_until(lambda: "started" in events(api), 60, "it has started")
        assert notices(api) == []


def test_notice_waits_for_redis(tmp_path: Path) -> None:
    """Without the keys it does not know whether there are any."""
    server = EmbeddedRedis(data_dir=tmp_path / "redis", port=free_port())
    server.data_dir.mkdir()
    url = f"redis://127.0.0.1:{server.port}/0"
    with running_api(url, tmp_path, MULTI_JOB_CONTAINER="1", REQUEST_PATIENCE_SEC="0.2") as api:
        wait_until(lambda: api.status("/healthz") == 200, 180, "the process answers")
        assert api.status("/jobs") == 503
        assert notices(api) == []
        with server:
            wait_until(lambda: notices(api) != [], 180, "the notice is there")


@pytest.mark.parametrize(("auth", "warned"), [("off", True), ("auto", False)])
def test_auth_off_is_warned_of_at_each_start(
    redis_server: EmbeddedRedis, tmp_path: Path, auth: str, warned: bool
) -> None:
    """In both languages, and `/platform` says it to the dashboard."""
    for _ in range(2):
        with started(redis_server, tmp_path, AUTH=auth) as api:
            found = [event for event in events(api) if event.startswith("AUTH=off: everybody")]
            assert bool(found) is warned
            assert all("adalah admin" in event for event in found)
            assert api.client.get("/platform").json()["auth"] == auth
            assert notices(api) == []

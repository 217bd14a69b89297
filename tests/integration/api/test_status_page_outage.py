"""A status page while Redis is away: the last known state with its age, also after a restart of the API."""

from __future__ import annotations

from pathlib import Path

from tests.support.api.api_process import running_api
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.waiting import wait_until

HTML = {"Accept": "text/html"}


def test_the_last_known_state_is_served_while_redis_is_away(tmp_path: Path) -> None:
    """Redis is killed; then the API is started again without it. An unknown page is not found out."""
    with EmbeddedRedis(data_dir=tmp_path / "redis") as redis:
        with running_api(redis.url, tmp_path, REQUEST_PATIENCE_SEC="2") as api:
            wait_until(lambda: api.status("/jobs") == 200, 180, "the API serves")
            api.client.post("/jobs", json={"job_id": "site", "type": "simulation.load"})
            page = {"title": "Toko Maju", "monitors": [{"job_id": "site", "name": "Web shop"}]}
            api.client.put("/status-pages/shop", json=page | {"published": True})
            assert api.client.get("/status/shop").json()["stale"] is False
            redis.kill()
            wait_until(
                lambda: api.client.get("/status/shop").json()["stale"], 180, "the page is the last known"
            )
            shown = api.client.get("/status/shop", headers=HTML)
            assert (shown.status_code, "Web shop" in shown.text, "min old" in shown.text) == (200, True, True)
            assert api.client.get("/status/other").status_code == 503
        with running_api(redis.url, tmp_path, REQUEST_PATIENCE_SEC="2") as api:
            wait_until(lambda: api.status("/healthz") == 200, 180, "the API is up")
            again = api.client.get("/status/shop")
            assert (again.status_code, again.json()["stale"]) == (200, True)
            assert again.json()["age_sec"] >= 0
            assert api.client.get("/status/shop/badge.svg").status_code == 200

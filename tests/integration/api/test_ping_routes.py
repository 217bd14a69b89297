"""Ping URLs over HTTP: without a key, limited by token, shown to operators."""

from __future__ import annotations

import httpx
import pytest

from app.core.models import JobSpec
from app.core.specs.store import JobStore
from app.services.api.http.limits import FREE_FAILURES, PING_BURST
from app.services.api.http.middleware import MAX_PING_BODY_BYTES
from app.services.api.services import Services

JOB = "nightly-backup"


@pytest.fixture
async def job(jobs: JobStore) -> str:
    spec = JobSpec(job_id=JOB, type="monitor.heartbeat", inputs={"period_sec": 86_400})
    await jobs.create(spec, actor="t", origin="t")
    return JOB


@pytest.fixture
async def path(client: httpx.AsyncClient, job: str) -> str:
    body = (await client.get(f"/pings/{job}")).json()
    assert body["url"].endswith(body["path"])
    assert body["last"] is None
    return body["path"]


async def state(client: httpx.AsyncClient) -> tuple[str, str | None]:
    body = (await client.get(f"/monitors/{JOB}")).json()
    return body["state"], body["last_error"]


async def test_program_reports_by_get_head_or_post(client: httpx.AsyncClient, path: str) -> None:
    """The exit code decides; the body is kept, and shown on the monitor."""
    assert await state(client) == ("unknown", "no ping came yet")
    answer = await client.get(path)
    assert (answer.status_code, answer.text) == (200, "OK")
    assert await state(client) == ("up", None)
    answer = await client.post(f"{path}/2", content=b"disk full", headers={"content-type": "text/plain"})
    assert answer.status_code == 200
    assert await state(client) == ("down", "exit code 2")
    body = (await client.get(f"/monitors/{JOB}")).json()
    assert (body["ping"]["output"], body["ping"]["exit_code"], body["ping"]["kind"]) == (
        "disk full",
        2,
        "fail",
    )
    assert (await client.head(path)).status_code == 200
    assert await state(client) == ("up", None)
    assert (await client.post(f"{path}/fail")).status_code == 200
    indonesian = await client.get(f"/monitors/{JOB}", headers={"accept-language": "id"})
    assert indonesian.json()["last_error"] == "programnya melaporkan kegagalan"
    assert (await client.get(f"{path}/0")).status_code == 200
    assert (await client.head(f"{path}/start")).status_code == 200
    assert (await client.get(f"/pings/{JOB}")).json()["last"]["started_at"] is not None


async def test_a_ping_with_a_long_log_counts(client: httpx.AsyncClient, path: str) -> None:
    """Of more than other requests may send, the beginning is kept."""
    log = b"ok " * 200_000
    answer = await client.post(path, content=log, headers={"content-type": "text/plain"})
    assert (answer.status_code, await state(client)) == (200, ("up", None))
    body = (await client.get(f"/monitors/{JOB}")).json()
    assert body["ping"]["output"] == log[:10_000].decode()
    for size in (MAX_PING_BODY_BYTES + 1, 10**30):
        head = {"content-type": "text/plain", "content-length": str(size)}
        refused = await client.post(f"{path}/fail", content=b"short", headers=head)
        assert (refused.status_code, refused.json()["code"]) == (413, "body_too_large")
    assert await state(client) == ("up", None)


@pytest.mark.parametrize("public", ["", "https://jobs.example.com"])
async def test_url_is_the_one_of_outside_programs(
    client: httpx.AsyncClient, platform: Services, job: str, public: str
) -> None:
    """PUBLIC_URL, else the name that the API was called by."""
    platform.settings = platform.settings.model_copy(update={"public_url": public})
    base = public or str(client.base_url).rstrip("/")
    body = (await client.get(f"/pings/{job}")).json()
    assert body["url"] == base + body["path"]
    replaced = (await client.post(f"/monitors/{job}/token")).json()
    assert replaced["url"] == base + replaced["path"]


async def test_wrong_urls_are_not_found(client: httpx.AsyncClient, path: str) -> None:
    """A wrong token, an unknown event, and a token that was replaced."""
    for wrong in ("/ping/x", f"/ping/{'A' * 24}", f"{path}/stop", f"{path}/256", f"{path}/-1", f"{path}/²"):
        answer = await client.get(wrong)
        assert (answer.status_code, answer.json()["code"]) == (404, "ping_not_found")
    replaced = (await client.post(f"/monitors/{JOB}/token")).json()
    assert replaced["path"] != path
    assert (await client.get(path)).status_code == 404
    assert (await client.get(replaced["path"])).status_code == 200
    assert (await client.get("/pings/unknown")).json()["code"] == "monitor_not_found"


async def test_flood_of_one_url_refuses_no_other(
    client: httpx.AsyncClient, path: str, jobs: JobStore
) -> None:
    """A token has its own limit; wrong tokens are counted by address, and refuse wrong ones only."""
    spec = JobSpec(job_id="other", type="monitor.heartbeat", inputs={"period_sec": 60})
    await jobs.create(spec, actor="t", origin="t")
    other = (await client.get("/pings/other")).json()["path"]
    statuses = [(await client.get(path)).status_code for _ in range(PING_BURST + 20)]
    assert statuses[:PING_BURST] == [200] * PING_BURST
    assert 429 in statuses
    wrong = [(await client.get(f"/ping/{'A' * 24}")).status_code for _ in range(FREE_FAILURES + 5)]
    assert wrong[:FREE_FAILURES] == [404] * FREE_FAILURES
    assert 429 in wrong
    answer = await client.get(other)
    assert answer.status_code == 200

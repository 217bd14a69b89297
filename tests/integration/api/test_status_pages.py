"""Status pages: their settings, what readers see, and what they do not."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import httpx
import pytest

from app.core.access.api_keys import Role
from app.core.clock import SystemClock
from app.core.execution.attempt import encode_check
from app.core.models import JobSpec
from app.core.monitors.models import MonitorReport
from app.core.specs.store import JobStore
from app.services.api.services import Services
from tests.support.queue.queue_driver import QueueDriver

UP = MonitorReport("up", "https://internal.example/health?x=1", "monitor:internal.example", latency_ms=40)
DOWN = replace(UP, state="down", reason="status", detail="status 503 at 10.1.2.3")
ACCOUNT = MonitorReport("up", "telegram bot_a01", "account:telegram:bot_a01")
PAGE: dict[str, Any] = {
    "title": "Toko Maju",
    "monitors": [
        {"job_id": "monitor-secret-site", "name": "Web shop"},
        {"job_id": "monitor-secret-bot", "name": "Chat"},
    ],
    "published": True,
}
INTERNALS = [
    "monitor-secret",
    "internal.example",
    "10.1.2.3",
    "bot_a01",
    "telegram",
    "503",
    "inc1",
    "status 5",
]
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


async def check(driver: QueueDriver, job_id: str, report: MonitorReport, before_ms: int = 0) -> None:
    """End a run of a monitor that was started a time ago."""
    job_type = await driver.link.call("HGET", driver.keys.job(job_id), "type")
    run = await driver.start(job_id, type=job_type)
    started = SystemClock().now_ms() - before_ms
    await driver.link.call("HSET", driver.keys.run(run.run_id), "started", started)
    await driver.finish(run, check=encode_check(report))


@pytest.fixture
async def monitors(jobs: JobStore, driver: QueueDriver) -> None:
    for job_id in ("monitor-secret-site", "monitor-secret-bot"):
        await jobs.create(JobSpec(job_id=job_id, type="test.load"), actor="ani", origin="api")
    await check(driver, "monitor-secret-site", UP, 60_000)
    await check(driver, "monitor-secret-site", DOWN)
    await check(driver, "monitor-secret-bot", ACCOUNT, 30_000)
    await check(driver, "monitor-secret-bot", ACCOUNT)


async def test_a_page_lives_from_creation_to_removal(client: httpx.AsyncClient, monitors: None) -> None:
    """Put, get, list, replace, delete: each sees the write before it."""
    put = await client.put("/status-pages/shop", json=PAGE)
    body = put.json()
    assert (put.status_code, body["slug"], body["path"]) == (200, "shop", "/status/shop")
    assert (body["monitors"], body["language"]) == (PAGE["monitors"], None)
    assert (await client.get("/status-pages/shop")).json() == body
    assert [each["slug"] for each in (await client.get("/status-pages")).json()] == ["shop"]
    await client.put("/status-pages/shop", json=PAGE | {"title": "Toko Baru"})
    assert (await client.get("/status/shop")).json()["title"] == "Toko Baru"
    assert (await client.delete("/status-pages/shop")).json() == {"slug": "shop", "status": "deleted"}
    gone = await client.get("/status-pages/shop")
    assert (gone.status_code, gone.json()["code"]) == (404, "status_page_not_found")
    assert (await client.get("/status/shop")).status_code == 404
    assert (await client.delete("/status-pages/shop")).status_code == 404


async def test_readers_see_the_state_and_no_internals(client: httpx.AsyncClient, monitors: None) -> None:
    """As data, as a page in both languages, and as a badge: no id, host, account, path or error."""
    await client.put("/status-pages/shop", json=PAGE)
    data = (await client.get("/status/shop")).json()
    assert [(each["name"], each["state"]) for each in data["monitors"]] == [
        ("Web shop", "down"),
        ("Chat", "up"),
    ]
    assert (data["state"], data["stale"]) == ("down", False)
    assert [(each["name"], each["state"]) for each in data["incidents"]] == [("Web shop", "down")]
    assert [len(each["days"]) for each in data["monitors"]] == [90, 90]
    assert data["monitors"][1]["days"][-1]["state"] == "up"
    shown = [
        (await client.get("/status/shop")).text,
        (await client.get("/status/shop?lang=en", headers=HTML)).text,
        (await client.get("/status/shop?lang=id", headers=HTML)).text,
        (await client.get("/status/shop/badge.svg", headers={"Accept": "*/*"})).text,
    ]
    assert "<html" in shown[1]
    assert "mati sejak" in shown[2]
    assert "<svg" in shown[3]
    # An instant may end in .503.
    found = [word for text in shown for word in INTERNALS if re.search(rf"(?<![\d.]){re.escape(word)}", text)]
    assert found == []


async def test_an_unpublished_page_is_not_found(client: httpx.AsyncClient, monitors: None) -> None:
    """Neither the page, the data nor the badge; no unknown name either; and no page stays after its end."""
    await client.put("/status-pages/shop", json=PAGE)
    assert (await client.get("/status/shop")).status_code == 200
    await client.put("/status-pages/shop", json=PAGE | {"published": False})
    for path in ("/status/shop", "/status/shop/badge.svg", "/status/other", "/status/..%2Fshop"):
        assert (await client.get(path, headers={"Accept": "*/*"})).status_code == 404, path


async def test_a_page_with_a_deleted_job_can_be_taken_back(
    client: httpx.AsyncClient, jobs: JobStore, monitors: None
) -> None:
    """Its job shows as not watched; a new page may not name it."""
    await client.put("/status-pages/shop", json=PAGE)
    await jobs.delete("monitor-secret-bot", actor="ani")
    [_site, chat] = (await client.get("/status/shop")).json()["monitors"]
    assert (chat["name"], chat["state"]) == ("Chat", "unknown")
    assert (await client.put("/status-pages/shop", json=PAGE | {"published": False})).status_code == 200
    assert (await client.get("/status/shop")).status_code == 404
    assert (await client.put("/status-pages/other", json=PAGE)).status_code == 422


async def test_a_page_can_be_kept_for_30_seconds(client: httpx.AsyncClient, monitors: None) -> None:
    """Caches know the content by its tag; the policy allows no script; the language is part of the key."""
    await client.put("/status-pages/shop", json=PAGE)
    first = await client.get("/status/shop", headers=HTML | {"Accept-Language": "id"})
    assert first.headers["content-type"] == "text/html; charset=utf-8"
    assert first.headers["cache-control"] == "public, max-age=30"
    assert first.headers["content-language"] == "id"
    assert first.headers["vary"] == "Accept, Accept-Language"
    assert first.headers["content-security-policy"].startswith("default-src 'none'; style-src 'sha256-")
    again = await client.get(
        "/status/shop",
        headers=HTML | {"Accept-Language": "id", "If-None-Match": first.headers["etag"]},
    )
    assert (again.status_code, again.content) == (304, b"")
    other = await client.get("/status/shop", headers=HTML | {"Accept-Language": "en"})
    assert other.headers["etag"] != first.headers["etag"]


async def test_a_page_has_its_own_language(client: httpx.AsyncClient, monitors: None) -> None:
    """The reader's choice comes first, then the page's, then the browser's."""
    await client.put("/status-pages/shop", json=PAGE | {"language": "id"})
    headers = HTML | {"Accept-Language": "en"}
    assert (await client.get("/status/shop", headers=headers)).headers["content-language"] == "id"
    assert (await client.get("/status/shop?lang=en", headers=headers)).headers["content-language"] == "en"


@pytest.mark.parametrize(
    ("change", "pointer"),
    [
        ({"monitors": [{"job_id": "none-such", "name": "Shop"}]}, "/monitors/0/job_id"),
        ({"monitors": [{"job_id": "monitor-secret-bot", "name": "monitor-secret-bot"}]}, "/monitors/0"),
        ({"monitors": [{"job_id": "monitor-secret-bot", "name": ""}]}, "/monitors/0/name"),
        ({"monitors": [{"job_id": "monitor-secret-bot", "name": f"n{n}"} for n in range(51)]}, "/monitors"),
        ({"title": "a\nb"}, "/title"),
        ({"language": "fr"}, "/language"),
    ],
)
async def test_a_page_that_does_not_fit_is_a_422(
    client: httpx.AsyncClient, monitors: None, change: dict[str, Any], pointer: str
) -> None:
    """The field is named, and nothing is stored."""
    answer = await client.put("/status-pages/shop", json=PAGE | change)
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert (await client.get("/status-pages")).json() == []


async def test_the_number_of_pages_is_bounded(
    client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that exists can still be changed."""
    monkeypatch.setattr("app.core.status_pages.store.MAX_PAGES", 1)
    empty: dict[str, Any] = {"title": "Empty", "monitors": []}
    assert (await client.put("/status-pages/a", json=empty)).status_code == 200
    assert (await client.put("/status-pages/b", json=empty)).json()["code"] == "limit_exceeded"
    assert (await client.put("/status-pages/a", json=empty)).status_code == 200


async def test_a_monitor_that_has_reported_nothing_is_not_watched(
    client: httpx.AsyncClient, jobs: JobStore
) -> None:
    """Its job exists; the page has no state of it yet."""
    await jobs.create(JobSpec(job_id="new-one", type="test.load"), actor="ani", origin="api")
    shown = PAGE | {"monitors": [{"job_id": "new-one", "name": "Payments"}]}
    await client.put("/status-pages/shop", json=shown)
    [monitor] = (await client.get("/status/shop")).json()["monitors"]
    assert (monitor["state"], monitor["since"], monitor["uptime"]["d90"]) == ("unknown", None, None)
    assert {each["state"] for each in monitor["days"]} == {"unknown"}


async def test_readers_need_no_key_and_writers_do(
    client: httpx.AsyncClient, platform: Services, monitors: None
) -> None:
    """A deployment with keys serves its status pages, and nothing more, without one."""
    await client.put("/status-pages/shop", json=PAGE)
    await platform.api_keys.create("ops", Role.ADMIN, "test")
    await platform.key_cache.refresh()
    assert (await client.get("/status/shop")).status_code == 200
    assert (await client.get("/status-pages")).status_code == 401
    assert (await client.put("/status/shop", json={})).status_code == 401


async def test_maintenance_is_shown_while_it_lasts_and_before(
    client: httpx.AsyncClient, monitors: None
) -> None:
    """A window of a job hides its outage; one that begins within a week is announced; others are not."""
    await client.put("/status-pages/shop", json=PAGE)
    before = (await client.get("/status/shop")).json()
    assert [each["name"] for each in before["incidents"]] == ["Web shop"]
    windows = [
        ("job:monitor-secret-site", timedelta(hours=-1), timedelta(hours=1)),
        ("all", timedelta(days=2), timedelta(days=3)),
        ("all", timedelta(days=20), timedelta(days=21)),
        ("job:monitor-other", timedelta(hours=-1), timedelta(hours=1)),
    ]
    for scope, starts, ends in windows:
        now = SystemClock().now()
        window = {
            "scope": scope,
            "starts_at": (now + starts).isoformat(),
            "ends_at": (now + ends).isoformat(),
        }
        answer = await client.post("/maintenance", json=window | {"reason": "monitor-secret-site moves"})
        assert answer.is_success, answer.text
    await client.put("/status-pages/shop", json=PAGE)
    data = (await client.get("/status/shop")).json()
    assert [(each["names"], each["active"]) for each in data["maintenance"]] == [
        (["Web shop"], True),
        (["Web shop", "Chat"], False),
    ]
    assert {each["name"]: each["state"] for each in data["monitors"]} == {
        "Web shop": "maintenance",
        "Chat": "up",
    }
    assert data["incidents"] == []
    shown = (await client.get("/status/shop?lang=id", headers=HTML)).text
    assert "Pemeliharaan sedang berlangsung." in shown
    assert "monitor-secret" not in shown


async def test_monitors_of_one_name_are_told_apart(client: httpx.AsyncClient, monitors: None) -> None:
    """A window of one leaves the outage of the other on the page; one that is listed twice is shown twice."""
    listed = [
        {"job_id": job_id, "name": "Shop"}
        for job_id in ("monitor-secret-bot", "monitor-secret-site", "monitor-secret-site")
    ]
    await client.put("/status-pages/shop", json=PAGE | {"monitors": listed})
    now = SystemClock().now()
    window = {"scope": "job:monitor-secret-bot", "starts_at": now.isoformat()}
    ends = (now + timedelta(hours=1)).isoformat()
    assert (await client.post("/maintenance", json=window | {"ends_at": ends})).is_success
    await client.put("/status-pages/shop", json=PAGE | {"monitors": listed})
    data = (await client.get("/status/shop")).json()
    assert [each["state"] for each in data["monitors"]] == ["maintenance", "down", "down"]
    assert [each["name"] for each in data["incidents"]] == ["Shop", "Shop"]
    assert data["state"] == "down"

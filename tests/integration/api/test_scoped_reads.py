"""A key with a scope reads its own jobs, runs and what belongs to them, and nothing of others."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.access.api_keys import Role
from app.core.config import Settings
from app.core.redis_client import RedisLink
from app.services.api.app import create_app
from app.services.api.openapi.document import openapi_json
from tests.support.api.two_shops import OTHER, OTHER_JOBS, OWN_JOBS, REPORT, TwoShops, open_two_shops
from tests.support.queue.queue_driver import QueueDriver

DOCUMENT: dict[str, Any] = json.loads(openapi_json(create_app()))
READS = {
    path: operations["get"]
    for path, operations in DOCUMENT["paths"].items()
    if operations.get("get", {}).get("x-scope") in {"filter", "job", "run", "monitor", "incident"}
}
LISTS = [path for path in READS if "{" not in path and path != "/events/stream"]
OWN = {*OWN_JOBS, "shop-a-web", "shop-kiosk-web"}
OWN_RUNS_OF_EACH = 4
"""Dead, ended and waiting, and one of its monitor."""


@pytest.fixture
async def shops(settings: Settings, link: RedisLink, driver: QueueDriver) -> TwoShops:
    return await open_two_shops(settings, link, driver)


@pytest.fixture
async def client(shops: TwoShops) -> AsyncIterator[httpx.AsyncClient]:
    async with await shops.client(Role.VIEWER) as client:
        yield client


async def pages(client: httpx.AsyncClient, path: str, **query: Any) -> list[dict[str, Any]]:
    """Return all items of a list, page by page."""
    items: list[dict[str, Any]] = []
    answer = await client.get(path, params=query)
    for _ in range(100):
        assert answer.status_code == 200, answer.text
        assert OTHER not in answer.text
        items += answer.json()
        following = re.match(r'<([^>]+)>; rel="next"', answer.headers.get("link", ""))
        if following is None:
            return items
        answer = await client.get(following[1])
    raise AssertionError("the list does not end")


@pytest.mark.parametrize("path", LISTS)
async def test_no_list_shows_anything_of_other_jobs(
    shops: TwoShops, client: httpx.AsyncClient, path: str
) -> None:
    """With every parameter that the document has, with every value that would find them."""
    values: dict[str, list[Any]] = {
        "job_id": ["bakery-a", "bakery*", "*", REPORT],
        "tag": ["bakery", "daily", "shop"],
        "type": ["test.load", "test.report", "monitor.http"],
        "q": [OTHER, "of", shops.runs["bakery-a"], "abc"],
        "status": ["failed", "success", "scheduled"],
        "state": ["open", "closed"],
        "kind": ["monitor_down", "job_failing"],
        "topics": ["run", "job:bakery-a", f"run:{shops.runs['bakery-a']}", "incident", "queue"],
        "fingerprint": ["abc"],
        "trace_id": ["0" * 32],
        "enabled": ["true"],
        "trouble": ["true"],
        "cursor": [0, 1, 5, 2**52],
        "limit": [1, 2, 500],
        "worst": [1, 1000],
        "hours": [1, 168],
        "after": ["0"],
        "before": ["999999999999999"],
        "since": ["2020-01-01T00:00:00Z"],
        "until": ["2099-01-01T00:00:00Z"],
    }
    names = [each["name"] for each in READS[path].get("parameters", []) if each["in"] == "query"]
    assert set(names) <= values.keys()
    queries: list[dict[str, Any]] = [{}, *({name: value} for name in names for value in values[name])]
    pairs = itertools.combinations([name for name in names if name != "limit"], 2)
    queries += [{one: values[one][0], other: values[other][0], "limit": 2} for one, other in pairs]
    # The admin's key shows that there is something to hide.
    assert OTHER in (await shops.admin.get(path)).text
    for query in queries:
        answer = await client.get(path, params={k: v for k, v in query.items() if k in {*names, "limit"}})
        assert answer.status_code in {200, 422}, (query, answer.text)
        if answer.status_code == 200:
            assert OTHER not in answer.text, query
            assert int(answer.headers.get("x-total-count", "0")) <= len(OWN_JOBS)


@pytest.mark.parametrize("path", [path for path in READS if "{" in path])
async def test_no_id_of_another_job_is_answered(
    shops: TwoShops, client: httpx.AsyncClient, path: str
) -> None:
    """Exactly as an id that does not exist."""
    incidents = {each["jobs"][0]: each["id"] for each in await shops.ask("GET", "/incidents")}
    ids: dict[str, dict[str, list[str]]] = {
        "job_id": {"own": ["shop-a"], "foreign": [*OTHER_JOBS, "bakery-a-web", REPORT], "no": ["none"]},
        "run_id": {
            "own": [shops.runs["shop-a"], shops.dead["kiosk"], shops.waiting["kiosk"]],
            "foreign": [
                shops.runs["bakery-a"],
                shops.dead["bakery-b"],
                shops.waiting["bakery-a"],
                shops.runs[REPORT],
            ],
            "no": ["01BX5ZZKBKACTAV9WEVGEMMVS0"],
        },
        "incident_id": {
            "own": [incidents["shop-a-web"]],
            "foreign": [incidents["bakery-a-web"]],
            "no": ["inc0"],
        },
        "fingerprint": {"own": ["abc"], "foreign": [], "no": []},
        "calendar_name": {"own": ["holidays"], "foreign": [], "no": []},
    }
    if path.startswith("/monitors"):
        ids["job_id"]["own"] = ["shop-a-web"]
    (name,) = re.findall(r"\{(\w+)\}", path)

    async def ask(found: str) -> httpx.Response:
        return await client.get(path.replace(f"{{{name}}}", found))

    for own in ids[name]["own"]:
        answer = await ask(own)
        assert (answer.status_code, OTHER in answer.text) == (200, False)
    unknown = [(await ask(no), no) for no in ids[name]["no"]]
    for foreign in ids[name]["foreign"]:
        answer = await ask(foreign)
        assert answer.status_code == 404
        assert _plain(answer, foreign) == _plain(*unknown[0])


def _plain(answer: httpx.Response, asked: str) -> str:
    text = re.sub(r'"trace_id":"\w+"', "", answer.text).replace(asked, "ID")
    headers = {name: value for name, value in answer.headers.items() if "trace" not in name}
    return f"{answer.status_code} {text} { {**headers, 'content-length': ''} }"


async def test_own_jobs_and_runs_are_complete_page_by_page(
    shops: TwoShops, client: httpx.AsyncClient
) -> None:
    """Each once, whatever the size of a page, although every second record is of another shop."""
    for limit in (1, 2, 3, 500):
        jobs = await pages(client, "/jobs", limit=limit)
        assert sorted(job["job_id"] for job in jobs) == sorted(OWN)
        runs = await pages(client, "/runs", limit=limit)
        assert len(runs) == len({run["run_id"] for run in runs}) == OWN_RUNS_OF_EACH * len(OWN_JOBS)
        assert {run["job_id"] for run in runs} == OWN
    assert len(await pages(client, "/runs", limit=1, q="shop")) > 0
    assert len(await pages(client, "/runs", status="failed")) == len(OWN_JOBS)
    monitors = await client.get("/monitors")
    assert (len(monitors.json()), monitors.headers["x-total-count"]) == (2, "2")
    assert {job for each in await pages(client, "/incidents", limit=1) for job in each["jobs"]} <= OWN
    fires = (await client.get("/fires")).json()
    assert {job["job_id"] for job in fires["jobs"]} == set(OWN_JOBS)
    (holidays,) = (await client.get("/calendars")).json()
    assert set(holidays["jobs"]) == set(OWN_JOBS)
    types = {event["type"] for event in (await client.get("/events", params={"limit": 500})).json()}
    assert {"job.created", "run.queued", "run.failed", "monitor.down"} <= types


async def test_dead_letters_of_one_error_are_shown_to_each_its_own(
    shops: TwoShops, client: httpx.AsyncClient
) -> None:
    """Both shops have the error; count, text, jobs and runs are those of the scope."""
    groups = await client.get("/dead-letters")
    (group,) = groups.json()
    assert (group["fingerprint"], group["count"], groups.headers["x-total-count"]) == ("abc", 2, "2")
    assert group["error"]["message"] == "it broke at the shop"
    assert set(group["jobs"]) == set(OWN_JOBS)
    assert set(group["sample_run_ids"]) == {shops.dead[job] for job in OWN_JOBS}
    first = await client.get("/dead-letters/abc/runs", params={"limit": 1})
    second = await client.get("/dead-letters/abc/runs", params={"limit": 1, "cursor": 1})
    listed = [run["job_id"] for answer in (first, second) for run in answer.json()]
    assert sorted(listed) == sorted(OWN_JOBS)
    assert "link" not in second.headers


@pytest.mark.parametrize("q", ["bakery", "it broke at the bakery", '"city": "bakery"'])
async def test_search_does_not_say_that_other_jobs_have_a_text(client: httpx.AsyncClient, q: str) -> None:
    """The answer to a text that other runs have is the answer to one that none has, cursors included."""
    for limit in (1, 2, 500):
        for path in ("/runs", "/jobs"):
            found = await client.get(path, params={"q": q, "limit": limit})
            none = await client.get(path, params={"q": "x" * len(q), "limit": limit})
            headers = [
                {k: v for k, v in answer.headers.items() if k not in {"x-trace-id", "traceparent"}}
                for answer in (found, none)
            ]
            assert (found.text, headers[0]) == (none.text, headers[1])


async def test_visibility_follows_the_present_tags(shops: TwoShops, client: httpx.AsyncClient) -> None:
    """A tag that an admin takes away hides the job and all of its runs; a deleted job keeps its prefix."""
    run = shops.runs["kiosk"]
    assert (await client.get(f"/runs/{run}")).status_code == 200
    await shops.ask("PUT", "/jobs/kiosk", {"type": "test.load", "tags": ["daily"]})
    for path in (f"/runs/{run}", f"/runs/{run}/logs", "/jobs/kiosk", "/jobs/kiosk/runs"):
        assert (await client.get(path)).status_code == 404
    assert "kiosk" not in {each["job_id"] for each in await pages(client, "/runs")}
    await shops.ask("DELETE", "/jobs/shop-a")
    assert (await client.get("/jobs/shop-a")).status_code == 404
    assert (await client.get("/jobs/shop-a/runs")).status_code == 200
    assert (await client.get(f"/runs/{shops.runs['shop-a']}")).status_code == 200
    assert "shop-a" in {each["job_id"] for each in await pages(client, "/runs", limit=2)}


@pytest.mark.parametrize("scope", [("tag:shop",), ("job:shop-",), ("tag:none",), ("job:none",), ("team:x",)])
async def test_each_kind_of_scope_has_its_own_jobs(shops: TwoShops, scope: tuple[str, ...]) -> None:
    """By tag through the indexes of its jobs, by prefix through all; a scope without jobs has none."""
    wanted = {"tag:shop": {"kiosk"}, "job:shop-": OWN - {"kiosk"}}.get(scope[0], set())
    if scope == ("team:x",):
        record, token = await shops.services.api_keys.create("later", Role.VIEWER, "t", scope=("job:none",))
        assert record.scope == ("job:none",)
        client = shops.client_with(token or "")
        await shops.services.key_cache.refresh()
    else:
        client = await shops.client(Role.VIEWER, scope)
    async with client:
        for path in ("/jobs", "/runs"):
            assert {each["job_id"] for each in await pages(client, path)} == wanted
        assert {each["job_id"] for each in await pages(client, "/events", limit=3)} == wanted

"""A key with a scope changes and runs its own jobs, and neither reaches others nor moves jobs."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.config import Settings
from app.core.redis_client import RedisLink
from tests.support.api.two_shops import OTHER, OTHER_JOBS, OWN_JOBS, REPORT, TwoShops, open_two_shops
from tests.support.queue.queue_driver import QueueDriver

LOAD: dict[str, Any] = {"type": "test.load"}
SHOP: dict[str, Any] = {**LOAD, "tags": ["shop"]}
CHOICES: list[dict[str, Any]] = [
    {"fingerprint": "abc"},
    {"filter": {}},
    {"filter": {"type": "test.load"}},
]
NONE = "01BX5ZZKBKACTAV9WEVGEMMVS0"


@pytest.fixture
async def shops(settings: Settings, link: RedisLink, driver: QueueDriver) -> TwoShops:
    return await open_two_shops(settings, link, driver)


@pytest.fixture
async def client(shops: TwoShops) -> AsyncIterator[httpx.AsyncClient]:
    async with await shops.client() as client:
        yield client


@pytest.fixture
async def untouched(shops: TwoShops) -> AsyncIterator[None]:
    """The other shop is as it was, after the test."""
    before = await state_of_others(shops)
    yield
    assert await state_of_others(shops) == before


async def state_of_others(shops: TwoShops) -> Any:
    jobs = {job: await shops.ask("GET", f"/jobs/{job}") for job in (*OTHER_JOBS, REPORT)}
    runs = [run for run in await shops.ask("GET", "/runs?limit=500") if OTHER in run["job_id"]]
    audit = await shops.ask("GET", "/audit?limit=500")
    acts = [act for act in audit if act["outcome"] == "ok" and OTHER in act["target"]]
    return jobs, runs, acts, (await shops.ask("GET", "/queue"))["paused"]


async def refused(client: httpx.AsyncClient, method: str, path: str, body: Any, *codes: str) -> str:
    """Return the text of a refusal with one of these codes."""
    answer = await client.request(method, path, json=body)
    assert answer.json()["code"] in codes, answer.text
    return str(answer.json()["detail"])


@pytest.mark.usefixtures("untouched")
async def test_own_jobs_are_made_changed_run_and_deleted(shops: TwoShops, client: httpx.AsyncClient) -> None:
    """By prefix and by tag, with every operation of a job and of its runs."""
    for job_id, spec in (("shop-new", LOAD), ("anything", SHOP)):
        assert (
            await client.post("/jobs/check", json={"spec": {"job_id": job_id, **spec}})
        ).status_code == 200
        assert (await client.post("/jobs", json={"job_id": job_id, **spec})).status_code == 201
        changed = {**spec, "description": "second", "on_success": ["shop-a", "kiosk"]}
        for method, path, body in (
            ("PUT", "", changed),
            ("PUT", "/disable", None),
            ("PUT", "/enable", None),
            ("POST", "/rollback/1", None),
            ("GET", "/versions", None),
            ("GET", "/why", None),
        ):
            answer = await client.request(method, f"/jobs/{job_id}{path}", json=body)
            assert answer.status_code == 200, answer.text
        for verb in ("pause", "resume"):
            assert (await client.post(f"/{verb}", json={"scope": "job", "name": job_id})).status_code == 200
        run_id = (await client.post(f"/jobs/{job_id}/run", json={"delay_sec": 60})).json()["run_id"]
        assert (await client.get(f"/runs/{run_id}")).json()["actor"] == "operator-of-shop"
        assert (await client.post(f"/runs/{run_id}/cancel")).status_code == 200
        assert (await client.post(f"/runs/{run_id}/rerun")).status_code == 202
        assert (await client.delete(f"/jobs/{job_id}")).status_code == 200
    assert (await client.post("/dead-letters/redrive", json={"filter": {}})).json()["redriven"] == 2


@pytest.mark.usefixtures("untouched")
async def test_other_jobs_are_unknown_to_every_operation(shops: TwoShops, client: httpx.AsyncClient) -> None:
    """Each answers as it does for a job or run that does not exist."""
    for job in (*OTHER_JOBS, REPORT):
        for method, path, body in (
            ("PUT", "", LOAD),
            ("PUT", "", {**SHOP, "job_id": job}),
            ("DELETE", "", None),
            ("PUT", "/enable", None),
            ("PUT", "/disable", None),
            ("POST", "/rollback/1", None),
            ("POST", "/run", None),
            ("POST", "/run", {"inputs": {"nonsense": True}}),
            ("POST", "/run", {"delay_sec": 5}),
        ):
            detail = await refused(client, method, f"/jobs/{job}{path}", body, "job_not_found")
            unknown = await refused(client, method, f"/jobs/nothing{path}", body, "job_not_found")
            assert detail.replace(job, "nothing") == unknown
        for verb in ("pause", "resume"):
            await refused(client, "POST", f"/{verb}", {"scope": "job", "name": job}, "job_not_found")
    for run in [
        shops.runs["bakery-a"],
        shops.dead["bakery-b"],
        shops.waiting["bakery-a"],
        shops.runs[REPORT],
    ]:
        for verb in ("cancel", "rerun"):
            detail = await refused(client, "POST", f"/runs/{run}/{verb}", None, "run_not_found")
            unknown = await refused(client, "POST", f"/runs/{NONE}/{verb}", None, "run_not_found")
            assert detail.replace(run, NONE) == unknown


@pytest.mark.usefixtures("untouched")
async def test_job_is_neither_taken_out_of_the_scope_nor_into_it(client: httpx.AsyncClient) -> None:
    """The stored spec and the new one are both in scope; an old version counts as a new spec."""
    for path in ("/jobs", "/jobs/check"):
        for spec in ({"job_id": "mine", **LOAD}, {"job_id": "mine", **LOAD, "tags": ["bakery"]}):
            body = spec if path == "/jobs" else {"spec": spec}
            detail = await refused(client, "POST", path, body, "out_of_scope")
            assert "shop-" in detail
        # The id is taken, which any new job with it would find out; nothing of the stored one is shown.
        spec = {"job_id": "bakery-a", **SHOP}
        body = spec if path == "/jobs" else {"spec": spec}
        await refused(client, "POST", path, body, "job_exists")
    await refused(client, "PUT", "/jobs/kiosk", {**LOAD, "tags": ["daily"]}, "out_of_scope")
    await refused(client, "PUT", "/jobs/bakery-a", SHOP, "job_not_found")
    assert (await client.get("/jobs/kiosk")).json()["tags"] == ["shop", "daily"]


async def test_rollback_out_of_the_scope_is_refused(shops: TwoShops, client: httpx.AsyncClient) -> None:
    """A version of before the job had the tag would take it out again."""
    await shops.ask("POST", "/jobs", {"job_id": "late", **LOAD})
    await shops.ask("PUT", "/jobs/late", SHOP)
    await refused(client, "POST", "/jobs/late/rollback/1", None, "out_of_scope")
    assert (await client.post("/jobs/late/rollback/2")).status_code == 200


@pytest.mark.usefixtures("untouched")
async def test_job_that_shows_the_whole_deployment_is_not_made(client: httpx.AsyncClient) -> None:
    """A report or an export of all jobs is no job of a shop, whatever its id and tags are."""
    spec = {"job_id": "shop-report", "type": "test.report", "tags": ["shop"]}
    for path, body in (("/jobs", spec), ("/jobs/check", {"spec": spec})):
        assert "concerns all jobs" in await refused(client, "POST", path, body, "out_of_scope")
    await refused(client, "PUT", "/jobs/shop-a", {"type": "test.report"}, "out_of_scope")
    batch = (await client.post("/runs/batch", json=[{"job_id": REPORT}])).json()
    assert batch[0]["error"]["code"] == "job_not_found"


@pytest.mark.usefixtures("untouched")
async def test_successor_outside_the_scope_is_refused(shops: TwoShops, client: httpx.AsyncClient) -> None:
    """It would be run by the end of a job of the scope; a job that does not exist is refused alike."""
    for chain in ("on_success", "on_failure"):
        said = [
            (await refused(client, method, path, {**body, chain: ["shop-a", other]}, "out_of_scope")).replace(
                other, "ID"
            )
            for other in ("bakery-a", REPORT, "nothing")
            for method, path, body in (
                ("POST", "/jobs", {"job_id": "shop-new", **LOAD}),
                ("PUT", "/jobs/kiosk", SHOP),
            )
        ]
        assert len(set(said)) == 1
    # A chain that an admin has made is kept until the scoped key saves the job.
    await shops.ask("PUT", "/jobs/kiosk", {**SHOP, "on_success": ["bakery-b"]})
    await refused(client, "PUT", "/jobs/kiosk", {**SHOP, "on_success": ["bakery-b"]}, "out_of_scope")
    assert (await client.put("/jobs/kiosk", json=SHOP)).status_code == 200


async def test_batch_makes_the_runs_of_the_scope_only(shops: TwoShops, client: httpx.AsyncClient) -> None:
    """Each item has its own outcome; one of another job is that of an unknown one."""
    jobs = ["shop-a", "bakery-a", "nothing", "kiosk", REPORT]
    items = (await client.post("/runs/batch", json=[{"job_id": job} for job in jobs])).json()
    assert [bool(item["run_id"]) for item in items] == [True, False, False, True, False]
    errors = [items[at]["error"] for at in (1, 2)]
    assert errors[0]["code"] == errors[1]["code"] == "job_not_found"
    assert errors[0]["detail"].replace("bakery-a", "nothing") == errors[1]["detail"]
    made = [
        run["job_id"]
        for run in await shops.ask("GET", "/runs?limit=500")
        if run["actor"] == "operator-of-shop"
    ]
    assert sorted(made) == sorted(OWN_JOBS)


@pytest.mark.usefixtures("untouched")
async def test_dead_letters_of_others_are_not_decided_about(
    shops: TwoShops, client: httpx.AsyncClient
) -> None:
    """By id, by error, by filter; a dry run counts those of the scope."""
    others = [shops.dead[job] for job in OTHER_JOBS]
    for verb in ("redrive", "discard"):
        path = f"/dead-letters/{verb}"
        for choice in CHOICES:
            counted = (await client.post(path, json={**choice, "dry_run": True})).json()
            assert counted["count"] == len(OWN_JOBS)
            assert set(counted["sample_run_ids"]) == {shops.dead[job] for job in OWN_JOBS}
        one = {"filter": {"job_id": "bakery-a"}}
        assert (await client.post(path, json={**one, "dry_run": True})).json()["count"] == 0
        named = {"run_ids": [*others, NONE, shops.runs["bakery-a"]]}
        answer = (await client.post(path, json=named)).json()
        assert {each["code"] for each in answer["failed"]} == {"run_not_found"}
        assert len(answer["failed"]) == 4
    mine = {"run_ids": [shops.dead["kiosk"], shops.runs["kiosk"]]}
    done = (await client.post("/dead-letters/discard", json=mine)).json()
    assert (done["discarded"], done["failed"][0]["code"]) == (1, "no_dead_letter")
    assert (await client.post("/dead-letters/redrive", json={"fingerprint": "abc"})).json()["redriven"] == 1


@pytest.mark.usefixtures("untouched")
async def test_acts_on_the_whole_deployment_are_closed(client: httpx.AsyncClient) -> None:
    """Pauses of more than a job, bulk actions, plans, settings: 403 with the reason."""
    for body in (
        {"scope": "all"},
        {"scope": "type", "name": "test.load"},
        {"scope": "queue", "name": "default"},
    ):
        for verb in ("pause", "resume"):
            await refused(client, "POST", f"/{verb}", body, "out_of_scope")
    closed = {
        "POST /runs/bulk": {"action": "cancel", "filter": {"job_id": "shop-a"}},
        "POST /planner/plan": {"prompt": "run bakery-a every day"},
        "POST /planner/execute": {"prompt": "run shop-a every day"},
        "PUT /calendars/holidays": {"dates": ["2026-12-25"]},
        "DELETE /calendars/holidays": None,
        "POST /maintenance": {"scope": "all"},
    }
    for operation, body in closed.items():
        method, path = operation.split(" ")
        detail = await refused(client, method, path, body, "out_of_scope")
        assert (
            detail == "The key 'operator-of-shop' is limited to some jobs, and this concerns more than them."
        )


async def test_incidents_of_the_scope_are_acted_on(shops: TwoShops, client: httpx.AsyncClient) -> None:
    """One that another job joins belongs to both, so a key with a scope sees it no longer."""
    found = {each["jobs"][0]: each["id"] for each in await shops.ask("GET", "/incidents")}
    own, other = found["shop-a-web"], found["bakery-a-web"]
    assert (await client.post(f"/incidents/{own}/acknowledge")).status_code == 200
    assert (await client.post(f"/incidents/{own}/comment", json={"text": "on it"})).status_code == 200
    for verb, body in (("acknowledge", None), ("comment", {"text": "x"}), ("silence", {"minutes": 5})):
        await refused(client, "POST", f"/incidents/{other}/{verb}", body, "incident_not_found")
    await shops.services.link.call("ZADD", shops.services.keys.incident_jobs(own), 1, "bakery-a")
    await refused(client, "GET", f"/incidents/{own}", None, "incident_not_found")
    assert own not in (await client.get("/incidents")).text


async def test_save_over_a_change_that_took_the_job_out_of_the_scope_is_refused(
    shops: TwoShops, client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An admin's save between the check and the write wins: the job is not brought back."""
    jobs = shops.services.jobs
    find, replace = jobs.find, jobs.replace

    async def replace_late(*given: Any, **more: Any) -> Any:
        monkeypatch.setattr(jobs, "replace", replace)
        await shops.ask("PUT", "/jobs/kiosk", {**LOAD, "tags": ["bakery"]})
        return await replace(*given, **more)

    monkeypatch.setattr(jobs, "replace", replace_late)
    await refused(client, "PUT", "/jobs/kiosk", SHOP, "version_conflict")
    assert (await find("kiosk")).spec.tags == ["bakery"]

"""Bulk actions on all runs that match, through the API on real stores."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

import httpx
import pytest

from app.core.clock import to_ms
from app.core.errors import RedisUnavailable
from app.core.models import AttemptOutcome
from app.core.queue.idempotency import IdempotencyStore
from app.core.storage.scripts import Scripts
from app.services.api.schemas.batches import BulkStep
from app.services.api.services import Services
from tests.support.queue.queue_driver import BROKEN, QueueDriver
from tests.support.waiting import wait_until_async

SPEC: dict[str, Any] = {"job_id": "a", "type": "test.load", "inputs": {"duration_ms": 1, "mode": "odd"}}
GOOD = '{"duration_ms": 7}'


@pytest.fixture
async def client(client: httpx.AsyncClient) -> httpx.AsyncClient:
    """Return the client; the job `a` is stored."""
    assert (await client.post("/jobs", json=SPEC)).status_code == 201
    return client


async def step(client: httpx.AsyncClient, action: str, **body: Any) -> dict[str, Any]:
    answer = await client.post("/runs/bulk", json={"action": action, "filter": {}, **body})
    assert answer.status_code == 200, answer.text
    BulkStep.model_validate_json(answer.text)
    return answer.json()


async def go(client: httpx.AsyncClient, action: str, **body: Any) -> list[dict[str, Any]]:
    """Send steps until there is no further one."""
    steps = [await step(client, action, **body)]
    while steps[-1]["next_cursor"] is not None and steps[-1]["stopped"] is None:
        following = {"bulk_id": steps[-1]["bulk_id"], "cursor": steps[-1]["next_cursor"]}
        steps.append(await step(client, action, **{**body, **following}))
    return steps


async def fail_some(driver: QueueDriver, count: int, **changes: Any) -> list[str]:
    """Let runs fail; return their ids, oldest first."""
    made = await driver.enqueue_some(count, **{"job_id": "a", "type": "test.load", "inputs": GOOD, **changes})
    for run in (await driver.claim(slots=count)).runs:
        await driver.finish(run, AttemptOutcome.FAILED, error=BROKEN, fingerprint="f")
    return made


async def repeats(client: httpx.AsyncClient) -> Counter[str]:
    """Return how often each run was run again."""
    runs = (await client.get("/runs", params={"limit": 500})).json()
    return Counter(run["rerun_of"] for run in runs if run["rerun_of"])


async def test_all_matching_runs_are_run_again_once_each(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """In steps, with the inputs that each had; those that fit not are left alone."""
    failed = await fail_some(driver, 7)
    other = await fail_some(driver, 2, inputs='{"duration_ms": 9}')
    await driver.enqueue("a", type="test.load", inputs=GOOD)
    wanted = {"filter": {"job_id": "a", "q": '"duration_ms": 7'}, "limit": 3}
    dry = await step(client, "rerun", **wanted, dry_run=True)
    assert (dry["matched"], dry["done"], dry["next_cursor"]) == (7, 0, None)
    assert await repeats(client) == {}
    steps = await go(client, "rerun", **wanted, bulk_id=dry["bulk_id"])
    assert [(each["matched"], each["done"]) for each in steps] == [(3, 3), (3, 3), (1, 1)]
    assert await repeats(client) == dict.fromkeys(failed, 1)
    made = (await client.get("/runs", params={"trace_id": steps[0]["trace_id"]})).json()
    assert {run["rerun_of"] for run in made} == set(failed)
    assert all(run["inputs"] == {"duration_ms": 7} and run["status"] == "queued" for run in made)
    assert not set(other) & {run["rerun_of"] for run in made}


async def _is_over(driver: QueueDriver, moment: str) -> bool:
    """Return whether what is made now is made later than a moment."""
    return await driver.now_ms() > to_ms(datetime.fromisoformat(moment))


async def test_a_bulk_rerun_sent_again_makes_no_further_run(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """Each step twice, and all of it once more, after the new runs have failed as well."""
    failed = await fail_some(driver, 5)
    first = await step(client, "rerun", bulk_id="nightly", limit=2)
    again = await step(client, "rerun", bulk_id="nightly", limit=2)
    assert again == first
    for run in (await driver.claim()).runs:
        await driver.finish(run, AttemptOutcome.FAILED, error=BROKEN, fingerprint="f")
    await wait_until_async(lambda: _is_over(driver, first["started_at"]))
    later = await fail_some(driver, 1)
    for _ in range(2):
        steps = await go(client, "rerun", bulk_id="nightly", limit=2)
        assert sum(each["done"] for each in steps) == 5
    assert await repeats(client) == dict.fromkeys(failed, 1)
    fresh = await go(client, "rerun", bulk_id="weekly")
    assert fresh[0]["done"] == 5 + 2 + len(later), "those that have failed since then, too"


async def test_all_matching_active_runs_are_cancelled(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """Waiting runs end at once and running ones are asked to end; ended and later runs stay."""
    ended = await fail_some(driver, 2)
    running = await driver.start("a", type="test.load")
    waiting = await driver.enqueue_some(4, "a", type="test.load")
    other = await driver.enqueue("b", type="test.load")
    first = await step(client, "cancel", filter={"job_id": "a"}, limit=3, bulk_id="stop")
    later = await driver.enqueue("a", type="test.load")
    rest = await go(
        client, "cancel", filter={"job_id": "a"}, limit=3, bulk_id="stop", cursor=first["next_cursor"]
    )
    assert [first["done"], *(each["done"] for each in rest)] == [3, 2]
    assert {await driver.status(run_id) for run_id in waiting} == {"cancelled"}
    assert (await driver.hash(running.run_id))["cancel"] == "1"
    assert {await driver.status(run_id) for run_id in (other, later)} == {"queued"}
    assert {await driver.status(run_id) for run_id in ended} == {"failed"}


@pytest.mark.parametrize(("action", "states"), [("cancel", ["failed"]), ("rerun", ["queued", "running"])])
async def test_a_state_that_an_action_is_not_for_matches_nothing(
    client: httpx.AsyncClient, driver: QueueDriver, action: str, states: list[str]
) -> None:
    """It must not be taken for "any state"."""
    await fail_some(driver, 1)
    waiting = await driver.enqueue("a", type="test.load", inputs=GOOD)
    for dry_run in (True, False):
        answer = await step(client, action, filter={"status": states}, dry_run=dry_run)
        assert (answer["matched"], answer["done"], answer["next_cursor"]) == (0, 0, None)
    assert await driver.status(waiting) == "queued"
    assert await repeats(client) == {}


async def test_runs_that_can_not_be_run_again_are_counted_by_reason(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """A deleted job and inputs that the job no longer takes keep no other run from being run again."""
    good = await fail_some(driver, 2)
    gone = await fail_some(driver, 2, job_id="gone")
    bad = await fail_some(driver, 1, inputs='{"duration_ms": -5}')
    answer = await step(client, "rerun", filter={"status": ["failed", "running"]})
    assert (answer["matched"], answer["done"]) == (5, 2)
    reasons = {each["code"]: (each["count"], each["sample_run_ids"]) for each in answer["refused"]}
    assert reasons == {"job_not_found": (2, gone[::-1]), "invalid_spec": (1, bad)}
    assert set(await repeats(client)) == set(good)


async def test_a_full_queue_stops_a_bulk_rerun(
    client: httpx.AsyncClient, driver: QueueDriver, platform: Services
) -> None:
    """The answer has the counts, the reason and the cursor; no run is lost or repeated twice."""
    failed = await fail_some(driver, 6)
    object.__setattr__(platform.queue.settings, "max_queue_depth", 4)
    first = await step(client, "rerun", bulk_id="deep")
    assert (first["done"], first["stopped"]["code"]) == (4, "queue_full")
    again = await step(client, "rerun", bulk_id="deep", cursor=first["next_cursor"])
    assert (again["matched"], again["done"], again["next_cursor"]) == (0, 0, first["next_cursor"])
    object.__setattr__(platform.queue.settings, "max_queue_depth", 100)
    rest = await go(client, "rerun", bulk_id="deep", cursor=again["next_cursor"])
    assert [each["done"] for each in rest] == [2]
    assert await repeats(client) == dict.fromkeys(failed, 1)


async def test_an_outage_in_a_bulk_rerun_stops_it(
    client: httpx.AsyncClient, driver: QueueDriver, platform: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer has the runs done before it; an outage at the first run is an error."""
    failed = await fail_some(driver, 5)
    real, sent = platform.queue.enqueue, list[str]()

    async def enqueue(run: Any, once: Any = None) -> Any:
        sent.append(run.run_id)
        if len(sent) > 2:
            raise RedisUnavailable("away")
        return await real(run, once)

    monkeypatch.setattr(platform.queue, "enqueue", enqueue)
    first = await step(client, "rerun", bulk_id="cut")
    assert (first["done"], first["stopped"]["code"]) == (2, "redis_unavailable")
    body: dict[str, Any] = {"action": "rerun", "filter": {}, "bulk_id": "cut", "cursor": first["next_cursor"]}
    assert (await client.post("/runs/bulk", json=body)).status_code == 503
    monkeypatch.undo()
    await go(client, "rerun", bulk_id="cut", cursor=first["next_cursor"])
    assert await repeats(client) == dict.fromkeys(failed, 1)


async def test_a_bulk_action_is_audited_at_its_start_and_its_end(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """Two entries however many steps, the last with the counts of all; a dry run leaves none."""
    await fail_some(driver, 7)
    await step(client, "rerun", dry_run=True)
    await go(client, "rerun", filter={"job_id": "a"}, limit=2, bulk_id="audited")
    body = {"action": "rerun", "filter": {"job_id": "b"}, "bulk_id": "audited"}
    assert (await client.post("/runs/bulk", json=body)).json()["code"] == "idempotency_mismatch"
    entries = [each for each in (await client.get("/audit")).json() if each["action"] == "bulk_runs"]
    assert [each["outcome"] for each in entries] == ["refused", "ok", "ok"]
    changes = [each["changes"] if "changes" in each else each["diff"] for each in entries[1:]]
    ended, begun = (each[0]["to"] for each in changes)
    assert (begun["filter"], begun["done"], begun["ended"]) == ({"job_id": "a"}, 2, False)
    assert (ended["bulk_id"], ended["done"], ended["refused"], ended["ended"]) == ("audited", 7, 0, True)
    assert {each["target"] for each in entries[1:]} == {"runs"}


async def test_a_step_sent_again_counts_once(scripts: Scripts) -> None:
    """A repeat replaces what its step has added."""
    calls = IdempotencyStore(scripts)
    assert await calls.tally("scope", "", 3, 1) == (3, 1)
    assert await calls.tally("scope", "7", 0, 0) == (3, 1)
    assert await calls.tally("scope", "7", 2, 5) == (5, 6)
    assert await calls.tally("scope", "", 3, 1) == (5, 6)


@pytest.mark.parametrize(
    "body",
    [
        {"action": "delete", "filter": {}},
        {"action": "cancel"},
        {"action": "cancel", "filter": {"state": "failed"}},
        {"action": "cancel", "filter": {"status": ["done"]}},
        {"action": "cancel", "filter": {"since": "yesterday"}},
        {"action": "cancel", "filter": {}, "limit": 501},
        {"action": "cancel", "filter": {}, "bulk_id": "a b"},
    ],
    ids=str,
)
async def test_bulk_actions_that_are_unclear_are_refused(client: httpx.AsyncClient, body: Any) -> None:
    """A typing error must not be taken for "all runs"."""
    assert (await client.post("/runs/bulk", json=body)).status_code == 422

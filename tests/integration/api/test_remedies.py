"""Each action of a remedy over the API: it does what it promises, for the roles that it names."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import orjson
import pytest

from app.core.access.api_keys import Role
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.i18n import _
from app.core.i18n.stored import with_message
from app.core.ids import is_run_id
from app.core.incidents.remedies import RemedyAction, remedy
from app.core.models import AttemptOutcome
from app.core.policies import Policies
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.channels.fake_telegram import TOKEN
from tests.support.queue.queue_driver import QueueDriver

KEYS = {role: f"{role.value}-key-of-the-remedies-0123456789" for role in Role}
JOB = "a"
Request = tuple[str, str, dict[str, Any]]
# The command line alone starts processes and makes room in Redis.
BY_HAND = {RemedyAction.START_SERVICE, RemedyAction.FREE_SPACE}


@pytest.fixture
async def client(settings: Settings, link: RedisLink, queue: Queue) -> AsyncIterator[httpx.AsyncClient]:
    given = ",".join(f"{role.value}:{role.value}:{key}" for role, key in KEYS.items())
    # Read from the environment or a file, a list of keys is text.
    settings = Settings.model_validate({**settings.model_dump(), "api_keys": given})
    platform = Services(settings, SystemClock(), link, fake_registry(), Policies())
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        client.headers["Authorization"] = f"Bearer {KEYS[Role.ADMIN]}"
        await client.post("/jobs", json={"job_id": JOB, "type": "test.load"})
        yield client


async def request_of(client: httpx.AsyncClient, action: str, target: str) -> Request:
    """Return the request that performs an action."""
    job, stored = f"/jobs/{target}", await spec_of(client, JOB)
    kind, _, name = target.partition(":")
    letters = {"run_ids": [target]} if is_run_id(target) else {"fingerprint": target}
    box = {"channel": "sandbox", "account_id": "default", "to": "inbox"}
    requests: dict[RemedyAction, Request] = {
        RemedyAction.ENABLE: ("PUT", f"{job}/enable", {}),
        RemedyAction.RESUME: ("POST", "/resume", {"scope": kind, **({"name": name} if name else {})}),
        RemedyAction.REDRIVE: ("POST", "/dead-letters/redrive", letters),
        RemedyAction.RUN_NOW: ("POST", f"{job}/run", {}),
        RemedyAction.LET_QUEUE: ("PUT", job, {**stored, "overlap": "queue"}),
        RemedyAction.RAISE_TIMEOUT: ("PUT", job, {**stored, "timeout_ms": 90_000}),
        RemedyAction.SET_UP_ACCOUNT: (
            *("PUT", f"/connectors/{kind}/accounts/{name}"),
            {"secrets": {"token": TOKEN}},
        ),
        RemedyAction.SET_RECIPIENT: ("PUT", "/settings/default-notify", box),
    }
    return requests[RemedyAction(action)]


async def spec_of(client: httpx.AsyncClient, job_id: str) -> dict[str, Any]:
    return (await client.get(f"/jobs/{job_id}")).json()


async def perform(client: httpx.AsyncClient, action: dict[str, Any]) -> Any:
    """Perform an action as its role; return the answer."""
    method, path, body = await request_of(client, action["action"], action["target"])
    headers = {"Authorization": f"Bearer {KEYS[Role(action['role'])]}"}
    answer = await client.request(method, path, json=body, headers=headers)
    assert answer.is_success, answer.text
    return answer.json()


async def why(client: httpx.AsyncClient, language: str = "en") -> Any:
    return (await client.get(f"/jobs/{JOB}/why", headers={"Accept-Language": language})).json()


async def change(client: httpx.AsyncClient, **fields: Any) -> None:
    """Save the job with these fields."""
    saved = await client.put(f"/jobs/{JOB}", json={"type": "test.load", **fields})
    assert saved.is_success, saved.text


async def fail(driver: QueueDriver, client: httpx.AsyncClient, error: str, fingerprint: str = "abc") -> str:
    """Let a run of the job fail for good with this error; return it."""
    run_id = (await client.post(f"/jobs/{JOB}/run")).json()["run_id"]
    (run,) = (await driver.claim()).runs
    await driver.finish(run, AttemptOutcome.FAILED, error=error, fingerprint=fingerprint)
    return run_id


def error_of(code: str, message: str, kind: str = "exception") -> str:
    error = {"kind": kind, "code": code, **with_message("message", message), "retryable": False, "at": 1}
    return orjson.dumps(error).decode()


def listed(actions: list[dict[str, Any]]) -> list[tuple[str, str]]:
    return [(each["action"], each["target"]) for each in actions]


async def test_a_disabled_job_is_enabled(client: httpx.AsyncClient) -> None:
    """The first action of its next fire; afterwards nothing prevents it."""
    await change(client, schedule={"interval_sec": 3600}, enabled=False)
    found = (await why(client, "id"))["next"]
    assert listed(found["actions"]) == [("enable", JOB), ("run_now", JOB)]
    assert found["actions"][0]["label"] == "Aktifkan"
    await perform(client, found["actions"][0])
    assert (await spec_of(client, JOB))["enabled"]


@pytest.mark.parametrize("scope", [{"scope": "all"}, {"scope": "type", "name": "test.load"}])
async def test_a_pause_is_resumed(
    client: httpx.AsyncClient, driver: QueueDriver, scope: dict[str, str]
) -> None:
    """That of everything and that of a type; the run that it holds goes on."""
    await client.post("/pause", json=scope)
    run_id = (await client.post(f"/jobs/{JOB}/run")).json()["run_id"]
    assert (await driver.claim()).runs == []
    (action,) = (await why(client))["run"]["actions"]
    assert action["command"].startswith("multi-job resume")
    await perform(client, action)
    assert [run.run_id for run in (await driver.claim()).runs] == [run_id]


async def test_a_job_without_schedule_is_run(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """Once, now."""
    (action,) = (await why(client))["next"]["actions"]
    started = await perform(client, action)
    assert [run.run_id for run in (await driver.claim()).runs] == [started["run_id"]]


async def test_a_group_of_dead_letters_is_redriven(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """All letters of its error run again."""
    failed = [await fail(driver, client, error_of("broken", "it broke")) for _ in range(2)]
    (group,) = (await client.get("/dead-letters")).json()
    assert listed(group["actions"]) == [("redrive", "abc")]
    assert (await perform(client, group["actions"][0]))["redriven"] == 2
    assert sorted(run.run_id for run in (await driver.claim()).runs) == sorted(failed)


async def test_a_time_out_is_raised_before_the_run_is_redriven(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """The group names the time-out of its jobs first; the change is a new version."""
    await fail(driver, client, error_of("timed_out", "timed out after 900 ms", "timeout"))
    (group,) = (await client.get("/dead-letters")).json()
    raise_timeout, redrive = group["actions"]
    assert (raise_timeout["action"], redrive["action"]) == ("raise_timeout", "redrive")
    assert (await perform(client, raise_timeout))["version"] == 2
    assert (await spec_of(client, JOB))["timeout_ms"] == 90_000
    assert (await perform(client, redrive))["redriven"] == 1


async def test_slots_of_a_busy_job_queue_up(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """Its next slot would be skipped while a run is active."""
    await change(client, schedule={"interval_sec": 3600})
    await driver.link.call("HSET", driver.keys.instance("scheduler-a"), *SCHEDULER)
    await driver.link.call("PEXPIRE", driver.keys.instance("scheduler-a"), 60_000)
    await driver.link.call("ZADD", driver.keys.instances, await driver.now_ms(), "scheduler-a")
    await client.post(f"/jobs/{JOB}/run")
    assert len((await driver.claim()).runs) == 1
    (action,) = (await why(client))["next"]["actions"]
    assert action["action"] == "let_queue"
    await perform(client, action)
    assert (await spec_of(client, JOB))["overlap"] == "queue"
    assert (await why(client))["next"]["actions"] == []


SCHEDULER = ("service", "scheduler", "pid", 1, "host", "h", "version", "1", "started", 1, "state", "{}")


async def test_a_missing_account_is_set_up(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """A run failed because its account did not exist."""
    command = "multi-job connect telegram bot_a01"
    text = _("Account {name} is not set up: {command}", name="telegram:bot_a01", command=command)
    await fail(driver, client, error_of("account_missing", text))
    (group,) = (await client.get("/dead-letters")).json()
    assert listed(group["actions"]) == [("set_up_account", "telegram:bot_a01"), ("redrive", "abc")]
    await perform(client, group["actions"][0])
    assert (await client.get("/connectors/telegram/accounts/bot_a01")).is_success


async def test_a_recipient_is_set(client: httpx.AsyncClient, driver: QueueDriver) -> None:
    """A message had none."""
    await fail(driver, client, error_of("no_recipient", "This message has no recipient: name `to`."))
    (group,) = (await client.get("/dead-letters")).json()
    await perform(client, group["actions"][0])
    assert (await client.get("/settings/default-notify")).json()["to"] == "inbox"


@pytest.mark.parametrize("action", sorted(set(RemedyAction) - BY_HAND))
async def test_role_of_a_remedy_is_the_one_that_the_api_asks_for(
    client: httpx.AsyncClient, action: RemedyAction
) -> None:
    """Roles below it are refused, it and those above it are not."""
    target = {RemedyAction.RESUME: "all", RemedyAction.SET_UP_ACCOUNT: "telegram:bot_a01"}.get(action, JOB)
    method, path, body = await request_of(client, action, target)
    order = (Role.VIEWER, Role.OPERATOR, Role.ADMIN)
    for role in order:
        headers = {"Authorization": f"Bearer {KEYS[role]}"}
        answer = await client.request(method, path, json=body, headers=headers)
        is_allowed = order.index(role) >= order.index(Role(remedy(action).role))
        assert (answer.status_code != 403) is is_allowed, (role, answer.text)


async def test_a_used_remedy_is_in_the_timeline_of_its_incident(
    client: httpx.AsyncClient, driver: QueueDriver
) -> None:
    """In the reader's language, with its user; a viewer cannot write it, and other actions are refused."""
    await fail(driver, client, error_of("broken", "it broke"))
    (incident,) = [each for each in (await client.get("/incidents")).json() if each["kind"] == "job_failing"]
    action = next(each for each in incident["actions"] if each["action"] == "redrive")
    await perform(client, action)
    path = f"/incidents/{incident['id']}/remedied"
    used = {"action": "redrive", "target": action["target"]}
    answer = await client.post(path, json=used, headers={"Accept-Language": "id"})
    assert answer.is_success, answer.text
    entry = answer.json()["timeline"][-1]
    words = "Jalankan ulang run yang gagal: abc"
    assert (entry["what"], entry["by"], entry["text"]) == ("remedied", "admin", words)
    viewer = {"Authorization": f"Bearer {KEYS[Role.VIEWER]}"}
    assert (await client.post(path, json=used, headers=viewer)).status_code == 403
    for bad in ({**used, "action": "pray"}, {**used, "more": 1}, {**used, "target": "a\nb"}):
        assert (await client.post(path, json=bad)).status_code == 422
    assert (await client.post("/incidents/inc0/remedied", json=used)).status_code == 404

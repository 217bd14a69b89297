"""Literal credentials over HTTP: refused with the command, not stored."""

from __future__ import annotations

import logging
from typing import Any

import httpx
import pytest

from app.cli.direct import Deployment
from app.cli.doctor.keys import diagnose_secrets
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.models import JobSpec
from app.core.policies import load_policies
from app.core.redis_client import RedisLink
from app.core.registry import load_handlers
from app.core.specs.store import JobStore
from app.core.storage.scripts import Scripts
from app.core.storage.shards import Shard, ShardSet
from app.services.api.services import Services
from tests.support.backup.backup_fixture import BackupFixture
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import all_keys

CANARY = "canary0of0a0literal0credential"
TOKEN = "123456789:" + "AAF" + "canaryOfATokenInASentence0123456"
URL = "https://shop.example/health"
LITERAL: dict[str, Any] = {"url": URL, "headers": {"X-Api-Key": CANARY}}
PLAIN: dict[str, Any] = {"url": URL}


@pytest.fixture
def platform(settings: Settings, link: RedisLink) -> Services:
    return Services(settings, SystemClock(), link, load_handlers(settings), load_policies(settings))


def spec(inputs: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {"job_id": "a", "type": "monitor.http", "inputs": inputs, **changes}


async def store_literal(platform: Services) -> None:
    """Save a job as an earlier version did, without the check."""
    await platform.jobs.create(JobSpec.model_validate(spec(LITERAL)), actor="ana", origin="test")


async def kept(link: RedisLink, platform: Services) -> str:
    """Return all that Redis holds of the deployment, as text."""
    found: list[Any] = []
    for name in await all_keys(link, platform.keys):
        kind = await link.call("TYPE", name)
        command = {
            "hash": ("HGETALL",),
            "zset": ("ZRANGE", "0", "-1"),
            "set": ("SMEMBERS",),
            "stream": ("XRANGE", "-", "+"),
            "list": ("LRANGE", "0", "-1"),
            "string": ("GET",),
        }[kind]
        found.append((name, await link.call(command[0], name, *command[1:])))
    return str(found)


@pytest.mark.parametrize("way", ["create", "replace", "check", "run", "batch", "rerun"])
async def test_literal_credential_is_refused_and_kept_nowhere(
    client: httpx.AsyncClient, platform: Services, link: RedisLink, caplog: pytest.LogCaptureFixture, way: str
) -> None:
    """The answer has place, code and command; answers, audit, logs and Redis hold none of it."""
    caplog.set_level(logging.DEBUG)
    assert (await client.post("/jobs", json=spec(PLAIN))).status_code == 201
    run_id = (await client.post("/jobs/a/run", json={})).json()["run_id"]
    key = {"Idempotency-Key": "once"}
    sent: dict[str, tuple[str, str, Any]] = {
        "create": ("POST", "/jobs", spec(LITERAL, job_id="b")),
        "replace": ("PUT", "/jobs/a", spec(LITERAL)),
        "check": ("POST", "/jobs/check", {"spec": spec(LITERAL)}),
        "run": ("POST", "/jobs/a/run", {"inputs": LITERAL}),
        "batch": ("POST", "/runs/batch", [{"job_id": "a", "inputs": LITERAL}]),
        "rerun": ("POST", f"/runs/{run_id}/rerun", {"inputs": LITERAL}),
    }
    method, path, body = sent[way]
    answer = await client.request(method, path, json=body, headers=key)
    if way == "batch":
        [item] = answer.json()
        assert item["run_id"] is None
        assert "secrets set NAME --host shop.example" in item["error"]["detail"]
    else:
        assert answer.status_code == 422
        [problem] = answer.json()["errors"]
        assert (problem["pointer"], problem["code"]) == (
            "/inputs/headers/X-Api-Key",
            "literal_credential",
        )
        assert "`multi-job secrets set NAME --host shop.example`" in problem["message"]
        assert "`secret:NAME`" in problem["message"]
    audit = await client.get("/audit")
    assert CANARY not in answer.text + audit.text + caplog.text + await kept(link, platform)


@pytest.mark.parametrize(
    "changes",
    [
        {"description": f"token {TOKEN}"},
        {"tags": [TOKEN]},
        {"job_id": TOKEN},
        {"type": TOKEN},
        {"inputs": {TOKEN: 1}},
        {"inputs": {"url": f"https://ana:{CANARY}@shop.example/"}},
        {"inputs": {"url": f"{URL}?token={CANARY}"}},
        {TOKEN: 1},
    ],
    ids=range(8),
)
async def test_literal_credential_anywhere_in_a_spec_is_refused(
    client: httpx.AsyncClient, platform: Services, link: RedisLink, changes: dict[str, Any]
) -> None:
    """In each field, and as a field's name; no answer repeats it, the audit of refusals included."""
    answer = await client.post("/jobs", json=spec(PLAIN) | changes)
    assert answer.status_code == 422
    assert {each["code"] for each in answer.json()["errors"]} == {"literal_credential"}
    audit = await client.get("/audit")
    whole = answer.text + audit.text + await kept(link, platform)
    assert [secret for secret in (TOKEN, CANARY) if secret in whole] == []


@pytest.mark.parametrize("path", ["/planner/plan", "/planner/plan-ai", "/planner/execute"])
async def test_sentence_with_a_credential_is_not_planned(
    client: httpx.AsyncClient,
    platform: Services,
    link: RedisLink,
    caplog: pytest.LogCaptureFixture,
    path: str,
) -> None:
    """It reaches no plan, no job, no log; `Bearer` tokens, passwords and tokens of services alike."""
    caplog.set_level(logging.DEBUG)
    for words in (f"token {TOKEN}", f"password={CANARY}", f"Bearer {CANARY}"):
        prompt = f"monitor https://shop.example every 5 minutes with {words}"
        answer = await client.post(path, json={"prompt": prompt}, headers={"Idempotency-Key": words[:5]})
        assert answer.status_code == 422
        [problem] = answer.json()["errors"]
        assert (problem["pointer"], problem["code"]) == ("/prompt", "literal_credential")
        whole = answer.text + caplog.text + await kept(link, platform)
        assert [secret for secret in (TOKEN, CANARY) if secret in whole] == []
    fine = await client.post(path, json={"prompt": "monitor https://shop.example every 5 minutes"})
    assert fine.status_code == 200


async def test_stored_spec_with_a_credential_keeps_running(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """A job that an earlier version saved runs and is repeated; its next save has to name a secret."""
    await store_literal(platform)
    run = await client.post("/jobs/a/run", json={})
    again = await client.post(f"/runs/{run.json()['run_id']}/rerun", json={})
    assert (run.status_code, again.status_code) == (202, 202)
    assert (await client.put("/jobs/a/disable", json={})).status_code == 200
    assert (await client.put("/jobs/a", json=spec(LITERAL))).status_code == 422
    assert (await client.put("/jobs/a", json=spec(PLAIN))).status_code == 200
    assert (await client.post("/jobs/a/rollback/1", json={})).status_code == 422


async def test_doctor_names_jobs_with_a_credential(
    platform: Services, link: RedisLink, scripts: Scripts
) -> None:
    """With the command that stores it; a job without one is not named."""
    at = Deployment(platform.settings, SystemClock(), ShardSet([Shard(0, link, platform.keys, scripts)]))
    await platform.jobs.create(JobSpec.model_validate(spec(PLAIN, job_id="b")), actor="ana", origin="test")
    assert await diagnose_secrets(at) == []
    await store_literal(platform)
    [finding] = await diagnose_secrets(at)
    assert finding.check == "credentials in specs"
    assert finding.seen.startswith("a: ")
    assert "multi-job secrets set NAME --host HOST" in finding.remedy
    assert CANARY not in finding.seen + finding.remedy


async def test_restore_names_jobs_with_a_credential(
    driver: QueueDriver, settings: Settings, jobs: JobStore
) -> None:
    """They come back as they were, and the report says which they are."""
    deployment = BackupFixture(driver, settings)
    await jobs.create(JobSpec.model_validate(spec(LITERAL)), actor="ana", origin="test")
    await jobs.create(JobSpec.model_validate(spec(PLAIN, job_id="b")), actor="ana", origin="test")
    export = await deployment.export()
    await deployment.wipe()
    report = await deployment.restore(export)
    assert report.notes.literal_credentials == ["a"]
    assert (await jobs.find("a")).spec.inputs == LITERAL

"""Rights on exports, with and without secrets."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import orjson
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.models import RunStatus
from app.core.policies import load_policies
from app.core.redis_client import RedisLink
from app.core.registry import load_handlers
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON
from tests.support.api.in_process import in_process
from tests.support.jobs.job_harness import JobHarness
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings

ROLES = ("admin", "operator", "viewer")
KEYS = {role: f"{role}-key-of-the-export-rights-0001" for role in ROLES}
WITH = {"include_secrets": True}
FULL = {"full": True, "passphrase": "secret:backup-key"}
DAILY = {"cron": "0 3 * * *", "timezone": "Asia/Jakarta"}
"""A sentence changes a stored job only if it runs as often as the sentence says."""
SECRET_JOB = {
    "job_id": "sealed",
    "type": "backup.export",
    "inputs": WITH,
    "schedule": DAILY,
    "enabled": False,
}
PLAIN_JOB = {"job_id": "plain", "type": "backup.export", "enabled": False}


@dataclass(slots=True)
class Deployment:
    """The API with a client of each role, and two jobs: one exports secrets, one does not."""

    platform: Services
    clients: dict[str, httpx.AsyncClient]

    async def ask(self, role: str, method: str, path: str, body: object = None) -> httpx.Response:
        content = None if body is None else orjson.dumps(body)
        return await self.clients[role].request(method, path, content=content)


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    api_keys = ",".join(f"{role}:{role}:{key}" for role, key in KEYS.items())
    return fresh_settings(redis_url, tmp_path, secret_key="k" * 40, api_keys=api_keys)


@pytest.fixture
async def deployment(settings: Settings, link: RedisLink, driver: QueueDriver) -> AsyncIterator[Deployment]:
    await driver.queue.ensure_groups()
    registry, policies = load_handlers(settings), load_policies(settings)
    platform = Services(settings, SystemClock(), link, registry, policies)
    app = create_app(platform)
    async with AsyncExitStack() as stack:
        clients = {
            role: await stack.enter_async_context(
                httpx.AsyncClient(
                    transport=in_process(app),
                    base_url=BASE_URL,
                    headers={**JSON, "X-API-Key": key},
                )
            )
            for role, key in KEYS.items()
        }
        made = Deployment(platform, clients)
        for job in (SECRET_JOB, PLAIN_JOB):
            assert (await made.ask("admin", "POST", "/jobs", job)).status_code == 201
        yield made


async def failed_run(driver: QueueDriver, job_id: str, inputs: dict[str, Any]) -> str:
    """Return a dead letter of an export job."""
    run = await driver.fail(job_id, type="backup.export", inputs=orjson.dumps(inputs).decode())
    return run.run_id


SPEC = {"type": "backup.export", "inputs": WITH}
WAYS: dict[str, tuple[str, str, Any]] = {
    "create": ("POST", "/jobs", {**SPEC, "job_id": "new-one"}),
    "check": ("POST", "/jobs/check", {"spec": {**SPEC, "job_id": "new-one"}}),
    "replace another job": ("PUT", "/jobs/plain", SPEC),
    "save it again": ("PUT", "/jobs/sealed", SPEC),
    "as a text": (
        "POST",
        "/jobs",
        {"job_id": "new-one", "type": "backup.export", "inputs": {"include_secrets": "true"}},
    ),
    "as a number": ("POST", "/jobs/plain/run", {"inputs": {"include_secrets": 1}}),
    "full": ("POST", "/jobs", {"job_id": "new-one", "type": "backup.export", "inputs": FULL}),
    "run in full": ("POST", "/jobs/plain/run", {"inputs": FULL}),
    "run": ("POST", "/jobs/sealed/run", None),
    "run with inputs": ("POST", "/jobs/plain/run", {"inputs": WITH}),
    "enable": ("PUT", "/jobs/sealed/enable", None),
    "chain": ("POST", "/jobs", {"job_id": "first", "type": "simulation.load", "on_success": ["sealed"]}),
    "chain a failure": ("PUT", "/jobs/plain", {"type": "backup.export", "on_failure": ["sealed"]}),
}


@pytest.mark.parametrize("way", WAYS.values(), ids=WAYS.keys())
async def test_operator_makes_no_export_with_secrets(
    deployment: Deployment, way: tuple[str, str, Any]
) -> None:
    """Each way is refused with the role in the error; an admin may go each."""
    method, path, body = way
    refused = await deployment.ask("operator", method, path, body)
    assert (refused.status_code, refused.json()["code"]) == (403, "admin_required"), refused.text
    assert "needs the role admin" in refused.json()["detail"]
    done = await deployment.ask("admin", method, path, body)
    assert done.status_code in {200, 201, 202}, done.text


async def test_operator_rolls_back_to_no_export_with_secrets(deployment: Deployment) -> None:
    """The version that an admin replaced comes back by an admin alone."""
    assert (
        await deployment.ask("admin", "PUT", "/jobs/sealed", {"type": "backup.export"})
    ).status_code == 200
    for role, status in (("operator", 403), ("admin", 200)):
        assert (await deployment.ask(role, "POST", "/jobs/sealed/rollback/1")).status_code == status


async def test_operator_runs_no_export_with_secrets_again(
    deployment: Deployment, driver: QueueDriver
) -> None:
    """Alone, by new inputs, in a batch, in bulk, and as a dead letter; what is not one goes on."""
    sealed, plain = await failed_run(driver, "sealed", WITH), await failed_run(driver, "plain", {})
    assert (await deployment.ask("operator", "POST", f"/runs/{sealed}/rerun")).status_code == 403
    assert (
        await deployment.ask("operator", "POST", f"/runs/{plain}/rerun", {"inputs": WITH})
    ).status_code == 403
    assert (await deployment.ask("operator", "POST", f"/runs/{plain}/rerun")).status_code == 202
    bulk = {"action": "rerun", "filter": {"type": "backup.export"}}
    step = (await deployment.ask("operator", "POST", "/runs/bulk", bulk)).json()
    assert [(each["code"], each["sample_run_ids"]) for each in step["refused"]] == [
        ("admin_required", [sealed])
    ], step
    items = [{"job_id": "sealed"}, {"job_id": "plain", "inputs": WITH}, {"job_id": "plain"}]
    answer = await deployment.ask("operator", "POST", "/runs/batch", items)
    batch = answer.json()
    codes = [each["error"] and each["error"]["code"] for each in batch]
    assert codes == ["admin_required", "admin_required", None], answer.text
    for role, code in (("admin", None), ("operator", "admin_required")):
        (item,) = (await deployment.ask(role, "POST", "/runs/batch", items[:1])).json()
        assert (item["error"] and item["error"]["code"]) == code


async def test_operator_redrives_no_export_with_secrets(deployment: Deployment, driver: QueueDriver) -> None:
    """The letters that are none are run again; the rest is named."""
    names = {
        "sealed": await failed_run(driver, "sealed", WITH),
        "plain": await failed_run(driver, "plain", {}),
    }
    chosen = {"run_ids": list(names.values())}
    answer = await deployment.ask("operator", "POST", "/dead-letters/redrive", chosen)
    assert answer.json()["redriven"] == 1, answer.text
    assert [each["run_id"] for each in answer.json()["failed"]] == [names["sealed"]]
    answer = await deployment.ask("admin", "POST", "/dead-letters/redrive", {"run_ids": [names["sealed"]]})
    assert answer.json()["redriven"] == 1, answer.text


async def exported(settings: Settings, driver: QueueDriver, job_id: str, inputs: dict[str, Any]) -> str:
    """Have an export made by the handler, and return its id."""
    run = await JobHarness(driver, settings).run("backup.export", inputs, job_id=job_id)
    assert run.status is RunStatus.SUCCESS, run.error
    return f"{job_id}@{str(run.output['file']).rpartition('@')[2].removesuffix('.jsonl.gz')}"


@pytest.mark.parametrize(("inputs", "least"), [({}, "operator"), (WITH, "admin")])
async def test_export_is_downloaded_from_a_role_on(
    deployment: Deployment, settings: Settings, driver: QueueDriver, inputs: dict[str, Any], least: str
) -> None:
    """The list is for operators and says which exports have secrets; a viewer gets neither list nor file."""
    await exported(settings, driver, "made", inputs)
    allowed = ROLES[: ROLES.index(least) + 1]
    for role in ROLES:
        listed = await deployment.ask(role, "GET", "/exports")
        assert listed.status_code == (403 if role == "viewer" else 200)
        if role != "viewer":
            (found,) = listed.json()
            assert found["secrets"] is bool(inputs)
            file = await deployment.ask(role, "GET", f"/exports/{found['id']}")
            assert file.status_code == (200 if role in allowed else 403), file.text
            known = await deployment.clients[role].get(
                f"/exports/{found['id']}", headers={"If-None-Match": f'"{found["sha256"]}"'}
            )
            assert known.status_code == (304 if role in allowed else 403)


async def tampered(
    deployment: Deployment, settings: Settings, driver: QueueDriver, change: Callable[[bytes], bytes]
) -> dict[str, int]:
    """Change a plain export's file and its record; return the statuses of downloads by role."""
    await exported(settings, driver, "made", {})
    (found,) = (await deployment.ask("admin", "GET", "/exports")).json()
    key = driver.keys.published("export", found["id"])
    (file,) = orjson.loads(await driver.link.call("HGET", key, "files"))
    path = settings.files_dir / file["path"]
    path.write_bytes(change(path.read_bytes()))
    file |= {"bytes": path.stat().st_size}
    await driver.link.call("HSET", key, "files", orjson.dumps([file]), "place", "host")
    path_of = f"/exports/{found['id']}"
    return {role: (await deployment.ask(role, "GET", path_of)).status_code for role in ROLES}


def _with_secrets(content: bytes) -> bytes:
    head, _, rest = gzip.decompress(content).partition(b"\n")
    return gzip.compress(orjson.dumps({**orjson.loads(head), "secrets": True}) + b"\n" + rest)


def _unreadable(_content: bytes) -> bytes:
    return b"not an export"


@pytest.mark.parametrize("change", [_with_secrets, _unreadable], ids=["secrets", "unreadable"])
async def test_role_for_an_export_is_decided_by_its_content(
    deployment: Deployment, settings: Settings, driver: QueueDriver, change: Callable[[bytes], bytes]
) -> None:
    """Neither its name nor its record counts; a file that cannot be read may have secrets."""
    statuses = await tampered(deployment, settings, driver, change)
    assert statuses == {"admin": 200, "operator": 403, "viewer": 403}


async def test_export_on_the_list_of_reports_is_no_report(
    deployment: Deployment, settings: Settings, driver: QueueDriver
) -> None:
    """A handler that files an export as a report does not give it to viewers."""
    await exported(settings, driver, "made", WITH)
    (found,) = (await deployment.ask("admin", "GET", "/exports")).json()
    flat = await driver.link.call("HGETALL", driver.keys.published("export", found["id"]))
    await driver.link.call("HSET", driver.keys.published("report", "made@x"), *flat)
    statuses = {role: (await deployment.ask(role, "GET", "/reports/made@x")).status_code for role in ROLES}
    assert statuses == {"admin": 200, "operator": 403, "viewer": 403}


async def test_planner_changes_no_export_with_secrets(deployment: Deployment) -> None:
    """A sentence about backups means the job that is there, and keeps its inputs: an admin's job stays so."""
    assert (await deployment.ask("admin", "DELETE", "/jobs/plain")).status_code == 200
    asked = {"prompt": "backup setiap hari jam 2", "run_immediately": True}
    (result,) = (await deployment.ask("operator", "POST", "/planner/execute", asked)).json()["results"]
    assert (result["job_id"], result["create_status"], result["run_id"]) == ("sealed", "error", None)
    assert "needs the role admin" in result["result_error"]
    assert (await deployment.ask("admin", "GET", "/jobs/sealed")).json()["version"] == 1
    (result,) = (await deployment.ask("admin", "POST", "/planner/execute", asked)).json()["results"]
    assert (result["create_status"], result["run_id"] is None) == ("updated", False)


async def test_operator_repeats_no_plan_of_an_admins_export(deployment: Deployment) -> None:
    """A plan that finds the job as it should be runs it for an admin alone."""
    assert (await deployment.ask("admin", "DELETE", "/jobs/plain")).status_code == 200
    asked = {"prompt": "backup setiap hari jam 2", "run_immediately": True}
    await deployment.ask("admin", "POST", "/planner/execute", asked)
    (result,) = (await deployment.ask("operator", "POST", "/planner/execute", asked)).json()["results"]
    assert (result["job_id"], result["run_id"]) == ("sealed", None)

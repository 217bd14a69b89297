"""A deployment with stoppable parts, and its explanations."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from unittest.mock import patch
from zoneinfo import ZoneInfo

import httpx

from app.core.clock import SystemClock
from app.core.observability import instance_name
from app.core.policies import load_policies
from app.core.process import ServiceContext
from app.core.queue import Queue
from app.core.redis_client import open_link
from app.core.registry import load_handlers
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.core.storage.shards import ShardSet, shard_of_link
from app.services.api.app import create_app
from app.services.api.schemas.runs import WhyBody
from app.services.api.services import Services
from app.services.scheduler.main import serve as serve_scheduler
from app.services.worker import claimer
from app.services.worker.worker import Worker
from tests.support.api.api_fakes import BASE_URL, JSON
from tests.support.api.in_process import in_process
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from pathlib import Path

    from app.core.config import Settings
    from app.core.redis_client import RedisLink

ZONE = "Asia/Jakarta"
PATIENCE_SEC = 60
# `fetch` may call one host alone; the types of tests/support/queue/handlers.py have what they need.
_POLICIES = """\
types:
  test.*: {allow: {kv: {calls: 1000}, metrics: {calls: 1000}, platform: {channels: [telegram]}}}
  fetch: {allow: {http: {hosts: [allowed.example]}}}
  fetch.plainly: {allow: {http: {hosts: [allowed.example]}}}
  write: {allow: {files: {paths: [never]}}}
"""
HANDLERS = ["tests.support.queue.handlers", "tests.support.queue.tool_handlers"]


def why_settings(settings: Settings, folder: Path, **changes: Any) -> Settings:
    """Return settings with the handlers of tests, and workers that leave at once."""
    policies = folder / "why_policies.yaml"
    policies.write_text(_POLICIES, "utf-8")
    values: dict[str, Any] = {
        "handler_modules": HANDLERS,
        "policies_file": policies,
        "drain_sec": 0.0,
        "timezone": ZONE,
        **changes,
    }
    return settings.model_copy(update=values)


@dataclass(slots=True)
class _Part:
    stop: asyncio.Event
    task: asyncio.Task[int]
    instance: str
    link: RedisLink


@dataclass(slots=True)
class ExplainFixture:
    """One namespace: real scheduler and worker parts in this process, the API in front."""

    settings: Settings
    link: RedisLink
    client: httpx.AsyncClient
    parts: dict[str, _Part] = field(default_factory=dict[str, _Part])

    async def start(self, service: str, **changes: Any) -> None:
        """Start a scheduler or a worker, as its process does, and wait until it is on the list."""
        settings = self.settings.model_copy(update=changes)
        link, keys, clock = await open_link(settings), Keys(settings.namespace), SystemClock()
        scripts, stop, instance = Scripts(link, keys), asyncio.Event(), instance_name(service)
        context = ServiceContext(
            service=service,
            instance=instance,
            settings=settings,
            clock=clock,
            keys=keys,
            link=link,
            scripts=scripts,
            queue=Queue(link, scripts, keys, clock, settings),
            shards=ShardSet([shard_of_link(link, keys)]),
            stop=stop,
        )
        main = serve_scheduler(context) if service == "scheduler" else Worker(context).run(stop)
        # A second one of a service is stopped with the rest.
        name = instance if service in self.parts else service
        self.parts[name] = _Part(stop, asyncio.create_task(main), instance, link)
        await wait_until_async(lambda: self._is_listed(instance), PATIENCE_SEC, f"{service} is on the list")

    async def stop(self, service: str) -> None:
        """Tell a part to leave, and wait until it has."""
        part = self.parts.pop(service)
        part.stop.set()
        await part.task
        await part.link.close()

    async def stop_all(self) -> None:
        for service in list(self.parts):
            await self.stop(service)

    async def _is_listed(self, instance: str) -> bool:
        score = await self.link.call("ZSCORE", Keys(self.settings.namespace).instances, instance)
        return score is not None

    # What a person does.

    async def create(self, job_id: str = "job", **spec: Any) -> dict[str, Any]:
        """Create a job; `interval` seconds are short for a schedule."""
        if "interval" in spec:
            spec["schedule"] = {"interval_sec": spec.pop("interval")}
        body = {"job_id": job_id, "type": "test.noop", **spec}
        return await self.ask("POST", "/jobs", body)

    async def run(self, job_id: str = "job", **body: Any) -> str:
        """Run a job by hand; return the run's id."""
        return (await self.ask("POST", f"/jobs/{job_id}/run", body))["run_id"]

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        answer = await self.client.request(method, path, json=body)
        assert answer.is_success, answer.text
        return answer.json()

    async def status(self, run_id: str) -> str:
        return (await self.ask("GET", f"/runs/{run_id}"))["status"]

    async def until_status(self, run_id: str, *wanted: str) -> None:
        """Wait until a run is in one of these states."""

        async def reached() -> bool:
            return await self.status(run_id) in wanted

        await wait_until_async(reached, PATIENCE_SEC, f"{run_id} is {' or '.join(wanted)}")

    async def why(self, job_id: str = "job", language: str = "en", **query: Any) -> dict[str, Any]:
        """Ask why, and hold the answer against its model."""
        answer = await self.client.get(
            f"/jobs/{job_id}/why", params=query, headers={"Accept-Language": language}
        )
        assert answer.status_code == 200, answer.text
        WhyBody.model_validate(answer.json())
        return answer.json()

    async def until(
        self, wanted: Callable[[dict[str, Any]], Any], job_id: str = "job", language: str = "en"
    ) -> dict[str, Any]:
        """Ask until the answer is as wanted; return it."""
        answer: dict[str, Any] = {}

        async def is_so() -> bool:
            nonlocal answer
            answer = await self.why(job_id, language)
            return bool(wanted(answer))

        try:
            await wait_until_async(is_so, PATIENCE_SEC)
        except AssertionError as error:
            raise AssertionError(f"the last answer was {answer}") from error
        return answer

    async def until_explained(self, reason: str, job_id: str = "job", slots: int = 1) -> dict[str, Any]:
        """Wait for a range with this reason and so many slots at least; return it."""
        answer = await self.until(lambda explained: _ranges(explained, reason, slots), job_id)
        found = _ranges(answer, reason, slots)[0]
        check_range(found)
        assert found["reason"] == reason
        return found


def _ranges(answer: dict[str, Any], reason: str, slots: int) -> list[dict[str, Any]]:
    found = answer["occurrences"]
    return [each for each in found if each["reason"] == reason and each["slots"] >= slots]


def local(instant: str, zone: str = ZONE) -> str:
    """Return an instant of the API as people in a zone write it."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M:%S")


def check_range(explained: dict[str, Any], zone: str = ZONE) -> None:
    """Fail unless a range's words name its time in the zone, and a command or a route to go on with."""
    first, last = local(explained["from"], zone), local(explained["to"], zone)
    assert first in explained["text"], explained
    assert last in explained["text"] or last.rpartition(" ")[2] in explained["text"], explained
    assert f"({zone})" in explained["text"], explained
    assert "`" in explained["next_step"], explained


@contextlib.asynccontextmanager
async def _stopped_in_the_end(deployment: ExplainFixture) -> AsyncGenerator[ExplainFixture]:
    try:
        yield deployment
    finally:
        await deployment.stop_all()


@contextlib.asynccontextmanager
async def explain_fixture(settings: Settings, link: RedisLink) -> AsyncGenerator[ExplainFixture]:
    """Give the deployment; all that was started in it is stopped in the end."""
    handlers, policies = load_handlers(settings), load_policies(settings)
    platform = Services(settings, SystemClock(), link, handlers, policies)
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        # An idle worker looks at `stop` once its blocking read has ended.
        with patch.object(claimer, "BLOCK_MS", 50):
            async with _stopped_in_the_end(ExplainFixture(settings, link, client)) as deployment:
                yield deployment

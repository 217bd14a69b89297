"""A deployment with the jobs of two shops: a key with a scope has one of them, and must not see the other.

Everything of the other one has the word `bakery` in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import httpx

from app.core.access.api_keys import Role
from app.core.clock import SystemClock
from app.core.execution.attempt import encode_check
from app.core.models import AttemptOutcome
from app.core.monitors.models import MonitorReport
from app.core.policies import Policies, TypePolicy
from app.core.registry import HandlerSpec, Registry
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, LoadInputs
from tests.support.api.in_process import in_process
from tests.support.queue.queue_driver import BROKEN, QueueDriver

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.config import Settings
    from app.core.redis_client import RedisLink

OTHER = "bakery"
SCOPE = ("tag:shop", "job:shop-")
# By prefix, by tag, and a job of a type that shows all jobs: that one is in no scope.
OWN_JOBS = {"shop-a": [], "kiosk": ["shop", "daily"]}
OTHER_JOBS = {"bakery-a": ["bakery", "daily"], "bakery-b": []}
REPORT = "shop-report-of-bakery"
INTERVAL = {"interval_sec": 600}


async def _noop(_context: object, _inputs: object) -> None: ...


def registry() -> Registry:
    """Return a type with inputs, a monitor, and a type that reads the whole deployment."""
    return Registry(
        [
            HandlerSpec("test.load", _noop, LoadInputs),
            HandlerSpec("monitor.http", _noop, tools=("platform",), own_job_only=True),
            HandlerSpec("test.report", _noop, tools=("platform",)),
        ]
    )


@dataclass
class TwoShops:
    """The services, a client of an admin, and the ids of what each shop has."""

    services: Services
    driver: QueueDriver
    admin: httpx.AsyncClient
    runs: dict[str, str] = field(default_factory=dict[str, str])
    """The newest ended run of each job."""
    dead: dict[str, str] = field(default_factory=dict[str, str])
    waiting: dict[str, str] = field(default_factory=dict[str, str])

    async def client(self, role: Role = Role.OPERATOR, scope: Sequence[str] = SCOPE) -> httpx.AsyncClient:
        """Return a client with a new key that is limited to a scope."""
        made, token = await self.services.api_keys.create(f"{role}-of-shop", role, "t", scope=scope)
        await self.services.key_cache.refresh()
        assert made.scope == tuple(scope)
        return self.client_with(token or "")

    def client_with(self, token: str) -> httpx.AsyncClient:
        """Return a client with this key."""
        transport = in_process(create_app(self.services))
        return httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers={**JSON, "X-API-Key": token})

    async def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the JSON of the admin's answer, which must be a success."""
        answer = await self.admin.request(method, path, json=body)
        assert answer.is_success, f"{method} {path}: {answer.text}"
        return answer.json()


async def open_two_shops(settings: Settings, link: RedisLink, driver: QueueDriver) -> TwoShops:
    """Fill a deployment; both shops have the same, in turns, so that each page of a list would have both."""
    rule = TypePolicy.model_validate({"allow": {"platform": {"calls": 9}}})
    services = Services(settings, SystemClock(), link, registry(), Policies({"*": rule}))
    shops = TwoShops(services, driver, httpx.AsyncClient())
    _, token = await services.api_keys.create("root", Role.ADMIN, "t")
    shops.admin = shops.client_with(token or "")
    await shops.ask("PUT", "/calendars/holidays", {"dates": ["2026-12-24"]})
    for own, other in zip(OWN_JOBS, OTHER_JOBS, strict=True):
        for job_id, tags in ((own, OWN_JOBS[own]), (other, OTHER_JOBS[other])):
            await _fill(shops, job_id, tags)
    await _save(shops, REPORT, ["shop"], type="test.report")
    shops.runs[REPORT] = (await _ended(shops, REPORT, type="test.report")).run_id
    return shops


async def _save(shops: TwoShops, job_id: str, tags: list[str], **more: Any) -> None:
    words = f"of {OTHER}" if OTHER in job_id else "of shop"
    spec = {"job_id": job_id, "type": "test.load", "tags": tags, "description": words, **more}
    await shops.ask("POST", "/jobs", spec)


async def _fill(shops: TwoShops, job_id: str, tags: list[str]) -> None:
    stem = OTHER if OTHER in job_id else "shop"
    schedule = {**INTERVAL, "skip": {"calendars": ["holidays"]}}
    await _save(shops, job_id, tags, schedule=schedule, failure_cooldown_sec=0)
    inputs = f'{{"mode": "odd", "place": {{"city": "{stem}"}}}}'
    kept = {"type": "test.load", "inputs": inputs}
    run = await shops.driver.start(job_id, **kept)
    error = BROKEN.replace("it broke", f"it broke at the {stem}")
    # One error of both shops: its group must show each of them its own letters only.
    await shops.driver.finish(run, AttemptOutcome.FAILED, error=error, fingerprint="abc")
    shops.dead[job_id] = run.run_id
    shops.runs[job_id] = (await _ended(shops, job_id, **kept)).run_id
    shops.waiting[job_id] = await shops.driver.enqueue(job_id, delay_ms=3_600_000, **kept)
    await _watch(shops, f"{job_id}-web" if stem in job_id else f"shop-{job_id}-web", stem)


async def _ended(shops: TwoShops, job_id: str, **kept: Any) -> Any:
    run = await shops.driver.start(job_id, **kept)
    await shops.driver.finish(run)
    return run


async def _watch(shops: TwoShops, job_id: str, stem: str) -> None:
    """Store a monitor that has found its site down, which opens an incident."""
    await _save(shops, job_id, [], type="monitor.http")
    run = await shops.driver.start(job_id, type="monitor.http")
    url = f"https://{job_id}.{stem}.example"
    report = MonitorReport("down", url, f"monitor:{job_id}.{stem}.example", "status", f"{stem} is down")
    assert await shops.driver.finish(run, check=encode_check(report)) == "OK"

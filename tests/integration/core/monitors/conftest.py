"""A monitor, and the stores that read it and its incidents."""

from __future__ import annotations

import pytest

from app.core.clock import SystemClock
from app.core.incidents.store import IncidentStore
from app.core.monitors.store import MonitorStore
from app.core.redis_client import RedisLink
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.monitors.watched import SEC, Watched, add_job
from tests.support.queue.queue_driver import QueueDriver


@pytest.fixture
def monitors(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> MonitorStore:
    return MonitorStore(link, scripts, keys, clock)


@pytest.fixture
def incidents(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> IncidentStore:
    return IncidentStore(link, scripts, keys, clock)


@pytest.fixture
async def watched(driver: QueueDriver, monitors: MonitorStore, jobs: JobStore) -> Watched:
    await add_job(jobs, "shop")
    now_ms = await driver.now_ms()
    return Watched(driver, monitors, now_ms - 3_600 * SEC, "shop")

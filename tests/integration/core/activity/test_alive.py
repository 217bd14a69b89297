"""The health check of a container."""

from __future__ import annotations

import asyncio
import socket

import pytest

from app.core.activity.heartbeat import Heartbeat
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.healthcheck import main


@pytest.fixture
def deployment(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The settings that the command reads are the test's."""
    monkeypatch.setenv("REDIS_URL", settings.effective_redis_url)
    monkeypatch.setenv("NAMESPACE", settings.namespace)


async def _beat(scripts: Scripts, keys: Keys, clock: SystemClock, settings: Settings, service: str) -> None:
    beat = Heartbeat(
        scripts,
        clock,
        settings,
        service=service,
        instance=f"{service}-{socket.gethostname()}-1",
        state=dict,
    )
    await beat.beat()


@pytest.mark.usefixtures("deployment")
async def test_alive_knows_the_services_of_this_host(
    scripts: Scripts, keys: Keys, clock: SystemClock, settings: Settings
) -> None:
    """Only a worker's heartbeat from this machine counts as that worker's health."""
    await _beat(scripts, keys, clock, settings, "worker")
    assert await _outcome("worker") == 0
    assert await _outcome("scheduler") == 1


@pytest.mark.usefixtures("deployment")
async def test_healthcheck_fails_without_redis(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line and exit 1, no traceback."""
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr("app.healthcheck._PATIENCE_SEC", 0.2)
    assert await _outcome("worker") == 1


@pytest.mark.usefixtures("deployment")
async def test_live_check_fails_for_a_silent_process_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """An orchestrator restarts what fails it, so an outage of Redis must not."""
    assert await _outcome("worker", "--live") == 1
    monkeypatch.setenv("REDIS_URL", "redis://127.0.0.1:1/0")
    monkeypatch.setattr("app.healthcheck._PATIENCE_SEC", 0.2)
    assert await _outcome("worker", "--live") == 0


async def test_healthcheck_takes_one_service() -> None:
    """Wrong usage is no state of health."""
    assert await _outcome("--live") == 2
    assert await _outcome("worker", "api") == 2


async def _outcome(*arguments: str) -> int:
    # It runs a loop of its own.
    return await asyncio.to_thread(main, list(arguments))

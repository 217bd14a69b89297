"""A deployment with a key that seals, to be exported and restored."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.messaging.accounts import AccountStore
from app.core.redis_client import RedisLink
from app.core.secrets.sealing import open_box
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.api.command_server import CommandServer
from tests.support.backup.backup_fixture import BackupFixture
from tests.support.backup.machines import ROOT, Machine, inherited
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings


@pytest.fixture(scope="session", autouse=True)
def _commands() -> Iterator[None]:  # pyright: ignore[reportUnusedFunction]
    """Load the command line once for all commands of all machines."""
    with CommandServer(Path(sys.executable), ROOT, inherited()) as Machine.commands:
        yield


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    return fresh_settings(redis_url, tmp_path, secret_key="k" * 40)


@pytest.fixture
def deployment(driver: QueueDriver, settings: Settings) -> BackupFixture:
    return BackupFixture(driver, settings)


@pytest.fixture
def accounts(
    link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock, settings: Settings
) -> AccountStore:
    return AccountStore(link, scripts, keys, clock, open_box(settings))

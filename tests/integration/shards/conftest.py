"""The fixtures of the integration tests, on a deployment with three shards."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Policies
from app.core.process import check_shards
from app.core.queue import Queue
from app.core.redis_client import RedisLink, whole_of
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.core.storage.shards import ShardSet
from app.services.api.services import Services
from tests.integration.api.conftest import client
from tests.support.api.api_fakes import fake_registry
from tests.support.shards import QueueOfAll, opened_shards, sharded_settings

__all__ = ["client"]


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    return sharded_settings(redis_url, tmp_path, 3)


@pytest.fixture
def keys(settings: Settings) -> Keys:
    return Keys(settings.namespace)


@pytest.fixture
async def shards(settings: Settings) -> AsyncIterator[ShardSet]:
    async with opened_shards(settings) as shards:
        await check_shards(shards, settings)
        yield shards


@pytest.fixture
def link(shards: ShardSet) -> RedisLink:
    return whole_of(shards).link


@pytest.fixture
def scripts(shards: ShardSet) -> Scripts:
    return whole_of(shards).scripts


@pytest.fixture
async def queue(
    link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock, settings: Settings
) -> Queue:
    queue = QueueOfAll(link, scripts, keys, clock, settings)
    await queue.ensure_groups()
    return queue


@pytest.fixture
def platform(settings: Settings, shards: ShardSet, queue: Queue) -> Services:
    return Services(
        settings, SystemClock(), whole_of(shards).link, fake_registry(), Policies(), shards=shards
    )

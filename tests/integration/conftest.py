"""Fixtures on the embedded server: a namespace and a leak check each."""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.queue import Queue, open_queue
from app.core.redis_client import BlockingLink, RedisLink, open_blocking, open_link
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.storage import scripts as script_files
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.queue.bulk import Bulk
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings, leaked_keys, remove_all

# A process reads a script once for its namespace, so here it would read it thousands of times.
script_files._code_of = functools.cache(script_files._code_of)


@pytest.fixture(scope="session")
def redis_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedRedis]:
    with EmbeddedRedis(data_dir=tmp_path_factory.mktemp("redis")) as server:
        yield server


@pytest.fixture
def redis_url(redis_server: EmbeddedRedis) -> str:
    return redis_server.url


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    return fresh_settings(redis_url, tmp_path)


@pytest.fixture
def keys(settings: Settings) -> Keys:
    return Keys(settings.namespace)


@pytest.fixture
def clock() -> SystemClock:
    return SystemClock()


@pytest.fixture
async def link(settings: Settings, keys: Keys) -> AsyncIterator[RedisLink]:
    link = await open_link(settings)
    yield link
    problems = await leaked_keys(link, keys)
    await remove_all(link, keys)
    await link.close()
    assert not problems, "\n".join(problems)


@pytest.fixture
async def blocking(settings: Settings) -> AsyncIterator[BlockingLink]:
    blocking = await open_blocking(settings)
    yield blocking
    await blocking.close()


@pytest.fixture
async def queue(link: RedisLink, clock: SystemClock, settings: Settings) -> Queue:
    queue = open_queue(link, clock, settings)
    await queue.ensure_groups()
    return queue


@pytest.fixture
def scripts(link: RedisLink, keys: Keys) -> Scripts:
    return Scripts(link, keys)


@pytest.fixture
def jobs(link: RedisLink, scripts: Scripts, clock: SystemClock) -> JobStore:
    return JobStore(link, scripts, clock, "Asia/Jakarta")


@pytest.fixture
def runs(link: RedisLink, keys: Keys) -> RunStore:
    return RunStore(link, keys)


@pytest.fixture
def driver(queue: Queue) -> QueueDriver:
    return QueueDriver(queue)


@pytest.fixture
def bulk(driver: QueueDriver, jobs: JobStore) -> Bulk:
    return Bulk(driver, jobs)

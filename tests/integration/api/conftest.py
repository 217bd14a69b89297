"""The API in this process on the real stores, and a client without a key."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Policies
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process


@pytest.fixture
def platform(settings: Settings, link: RedisLink, queue: Queue) -> Services:
    return Services(settings, SystemClock(), link, fake_registry(), Policies())


@pytest.fixture
async def client(platform: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        yield client

"""A platform on the embedded server, for assistants."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from tests.support.mcp.assistant import AssistantPlatform, assistant_platform
from tests.support.redis_server import fresh_settings


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    return fresh_settings(redis_url, tmp_path, secret_key="k" * 40)


@pytest.fixture
async def platform(
    settings: Settings, link: RedisLink, queue: Queue, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[AssistantPlatform]:
    del queue
    monkeypatch.delenv("MULTI_JOB_API_KEY", raising=False)
    async with assistant_platform(settings, link) as opened:
        yield opened

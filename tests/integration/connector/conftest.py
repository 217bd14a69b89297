"""A Telegram on loopback, and connector processes that serve accounts of it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.redis_client import RedisLink
from tests.support.channels.fake_telegram import FakeTelegram
from tests.support.channels.message_server import MessageServer, open_message_server, server_settings


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def settings(redis_url: str, tmp_path: Path, telegram: FakeTelegram) -> Settings:
    return server_settings(redis_url, tmp_path, telegram.url)


@pytest.fixture
async def server(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[MessageServer]:
    server = open_message_server(settings, link, tmp_path)
    yield server
    await server.close()

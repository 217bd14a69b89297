"""Raw HTTP servers on loopback for the http tool."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.support.api.raw_http import RawServer, raw_server


@pytest.fixture
async def server() -> AsyncIterator[RawServer]:
    async with raw_server() as server:
        yield server


@pytest.fixture
async def other() -> AsyncIterator[RawServer]:
    async with raw_server() as server:
        yield server

"""One platform for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.client.client_platform import ClientPlatform, client_platform
from tests.support.embedded_redis import EmbeddedRedis


@pytest.fixture(scope="session")
def platform(
    redis_server: EmbeddedRedis, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ClientPlatform]:
    with client_platform(redis_server.url, tmp_path_factory.mktemp("platform")) as platform:
        yield platform

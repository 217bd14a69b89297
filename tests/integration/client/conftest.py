"""One platform for all tests."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.client.client_platform import ClientPlatform, client_platform
from tests.support.embedded_redis import EmbeddedRedis


@pytest.fixture(scope="session")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ClientPlatform]:
    home = tmp_path_factory.mktemp("platform")
    # Its processes live as long as the session: on the shared server, later tests would count their commands
    # and their blocked reads.
    with EmbeddedRedis(data_dir=home / "redis") as server, client_platform(server.url, home) as platform:
        yield platform

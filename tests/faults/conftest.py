"""Fixtures of the fault tests: a Redis for each test, and figures printed after the result."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest

from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.deployment import FaultDeployment, Figures, MakeDeployment, open_deployment

FULL_TIMEOUT_SEC = 1200


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Give every fault test more time if all run at full size."""
    if config.getoption("--full"):
        for item in items:
            if "faults" in item.path.parts and _timeout_sec(item) < FULL_TIMEOUT_SEC:
                item.add_marker(pytest.mark.timeout(FULL_TIMEOUT_SEC), append=False)


def _timeout_sec(item: pytest.Item) -> float:
    marker = item.get_closest_marker("timeout")
    return float(marker.args[0]) if marker else 0.0


@pytest.fixture
def full(request: pytest.FixtureRequest) -> bool:
    """Tell whether the catalogue's own figures are asked for, not the small ones of daily life."""
    return bool(request.config.getoption("--full"))


@pytest.fixture
def redis(tmp_path: Path) -> Iterator[EmbeddedRedis]:
    server = EmbeddedRedis(data_dir=tmp_path / "redis")
    server.start()
    yield server
    server.stop()


@pytest.fixture
async def make_deployment(redis: EmbeddedRedis, tmp_path: Path) -> AsyncIterator[MakeDeployment]:
    """Return what opens the test's deployment with settings of its own."""
    async with AsyncExitStack() as stack:

        async def make(**settings: Any) -> FaultDeployment:
            deployment = await open_deployment(redis, tmp_path, **settings)
            stack.push_async_callback(deployment.link.close)
            stack.callback(deployment.fleet.close)
            return deployment

        yield make


@pytest.fixture
async def deployment(make_deployment: MakeDeployment) -> FaultDeployment:
    return await make_deployment()


@pytest.fixture
def figures(capsys: pytest.CaptureFixture[str], request: pytest.FixtureRequest) -> Figures:
    """Return what prints a line of figures past pytest's capture."""

    def show(text: str) -> None:
        with capsys.disabled():
            print(f"\n{request.node.name}: {text}", flush=True)  # noqa: T201

    return show

"""Pytest fixtures, in the entry point group `pytest11`: nothing is loaded before a test asks for it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from multi_job.testing.clock import FakeClock
    from multi_job.testing.fake_tools import FakeTools
    from multi_job.testing.platform import LocalPlatform


@pytest.fixture
def job_tools() -> FakeTools:
    """Tools in memory, for `run_job(…, tools=job_tools)`."""
    return _kit("fake_tools").FakeTools()


@pytest.fixture
def job_clock(job_tools: FakeTools) -> FakeClock:
    """The clock of `job_tools`."""
    return job_tools.clock


@pytest.fixture(scope="session")
def job_platform_settings() -> dict[str, str]:
    """The settings of `job_platform`; define it again to set `HANDLER_MODULES` or `POLICIES_FILE`."""
    return {}


@pytest.fixture(scope="session")
def job_platform(job_platform_settings: dict[str, str]) -> Generator[LocalPlatform]:
    """A real platform, once for all tests: Redis and the four processes on free ports."""
    with _kit("platform").LocalPlatform(job_platform_settings) as platform:
        yield platform


def _kit(module: str) -> Any:
    return import_module(f"multi_job.testing.{module}")

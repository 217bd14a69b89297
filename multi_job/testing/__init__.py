"""The test kit: handlers with tools and time in memory, and a whole platform on this machine.

`run_job` needs no plugin and no server. The pytest fixtures are in `multi_job.testing.pytest_plugin`.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multi_job.testing.clock import FakeClock
    from multi_job.testing.fake_tools import FakeTools
    from multi_job.testing.platform import LocalPlatform
    from multi_job.testing.redis import EmbeddedRedis, free_port
    from multi_job.testing.runs import RunOutcome, run_job, run_job_async
    from multi_job.testing.waiting import wait_until, wait_until_async

__all__ = [
    "EmbeddedRedis",
    "FakeClock",
    "FakeTools",
    "LocalPlatform",
    "RunOutcome",
    "free_port",
    "run_job",
    "run_job_async",
    "wait_until",
    "wait_until_async",
]

_MODULES = {
    "EmbeddedRedis": "redis",
    "FakeClock": "clock",
    "FakeTools": "fake_tools",
    "LocalPlatform": "platform",
    "RunOutcome": "runs",
    "free_port": "redis",
    "run_job": "runs",
    "run_job_async": "runs",
    "wait_until": "waiting",
    "wait_until_async": "waiting",
}
"""The public names and their modules, imported at their first use."""


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

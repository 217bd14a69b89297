"""The tools of a handler: `ctx.tools.kv`, `ctx.tools.metrics`, …, and what does their calls in the worker."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.tools.kv import KvPerformer, KvTool
from app.core.tools.metrics import MetricsPerformer, MetricsTool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.scripts import Scripts
    from app.core.tools.base import ToolCaller, ToolFactory

FENCED_TOOLS: Mapping[str, ToolFactory] = {"kv": KvPerformer, "metrics": MetricsPerformer}
"""The tools that need nothing but their fenced scripts."""


@dataclass(frozen=True, slots=True)
class ToolKit:
    """What a worker process gives its tools to work with."""

    settings: Settings
    clock: Clock
    link: RedisLink
    scripts: Scripts


def build_tools(_kit: ToolKit) -> dict[str, ToolFactory]:
    """Return what makes each tool's performer for an attempt; called once a process."""
    return {**FENCED_TOOLS}


class ToolSet:
    """What handlers call; it works alike in the loop, in a thread and in a child process."""

    __slots__ = ("_caller",)

    def __init__(self, caller: ToolCaller) -> None:
        self._caller = caller

    @property
    def kv(self) -> KvTool:
        """Return the values that this job keeps between runs."""
        return KvTool(self._caller)

    @property
    def metrics(self) -> MetricsTool:
        """Return the figures that this job reports."""
        return MetricsTool(self._caller)

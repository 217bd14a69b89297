"""The tools of a handler: `ctx.tools.kv`, `ctx.tools.metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.tools.kv import KvPerformer, KvTool
from app.core.tools.metrics import MetricsPerformer, MetricsTool

if TYPE_CHECKING:
    from app.core.tools.base import ToolCaller, ToolFactory

TOOLS: dict[str, ToolFactory] = {"kv": KvPerformer, "metrics": MetricsPerformer}
"""What does the calls of each tool, in the worker."""


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

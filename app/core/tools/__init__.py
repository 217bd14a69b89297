"""The tools of a handler: `ctx.tools.kv`, `ctx.tools.metrics`, …, and what does their calls in the worker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.core.tools.alarms import AlarmsTool
from app.core.tools.files import FilesTool
from app.core.tools.http import HttpTool
from app.core.tools.kv import KvPerformer, KvTool
from app.core.tools.messaging import MessagingTool
from app.core.tools.metrics import MetricsPerformer, MetricsTool
from app.core.tools.platform import PlatformTool

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.tools.base import ToolCaller, ToolDependencies, ToolFactory

FENCED_TOOLS: Mapping[str, ToolFactory] = {"kv": KvPerformer, "metrics": MetricsPerformer}
"""The tools that need nothing but their fenced scripts."""


def build_tools(dependencies: ToolDependencies) -> dict[str, ToolFactory]:
    """Return what makes each tool's performer for an attempt; called once a process."""
    # Imported by workers alone: child processes have the facades, and start without any client library.
    from app.core.tools.registry import performers  # noqa: PLC0415

    return {**FENCED_TOOLS, **performers(dependencies)}


class ToolSet:
    """What handlers call; it works alike in the loop, in a thread and in a child process."""

    __slots__ = ("_caller",)

    def __init__(self, caller: ToolCaller) -> None:
        self._caller = caller

    @property
    def alarms(self) -> AlarmsTool:
        """Return the alarm of this job, an event that people and dashboards see."""
        return AlarmsTool(self._caller)

    @property
    def files(self) -> FilesTool:
        """Return the files below FILES_ROOT that the policy names."""
        return FilesTool(self._caller)

    @property
    def http(self) -> HttpTool:
        """Return calls to hosts that the policy names."""
        return HttpTool(self._caller)

    @property
    def kv(self) -> KvTool:
        """Return the values that this job keeps between runs."""
        return KvTool(self._caller)

    @property
    def messaging(self) -> MessagingTool:
        """Return the messages that this run sends, each once."""
        return MessagingTool(self._caller)

    @property
    def metrics(self) -> MetricsTool:
        """Return the figures that this job reports."""
        return MetricsTool(self._caller)

    @property
    def platform(self) -> PlatformTool:
        """Return what a job may know of the platform; handlers write `ctx.platform`."""
        return PlatformTool(self._caller)

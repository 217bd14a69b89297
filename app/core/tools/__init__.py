"""The tools of a handler: facades and their performers.

A handler calls a facade; the performer in the worker process executes the call.
"""

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
"""The tools that consist only of fenced scripts."""


def build_tools(dependencies: ToolDependencies) -> dict[str, ToolFactory]:
    """Return the performer factory of each tool; called once per process."""
    # Imported by workers alone: child processes only need the facades, and start without any client library.
    from app.core.tools.registry import performers  # noqa: PLC0415

    return {**FENCED_TOOLS, **performers(dependencies)}


class ToolSet:
    """The tools of a handler. It works alike in the loop, in a thread and in a child process."""

    __slots__ = ("_caller",)

    def __init__(self, caller: ToolCaller) -> None:
        self._caller = caller

    @property
    def alarms(self) -> AlarmsTool:
        """Return the alarm of this job, an event in the dashboard."""
        return AlarmsTool(self._caller)

    @property
    def files(self) -> FilesTool:
        """Return the tool for files below FILES_ROOT, at the paths that the policy allows."""
        return FilesTool(self._caller)

    @property
    def http(self) -> HttpTool:
        """Return the tool for HTTP calls to the hosts that the policy allows."""
        return HttpTool(self._caller)

    @property
    def kv(self) -> KvTool:
        """Return the key-value store that this job keeps between runs."""
        return KvTool(self._caller)

    @property
    def messaging(self) -> MessagingTool:
        """Return the tool for messages; each message of this run is sent once."""
        return MessagingTool(self._caller)

    @property
    def metrics(self) -> MetricsTool:
        """Return the metrics that this job reports."""
        return MetricsTool(self._caller)

    @property
    def platform(self) -> PlatformTool:
        """Return read access to the platform; handlers write `ctx.platform`."""
        return PlatformTool(self._caller)

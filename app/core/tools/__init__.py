"""The tools of a handler: facades and their performers.

A handler calls a facade; the performer in the worker process executes the call.
"""

from __future__ import annotations

import importlib
from functools import cache, cached_property
from pkgutil import resolve_name
from typing import TYPE_CHECKING, Any

from app.core.tools.alarms import AlarmsTool
from app.core.tools.files import FilesTool
from app.core.tools.http import HttpTool
from app.core.tools.kv import KvPerformer, KvTool
from app.core.tools.messaging import MessagingTool
from app.core.tools.metrics import MetricsPerformer, MetricsTool

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from app.core.tools.base import ToolCaller, ToolDependencies, ToolFactory, ToolPerformer
    from app.core.tools.platform import PlatformTool

FENCED_TOOLS: Mapping[str, ToolFactory] = {"kv": KvPerformer, "metrics": MetricsPerformer}
"""The tools that consist only of fenced scripts."""
_FACTORIES = {
    "alarms": "app.core.tools.alarms:alarms_factory",
    "files": "app.core.tools.files.performer:files_factory",
    "http": "app.core.tools.http.performer:http_factory",
    "messaging": "app.core.tools.messaging.performer:messaging_factory",
    "platform": "app.core.tools.platform.performer:platform_factory",
}
"""The tools that do I/O: `module:function`; it takes the ToolDependencies and returns a ToolFactory."""
TOOL_NAMES = tuple(sorted((*FENCED_TOOLS, *_FACTORIES)))


def build_tools(dependencies: ToolDependencies) -> dict[str, ToolFactory]:
    """Return the performer factory of each tool; called once per process."""
    return {**FENCED_TOOLS, **{name: _lazy(place, dependencies) for name, place in _FACTORIES.items()}}


def _lazy(place: str, dependencies: ToolDependencies) -> ToolFactory:
    """Return a factory that is loaded at its first use: HTTP and ciphers are 11 MB in memory."""
    load: Callable[[], ToolFactory] = cache(lambda: resolve_name(place)(dependencies))

    def make(*parts: Any) -> ToolPerformer:
        return load()(*parts)

    return make


class ToolSet:
    """The tools of a handler. It works alike in the loop, in a thread and in a child process."""

    def __init__(self, caller: ToolCaller) -> None:
        self._caller = caller
        self.alarms = AlarmsTool(caller)
        """The alarm of this job, an event in the dashboard."""
        self.files = FilesTool(caller)
        """Files below FILES_ROOT, at the paths that the policy allows."""
        self.http = HttpTool(caller)
        """HTTP calls to the hosts that the policy allows."""
        self.kv = KvTool(caller)
        """The key-value store that this job keeps between runs."""
        self.messaging = MessagingTool(caller)
        """Messages; each message of this run is sent once."""
        self.metrics = MetricsTool(caller)
        """The metrics that this job reports."""

    @cached_property
    def platform(self) -> PlatformTool:
        """Read access to the platform; handlers write `ctx.platform`."""
        # A child process starts a third faster without the records that it reads.
        from app.core.tools.platform import PlatformTool  # noqa: PLC0415

        return PlatformTool(self._caller)

    def __getattr__(self, name: str) -> Any:
        """Return a tool of another package, by the name of its entry point in `multi_job.tools`."""
        # Loaded at the first use: most handlers use none.
        custom = importlib.import_module("app.core.tools.custom")
        facade = None if name.startswith("_") else custom.custom_facade(name, self._caller.call)
        if facade is None:
            raise AttributeError(f"there is no tool {name!r}; the platform has {', '.join(TOOL_NAMES)}")
        setattr(self, name, facade)
        return facade

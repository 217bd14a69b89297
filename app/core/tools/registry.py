"""Lazy performers of the tools that do I/O."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from app.core.policies import Allowance
    from app.core.tools.base import AttemptHandle, FencedScripts, Tool, ToolDependencies, ToolFactory

_FACTORIES = {
    "alarms": "app.core.tools.alarms:alarms_factory",
    "files": "app.core.tools.files.performer:files_factory",
    "http": "app.core.tools.http.performer:http_factory",
    "messaging": "app.core.tools.messaging.performer:messaging_factory",
    "platform": "app.core.tools.platform.performer:platform_factory",
}
"""`module:function`; the function takes the ToolDependencies and returns a ToolFactory."""


def performers(dependencies: ToolDependencies) -> dict[str, ToolFactory]:
    """Return the performer factory of each tool."""
    return {name: _LazyFactory(dependencies, place) for name, place in _FACTORIES.items()}


def load(place: str) -> Any:
    """Return the object with a `module:name`."""
    module, _, name = place.partition(":")
    return getattr(importlib.import_module(module), name)


class _LazyFactory:
    """A factory that is loaded when an attempt first asks for it: HTTP and ciphers are 11 MB in memory."""

    def __init__(self, dependencies: ToolDependencies, place: str) -> None:
        self._dependencies = dependencies
        self._place = place
        self._factory: ToolFactory | None = None

    def __call__(self, attempt: AttemptHandle, scripts: FencedScripts, allowance: Allowance) -> Tool:
        factory = self._factory or self._load()
        return factory(attempt, scripts, allowance)

    def _load(self) -> ToolFactory:
        make: Callable[[ToolDependencies], ToolFactory] = load(self._place)
        self._factory = make(self._dependencies)
        return self._factory

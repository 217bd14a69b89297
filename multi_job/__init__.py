"""The public package: job types, their tests, and a client of the API.

Each name is imported at its first use, so `from multi_job import RunContext` loads no HTTP client.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.core.errors import NonRetryableError, PolicyDenied, RetryableError
    from app.core.execution.context import RunContext
    from app.core.models import RetryPolicy
    from app.core.policies import ToolLimits
    from app.core.registry import Phrases, Slot
    from app.core.tools.custom import Tool
    from multi_job.client import AsyncClient, Client
    from multi_job.decorator import job

__all__ = [
    "AsyncClient",
    "Client",
    "NonRetryableError",
    "Phrases",
    "PolicyDenied",
    "RetryPolicy",
    "RetryableError",
    "RunContext",
    "Slot",
    "Tool",
    "ToolLimits",
    "job",
]

_MODULES = {
    "AsyncClient": "multi_job.client",
    "Client": "multi_job.client",
    "NonRetryableError": "app.core.errors",
    "Phrases": "app.core.registry",
    "PolicyDenied": "app.core.errors",
    "RetryPolicy": "app.core.models",
    "RetryableError": "app.core.errors",
    "RunContext": "app.core.execution.context",
    "Slot": "app.core.registry",
    "Tool": "app.core.tools.custom",
    "ToolLimits": "app.core.policies",
    "job": "multi_job.decorator",
}
"""The public names and their modules. `__all__` and the imports for type checkers have the same names."""


def __getattr__(name: str) -> Any:
    """Import a public name at its first use (PEP 562)."""
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(_MODULES[name]), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})

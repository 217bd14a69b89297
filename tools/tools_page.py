"""Writes `docs/tools.md`: every tool of handlers with the signatures and docstrings of its methods."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from typing import Any

from app.core.tools import TOOL_NAMES, ToolSet
from app.core.tools.base import ToolFacade
from app.core.tools.files import FileWriter

_HEAD = """\
# Tools

Generated from the classes in `app/core/tools/`; do not edit.

A handler calls `ctx.tools.<tool>.<method>`, with `await`; a plain `def` writes
`ctx.wait(ctx.tools.kv.get("x"))`. The handler names its tools (`@job("…", tools=("kv",))`), and a
[policy](concepts.md#tools-and-policies) allows them. A call raises `PolicyDenied` if a policy does not allow
it, `LimitExceeded` above the policy's `calls` or `bytes`, `InvalidInput` if an argument has another type, and
`LeaseLost` if the run belongs to another worker meanwhile. Packages can bring further tools:
[A tool of your own](first-job-type.md#a-tool-of-your-own).
"""
# Classes that a method of a tool yields.
_MORE: dict[str, tuple[type[Any], ...]] = {"files": (FileWriter,)}


class _NoCalls:
    async def call(self, tool: str, op: str, *args: Any) -> Any:
        raise NotImplementedError


def tool_classes() -> dict[str, type[ToolFacade]]:
    """Return the class of each tool by its name."""
    tools = ToolSet(_NoCalls())
    return {name: type(getattr(tools, name)) for name in TOOL_NAMES}


def public_methods(cls: type[Any]) -> dict[str, Callable[..., Any]]:
    """Return the public methods of a class in the order of its source."""
    return {
        name: each
        for name, each in vars(cls).items()
        if not name.startswith("_") and inspect.isfunction(each)
    }


def tools_markdown() -> str:
    """Return the page: a section for each tool."""
    return "\n".join([_HEAD, *(line for name, cls in tool_classes().items() for line in _tool(name, cls))])


def _tool(name: str, cls: type[Any]) -> Iterator[str]:
    yield from (f"## `{name}`", "", _text(cls), "")
    yield from _methods(f"ctx.tools.{name}", cls)
    for more in _MORE.get(name, ()):
        yield from (f"### `{more.__name__}`", "", _text(more), "")
        yield from _methods("writer", more)


def _methods(prefix: str, cls: type[Any]) -> Iterator[str]:
    for name, function in public_methods(cls).items():
        yield from ("```python", f"{prefix}.{name}{signature_text(function)}", "```", "", _text(function), "")


def signature_text(function: Callable[..., Any]) -> str:
    """Return a signature without `self`, one line."""
    target = inspect.unwrap(function)
    signature = inspect.signature(target)
    shown = signature.replace(parameters=list(signature.parameters.values())[1:])
    # Annotations are texts in the source, and are shown as they are.
    return re.sub(r"(?<=[:>] )'([^']*)'", r"\1", str(shown))


def _text(item: Any) -> str:
    return " ".join((inspect.getdoc(item) or "").split())

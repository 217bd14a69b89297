"""The forms of what tools and resources return."""

from __future__ import annotations

import json
from typing import Any

from mcp.types import CallToolResult, TextContent

from app.cli.mcp.platform_api import Part
from app.cli.mcp.untrusted import NOTICE, fitted


def document(data: Any, **about: Any) -> dict[str, Any]:
    """Return data of the platform behind the notice that it is untrusted."""
    return {"notice": NOTICE, **about, "data": fitted(data)}


def result(data: Any, *, is_error: bool = False, **about: Any) -> CallToolResult:
    """Return data as a tool's result, as a text and as JSON."""
    body = document(data, **about)
    text = json.dumps(body, ensure_ascii=False)
    return CallToolResult(
        content=[TextContent(type="text", text=text)], structured_content=body, is_error=is_error
    )


def page(part: Part) -> CallToolResult:
    """Return a part of a list; `next_cursor` is the argument `cursor` of the next call."""
    return result(part.items, next_cursor=part.cursor)

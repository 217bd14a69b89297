"""Answers: JSON bytes made once, instants as RFC 3339, ETags, and the links of lists."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

if TYPE_CHECKING:
    from app.core.records import Progress

_ETAG_ITEM = re.compile(r'\s*(?:"v(\d{1,15})"|(W/)?"[^"]*")\s*')


def dump(value: Any) -> bytes:
    """Return a JSON value as bytes; also what orjson refuses (lone surrogates, integers over 64 bits)."""
    try:
        return orjson.dumps(value)
    except TypeError:
        return json.dumps(value, separators=(",", ":")).encode("ascii")


def json_reply(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """Return a response with a JSON value."""
    return Response(dump(value), status, headers, "application/json")


def instant(epoch_ms: int | None) -> str | None:
    """Return epoch milliseconds as `2026-01-31T07:00:00.000Z`; None stays None."""
    if epoch_ms is None:
        return None
    moment = datetime.fromtimestamp(epoch_ms // 1000, UTC)
    return f"{moment:%Y-%m-%dT%H:%M:%S}.{epoch_ms % 1000:03d}Z"


def list_reply(
    request: Request,
    items: list[Any],
    next_cursor: int | str | None,
    total: int | None = None,
    *,
    parameter: str = "cursor",
    progress: Progress | None = None,
) -> Response:
    """Return a bare array, `Link: rel="next"` where there is more, `X-Total-Count` where it is known.

    A search has `X-Searched-Count` and `X-Search-Total` instead.

    The link repeats the query, with the cursor as the value of `parameter`.
    """
    headers: dict[str, str] = {}
    if next_cursor is not None:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != parameter]
        query = urlencode([*kept, (parameter, str(next_cursor))])
        headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'
    if total is not None:
        headers["X-Total-Count"] = str(total)
    if progress is not None:
        headers["X-Searched-Count"] = str(progress.searched)
        headers["X-Search-Total"] = str(progress.total)
    return json_reply(items, headers=headers)


def etag(version: int) -> str:
    """Return the entity tag of a spec's version."""
    return f'"v{version}"'


def matched_versions(if_match: str) -> list[int] | None:
    """Return the versions that an `If-Match` names; None for `*`. Weak and foreign tags match nothing."""
    if if_match.strip() == "*":
        return None
    found = [_ETAG_ITEM.fullmatch(item) for item in if_match.split(",")]
    return [int(item[1]) for item in found if item is not None and item[1]]

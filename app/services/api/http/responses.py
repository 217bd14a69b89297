"""Parts of answers: JSON bytes, instants as RFC 3339, ETags, and the links of lists."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from functools import lru_cache
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


def rfc3339(epoch_ms: int) -> str:
    """Return epoch milliseconds as `2026-01-31T07:00:00.000Z`."""
    return f"{_second(epoch_ms // 1000)}.{epoch_ms % 1000:03d}Z"


# The instants of a run are often within one second.
@lru_cache(maxsize=4_096)
def _second(epoch_sec: int) -> str:
    # Not strftime, which takes three times as long.
    return datetime.fromtimestamp(epoch_sec, UTC).isoformat()[:19]


def link_next(
    request: Request, response: Response, next_cursor: int | str | None, parameter: str = "cursor"
) -> None:
    """Set `Link` to the next part of a list, if there is one: the same query with another cursor."""
    if next_cursor is not None:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != parameter]
        query = urlencode([*kept, (parameter, str(next_cursor))])
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'


def count_items(response: Response, total: int | None, progress: Progress | None = None) -> None:
    """Set `X-Total-Count` if one index has the whole list; a search says how far it has come."""
    if total is not None:
        response.headers["X-Total-Count"] = str(total)
    if progress is not None:
        response.headers["X-Searched-Count"] = str(progress.searched)
        response.headers["X-Search-Total"] = str(progress.total)


def etag(version: int) -> str:
    """Return the entity tag of a spec's version."""
    return f'"v{version}"'


def matched_versions(if_match: str) -> list[int] | None:
    """Return the versions that an `If-Match` names; None for `*`. Weak and foreign tags match nothing."""
    if if_match.strip() == "*":
        return None
    found = [_ETAG_ITEM.fullmatch(item) for item in if_match.split(",")]
    return [int(item[1]) for item in found if item is not None and item[1]]

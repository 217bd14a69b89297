"""Parts of answers: JSON bytes, language, ETags, and the links of lists."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

import orjson
from starlette.requests import Request
from starlette.responses import Response

from app.core.i18n import Language

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


def in_language(language: Language) -> dict[str, str]:
    """Return the headers of an answer whose texts are in a language."""
    return {"Content-Language": language, "Vary": "Accept-Language"}


def link_next(
    request: Request, response: Response, next_cursor: int | str | None, parameter: str = "cursor"
) -> None:
    """Set `Link` to the next part of a list, if there is one: the same query with another cursor."""
    if next_cursor is not None:
        kept = [(name, value) for name, value in request.query_params.multi_items() if name != parameter]
        query = urlencode([*kept, (parameter, str(next_cursor))])
        response.headers["Link"] = f'<{request.url.path}?{query}>; rel="next"'


def etag(version: int) -> str:
    """Return the entity tag of a spec's version."""
    return f'"v{version}"'


def matched_versions(if_match: str) -> list[int] | None:
    """Return the versions that an `If-Match` names; None for `*`. Weak and foreign tags match nothing."""
    if if_match.strip() == "*":
        return None
    found = [_ETAG_ITEM.fullmatch(item) for item in if_match.split(",")]
    return [int(item[1]) for item in found if item is not None and item[1]]


# The language that a caller reads: `Accept-Language` of RFC 9110, Indonesian or English.

DEFAULT: Final[Language] = "en"
_RANGE = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)((?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)
_SPOKEN: Final[dict[str, Language]] = {"id": "id", "in": "id", "en": "en", "*": DEFAULT}
"""`in` is what older systems still call Indonesian."""


@lru_cache(maxsize=256)
def preferred_language(accept: str | None) -> Language:
    """Return the language with the highest quality, the first of equals; English if none matches."""
    best, quality = DEFAULT, 0.0
    for part in (accept or "").split(","):
        found = _RANGE.fullmatch(part)
        language = _SPOKEN.get(found[1].lower()) if found else None
        weight = float(found[3] or 1) if found else 0.0
        if language is not None and weight > quality:
            best, quality = language, weight
    return best

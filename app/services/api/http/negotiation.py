"""Content negotiation by `Accept` and `Accept-Language` (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from starlette.requests import Request

from app.core.i18n import Language, _
from app.services.api.http.problems import HttpProblem

_QUALITY = re.compile(r"(?:^|;)\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def preferred(request: Request, offered: Sequence[str]) -> str:
    """Return the media type of the response, the first one without a header; 406 if none matches."""
    asked = ",".join(request.headers.getlist("accept")).strip()
    ranges = [_range(part) for part in asked.split(",") if part.strip()] or [("*/*", 1.0)]
    # Of equals the first that is offered: max keeps it.
    best = max(offered, key=lambda media_type: _weight(media_type, ranges))
    if _weight(best, ranges) > 0:
        return best
    raise HttpProblem(
        "not_acceptable",
        _("There is only {offered}.", offered=", ".join(offered)),
    )


def _range(part: str) -> tuple[str, float]:
    media_range, _, parameters = part.partition(";")
    quality = _QUALITY.search(parameters)
    return media_range.strip().lower(), float(quality[1]) if quality else 1.0


def _weight(media_type: str, ranges: Sequence[tuple[str, float]]) -> float:
    """Return the quality of the most specific range that covers a type."""
    for wanted in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        found = [quality for media_range, quality in ranges if media_range == wanted]
        if found:
            return max(found)
    return 0.0


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

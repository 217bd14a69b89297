"""Which of the forms that there are a caller would like best, by `Accept` (RFC 9110)."""

from __future__ import annotations

import re
from collections.abc import Sequence

from starlette.requests import Request

from app.services.api.problems import HttpProblem

_QUALITY = re.compile(r"(?:^|;)\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*(?:;|$)", re.IGNORECASE)


def preferred(request: Request, offered: Sequence[str]) -> str:
    """Return the media type to answer with, the first one where nothing is asked for; 406 where none fits."""
    asked = ",".join(request.headers.getlist("accept")).strip()
    ranges = [_range(part) for part in asked.split(",") if part.strip()] or [("*/*", 1.0)]
    # Of equals the first that is offered: max keeps it.
    best = max(offered, key=lambda media_type: _weight(media_type, ranges))
    if _weight(best, ranges) > 0:
        return best
    raise HttpProblem(
        "not_acceptable",
        f"There is only {', '.join(offered)}. / Hanya tersedia {', '.join(offered)}.",
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

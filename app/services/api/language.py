"""The language that a caller reads: `Accept-Language` of RFC 9110, Indonesian or English."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.core.why_text import Language

DEFAULT: Final[Language] = "en"
_RANGE = re.compile(
    r"\s*([A-Za-z]{1,8}|\*)((?:-[A-Za-z0-9]{1,8})*)\s*(?:;\s*q\s*=\s*(0(?:\.\d{0,3})?|1(?:\.0{0,3})?)\s*)?"
)
_SPOKEN: Final[dict[str, Language]] = {"id": "id", "in": "id", "en": "en", "*": DEFAULT}
"""`in` is what older systems still call Indonesian."""


def preferred_language(accept: str | None) -> Language:
    """Return the language with the highest quality, the first of equals; English where none fits."""
    best, quality = DEFAULT, 0.0
    for part in (accept or "").split(","):
        found = _RANGE.fullmatch(part)
        language = _SPOKEN.get(found[1].lower()) if found else None
        weight = float(found[3] or 1) if found else 0.0
        if language is not None and weight > quality:
            best, quality = language, weight
    return best

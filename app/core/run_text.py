"""Text search in stored JSON: unescaped, Unicode-normalised, caseless."""

from __future__ import annotations

import re
from unicodedata import normalize

_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SHORT = {'\\"': '"', "\\/": "/", "\\b": "\b", "\\f": "\f", "\\n": "\n", "\\r": "\r", "\\t": "\t"}
_HARD = re.compile(r'["\\\x00-\x1f]')


def normalized(text: str) -> str:
    """Return a text in the form in which texts are compared (NFKC, case folded)."""
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold())


def unescaped(json_text: str) -> str:
    """Return stored JSON without the escapes of its strings; its punctuation stays."""
    if "\\" not in json_text:
        return json_text
    # Between escaped backslashes, each backslash begins an escape.
    return "\\".join(_without_escapes(part) for part in json_text.split("\\\\"))


def contains(json_text: str, wanted: str) -> bool:
    """Return whether stored JSON contains a text that `normalized` has returned."""
    return wanted in normalized(unescaped(json_text))


def is_literal(wanted: str) -> bool:
    """Return whether JSON writes a normalised text as it is, or else by the code of a character."""
    return wanted.isascii() and _HARD.search(wanted) is None


def _without_escapes(part: str) -> str:
    for escape, character in _SHORT.items():
        part = part.replace(escape, character)
    if "\\u" not in part:
        return part
    text = _UNICODE.sub(lambda match: chr(int(match[1], 16)), part)
    # A character beyond the first 65,536 is written as two escapes.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")

"""Keeps secrets out of what people read: registered values, and what looks like a credential."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import quote

import orjson

from app.core.credential_shapes import FIELD_WORDS, SHOWN_IN_PART, without_tokens

MASK = "***"
_MIN_SECRET_CHARS = 4
"""Shorter values stand in ordinary text by chance, and would blacken every line."""
_MAX_DEPTH = 20
_INT_LIMIT = 2**63
"""JSON encoders refuse larger numbers."""

_SECRET_NAME = re.compile(rf"{FIELD_WORDS}$|^authorization$|^cookie$", re.IGNORECASE)
_IS = r"[\"']?\s*[:=]\s*"
_SCHEME = r"(?:bearer|basic|token|digest)"
_Rules = tuple[tuple[re.Pattern[str], str], ...]
_SHAPES: _Rules = (
    *SHOWN_IN_PART,
    (re.compile(r"(?i)\b(bearer\s+)[A-Za-z0-9._~+/=-]{8,}"), rf"\1{MASK}"),
    (re.compile(r"(://[^\s/:@]*:)[^\s/@]+(@)"), rf"\1{MASK}\2"),
)
_ASSIGNED: _Rules = (
    (re.compile(rf"(?i)(authorization{_IS}[\"']?(?:{_SCHEME}\s+)?)[^\s\"',;]+"), rf"\1{MASK}"),
    (re.compile(rf"(?i)({FIELD_WORDS}{_IS})(\"[^\"]*\"|'[^']*'|[^\s&,;\"'}})\]]+)"), rf"\1{MASK}"),
)


class Redactor:
    """Replaces secrets by `***`. Values may be registered at any time and from any thread."""

    def __init__(self) -> None:
        self._values: frozenset[str] = frozenset()
        self._pattern: re.Pattern[str] | None = None

    def register(self, secret: str) -> None:
        """Keep a value out of every text from now on, as it is, URL-quoted, and escaped in JSON."""
        if len(secret) < _MIN_SECRET_CHARS or secret in self._values:
            return
        forms = {secret, quote(secret, safe=""), orjson.dumps(secret).decode()[1:-1]}
        self._values |= forms
        longest_first = sorted(self._values, key=len, reverse=True)
        self._pattern = re.compile("|".join(re.escape(value) for value in longest_first))

    def values(self, text: str) -> str:
        """Return a text without registered values; nothing is guessed."""
        pattern = self._pattern
        return pattern.sub(MASK, text) if pattern else text

    def text(self, text: str) -> str:
        """Return a text without registered values and without what looks like a credential."""
        # A lone surrogate has no bytes: one in a log line would be refused by every encoder after this.
        text = self.answer(text if text.isascii() else text.encode(errors="replace").decode())
        return _replaced(text, _ASSIGNED)

    def answer(self, text: str) -> str:
        """Return a text that tells a caller what is wrong; `/secrets/token: required` stays as it is."""
        return without_tokens(_replaced(self.values(text), _SHAPES), MASK)

    def tree(self, value: Any, depth: int = 0) -> Any:
        """Return a JSON-like value, redacted; strange values become text."""
        if _is_plain(value):
            return value
        if depth < _MAX_DEPTH and isinstance(value, Mapping):
            entries = cast("Mapping[Any, Any]", value).items()
            return {
                self.text(safe_str(key)): self._entry(safe_str(key), item, depth) for key, item in entries
            }
        if depth < _MAX_DEPTH and isinstance(value, (list, tuple, set, frozenset)):
            return [self.tree(item, depth + 1) for item in cast("list[Any]", value)]
        return self.text(safe_str(value))

    def _entry(self, key: str, item: Any, depth: int) -> Any:
        return MASK if not _is_plain(item) and _SECRET_NAME.search(key) else self.tree(item, depth + 1)

    def json(self, text: str) -> str:
        """Return JSON text without registered values; it stays valid JSON."""
        pattern = self._pattern
        if pattern is None or not pattern.search(text):
            return text
        return orjson.dumps(self._strings(orjson.loads(text))).decode()

    def _strings(self, value: Any) -> Any:
        # Only strings are touched: a mask inside a number would not be JSON any more.
        if isinstance(value, str):
            return self.values(value)
        if isinstance(value, dict):
            entries = cast("dict[str, Any]", value).items()
            return {self.values(key): self._strings(item) for key, item in entries}
        if isinstance(value, list):
            return [self._strings(item) for item in cast("list[Any]", value)]
        return value


def _replaced(text: str, rules: _Rules) -> str:
    for pattern, replacement in rules:
        text = pattern.sub(replacement, text)
    return text


def _is_plain(value: Any) -> bool:
    if isinstance(value, int):
        return -_INT_LIMIT <= value < _INT_LIMIT
    return value is None or isinstance(value, float)


def safe_str(value: Any) -> str:
    """Return `str(value)`, or a note where the object's own method fails."""
    try:
        return value if isinstance(value, str) else str(value)
    except Exception as error:  # noqa: BLE001 - a broken __str__ must not hide what is being reported
        return f"<{type(value).__name__}: its text failed with {type(error).__name__}>"


redactor = Redactor()
"""The process's own: secrets are registered here as they are read."""

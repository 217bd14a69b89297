"""The language that a prompt is answered in."""

from __future__ import annotations

from collections.abc import Sequence

from app.planner.reading.lexemes import Lexeme
from app.planner.says import Language


def language_of(lexemes: Sequence[Lexeme]) -> Language:
    """Return the language most of the known words belong to; Indonesian where it is even."""
    only = [next(iter(lexeme.languages)) for lexeme in lexemes if len(lexeme.languages) == 1]
    return "en" if only.count("en") > only.count("id") else "id"

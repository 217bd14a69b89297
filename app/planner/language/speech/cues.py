"""Patterns that show what a segment of a prompt does; they read folded text in canonical spelling."""

from __future__ import annotations

from typing import Final

from app.planner.language.lexicon.patterns import pattern
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense

LACKS: Final = pattern(r"\b{lacks}(?: \w+){0,2}? {arrives}\b")
PAST: Final = pattern(
    r"\b(?:{past_moment}|last {english_day}(?! of\b)|\w+ ago|{past_unit} (?:yang )?{past_mark})\b"
)
PAST_WORDS: Final = words_of(Sense.PAST_WORD)
"""Each match of `PAST` has one of them."""
LACKING: Final = frozenset(word.partition("'")[0] for word in words_of(Sense.LACKS))
"""The first words of `LACKS`, up to their apostrophe."""
POINTED: Final = pattern(r"\b{points} (?:\w+ )?{pointed}\b|\byesterday s\b")
"""They name a thing, and report nothing: "yang tadi", "like yesterday"."""
CANCELS: Final = pattern(r"{cancels}|{cancels_all}(?: {of_all})?")
CALLS_OFF: Final = pattern("{calls_off}")
"""The plainest of them, which also withdraw in the middle of a prompt."""
LISTS: Final = pattern(r"\b{asks_for_list}\b")
LISTED: Final = pattern(r"\b{listed}\b")
ALL_WELL: Final = pattern(r"\b{everything}\b.* {well}\b")

"""Roles: the parts that words play in a sentence, such as the lead of a date or the end of a wish."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import canonical, read_entries

NO_ROLES: Final[frozenset[Sense]] = frozenset()


_ROWS: Final = {name: texts for name, *texts in map(str.split, read_entries("roles.txt"))}


@cache
def _words(role: str) -> frozenset[str]:
    others = (_words(text[1:]) for text in _ROWS[role] if text[1:] and text[0] == "+")
    own = (text.replace("_", " ") for text in _ROWS[role] if not text[1:] or text[0] != "+")
    return frozenset(map(canonical, own)).union(*others)


def _by_word() -> Mapping[str, frozenset[Sense]]:
    found: defaultdict[str, set[Sense]] = defaultdict(set)
    for role in _ROWS:
        for text in _words(role):
            found[text].add(Sense(role))
    return {text: frozenset(roles) for text, roles in found.items()}


ROLES: Final = _by_word()
"""The roles of each word or phrase in canonical spelling."""


@cache
def words_of(*roles: Sense) -> frozenset[str]:
    """Return the words and phrases that have one of the roles, in canonical spelling."""
    return frozenset[str]().union(*map(_words, roles))


_ROLE: Final = re.compile(r"\{([a-z]\w*)\}")


def pattern(text: str) -> re.Pattern[str]:
    """Return a regular expression in which `{role}` matches any word or phrase of a role."""
    return re.compile(_ROLE.sub(lambda role: any_of(Sense(role[1])), text))


def any_of(role: Sense) -> str:
    """Return the words of a role as an expression, the longest first."""
    texts = sorted(words_of(role), key=lambda text: (-len(text), text))
    return f"(?:{'|'.join(map(re.escape, texts))})"

"""Roles: the parts that words play in a sentence, such as the lead of a date or the end of a wish."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Final

from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import canonical, read_entries

NO_ROLES: Final[frozenset[Sense]] = frozenset()


def _read() -> Mapping[Sense, frozenset[str]]:
    found: dict[Sense, frozenset[str]] = {}
    waiting = {name: texts for name, *texts in (row.split() for row in read_entries("roles.txt"))}
    while waiting:
        ready = [name for name, texts in waiting.items() if not any(text[1:] in waiting for text in texts)]
        for name in ready:
            found[Sense(name)] = frozenset(_texts(waiting.pop(name), found))
    return found


def _texts(texts: Iterable[str], found: Mapping[Sense, frozenset[str]]) -> Iterable[str]:
    for text in texts:
        if text.startswith("+") and text != "+":
            yield from found[Sense(text[1:])]
        else:
            yield canonical(text.replace("_", " "))


_WORDS: Final = _read()


def _by_word() -> Mapping[str, frozenset[Sense]]:
    found: defaultdict[str, set[Sense]] = defaultdict(set)
    for role, texts in _WORDS.items():
        for text in texts:
            found[text].add(role)
    return {text: frozenset(roles) for text, roles in found.items()}


ROLES: Final = _by_word()
"""The roles of each word or phrase in canonical spelling."""


@cache
def words_of(*roles: Sense) -> frozenset[str]:
    """Return the words and phrases that have one of the roles, in canonical spelling."""
    return frozenset[str]().union(*(_WORDS[role] for role in roles))

"""Forms of address, and the words of a name without them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.lexicon.spelling import read_entries

TITLES: Final[Mapping[str, str]] = {
    title: titles[0] for titles in map(str.split, read_entries("titles.txt")) for title in titles
}
"""Forms of address, each with its first spelling."""


def split_name(name: Sequence[str]) -> tuple[frozenset[str], list[str]]:
    """Return the forms of address in a name, and its own words."""
    titles = frozenset(TITLES[word] for word in name if word in TITLES)
    return titles, [word for word in name if word not in TITLES and word not in words_of(Sense.GROUP)]

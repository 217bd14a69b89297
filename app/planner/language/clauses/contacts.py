"""Looks up contacts by a whole name or a part of one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from functools import cached_property

from app.planner.language.lexicon.people import split_name
from app.planner.language.tokens.tokens import normalized

_MOST_WORDS = 12
_SHORTEST_ALIKE, _MOST_ALIKE, _ALIKE = 4, 3, 0.74
"""The letters of a name that may be misspelt, how many words are compared on, and how near they are."""


class ContactIndex:
    """The contacts of a deployment, by the words of their folded names; made when a name is looked up."""

    def __init__(self, contacts: Mapping[str, str]) -> None:
        self._contacts = contacts
        self._fitting: dict[tuple[str, ...], list[str]] = {}
        self.most_words = _MOST_WORDS if contacts else 0
        """The most lexemes of a name."""

    @cached_property
    def exact(self) -> Mapping[str, str]:
        """Return the folded names as stored, by the name without blanks."""
        return {_plain(key).replace(" ", ""): key for key in self._contacts}

    def fitting(self, said: Sequence[str]) -> list[str]:
        """Return the contacts that a part of a name fits: "Siti" and "Bu Siti", but not "Pak Siti"."""
        if (known := tuple(said)) not in self._fitting:
            titles, own = split_name(said)
            near = self._by_word.get(own[0], ()) if own else ()
            self._fitting[known] = sorted(key for key in near if _fits(titles, own, key))
        return self._fitting[known]

    def alike(self, said: Sequence[str]) -> list[str]:
        """Return the contacts that a misspelt name may mean: "Bu Sity"."""
        titles, own = split_name(said)
        if not own or len(own[-1]) < _SHORTEST_ALIKE:
            return []
        near = get_close_matches(own[-1], self._by_word, n=_MOST_ALIKE, cutoff=_ALIKE)
        return sorted({key for word in near for key in self.fitting([*titles, word])})

    @cached_property
    def _by_word(self) -> Mapping[str, Sequence[str]]:
        found: dict[str, list[str]] = {}
        for key in self._contacts:
            for word in dict.fromkeys(split_name(_plain(key).split())[1]):
                found.setdefault(word, []).append(key)
        return found


def _fits(titles: frozenset[str], own: Sequence[str], key: str) -> bool:
    others, whole = split_name(_plain(key).split())
    rest: Iterator[str] = iter(whole)
    return (not titles or not others or not titles.isdisjoint(others)) and all(word in rest for word in own)


def _plain(key: str) -> str:
    """Return a folded name without accents, as the words of a prompt are read."""
    return key if key.isascii() else normalized(key)

"""Typo tolerance: finds the word of a fixed set within an edit distance.

Words are found through their deletions: two words one edit apart share a form with at most one letter taken
out of each. So a look-up costs as many set look-ups as the word has letters, however large the set is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import combinations
from typing import Final

_LONG: Final = 8
"""From this many letters on, two edits are accepted."""
_SHORTEST: Final = 4
_LONGEST: Final = 20


class TypoIndex:
    """A set of words, searched by misspelling."""

    def __init__(self, words: Iterable[str]) -> None:
        self._meant: dict[str, list[str]] = {}
        for word in sorted(words):
            if word.isalpha() and len(word) > _SHORTEST:
                for form in _deletions(word):
                    self._meant.setdefault(form, []).append(word)

    def nearest(self, word: str) -> str | None:
        """Return the word meant; None if none is near enough. The first letter must match."""
        if not _SHORTEST <= len(word) <= _LONGEST or not word.isalpha():
            return None
        near = {
            (edits, meant)
            for form in _deletions(word)
            for meant in self._meant.get(form, ())
            if word[0] == meant[0] or word[:2] == meant[1::-1]
            if (edits := distance(word, meant)) <= 1 + (min(len(word), len(meant)) >= _LONG)
        }
        return min(near)[1] if near else None


def distance(one: str, other: str) -> int:
    """Return the number of letters inserted, left out, exchanged or swapped with their neighbour."""
    before: list[int] = []
    row = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        before, last, row = row, before, [i]
        for j, wanted in enumerate(other, 1):
            cost = min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (letter != wanted))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == wanted:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]


def _deletions(word: str) -> set[str]:
    forms = {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
    if len(word) >= _LONG:
        forms |= {word[:i] + word[i + 1 : j] + word[j + 1 :] for i, j in combinations(range(len(word)), 2)}
    return forms


# Affixes: the stem of `diberhentiin`, `ngecekin` and `memindahkan`, for verbs the lexicon has unaffixed.

_PARTICLES: Final = ("nya", "lah", "ku")
_ENDINGS: Final = ("kan", "in", "i")
_PREFIXES: Final = (
    *(("di", ""), ("nge", ""), ("ng", "k"), ("ng", ""), ("meng", "k"), ("meng", ""), ("meny", "s")),
    *(("mem", "p"), ("mem", ""), ("men", "t"), ("men", ""), ("me", ""), ("ny", "s"), ("m", "p")),
)
"""The start of a prefix, and the letter of the stem that it replaces: `mengirim` is `kirim`."""
_SHORTEST_STEM: Final = 3
_SHORTEST_BENT: Final = 5
"""If a letter was replaced or only `-i` added, shorter stems would match inside any word."""


def stems_of(word: str) -> Iterator[str]:
    """Yield the possible stems of a word, the shortest affixes removed first; never the word itself."""
    plain = next((word.removesuffix(each) for each in _PARTICLES if word.endswith(each)), word)
    for form in dict.fromkeys((word, plain, *map(plain.removesuffix, _ENDINGS))):
        shortest = _SHORTEST_BENT if form == plain.removesuffix("i") != plain else _SHORTEST_STEM
        if len(form) >= shortest and form != word:
            yield form.rstrip("-")
        for prefix, swallowed in _PREFIXES:
            stem = swallowed + form[len(prefix) :].lstrip("-")
            if form.startswith(prefix) and len(stem) >= (_SHORTEST_BENT if swallowed else _SHORTEST_STEM):
                yield stem

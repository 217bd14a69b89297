"""Affixes: the stem of `diberhentiin`, `ngecekin` and `memindahkan`, for verbs the lexicon has unaffixed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

_PARTICLES: Final = ("nya", "lah", "ku")
_ENDINGS: Final = ("kan", "in", "i")
_PREFIXES: Final = (
    *(("di", ""), ("nge", ""), ("ng", "k"), ("ng", ""), ("meng", "k"), ("meng", ""), ("meny", "s")),
    *(("mem", "p"), ("mem", ""), ("men", "t"), ("men", ""), ("me", ""), ("ny", "s"), ("m", "p")),
)
"""What a prefix begins with, and the letter of the stem that it swallowed: `mengirim` is `kirim`."""
_SHORTEST_STEM: Final = 3
_SHORTEST_BENT: Final = 5
"""Where a letter was swallowed or only `-i` put on, short stems would be found in any word."""


def stems_of(word: str) -> Iterator[str]:
    """Yield what a word may be without its affixes, the least taken away first; never the word itself."""
    for form, shortest in _without_endings(word):
        if len(form) >= shortest and form != word:
            yield form.rstrip("-")
        for prefix, swallowed in _PREFIXES:
            stem = swallowed + form[len(prefix) :].lstrip("-")
            if form.startswith(prefix) and len(stem) >= (_SHORTEST_BENT if swallowed else _SHORTEST_STEM):
                yield stem


def _without_endings(word: str) -> Iterator[tuple[str, int]]:
    """Yield a word without each of its endings, and how long that has to be where it has no prefix."""
    forms = [word, *(word[: -len(particle)] for particle in _PARTICLES if word.endswith(particle))]
    yield from ((form, _SHORTEST_STEM) for form in forms)
    for form in forms:
        for ending in _ENDINGS:
            if form.endswith(ending):
                yield form[: -len(ending)], _SHORTEST_BENT if ending == "i" else _SHORTEST_STEM

"""Spellings: each chat, regional, dictated or wrong form of a word, and the word itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final


def read_entries(name: str) -> list[str]:
    """Return the entries of a data file of the lexicon: indented rows continue one, "#" starts a comment."""
    text = (files(__package__ or "") / name).read_text("utf-8")
    rows = [row for row in text.splitlines() if row and not row.startswith("#")]
    return "\n".join(rows).replace("\n ", " ").splitlines()


SPELLINGS: Final[Mapping[str, str]] = {
    spelling: word
    for word, *spellings in map(str.split, read_entries("spellings.txt"))
    for spelling in spellings
}
"""The word of each other spelling: `gk` is `tidak`."""
COMMON: Final = frozenset(" ".join(read_entries("common.txt")).split())
"""Common words that resemble words of the lexicon."""
TITLES: Final[Mapping[str, str]] = {
    title: titles[0] for titles in map(str.split, read_entries("titles.txt")) for title in titles
}
"""Forms of address, each with its first spelling."""
_WORDS: Final = frozenset(SPELLINGS.values())
DRAWN_OUT: Final = re.compile(r"(.)\1{2,}")
"""A letter that is drawn out: "tidaaak"."""


def canonical(text: str) -> str:
    """Return a folded word or phrase with each of its words in the spelling that the lexicon uses."""
    return _word(text) if " " not in text else " ".join(map(_word, text.split()))


def _word(word: str) -> str:
    known = SPELLINGS.get(word)
    if known is not None or DRAWN_OUT.search(word) is None:
        return known or word
    short = DRAWN_OUT.sub(r"\1", word)  # "tidaaak", "gaaak"
    known = SPELLINGS.get(short, short)
    return known if known in _WORDS else word

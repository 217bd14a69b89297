"""Spellings: each chat, regional, dictated or wrong form of a word, and the word itself."""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.resources import files
from typing import Final


def read_rows(name: str) -> list[str]:
    """Return the rows of a data file of the lexicon, without comments and empty ones."""
    rows = (files(__package__ or "") / name).read_text("utf-8").splitlines()
    return [row for row in rows if row and not row.startswith("#")]


def _spellings() -> Mapping[str, str]:
    groups = [row.split() for row in read_rows("spellings.txt")]
    return {spelling: word for word, *spellings in groups for spelling in spellings}


SPELLINGS: Final = _spellings()
"""The word of each other spelling: `gk` is `tidak`."""


_WORDS: Final = frozenset(SPELLINGS.values())
_DRAWN_OUT: Final = re.compile(r"(.)\1{2,}")


def canonical(text: str) -> str:
    """Return a folded word or phrase with each of its words in the spelling that the lexicon uses."""
    return _word(text) if " " not in text else " ".join(map(_word, text.split()))


def _word(word: str) -> str:
    known = SPELLINGS.get(word)
    if known is not None or _DRAWN_OUT.search(word) is None:
        return known or word
    short = _DRAWN_OUT.sub(r"\1", word)  # "tidaaak", "gaaak"
    known = SPELLINGS.get(short, short)
    return known if known in _WORDS else word

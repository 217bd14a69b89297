"""Folding: a prompt in lower case and plain signs, with the way back to what was typed."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

_SIGNS: Final = str.maketrans(
    {
        **dict.fromkeys("‟″〝〞＂", '"'),
        **dict.fromkeys("„«", "“"),
        "»": "”",
        **dict.fromkeys("‘’‚‛‹›`´′＇ʼ", "'"),
        **dict.fromkeys("‐‑‒–—―−－", "-"),
        **dict.fromkeys("，、", ","),
        **dict.fromkeys("\r\t\u00a0\u3000\u202f", " "),
        "\u2028": "\n",
        "\u2029": "\n",
        "。": ".",
        "；": ";",
        "：": ":",
    }
)


@dataclass(frozen=True, slots=True)
class Folded:
    """`text[i]` stands for the code points `starts[i]` to `ends[i]` of the prompt."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold(prompt: str) -> Folded:
    """Return a prompt in lower case, without accents, invisible characters and typographic signs."""
    plain = prompt.translate(_SIGNS)
    if plain.isascii():
        return Folded(plain.lower(), range(len(plain)), range(1, len(plain) + 1))
    letters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(plain):
        folded = _folded(character)
        if not folded and ends:
            ends[-1] = index + 1
        for each in folded:
            letters.append(each)
            starts.append(index)
            ends.append(index + 1)
    return Folded("".join(letters), starts, ends)


def normalized(prompt: str) -> str:
    """Return a prompt as it reads once folded, with single spaces."""
    return " ".join(fold(prompt).text.split())


@lru_cache(maxsize=4096)
def _folded(character: str) -> str:
    if character.isascii():
        return character.lower()
    forms = unicodedata.normalize("NFKD", character).translate(_SIGNS).lower()
    return "".join(each for each in forms if unicodedata.category(each) not in {"Mn", "Cf", "Cs"})

"""Finds what a model's answer says in the prompt: words, names, addresses, numbers."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from app.planner.language.tokens.lexemes import Lexeme, lexemes_of
from app.planner.language.tokens.numbers import read_number
from app.planner.language.tokens.tokens import tokenize
from app.planner.models import PromptSpan, TextSpan

_MOST_FILLERS: Final = 2
"""Three of them may be a sentence: "how did we do"."""
_WITHOUT_CONTENT: Final = frozenset({"filler", "sep", "into", "toward", "via", "polite"})
_DIGITS: Final = re.compile(r"\d+")
_BLANKS: Final = r"\s+"
_MOST_DIGITS: Final = 15


HasPlace = PromptSpan | TextSpan | Lexeme
"""A stretch of the prompt."""


def numbers_in(text: str) -> frozenset[float]:
    """Return the numbers of a text, in digits and in words."""
    lexemes = lexemes_of(text, tokenize(text))
    read = (read_number(lexemes, at) for at in range(len(lexemes)))
    digits = (float(each) for each in _DIGITS.findall(text) if len(each) <= _MOST_DIGITS)
    return frozenset([*(found[0] for found in read if found is not None), *digits])


def places(prompt: str, words: str) -> Iterator[PromptSpan]:
    """Yield the places of words in a prompt, without regard to case and blanks."""
    pieces = [re.escape(piece) for piece in words.split()]
    if pieces:
        whole = rf"(?<!\w){_BLANKS.join(pieces)}(?!\w)"
        for match in re.finditer(whole, prompt, re.IGNORECASE):
            yield PromptSpan(match.start(), match.end())


def overlap(one: HasPlace, other: HasPlace) -> bool:
    """True if two stretches of the prompt have a character in common."""
    return one.start < other.end and other.start < one.end


def ask_for_something(lexemes: Sequence[Lexeme]) -> bool:
    """True unless the words are one or two fillers, such as "and" or "please"."""
    words = [each for each in lexemes if each.kind not in {"mark", "line", "bullet"}]
    return len(words) > _MOST_FILLERS or any(
        not each.senses or not each.senses.keys() <= _WITHOUT_CONTENT for each in words
    )


def says(prompt: str, value: str) -> bool:
    """True if a value occurs in the prompt as a whole word: `evil.com` is not in `notevil.com.my`."""
    whole = rf"(?<![\w@.-]){re.escape(_folded(value))}(?![\w@-]|\.\w)"
    return bool(value.strip()) and re.search(whole, _folded(prompt)) is not None


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def address_of(url: str) -> str:
    """Return the part of a URL that people type; for any other text the text itself."""
    try:
        parts = urlsplit(_folded(url))
    except ValueError:
        return _folded(url)
    whole = parts.netloc + parts.path.rstrip("/") + (f"?{parts.query}" if parts.query else "")
    return whole or _folded(url)

"""Finds words in a prompt: values, numbers, and what is denied."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from app.planner.language.tokens.lexemes import Lexeme, lexemes_of
from app.planner.language.tokens.numbers import read_number
from app.planner.language.tokens.tokens import tokenize
from app.planner.models import PromptSpan, TextSpan

HasPlace = PromptSpan | TextSpan | Lexeme
"""A stretch of the prompt."""

WISHES: Final = frozenset({"watch", "report", "backup", "message", "notify", "send"})
_OPERATORS: Final = frozenset({"neg", "except", "takeback"})
BREAKS: Final = frozenset({"mark", "line", "bullet"})
_EMPTY: Final = frozenset({"filler", "sep", "polite", "but"})
_DIGITS: Final = re.compile(r"\d+")
_MOST_DIGITS: Final = 15


def numbers_in(text: str) -> frozenset[float]:
    """Return the numbers of a text, in digits and in words."""
    lexemes = lexemes_of(text, tokenize(text))
    read = (read_number(lexemes, at) for at in range(len(lexemes)))
    digits = (float(each) for each in _DIGITS.findall(text) if len(each) <= _MOST_DIGITS)
    return frozenset([*(found[0] for found in read if found is not None), *digits])


def places(prompt: str, words: str) -> Iterator[PromptSpan]:
    """Yield the places of whole words, in any case: `evil.com` is not in `notevil.com.my`."""
    pieces = r"\s+".join(map(re.escape, words.split()))
    if pieces:
        whole = rf"(?<![\w@.-]){pieces}(?![\w@-]|\.\w)"
        for match in re.finditer(whole, prompt, re.IGNORECASE):
            yield PromptSpan(match.start(), match.end())


def overlap(one: HasPlace, other: HasPlace) -> bool:
    """True if two stretches of the prompt have a character in common."""
    return one.start < other.end and other.start < one.end


def says(prompt: str, value: str) -> bool:
    """True if a value occurs in the prompt as whole words."""
    return next(places(_folded(prompt), _folded(value)), None) is not None


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


def denied_in(lexemes: Sequence[Lexeme]) -> list[PromptSpan]:
    """Return the stretches that words such as "jangan" and "kecuali" deny.

    A stretch is the words after the mark, to the next sign, "but", mark or wish; if there are none, the words
    before it: "tanggal merah ga usah".
    """
    found: list[PromptSpan] = []
    for at, lexeme in enumerate(lexemes):
        if lexeme.has_any(_OPERATORS):
            words = _run(lexemes, range(at + 1, len(lexemes))) or _run(lexemes, range(at - 1, -1, -1))
            if words:
                ends = (each.end for each in words)
                found.append(PromptSpan(min(each.start for each in words), max(ends)))
    return found


def _run(lexemes: Sequence[Lexeme], positions: range) -> list[Lexeme]:
    """Return the words next to a mark; none if all of them are fillers."""
    words: list[Lexeme] = []
    for position in positions:
        lexeme = lexemes[position]
        if lexeme.kind in BREAKS or lexeme.has("but") or lexeme.has_any(_OPERATORS):
            break
        if positions.step > 0 and lexeme.has_any(WISHES) and has_content(words):
            break
        words.append(lexeme)
    return words if has_content(words) else []


def has_content(words: Iterable[Lexeme]) -> bool:
    """True unless all words are signs, operators and fillers, such as "and" or "please"."""
    return any(
        not each.senses or not each.senses.keys() <= _EMPTY | _OPERATORS
        for each in words
        if each.kind not in BREAKS
    )

"""Finds what a model's answer says in the prompt: words, names, addresses, numbers, and what is denied.

No job of a model may do what the prompt denies or excepts.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple, TypeVar
from urllib.parse import urlsplit

from app.planner.language.tokens.lexemes import Lexeme, lexemes_of
from app.planner.language.tokens.numbers import read_number
from app.planner.language.tokens.tokens import tokenize
from app.planner.models import PromptSpan, TextSpan

HasPlace = PromptSpan | TextSpan | Lexeme
"""A stretch of the prompt."""
T = TypeVar("T", bound=HasPlace)

WISHES: Final = frozenset({"watch", "report", "backup", "message", "notify", "send"})
_OPERATORS: Final = frozenset({"neg", "except", "takeback"})
_BREAKS: Final = frozenset({"mark", "line", "bullet"})
_EMPTY: Final = frozenset({"filler", "sep", "polite", "but"})
_FRAME: Final = _EMPTY | {"every", "clockmark", "datemark", "unit", "via", "part"}
"""Words of times that say nothing alone."""
_MOST_FILLERS: Final = 2
"""Three of them may be a sentence: "how did we do"."""
_WITHOUT_CONTENT: Final = frozenset({"filler", "sep", "into", "toward", "via", "polite"})
_DIGITS: Final = re.compile(r"\d+")
_BLANKS: Final = r"\s+"
_MOST_DIGITS: Final = 15


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


class Denial(NamedTuple):
    """A word such as "jangan" or "kecuali", and the words that it denies.

    An exception takes times out of a schedule: "kecuali Minggu", "tanggal merah ga usah".
    """

    mark: PromptSpan
    scope: PromptSpan
    is_exception: bool

    def covers(self, place: HasPlace) -> bool:
        """True for the mark itself, and for the words that it denies."""
        return overlap(place, self.mark) or overlap(place, self.scope)


class Polarity:
    """The denials of one prompt; the texts of its messages are data and deny nothing."""

    def __init__(self, prompt: str, lexemes: Sequence[Lexeme], texts: Sequence[HasPlace]) -> None:
        self._prompt = prompt
        self._texts = texts
        self._lexemes = self._outside(lexemes)
        self.denials = denials_of(self._lexemes)

    def denies_wish(self, words: Iterable[Lexeme]) -> bool:
        """True if the first words that mean something are denied."""
        first = next((each for each in words if not _is_denial(each) and _has_content([each])), None)
        return first is not None and self._deny([first])

    def denies_value(self, value: str) -> bool:
        """True if a value stands only in words that are denied."""
        return self._deny(self._outside(places(self._prompt, value)))

    def denies_channel(self, channel: str) -> bool:
        """True if a channel is named only in words that are denied."""
        return self._deny([each for each in self._lexemes if each.senses.get("channel") == channel])

    def denied_time(self, time: str) -> str | None:
        """Return a word of a time that the prompt only has in denied words; None if there is none."""
        lexemes = lexemes_of(time, tokenize(time))
        own = denials_of(lexemes)
        said = (each for each in lexemes if not any(denial.covers(each) for denial in own))
        words = (each for each in said if not each.senses or not each.senses.keys() <= _FRAME)
        denied = (
            word.raw for word in words if self._deny([each for each in self._lexemes if _is_same(each, word)])
        )
        return next(denied, None)

    def exceptions(self, start: int, end: int) -> Iterator[str]:
        """Yield the excepted words of a job whose words are in a stretch, those that lead it included."""
        lead = (each for each in self._lexemes if each.start < start and _has_content([each]))
        is_led = all(any(denial.covers(each) for denial in self.denials) for each in lead)
        for each in self.denials:
            if each.is_exception and (0 if is_led else start) <= each.mark.start < end:
                yield self._prompt[each.scope.start : each.scope.end]

    def _outside(self, found: Iterable[T]) -> list[T]:
        return [each for each in found if not any(overlap(each, text) for text in self._texts)]

    def _deny(self, found: Sequence[HasPlace]) -> bool:
        return bool(found) and all(
            any(overlap(each, denial.scope) for denial in self.denials) for each in found
        )


def _is_same(one: Lexeme, other: Lexeme) -> bool:
    day = one.senses.get("weekday")
    return one.text == other.text or (day is not None and day == other.senses.get("weekday"))


def denials_of(lexemes: Sequence[Lexeme]) -> tuple[Denial, ...]:
    """Return the denials of a text.

    A scope is the words after the mark, to the next sign, "but", mark or wish; if there are none, the words
    before it.
    """
    found = (_denial(lexemes, at) for at, lexeme in enumerate(lexemes) if _is_denial(lexeme))
    return tuple(denial for denial in found if denial is not None)


def _is_denial(lexeme: Lexeme) -> bool:
    return lexeme.has_any(_OPERATORS)


def _denial(lexemes: Sequence[Lexeme], at: int) -> Denial | None:
    after, before = _run(lexemes, range(at + 1, len(lexemes))), _run(lexemes, range(at - 1, -1, -1))
    words, mark = after or before, lexemes[at]
    if not words:
        return None
    scope = PromptSpan(min(each.start for each in words), max(each.end for each in words))
    is_exception = mark.has("except") or (mark.has("neg") and not after)
    return Denial(PromptSpan(mark.start, mark.end), scope, is_exception)


def _run(lexemes: Sequence[Lexeme], positions: range) -> list[Lexeme]:
    """Return the words next to a mark; none if all of them are fillers."""
    words: list[Lexeme] = []
    for position in positions:
        lexeme = lexemes[position]
        if lexeme.kind in _BREAKS or lexeme.has("but") or _is_denial(lexeme):
            break
        if positions.step > 0 and lexeme.has_any(WISHES) and _has_content(words):
            break
        words.append(lexeme)
    return words if _has_content(words) else []


def _has_content(words: Iterable[Lexeme]) -> bool:
    return any(
        not each.senses or not each.senses.keys() <= _EMPTY for each in words if each.kind not in _BREAKS
    )

"""The entries of the lexicon and their notation: each assigns a sense to words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from app.planner.language.lexicon.spelling import read_entries

Value = str | int | float | bool | tuple[int, ...]
Senses = Mapping[str, Value]
NO_SENSES: Senses = MappingProxyType({})
_ENTRY: Final = re.compile(r"^(\w+)(?:=(\S+))?(.*(?:\n[ ].*)*)", re.MULTILINE)
_LANGUAGE: Final = re.compile(r"\s(id|en|both):")


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """A sense with its value, and the words and phrases that have it, each with its language."""

    sense: str
    value: Value
    words: frozenset[tuple[str, str]]


def parse_entries(text: str) -> tuple[LexiconEntry, ...]:
    """Return the entries of a table such as `relday=1  id: besok, esok hari  en: tomorrow`.

    An entry without a value has the value True. Words of `both` do not indicate the language of a prompt;
    their language is `""`. Indented lines continue an entry, and `#` starts a comment.
    """
    return tuple(
        LexiconEntry(entry[1], _value(entry[2]), frozenset(_words(entry[3])))
        for entry in _ENTRY.finditer(text)
    )


def _value(text: str | None) -> Value:
    if text is None:
        return True
    if "," in text:
        return tuple(int(part) for part in text.split(","))
    return int(text) if text.lstrip("-").isdecimal() else text


def _words(text: str) -> Iterator[tuple[str, str]]:
    _, *parts = _LANGUAGE.split(text)
    for language, phrases_text in zip(parts[::2], parts[1::2], strict=True):
        for phrase in phrases_text.split(","):
            yield " ".join(phrase.split()), "" if language == "both" else language


_FILES: Final = ("intents", "channels", "times", "grammar", "fillers", "operators")
ENTRIES: Final = tuple(
    entry for name in _FILES for entry in parse_entries("\n".join(read_entries(f"{name}.txt")))
)

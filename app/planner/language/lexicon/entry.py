"""The lexicon's entry format: one line assigns a sense to words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

Value = str | int | float | bool | tuple[int, ...]
Senses = Mapping[str, Value]
NO_SENSES: Senses = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class LexiconEntry:
    """Words that share a sense. `both` words do not indicate the language of a prompt.

    Words are separated by commas; a word may be a phrase. `id` and `en` count for their language.
    """

    sense: str
    value: Value = True
    id: str = ""
    en: str = ""
    both: str = ""

    def words(self) -> list[tuple[str, str]]:
        """Return every word with its language, `""` if it has none."""
        groups = (("id", self.id), ("en", self.en), ("", self.both))
        return [
            (word.strip(), language) for language, text in groups for word in text.split(",") if word.strip()
        ]


@dataclass(slots=True)
class WordSenses:
    """The senses of a word or phrase, and the languages that have it."""

    senses: dict[str, Value] = field(default_factory=dict[str, Value])
    languages: set[str] = field(default_factory=set[str])


def words(text: str) -> frozenset[str]:
    """Return the words of a text as a set: a short notation for a list of words."""
    return frozenset(text.split())

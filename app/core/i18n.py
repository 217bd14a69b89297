"""Sentences that are said in Indonesian and English alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Words:
    """The same in both languages."""

    id: str
    en: str

    def __add__(self, other: Words) -> Words:
        return Words(self.id + other.id, self.en + other.en)


NOTHING: Final = Words("", "")
SPACE: Final = Words(" ", " ")
COMMA: Final = Words(", ", ", ")


def listed(items: Sequence[Words]) -> Words:
    """Return `a, b and c`."""
    return Words(_listed([item.id for item in items], "dan"), _listed([item.en for item in items], "and"))


def _listed(items: Sequence[str], last: str) -> str:
    if len(items) < 2:  # noqa: PLR2004
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def plain(items: Sequence[object]) -> list[Words]:
    """Return what is written alike in both languages."""
    return [Words(str(item), str(item)) for item in items]


def every(count: int, indonesian: str, english: str) -> Words:
    """Return `every 5 minutes`; one is told without its number."""
    if count == 1:
        return Words(f"setiap {indonesian}", f"every {english}")
    return Words(f"setiap {count} {indonesian}", f"every {count} {english}s")

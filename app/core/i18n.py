"""Sentences that are said in Indonesian and English alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Bilingual:
    """The same in both languages."""

    id: str
    en: str

    def __add__(self, other: Bilingual) -> Bilingual:
        return Bilingual(self.id + other.id, self.en + other.en)


NOTHING: Final = Bilingual("", "")
SPACE: Final = Bilingual(" ", " ")
COMMA: Final = Bilingual(", ", ", ")


def join_list(items: Sequence[Bilingual]) -> Bilingual:
    """Return `a, b and c`."""
    return Bilingual(_listed([item.id for item in items], "dan"), _listed([item.en for item in items], "and"))


def _listed(items: Sequence[str], last: str) -> str:
    if len(items) < 2:  # noqa: PLR2004
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def same_in_both(items: Sequence[object]) -> list[Bilingual]:
    """Return what is written alike in both languages."""
    return [Bilingual(str(item), str(item)) for item in items]


def every(count: int, indonesian: str, english: str) -> Bilingual:
    """Return `every 5 minutes`; one is told without its number."""
    if count == 1:
        return Bilingual(f"setiap {indonesian}", f"every {english}")
    return Bilingual(f"setiap {count} {indonesian}", f"every {count} {english}s")

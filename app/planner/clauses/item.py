"""Items: what a sentence is made of once names, limits and times are read. Clauses are built from them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.planner.lexicon.entry import NO_SENSES, Senses
from app.planner.times.pieces import Value


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody's name for an account or a chat.

    `mark` is `account` or `chat`, empty where no word says which; `shape` is the kind of its lexeme.
    """

    text: str
    mark: str
    shape: str


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A part of a sentence and the lexemes it stands on, `first` to before `last`."""

    kind: str
    first: int
    last: int
    value: Name | Value | str | int | None = None
    senses: Senses = field(default_factory=lambda: NO_SENSES)

    def has(self, *senses: str) -> bool:
        """True where the word behind it has one of the senses."""
        return not self.senses.keys().isdisjoint(senses)

    @property
    def text(self) -> str:
        """Return its value where that is text."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def number(self) -> int | None:
        """Return its value where that is a number."""
        return self.value if isinstance(self.value, int) else None

    @property
    def name(self) -> Name | None:
        """Return its value where that is a name."""
        return self.value if isinstance(self.value, Name) else None

    @property
    def is_account(self) -> bool:
        """True for a name that a word marks as an account's."""
        return isinstance(self.value, Name) and self.value.mark == "account"


def any_of(items: Iterable[Item], *kinds: str) -> bool:
    """True where one of the items is of one of the kinds."""
    return any(item.kind in kinds for item in items)

"""Clauses: one wish each, with all the items that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.planner.language.lexicon.entry import NO_SENSES, Senses
from app.planner.language.times.expressions import Value

# Items: what a sentence is made of once names, limits and times are read. Clauses are built from them.


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


@dataclass(slots=True)
class Clause:
    """A wish: its kind (`watch report backup message`), its items in order with separators between chunks.

    `negated` and `stopped` clauses plan nothing and are told. `implied` has no verb of its own.
    """

    kind: str
    items: list[Item] = field(default_factory=list[Item])
    negated: bool = False
    stopped: bool = False
    implied: bool = False
    quiet: bool = False
    """True where the sentence forbids its notification."""
    bare: bool = False
    """True where only a noun asks, with nothing said of it: "backup"."""
    joined: bool = False
    """True where a mere "dan" joins it to the wish before it."""
    lent: bool = False
    """True where its times are those of the wish beside it."""

    def has(self, *kinds: str) -> bool:
        """True where it has an item of one of the kinds."""
        return any(item.kind in kinds for item in self.items)

    def has_time(self) -> bool:
        """True where it says when."""
        return self.has("time")


@dataclass(slots=True)
class ParsedClauses:
    """A whole prompt as clauses, and the parts that belong to none."""

    clauses: list[Clause] = field(default_factory=list[Clause])
    leftovers: list[list[Item]] = field(default_factory=list[list[Item]])
    conditions: list[list[Item]] = field(default_factory=list[list[Item]])
    """Wishes that are to happen only if something else does."""
    ignored: list[Item] = field(default_factory=list[Item])
    """Greetings, and times that the sentence itself takes back."""

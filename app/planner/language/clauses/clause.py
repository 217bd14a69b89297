"""Clauses: one wish each, with all the items that belong to it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from app.planner.language.lexicon.entry import NO_SENSES, Senses
from app.planner.language.times.expressions import Value

# Items: the parts of a sentence after names, limits and times are read. Clauses are built from them.


@dataclass(frozen=True, slots=True)
class Name:
    """A name that people gave an account or a chat.

    `mark` is `account` or `chat`, empty if no word says which; `shape` is the kind of its lexeme.
    """

    text: str
    mark: str
    shape: str


@dataclass(frozen=True, slots=True, eq=False)
class Item:
    """A part of a sentence and its lexemes, `first` to before `last`."""

    kind: str
    first: int
    last: int
    value: Name | Value | str | int | None = None
    senses: Senses = field(default_factory=lambda: NO_SENSES)

    def has(self, *senses: str) -> bool:
        """True if its word has one of the senses."""
        return not self.senses.keys().isdisjoint(senses)

    @property
    def text(self) -> str:
        """Return its value if that is text."""
        return self.value if isinstance(self.value, str) else ""

    @property
    def number(self) -> int | None:
        """Return its value if that is a number."""
        return self.value if isinstance(self.value, int) else None

    @property
    def name(self) -> Name | None:
        """Return its value if that is a name."""
        return self.value if isinstance(self.value, Name) else None

    @property
    def is_account(self) -> bool:
        """True for a name that a word marks as an account's."""
        return isinstance(self.value, Name) and self.value.mark == "account"


def any_of(items: Iterable[Item], *kinds: str) -> bool:
    """True if one of the items is of one of the kinds."""
    return any(item.kind in kinds for item in items)


@dataclass(slots=True)
class Clause:
    """A wish: its kind (`watch report backup message`), its items in order with separators between chunks.

    `negated` and `stopped` clauses plan nothing and get a message. `implied` has no verb of its own.
    """

    kind: str
    items: list[Item] = field(default_factory=list[Item])
    negated: bool = False
    stopped: bool = False
    implied: bool = False
    quiet: bool = False
    """True if the sentence forbids its notification."""
    bare: bool = False
    """True if only a noun asks, without any detail: "backup"."""
    joined: bool = False
    """True if a plain "dan" joins it to the wish before it."""
    lent: bool = False
    """True if its times are those of the neighbouring wish."""

    def has(self, *kinds: str) -> bool:
        """True if it has an item of one of the kinds."""
        return any(item.kind in kinds for item in self.items)

    def has_time(self) -> bool:
        """True if it has a time."""
        return self.has("time")


@dataclass(slots=True)
class ParsedClauses:
    """A whole prompt as clauses, and the parts that belong to none."""

    clauses: list[Clause] = field(default_factory=list[Clause])
    leftovers: list[list[Item]] = field(default_factory=list[list[Item]])
    conditions: list[list[Item]] = field(default_factory=list[list[Item]])
    """Wishes that depend on a condition."""
    ignored: list[Item] = field(default_factory=list[Item])
    """Greetings, and times that the sentence itself withdraws."""

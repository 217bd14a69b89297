"""Clauses: one wish each, with all the items that belong to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.planner.clauses.item import Item


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
class Reading:
    """A whole prompt as clauses, and the parts that belong to none."""

    clauses: list[Clause] = field(default_factory=list[Clause])
    leftovers: list[list[Item]] = field(default_factory=list[list[Item]])
    conditions: list[list[Item]] = field(default_factory=list[list[Item]])
    """Wishes that are to happen only if something else does."""
    ignored: list[Item] = field(default_factory=list[Item])
    """Greetings, and times that the sentence itself takes back."""

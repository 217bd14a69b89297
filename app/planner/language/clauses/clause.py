"""Clauses: one wish each, with all the items that belong to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from operator import attrgetter
from typing import Final

from app.planner.language.lexicon.entry import NO_SENSES, Senses
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import Value, ZoneName
from app.planner.language.tokens.lexemes import Name

# Items: the parts of a sentence after names, limits and times are read. Clauses are built from them.


WITHDRAWN: Final = "withdrawn"
"""The value of a filler that was said and taken back."""


@dataclass(frozen=True, slots=True)
class Retry:
    """More tries of a failed run: how many, the seconds between them, and the kind of job that it names."""

    count: int | None
    gap_sec: float | None
    kind: str = ""


# Not frozen, for its cost: each word of a prompt makes one.
@dataclass(slots=True, eq=False)
class Item:
    """A part of a sentence and its lexemes, `first` to before `last`."""

    kind: str
    first: int
    last: int
    value: Name | Retry | Value | str | int | None = None
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


BY_PLACE: Final = attrgetter("first")
"""Sorts items by their place in the sentence."""


def kinds(names: str) -> frozenset[str]:
    """Return the kinds of items with the names in a text."""
    return frozenset(names.split())


def any_of(items: Iterable[Item], *kinds: str) -> bool:
    """True if one of the items is of one of the kinds."""
    return any(item.kind in kinds for item in items)


class Operator(StrEnum):
    """What an operator does with its scope."""

    NOT = "not"
    EXCEPT = "except"
    WITHDRAW = "withdraw"
    """Takes back what was said, or ends a stored job: "gak jadi", "ga usah", "forget"."""
    REPAIR = "repair"
    """Says a value or a wish again: "eh salah, jam 8"."""
    KEEP = "keep"
    """Leaves a stored job as it is."""


@dataclass(slots=True)
class Clause:
    """A wish: its kind (`watch report backup message`), its items in order with separators between chunks.

    One with an operator, NOT or WITHDRAW, plans nothing and gets a message. `implied` has no verb of its own.
    """

    kind: str
    items: list[Item] = field(default_factory=list[Item])
    operator: Operator | None = None
    implied: bool = False
    bare: bool = False
    """True if only a noun asks: "laporan", "the backup"."""
    joined: bool = False
    """True if a plain "dan" joins it to the wish before it."""
    lent: bool = False
    """True if its times are those of the neighbouring wish."""
    after: Clause | None = None
    """The wish whose job starts this one's; `outcome` is the field of that job that names it."""
    outcome: str = ""
    is_named: bool = False
    """True if it only names a job that another one follows: "setelah backup kirim …"."""

    @property
    def quiet(self) -> bool:
        """True if the sentence forbids its notification, and asks for none behind that."""
        last = next((item for item in reversed(self.items) if item.kind in {"quiet", "notify"}), None)
        return last is not None and last.kind == "quiet"

    def has(self, *kinds: str) -> bool:
        """True if it has an item of one of the kinds."""
        return any(item.kind in kinds for item in self.items)


@dataclass(slots=True)
class ParsedClauses:
    """A whole prompt as clauses, and the parts that belong to none."""

    clauses: list[Clause] = field(default_factory=list[Clause])
    leftovers: list[list[Item]] = field(default_factory=list[list[Item]])
    conditions: list[list[Item]] = field(default_factory=list[list[Item]])
    """Wishes that depend on a condition."""
    clashes: list[list[Item]] = field(default_factory=list[list[Item]])
    """Wishes with a time of their own that shall also run after another job."""


# Chunks: the stretches of items between separators.

CONDITIONS: Final = frozenset({"lasts", "fails", "slow", "cert"})
"""Items that say when a monitor raises its alarm."""
INTENTS: Final = frozenset({"watch", "report", "backup", "message", "declared"})
RECORDS: Final = frozenset({"report", "backup"})
TARGETS: Final = frozenset({"channel", "foreign", "name", "url"})
MODIFIERS: Final = (
    frozenset({"notify", "send", "keep", "keep_for", "expect", "contains", "toward", "retry", "priority"})
    | CONDITIONS
)
_CONTRASTS: Final = words_of(Sense.CONTRASTS)


@dataclass(slots=True)
class Chunk:
    """Items between two separators; `sep` is the separator before it, and how strong it is."""

    items: list[Item] = field(default_factory=list[Item])
    sep: Item | None = None

    @property
    def strong(self) -> bool:
        """True if it starts a sentence or line."""
        return self.sep is None or self.sep.value == "strong"

    @property
    def joined(self) -> bool:
        """True if a word joins it to the chunk before it, without a comma."""
        return self.sep is not None and self.sep.value == "weak" and bool(self.sep.senses)

    def has(self, *kinds: str) -> bool:
        """True if it has an item of one of the kinds."""
        return any(item.kind in kinds for item in self.items)

    def has_time(self) -> bool:
        """True if it has a time; a zone alone is none."""
        return any(item.kind == "time" and not isinstance(item.value, ZoneName) for item in self.items)

    def only_times(self) -> bool:
        """True if it has a time and nothing else."""
        return self.has_time() and all(item.kind in {"time", "filler"} for item in self.items)


def split_chunks(items: Sequence[Item], texts: Sequence[str]) -> list[Chunk]:
    """Return the chunks of a sentence; `texts` are the folded texts of its lexemes."""
    chunks = [Chunk()]
    for item in items:
        if item.kind == "sep":
            if chunks[-1].items:
                chunks.append(Chunk(sep=item))
            elif chunks[-1].sep is None or item.value == "strong":
                chunks[-1].sep = item
            continue
        last = chunks[-1]
        if item.kind == "but" and last.items:  # "jangan pantau telegram cukup whatsapp"
            denied = last.has("neg") and last.has(*INTENTS, *TARGETS)
            if denied or texts[item.first] in _CONTRASTS:
                chunks.append(Chunk(sep=item))
        chunks[-1].items.append(item)
    return [chunk for chunk in chunks if chunk.items]

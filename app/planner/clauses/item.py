"""Items: what a sentence is made of once names, limits and times are read. Clauses are built from them."""

from __future__ import annotations

from dataclasses import dataclass, field

from app.planner.lexicon.entry import NO_SENSES, Senses
from app.planner.times.pieces import Value


@dataclass(frozen=True, slots=True)
class Name:
    """Somebody's name for an account or a chat; `mark` is `account`, `chat`, or empty where no word says which."""

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
        return any(sense in self.senses for sense in senses)

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

"""What a restore found and did, by kind and word."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from app.core.files.exports import KINDS, Kind

if TYPE_CHECKING:
    from app.backup.items import RestoreNotes
    from app.core.files.exports import ExportHeader

MOST_NAMED = 10


class RestoreOutcome(StrEnum):
    """What the scripts `restore_*` answer for a record."""

    CREATED = "CREATED"
    """It was missing."""
    SAME = "SAME"
    """It is stored already, with the same content."""
    KEPT = "KEPT"
    """What is stored stays: it is active, has gone on since, or was counted here."""
    REPLACED = "REPLACED"
    """Another content stood there."""
    DIFFERENT = "DIFFERENT"
    """Another content stands there, and stays."""
    OVER = "OVER"
    """Its lifetime has ended."""
    LIMIT = "LIMIT"
    """A job that names a concurrency key with another limit than a stored one."""
    ERROR = "ERROR"
    """What is stored is damaged."""


IN_THE_WAY = (RestoreOutcome.DIFFERENT, RestoreOutcome.LIMIT, RestoreOutcome.ERROR)


@dataclass(slots=True)
class RestoreCounts:
    """Counts by kind and word, and the first names of what is in the way."""

    counts: Counter[tuple[Kind, RestoreOutcome]] = field(default_factory=Counter[tuple[Kind, RestoreOutcome]])
    names: dict[RestoreOutcome, list[str]] = field(default_factory=dict[RestoreOutcome, list[str]])

    def add(self, kind: Kind, name: str, word: RestoreOutcome) -> None:
        self.counts[kind, word] += 1
        if word in IN_THE_WAY and len(named := self.names.setdefault(word, [])) < MOST_NAMED:
            named.append(f"{kind} {name}")

    def of(self, kind: Kind) -> dict[RestoreOutcome, int]:
        """Return one kind's counts."""
        return {word: self.counts[kind, word] for word in RestoreOutcome}

    def total(self, word: RestoreOutcome) -> int:
        """Return how many records of all kinds got a word."""
        return sum(self.counts[kind, word] for kind in KINDS)

    def stored(self, kind: Kind) -> int:
        """Return how many records of the file are stored in one form or another."""
        return sum(count for (of, word), count in self.counts.items() if of == kind and word in _STORED)


_STORED = (RestoreOutcome.SAME, RestoreOutcome.KEPT, RestoreOutcome.REPLACED, RestoreOutcome.DIFFERENT)


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """The end of a restore, or of a look. `refused` says why a look would not be followed by a restore."""

    header: ExportHeader
    tally: RestoreCounts
    notes: RestoreNotes
    others: dict[Kind, int]
    """Stored records that the file does not have."""
    armed: int = 0
    """Jobs whose next fire was set."""
    refused: str | None = None

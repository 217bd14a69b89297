"""The report of a restore: counts by kind and result."""

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
    """The result of a restore script for one record."""

    CREATED = "CREATED"
    """It was missing."""
    SAME = "SAME"
    """It is stored already, with the same content."""
    KEPT = "KEPT"
    """The stored record stays: it is active, has changed since, or was counted here."""
    REPLACED = "REPLACED"
    """A record with other content was replaced."""
    DIFFERENT = "DIFFERENT"
    """A record with other content is stored, and stays."""
    OVER = "OVER"
    """Its lifetime has ended."""
    LIMIT = "LIMIT"
    """A job that names a concurrency key with another limit than a stored one."""
    ERROR = "ERROR"
    """The stored record is damaged."""


IN_THE_WAY = (RestoreOutcome.DIFFERENT, RestoreOutcome.LIMIT, RestoreOutcome.ERROR)


@dataclass(slots=True)
class RestoreCounts:
    """Counts by kind and result, and the first names of conflicting records."""

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
        """Return how many records of all kinds had a result."""
        return sum(self.counts[kind, word] for kind in KINDS)

    def stored(self, kind: Kind) -> int:
        """Return how many records of the file are stored, in the same or another form."""
        return sum(count for (of, word), count in self.counts.items() if of == kind and word in _STORED)


_STORED = (RestoreOutcome.SAME, RestoreOutcome.KEPT, RestoreOutcome.REPLACED, RestoreOutcome.DIFFERENT)


@dataclass(frozen=True, slots=True)
class RestoreReport:
    """The report of a restore, or of a dry run. `refused` is the reason why a restore would not be done."""

    header: ExportHeader
    tally: RestoreCounts
    notes: RestoreNotes
    others: dict[Kind, int]
    """Stored records that the file does not have."""
    armed: int = 0
    """Jobs whose next fire was set."""
    refused: str | None = None

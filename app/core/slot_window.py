"""The part of a job's history that is asked for, and what a ledger's reason means for a slot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

DAY_MS: Final = 86_400_000
Outcome = Literal["ran", "waiting", "missed", "skipped", "upcoming"]

# Nobody decided to leave these out; every other reason of the ledger is a rule at work.
_MISSED: Final = frozenset({"missed", "clock_went_back"})


@dataclass(frozen=True, slots=True)
class Window:
    """From and to, both included, in epoch milliseconds; at most `limit` entries on each side of now."""

    from_ms: int
    to_ms: int
    limit: int

    def holds(self, first_ms: int, last_ms: int) -> bool:
        """Tell whether a range touches the window."""
        return first_ms <= self.to_ms and last_ms >= self.from_ms


def left_out_as(reason: str) -> Outcome:
    """Return what a slot of the ledger is: missed, or skipped by a rule."""
    return "missed" if reason in _MISSED else "skipped"

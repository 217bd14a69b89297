"""Findings of the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.incidents.remedies import Remedy

NAMED = 5
"""At most so many names in a finding."""


class FindingLevel(StrEnum):
    """Severity of a finding."""

    OK = "ok"
    WARN = "warn"
    """Works, with a weakness."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's output."""

    check: str
    verdict: FindingLevel
    seen: str
    remedy: str = ""
    """What to do, for people."""
    actions: tuple[Remedy, ...] = ()
    """What can be done at once, the best first."""


def ok(check: str, seen: str) -> Finding:
    """Return a finding without a repair."""
    return Finding(check, FindingLevel.OK, seen)


def warning(check: str, seen: str, remedy: str, *actions: Remedy) -> Finding:
    """Return a weakness and its repair."""
    return Finding(check, FindingLevel.WARN, seen, remedy, actions)


def failed(check: str, seen: str, remedy: str, *actions: Remedy) -> Finding:
    """Return a defect and its repair."""
    return Finding(check, FindingLevel.FAILED, seen, remedy, actions)


def listed(names: Sequence[str]) -> str:
    """Return the first names, and the number of the others: `a, b (+3)`."""
    more = len(names) - NAMED
    shown = ", ".join(names[:NAMED])
    return f"{shown} (+{more})" if more > 0 else shown

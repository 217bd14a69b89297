"""What a check of the doctor's comes to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class FindingLevel(StrEnum):
    """How a check came out."""

    OK = "ok"
    WARN = "warn"
    """Works, with a weakness."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor's."""

    check: str
    verdict: FindingLevel
    seen: str
    remedy: str = ""


def ok(check: str, seen: str) -> Finding:
    """Return a finding that needs nothing."""
    return Finding(check, FindingLevel.OK, seen)

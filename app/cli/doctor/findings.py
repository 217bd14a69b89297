"""Findings of the doctor."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


def ok(check: str, seen: str) -> Finding:
    """Return a finding without a repair."""
    return Finding(check, FindingLevel.OK, seen)

"""What this process has refused or cut, by reason, for the metrics."""

from __future__ import annotations

from collections import Counter


class Refusals:
    """Counts of this process since its start. Reasons are words of the code, never of a request."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()

    def count(self, reason: str) -> None:
        """Count one."""
        self.counts[reason] += 1

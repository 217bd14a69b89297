"""The sizes of a measurement."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Scale:
    """Full or quick: a quick one has smaller sizes and shorter times."""

    quick: bool

    def sizes(self, first: int, last: int, quick_last: int) -> list[int]:
        """Return the powers of ten from one size to another."""
        most = quick_last if self.quick else last
        sizes = [first]
        while sizes[-1] * 10 <= most:
            sizes.append(sizes[-1] * 10)
        return sizes

    def seconds(self, full: float, quick: float) -> float:
        """Return a length of time."""
        return quick if self.quick else full

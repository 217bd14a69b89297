"""A line of the table: the cost of one thing at each size, and its slope."""

from __future__ import annotations

import math
import statistics
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_FLAT, _LINEAR = 0.15, 1.1
"""A slope up to these is flat or linear; the noise of a busy machine is within them."""


@dataclass(slots=True)
class Line:
    """The costs of one figure by size. A cost of one unit of work should be flat, a sum linear."""

    subject: str
    title: str
    unit: str
    digits: int = 1
    costs: dict[int, float] = field(default_factory=dict[int, float])

    @property
    def slope(self) -> float | None:
        """Return the slope of log cost against log size (least squares); None if there are too few."""
        points = [(math.log(size), math.log(cost)) for size, cost in self.costs.items() if cost > 0]
        if len(points) < 2:
            return None
        return statistics.linear_regression(*zip(*points, strict=True)).slope

    @property
    def verdict(self) -> str:
        """Return `flat`, `linear` or `worse`; empty without a slope."""
        slope = self.slope
        if slope is None:
            return ""
        return "flat" if slope <= _FLAT else "linear" if slope <= _LINEAR else "worse"


class Lines:
    """The lines of one subject, in the order of their first figure."""

    def __init__(self, subject: str, report: Callable[[str], None]) -> None:
        self._subject = subject
        self._report = report
        self._lines: dict[str, Line] = {}
        self.notes: list[str] = []

    def add(self, size: int, figures: Mapping[tuple[str, str], float], digits: int = 1) -> None:
        """Add the costs of one size, by title and unit."""
        for (title, unit), cost in figures.items():
            line = self._lines.setdefault(title, Line(self._subject, title, unit, digits))
            line.costs[size] = cost
        shown = ", ".join(f"{title} {cost:,.{digits}f} {unit}" for (title, unit), cost in figures.items())
        self._report(f"{self._subject} {size:,}: {shown}")

    def note(self, text: str) -> None:
        """Say what differs from the plan; the table ends with it."""
        self.notes.append(f"{self._subject}: {text}")
        self._report(self.notes[-1])

    @property
    def all(self) -> list[Line]:
        return list(self._lines.values())

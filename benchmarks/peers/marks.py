"""The files in which the jobs' bodies record their starts and ends."""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.measure import Figures, late_figures
from benchmarks.peers.kit.peer import END, LINE_BYTES, START, TICK

_SECOND_US = 1_000_000


@dataclass(frozen=True, slots=True)
class Seen:
    """What the jobs' bodies recorded of some runs, in nanoseconds of the monotonic clock."""

    starts: dict[int, int] = field(default_factory=dict[int, int])
    """The first start of each run."""
    ends: dict[int, int] = field(default_factory=dict[int, int])
    """The last end of each run."""
    times_ended: Counter[int] = field(default_factory=Counter[int])

    def lost(self, runs: Sequence[int]) -> int:
        """Return how many runs have not ended."""
        return sum(1 for run in runs if run not in self.ends)

    def doubled(self) -> int:
        """Return how many runs ended more than once."""
        return sum(1 for times in self.times_ended.values() if times > 1)

    def seconds(self) -> float:
        """Return the time from the first start to the last end."""
        return (max(self.ends.values()) - min(self.starts.values())) / 1e9


class Marks:
    """A folder with one file for each worker."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lines(self) -> int:
        """Return how many lines all workers have written."""
        return sum(file.stat().st_size for file in self._folder.iterdir()) // LINE_BYTES

    def writers(self) -> int:
        """Return how many workers have written."""
        return len(list(self._folder.iterdir()))

    def of(self, runs: range) -> Seen:
        """Return the records of these runs."""
        seen = Seen()
        for kind, run, at_ns in self._records():
            if run not in runs or kind == TICK:
                continue
            if kind == START or run not in seen.starts:
                seen.starts[run] = min(at_ns, seen.starts.get(run, at_ns))
            if kind == END:
                seen.ends[run] = max(at_ns, seen.ends.get(run, at_ns))
                seen.times_ended[run] += 1
        return seen

    def ticks_us(self, after_ns: int) -> list[int]:
        """Return the starts of the periodic job by the machine's clock, modulo 10,000 s, after an instant."""
        return sorted(us for kind, us, at_ns in self._records() if kind == TICK and at_ns >= after_ns)

    def _records(self) -> Iterable[tuple[bytes, int, int]]:
        for file in self._folder.iterdir():
            data = file.read_bytes()
            for at in range(0, len(data) - LINE_BYTES + 1, LINE_BYTES):
                yield data[at : at + 1], int(data[at + 2 : at + 12]), int(data[at + 13 : at + 33])


def periodic_figures(ticks_us: Sequence[int], *, aligned: bool) -> Figures:
    """Return lateness and drift of a job that shall start each second.

    An aligned job is late against the machine's whole seconds, another one against its first start.
    Drift is the slope of the lateness, in milliseconds a tick.
    """
    base = ticks_us[0] // _SECOND_US * _SECOND_US if aligned else ticks_us[0]
    slots = [round((tick - ticks_us[0]) / _SECOND_US) for tick in ticks_us]
    late_ms = [(tick - base - slot * _SECOND_US) / 1_000 for tick, slot in zip(ticks_us, slots, strict=True)]
    drift = statistics.linear_regression(slots, late_ms).slope if len(set(slots)) > 1 else 0.0
    return {
        **late_figures(late_ms, "late_ms"),
        "drift_ms": drift,
        "missed": slots[-1] + 1 - len(set(slots)),
        "doubled": len(slots) - len(set(slots)),
    }

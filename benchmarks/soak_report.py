"""The report of a soak: lines, table and bounds."""

from __future__ import annotations

import math
import statistics
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

MB = 1_048_576
# A process may still fill caches and pools in its first minutes.
SETTLED_MINUTES = 5
WINDOW_MINUTES = 2
MAX_GROWTH_MB = 10.0
REDIS_FACTOR, REDIS_EXTRA_MB = 1.5, 40.0
MIN_SHARE_DONE = 0.95


@dataclass(frozen=True, slots=True)
class Sample:
    """The memory of all processes at one minute."""

    minute: float
    runs: int
    used_mb: float
    dataset_mb: float
    redis_mb: float
    """Resident memory, reported by the server."""
    resident_mb: dict[str, float]

    @property
    def bound_mb(self) -> float:
        return REDIS_FACTOR * self.used_mb + REDIS_EXTRA_MB


def print_head(first: Sample) -> None:
    """Print the first sample under the names of its columns."""
    names = ("minute", "runs", "used", "data set", "rss", *first.resident_mb)
    print("  ".join(f"{name:>9}" for name in names))
    print_sample(first)


def print_sample(sample: Sample) -> None:
    """Print one line: MB in all but the first two columns."""
    figures = (sample.used_mb, sample.dataset_mb, sample.redis_mb, *sample.resident_mb.values())
    words = [f"{sample.minute:g}", f"{sample.runs:,}", *(f"{figure:.1f}" for figure in figures)]
    print("  ".join(f"{word:>9}" for word in words), flush=True)


def verdict(samples: Sequence[Sample], rate: int) -> bool:
    """Print the table of the settled level and the later one; return whether every bound held."""
    settled = [each for each in samples if SETTLED_MINUTES - WINDOW_MINUTES <= each.minute <= SETTLED_MINUTES]
    later = [each for each in samples if each.minute > SETTLED_MINUTES] or samples[-1:]
    names = (f"{SETTLED_MINUTES} min", "level", "peak", "end", "growth")
    print(f"\n{'MB':<12}{'start':>9}" + "".join(f"{name:>9}" for name in names))
    held = [_process_held(name, samples[0], settled or later, later) for name in samples[-1].resident_mb]
    print("growth: from the level at 5 min to the highest later one; of Redis without its used memory")
    return all((*held, _redis_fits(samples), _is_busy(samples[0], samples[-1], rate)))


def _redis_fits(samples: Sequence[Sample]) -> bool:
    worst = max(samples, key=lambda each: each.redis_mb - each.bound_mb)
    fits = worst.redis_mb <= worst.bound_mb
    print(
        f"Redis resident {worst.redis_mb:.1f} MB, used {worst.used_mb:.1f} MB at minute {worst.minute:.1f}: "
        f"bound {worst.bound_mb:.1f} MB {_word(fits)}"
    )
    return fits


def _is_busy(first: Sample, last: Sample, rate: int) -> bool:
    done = (last.runs - first.runs) / max(1.0, (last.minute - first.minute) * 60)
    busy = done >= rate * MIN_SHARE_DONE
    print(f"runs that ended: {done:.1f}/s of {rate} {_word(busy)}")
    return busy


def _process_held(name: str, start: Sample, settled: Sequence[Sample], later: Sequence[Sample]) -> bool:
    windows: defaultdict[int, list[Sample]] = defaultdict(list)
    for sample in later:
        windows[math.ceil((sample.minute - SETTLED_MINUTES) / WINDOW_MINUTES)].append(sample)
    highest = max(windows.values(), key=lambda window: _level(name, window, net=True))
    growth = _level(name, highest, net=True) - _level(name, settled, net=True)
    held = growth <= MAX_GROWTH_MB
    levels = (_level(name, settled), _level(name, highest))
    peak = max(_resident(name, sample) for sample in later)
    figures = (_resident(name, start), *levels, peak, _resident(name, later[-1]), growth)
    print(f"{name:<12}" + "".join(f"{figure:>9.1f}" for figure in figures) + f"  {_word(held)}")
    return held


def _level(name: str, samples: Sequence[Sample], *, net: bool = False) -> float:
    """Return the median over a window: the heap of Node.js rises and falls by 50 MB between collections."""
    data = name == "redis" and net
    return statistics.median(_resident(name, each) - (each.used_mb if data else 0.0) for each in samples)


def _resident(name: str, sample: Sample) -> float:
    return sample.resident_mb.get(name, 0.0)


def _word(held: bool) -> str:
    return "held" if held else "NOT HELD"

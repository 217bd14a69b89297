"""The lines and the table of a soak, and the bounds that it has to hold."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

MB = 1_048_576
# A process may still fill caches and pools in its first minutes.
SETTLED_MINUTES = 5
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
    """Resident, as the server itself reports it."""
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
    """Print one line: MB everywhere but in the first two columns."""
    figures = (sample.used_mb, sample.dataset_mb, sample.redis_mb, *sample.resident_mb.values())
    words = [f"{sample.minute:g}", f"{sample.runs:,}", *(f"{figure:.1f}" for figure in figures)]
    print("  ".join(f"{word:>9}" for word in words), flush=True)


def verdict(samples: Sequence[Sample], rate: int) -> bool:
    """Print the table from the settled minute to the end; return whether every bound held."""
    last = samples[-1]
    settled = samples[min(SETTLED_MINUTES, len(samples) - 1)]
    later = samples[samples.index(settled) :]
    print(f"\n{'process':<12}{'first':>9}{f'{settled.minute:g} min':>9}{'peak':>9}{'end':>9}{'growth':>9}")
    held = [
        _process_held(name, samples[0], settled, later)
        for name in settled.resident_mb
        if name in last.resident_mb
    ]
    print("growth: peak after the settled minute, MB; of Redis without the growth of its used memory")
    worst = max(samples, key=lambda each: each.redis_mb - each.bound_mb)
    fits = worst.redis_mb <= worst.bound_mb
    print(
        f"Redis resident {worst.redis_mb:.1f} MB, used {worst.used_mb:.1f} MB at minute {worst.minute:g}: "
        f"bound {worst.bound_mb:.1f} MB {_word(fits)}"
    )
    done = (last.runs - samples[0].runs) / max(1.0, (last.minute - samples[0].minute) * 60)
    busy = done >= rate * MIN_SHARE_DONE
    print(f"runs that ended: {done:.1f}/s of {rate} {_word(busy)}")
    return all((*held, fits, busy))


def _process_held(name: str, first: Sample, settled: Sample, later: Sequence[Sample]) -> bool:
    present = [each for each in later if name in each.resident_mb]
    peak = max(present, key=lambda each: _net(name, each))
    growth = _net(name, peak) - _net(name, settled)
    held = growth <= MAX_GROWTH_MB
    row = (first.resident_mb.get(name, 0.0), settled.resident_mb[name], peak.resident_mb[name])
    figures = (*row, present[-1].resident_mb[name], growth)
    print(f"{name:<12}" + "".join(f"{figure:>9.1f}" for figure in figures) + f"  {_word(held)}")
    return held


def _net(name: str, sample: Sample) -> float:
    return sample.resident_mb[name] - (sample.used_mb if name == "redis" else 0.0)


def _word(held: bool) -> str:
    return "held" if held else "NOT HELD"

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
    """Print the table of the first minutes and all later ones; return whether every bound held."""
    early = [sample for sample in samples if sample.minute <= SETTLED_MINUTES]
    later = [sample for sample in samples if sample.minute > SETTLED_MINUTES] or early[-1:]
    first, rest = f"0-{SETTLED_MINUTES} min", f"-{samples[-1].minute:g} min"
    print(f"\n{'peak, MB':<12}{'start':>9}{first:>9}{rest:>9}{'end':>9}{'growth':>9}")
    held = [_process_held(name, early, later) for name in later[-1].resident_mb]
    print("growth: from the peak of the first minutes to the later one; of Redis without its used memory")
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


def _process_held(name: str, early: Sequence[Sample], later: Sequence[Sample]) -> bool:
    before, after = _peak(name, early), _peak(name, later)
    growth = (_net(name, after) - _net(name, before)) if before else 0.0
    held = growth <= MAX_GROWTH_MB
    shown = (early[0], before, after, later[-1])
    figures = [sample.resident_mb.get(name, 0.0) if sample else 0.0 for sample in shown]
    print(f"{name:<12}" + "".join(f"{figure:>9.1f}" for figure in (*figures, growth)) + f"  {_word(held)}")
    return held


def _peak(name: str, samples: Sequence[Sample]) -> Sample | None:
    present = [sample for sample in samples if name in sample.resident_mb]
    return max(present, key=lambda each: _net(name, each), default=None)


def _net(name: str, sample: Sample | None) -> float:
    if sample is None:
        return 0.0
    return sample.resident_mb[name] - (sample.used_mb if name == "redis" else 0.0)


def _word(held: bool) -> str:
    return "held" if held else "NOT HELD"

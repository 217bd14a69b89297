"""The verdict of a soak: it fails on growth, on memory that Redis keeps, and on work that was not done."""

from __future__ import annotations

from dataclasses import replace

import pytest

from benchmarks.soak_report import Sample, verdict

RATE = 40
STEADY = [
    Sample(
        minute, minute * 60 * RATE, 10.0 + minute, 9.0, 20.0 + minute, {"redis": 20.0 + minute, "api": 90.0}
    )
    for minute in range(31)
]


def _with_api(resident_mb: float, *, minute: int) -> list[Sample]:
    grown = replace(STEADY[minute], resident_mb={**STEADY[minute].resident_mb, "api": resident_mb})
    return [*STEADY[:minute], grown, *STEADY[minute + 1 :]]


def test_soak_that_only_adds_data_holds() -> None:
    """Redis may grow with its used memory."""
    assert verdict(STEADY, RATE)


@pytest.mark.parametrize(
    ("resident_mb", "minute", "holds"), [(101, 3, True), (100, 20, True), (101, 20, False)]
)
def test_growth_counts_after_the_first_minutes(resident_mb: float, minute: int, holds: bool) -> None:
    """A process may fill its caches in the first five minutes, and grow by 10 MB later."""
    assert verdict(_with_api(resident_mb, minute=minute), RATE) is holds


def test_redis_that_grows_without_data_fails() -> None:
    """Its resident memory counts without its used memory, which is the data set."""
    last = STEADY[-1]
    resident = {**last.resident_mb, "redis": last.resident_mb["redis"] + 11}
    assert not verdict([*STEADY[:-1], replace(last, resident_mb=resident)], RATE)


def test_redis_beyond_its_bound_fails_at_any_time() -> None:
    """1.5 times its used memory and 40 MB, also in the first minutes."""
    assert not verdict([replace(STEADY[0], redis_mb=56.0), *STEADY[1:]], RATE)


def test_soak_without_the_work_fails() -> None:
    """Flat memory proves nothing if runs did not end."""
    assert not verdict([replace(sample, runs=sample.runs // 2) for sample in STEADY], RATE)

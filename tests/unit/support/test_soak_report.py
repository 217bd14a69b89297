"""The verdict of a soak: growth, memory of Redis, unfinished work."""

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


def _with_api(resident_mb: float, minutes: range) -> list[Sample]:
    return [
        replace(sample, resident_mb={**sample.resident_mb, "api": resident_mb})
        if sample.minute in minutes
        else sample
        for sample in STEADY
    ]


def test_soak_that_only_adds_data_holds() -> None:
    """Redis may grow with its used memory."""
    assert verdict(STEADY, RATE)


@pytest.mark.parametrize(
    ("resident_mb", "minutes", "holds"),
    [
        (101, range(3), True),
        (100, range(20, 31), True),
        (101, range(20, 31), False),
        (101, range(12, 18), False),
        (101, range(20, 21), True),
    ],
)
def test_growth_counts_after_the_first_minutes(resident_mb: float, minutes: range, holds: bool) -> None:
    """A process may fill its caches at first and grow by 10 MB later; a short peak is no growth."""
    assert verdict(_with_api(resident_mb, minutes), RATE) is holds


def test_redis_that_grows_without_data_fails() -> None:
    """Its resident memory counts without its used memory, which is the data set."""
    grown = [
        replace(sample, resident_mb={**sample.resident_mb, "redis": sample.resident_mb["redis"] + 11})
        for sample in STEADY[20:]
    ]
    assert not verdict([*STEADY[:20], *grown], RATE)


def test_redis_beyond_its_bound_fails_at_any_time() -> None:
    """1.5 times its used memory and 40 MB, also in the first minutes."""
    assert not verdict([replace(STEADY[0], redis_mb=56.0), *STEADY[1:]], RATE)


def test_soak_without_the_work_fails() -> None:
    """Flat memory proves nothing if runs did not end."""
    assert not verdict([replace(sample, runs=sample.runs // 2) for sample in STEADY], RATE)

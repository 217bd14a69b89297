"""The cost of a run, an enqueue and a plan, in counts that the machine's load does not change."""

from __future__ import annotations

import pytest

from benchmarks.gate.measure import Figures
from benchmarks.gate.record import measured, problem, recorded


@pytest.fixture(scope="module")
def counts() -> Figures:
    return measured()


@pytest.mark.parametrize("name", sorted(recorded()))
def test_count_is_the_recorded_one(name: str, counts: Figures) -> None:
    """Commands, round trips, Python calls and bytes neither grow nor shrink by more than 3 % unnoticed."""
    assert not problem(name, counts[name], recorded())


def test_each_count_is_recorded(counts: Figures) -> None:
    """A count that the gate measures has a recorded value."""
    assert sorted(counts) == sorted(recorded())


def test_growth_and_gain_are_reported() -> None:
    """A count that grew or fell by more than 3 % is reported with the command that records it."""
    known = {"commands": 10.0}
    assert problem("commands", 10.2, known) == problem("commands", 9.8, known) == ""
    grown, fallen = problem("commands", 10.4, known), problem("commands", 9.6, known)
    assert "+4.0%" in grown
    assert "wanted" in grown
    assert "-4.0%" in fallen
    assert "gain" in fallen
    assert all("python -m benchmarks gate --record" in text for text in (grown, fallen))

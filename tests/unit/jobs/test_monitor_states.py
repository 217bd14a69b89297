"""The conditions of an incident that a monitor's job names."""

from __future__ import annotations

from app.jobs.monitor.state import Tolerance


def test_length_replaces_the_count_unless_both_are_set() -> None:
    """An hourly monitor opens its incident at the second failure, with a count at its fifth."""
    assert Tolerance.of(3, 600, counted=False) == Tolerance(1, 600_000)
    assert Tolerance.of(5, 600, counted=True) == Tolerance(5, 600_000)
    assert Tolerance.of(3, None, counted=False) == Tolerance(3)


def test_degraded_is_bad_if_asked_for() -> None:
    """Else only down is."""
    assert Tolerance.of(3, None, counted=False, degraded=True).bad == {"down", "degraded"}
    assert Tolerance.of(3, None, counted=False).bad == {"down"}

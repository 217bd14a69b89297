"""The table of `python -m benchmarks growth`: slopes and verdicts."""

from __future__ import annotations

import pytest

from benchmarks.growth.command import SUBJECTS, main, table
from benchmarks.growth.line import Line, Lines
from benchmarks.growth.scale import Scale

SIZES = (100, 1_000, 10_000, 100_000)


def line(*costs: float) -> Line:
    return Line("jobs", "memory", "bytes", costs=dict(zip(SIZES, costs, strict=False)))


@pytest.mark.parametrize(
    ("costs", "slope", "verdict"),
    [
        ((7, 7, 7, 7), 0, "flat"),
        ((900, 90, 9, 0.9), -1, "flat"),
        ((1, 10, 100, 1_000), 1, "linear"),
        ((1, 100, 10_000, 1_000_000), 2, "worse"),
    ],
)
def test_slope_is_the_exponent_of_growth(costs: tuple[float, ...], slope: float, verdict: str) -> None:
    """Costs that do not depend on the size are flat, those in proportion linear, squares worse."""
    found = line(*costs)
    assert found.slope == pytest.approx(slope)
    assert found.verdict == verdict


def test_a_line_with_one_size_has_no_slope() -> None:
    """A cost of zero has no logarithm; it is shown, and does not count."""
    found = line(5.0, 0.0)
    assert (found.slope, found.verdict) == (None, "")
    assert table([found]) == "jobs\n  memory (bytes)  100: 5.0  1,000: 0.0"


def test_lines_collect_costs_by_title() -> None:
    """Costs of one title are one line; what differs from the plan is reported."""
    said: list[str] = []
    lines = Lines("runs", said.append)
    for size in (10, 100):
        lines.add(size, {("memory", "bytes"): 5.0, ("CPU", "µs"): float(size)})
    lines.note("less memory than planned")
    assert [(each.title, each.costs) for each in lines.all] == [
        ("memory", {10: 5.0, 100: 5.0}),
        ("CPU", {10: 10.0, 100: 100.0}),
    ]
    assert said[-1] == "runs: less memory than planned"
    assert lines.notes == said[-1:]


def test_sizes_are_powers_of_ten_within_the_scale() -> None:
    """A quick measurement ends earlier."""
    assert Scale(quick=False).sizes(100, 10_000, 1_000) == [100, 1_000, 10_000]
    assert Scale(quick=True).sizes(100, 10_000, 1_000) == [100, 1_000]


def test_an_unknown_subject_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    """The error names those that there are."""
    with pytest.raises(SystemExit, match="2"):
        main(["jbos"])
    said = capsys.readouterr().err
    assert [name for name in SUBJECTS if name not in said] == []


def test_a_subject_that_fails_leaves_the_table_of_the_others(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The exit status is 1, and the reason is below the table."""

    async def works(_scale: Scale, lines: Lines) -> None:
        lines.add(10, {("memory", "bytes"): 5.0})

    async def fails(_scale: Scale, _lines: Lines) -> None:
        raise SystemExit("nothing happened")

    monkeypatch.setitem(SUBJECTS, "jobs", fails)
    monkeypatch.setitem(SUBJECTS, "runs", works)
    with pytest.raises(SystemExit, match="1"):
        main(["jobs", "runs"])
    said = capsys.readouterr().out
    assert "memory (bytes)  10: 5.0" in said
    assert "jobs: not measured: nothing happened" in said
    main(["runs"])
    assert "not measured" not in capsys.readouterr().out

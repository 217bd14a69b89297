"""The earliest start of a run under a rate."""

from __future__ import annotations

import pytest

from app.core.runs.waiting import earliest_start

NOW = 1_000_000


@pytest.mark.parametrize(
    ("starts", "about_to", "limit", "ahead", "expected"),
    [
        ([NOW - 50_000], 0, 2, 0, NOW),
        ([NOW - 50_000, NOW - 20_000], 0, 2, 0, NOW + 10_000),
        ([NOW - 50_000, NOW - 20_000], 0, 2, 1, NOW + 40_000),
        ([NOW - 50_000, NOW - 20_000], 0, 2, 2, NOW + 70_000),
        ([NOW - 50_000], 1, 2, 0, NOW + 10_000),
        ([], 1, 1, 3, NOW + 240_000),
        ([NOW - 50_000], 0, None, 9, NOW),
    ],
)
def test_start_is_a_window_after_the_one_that_it_follows(
    starts: list[int], about_to: int, limit: int | None, ahead: int, expected: int
) -> None:
    """Each run takes the turn of the start that lies `limit` places before it."""
    assert earliest_start(starts, about_to, limit, ahead, NOW) == expected

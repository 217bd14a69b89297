"""Ids: sortable by time, distinct, and of a form that keys and addresses take."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from app.core.ids import id_time_ms, is_run_id, new_id, new_trace_id, scheduled_run_id
from tests.support.fake_clock import FakeClock


@given(st.integers(min_value=0, max_value=4_000_000_000), st.integers(min_value=1, max_value=1000))
def test_ids_sort_by_the_time_of_their_making(seconds: int, later_ms: int) -> None:
    """A later id is greater as a text, and carries its time."""
    clock = FakeClock(datetime.fromtimestamp(seconds, UTC))
    first = new_id(clock)
    clock.advance(later_ms / 1000)
    second = new_id(clock)
    assert first < second
    assert (id_time_ms(first), id_time_ms(second)) == (seconds * 1000, seconds * 1000 + later_ms)


def test_ids_of_one_instant_differ() -> None:
    """Eighty random bits keep producers apart."""
    clock = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert len({new_id(clock) for _ in range(10_000)}) == 10_000


def test_ids_are_run_ids() -> None:
    """Both kinds are accepted for a run id."""
    clock = FakeClock(datetime(2026, 1, 1, tzinfo=UTC))
    assert is_run_id(new_id(clock))
    assert is_run_id(scheduled_run_id("job-a", clock.now_ms()))


def test_a_trace_id_is_w3cs() -> None:
    """32 lower-case hexadecimal digits."""
    assert re.fullmatch(r"[0-9a-f]{32}", new_trace_id())
    assert new_trace_id() != new_trace_id()

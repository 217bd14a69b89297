"""A monitor's checks: failure counts, alarms, outages, watched time."""

from __future__ import annotations

from app.jobs.monitor.memory import MonitorMemory, MonitorState, Outage, memory_from, memory_value
from app.jobs.monitor.state import (
    MAX_GAP_MS,
    MAX_NOTICES,
    MAX_OUTAGES,
    SHORT_GAP_MS,
    MonitorCheck,
    Tolerance,
    advance,
    was_watched,
    without_notices,
)

STEP_MS = 30_000
FAIL_AFTER = 3
THREE = Tolerance(FAIL_AFTER)


def after(
    *states: MonitorState,
    memory: MonitorMemory | None = None,
    start_ms: int = STEP_MS,
    step_ms: int = STEP_MS,
    tolerance: Tolerance = THREE,
) -> MonitorMemory:
    """Return the memory after checks at equal distances; the first is at `start_ms`."""
    for number, state in enumerate(states):
        at_ms = start_ms + number * step_ms
        memory = advance(memory, MonitorCheck(state, "why" if state == "down" else "", at_ms), tolerance)
    assert memory is not None
    return memory


def test_first_check_begins_the_memory() -> None:
    """The state lasts since the first check; there is nothing to report."""
    memory = after("up")
    assert (memory.state, memory.since_ms, memory.at_ms) == ("up", STEP_MS, STEP_MS)
    assert (memory.notices, memory.outages, memory.fails_in_a_row) == ((), (), 0)


def test_state_keeps_the_time_of_its_beginning() -> None:
    """A lasting state begins once; another one has a new beginning."""
    assert after("up", "up", "up").since_ms == STEP_MS
    assert after("up", "up", "down").since_ms == 3 * STEP_MS


def test_alarm_comes_after_so_many_failures_and_once() -> None:
    """Two of three tell nothing, the third tells once, with the beginning of the row in its key."""
    assert after("up", "down", "down").notices == ()
    memory = after("up", "down", "down", "down", "down", "down")
    assert [(notice.key, notice.raised) for notice in memory.notices] == [(str(2 * STEP_MS), True)]
    assert memory.notices[0].fails_in_a_row == FAIL_AFTER
    assert (memory.fails_in_a_row, memory.alarm_since_ms) == (5, 2 * STEP_MS)


def test_alarm_may_come_at_the_very_first_check() -> None:
    """With one failure allowed a monitor that begins down says so."""
    memory = advance(None, MonitorCheck("down", "why", 5), Tolerance(1))
    assert [notice.key for notice in memory.notices] == ["5"]


def test_alarm_waits_until_it_has_been_down_so_long() -> None:
    """The alarm comes after 90 seconds of failures. The count raises none; an interruption resets it."""
    tolerance = Tolerance.of(FAIL_AFTER, 90, counted=False)
    assert after("down", "down", "down", tolerance=tolerance).notices == ()
    memory = after("down", "down", "down", "down", tolerance=tolerance)
    assert [(notice.fails_in_a_row, notice.at_ms) for notice in memory.notices] == [(4, 4 * STEP_MS)]
    assert after("down", "down", "up", "down", "down", "down", tolerance=tolerance).notices == ()


def test_length_replaces_the_count_unless_both_are_set() -> None:
    """An hourly monitor warns at the second failure after ten minutes, with a count at its fifth."""
    hour_ms = 3_600_000
    long = Tolerance.of(FAIL_AFTER, 600, counted=False)
    both = Tolerance.of(5, 600, counted=True)
    assert len(after("down", "down", step_ms=hour_ms, tolerance=long).notices) == 1
    assert after("down", "down", "down", "down", step_ms=hour_ms, tolerance=both).notices == ()
    assert len(after("down", "down", "down", "down", "down", step_ms=hour_ms, tolerance=both).notices) == 1


def test_degraded_raises_an_alarm_if_asked_for() -> None:
    """It is no outage, a failure in between keeps the count, and the end is reported."""
    tolerance = Tolerance.of(FAIL_AFTER, None, counted=False, degraded=True)
    memory = after("degraded", "down", "degraded", "up", tolerance=tolerance)
    assert [(notice.raised, notice.state) for notice in memory.notices] == [
        (True, "degraded"),
        (False, "down"),
    ]
    assert [(outage.from_ms, outage.to_ms) for outage in memory.outages] == [(2 * STEP_MS, 3 * STEP_MS)]
    assert after("degraded", "degraded", "degraded").notices == ()


def test_interrupted_failures_raise_no_alarm() -> None:
    """A check that is up, or degraded, resets the count."""
    assert after("down", "down", "up", "down", "degraded", "down", "down").notices == ()


def test_recovery_is_reported_once() -> None:
    """The first check that answers ends the alarm, under a key of its own."""
    memory = after("down", "down", "down", "degraded", "up", "up")
    assert [notice.raised for notice in memory.notices] == [True, False]
    assert memory.notices[1].key == f"{STEP_MS}:end"
    assert (memory.notices[1].since_ms, memory.notices[1].at_ms) == (STEP_MS, 4 * STEP_MS)
    assert memory.alarm_since_ms is None


def test_failures_without_an_alarm_end_quietly() -> None:
    """A recovery is reported only after its failure was."""
    assert after("down", "down", "up").notices == ()


def test_account_that_is_not_set_up_keeps_its_alarm() -> None:
    """After an unconfigured state the health is unknown; the first success is reported."""
    gone = after("down", "down", "down", "not_configured")
    assert (len(gone.notices), gone.alarm_since_ms, gone.fails_in_a_row) == (1, STEP_MS, 0)
    assert [n.raised for n in after("up", memory=gone, start_ms=5 * STEP_MS).notices] == [True, False]


def test_outage_lasts_from_the_first_failure_to_the_first_answer() -> None:
    """One failed check is an outage too; one that lasts has no end."""
    memory = after("up", "down", "down", "up", "down")
    assert memory.outages == (
        Outage(2 * STEP_MS, 4 * STEP_MS, "why"),
        Outage(5 * STEP_MS, None, "why"),
    )


def test_outage_ends_with_the_last_check() -> None:
    """After a long pause the outage counts until the last look; found again, it is a new one."""
    late_ms = 10 * MAX_GAP_MS
    memory = after("down", memory=after("down", "down"), start_ms=late_ms)
    assert memory.outages == (Outage(STEP_MS, 2 * STEP_MS, "why"), Outage(late_ms, None, "why"))
    assert after("up", memory=after("down", "down"), start_ms=late_ms).outages[-1].to_ms == 2 * STEP_MS


def test_usual_pauses_are_watched_and_long_ones_are_not() -> None:
    """A quarter hour always is, three times the usual pause too, more than 26 hours never."""
    quick = after("up", "up")
    assert was_watched(quick, quick.at_ms + SHORT_GAP_MS)
    assert not was_watched(quick, quick.at_ms + SHORT_GAP_MS + 1)
    hourly = after("up", "up", step_ms=3_600_000)
    assert was_watched(hourly, hourly.at_ms + 3 * 3_600_000)
    daily = after("up", "up", step_ms=86_400_000)
    assert was_watched(daily, daily.at_ms + MAX_GAP_MS)
    assert not was_watched(daily, daily.at_ms + MAX_GAP_MS + 1)


def test_older_check_changes_nothing() -> None:
    """Of two runs at the same time the later one counts."""
    memory = after("up", "up")
    assert advance(memory, MonitorCheck("down", "why", STEP_MS), Tolerance(1)) is memory


def test_memory_does_not_grow_without_end() -> None:
    """The newest outages and notices are kept."""
    states: list[MonitorState] = ["down", "down", "down", "up"]
    memory = after(*states * 60)
    assert (len(memory.outages), len(memory.notices)) == (MAX_OUTAGES, MAX_NOTICES)
    assert memory.outages[-1].to_ms == memory.at_ms


def test_reported_notices_are_removed_and_others_stay() -> None:
    """Only reported changes are removed."""
    memory = after("down", "down", "down", "up")
    first, second = memory.notices
    assert without_notices(memory, frozenset({first.key})).notices == (second,)


def test_memory_survives_its_way_through_json() -> None:
    """What is kept is read back; fields of another release and nonsense are no harm."""
    memory = after("up", "down", "down", "down", "up", "down")
    value = memory_value(memory)
    assert memory_from(value) == memory
    assert memory_from({**value, "of_a_later_release": 1}) == memory
    assert memory_from(None) is None
    assert memory_from({"state": "odd"}) is None
    assert memory_from([1]) is None

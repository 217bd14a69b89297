"""Facts become findings: cases that real parts cannot produce in a test."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.models import RunStatus
from app.core.records import EVERYTHING, PauseRecord, Scope
from app.explain import explain
from app.explain.facts import InstantValue, TimeRange, WorkerFact
from app.explain.messages import CAUSE_TEXTS
from app.explain.remedies import ACTIONS, cause_remedies
from tests.support.explain.why_samples import (
    HOUR_MS,
    MIDNIGHT_MS,
    NOW_MS,
    event_of,
    facts_of,
    range_of,
    run_of,
    spec_of,
)


def test_neighbouring_runs_of_one_kind_are_explained_together() -> None:
    """Successes, a failure between them, and equal failures: ranges, newest first."""
    failed = [run_of(hour, RunStatus.FAILED, error={"message": "no", "code": "x"}) for hour in (5, 6)]
    other = run_of(7, RunStatus.FAILED, error={"message": "another", "code": "x"})
    runs = [run_of(9), run_of(8), other, *reversed(failed), *(run_of(hour) for hour in (4, 3, 2))]
    found = explain(facts_of(runs=tuple(runs))).occurrences
    explained = [(item.slots, item.cause.words) for item in found]
    assert explained == [(2, "ran.successes"), (1, "ran.dead"), (2, "ran.dead"), (3, "ran.successes")]
    assert found[0].run_id == run_of(9).run_id
    assert (found[-1].first_ms, found[-1].last_ms) == (MIDNIGHT_MS + 2 * HOUR_MS, MIDNIGHT_MS + 4 * HOUR_MS)


def test_waiting_runs_are_explained_together_since_the_oldest() -> None:
    """Each says the same; what they wait for counts from the first."""
    runs = (run_of(9, RunStatus.QUEUED), run_of(8, RunStatus.QUEUED))
    (found,) = explain(facts_of(runs=runs, workers=())).occurrences
    assert (found.outcome, found.cause.reason, found.slots) == ("waiting", "no_worker", 2)
    assert found.cause.values["since"] == InstantValue(MIDNIGHT_MS + 8 * HOUR_MS)


def test_downtime_comes_from_the_events() -> None:
    """It began with the last sign of the last scheduler, and ended when the next one came up."""
    events = (
        event_of("service.up", 1, service="scheduler"),
        event_of("service.down", 3, service="worker", reason="stopped"),
        event_of("service.down", 4, service="scheduler", reason="silent"),
        event_of("service.up", 8.5, service="worker"),
        event_of("service.up", 9, service="scheduler"),
    )
    facts = facts_of(ledger=(range_of(5, 8, "missed", recorded=9),), events=events)
    (found,) = explain(facts).occurrences
    silent_since = MIDNIGHT_MS + 4 * HOUR_MS - facts.dead_after_ms
    assert found.cause.values["down"] == InstantValue(silent_since)
    assert found.cause.values["up"] == InstantValue(MIDNIGHT_MS + 9 * HOUR_MS)


def test_downtime_without_events_is_the_range_itself() -> None:
    """The events may be gone: the ledger knows the slots and when it was written."""
    (found,) = explain(facts_of(ledger=(range_of(5, 8, "missed", recorded=9),))).occurrences
    assert found.cause.values["down"] == InstantValue(MIDNIGHT_MS + 5 * HOUR_MS)
    assert found.cause.values["up"] == InstantValue(MIDNIGHT_MS + 9 * HOUR_MS)


@pytest.mark.parametrize(
    ("misfire", "words"),
    [("run_once", "missed.run_once"), ("run_all", "missed.run_all"), ("skip", "misfire_skip")],
)
def test_missed_slots_are_explained_by_their_rule(misfire: str, words: str) -> None:
    """What a misfire rule left out depends on the rule."""
    facts = facts_of(spec_of(misfire=misfire), ledger=(range_of(5, 8, "missed"),))
    assert explain(facts).occurrences[0].cause.words == words


def test_overlap_without_the_run_that_was_active() -> None:
    """Retention may have removed it."""
    facts = facts_of(ledger=(range_of(5, 6, "overlap"),), runs=(run_of(8),))
    assert explain(facts).occurrences[-1].cause.words == "overlap.unknown"


def test_unknown_reason_is_shown_unchanged() -> None:
    """A newer scheduler may write what this API does not know."""
    (found,) = explain(facts_of(ledger=(range_of(5, 6, "moonlight"),))).occurrences
    assert (found.outcome, found.cause.reason, found.cause.words) == ("skipped", "moonlight", "other")


def test_disabled_slots_are_counted_within_the_window() -> None:
    """Since the job was disabled, or since the window's beginning if that is later."""
    off = MIDNIGHT_MS - 50 * HOUR_MS
    facts = facts_of(spec_of(enabled=False), next_run_at=None, off_at=off, off_by="ani")
    (found,) = explain(facts).occurrences
    assert (found.first_ms, found.last_ms, found.slots) == (MIDNIGHT_MS, NOW_MS, 13)
    assert found.cause.values["actor"] == "ani"
    assert explain(facts).next.cause.values["since"] == InstantValue(off)


def test_slots_outside_the_bounds_of_a_schedule_are_counted() -> None:
    """Before its start since the job exists, and after its end until now."""
    start, end = "2026-01-31T03:30:00+07:00", "2026-01-31T10:00:00+07:00"
    spec = spec_of(schedule={"cron": "0 * * * *", "start_at": start, "end_at": end})
    answer = explain(facts_of(spec, next_run_at=None))
    explained = [(item.cause.words, item.slots) for item in answer.occurrences]
    assert explained == [("outside_window.after", 3), ("outside_window.before", 4)]
    assert answer.next.cause.words == "outside_window.over"


@pytest.mark.parametrize(("beats", "reason"), [((), "scheduler_down"), ((NOW_MS,), "due")])
def test_due_slots_are_explained_by_the_state_of_the_scheduler(beats: tuple[int, ...], reason: str) -> None:
    """The same slots, without a scheduler and with one that fires them soon."""
    facts = facts_of(next_run_at=NOW_MS - HOUR_MS, scheduler_beats=beats)
    (found,) = explain(facts).occurrences
    assert (found.outcome, found.cause.reason, found.slots) == ("upcoming", reason, 2)
    assert found.cause.values["span"] == TimeRange(NOW_MS - HOUR_MS, NOW_MS)


def test_obstacles_are_listed_in_their_order() -> None:
    """Of several the one that is to be mended first."""
    pause = PauseRecord(EVERYTHING, MIDNIGHT_MS, "ani", "", 0)
    active = (run_of(11, RunStatus.RUNNING),)
    cooling: dict[str, Any] = {"cooling_until": NOW_MS + 2 * HOUR_MS, "runs": active}
    cases: list[tuple[dict[str, Any], str]] = [
        ({"pauses": (pause,), "scheduler_beats": (), **cooling}, "paused.next"),
        ({"scheduler_beats": (), **cooling}, "scheduler_down.next"),
        (cooling, "cooling_down.next"),
        ({"runs": active}, "overlap.next"),
        ({"cooling_until": NOW_MS + 1}, "next"),
        ({"next_run_at": NOW_MS}, "due.next"),
        ({"next_run_at": NOW_MS - 5_000}, "due.next"),
        ({"next_run_at": NOW_MS - HOUR_MS}, "overdue.next"),
        ({"next_run_at": NOW_MS + 7 * HOUR_MS}, "clock_went_back.next"),
    ]
    for changes, words in cases:
        assert explain(facts_of(**changes)).next.cause.words == words


def test_last_heartbeat_of_a_scheduler_is_shown_if_it_is_known() -> None:
    """The events may have the instant since which no scheduler was alive."""
    events = (event_of("service.down", 11, service="scheduler", reason="stopped"),)
    found = explain(facts_of(scheduler_beats=(), events=events)).next.cause
    assert (found.words, found.values["since"]) == (
        "scheduler_down.since",
        InstantValue(MIDNIGHT_MS + 11 * HOUR_MS),
    )


def test_a_pause_with_an_end_holds_what_comes_before_it() -> None:
    """A slot at the end fires; what is held says until when."""
    pause = PauseRecord(EVERYTHING, MIDNIGHT_MS, "ani", "", 0, NOW_MS + HOUR_MS)
    held = run_of(9, RunStatus.QUEUED, waiting_for="paused:all")
    ahead = explain(facts_of(pauses=(pause,), next_run_at=NOW_MS + HOUR_MS - 1, runs=(held,)))
    assert ahead.next.cause.words == "paused.next.until"
    assert ahead.next.cause.values["until"] == InstantValue(NOW_MS + HOUR_MS)
    assert ahead.run is not None
    assert ahead.run[1].words == "paused.run.until"
    assert explain(facts_of(pauses=(pause,), next_run_at=NOW_MS + HOUR_MS)).next.cause.words == "next"


def test_narrowest_pause_holds_a_run() -> None:
    """A run that is held by a scope names it; one that is on its way out of a pause says so."""
    held = run_of(9, RunStatus.QUEUED, waiting_for="paused:all")
    pauses = (
        PauseRecord(Scope.parse("job:job"), NOW_MS, "ani", "", 0),
        PauseRecord(EVERYTHING, MIDNIGHT_MS, "budi", "", 0),
    )
    explained = explain(facts_of(runs=(held,), pauses=pauses)).run
    assert explained is not None
    assert explained[1].values["scope"] == "all"
    gone = explain(facts_of(runs=(held,))).run
    assert gone is not None
    assert gone[1].words == "paused.resumed"


def test_worker_that_does_not_say_its_types_may_know_them_all() -> None:
    """An older worker does not prove that the type is unknown."""
    silent = WorkerFact(1, 0, draining=False, types=None)
    other = WorkerFact(1, 0, draining=False, types=frozenset({"another"}))
    for workers, words in (((other,), "unknown_type.waiting"), ((other, silent), "queued")):
        explained = explain(facts_of(runs=(run_of(9, RunStatus.QUEUED),), workers=workers)).run
        assert explained is not None
        assert explained[1].words == words


def test_refusal_without_a_line_to_add_is_still_a_policy() -> None:
    """A path that is hostile is refused whatever the policy says."""
    error = {"code": "path_refused", "message": "path '../x' is refused: it leaves the folder."}
    (found,) = explain(facts_of(runs=(run_of(9, RunStatus.FAILED, error=error),))).occurrences
    assert (found.cause.reason, found.cause.words) == ("policy", "policy")


def test_private_address_names_the_setting_that_opens_it() -> None:
    """The line of a refused URL is a setting, and no policy."""
    line = "HTTP_ALLOW_PRIVATE=printer.lan:631"
    error = {"code": "url_refused", "message": f"it is private: only where the operator adds {line}. / …"}
    (found,) = explain(facts_of(runs=(run_of(9, RunStatus.FAILED, error=error),))).occurrences
    assert (found.cause.words, found.cause.values["line"]) == ("policy.line", line)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"spec": spec_of(enabled=False)}, [("enable", "job"), ("run_now", "job")]),
        ({"scheduler_beats": ()}, [("start_service", "scheduler")]),
        (
            {"pauses": (PauseRecord(Scope.parse("type:test.noop"), 0, "ana", "", 0),)},
            [("resume", "type:test.noop")],
        ),
        ({}, []),
    ],
)
def test_obstacle_of_the_next_fire_has_its_actions(
    changes: dict[str, Any], found: list[tuple[str, str]]
) -> None:
    """The best action first; a job that fires needs none."""
    remedies = cause_remedies(explain(facts_of(**changes)).next.cause, "job")
    assert [(each.action.value, each.target) for each in remedies] == found


def test_dead_letter_of_a_time_out_is_given_more_time_then_run_again() -> None:
    """The error comes first: without it the run fails again."""
    error = {"kind": "timeout", "code": "timed_out", "message": "timed out after 900 ms"}
    run = run_of(11, RunStatus.FAILED, error=error, dead_letter=True)
    cause = explain(facts_of(runs=(run,))).occurrences[0].cause
    remedies = cause_remedies(cause, "job")
    assert [(each.action.value, each.target) for each in remedies] == [
        ("raise_timeout", "job"),
        ("redrive", run.run_id),
    ]


def test_every_cause_with_actions_has_words() -> None:
    """A row for words that are gone would never be used."""
    assert ACTIONS.keys() <= CAUSE_TEXTS.keys()

"""Log lines of attempts: their fields, and the bound for successes."""

from __future__ import annotations

import logging
from datetime import UTC, datetime
from typing import Any

import pytest
from structlog.testing import capture_logs

from app.core.execution.attempt import Stopped, StopReason
from app.core.models import AttemptOutcome, AttemptResult
from app.services.worker.attempts import AttemptLog
from tests.support.fake_clock import FakeClock
from tests.support.queue.run_port import claimed
from tests.support.waiting import wait_until_async

RUN = claimed("test.echo")
IDS = {"job_id": RUN.job_id, "run_id": RUN.run_id, "trace_id": RUN.trace_id}


def clock_of_tests() -> FakeClock:
    return FakeClock(datetime(2026, 1, 1, tzinfo=UTC))


def finish(outcome: AttemptOutcome, error: str = "") -> AttemptResult:
    return AttemptResult(RUN.run_id, RUN.lease_id, RUN.attempt, outcome, error=error, duration_ms=7)


def ends(lines: list[Any]) -> list[Any]:
    return [line for line in lines if line["event"] == "run ended"]


@pytest.mark.parametrize(
    ("outcome", "status"),
    [
        (AttemptOutcome.SUCCESS, "success"),
        (AttemptOutcome.FAILED, "failed"),
        (AttemptOutcome.RETRY, "retrying"),
        (AttemptOutcome.CANCELLED, "cancelled"),
        (AttemptOutcome.CRASHED, "failed"),
    ],
)
async def test_end_of_an_attempt_has_its_ids_status_and_duration(
    outcome: AttemptOutcome, status: str
) -> None:
    """One info line, with the error if there is one."""
    error = '{"code":"exception","message":"it failed"}' if status in {"failed", "retrying"} else ""
    with capture_logs() as lines:
        AttemptLog(clock_of_tests(), 100).ended(RUN, finish(outcome, error))
    (line,) = lines
    assert line["log_level"] == "info"
    assert {name: line[name] for name in IDS} == IDS
    assert (line["status"], line["duration_ms"]) == (status, 7)
    assert line.get("error") == ("it failed" if error else None)


async def test_attempt_that_was_stopped_has_its_reason() -> None:
    """A run that goes back is no failure, and its line says why it stopped."""
    with capture_logs() as lines:
        AttemptLog(clock_of_tests(), 100).ended(RUN, Stopped(StopReason.DRAIN, abandoned=False))
    assert [line["status"] for line in lines] == ["stopped:drain"]


async def test_start_of_an_attempt_is_logged_at_debug_level(caplog: pytest.LogCaptureFixture) -> None:
    """The line has the ids that the end has."""
    caplog.set_level(logging.DEBUG)
    with capture_logs() as lines:
        AttemptLog(clock_of_tests(), 100).started(RUN)
    (line,) = lines
    assert (line["event"], line["log_level"]) == ("run started", "debug")
    assert {name: line[name] for name in IDS} == IDS


async def test_successes_beyond_the_bound_are_counted_in_one_line() -> None:
    """Of 50 successes in a second 3 are logged, and a line has the number of the others."""
    attempts = AttemptLog(clock_of_tests(), 3)
    with capture_logs() as lines:
        for _ in range(50):
            attempts.ended(RUN, finish(AttemptOutcome.SUCCESS))
        assert len(ends(lines)) == 3
        await wait_until_async(lambda: len(lines) > 3)
        attempts.flush()
    left_out = [line["runs"] for line in lines if line["event"] == "successes left out of the log"]
    assert left_out == [47]


async def test_failures_are_logged_beyond_the_bound() -> None:
    """No failure is left out, not even with a bound of 0."""
    attempts = AttemptLog(clock_of_tests(), 0)
    with capture_logs() as lines:
        for _ in range(50):
            attempts.ended(RUN, finish(AttemptOutcome.FAILED, '{"code":"x","message":"y"}'))
        attempts.ended(RUN, finish(AttemptOutcome.SUCCESS))
    assert len(ends(lines)) == 50


async def test_next_second_has_a_bound_of_its_own() -> None:
    """After the second is over successes are logged again."""
    clock = clock_of_tests()
    attempts = AttemptLog(clock, 1)
    with capture_logs() as lines:
        for _ in range(2):
            attempts.ended(RUN, finish(AttemptOutcome.SUCCESS))
            attempts.ended(RUN, finish(AttemptOutcome.SUCCESS))
            clock.advance(1.0)
    assert len(ends(lines)) == 2

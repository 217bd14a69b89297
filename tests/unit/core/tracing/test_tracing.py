"""Spans: created only if a collector is set, and their fields for an attempt."""

from __future__ import annotations

import sys

import orjson
import pytest

from app.core.config import Settings
from app.core.errors import ConfigurationError
from app.core.models import AttemptOutcome, AttemptResult
from app.core.runner import Stopped, StopReason
from app.core.tracing import open_sink
from app.core.tracing.spans import attempt_span_id, call_span_id, enqueue_span_id
from app.services.worker.attempts import attempt_spans
from tests.support.queue.run_port import claimed

RUN = claimed("test.kv")._replace(started_at_ms=1_000, queued_at_ms=400, source="api")


def finish(outcome: AttemptOutcome, *, calls: object = None, error: object = None) -> AttemptResult:
    texts = [orjson.dumps(value).decode() if value else "" for value in (error, calls)]
    return AttemptResult(RUN.run_id, RUN.lease_id, RUN.attempt, outcome, error=texts[0], calls=texts[1])


def test_nothing_is_made_without_a_collector() -> None:
    """The default costs nothing."""
    assert open_sink(Settings(), "worker", "worker-1") is None


def test_a_missing_extra_is_said_at_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    """An address without the packages is a configuration that cannot work, and names what to install."""
    monkeypatch.setitem(sys.modules, "app.core.tracing.otlp", None)
    with pytest.raises(ConfigurationError, match=r"pip install 'multi-job\[otel\]'"):
        open_sink(Settings(otel_exporter_otlp_endpoint="http://127.0.0.1:4318"), "worker", "worker-1")


def test_an_attempt_hangs_under_its_enqueue_and_its_calls_under_it() -> None:
    """Ids are derived, so that the processes need not tell each other; a failed call says why."""
    calls = [
        {"n": 2, "tool": "kv", "op": "get", "at": 1_100, "duration_ms": 3, "ok": True},
        {
            "n": 1,
            "tool": "http",
            "op": "request",
            "at": 1_050,
            "duration_ms": 90,
            "ok": False,
            "error": "E: no",
        },
    ]
    attempt, second, first = attempt_spans(RUN, finish(AttemptOutcome.SUCCESS, calls=calls), 1_500)
    assert (attempt.span_id, attempt.parent_id) == (
        attempt_span_id(RUN.run_id, RUN.attempt),
        enqueue_span_id(RUN.run_id),
    )
    assert (attempt.start_ms, attempt.end_ms, attempt.error) == (1_000, 1_500, "")
    assert attempt.attributes["multi_job.queue_wait_ms"] == 600
    assert [first.span_id, second.span_id] == [call_span_id(RUN.run_id, RUN.attempt, n) for n in (1, 2)]
    assert (first.name, first.parent_id, first.end_ms, first.error) == (
        "http.request",
        attempt.span_id,
        1_140,
        "E: no",
    )


def test_an_attempt_of_a_slot_is_the_first_of_its_trace() -> None:
    """Schedulers make no spans, so none is named above it."""
    (attempt,) = attempt_spans(RUN._replace(source="schedule"), finish(AttemptOutcome.SUCCESS), 1_500)
    assert attempt.parent_id is None


def test_an_attempt_that_failed_or_was_taken_away_says_so() -> None:
    """Failed and retried attempts are errors; one that was given back is not."""
    (failed,) = attempt_spans(RUN, finish(AttemptOutcome.RETRY, error={"message": "no answer"}), 1_500)
    assert (failed.error, failed.attributes["multi_job.outcome"]) == ("no answer", "retry")
    (drained,) = attempt_spans(RUN, Stopped(StopReason.DRAIN, abandoned=False), 1_500)
    assert (drained.error, drained.attributes["multi_job.outcome"]) == ("", "drain")

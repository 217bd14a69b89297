"""Output of the status."""

from __future__ import annotations

import pytest

from app.core.i18n import render as render_text
from app.local.probes import ReadinessAnswer
from app.local.status import StatusRow, describe_uptime, missing_checks, render, troubles


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.4, "0s"), (59, "59s"), (61, "1m 01s"), (3_720, "1h 02m"), (90_000, "1d 1h"), (-3, "0s")],
)
def test_uptime_is_shown_in_two_units(seconds: float, words: str) -> None:
    """The two largest units are enough; a clock that went back is no negative time."""
    assert describe_uptime(seconds) == words


def test_table_is_aligned_and_tells_why_services_died() -> None:
    """Columns stand under their headings, and reasons follow below."""
    lines = render(
        [
            StatusRow("redis", "running", pid="7", ready="ok"),
            StatusRow("worker", "backoff", restarts="3", last_exit="exit code 1: no such module"),
        ]
    )
    assert lines[0].index("STATE") == lines[1].index("running") == lines[2].index("backoff")
    assert lines[-1] == "  worker: exit code 1: no such module"


def test_table_is_rendered_in_one_language() -> None:
    """Stored English reasons and notes are translated, the last line of a log is not."""
    rows = [
        StatusRow("worker", "backoff", last_exit="exit code 1: no such module"),
        StatusRow("redis", "running", note="Valkey 9.1.2, at most 6,026 MB"),
    ]
    lines = [render_text(line, "id") for line in render(rows)[3:]]
    assert lines == [
        "terakhir berhenti:",
        "  worker: kode keluar 1: no such module",
        "catatan:",
        "  redis: Valkey 9.1.2, paling banyak 6.026 MB",
    ]


def test_troubles_are_reported_with_their_reason() -> None:
    """Services that are well are left out."""
    rows = [
        StatusRow("redis", "running", ready="ok"),
        StatusRow("worker", "running", ready="busy", reason="All taken → x"),
    ]
    assert troubles(rows) == ["reasons:", "  worker: All taken → x"]
    assert troubles(rows[:1]) == []


def test_platform_that_is_busy_has_started() -> None:
    """A start waits for processes, not for room in the queue; one that was not heard of is missed."""
    words = {"redis": "refusing", "worker": "busy", "scheduler": "stalled"}
    assert ReadinessAnswer(ready=False, checks=words).is_started
    assert not ReadinessAnswer(ready=False, checks={**words, "connector": "missing"}).is_started
    assert not ReadinessAnswer(ready=False, checks={}).is_started


def test_missing_checks_are_named() -> None:
    """What is late or missing is said; an API that does not answer is itself the reason."""
    assert (
        missing_checks(ReadinessAnswer(ready=False, checks={"redis": "ok", "worker": "late"}))
        == "worker late"
    )
    assert missing_checks(ReadinessAnswer(ready=False, checks={})) == "api"

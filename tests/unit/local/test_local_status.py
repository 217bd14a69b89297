"""Output of the status."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.core.i18n import _, concat
from app.core.i18n import render as render_text
from app.local.probes import ReadinessAnswer
from app.local.processes import describe_exit
from app.local.settings import load_settings
from app.local.state import ServiceRecord, StateFiles, SupervisorState
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


def test_table_is_rendered_in_one_language(tmp_path: Path) -> None:
    """Stored reasons and notes of ours are translated, the last line of a log is not."""
    files = StateFiles(load_settings({"MULTI_JOB_HOME": str(tmp_path)}, tmp_path))
    note = _("{server}, at most {megabytes:,} MB", server="Valkey 9.1.2", megabytes=6_026)
    ended = concat(describe_exit(1), "exit code 2", separator=": ")
    services = {
        "worker": ServiceRecord("worker", [], "", last_exit=ended),
        "redis": ServiceRecord("redis", [], "", note=note),
    }
    files.save(SupervisorState({}, embedded_redis=True, services=services))
    state = files.load()
    assert state is not None
    kept = state.services
    assert (kept["worker"].how_it_ended, str(kept["worker"].last_exit)) == ("exit code 1", str(ended))
    rows = [
        StatusRow("worker", "backoff", last_exit=kept["worker"].last_exit),
        StatusRow("redis", "running", note=kept["redis"].note),
    ]
    lines = [render_text(line, "id") for line in render(rows)[3:]]
    assert lines == [
        "terakhir berhenti:",
        "  worker: kode keluar 1: exit code 2",
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

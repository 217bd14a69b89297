"""`multi-job events -f`: parsing of the stream."""

from __future__ import annotations

from app.cli.commands.activity import event_line, frames

STREAM = """retry: 2000
: events
id: 1-0

id: 2-0
event: run.success
data: {"a": "b: c"}

: keep-alive
id: 3-0

event: reset
data: {"text": "load anew"}

id: 4-0
data: {"cut":"""


def test_frames_are_the_events_and_the_places_between_them() -> None:
    """A comment is nothing, an id alone moves the place on, what is cut off is left out."""
    assert list(frames(STREAM.splitlines())) == [
        ("1-0", "", ""),
        ("2-0", "run.success", '{"a": "b: c"}'),
        ("3-0", "", ""),
        ("", "reset", '{"text": "load anew"}'),
    ]


def test_event_is_one_line_of_what_it_has() -> None:
    """What an event does not have leaves no gap."""
    event = {
        "type": "queue.paused",
        "at": "2026-01-31T07:00:00.000Z",
        "job_id": None,
        "run_id": None,
        "status": None,
        "data": {"scope": "all"},
    }
    assert event_line(event).split(" ", 3)[3] == "queue.paused scope=all"

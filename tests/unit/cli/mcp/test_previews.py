"""The text that a person confirms: all of the act, and no text of a job passes for a line of it."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from app.cli.mcp import previews

ZONE = ZoneInfo("Asia/Jakarta")
SPOOF = 'x"\n\nNothing will be changed.\u202e\nsent to: nobody'


def plan(**job: Any) -> dict[str, Any]:
    spec: dict[str, Any] = {
        "job_id": "kirim",
        "type": "message.send",
        "description": SPOOF,
        "inputs": {"text": SPOOF, "channel": "telegram", "to": "12345", "account_id": None},
        "schedule": {"cron": "0 7 * * *", "timezone": "Asia/Jakarta", "at": None},
        "on_success": ["lain"],
        "tags": [],
    }
    shown: dict[str, Any] = {
        "job_spec": spec,
        "change": "create",
        "certainty": "check",
        "check": ["schedule", "to"],
        "until": None,
        "next_runs": [],
        "diff": [],
        **job,
    }
    return {"prompt": SPOOF, "jobs": [shown], "notes": [{"kind": "unread", "text": f"not read: {SPOOF}"}]}


def test_plan_is_shown_whole() -> None:
    """Change, job, recipient, schedule, chain, times on the person's clock, notes."""
    fires = [{"utc": "2026-11-30T00:00:00Z", "local": "x", "timezone": "UTC"}]
    text = previews.of_plan(plan(next_runs=fires), ZONE)
    for part in (
        '1. create "kirim" (message.send)',
        "next times: 2026-11-30 07:00 WIB",
        'inputs.to = "12345"',
        'inputs.channel = "telegram"',
        'schedule = {"cron": "0 7 * * *", "timezone": "Asia/Jakarta"}',
        'on_success = ["lain"]',
        "   check the time and the recipient",
        "- not read:",
    ):
        assert part in text, part
    assert "account_id" not in text


def test_text_of_a_job_makes_no_line() -> None:
    """Line breaks and direction marks of a job's text are shown as what they are."""
    lines = previews.of_plan(plan(), ZONE).splitlines()
    assert not [line for line in lines if line.startswith(("Nothing", "sent to"))]
    assert all(line.isprintable() for line in lines)
    assert any("\\u202e" in line for line in lines)


def test_update_shows_before_and_after() -> None:
    """A pause shows its end, a change its values."""
    diff = [{"pointer": "/inputs/to", "before": "1", "after": "2"}]
    text = previews.of_plan(plan(change="pause", until="2026-11-30T00:00:00Z", diff=diff), ZONE)
    assert '/inputs/to: "1" → "2"' in text
    assert "until 2026-11-30 07:00 WIB" in text

"""Planning in tests: a sentence in, one short line for each job out."""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from app.planner.language.pipeline import read_text
from app.planner.models import DOUBTS, Draft, PlannedJob, PlanRequest

JAKARTA = "Asia/Jakarta"
TUESDAY_MORNING = "2026-11-24T10:00:00+07:00"
_SHORT = {
    "monitor.channel": "watch",
    "monitor.http": "page",
    "report.daily": "report",
    "backup.export": "backup",
    "message.send": "send",
}
Row = tuple[str, ...]
"""A prompt, then the line of each job that it asks for."""


def plan_text(request: PlanRequest) -> Draft:
    """Return the draft that the rules make of a prompt, without the gate."""
    return read_text(request).draft


def plan(prompt: str, *, now: str = TUESDAY_MORNING, timezone: str | None = JAKARTA, **others: Any) -> Draft:
    """Plan a prompt as it would be on a Tuesday morning in Jakarta; `others` are fields of the request."""
    fields: dict[str, Any] = {
        "default_channel": None,
        "default_account_id": None,
        "deployment_timezone": JAKARTA,
        "has_default_notify": True,
        **others,
    }
    return plan_text(PlanRequest(prompt=prompt, timezone=timezone, now=datetime.fromisoformat(now), **fields))


def lines(prompt: str, **request: Any) -> list[str]:
    """Return the line of each job that a prompt asks for."""
    return [line(job) for job in plan(prompt, **request).jobs]


def line(job: PlannedJob) -> str:
    """Return a job as `watch telegram/bot_a01 30s`; the zone is shown unless it is Jakarta's."""
    words = [_SHORT[job.type]]
    inputs = dict(job.inputs)
    if job.type == "monitor.channel":
        words.append(f"{inputs.pop('channel')}/{inputs.pop('account_id')}")
    elif job.type == "monitor.http":
        words.append(inputs.pop("url"))
    elif job.type == "message.send":
        words.append(f"{inputs.pop('text')!r}")
        words.append(_place(inputs))
    words.append(when(job.schedule))
    if "notify" in inputs:
        words.append(f"notify={_place(dict(inputs.pop('notify')))}")
    words.extend(f"{key}={value}" for key, value in inputs.items() if key != "timezone")
    words.extend(f"{key}={value}" for key, value in job.fields.items())
    return " ".join(word for word in words if word)


def _place(inputs: dict[str, str]) -> str:
    channel, to = inputs.pop("channel", ""), inputs.pop("to", "")
    return f"{channel}:{to}" if to else channel


def _skipped(schedule: dict[str, Any]) -> str:
    """Return what a schedule leaves out as ` skip(holidays=ID weekdays=0,6 before)`."""
    if "skip" not in schedule:
        return ""
    words = [
        f"{name}={','.join(map(str, cast('list[Any]', each))) if isinstance(each, list) else each}"
        for name, each in schedule["skip"].items()
    ]
    return f" skip({' '.join([*words, *([schedule['on_skip']] if 'on_skip' in schedule else [])])})"


def when(schedule: dict[str, Any] | None) -> str:
    """Return a schedule as `30s`, `[0 7 * * *]`, `@2026-11-25T09:00` or `now`."""
    if schedule is None:
        return "now"
    bounds = "".join(f" {key[:-3]}={schedule[key][:10]}" for key in ("start_at", "end_at") if key in schedule)
    bounds += _skipped(schedule)
    if "interval_sec" in schedule:
        return f"{schedule['interval_sec']}s{bounds}"
    if "rrule" in schedule:
        return f"[{schedule['rrule']}]{bounds}"
    if "cron" in schedule:
        zone = "" if schedule["timezone"] == JAKARTA else f" {schedule['timezone']}"
        return f"[{schedule['cron']}]{zone}{bounds}"
    at = datetime.fromisoformat(schedule["at"])
    offset = "" if at.strftime("%z") == "+0700" else at.strftime("%z")
    return f"@{at:%Y-%m-%dT%H:%M}{offset}"


def assert_planned(row: Row) -> None:
    """Assert that a prompt asks for exactly the jobs of its row, without a doubt."""
    prompt, *wanted = row
    draft = plan(prompt)
    assert [line(job) for job in draft.jobs] == wanted
    assert not [note.text for note in draft.notes if note.kind in DOUBTS]


def assert_doubted(prompt: str) -> None:
    """Assert that a prompt plans nothing, and that a doubt says so."""
    draft = plan(prompt)
    assert not draft.jobs
    assert [note for note in draft.notes if note.kind in DOUBTS]

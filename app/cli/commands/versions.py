"""`multi-job versions`, `rollback`, `preview`: versions of a spec, schedule previews."""

from __future__ import annotations

import json
from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.commands.apply import difference
from app.cli.commands.monitors import state_words
from app.cli.options import JobId, Json, Lang
from app.cli.output import UsageError, at, instant, printed_json, say, show_list
from app.core.i18n import _, concat, reader_language

# `multi-job why`: explains the next fire of a job, and why the last ones did or did not run.


Ranges = Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="Maximum number of ranges.")]


def why(job_id: JobId, *, _lang: Lang = None, limit: Ranges = 20, _json: Json = False) -> None:
    """Explain the next fire, and why the last expected ones did or did not run."""
    found = cast("dict[str, Any]", Client().get(f"/jobs/{job_id}/why", limit=limit))
    if printed_json(found):
        return
    if monitor := found.get("monitor"):
        _print_monitor(monitor)
    _print_cause(job_id, found["next"])
    if found["run"]:
        _print_cause(found["run"]["run_id"], found["run"])
    for each in found["occurrences"]:
        _print_cause(each["outcome"], each)


def _print_monitor(monitor: dict[str, Any]) -> None:
    since = _("{state} since {at}", state=state_words(monitor), at=instant(monitor["since"]))
    say(concat(since, monitor["last_error"], separator=": ") if monitor["last_error"] else since)


def _print_cause(head: str, explained: dict[str, Any]) -> None:
    say(f"{head}: {explained['text']}")
    say(f"  → {explained['next_step']}")
    for action in explained["actions"]:
        say(f"    {action['label']}: {action['command']}")


Before = Annotated[int | None, typer.Option("--from", min=1, help="Compare this version …")]
After = Annotated[int | None, typer.Option("--to", min=1, help="… with this one; else with the newest.")]
Version = Annotated[int, typer.Argument(min=1, help="The version to restore.")]
When = Annotated[
    str, typer.Argument(help="A cron expression, a rule of RFC 5545, seconds, or a schedule as JSON.")
]
Zone = Annotated[str | None, typer.Option("--timezone", help="IANA zone of a cron expression or rule.")]
Count = Annotated[int, typer.Option("--count", "-n", min=1, max=50, help="Number of fires.")]


def versions(job_id: JobId, *, before: Before = None, after: After = None, _json: Json = False) -> None:
    """List every version of a job, newest first; --from and --to show the difference of two."""
    found: Any = Client().get(f"/jobs/{job_id}/versions", **{"from": before, "to": after})
    if not isinstance(found, dict):
        show_list(found, {"version": "version", "at": at("at"), "by": "actor", "from": "origin"})
    elif not printed_json(found):
        _compare(cast("dict[str, Any]", found))


def _compare(found: dict[str, Any]) -> None:
    say(f"v{found['from']} → v{found['to']}" + ("" if found["changes"] else _(": the same")))
    for change in found["changes"]:
        say(*difference(change))


def rollback(job_id: JobId, version: Version, *, _json: Json = False) -> None:
    """Save the spec of an earlier version as a new one; the job stays enabled or disabled."""
    answer = Client().post(f"/jobs/{job_id}/rollback/{version}")
    if not printed_json(answer):
        next_run = _("next {instant}", instant=instant(answer["next_run_at"]))
        say(f"{job_id}: v{version} → v{answer['version']}, ", next_run)


def preview(
    when: When, *, timezone: Zone = None, count: Count = 5, _lang: Lang = None, _json: Json = False
) -> None:
    """Describe a schedule in words and list its next fires, without a job."""
    found = Client().post("/schedules/preview", {"schedule": _schedule(when, timezone), "count": count})
    if printed_json(found):
        return
    language = reader_language.get()
    say(found["words"][language])
    for fire in found["next"]:
        say(f"  {fire['local']}")
    for note in found["dst_notes"]:
        say(f"  ! {note[f'text_{language}']}")
    for part in found["skipped"]:
        span = " – ".join(dict.fromkeys(instant(part[side]) for side in ("from", "to")))
        say(f"  - {span}: {part['reason'][language]}")
    for note in found["holiday_notes"]:
        say(f"  ! {note[language]}")


def _schedule(when: str, timezone: str | None) -> Any:
    text = when.strip()
    if text.isdigit():
        return {"interval_sec": int(text)}
    if not text.startswith("{"):
        kind = "rrule" if "=" in text else "cron"
        return {kind: text, **({"timezone": timezone} if timezone else {})}
    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError(_("This schedule is no JSON: {error}.", error=error)) from error

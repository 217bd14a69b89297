"""`multi-job versions`, `rollback`, `preview`: what a job was, what it becomes again, when it would fire."""

from __future__ import annotations

import json
import os
from enum import StrEnum
from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.commands.apply import difference
from app.cli.options import JobId, Json
from app.cli.output import UsageError, instant, print_json, say, table

# `multi-job why`: what the next fire of a job is, and why the last ones did or did not run.


class Lang(StrEnum):
    """The languages that the answer is there in."""

    ID = "id"
    EN = "en"


Language = Annotated[
    Lang | None, typer.Option("--lang", help="Indonesian or English; by default what LANG says.")
]
Ranges = Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="How many ranges at most.")]


def why(job_id: JobId, *, lang: Language = None, limit: Ranges = 20, as_json: Json = False) -> None:
    """Explain what the next fire is, and why the last expected ones did or did not run."""
    client = Client(language=(lang or language_of_terminal()).value)
    found = cast("dict[str, Any]", client.get(f"/jobs/{job_id}/why", limit=limit))
    if as_json:
        print_json(found)
        return
    _tell(job_id, found["next"])
    if found["run"]:
        _tell(found["run"]["run_id"], found["run"])
    for each in found["occurrences"]:
        _tell(each["outcome"], each)


def _tell(head: str, told: dict[str, Any]) -> None:
    say(f"{head}: {told['text']}")
    say(f"  → {told['next_step']}")


def language_of_terminal() -> Lang:
    """Return what the locale's variables say, in the order of POSIX; English unless it is Indonesian."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Lang.ID if next((name for name in named if name), "").lower().startswith("id") else Lang.EN


Before = Annotated[int | None, typer.Option("--from", min=1, help="Compare this version …")]
After = Annotated[int | None, typer.Option("--to", min=1, help="… with this one; else with the newest.")]
Version = Annotated[int, typer.Argument(min=1, help="The version whose spec comes back.")]
When = Annotated[str, typer.Argument(help="A cron expression, seconds, or a schedule as JSON.")]
Zone = Annotated[str | None, typer.Option("--timezone", help="IANA zone of a cron expression.")]
Count = Annotated[int, typer.Option("--count", "-n", min=1, max=50, help="How many fires.")]


def versions(job_id: JobId, *, before: Before = None, after: After = None, as_json: Json = False) -> None:
    """List every save of a job, newest first; with --from or --to what differs between two."""
    found: Any = Client().get(f"/jobs/{job_id}/versions", **{"from": before, "to": after})
    if as_json:
        print_json(found)
    elif isinstance(found, dict):
        _compare(cast("dict[str, Any]", found))
    else:
        rows = [(each["version"], instant(each["at"]), each["actor"], each["origin"]) for each in found]
        table(("version", "at", "by", "from"), rows, "")


def _compare(found: dict[str, Any]) -> None:
    say(f"v{found['from']} → v{found['to']}" + ("" if found["changes"] else ": sama / the same"))
    for change in found["changes"]:
        say(*difference(change))


def rollback(job_id: JobId, version: Version, *, as_json: Json = False) -> None:
    """Save the spec of an earlier version as a new one; whether the job fires stays as it is."""
    answer = Client().post(f"/jobs/{job_id}/rollback/{version}")
    if as_json:
        print_json(answer)
    else:
        say(f"{job_id}: v{version} → v{answer['version']}, next {instant(answer['next_run_at'])}")


def preview(
    when: When, *, timezone: Zone = None, count: Count = 5, lang: Language = None, as_json: Json = False
) -> None:
    """Show what a schedule means and when it fires next, before a job has it."""
    found = Client().post("/schedules/preview", {"schedule": _schedule(when, timezone), "count": count})
    if as_json:
        print_json(found)
        return
    word = (lang or language_of_terminal()).value
    say(found["words"][word])
    for fire in found["next"]:
        say(f"  {fire['local']}")
    for note in found["dst_notes"]:
        say(f"  ! {note['text_id' if word == Lang.ID else 'text_en']}")


def _schedule(when: str, timezone: str | None) -> Any:
    text = when.strip()
    if text.isdigit():
        return {"interval_sec": int(text)}
    if not text.startswith("{"):
        return {"cron": text, **({"timezone": timezone} if timezone else {})}
    try:
        return json.loads(text)
    except ValueError as error:
        raise UsageError(f"This schedule is no JSON: {error}. / Jadwal bukan JSON.") from error

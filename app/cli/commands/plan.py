"""`multi-job plan`: turns a sentence into jobs; --apply creates them."""

from __future__ import annotations

from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.options import Json, as_json
from app.cli.output import CliError, confirm, print_table, printed_json, say, warn
from app.core.i18n import _

Sentence = Annotated[str, typer.Argument(help="What you want, in Indonesian or English.")]
Zone = Annotated[str | None, typer.Option("--timezone", help="IANA time zone of the times in the sentence.")]
Apply = Annotated[bool, typer.Option("--apply", help="Create and change the jobs after showing them.")]
RunNow = Annotated[bool, typer.Option("--run", help="With --apply: also run each job once now.")]
Ai = Annotated[bool, typer.Option("--ai", help="Also ask the language model, if one is configured.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask before applying.")]


def plan(
    sentence: Sentence,
    *,
    timezone: Zone = None,
    ai: Ai = False,
    apply: Apply = False,
    run: RunNow = False,
    yes: Yes = False,
    _json: Json = False,
) -> None:
    """Preview the jobs of a sentence; --apply creates exactly these."""
    client = Client()
    asked = {"prompt": sentence, **({"timezone": timezone} if timezone else {})}
    found = client.post("/planner/plan-ai" if ai else "/planner/plan", asked)
    # With --json, an applied plan prints its results alone.
    if not (apply and as_json.get()):
        _show(found)
    if not apply:
        return
    if not found["jobs"]:
        raise CliError(_("Nothing to apply."))
    if not yes and not confirm(_("Apply?")):
        raise typer.Exit(1)
    wait_seconds = 20 if run else 0
    body = {**asked, "plan_id": found["plan_id"], "run_immediately": run, "wait_seconds": wait_seconds}
    _show_results(client.post("/planner/execute", body))


def _show(found: dict[str, Any]) -> None:
    if printed_json(found):
        return
    say(f"{found['summary']}  ({found['planner_source']})")
    jobs = [{**job["job_spec"], "change": job["change"]} for job in found["jobs"]]
    columns = {"job": "job_id", "type": "type", "schedule": _schedule, "change": "change"}
    print_table(jobs, columns, _("no jobs"))
    # The warnings of the jobs are included.
    for text in found["assumptions"]:
        say(f"  · {text}")
    for text in found["warnings"]:
        warn(text)


def _schedule(spec: dict[str, Any]) -> str:
    schedule = cast("dict[str, Any]", spec["schedule"] or {})
    given = {name: value for name, value in schedule.items() if value is not None}
    if "interval_sec" in given:
        return f"every {given['interval_sec']} s"
    if rule := given.get("cron") or given.get("rrule"):
        return f"{rule} {given.get('timezone', '')}".strip()
    return str(given.get("at", "by hand"))


def _show_results(answer: dict[str, Any]) -> None:
    if not printed_json(answer):
        columns = {"job": "job_id", "created": "create_status", "run": "run_id"}
        print_table(answer["results"], {**columns, "status": "run_status", "error": "result_error"})
    if any(result["create_status"] == "error" for result in answer["results"]):
        raise typer.Exit(1)

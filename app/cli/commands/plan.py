"""`multi-job plan`: turns a sentence into jobs; --apply creates them."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from typing import Annotated, Any, cast
from urllib.parse import quote

import typer

from app.cli.client import Client
from app.cli.options import Json, as_json
from app.cli.output import (
    CliError,
    Columns,
    UsageError,
    ask,
    confirm,
    instant,
    print_table,
    printed_json,
    say,
    warn,
)
from app.core.i18n import Message, _, concat, in_context
from app.planner.certainty import certainty_text

Sentence = Annotated[str | None, typer.Argument(help="What you want, in Indonesian or English.")]
From = Annotated[
    str | None,
    typer.Option(
        "--from", metavar="PLAN_ID", help="Go on from this plan: the sentence answers or changes it."
    ),
]
Zone = Annotated[str | None, typer.Option("--timezone", help="IANA time zone of the times in the sentence.")]
Apply = Annotated[bool, typer.Option("--apply", help="Make the changes after showing them.")]
RunNow = Annotated[bool, typer.Option("--run", help="With --apply: also run each job once now.")]
Ai = Annotated[bool, typer.Option("--ai", help="Also ask the language model, if one is configured.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask; apply only what is certain.")]
_DOUBTS = {
    "unread": _("not read"),
    "conflict": _("conflict"),
    "refusal": _("not planned"),
    "question": _("question"),
}


def plan(
    sentence: Sentence = None,
    *,
    plan_id: From = None,
    timezone: Zone = None,
    ai: Ai = False,
    apply: Apply = False,
    run: RunNow = False,
    yes: Yes = False,
    _json: Json = False,
) -> None:
    """Preview the new jobs and changes of stored jobs that a sentence asks for; --apply makes them."""
    client = Client()
    if sentence is not None:
        found = _planned(client, sentence, plan_id, timezone, ai=ai, is_silent=apply and as_json.get())
        while apply and not yes and _question(found) and sys.stdin.isatty():
            found = _planned(
                client, ask(_("Answer")), found["plan_id"], None, ai=False, is_silent=as_json.get()
            )
        plan_id = str(found["plan_id"])
        if not apply:
            return
        # With --yes, what is certain is applied, and only the rest waits for the answer.
        if not (yes and any(not _is_held(job, found) for job in found["jobs"])):
            _refuse_open(found, yes=yes)
        if not found["jobs"]:
            raise CliError(_("Nothing to apply."))
        if not yes and not confirm(_to_confirm(found)):
            raise typer.Exit(1)
    elif not plan_id:
        raise UsageError(_("Write a sentence, or confirm a plan: multi-job plan --from PLAN_ID --apply"))
    elif not _confirmed(client, plan_id, apply=apply, yes=yes):
        return
    wait_seconds = 20 if run else 0
    body = {"plan_id": plan_id, "run_immediately": run, "wait_seconds": wait_seconds}
    is_seen = sentence is None or not yes
    _show_results(client.post("/planner/execute", {**body, "only_certain": not is_seen}))


def _confirmed(client: Client, plan_id: str, *, apply: bool, yes: bool) -> bool:
    """Show a stored plan; return whether to apply it. At a terminal the person is asked."""
    found = client.get(f"/planner/plans/{quote(plan_id, safe='')}")
    if not (apply and as_json.get()):
        _show(found)
    if apply:
        _refuse_open(found, yes=yes)
    if apply and not yes and sys.stdin.isatty() and not confirm(_to_confirm(found)):
        raise typer.Exit(1)
    return apply


def _refuse_open(found: dict[str, Any], *, yes: bool) -> None:
    """Raise CliError if the plan has a question; the message has the commands that answer it."""
    question = _question(found)
    if question is not None:
        commands = _answers(question, found["plan_id"], " --apply --yes" if yes else " --apply")
        raise CliError(
            _(
                "Nothing is applied while this question is open: {question} Answer it: {commands}",
                question=question["text"],
                commands=commands,
            )
        )


def _is_held(job: dict[str, Any], found: dict[str, Any]) -> bool:
    return job["certainty"] == "ask" or job["change"] == "delete" or _is_asked(job, found)


def _is_asked(job: dict[str, Any], found: dict[str, Any]) -> bool:
    question = _question(found)
    return question is not None and question["job"] in {None, job["job_spec"]["job_id"]}


def _to_confirm(found: dict[str, Any]) -> Message:
    """Return the question before a plan is applied, with what the person should look at."""
    looks = [
        concat(job["job_spec"]["job_id"], ": ", _certainty(job, found))
        for job in found["jobs"]
        if job["certainty"] != "certain"
    ]
    apply = _("Apply?")
    return concat(concat(*looks, separator="; "), ". ", apply) if looks else apply


def _answers(question: dict[str, Any], plan_id: str, options: str = "") -> str:
    """Return the commands that answer a question: one for each choice, or one to complete."""
    answers = [shlex.quote(choice) for choice in question["choices"]] or ['"…"']
    return "; ".join(f"multi-job plan --from {plan_id} {answer}{options}" for answer in answers)


def _planned(
    client: Client, sentence: str, plan_id: str | None, timezone: str | None, *, ai: bool, is_silent: bool
) -> dict[str, Any]:
    if plan_id is None:
        asked = {"prompt": sentence, **({"timezone": timezone} if timezone else {})}
        found = client.post("/planner/plan-ai" if ai else "/planner/plan", asked)
    else:
        found = client.post("/planner/plan", {"plan_id": plan_id, "answer": sentence})
    # With --json, an applied plan prints its results alone.
    if not is_silent:
        _show(found)
    return found


def _question(found: dict[str, Any]) -> dict[str, Any] | None:
    return next((note for note in found["notes"] if note["kind"] == "question"), None)


def _show(found: dict[str, Any]) -> None:
    if printed_json(found):
        return
    say(f"{found['summary']}  ({found['planner_source']})")
    jobs = [
        {**job["job_spec"], "change": _change(job), "certainty": _certainty(job, found)}
        for job in found["jobs"]
    ]
    columns: Columns = {"job": "job_id", "type": "type", "schedule": _schedule, "change": "change"}
    print_table(jobs, {**columns, "certainty": "certainty"}, _("no jobs"))
    for job in (each for each in found["jobs"] if each["change"] == "update"):
        for each in job["diff"]:
            say(f"  {job['job_spec']['job_id']}{each['pointer']}: {each['before']} → {each['after']}")
    # The notes of the jobs are included.
    for text in found["assumptions"]:
        say(f"  · {text}")
    shown: dict[str, str] = {
        note["text"]: note["kind"] for note in found["notes"] if note["kind"] != "assumption"
    }
    for text, kind in shown.items():
        warn(concat(_DOUBTS[kind], ": ", text) if kind in _DOUBTS else text)
    question = _question(found)
    if question is not None:
        for choice in question["choices"]:
            say(f"  - {choice}")
        say(_("Answer it: {command}", command=f'multi-job plan --from {found["plan_id"]} "…"'))


def _change(job: dict[str, Any]) -> str:
    """Return the change, with the end of a pause."""
    change = in_context("plan", job["change"])
    return (
        _("{change} until {instant}", change=change, instant=instant(job["until"]))
        if job["until"]
        else change
    )


def _certainty(job: dict[str, Any], found: dict[str, Any]) -> Message:
    schedule: Mapping[str, Any] = job["job_spec"]["schedule"] or {}
    return certainty_text(
        job["certainty"],
        job["check"],
        job["change"],
        is_interval=bool(schedule.get("interval_sec")),
        is_asked=_is_asked(job, found),
    )


def _schedule(spec: dict[str, Any]) -> str:
    schedule = cast("dict[str, Any]", spec["schedule"] or {})
    given = {name: value for name, value in schedule.items() if value is not None}
    if "interval_sec" in given:
        return _("every {seconds} s", seconds=given["interval_sec"])
    if rule := given.get("cron") or given.get("rrule"):
        return f"{rule} {given.get('timezone', '')}".strip()
    return given["at"] if "at" in given else _("by hand")


def _show_results(answer: dict[str, Any]) -> None:
    if not printed_json(answer):
        columns: Columns = {"job": "job_id", "created": "create_status", "run": "run_id"}
        print_table(answer["results"], {**columns, "status": "run_status", "error": "result_error"})
        if answer["plan_id"]:
            warn(_("Not all of it is certain, so it is not applied yet. Read the plan above."))
            question = _question(answer)
            if question is None:
                say(_("Confirm it: {command}", command=f"multi-job plan --from {answer['plan_id']} --apply"))
            else:
                command = _answers(question, answer["plan_id"], " --apply --yes")
                say(_("Answer it: {command}", command=command))
    if any(result["create_status"] in {"error", "needs_confirmation"} for result in answer["results"]):
        raise typer.Exit(1)

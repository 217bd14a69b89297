"""The whole of an act in words, for the person who confirms it.

Names and texts of jobs are quoted and on one line each, so that none of them reads as a line of the question.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any, Final, cast

from app.cli.mcp.untrusted import escaped
from app.core.i18n import Message, _, for_reader
from app.planner.certainty import certainty_text

# The fields of a spec in the order in which a person asks for them; all others come behind them.
_FIRST: Final = ("description", "schedule", "inputs", "on_success", "on_failure")
_SHOWN: Final = frozenset({"job_id", "type"})
_CHANGES: Final[Mapping[str, Message]] = {
    "create": _("create {job}"),
    "update": _("change {job}"),
    "unchanged": _("leave {job} as it is"),
    "disable": _("disable {job}"),
    "pause": _("pause {job}"),
    "resume": _("resume {job}"),
    "run": _("run {job} now"),
    "delete": _("delete {job}"),
}
_SAVED: Final = frozenset({"create", "update"})
_FORM: Final = "%Y-%m-%d %H:%M %Z"


def quoted(value: Any) -> str:
    """Return a value of a job on one line: a text in quotes, anything else as JSON. Nothing is hidden."""
    return escaped(json.dumps(value, ensure_ascii=False))


def at(instant: str, zone: tzinfo) -> str:
    """Return an instant (RFC 3339) on the person's clock."""
    return datetime.fromisoformat(instant).astimezone(zone).strftime(_FORM)


def of_plan(plan: Mapping[str, Any], zone: tzinfo) -> str:
    """Return a whole plan: each job with its change, times, recipients and inputs, and all notes."""
    lines = [
        for_reader(_("Apply this plan? An assistant asks for it.")),
        for_reader(_("Sentence: {prompt}", prompt=quoted(plan["prompt"]))),
    ]
    for number, job in enumerate(plan["jobs"], 1):
        lines += ["", *_job(number, job, zone)]
    lines += [f"- {escaped(note['text'])}" for note in plan["notes"]]
    return "\n".join(lines)


def _job(number: int, job: Mapping[str, Any], zone: tzinfo) -> Iterator[str]:
    spec = job["job_spec"]
    named = f"{quoted(spec['job_id'])} ({escaped(spec['type'])})"
    yield f"{number}. {for_reader(_CHANGES[job['change']].fill(job=named))}"
    yield f"   {for_reader(_certainty(job))}"
    if job["until"]:
        yield "   " + for_reader(_("until {time}", time=at(job["until"], zone)))
    if job["next_runs"]:
        times = ", ".join(at(fire["utc"], zone) for fire in job["next_runs"])
        yield "   " + for_reader(_("next times: {times}", times=times))
    for each in job["diff"]:
        yield f"   {escaped(each['pointer'])}: {quoted(each['before'])} → {quoted(each['after'])}"
    if job["change"] in _SAVED:
        yield from _fields(spec)


def _certainty(job: Mapping[str, Any]) -> Message:
    schedule: Mapping[str, Any] = job["job_spec"]["schedule"] or {}
    return certainty_text(
        job["certainty"],
        job["check"],
        job["change"],
        is_interval=bool(schedule.get("interval_sec")),
        # A plan with a question is not confirmed.
        is_asked=False,
    )


def _fields(spec: Mapping[str, Any]) -> Iterator[str]:
    """Yield the fields of a spec that say something, the inputs one by one."""
    rest = [name for name in spec if name not in _FIRST and name not in _SHOWN]
    for name in (*_FIRST, *rest):
        value = spec.get(name)
        if value in (None, "", [], {}):
            continue
        if name == "inputs":
            yield from (
                f"   inputs.{escaped(key)} = {quoted(each)}"
                for key, each in value.items()
                if each is not None
            )
        else:
            yield f"   {name} = {quoted(_without_none(value))}"


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        members = cast("Mapping[str, Any]", value).items()
        return {key: each for key, each in members if each is not None}
    return value


def of_run(job: Mapping[str, Any], inputs: Mapping[str, Any] | None) -> str:
    """Return a run that is about to start, with the inputs that it gets."""
    spec = {"job_id": job["job_id"], "inputs": job["inputs"] if inputs is None else inputs}
    chains = {name: job.get(name) for name in ("description", "on_success", "on_failure")}
    head = for_reader(_("Run this job now? An assistant asks for it."))
    return "\n".join(
        [head, f"{quoted(job['job_id'])} ({escaped(job['type'])})", *_fields({**spec, **chains})]
    )


def of_cancel(run: Mapping[str, Any], zone: tzinfo) -> str:
    """Return a run that is about to be cancelled."""
    created = at(run["created_at"], zone)
    return "\n".join(
        [
            for_reader(_("Cancel this run? An assistant asks for it.")),
            f"{quoted(run['run_id'])} ({quoted(run['job_id'])}, {escaped(run['type'])})",
            for_reader(_("state: {status}, since {time}", status=escaped(run["status"]), time=created)),
        ]
    )


def of_redrive(letters: Sequence[Mapping[str, Any]]) -> str:
    """Return the dead letters of one error that are about to run again: number, error, jobs."""
    jobs = Counter(str(letter["job_id"]) for letter in letters)
    error = letters[0]["error"]
    return "\n".join(
        [
            for_reader(_("Run these failed runs again? An assistant asks for it.")),
            for_reader(_("runs: {count}", count=len(letters))),
            quoted(error["message"] if error else ""),
            *(f"- {count} × {quoted(job_id)}" for job_id, count in sorted(jobs.items())),
        ]
    )

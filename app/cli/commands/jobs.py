"""`multi-job jobs`, `run`, `enable`, `disable`, `edit`, `delete`: jobs."""

from __future__ import annotations

import json
import time
from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.commands.monitors import state_words
from app.cli.download import Bar, progress
from app.cli.options import JobId, Json, Limit
from app.cli.output import Columns, UsageError, at, confirm, instant, show, show_list, warn
from app.core.i18n import _, pgettext

JobType = Annotated[str | None, typer.Option("--type", help="Only jobs of this type.")]
Tag = Annotated[str | None, typer.Option("--tag", help="Only jobs with this tag.")]
Inputs = Annotated[
    str | None, typer.Option("--inputs", help="Inputs for this run, as JSON, in place of the job's.")
]
Wait = Annotated[bool, typer.Option("--wait", "-w", help="Wait for the end; exit code 1 unless it succeeds.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]

_LOOK_SEC = 0.2
ENDED = frozenset({"success", "failed", "cancelled"})


def jobs(*, job_type: JobType = None, tag: Tag = None, limit: Limit = 100, _json: Json = False) -> None:
    """List the jobs, newest first."""
    found = list(Client().pages("/jobs", limit, type=job_type, tag=tag))
    columns: Columns = {"job": "job_id", "type": "type", "": _switch}
    more: Columns = {"watches": _watches, "last run": _last, "next run": at("next_run_at")}
    show_list(found, {**columns, **more}, _("no jobs yet: multi-job plan '…'"))


def _switch(job: dict[str, Any]) -> str:
    return pgettext("job", "on") if job["enabled"] else pgettext("job", "off")


def _watches(job: dict[str, Any]) -> str:
    return state_words(job.get("monitor"))


def _last(job: dict[str, Any]) -> str:
    return str(job["last_run"]["status"]) if job["last_run"] else ""


def run(job_id: JobId, *, inputs: Inputs = None, wait: Wait = False, _json: Json = False) -> None:
    """Run a job once, now."""
    client = Client()
    body = {"inputs": parsed_inputs(inputs)} if inputs else {}
    follow_up(client, client.post(f"/jobs/{job_id}/run", body), wait=wait)


def follow_up(client: Client, accepted: dict[str, Any], *, wait: bool) -> None:
    """Print a submitted run; with `wait` also its end, with exit code 1 unless it succeeds."""
    if not wait:
        show(accepted, f"{accepted['run_id']} {accepted['status']}")
        return
    found = watch(client, accepted["run_id"], accepted["job_id"])
    show(found, _outcome(found))
    raise typer.Exit(0 if found["status"] == "success" else 1)


def watch(client: Client, run_id: str, text: str) -> dict[str, Any]:
    """Return a run after it has ended; until then a bar shows its progress."""
    held = ""
    with progress(text, None) as bar:
        while (found := client.get(f"/runs/{run_id}"))["status"] not in ENDED:
            _show_progress(bar, found, text)
            # A pause may last for days, so a waiting terminal must say why.
            if found["waiting_for"] and found["waiting_for"] != held:
                warn(_("{run_id} waits for {held}.", run_id=run_id, held=found["waiting_for"]))
            held = found["waiting_for"]
            time.sleep(_LOOK_SEC)
    return cast("dict[str, Any]", found)


def _show_progress(bar: Bar, run: dict[str, Any], text: str) -> None:
    progress = run["progress"]
    seen = cast("dict[str, Any]", progress) if isinstance(progress, dict) else {}
    done, of = seen.get("done"), seen.get("of")
    counted = isinstance(done, (int, float)) and isinstance(of, (int, float))
    bar(done if counted and done else 0, of if counted else None, f"{text} {run['status']}")


def _outcome(run: dict[str, Any]) -> str:
    """Return the outcome of a run: the essence of a shipped type's output, any other output as JSON."""
    result = cast("dict[str, Any]", run["result"] or {})
    output = result.get("output")
    seen = cast("dict[str, Any]", output) if isinstance(output, dict) else {}
    error = cast("dict[str, Any]", run["error"] or {})
    said = [seen.get(name) for name in ("state", "reason", "command", "file", "summary")]
    if output is not None and not any(said):
        said = [json.dumps(output, ensure_ascii=False)]
    parts = [str(each) for each in (*said, error.get("message")) if each]
    return " · ".join([f"{run['run_id']} {run['status']}", *parts])


def parsed_inputs(inputs: str) -> Any:
    """Parse a JSON option."""
    try:
        return json.loads(inputs)
    except ValueError as error:
        raise UsageError(_("--inputs is no JSON: {error}.", error=error)) from error


def enable(job_id: JobId, *, _json: Json = False) -> None:
    """Let a job fire again from now on."""
    _show_status(Client().put(f"/jobs/{job_id}/enable"))


def disable(job_id: JobId, *, _json: Json = False) -> None:
    """Stop a job from firing; existing runs go on, and manual runs stay possible."""
    _show_status(Client().put(f"/jobs/{job_id}/disable"))


Overlap = Annotated[
    str | None,
    typer.Option("--overlap", help="A slot while a run is active: skip, queue, cancel_running, allow."),
]
TimeoutSec = Annotated[int | None, typer.Option("--timeout", min=1, help="Seconds that an attempt may take.")]


def edit(
    job_id: JobId, *, overlap: Overlap = None, timeout_sec: TimeoutSec = None, _json: Json = False
) -> None:
    """Change a field of a job and save it as a new version; `apply` changes all of them."""
    changes: dict[str, Any] = {} if overlap is None else {"overlap": overlap}
    changes |= {} if timeout_sec is None else {"timeout_ms": timeout_sec * 1000}
    if not changes:
        raise UsageError(_("Give --overlap or --timeout."))
    client, path = Client(), f"/jobs/{job_id}"
    stored = client.get(path)
    saved = client.put(path, {**stored, **changes}, if_match=f'"v{stored["version"]}"')
    show(saved, _("{job_id}: saved as version {version}", job_id=job_id, version=saved["version"]))


def delete(job_id: JobId, *, yes: Yes = False, _json: Json = False) -> None:
    """Delete a job: its waiting runs are cancelled, its running ones end, its history stays."""
    client = Client()
    if not yes and not confirm(_("Delete {job_id}?", job_id=job_id)):
        raise typer.Exit(1)
    _show_status(client.delete(f"/jobs/{job_id}"))


def _show_status(answer: dict[str, Any]) -> None:
    show(answer, f"{answer['job_id']} {answer['status']}")


# `multi-job pause`, `resume`: hold everything, a queue, a job type or a job.

Job = Annotated[str | None, typer.Option("--job", help="Only this job.")]
PausedQueue = Annotated[str | None, typer.Option("--queue", help="Only this queue.")]
PausedType = Annotated[str | None, typer.Option("--type", help="Only jobs of this type.")]
Reason = Annotated[str, typer.Option("--reason", help="The reason, shown with the pause.")]
Until = Annotated[str | None, typer.Option("--until", help="When it ends, as 2026-11-30T00:00:00+07:00.")]


def pause(
    *,
    job: Job = None,
    job_type: PausedType = None,
    queue: PausedQueue = None,
    until: Until = None,
    reason: Reason = "",
    _json: Json = False,
) -> None:
    """Pause everything, a queue, a job type or a job: nothing in it fires or starts until it is resumed."""
    body = {**_scope(job, job_type, queue), "reason": reason, **({} if until is None else {"until": until})}
    answer = Client().post("/pause", body)
    if answer["until"] is None:
        text = _("{scope}: paused · {held} runs held", held=answer["held"], scope=_name(answer))
    else:
        ended = _("{scope}: paused until {ends} · {held} runs held")
        text = ended.fill(held=answer["held"], scope=_name(answer), ends=instant(answer["until"]))
    show(answer, text)


def resume(
    *, job: Job = None, job_type: PausedType = None, queue: PausedQueue = None, _json: Json = False
) -> None:
    """Resume a pause; held runs start in their order."""
    answer = Client().post("/resume", _scope(job, job_type, queue))
    if answer["since"] is None:
        show(answer, _("{scope}: was not paused", scope=_name(answer)))
    else:
        show(answer, _("{scope}: resumed · {held} runs given back", held=answer["held"], scope=_name(answer)))


def _scope(job: str | None, job_type: str | None, queue: str | None) -> dict[str, str]:
    given = {"job": job, "type": job_type, "queue": queue}
    scopes = [{"scope": kind, "name": name} for kind, name in given.items() if name is not None]
    if len(scopes) > 1:
        raise UsageError(_("Give one of --job, --type and --queue."))
    return scopes[0] if scopes else {"scope": "all"}


def _name(answer: dict[str, Any]) -> str:
    return _("everything") if answer["scope"] == "all" else f"{answer['scope']} {answer['name']}"

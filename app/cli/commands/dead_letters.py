"""`multi-job dead-letters`: failed runs that wait for a decision."""

from __future__ import annotations

from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.options import Json, Limit
from app.cli.output import CliError, UsageError, confirm, instant, print_json, say, table, warn
from app.core.i18n import _

app = typer.Typer(help="Failed runs that wait for a decision: list, redrive, discard.", no_args_is_help=False)

Runs = Annotated[
    list[str] | None, typer.Argument(help="Run ids; or choose by --group, --job, --type, --all.")
]
Group = Annotated[str | None, typer.Option("--group", "-g", help="Only those with this error fingerprint.")]
Job = Annotated[str | None, typer.Option("--job", "-j", help="Only those of this job.")]
JobType = Annotated[str | None, typer.Option("--type", help="Only those of this job type.")]
All = Annotated[bool, typer.Option("--all", help="All of them.")]
Rate = Annotated[float | None, typer.Option("--rate", help="Maximum per second.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Count them, and change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]


@app.callback(invoke_without_command=True)
def _listed(context: typer.Context, *, as_json: Json = False) -> None:
    if context.invoked_subcommand is None:
        show(limit=50, as_json=as_json)


@app.command("list")
def show(*, job: Job = None, group: Group = None, limit: Limit = 50, as_json: Json = False) -> None:
    """List dead letters by error, the error of the newest one first."""
    found = list(Client().pages("/dead-letters", limit, job_id=job, fingerprint=group))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            each["fingerprint"],
            each["count"],
            ", ".join(each["jobs"]),
            instant(each["last_at"]),
            each["latest_run_id"],
            _message(each),
        )
        for each in found
    ]
    table(("group", "letters", "jobs", "last", "newest run", "error"), rows, _("no dead letters"))


def _message(group: dict[str, Any]) -> str:
    error = cast("dict[str, Any]", group["error"] or {})
    return str(error.get("message", error.get("code", "")))[:120]


@app.command()
def redrive(
    runs: Runs = None,
    *,
    group: Group = None,
    job: Job = None,
    job_type: JobType = None,
    everything: All = False,
    rate: Rate = None,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Run dead letters again, oldest first; --rate limits how many start per second."""
    chosen = _choice(runs, group, job, job_type, everything=everything)
    extra = {} if rate is None else {"rate_per_sec": rate}
    _decide("redrive", {**chosen, **extra}, dry_run=dry_run, yes=yes, as_json=as_json)


@app.command()
def discard(
    runs: Runs = None,
    *,
    group: Group = None,
    job: Job = None,
    job_type: JobType = None,
    everything: All = False,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Discard dead letters; their runs stay in history."""
    chosen = _choice(runs, group, job, job_type, everything=everything)
    _decide("discard", chosen, dry_run=dry_run, yes=yes, as_json=as_json)


def _choice(
    runs: list[str] | None, group: str | None, job: str | None, job_type: str | None, *, everything: bool
) -> dict[str, Any]:
    fits = {name: value for name, value in (("job_id", job), ("type", job_type)) if value}
    chosen: dict[str, Any] = {"run_ids": runs, "fingerprint": group, "filter": fits}
    given = {name: value for name, value in chosen.items() if value}
    if everything and not given:
        return {"filter": {}}
    if len(given) != 1 or everything:
        raise UsageError(_("Choose runs, or --group, or --job and --type, or --all: one of them."))
    return given


def _decide(how: str, body: dict[str, Any], *, dry_run: bool, yes: bool, as_json: bool) -> None:
    client = Client()
    path = f"/dead-letters/{how}"
    if dry_run or not yes:
        would = client.post(path, {**body, "dry_run": True})
        if dry_run:
            print_json(would) if as_json else say(
                _("{how}: {count} dead letters", how=how, count=would["count"])
            )
            return
        if not would["count"]:
            raise CliError(_("No dead letter fits."))
        if not confirm(_("{how} {count} dead letters?", how=how, count=would["count"])):
            raise typer.Exit(1)
    _show_outcome(client.post(path, body), as_json=as_json)


def _show_outcome(done: dict[str, Any], *, as_json: bool) -> None:
    if as_json:
        print_json(done)
    else:
        word = "redriven" if "redriven" in done else "discarded"
        due = (
            _(", the last due {instant}", instant=instant(done["last_due_at"]))
            if done.get("last_due_at")
            else ""
        )
        say(f"{done[word]} {word}{due}")
        for each in done["failed"]:
            warn(f"{each['run_id']}: {each['code']}")
    if done["failed"]:
        raise typer.Exit(1)

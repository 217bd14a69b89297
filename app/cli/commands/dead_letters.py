"""`multi-job dead-letters`: failed runs that wait for a decision."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.options import Json, Limit, grouped
from app.cli.output import (
    CliError,
    Columns,
    UsageError,
    at,
    confirm,
    instant,
    printed_json,
    say,
    show,
    show_list,
    warn,
)
from app.core.i18n import _

dead_letters = typer.Typer(
    help="Failed runs that wait for a decision: list, redrive, discard.", no_args_is_help=False
)

Group = Annotated[str | None, typer.Option("--group", "-g", help="Only those with this error fingerprint.")]
Job = Annotated[str | None, typer.Option("--job", "-j", help="Only those of this job.")]
Rate = Annotated[float | None, typer.Option("--rate", help="Maximum per second.")]


@dataclass(frozen=True, slots=True)
class LetterChoice:
    """The dead letters that a command acts on, as its options select them."""

    runs: Annotated[
        list[str] | None, typer.Argument(help="Run ids; or choose by --group, --job, --type, --all.")
    ] = None
    group: Group = None
    job: Job = None
    job_type: Annotated[str | None, typer.Option("--type", help="Only those of this job type.")] = None
    everything: Annotated[bool, typer.Option("--all", help="All of them.")] = False

    def body(self) -> dict[str, Any]:
        """Return the API's choice; UsageError unless exactly one way to choose is given."""
        fits = {name: value for name, value in (("job_id", self.job), ("type", self.job_type)) if value}
        chosen: dict[str, Any] = {"run_ids": self.runs, "fingerprint": self.group, "filter": fits}
        given = {name: value for name, value in chosen.items() if value}
        if self.everything and not given:
            return {"filter": {}}
        if len(given) != 1 or self.everything:
            raise UsageError(_("Choose runs, or --group, or --job and --type, or --all: one of them."))
        return given


@dataclass(frozen=True, slots=True)
class Consent:
    """Options of a command that asks before it changes many records."""

    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count them, and change nothing.")] = False
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")] = False


@dead_letters.callback(invoke_without_command=True)
def _listed(context: typer.Context, *, _json: Json = False) -> None:
    if context.invoked_subcommand is None:
        list_groups(limit=50)


@dead_letters.command("list")
def list_groups(*, job: Job = None, group: Group = None, limit: Limit = 50, _json: Json = False) -> None:
    """List dead letters by error, the error of the newest one first."""
    found = list(Client().pages("/dead-letters", limit, job_id=job, fingerprint=group))
    columns: Columns = {"group": "fingerprint", "letters": "count", "jobs": _jobs, "last": at("last_at")}
    more: Columns = {"newest run": "latest_run_id", "error": _message}
    show_list(found, {**columns, **more}, _("no dead letters"))


def _jobs(group: dict[str, Any]) -> str:
    return ", ".join(group["jobs"])


def _message(group: dict[str, Any]) -> str:
    error = cast("dict[str, Any]", group["error"] or {})
    return str(error.get("message", error.get("code", "")))[:120]


@dead_letters.command()
@grouped
def redrive(choice: LetterChoice, *, rate: Rate = None, consent: Consent, _json: Json = False) -> None:
    """Run dead letters again, oldest first; --rate limits how many start per second."""
    extra = {} if rate is None else {"rate_per_sec": rate}
    _decide("redrive", {**choice.body(), **extra}, consent)


@dead_letters.command()
@grouped
def discard(choice: LetterChoice, consent: Consent, *, _json: Json = False) -> None:
    """Discard dead letters; their runs stay in history."""
    _decide("discard", choice.body(), consent)


def _decide(how: str, body: dict[str, Any], consent: Consent) -> None:
    client = Client()
    path = f"/dead-letters/{how}"
    if consent.dry_run or not consent.yes:
        would = client.post(path, {**body, "dry_run": True})
        if consent.dry_run:
            show(would, _("{how}: {count} dead letters", how=how, count=would["count"]))
            return
        if not would["count"]:
            raise CliError(_("No dead letter fits."))
        if not confirm(_("{how} {count} dead letters?", how=how, count=would["count"])):
            raise typer.Exit(1)
    _show_outcome(client.post(path, body))


def _show_outcome(done: dict[str, Any]) -> None:
    if not printed_json(done):
        due = (
            _(", the last due {instant}", instant=instant(done["last_due_at"]))
            if done.get("last_due_at")
            else ""
        )
        if "redriven" in done:
            say(_("{count} redriven", count=done["redriven"]), due)
        else:
            say(_("{count} discarded", count=done["discarded"]), due)
        for each in done["failed"]:
            warn(f"{each['run_id']}: {each['code']}")
    if done["failed"]:
        raise typer.Exit(1)

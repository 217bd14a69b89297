"""`multi-job export`, `exports`, `reports`: downloads and prints files that jobs publish."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from app.cli.client import Client
from app.cli.commands.jobs import watch
from app.cli.download import check_free, fetch_export
from app.cli.options import Json, Limit, as_json
from app.cli.output import CliError, Columns, UsageError, at, print_json, say, show, show_list
from app.cli.passphrase import PassphraseFile, new_passphrase
from app.core.i18n import _, concat, number

JOB_ID = "export-by-hand"
_SPEC: dict[str, Any] = {
    "job_id": JOB_ID,
    "type": "backup.export",
    "description": "What `multi-job export` runs.",
    # More than one, because two people may download theirs at the same time.
    "inputs": {"keep": 3},
}
_NEWEST = 100

exports = typer.Typer(no_args_is_help=True, help="Exports made by jobs: list, download.")
reports = typer.Typer(no_args_is_help=True, help="Reports published by jobs: list, show.")

Out = Annotated[Path | None, typer.Option("--out", "-o", help="File or folder; by default this folder.")]
Force = Annotated[bool, typer.Option("--force", "-f", help="Replace an existing file.")]
Secrets = Annotated[
    bool, typer.Option("--secrets", help="Include the accounts' secrets, sealed with SECRET_KEY.")
]
Full = Annotated[
    bool,
    typer.Option("--full", help="Everything, also secrets, API keys and the audit log, under a passphrase."),
]
NoLogs = Annotated[bool, typer.Option("--no-logs", help="Without the logs of runs.")]
OfJob = Annotated[str | None, typer.Option("--job", "-j", help="Only those of this job.")]
Id = Annotated[str, typer.Argument(help="The id in the list.")]


AsForm = Annotated[Literal["md", "html", "json"], typer.Option("--format", help="The format.")]
_MEDIA_TYPES = {"md": "text/markdown", "html": "text/html", "json": "application/json"}


def export(
    *,
    out: Out = None,
    secrets: Secrets = False,
    full: Full = False,
    passphrase_file: PassphraseFile = None,
    no_logs: NoLogs = False,
    force: Force = False,
    _json: Json = False,
) -> None:
    """Make a backup now and download it: every spec, version, account and run, for `restore`.

    The job `export-by-hand` makes it; the first call creates that job, which keeps its three newest exports.
    With --full everything is in the file, also secrets and API keys, sealed under a passphrase. It is read
    from Redis directly, on the deployment's own machine, and needs no API.
    """
    if full:
        from app.cli.full_export import export_full  # noqa: PLC0415  it loads the client of Redis

        export_full(out, lambda: new_passphrase(passphrase_file), logs=not no_logs, force=force)
        return
    if passphrase_file is not None:
        raise UsageError(
            _("--passphrase-file belongs to --full: no other export is sealed under a passphrase.")
        )
    if out is not None:
        check_free(out, force=force)
    client = Client()
    if client.find(f"/jobs/{JOB_ID}") is None:
        client.post("/jobs", _SPEC)
    inputs = {"include_secrets": secrets, "include_logs": not no_logs, **_SPEC["inputs"]}
    accepted = client.post(f"/jobs/{JOB_ID}/run", {"inputs": inputs})
    run = watch(client, accepted["run_id"], "export")
    found = _filed_by(client, run)
    path = fetch_export(client, found, out, force=force)
    _print_export(found, path, run["result"]["output"]["counts"])


def _filed_by(client: Client, run: dict[str, Any]) -> dict[str, Any]:
    if run["status"] != "success":
        error = cast("dict[str, Any]", run["error"] or {})
        raise CliError(
            _(
                "{run_id} {status}: {message} `multi-job logs {run_id}` says more.",
                run_id=run["run_id"],
                status=run["status"],
                message=error.get("message", ""),
            )
        )
    listed = client.pages("/exports", _NEWEST, job_id=run["job_id"])
    found = next((each for each in listed if each["run_id"] == run["run_id"]), None)
    if found is None:
        raise CliError(_("The export has been removed already: newer ones took its place."))
    return cast("dict[str, Any]", found)


def _print_export(found: dict[str, Any], path: Path, counts: dict[str, int] | None = None) -> None:
    counted = {} if counts is None else {"counts": counts}
    contents = [concat(", ", number(count), f" {kind}") for kind, count in (counts or {}).items() if count]
    size = _("{path}: {bytes:,} bytes", path=path, bytes=found["bytes"])
    show({"file": str(path), **found, **counted}, concat(size, *contents))


@exports.command(name="list")
def list_exports(*, job: OfJob = None, limit: Limit = 20, _json: Json = False) -> None:
    """List exports, newest first."""
    _list("/exports", job, limit, _("no exports: multi-job export"))


@exports.command()
def get(export_id: Id, *, out: Out = None, force: Force = False, _json: Json = False) -> None:
    """Download an export and check its SHA-256."""
    client = Client()
    found = next((each for each in client.pages("/exports", 10_000) if each["id"] == export_id), None)
    if found is None:
        raise CliError(_("There is no export {export_id!r}: `multi-job exports list`.", export_id=export_id))
    _print_export(found, fetch_export(client, found, out, force=force))


@reports.command(name="list")
def list_reports(*, job: OfJob = None, limit: Limit = 20, _json: Json = False) -> None:
    """List reports, newest first."""
    _list("/reports", job, limit, _("no reports"))


@reports.command(name="show")
def print_report(report_id: Id, *, form: AsForm = "md", _json: Json = False) -> None:
    """Print a report."""
    wanted = "json" if as_json.get() else form
    with Client().stream(f"/reports/{report_id}", {"Accept": _MEDIA_TYPES[wanted]}) as answer:
        answer.read()
    print_json(answer.json()) if wanted == "json" else say(answer.text.rstrip("\n"))


def _list(path: str, job: str | None, limit: int, empty: str) -> None:
    found = list(Client().pages(path, limit, job_id=job))
    columns: Columns = {"id": "id", "job": "job_id", "made": at("created_at")}
    # The files of the others are in reach of every API.
    only_on: Columns = {"only on": lambda each: each["host"] if each.get("place") == "host" else ""}
    show_list(found, {**columns, "bytes": lambda each: number(each["bytes"]), **only_on}, empty)

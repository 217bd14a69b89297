"""`multi-job restore`: restores an export in Redis, because the deployment is down."""

from __future__ import annotations

import sys
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import Progress, TaskID

from app.backup.reader import ExportFile
from app.backup.report import RestoreOutcome, RestoreReport
from app.backup.restore import OnProgress, Phase, Restore, RestoreOptions, no_progress
from app.backup.sealed_archive import opened_source
from app.cli.direct import Deployment, audited, run_direct
from app.cli.options import Json, as_json, in_zone
from app.cli.output import CliError, Heads, UsageError, err, printed_json, say, table, warn
from app.cli.passphrase import PassphraseFile, known_passphrase
from app.cli.reshard import reshard
from app.cli.restore_drill import verify as run_drill
from app.core.clock import from_ms
from app.core.errors import MultiJobError
from app.core.files.exports import KINDS
from app.core.i18n import _, concat, number
from app.core.process import load_trusted_settings

if TYPE_CHECKING:
    from app.backup.reader import ArchiveSource
    from app.core.fields import Change

__all__ = ["reshard", "restore"]

_PHASES: dict[Phase, str] = {
    "verify": _("looking at the file"),
    "compare": _("comparing"),
    "write": _("writing"),
    "arm": _("setting next fires"),
}


ExportPath = Annotated[Path, typer.Argument(help="The file's path, or its name in the run's output.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show the changes without making them.")]
Pause = Annotated[bool, typer.Option("--pause", help="Pause a living scheduler during the restore.")]
Verify = Annotated[
    bool,
    typer.Option("--verify", help="A restore drill: restore into a temporary Redis, compare, report."),
]
Overwrite = Annotated[
    bool,
    typer.Option(
        "--overwrite", help="If other records are stored, replace those in the file and keep the rest."
    ),
]


def restore(
    file: ExportPath,
    *,
    dry_run: DryRun = False,
    pause: Pause = False,
    overwrite: Overwrite = False,
    verify: Verify = False,
    passphrase_file: PassphraseFile = None,
    _json: Json = False,
) -> None:
    """Restore an export: validate the file, compare, then write. If interrupted, run it again.

    A full backup needs its passphrase. --verify restores the file into a temporary Redis of its own, compares
    everything with the file, and reports; the deployment is not touched.
    """
    options = RestoreOptions(dry_run=dry_run, pause=pause, overwrite=overwrite)
    if verify and options != RestoreOptions():
        raise UsageError(_("--verify changes nothing here: leave out --dry-run, --pause and --overwrite."))
    with _opened(file) as raw, _unsealed(raw, passphrase_file) as opened, _watching() as watch:
        if verify:
            run_drill(opened, watch)
            return

        async def work(deployment: Deployment) -> RestoreReport:
            report = await Restore(
                deployment.link, deployment.scripts, deployment.clock, deployment.settings, watch
            ).run(ExportFile(opened), options)
            if not (dry_run or report.refused):
                await audited(deployment, "restore", f"export:{file.name}", _changes(report))
            return report

        report = run_direct(work)
    _show(report, options)
    total = report.tally.total
    if report.refused or total(RestoreOutcome.ERROR) or total(RestoreOutcome.LIMIT):
        raise typer.Exit(1)


def _changes(report: RestoreReport) -> list[Change]:
    """Return the audit's summary of a restore: created and replaced records of each kind."""
    counts = {kind: report.tally.of(kind) for kind in KINDS}
    made = {
        kind: found[RestoreOutcome.CREATED] + found[RestoreOutcome.REPLACED] for kind, found in counts.items()
    }
    return [{"path": f"/{kind}", "from": None, "to": count} for kind, count in made.items() if count]


def _opened(path: Path) -> IO[bytes]:
    # A run's output has the file's path relative to FILES_ROOT.
    places = (
        [path] if path.exists() or path.is_absolute() else [path, load_trusted_settings().files_dir / path]
    )
    try:
        return places[-1].open("rb")
    except OSError as error:
        tried = ", ".join(map(str, places))
        raise CliError(_("{tried}: {strerror}.", tried=tried, strerror=error.strerror)) from error


@contextmanager
def _unsealed(file: IO[bytes], passphrase_file: str | None) -> Generator[ArchiveSource]:
    """Yield the content of a file, opened with its passphrase if it is sealed."""
    try:
        yield opened_source(file, lambda: known_passphrase(passphrase_file))
    except MultiJobError as error:
        raise CliError(error.message) from error


@contextmanager
def _watching() -> Generator[OnProgress]:
    if as_json.get() or not sys.stderr.isatty():
        yield no_progress
        return
    with Progress(console=err, transient=True) as bars:
        tasks: dict[Phase, TaskID] = {}

        def watch(phase: Phase, done: int, of: int | None) -> None:
            if phase not in tasks:
                tasks[phase] = bars.add_task(_PHASES[phase], total=of)
            bars.update(tasks[phase], completed=done)

        yield watch


def _show(report: RestoreReport, options: RestoreOptions) -> None:
    if printed_json(_as_json(report, options)):
        return
    made_at = in_zone(from_ms(report.header.created_at).isoformat())
    say(f"{report.header.deployment}, {made_at} ({report.header.made_by})")
    kinds = (kind for kind in report.header.kinds if kind != "secret_key")
    table(_HEADS, [_row(report, kind) for kind in kinds])
    if not options.dry_run:
        say(_("{armed:,} next fires set", armed=report.armed))
    for line in _remarks(report):
        warn(line)


_HEADS: Heads = ("", "in file", "created", "identical", "kept", "replaced", "different", "over")
_COLUMNS = (
    RestoreOutcome.CREATED,
    RestoreOutcome.SAME,
    RestoreOutcome.KEPT,
    RestoreOutcome.REPLACED,
    RestoreOutcome.DIFFERENT,
    RestoreOutcome.OVER,
)


def _row(report: RestoreReport, kind: Any) -> tuple[str, ...]:
    counts = report.tally.of(kind)
    return (kind, number(sum(counts.values())), *(number(counts[word]) for word in _COLUMNS))


def _remarks(report: RestoreReport) -> list[str]:
    notes, damaged = report.notes, report.tally.total(RestoreOutcome.ERROR)
    keys = ", ".join(notes.other_keys)
    bare, silent = ", ".join(notes.without_secrets), ", ".join(notes.never_firing)
    literal = ", ".join(notes.literal_credentials)
    remarks = {
        _("{cancelled:,} runs had not ended: cancelled (restored).", cancelled=notes.cancelled): (
            notes.cancelled
        ),
        _(
            "{messages_unknown:,} messages were on their way: unknown now.",
            messages_unknown=notes.messages_unknown,
        ): (notes.messages_unknown),
        _("Accounts without secrets, `multi-job connect` mends them: {bare}.", bare=bare): bare,
        _(
            "Secrets in the file are sealed by key {keys}: set SECRET_KEY_PREVIOUS to it, restore "
            "again with --overwrite.",
            keys=keys,
        ): keys,
        _("Jobs whose schedule cannot be computed here: {silent}.", silent=silent): silent,
        _(
            "Jobs with a credential in their spec; `multi-job secrets set NAME --host HOST`, then "
            "write `secret:NAME` into it: {literal}.",
            literal=literal,
        ): literal,
        _(
            "Secrets and API keys that no key in the file opens; they are restored as they were: {names}.",
            names=", ".join(notes.unreadable),
        ): notes.unreadable,
        _(
            "Settings that the machine of the backup had, and this one has not: {names}.",
            names=", ".join(notes.missing_settings),
        ): notes.missing_settings,
        _("{damaged:,} records met damaged ones and were left out.", damaged=damaged): damaged,
        concat(_("It would be refused."), " ", report.refused or ""): report.refused,
    }
    return [text for text, holds in remarks.items() if holds]


def _as_json(report: RestoreReport, options: RestoreOptions) -> dict[str, Any]:
    return {
        "dry_run": options.dry_run,
        "deployment": report.header.deployment,
        "made_by": report.header.made_by,
        "created_at": from_ms(report.header.created_at).isoformat(),
        "kinds": {
            kind: {word.lower(): count for word, count in report.tally.of(kind).items()}
            for kind in report.header.kinds
            if kind != "secret_key"
        },
        "others": report.others,
        "cancelled": report.notes.cancelled,
        "messages_unknown": report.notes.messages_unknown,
        "accounts_without_secrets": report.notes.without_secrets,
        "needed_keys": report.notes.other_keys,
        "never_firing": report.notes.never_firing,
        "literal_credentials": report.notes.literal_credentials,
        "unreadable": report.notes.unreadable,
        "missing_settings": report.notes.missing_settings,
        "armed": report.armed,
        "refused": report.refused,
    }

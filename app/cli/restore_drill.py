"""`multi-job restore --verify`: a restore drill on a Redis of its own."""

from __future__ import annotations

import asyncio
import tempfile
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from app.backup.drill import Drill, drill_settings
from app.backup.reader import ExportFile
from app.cli.options import in_zone
from app.cli.output import CliError, Heads, fail, printed_json, say, table, warn
from app.core.clock import SystemClock, from_ms
from app.core.errors import MultiJobError
from app.core.i18n import _, number
from app.core.process import load_settings
from app.core.secret_keys import available_keys
from app.local.drill.server import temporary_redis
from app.local.redis_server import EmbeddedRedisError

if TYPE_CHECKING:
    from app.backup.drill import DrillReport
    from app.backup.reader import ArchiveSource
    from app.backup.restore import OnProgress

_HEADS: Heads = ("", "in file", "identical", "over", "different", "missing", "extra")


def verify(source: ArchiveSource, on_progress: OnProgress) -> None:
    """Restore a file into a temporary Redis, compare everything, print the report; exit 1 on a difference."""
    report = _drilled(source, on_progress)
    if not printed_json(report.as_json()):
        _show(report)
    if not report.is_good:
        raise typer.Exit(1)


def _drilled(source: ArchiveSource, on_progress: OnProgress) -> DrillReport:
    live = load_settings()
    keys = [key.secret for key in available_keys(live)]
    with tempfile.TemporaryDirectory(prefix="multi-job-drill-") as folder:
        try:
            with temporary_redis(Path(folder)) as url:
                settings = partial(drill_settings, live, redis_url=url, home=Path(folder))
                drill = Drill(settings, SystemClock(), keys, on_progress)
                return asyncio.run(drill.run(ExportFile(source)))
        except EmbeddedRedisError as error:
            raise CliError(_("The drill needs a Redis server: {error}", error=error)) from error
        except MultiJobError as error:
            raise CliError(error.message) from error


def _show(report: DrillReport) -> None:
    made_at = in_zone(from_ms(report.header.created_at).isoformat())
    say(f"{report.header.deployment}, {made_at} ({report.header.made_by})")
    rows = [
        (
            kind,
            *map(number, (each.in_file, each.identical, each.over, each.different, each.missing, each.extra)),
        )
        for kind, each in report.sections.items()
    ]
    table(_HEADS, rows)
    say(
        _(
            "{opened:,} secrets opened, {keys:,} API keys valid, {entries:,} audit entries verified",
            opened=report.opened,
            keys=report.keys_valid,
            entries=report.audit_entries,
        )
    )
    if report.keys_not_valid:
        names = ", ".join(report.keys_not_valid)
        warn(_("API keys that the deployment had refused already: {names}.", names=names))
    for problem in report.problems():
        fail(problem)
    if report.is_good:
        say((_("The restore drill succeeded: everything came back as it was."), "green"))
    else:
        fail(_("The restore drill failed."))

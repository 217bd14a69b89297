"""The `multi-job` command: which word does what."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from app import __version__
from app.cli import (
    dead_letter_commands,
    export_commands,
    key_commands,
    message_commands,
    notify_commands,
    secret_commands,
    session_commands,
)
from app.cli.apply_command import apply
from app.cli.audit_command import audit
from app.cli.connect_commands import connect
from app.cli.doctor_command import doctor
from app.cli.event_command import events
from app.cli.export_commands import export
from app.cli.job_commands import delete, disable, enable, jobs, run
from app.cli.output import CliError, fail, say
from app.cli.pause_commands import pause, resume
from app.cli.plan_commands import plan
from app.cli.platform_commands import down, status, up
from app.cli.restore_command import restore
from app.cli.run_commands import cancel, logs, rerun, runs
from app.cli.stats_command import stats
from app.cli.version_commands import preview, rollback, versions
from app.cli.why_command import why
from app.local.output import LocalError

app = typer.Typer(
    name="multi-job",
    help="One sentence becomes jobs that run on time, once, observably.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_COMMANDS = (
    *(up, down, status, doctor),
    *(plan, apply, preview, jobs, run, enable, disable, delete, pause, resume, versions, rollback),
    *(why, runs, logs, cancel, rerun, events, stats),
    *(connect, export, restore, audit),
)
for command in _COMMANDS:
    app.command()(command)
app.add_typer(dead_letter_commands.app, name="dead-letters")
app.add_typer(export_commands.exports, name="exports")
app.add_typer(export_commands.reports, name="reports")
app.add_typer(key_commands.app, name="keys")
app.add_typer(message_commands.app, name="messages")
app.add_typer(notify_commands.app, name="notify")
app.add_typer(secret_commands.app, name="secrets")
app.add_typer(session_commands.app, name="sessions")


def _show_version(wanted: bool) -> None:
    if wanted:
        say(__version__)
        raise typer.Exit


@app.callback()
def options(
    *,
    _version: Annotated[
        bool, typer.Option("--version", help="Show the version.", callback=_show_version, is_eager=True)
    ] = False,
) -> None:
    """One sentence becomes jobs that run on time, once, observably."""


def main() -> None:
    """Run a command; what goes wrong is a line on stderr, never a traceback.

    Exit codes: 0 done, 1 failed or refused, 2 wrong usage or nobody answers, 130 interrupted.
    """
    try:
        app()
    except CliError as error:
        _fail(error, error.exit_code)
    except LocalError as error:
        _fail(error, 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(error: Exception, exit_code: int) -> NoReturn:
    fail(str(error))
    sys.exit(exit_code)

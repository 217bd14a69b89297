"""The `multi-job` command: registers all subcommands."""

from __future__ import annotations

import sys
from typing import Annotated, NoReturn

import typer

from app import __version__
from app.cli.commands import dead_letters, keys, messaging, notify, secrets, sessions
from app.cli.commands.activity import audit, events
from app.cli.commands.apply import apply
from app.cli.commands.doctor import doctor
from app.cli.commands.export import export, exports, reports
from app.cli.commands.jobs import delete, disable, enable, jobs, pause, resume, run
from app.cli.commands.messaging import connect
from app.cli.commands.plan import plan
from app.cli.commands.platform import down, stats, status, up
from app.cli.commands.restore import restore
from app.cli.commands.runs import cancel, logs, rerun, runs
from app.cli.commands.versions import preview, rollback, versions, why
from app.cli.options import Lang
from app.cli.output import CliError, fail, say
from app.core.i18n import reader_language, terminal_language
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
app.add_typer(dead_letters.app, name="dead-letters")
app.add_typer(exports, name="exports")
app.add_typer(reports, name="reports")
app.add_typer(keys.app, name="keys")
app.add_typer(messaging.app, name="messages")
app.add_typer(notify.app, name="notify")
app.add_typer(secrets.app, name="secrets")
app.add_typer(sessions.app, name="sessions")


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
    lang: Lang = None,
) -> None:
    """One sentence becomes jobs that run on time, once, observably."""
    reader_language.set(lang or terminal_language())


def main() -> None:
    """Run a command; an error is a line on stderr, never a traceback.

    Exit codes: 0 done, 1 failed or refused, 2 wrong usage or no answer, 130 interrupted.
    """
    try:
        app()
    except CliError as error:
        _fail(error.message, error.exit_code)
    except LocalError as error:
        _fail(error.message, 1)
    except KeyboardInterrupt:
        sys.exit(130)


def _fail(message: str, exit_code: int) -> NoReturn:
    fail(message)
    sys.exit(exit_code)

"""The `multi-job` command: finds its subcommands."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from app import __version__
from app.cli.options import Lang
from app.cli.output import CliError, fail, say
from app.cli.usage import print_help, speak_to_reader, usage_errors
from app.core.errors import MultiJobError
from app.core.i18n import concat, reader_language, terminal_language
from app.local.output import LocalError, file_problem

# The commands in the order of the help, each with its module in `app.cli.commands`.
_MODULES = {
    **dict.fromkeys(("up", "down", "restart", "dev", "status"), "platform"),
    "new": "new",
    "service": "service",
    "upgrade": "upgrade",
    "doctor": "doctor",
    **dict.fromkeys(("login", "logout"), "access"),
    "join": "platform",
    "plan": "plan",
    "apply": "apply",
    "preview": "versions",
    **dict.fromkeys(("jobs", "run", "enable", "disable", "edit", "delete", "pause", "resume"), "jobs"),
    **dict.fromkeys(("versions", "rollback", "why"), "versions"),
    **dict.fromkeys(("runs", "logs", "cancel", "rerun"), "runs"),
    "monitors": "monitors",
    "queues": "queues",
    "events": "activity",
    "stats": "platform",
    "connect": "messaging",
    **dict.fromkeys(("contacts", "chat-users"), "contacts"),
    "calendars": "calendars",
    "status-page": "status_pages",
    "export": "export",
    "restore": "restore",
    "reshard": "restore",
    "audit": "activity",
    "dead-letters": "dead_letters",
    "exports": "export",
    "incidents": "incidents",
    "reports": "export",
    "keys": "access",
    **dict.fromkeys(("open", "key"), "access"),
    "mcp": "mcp",
    "messages": "messaging",
    "notify": "messaging",
    "rules": "alerting",
    "maintenance": "alerting",
    "secrets": "secrets",
    "sessions": "access",
}


class _Commands(Mapping[str, Any]):
    """Loads a command's module at its first use: most commands need no Redis client."""

    def __init__(self) -> None:
        self._loaded: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._loaded:
            module = importlib.import_module(f"app.cli.commands.{_MODULES[name]}")
            found, holder = getattr(module, name.replace("-", "_")), typer.Typer()
            if isinstance(found, typer.Typer):
                holder.add_typer(found, name=name)
            else:
                holder.command(name)(found)
            loaded = typer.main.get_group(holder).commands
            for command in loaded.values():
                speak_to_reader(command)
            self._loaded |= loaded
        return self._loaded[name]

    def __iter__(self) -> Iterator[str]:
        return iter(_MODULES)

    def __len__(self) -> int:
        return len(_MODULES)


class _Group(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        attributes["commands"] = _Commands()
        super().__init__(**attributes)

    def format_help(self, ctx: Any, formatter: Any) -> None:
        """Print the help in the reader's language."""
        print_help(super().format_help, self, ctx, formatter)

    def make_context(self, *names: Any, **values: Any) -> Any:
        """Read the options before the command."""
        with usage_errors():
            return super().make_context(*names, **values)

    def invoke(self, ctx: Any) -> Any:
        """Run the command."""
        with usage_errors():
            return super().invoke(ctx)


app = typer.Typer(
    name="multi-job",
    cls=_Group,
    help="One sentence becomes jobs that run on time, once, observably.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


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
    reader_language.set(terminal_language())
    try:
        # A checkout starts `python -m app.cli`; usage and completion name the command that people type.
        app(prog_name="multi-job")
    except (CliError, LocalError, MultiJobError) as error:
        fail(error.message)
        for line in error.details if isinstance(error, LocalError) else ():
            fail(concat("  ", line))
        sys.exit(error.exit_code if isinstance(error, CliError) else 1)
    except OSError as error:
        if (words := file_problem(error)) is None:
            raise
        fail(words)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)

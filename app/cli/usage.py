"""Help texts and usage errors of the command line in the reader's language; Typer makes them in English."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import partial, partialmethod
from typing import Any, Final

import typer

from app.core.i18n import _, for_reader, in_context, reader_language

_FRAMES: Final = {
    "ARGUMENTS_PANEL_TITLE": _("Arguments"),
    "OPTIONS_PANEL_TITLE": _("Options"),
    "COMMANDS_PANEL_TITLE": _("Commands"),
    "ERRORS_PANEL_TITLE": _("Error"),
    "ABORTED_TEXT": _("Aborted."),
    "DEFAULT_STRING": _("[default: {}]"),
    "REQUIRED_LONG_STRING": _("[required]"),
    "RICH_HELP": _("Try [blue]'{command_path} {help_option}'[/] for help."),
}
"""The constants of `typer.rich_utils` that people read."""

_ERRORS: Final = (
    _("Invalid value: {message}"),
    _("Invalid value for {option}: {message}"),
    _("Missing argument {name}."),
    _("Missing option {name}."),
    _("Missing command."),
    _("No such option: {name}"),
    _("No such option: {name} (Possible options: {others})"),
    _("No such command {name}."),
    _("No such command {name}. Did you mean {other}?"),
    _("Got unexpected extra argument(s) ({words})"),
    _("Option {name} requires an argument."),
    _("Value {value} is not a valid {kind}."),
    _("{value} is not one of {choices}."),
    _("{value} is not in the range {limits}."),
    _("file {path} does not exist."),
    _("path {path} does not exist."),
    _("directory {path} does not exist."),
    _("Value error, {message}"),
    _("[Errno {number}] {reason}: {path}"),
    _("No such file or directory"),
    _("Permission denied"),
    _("Is a directory"),
)
"""The errors of Typer and of the system, which `for_reader` recognises."""


def family(command: Any) -> Iterator[Any]:
    """Yield a command and those below it."""
    yield command
    for each in getattr(command, "commands", {}).values():
        yield from family(each)


def help_texts(command: Any) -> Iterator[str]:
    """Yield the help of a command, of its options and of those below it, for the catalogue."""
    for each in family(command):
        options = each.get_params(each.context_class(each))
        yield from filter(None, (one.help for one in (each, *options)))


def speak_to_reader(command: Any) -> None:
    """Let a command, and those below it, print their help in the reader's language."""
    for each in family(command):
        each.format_help = partial(print_help, each.format_help, each)


def print_help(printed: Callable[[Any, Any], None], command: Any, context: Any, formatter: Any) -> None:
    """Call `printed`, which prints the help of a command, after its texts are in the reader's language."""
    _frame(context)
    below = getattr(command, "commands", {}).values()
    for each in (command, *command.get_params(context), *below):
        each.help = each.help and for_reader(in_context("help", each.help))
    printed(context, formatter)


def _frame(context: Any | None) -> None:
    from typer import rich_utils  # noqa: PLC0415 - only help and errors need it

    for name, text in _FRAMES.items():
        setattr(rich_utils, name, for_reader(text))
    if context is None:
        return
    usage = partialmethod(context.formatter_class.write_usage, prefix=for_reader(_("Usage: ")))
    context.formatter_class = type("Formatter", (context.formatter_class,), {"write_usage": usage})


@contextmanager
def usage_errors() -> Generator[None]:
    """Raise Typer's errors in the reader's language."""
    try:
        yield
    except typer.TyperException as error:
        _frame(getattr(error, "ctx", None))
        if reader_language.get() != "en":
            shown = for_reader(error.format_message())
            vars(error)["format_message"] = lambda: shown
        raise
    except typer.Abort:
        _frame(None)
        raise

"""Help texts and usage errors of the command line in the reader's language; Typer makes them in English."""

from __future__ import annotations

import re
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from functools import cache, partial, partialmethod
from string import Formatter
from typing import Any, Final

import typer

from app.core.i18n import Message, _, for_reader, in_context, reader_language

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
    _("Input should be greater than or equal to {limit}"),
    _("Input should be greater than {limit}"),
    _("Input should be less than or equal to {limit}"),
    _("Input should be less than {limit}"),
    _("Input should be a valid integer, unable to parse string as an integer"),
    _("Input should be a valid number, unable to parse string as a number"),
    _("[Errno {number}] {reason}: {path}"),
    _("No such file or directory"),
    _("Permission denied"),
    _("Is a directory"),
)
"""The errors of Typer, of pydantic and of the system, which are no messages."""


def typer_message(text: str) -> str:
    """Return an error of Typer as a message, if it is one that is translated; else the text."""
    for form in _ERRORS:
        found = _pattern(form).fullmatch(text)
        if found is not None:
            return form.fill(**{name: typer_message(value) for name, value in found.groupdict().items()})
    return text


@cache
def _pattern(form: str) -> re.Pattern[str]:
    parts = [
        re.escape(literal) + (f"(?P<{name}>.*?)" if name else "")
        for literal, name, *_form in Formatter().parse(form)
    ]
    return re.compile("".join(parts), re.DOTALL)


_REASON: Final = "…"


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


def _shown(error: typer.TyperException) -> str:
    """Return the text of an error; its reason may be a message of ours."""
    text, reason = error.format_message(), error.message
    if isinstance(reason, Message) and text.endswith(reason):
        head = typer_message(text.removesuffix(reason) + _REASON)
        if isinstance(head, Message) and head.fields.get("message") == _REASON:
            return Message(head.id, head.id, {}).fill(**{**head.fields, "message": reason})
        return reason if text == reason else text
    return typer_message(text)


@contextmanager
def usage_errors() -> Generator[None]:
    """Raise Typer's errors in the reader's language."""
    try:
        yield
    except typer.TyperException as error:
        _frame(getattr(error, "ctx", None))
        if reader_language.get() != "en":
            shown = for_reader(_shown(error))
            vars(error)["format_message"] = lambda: shown
        raise
    except typer.Abort:
        _frame(None)
        raise

"""The printer of the command line: tables, `--json`, errors on stderr.

Control characters are printed in escaped form, so that a name or a message cannot clear the screen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.options import as_json, in_zone
from app.core.i18n import Message, for_reader, in_context
from app.core.text import visible, visible_json

# In a pipe or a file, lines are not cut.
_WIDE = 400
out = Console(highlight=False, soft_wrap=True, width=None if sys.stdout.isatty() else _WIDE)
err = Console(stderr=True, highlight=False, soft_wrap=True)

STYLES = {
    **dict.fromkeys(("success", "ok", "up", "delivered", "created"), "green"),
    **dict.fromkeys(("failed", "down", "error", "unknown", "missing"), "red"),
    **dict.fromkeys(("retrying", "warn", "degraded", "updated", "not_configured", "late"), "yellow"),
    **dict.fromkeys(("running", "queued", "sending"), "cyan"),
}


class CliError(Exception):
    """A message for the person at the terminal; the command exits with `exit_code`."""

    exit_code = 1

    def __init__(
        self,
        message: str,
        status: int | None = None,
        problems: Sequence[dict[str, Any]] = (),
        code: str = "",
    ) -> None:
        super().__init__(message)
        self.message = message
        self.status = status
        """The HTTP status if the API refused."""
        self.code = code
        """The problem's stable code."""
        self.problems = list(problems) or [{"pointer": "", "message": message, "code": code}]
        """The refused fields, `{pointer, message, code}` each; the message if none was named."""


class UsageError(CliError):
    """Options that exclude each other."""

    exit_code = 2


class UnreachableError(CliError):
    """The API or Redis does not answer."""

    exit_code = 2


Part = str | tuple[str, str]
"""A part of a line: a text, or a text with its style."""


def say(*parts: Part) -> None:
    """Print a line, of one text or of several parts."""
    out.print(_line(*parts))


def warn(text: str) -> None:
    """Print a line on stderr."""
    err.print(_line(("! ", "yellow"), (text, "yellow")))


def fail(text: str) -> None:
    """Print an error on stderr."""
    err.print(_line((text, "red")))


def print_json(value: Any) -> None:
    """Print a value as one JSON document."""
    out.print(_line(visible_json(json.dumps(value, indent=2, ensure_ascii=False))))


def printed_json(value: Any) -> bool:
    """Print a value as JSON if the command has --json; return whether it has."""
    if as_json.get():
        print_json(value)
    return as_json.get()


def show(value: Any, text: str) -> None:
    """Print a value as JSON with --json, else the text."""
    if not printed_json(value):
        say(text)


def print_json_line(document: str) -> None:
    """Print a JSON document of a stream as a line, at once, also into a pipe."""
    out.print(_line(visible_json(document)))
    out.file.flush()


def _line(*parts: Part) -> Text:
    styled = (part if isinstance(part, tuple) else (part, "") for part in parts)
    return Text.assemble(*((visible(for_reader(text)), style) for text, style in styled))


def confirm(question: str) -> bool:
    """Return whether the person at the terminal agrees; asked on stderr."""
    return typer.confirm(visible(for_reader(question)), err=True)


def ask(question: str, *, hidden: bool = False) -> str:
    """Return the typed answer; asked on stderr. `hidden` shows no input."""
    answer: str = typer.prompt(visible(for_reader(question)), hide_input=hidden, err=True)
    return answer


Heads = Sequence[str]
"""The English heads of a table; `tools.translations` finds them by this type."""


def table(heads: Heads, rows: Iterable[Sequence[Any]], empty: str = "") -> None:
    """Print rows below their headers, or the text for an empty list."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        shown = head if isinstance(head, Message) else in_context("column", head)
        made.add_column(for_reader(shown) if head else "", overflow="fold")
    for row in rows:
        made.add_row(*(_cell(value) for value in row))
    if made.row_count:
        out.print(made)
    else:
        say(empty)


Column = str | Callable[[Any], Any]
"""A column of a list: a field's name, or a function of the record."""
Columns = Mapping[str, Column]
"""The columns of a list by their English heads, which `tools.translations` finds by this type."""


def show_list(found: Sequence[Any], columns: Columns, empty: str = "") -> None:
    """Print records as JSON with --json, else as a table with these headers and columns."""
    if not printed_json(found):
        print_table(found, columns, empty)


def print_table(found: Sequence[Any], columns: Columns, empty: str = "") -> None:
    """Print records as a table with these headers and columns, or the text for an empty list."""
    rows = [
        [each[column] if isinstance(column, str) else column(each) for column in columns.values()]
        for each in found
    ]
    table([*columns], rows, empty)


def at(field: str) -> Column:
    """Return the column of an instant."""
    return lambda each: instant(each[field])


def instant(text: str | None) -> str:
    """Return an instant of the API in the deployment's zone, with the zone's name."""
    return in_zone(text) if text else "–"


def _cell(value: Any) -> Text:
    text = (
        "–"
        if value is None or value == ""
        else for_reader(value)
        if isinstance(value, Message)
        else str(value)
    )
    return Text(visible(text), style=STYLES.get(text, ""))

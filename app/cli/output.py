"""The printer of the command line: tables, `--json`, errors on stderr.

Control characters in what is printed are written out, so that a name or a message cannot clear the screen.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.options import in_zone
from app.core.i18n import Message, for_reader
from app.core.text import visible, visible_json

# Into a pipe or a file, lines are as long as they are.
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
    """A message for the person at the terminal; the command ends with `exit_code`."""

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
        """The HTTP status where the API refused."""
        self.code = code
        """The problem's stable code."""
        self.problems = list(problems) or [{"pointer": "", "message": message, "code": code}]
        """The fields that it refused, `{pointer, message, code}` each; the message where it named none."""


class UsageError(CliError):
    """Options that do not go together."""

    exit_code = 2


class UnreachableError(CliError):
    """Nobody answers where the API or Redis should be."""

    exit_code = 2


Part = str | tuple[str, str]
"""A piece of a line: a text, or a text with its style."""


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


def print_json_line(document: str) -> None:
    """Print a JSON document of a stream as a line, at once, also into a pipe."""
    out.print(_line(visible_json(document)))
    out.file.flush()


def _line(*parts: Part) -> Text:
    styled = (part if isinstance(part, tuple) else (part, "") for part in parts)
    return Text.assemble(*((visible(for_reader(text)), style) for text, style in styled))


def confirm(question: str) -> bool:
    """Return whether the person at the terminal says yes; asked on stderr."""
    return typer.confirm(visible(for_reader(question)), err=True)


def ask(question: str, *, hidden: bool = False) -> str:
    """Return what the person at the terminal types; asked on stderr. `hidden`: nothing of it is shown."""
    answer: str = typer.prompt(visible(for_reader(question)), hide_input=hidden, err=True)
    return answer


def table(heads: Sequence[str], rows: Iterable[Sequence[Any]], empty: str) -> None:
    """Print rows below their heads, or the text for an empty list."""
    made = Table(box=None, pad_edge=False, header_style="bold")
    for head in heads:
        made.add_column(head, overflow="fold")
    for row in rows:
        made.add_row(*(_cell(value) for value in row))
    if made.row_count:
        out.print(made)
    else:
        say(empty)


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

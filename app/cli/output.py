"""What the command line prints: tables for people, `--json` for programs, errors on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from app.cli.zone import in_zone

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


def say(text: str) -> None:
    """Print a line as it is."""
    out.print(Text(text))


def warn(text: str) -> None:
    """Print a line on stderr."""
    err.print(Text(f"! {text}", style="yellow"))


def print_json(value: Any) -> None:
    """Print a value as one JSON document."""
    out.print(Text(json.dumps(value, indent=2, ensure_ascii=False)))


def print_line(text: str) -> None:
    """Print a line of a stream at once, also into a pipe."""
    out.print(Text(text))
    out.file.flush()


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
    text = "–" if value is None or value == "" else str(value)
    return Text(text, style=STYLES.get(text, ""))

"""`multi-job stats`: the last minutes in figures."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.client import Client
from app.cli.options import Json
from app.cli.output import print_json, table
from app.cli.zone import in_zone

Minutes = Annotated[int, typer.Option("--minutes", "-m", min=1, max=1440, help="How many minutes.")]
_FIELDS = (
    *("started", "success", "failed", "cancelled"),
    *("wait_p50_ms", "wait_p95_ms", "duration_p50_ms", "duration_p95_ms"),
)
_HEADS = (*_FIELDS[:4], "wait p50 ms", "p95", "took p50 ms", "p95")


def stats(*, minutes: Minutes = 15, as_json: Json = False) -> None:
    """Show what started and ended in each of the last minutes, and how long it waited and took."""
    found = Client().get("/stats", minutes=minutes)
    if as_json:
        print_json(found)
        return
    rows = [_row(in_zone(each["at"], "%H:%M"), each) for each in found["minutes"]]
    minute = in_zone(found["minutes"][-1]["at"], "minute (%Z)")
    table((minute, *_HEADS), [*rows, _row("Σ", found["totals"])], "")


def _row(head: str, figures: dict[str, Any]) -> tuple[Any, ...]:
    return (head, *(figures[name] for name in _FIELDS))

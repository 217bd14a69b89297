"""`multi-job audit`: who changed what, and who was refused."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.client import Client
from app.cli.options import Json, Limit
from app.cli.output import instant, print_json, table

Who = Annotated[str | None, typer.Option("--actor", help="Only what this one did: a key's name, cli:<user>.")]
What = Annotated[
    str | None, typer.Option("--target", help="Only what was done to this: `job:a`; `job:` for all jobs.")
]
_SHOWN_CHANGES = 4


def audit(*, actor: Who = None, target: What = None, limit: Limit = 50, as_json: Json = False) -> None:
    """Show acts, newest first; runs by hand carry their actor in the run."""
    found = list(Client().pages("/audit", limit, actor=actor, target=target))
    if as_json:
        print_json(found)
        return
    rows = [
        (
            instant(each["at"]),
            each["actor"],
            each["action"],
            each["target"],
            each["outcome"],
            each["origin"],
            _changes(each["diff"]),
        )
        for each in found
    ]
    table(("at", "actor", "action", "target", "outcome", "from", "changes"), rows, "Belum ada / nothing yet")


def _changes(diff: list[dict[str, Any]]) -> str:
    shown = [f"{each['path'] or '/'}: {each['from']} → {each['to']}"[:80] for each in diff[:_SHOWN_CHANGES]]
    more = len(diff) - len(shown)
    return "; ".join([*shown, *([f"+{more}"] if more > 0 else [])])

"""`multi-job why`: what the next fire of a job is, and why the last ones did or did not run."""

from __future__ import annotations

import os
from enum import StrEnum
from typing import Annotated, Any, cast

import typer

from app.cli.client import Client
from app.cli.options import JobId, Json
from app.cli.output import print_json, say


class Lang(StrEnum):
    """The languages that the answer is there in."""

    ID = "id"
    EN = "en"


Language = Annotated[
    Lang | None, typer.Option("--lang", help="Indonesian or English; by default what LANG says.")
]
Ranges = Annotated[int, typer.Option("--limit", "-n", min=1, max=100, help="How many ranges at most.")]


def why(job_id: JobId, *, lang: Language = None, limit: Ranges = 20, as_json: Json = False) -> None:
    """Explain what the next fire is, and why the last expected ones did or did not run."""
    client = Client(language=(lang or language_of_terminal()).value)
    found = cast("dict[str, Any]", client.get(f"/jobs/{job_id}/why", limit=limit))
    if as_json:
        print_json(found)
        return
    _tell(job_id, found["next"])
    if found["run"]:
        _tell(found["run"]["run_id"], found["run"])
    for each in found["occurrences"]:
        _tell(each["outcome"], each)


def _tell(head: str, told: dict[str, Any]) -> None:
    say(f"{head}: {told['text']}")
    say(f"  → {told['next_step']}")


def language_of_terminal() -> Lang:
    """Return what the locale's variables say, in the order of POSIX; English unless it is Indonesian."""
    named = (os.environ.get(name) for name in ("LC_ALL", "LC_MESSAGES", "LANG"))
    return Lang.ID if next((name for name in named if name), "").lower().startswith("id") else Lang.EN

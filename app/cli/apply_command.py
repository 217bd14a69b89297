"""`multi-job apply`: spec files become jobs, and a dry run says what they would change."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli.apply_work import REFUSED, Applied, Applier
from app.cli.client import Client
from app.cli.options import Json
from app.cli.output import STYLES, Part, print_json, say
from app.cli.progress import progress
from app.cli.spec_files import read_files

Paths = Annotated[
    list[Path], typer.Argument(help="Files, or folders of files: .json, .yaml, .yml.", exists=True)
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change, and change nothing.")]
_MOST_CHARS = 200
_WORDS = {
    "created": "dibuat / created",
    "updated": "diubah / updated",
    "unchanged": "tetap / unchanged",
    REFUSED: "ditolak / refused",
}


def apply(paths: Paths, *, dry_run: DryRun = False, as_json: Json = False) -> None:
    """Create the jobs of spec files, and change those that exist; the same files again change nothing.

    What a file leaves open stays as it is stored. Exit code 1 where a spec was refused.
    """
    found = read_files(paths)
    applied: list[Applied] = []
    try:
        with progress("apply", len(found), as_json=as_json) as bar:
            for each in Applier(Client(), dry_run=dry_run).apply(found):
                applied.append(each)
                bar(len(applied))
    finally:
        # Also where the API went away in the middle: what was saved before is saved.
        _show(applied, dry_run=dry_run, as_json=as_json)
    if any(each.change == REFUSED for each in applied):
        raise typer.Exit(1)


def _show(applied: list[Applied], *, dry_run: bool, as_json: bool) -> None:
    if as_json:
        print_json([each.as_json() for each in applied])
        return
    # What was refused comes last: of a long list its end is what is seen.
    for each in sorted(applied, key=lambda each: each.change == REFUSED):
        for line in _lines(each):
            say(*line)
    counts = Counter(each.change for each in applied)
    told = ", ".join(f"{counts[word]} {text}" for word, text in _WORDS.items() if counts[word])
    say((told or "No specs there. / Tidak ada spec.") + (" (dry run)" if dry_run and told else ""))


def _lines(applied: Applied) -> list[list[Part]]:
    style = STYLES.get(applied.change, "")
    head: list[Part] = [(f"{applied.change:<9}", style), f" {applied.job_id or '–'}  {applied.file}"]
    # A new job is what its file says.
    shown = applied.changes if applied.change == "updated" else []
    return [head, *map(difference, shown), *map(_problem, applied.errors)]


def difference(change: dict[str, Any]) -> list[Part]:
    """Return a changed field as a line: the old value and the new one."""
    old, new = (_short(change[side]) for side in ("from", "to"))
    return [f"  {change['path']}: ", (old, "red"), " → ", (new, "green")]


def _short(value: Any) -> str:
    text = "–" if value is None else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _MOST_CHARS else f"{text[:_MOST_CHARS]}…"


def _problem(problem: dict[str, Any]) -> list[Part]:
    return [(f"  {problem['pointer'] or '/'}: {problem['message']}", "red")]

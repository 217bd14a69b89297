"""Writes the pages of `docs/` that the code can write itself.

    python -m tools.generate_docs [--check]

`--check` writes nothing and fails where a page is not what the code says.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from app.core.keys import schema_markdown
from app.core.models import TERMINAL, TRANSITIONS, RunStatus
from app.services.api.app import create_app
from app.services.api.openapi import openapi_json
from app.services.api.problems import errors_markdown

DOCS = Path(__file__).resolve().parents[1] / "docs"


def states_markdown() -> str:
    """Return `docs/states.md`: the table of transitions as a diagram, and each state's own words."""
    texts = status_texts()
    arrows = [
        f"    {source} --> {target}"
        for source in RunStatus
        for target in sorted(TRANSITIONS[source], key=list(RunStatus).index)
    ]
    entries = [f"    [*] --> {status}" for status in (RunStatus.SCHEDULED, RunStatus.QUEUED)]
    exits = [f"    {status} --> [*]" for status in RunStatus if status in TERMINAL]
    rows = [f"| `{status}` | {texts[status]} |" for status in RunStatus]
    return "\n".join(
        [
            "# States of a run",
            "",
            "Generated from `app/core/models.py`; do not edit.",
            "",
            "```mermaid",
            "stateDiagram-v2",
            *entries,
            *arrows,
            *exits,
            "```",
            "",
            "| state | meaning |",
            "| --- | --- |",
            *rows,
            "",
        ]
    )


def status_texts() -> dict[RunStatus, str]:
    """Return what stands below each member of RunStatus; the interpreter itself drops it."""
    [definition] = ast.parse(inspect.getsource(RunStatus)).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101  a class's source is one class
    found: dict[RunStatus, str] = {}
    for member, text in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(member, ast.Assign) and isinstance(text, ast.Expr):
            name = ast.unparse(member.targets[0])
            found[RunStatus[name]] = ast.literal_eval(text.value)
    return found


PAGES: dict[str, Callable[[], str]] = {
    "redis-schema.md": schema_markdown,
    "states.md": states_markdown,
    "errors.md": errors_markdown,
    "openapi.json": lambda: openapi_json(create_app()),
}


def outdated(folder: Path = DOCS) -> list[str]:
    """Return the pages that are not what the code says."""
    return [name for name, page in PAGES.items() if _stored(folder / name) != page()]


def write_all(folder: Path = DOCS) -> None:
    """Write every page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), "utf-8", newline="\n")


def _stored(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def main(arguments: Sequence[str]) -> int:
    old = outdated()
    if "--check" not in arguments:
        write_all()
        sys.stdout.write(f"written: {', '.join(old) or 'nothing new'}\n")
        return 0
    if old:
        sys.stderr.write(f"out of date: {', '.join(old)}; run python -m tools.generate_docs\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

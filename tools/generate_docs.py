"""Generates the pages of `docs/`, the settings files and the types of the client from the code.

    python -m tools.generate_docs [--check]

`--check` writes nothing and fails if a page differs from the code.
"""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import typer
from typer.cli import get_docs_for_click

from app.cli.main import app as cli
from app.core.connectors.messages import OUTBOX_TRANSITIONS, SETTLED, OutboxState
from app.core.models import TERMINAL, TRANSITIONS, RunStatus
from app.core.storage.key_rendering import schema_markdown
from app.services.api.app import create_app
from app.services.api.http.problems import error_codes
from app.services.api.openapi.document import openapi_json
from tools.client_code import files as client_files
from tools.configuration_page import configuration_markdown
from tools.generate_settings import files as settings_files
from tools.settings_table import ROOT
from tools.tools_page import tools_markdown

DOCS = ROOT / "docs"


@dataclass(frozen=True, slots=True)
class StateMachine:
    """A table of transitions, with its first and last states."""

    title: str
    source: str
    states: type[StrEnum]
    transitions: Mapping[Any, frozenset[Any]]
    entries: tuple[StrEnum, ...]
    ends: frozenset[Any]


RUNS = StateMachine(
    "States of a run",
    "app/core/models.py",
    RunStatus,
    TRANSITIONS,
    (RunStatus.SCHEDULED, RunStatus.QUEUED),
    TERMINAL,
)
MESSAGES = StateMachine(
    "States of a message",
    "app/core/connectors/messages.py",
    OutboxState,
    OUTBOX_TRANSITIONS,
    (OutboxState.PENDING,),
    SETTLED,
)


def states_markdown() -> str:
    """Return `docs/states.md`: each table of transitions as a diagram, and the description of each state."""
    return "\n".join([*_machine(RUNS), *_machine(MESSAGES)])


def _machine(machine: StateMachine) -> list[str]:
    states, texts = list(machine.states), state_texts(machine.states)
    arrows = [
        f"    {source} --> {target}"
        for source in states
        for target in sorted(machine.transitions[source], key=states.index)
    ]
    entries = [f"    [*] --> {state}" for state in machine.entries]
    exits = [f"    {state} --> [*]" for state in states if state in machine.ends]
    rows = [f"| `{state}` | {texts[state]} |" for state in states]
    return [
        f"# {machine.title}",
        "",
        f"Generated from `{machine.source}`; do not edit.",
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


def state_texts(states: type[StrEnum]) -> dict[StrEnum, str]:
    """Return the text below each member of the states, which the interpreter drops."""
    [definition] = ast.parse(inspect.getsource(states)).body
    assert isinstance(definition, ast.ClassDef)  # noqa: S101  a class's source is one class
    found: dict[StrEnum, str] = {}
    for member, text in zip(definition.body, definition.body[1:], strict=False):
        if isinstance(member, ast.Assign) and isinstance(text, ast.Expr):
            name = ast.unparse(member.targets[0])
            found[states[name]] = ast.literal_eval(text.value)
    return found


_ERRORS_HEAD = """\
# Errors

Generated from `app/services/api/http/problems.py`; do not edit.

Every error is `application/problem+json` (RFC 9457): `type` (`/problems/<code>`, a section below), `title`,
`status`, `detail`, `instance` (the path), `code` (stable, for programs), `trace_id` (also in `X-Trace-Id` and
in the log). `title` and `detail` are for people, in English or Indonesian by `Accept-Language`. A 422 has
`errors`: for each field a JSON Pointer into the body (`/schedule/cron`; `/query/limit` and
`/header/idempotency-key` for the rest of the request), a message and a code; after 50 of them one entry of
code `more_problems` with their number. A 503 has `Retry-After`, and so has a 429 that ends with time; a 500
has no internal details.

| code | status | title |
| --- | --- | --- |
"""


def errors_markdown() -> str:
    """Return `docs/errors.md`."""
    ordered = sorted(error_codes().items(), key=lambda item: (item[1].status, item[0]))
    rows = [f"| [`{code}`](#{code}) | {kind.status} | {kind.title} |" for code, kind in ordered]
    sections = [f"\n## {code}\n\n{kind.status} {kind.title}. {kind.remedy}\n" for code, kind in ordered]
    return _ERRORS_HEAD + "\n".join(rows) + "\n" + "".join(sections)


def cli_markdown() -> str:
    """Return `docs/cli.md`: the help of every command."""
    command = typer.main.get_command(cli)
    text = get_docs_for_click(obj=command, ctx=typer.Context(command), name="multi-job")
    head, _, body = text.partition("\n")
    lines = [line.rstrip() for line in body.splitlines()]
    return "\n".join([head, "", "Generated from `app/cli/`; do not edit.", *lines]).rstrip() + "\n"


PAGES: dict[str, Callable[[], str]] = {
    "redis-schema.md": schema_markdown,
    "states.md": states_markdown,
    "errors.md": errors_markdown,
    "cli.md": cli_markdown,
    "configuration.md": configuration_markdown,
    "tools.md": tools_markdown,
    "openapi.json": lambda: openapi_json(create_app()),
}


def outdated(folder: Path = DOCS) -> list[str]:
    """Return the pages that differ from the code."""
    return [name for name, page in PAGES.items() if _stored(folder / name) != page()]


def _outside() -> dict[str, str]:
    """Return the generated files outside `docs/`: settings, and the code of the client."""
    return {**settings_files(), **client_files()}


def outdated_outside() -> list[str]:
    """Return the generated files outside `docs/` that differ from the code."""
    return [name for name, text in _outside().items() if _stored(ROOT / name) != text]


def write_all(folder: Path = DOCS) -> None:
    """Write every page."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, page in PAGES.items():
        (folder / name).write_text(page(), "utf-8", newline="\n")


def _stored(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def main(arguments: Sequence[str]) -> int:
    old = [*outdated(), *outdated_outside()]
    if "--check" not in arguments:
        write_all()
        for name, text in _outside().items():
            (ROOT / name).write_text(text, "utf-8", newline="\n")
        sys.stdout.write(f"written: {', '.join(old) or 'nothing new'}\n")
        return 0
    if old:
        sys.stderr.write(f"out of date: {', '.join(old)}; run python -m tools.generate_docs\n")
    return 1 if old else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

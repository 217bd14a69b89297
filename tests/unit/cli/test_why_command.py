"""`multi-job why`: language and output."""

from __future__ import annotations

from typing import Any

import pytest
from typer.testing import CliRunner

from app.cli.commands import versions as why_command
from app.cli.main import app
from app.core.i18n import reader_language, terminal_language

ENABLE = {"action": "enable", "target": "job", "label": "Aktifkan", "role": "operator"}
EXPLAINED: dict[str, Any] = {
    "text": "It is off.",
    "next_step": "`multi-job enable job`",
    "reason": "disabled",
    "actions": [{**ENABLE, "command": "multi-job enable job"}],
}
ANSWER: dict[str, Any] = {
    "job_id": "job",
    "language": "id",
    "next": {"at": None, "in_sec": None, **EXPLAINED},
    "occurrences": [{"outcome": "skipped", **EXPLAINED, "text": "2 slots."}],
    "run": {"run_id": "RUN", **EXPLAINED, "text": "It waits."},
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, dict[str, Any]]]:
    """Return what the API is asked for; the answer is always the same."""
    calls: list[tuple[str, str, dict[str, Any]]] = []

    class _Client:
        def get(self, path: str, **query: Any) -> Any:
            calls.append((reader_language.get(), path, query))
            return ANSWER

    monkeypatch.setattr(why_command, "Client", _Client)
    return calls


@pytest.mark.parametrize(
    ("variables", "language"),
    [
        ({}, "en"),
        ({"LANG": "id_ID.UTF-8"}, "id"),
        ({"LANG": "id_ID.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "id"}, "id"),
        ({"LANG": "", "LC_ALL": ""}, "en"),
        ({"LANG": "de_DE"}, "en"),
    ],
)
def test_language_is_that_of_the_terminal(variables: dict[str, str], language: str) -> None:
    """The variables of POSIX, in their order."""
    assert terminal_language(variables) == language


def test_answer_is_printed_line_by_line(asked: list[tuple[str, str, dict[str, Any]]]) -> None:
    """The next fire, the waiting run, the slots; a next step and commands below each."""
    done = CliRunner().invoke(app, ["why", "job", "--lang", "id", "--limit", "3"])
    assert done.exit_code == 0, done.output
    assert asked == [("id", "/jobs/job/why", {"limit": 3})]
    lines = done.stdout.splitlines()
    assert lines[::3] == ["job: It is off.", "RUN: It waits.", "skipped: 2 slots."]
    assert set(lines[1::3]) == {"  → `multi-job enable job`"}
    assert set(lines[2::3]) == {"    Aktifkan: multi-job enable job"}

"""The question of the first start: asked once, of a person, and never in the way."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from app.local import start as first_steps
from app.local.start import ask_for_recipient, is_interactive, read_answer

if sys.platform == "win32":
    pytest.skip("a read of the console cannot be given up on Windows", allow_module_level=True)

import pty


@dataclass
class FakeSettings:
    """A deployment's folder and address."""

    data_dir: Path
    api_url: str = "http://127.0.0.1:1"

    def child_environment(self, base: Mapping[str, str]) -> Mapping[str, str]:
        return base


def given(monkeypatch: pytest.MonkeyPatch, **answers: Any) -> None:
    """Let functions of the module return these values."""
    for name, value in answers.items():
        monkeypatch.setattr(first_steps, name, _returning(value))


def _returning(value: Any) -> Any:
    def function(*_args: Any, **_options: Any) -> Any:
        return value

    return function


@pytest.fixture
def commands(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """Give the commands that were started, for a person whose deployment has no recipient."""
    started: list[list[str]] = []

    def run(command: list[str], **_options: Any) -> None:
        started.append(command)

    given(monkeypatch, is_interactive=True, http_get=(200, {"source": "none"}), read_answer="y\n")
    monkeypatch.setattr(first_steps.subprocess, "run", run)
    return started


def ask(folder: Path) -> None:
    ask_for_recipient(cast("Any", FakeSettings(folder)), {})


def test_it_is_asked_once(commands: list[list[str]], tmp_path: Path) -> None:
    """A yes leads through the choice; the next start is silent."""
    ask(tmp_path)
    ask(tmp_path)
    assert [command[-2:] for command in commands] == [["notify", "set"]]


@pytest.mark.parametrize("answer", ["", "\n", "n\n", "later\n"])
def test_anything_but_yes_goes_on(
    commands: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: str
) -> None:
    """No answer is a no."""
    given(monkeypatch, read_answer=answer)
    ask(tmp_path)
    assert commands == []


@pytest.mark.parametrize("found", [(200, {"source": "stored"}), (401, {}), (0, {})])
def test_it_is_not_asked_if_a_recipient_is_set_or_unknown(
    commands: list[list[str]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, found: tuple[int, Any]
) -> None:
    """Nor if the API refuses to say."""
    given(monkeypatch, http_get=found)
    ask(tmp_path)
    assert commands == []


def test_only_a_person_at_a_terminal_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a pipe nor a build server can answer."""
    assert not is_interactive({"CI": "true"})
    with Path(os.devnull).open(encoding="utf-8") as nothing:
        monkeypatch.setattr("sys.stdin", nothing)
        assert not is_interactive({})


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Iterator[int]:
    """Give the other end of a terminal that is the input."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as typed:
        monkeypatch.setattr("sys.stdin", typed)
        yield ours
    os.close(ours)


def test_an_answer_is_read_within_its_time(terminal: int) -> None:
    """Without one, the start goes on."""
    assert read_answer(0.01) == ""
    os.write(terminal, b"y\n")
    assert read_answer(5) == "y\n"

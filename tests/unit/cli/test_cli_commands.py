"""Behaviour of all commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import typer

from app.cli import client as client_module
from app.cli.client import Client
from app.cli.main import app
from app.cli.output import CliError


def commands(command: Any, name: str = "multi-job") -> Iterator[tuple[str, Any]]:
    """Yield every command that does something, with its words."""
    for word, inner in getattr(command, "commands", {}).items():
        yield from commands(inner, f"{name} {word}")
    if not getattr(command, "commands", None):
        yield name, command


# Its output is the protocol's.
PROTOCOL = "multi-job mcp"
COMMANDS = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("name", COMMANDS)
def test_command_prints_for_programs_and_says_what_it_does(name: str) -> None:
    """`--json` on all that print for people, and a first line of help."""
    command = COMMANDS[name]
    assert ("--json" in {option for each in command.params for option in each.opts}) is (name != PROTOCOL)
    assert (command.help or "").splitlines()[0].endswith(".")


def _limited(times: int) -> httpx.MockTransport:
    answers = iter([*[429] * times, 200])

    def answer(_request: httpx.Request) -> httpx.Response:
        status = next(answers)
        code = {"code": "rate_limited", "title": "Slow"} if status != 200 else {}
        return httpx.Response(status, json=code, headers={"Retry-After": "3"})

    return httpx.MockTransport(answer)


def test_client_waits_as_long_as_the_limit_asks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Long work is polled less and less often, until it ends."""
    slept: list[float] = []
    monkeypatch.setattr(client_module.time, "sleep", slept.append)
    assert Client(_limited(2)).get("/jobs") == {}
    assert slept == [3, 3]
    with pytest.raises(CliError) as caught:
        Client(_limited(9)).get("/jobs")
    assert caught.value.code == "rate_limited"

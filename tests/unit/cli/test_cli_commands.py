"""Behaviour of all commands."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest
import typer
from typer.testing import CliRunner

from app.cli import client as client_module
from app.cli import main
from app.cli.client import Client
from app.cli.main import app
from app.cli.output import CliError, UnreachableError
from app.local.output import LocalError


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


def _page(status: int) -> httpx.MockTransport:
    page = httpx.Response(status, html="<!DOCTYPE html><html>a page of the dashboard</html>")
    return httpx.MockTransport(lambda _request: page)


def test_address_of_another_program_is_named_and_its_page_is_not_shown() -> None:
    """The dashboard's port in place of the API's is a frequent mistake."""
    with pytest.raises(CliError, match="another program answers at http"):
        Client(_page(200)).get("/jobs")
    with pytest.raises(CliError, match=r"/jobs: 404 Not Found$"):
        Client(_page(404)).get("/jobs")


def test_address_that_is_none_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """A port in words ends in a line, not in a traceback."""
    monkeypatch.setenv("MULTI_JOB_URL", "http://127.0.0.1:abc")
    with pytest.raises(UnreachableError, match=r"http://127.0.0.1:abc .*Invalid port: 'abc'"):
        Client()


def test_error_of_the_launcher_has_its_details(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The details are the reason, such as the words of the service manager."""

    def refuse(**_options: object) -> None:
        raise LocalError("failed: systemctl", details=["no session"])

    monkeypatch.setattr(main, "app", refuse)
    with pytest.raises(SystemExit, match="1"):
        main.main()
    assert capsys.readouterr().err == "failed: systemctl\n  no session\n"


def test_help_and_usage_errors_are_in_the_language_of_the_reader() -> None:
    """Typer writes both in English; the next command of the process may have another reader."""
    words = {
        "id": (
            "Cara pakai: multi-job runs",
            "Tampilkan run",
            "Opsi",
            "[bawaan: ",
            "Isinya paling kecil 1",
        ),
        "en": (
            "Usage: multi-job runs",
            "List runs",
            "Options",
            "[default: ",
            "Invalid value for",
        ),
    }
    for language, expected in words.items():
        typed = [
            CliRunner().invoke(app, ["--lang", language, "runs", *more]) for more in (["-h"], ["-n", "0"])
        ]
        assert [each.exit_code for each in typed] == [0, 2]
        assert [part for part in expected if part not in typed[0].output + typed[1].output] == []

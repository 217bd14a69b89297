"""Control characters in data never reach the terminal, whichever command prints them."""

from __future__ import annotations

import ast
import contextlib
import functools
import json
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.cli import client as client_module
from app.cli import main as main_module
from app.local.output import print_line
from tests.support.api.schema_answers import answering

ROOT = Path(__file__).resolve().parents[3]
# A title of the window, a cleared screen, the same with C1, DEL, a line written over, an order reversed.
CANARY = "\x1b]0;x\x07\x1b[2J\x9b31m\x9d0;y\x9c\x7f\r\b\u202eabc\u202c\u2066d\u2069\u200f"
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
COMMANDS = (
    *("status", "jobs", "runs", "logs r", "why a", "versions a", "versions a --from 1", "preview 60"),
    *("plan pantau", "events", "stats", "audit", "dead-letters list", "exports list", "reports list"),
    *("reports show r", "messages list", "notify show", "secrets list", "run a", "enable a"),
    *("disable a", "cancel r", "rerun r", "pause --all", "resume --all", "rollback a 1", "messages resend m"),
    *("incidents", "incidents inc1", "incidents ack inc1", "incidents silence inc1 --for 2h"),
    *("incidents comment inc1 seen", "incidents --open --job a"),
    *("secrets delete s", "delete a --yes", "dead-letters redrive --all --dry-run", "notify clear"),
)


@pytest.fixture(autouse=True)
def hostile_api(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every client of this process speak to an API whose every text holds the canary."""
    hostile = functools.partial(httpx.Client, transport=answering(CANARY))

    def client(**options: Any) -> httpx.Client:
        return hostile(**{name: value for name, value in options.items() if name != "transport"})

    monkeypatch.setattr(client_module.httpx, "Client", client)


def printed(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> tuple[str, str]:
    """Run a command as a shell does, and return what it printed on stdout and stderr."""
    monkeypatch.setattr("sys.argv", ["multi-job", *command.split()])
    with contextlib.suppress(SystemExit):
        main_module.main()
    return capsys.readouterr()


@pytest.mark.parametrize("command", COMMANDS)
def test_command_prints_no_control_character(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """A table, a line, a refusal: what a terminal would obey is written out."""
    out, err = printed(capsys, monkeypatch, command)
    assert CONTROLS.search(out) is None
    assert CONTROLS.search(err) is None
    assert out or err


@pytest.mark.parametrize("command", COMMANDS)
def test_command_prints_json_without_control_characters(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, command: str
) -> None:
    """`--json` stays a document that holds the text as it is, by JSON's own escapes."""
    out, err = printed(capsys, monkeypatch, f"{command} --json")
    assert CONTROLS.search(out + err) is None
    while out.strip():
        _, end = json.JSONDecoder().raw_decode(out := out.strip())
        out = out[end:]


def test_command_shows_that_there_was_something(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The escapes are seen, and a program reads the text whole."""
    out, _ = printed(capsys, monkeypatch, "status")
    assert r"\x1b]0;x\x07\x1b[2J\x9b31m" in out
    assert r"\u202eabc\u202c" in out
    out, _ = printed(capsys, monkeypatch, "jobs --json")
    assert json.loads(out)[0]["description"] == f"a{CANARY}"


def test_launchers_print_no_control_character(capsys: pytest.CaptureFixture[str]) -> None:
    """Their printer writes them out as well."""
    print_line(f"worker: {CANARY}", ValueError(CANARY))
    out, _ = capsys.readouterr()
    assert CONTROLS.search(out) is None
    assert out.count("\n") == 2


APP = ROOT / "app"
PRINTERS = {"app/cli/output.py", "app/local/output.py"}
PRINTING = sorted([*(APP / "cli").rglob("*.py"), *(APP / "local").rglob("*.py"), APP / "healthcheck.py"])
_WRITES = re.compile(
    r"^(print|(sys\.)?(stdout|stderr)\.(write|writelines|buffer\.write)|(rich\.)?print"
    r"|(typer|click)\.(echo|secho|prompt|confirm)|(out|err|console)\.(print|print_json|log|out)|Console)$"
)


def test_nothing_prints_but_the_printers() -> None:
    """Neither `print` nor a stream nor a console is written to anywhere else."""
    found = [
        f"{path.relative_to(ROOT)}:{call.lineno}: {ast.unparse(call.func)}"
        for path in PRINTING
        if path.relative_to(ROOT).as_posix() not in PRINTERS
        for call in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(call, ast.Call) and _WRITES.match(ast.unparse(call.func))
    ]
    assert found == []
    assert len(PRINTING) > 50

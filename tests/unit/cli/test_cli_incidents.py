"""`multi-job incidents`, and the open incidents with which `status` begins."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import incidents as incident_commands
from app.cli.commands import platform as platform_commands
from app.cli.main import app
from app.cli.output import say
from app.core.i18n import _, reader_language

AT = "2026-01-31T07:00:00.000Z"
DOWN: dict[str, Any] = {
    "id": "inc42",
    "kind": "monitor_down",
    "severity": "critical",
    "title": "shop.example is down",
    "cause": "503 Service Unavailable",
    "since": AT,
    "opened_at": AT,
    "closed_at": None,
    "acknowledged_by": None,
    "silenced_until": None,
    "jobs": ["watch-shop"],
    "deliveries": [
        {
            "phase": "opened",
            "channel": "telegram",
            "account_id": "bot_a01",
            "to": "42",
            "state": "failed",
            "error": "403 blocked",
        }
    ],
    "actions": [{"label": "Run now", "command": "multi-job run watch-shop"}],
    "timeline": [{"at": AT, "what": "opened", "by": None, "text": "503 Service Unavailable"}],
}
Asked = list[tuple[str, str, dict[str, str], Any]]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Asked:
    """Give what the API was asked for; it has one open incident."""
    calls: Asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        query = dict(request.url.params)
        calls.append((request.method, request.url.path, query, json.loads(request.content or b"null")))
        match request.url.path:
            case "/incidents":
                return httpx.Response(200, json=[DOWN])
            case "/healthz":
                return httpx.Response(200, json={"status": "healthy", "version": "1"})
            case "/readyz":
                checks = {"redis": {"status": "ok", "instances": 1}}
                return httpx.Response(200, json={"status": "ready", "checks": checks})
            case "/workers" | "/monitors":
                return httpx.Response(200, json=[])
            case "/queue":
                queue: dict[str, Any] = {
                    "lanes": {},
                    "delayed": 0,
                    "next_due_at": None,
                    "dead_letters": 0,
                    "paused": [],
                }
                return httpx.Response(200, json=queue)
            case _:
                acted = DOWN | {"acknowledged_by": "ana", "silenced_until": AT}
                return httpx.Response(200, json=acted)

    for module in (incident_commands, platform_commands):
        monkeypatch.setattr(module, "Client", partial(Client, httpx.MockTransport(answer)))
    return calls


def run(*words: str, language: str = "en", code: int = 0) -> str:
    result = CliRunner().invoke(app, ["--lang", language, *words])
    assert result.exit_code == code, result.output
    return result.stdout


def test_incidents_are_listed_by_state_and_job(asked: Asked) -> None:
    """Both states by default; the two options exclude each other."""
    said = run("incidents", "--open", "--job", "watch-shop")
    assert "inc42" in said
    assert "shop.example is down" in said
    assert asked[0][2] == {"state": "open", "job_id": "watch-shop", "limit": "50"}
    assert json.loads(run("incidents", "--json")) == [DOWN]
    assert asked[-1][2] == {"limit": "50"}
    result = CliRunner().invoke(app, ["incidents", "--open", "--closed"])
    assert "Choose --open or --closed" in str(result.exception)


def test_an_incident_shows_who_got_a_message_and_what_to_do(asked: Asked) -> None:
    """`incidents ID` is `incidents show ID`."""
    for words in (("incidents", "inc42"), ("incidents", "show", "inc42")):
        said = run(*words)
        for part in ("503 Service Unavailable", "watch-shop", "telegram:bot_a01", "failed", "403 blocked"):
            assert part in said
        assert "→ Run now: multi-job run watch-shop" in said
    assert [path for _, path, _, _ in asked if path != "/platform"] == ["/incidents/inc42"] * 2


def test_acts_say_what_they_did(asked: Asked) -> None:
    """Acknowledge, silence for a length, comment."""
    assert "inc42 is acknowledged by ana" in run("incidents", "ack", "inc42")
    assert "inc42 dibisukan sampai" in run("incidents", "silence", "inc42", "--for", "2h", language="id")
    assert "inc42 has your comment" in run("incidents", "comment", "inc42", "the provider works on it")
    assert [(path, body) for _, path, _, body in asked if path != "/platform"] == [
        ("/incidents/inc42/acknowledge", {}),
        ("/incidents/inc42/silence", {"minutes": 120}),
        ("/incidents/inc42/comment", {"text": "the provider works on it"}),
    ]
    assert CliRunner().invoke(app, ["incidents", "silence", "inc42", "--for", "8d"]).exit_code != 0


def test_status_begins_with_open_incidents(asked: Asked) -> None:
    """The first line is what is wrong, the next one what to do."""
    first, second = run("status").splitlines()[:2]
    assert first == "! critical  inc42  shop.example is down: 503 Service Unavailable"
    assert second == "→ Run now: multi-job run watch-shop"
    assert json.loads(run("status", "--json"))["incidents"] == [DOWN]
    assert ("GET", "/incidents", {"state": "open", "limit": "5"}, None) in asked


def test_a_text_of_a_handler_is_printed_as_it_was_written(capsys: pytest.CaptureFixture[str]) -> None:
    """It may be equal to a message, which is printed in the reader's language."""
    reader_language.set("id")
    say("no ping came in time")
    say(_("no ping came in time"))
    assert capsys.readouterr().out.splitlines() == ["no ping came in time", "ping tidak datang tepat waktu"]

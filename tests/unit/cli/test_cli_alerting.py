"""`multi-job rules`, `maintenance` and the questions of `notify set`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import alerting, messaging
from app.cli.main import app

RULE: dict[str, Any] = {
    "name": "shop",
    "kinds": [],
    "tags": ["shop"],
    "min_severity": "warning",
    "to": [
        {"channel": "telegram", "account_id": "bot_a01", "to": "1", "language": None},
        {"channel": "email", "account_id": None, "to": "a@example.org", "language": None},
    ],
    "escalate_after_min": 15,
}
WINDOW: dict[str, Any] = {
    "id": "w1",
    "scope": "tag:shop",
    "starts_at": None,
    "ends_at": None,
    "rrule": "FREQ=DAILY;BYHOUR=2;BYMINUTE=0",
    "duration_min": 60,
    "timezone": "Asia/Jakarta",
    "reason": "backup",
    "created_by": "ani",
    "active_until": None,
}
CONNECTORS = [
    {"channel": "telegram", "accounts": [{"account_id": "bot_a01", "enabled": True}]},
    {"channel": "sandbox", "accounts": [{"account_id": "default", "enabled": True}]},
]
ANSWERS: dict[tuple[str, str], Any] = {
    ("GET", "/notification-rules"): {"rules": [RULE]},
    ("PUT", "/notification-rules"): {"rules": [RULE]},
    ("GET", "/maintenance"): [WINDOW],
    ("POST", "/maintenance"): WINDOW,
    ("DELETE", "/maintenance/w1"): {"id": "w1", "status": "deleted"},
    ("GET", "/connectors"): CONNECTORS,
    ("POST", "/connectors/telegram/accounts/bot_a01/chats"): [{"title": "Ani", "chat_id": "42"}],
    ("POST", "/connectors/telegram/accounts/bot_a01/messages"): {
        "id": "m1",
        "state": "delivered",
        "error": None,
    },
    ("PUT", "/settings/default-notify"): {
        "value": "telegram:bot_a01:42",
        "source": "stored",
        "usable": True,
    },
}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """Give what the API was asked for."""
    calls: list[tuple[str, str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        calls.append((request.method, request.url.path, body))
        return httpx.Response(200, json=ANSWERS[request.method, request.url.path])

    for module in (alerting, messaging):
        monkeypatch.setattr(module, "Client", lambda: Client(httpx.MockTransport(answer)))
    return calls


def output_of(*words: str, typed: str = "") -> str:
    result = CliRunner().invoke(app, [*words], input=typed)
    assert result.exit_code == 0, result.output
    return result.stdout


def test_rules_show_the_chain(asked: list[tuple[str, str, Any]]) -> None:
    """The recipients in turn, and after how many minutes the next one follows."""
    shown = output_of("rules")
    assert "telegram:bot_a01:1 → email:a@example.org" in shown
    assert "15 min" in shown


def test_rules_are_set_from_a_file(asked: list[tuple[str, str, Any]], tmp_path: Path) -> None:
    """What `export` prints is what `set` reads; a bare list is the rules."""
    file = tmp_path / "rules.yaml"
    file.write_text(output_of("rules", "export"))
    assert output_of("rules", "set", str(file)) == "1 rules are stored.\n"
    assert asked[-1] == ("PUT", "/notification-rules", {"rules": [RULE]})
    file.write_text(json.dumps([RULE]))
    output_of("rules", "set", str(file))
    assert asked[-1][2] == {"rules": [RULE]}
    output_of("rules", "clear")
    assert asked[-1][2] == {"rules": []}


def test_a_file_that_cannot_be_read_is_said_so(tmp_path: Path) -> None:
    """It is no traceback."""
    result = CliRunner().invoke(app, ["rules", "set", str(tmp_path / "none.yaml")])
    assert result.exit_code != 0


def test_windows_are_listed_added_and_removed(asked: list[tuple[str, str, Any]]) -> None:
    """Only what was named is sent."""
    assert "tag:shop" in output_of("maintenance")
    rule = WINDOW["rrule"]
    assert rule in output_of("maintenance", "add", "tag:shop", "--rrule", rule, "--minutes", "60")
    assert asked[-1][2] == {"scope": "tag:shop", "rrule": rule, "duration_min": 60}
    assert output_of("maintenance", "remove", "w1") == "w1: removed\n"


def test_notify_set_leads_through(asked: list[tuple[str, str, Any]]) -> None:
    """Channel, the only account, one of the chats that wrote, a test message."""
    shown = output_of("notify", "set", typed="1\n1\ny\n")
    assert "The test message was delivered." in shown
    assert shown.endswith("telegram:bot_a01:42 (stored)\n")
    body = {"channel": "telegram", "account_id": "bot_a01", "to": "42", "language": "en"}
    assert asked[-1] == ("PUT", "/settings/default-notify", body)

"""`multi-job notify`: its requests and output."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import messaging as notify_commands
from app.cli.main import app

SET: dict[str, Any] = {"value": "telegram:bot_a01:-100123", "source": "stored", "usable": True}
NONE: dict[str, Any] = {"value": None, "source": "none", "usable": True}


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """Give what the API was asked for; it has a recipient until that is cleared."""
    calls: list[tuple[str, str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        calls.append((request.method, request.url.path, body))
        return httpx.Response(200, json=NONE if request.method == "DELETE" else SET)

    monkeypatch.setattr(notify_commands, "Client", lambda: Client(httpx.MockTransport(answer)))
    return calls


def output_of(*words: str) -> str:
    result = CliRunner().invoke(app, ["notify", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_notify_set_takes_a_group_whose_number_is_below_zero(asked: list[tuple[str, str, Any]]) -> None:
    """It is no option of the command."""
    assert output_of("set", "telegram", "bot_a01", "-100123") == "telegram:bot_a01:-100123 (stored)\n"
    body = {"channel": "telegram", "account_id": "bot_a01", "to": "-100123"}
    assert asked == [("PUT", "/settings/default-notify", body)]


def test_notify_shows_and_clears(asked: list[tuple[str, str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    """In words, or as the API says it; an account that cannot be used is said so."""
    assert json.loads(output_of("show", "--json")) == SET
    assert "not set" in output_of("clear")
    monkeypatch.setitem(SET, "usable", False)
    assert "cannot be used" in output_of("show")
    assert [method for method, _, _ in asked] == ["GET", "DELETE", "GET"]

"""`multi-job contacts`: its requests and output."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import contacts as contact_commands
from app.cli.main import app

SITI: dict[str, Any] = {
    "name": "Bu Siti",
    "channel": "whatsapp",
    "to": "0811",
    "account_id": None,
    "updated_at": "2026-01-31T07:00:00.000Z",
    "updated_by": "ana",
}

CONNECTORS: list[dict[str, Any]] = [
    {
        "channel": "telegram",
        "accounts": [
            {"channel": "telegram", "account_id": name, "name": f"telegram:{name}", "chat_users": users}
            for name, users in (("a", [{"id": "42", "name": "Ana"}]), ("b", [{"id": "43", "name": ""}]))
        ],
    }
]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, str, Any]]:
    """Give what the API was asked for; it has one contact."""
    calls: list[tuple[str, str, Any]] = []

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        calls.append((request.method, request.url.raw_path.decode(), body))
        match request.method:
            case "GET" if request.url.path == "/connectors":
                return httpx.Response(200, json=CONNECTORS)
            case "PUT" if request.url.path.endswith("/chat-users/43"):
                return httpx.Response(200, json={"id": "43", **(body or {})})
            case "DELETE" if request.url.path.endswith("/chat-users/43"):
                return httpx.Response(200, json={"id": "43", "status": "deleted"})
            case "GET" if request.url.path == "/contacts":
                return httpx.Response(200, json=[SITI])
            case "DELETE":
                return httpx.Response(200, json={"name": "Bu Siti", "status": "deleted"})
            case _:
                return httpx.Response(200, json=SITI)

    monkeypatch.setattr(contact_commands, "Client", lambda: Client(httpx.MockTransport(answer)))
    return calls


def output_of(*words: str, language: str = "en") -> str:
    result = CliRunner().invoke(app, ["--lang", language, "contacts", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_contact_is_set_with_its_name_as_one_part_of_the_path(asked: list[tuple[str, str, Any]]) -> None:
    """A name may have blanks and signs, and a group's number may be below zero."""
    assert output_of("set", "Bu Siti", "whatsapp", "0811") == "Bu Siti: whatsapp 0811\n"
    output_of("set", "grup A/B?", "telegram", "-100123", "--account", "bot_a01")
    assert asked == [
        ("PUT", "/contacts/Bu%20Siti", {"channel": "whatsapp", "to": "0811"}),
        (
            "PUT",
            "/contacts/grup%20A%2FB%3F",
            {"channel": "telegram", "to": "-100123", "account_id": "bot_a01"},
        ),
    ]


def test_contacts_are_listed_and_removed(asked: list[tuple[str, str, Any]]) -> None:
    """As a table, as JSON, and with the name that was stored; both languages have the words."""
    assert "Bu Siti" in output_of()
    assert json.loads(output_of("list", "--json")) == [SITI]
    assert output_of("remove", "bu siti") == "Bu Siti: removed\n"
    assert output_of("remove", "bu siti", language="id") == "Bu Siti: dihapus\n"
    assert [call[:2] for call in asked if call[0] == "DELETE"] == [("DELETE", "/contacts/bu%20siti")] * 2


def users_of(*words: str) -> str:
    result = CliRunner().invoke(app, ["--lang", "en", "chat-users", *words])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_chat_users_are_listed_added_and_removed(asked: list[tuple[str, str, Any]]) -> None:
    """Of all accounts or of one; a person has an id, and a name for readers."""
    assert [line.split() for line in users_of().splitlines()[1:]] == [
        ["telegram:a", "42", "Ana"],
        ["telegram:b", "43", "–"],
    ]
    assert "telegram:a" not in users_of("list", "telegram", "b")
    assert users_of("add", "telegram", "b", "43", "--name", "Budi") == "43 Budi: may act in groups\n"
    assert users_of("add", "telegram", "b", "43") == "43: may act in groups\n"
    assert users_of("remove", "telegram", "b", "43") == "43: removed\n"
    path = "/connectors/telegram/accounts/b/chat-users/43"
    assert asked[2:] == [("PUT", path, {"name": "Budi"}), ("PUT", path, {"name": ""}), ("DELETE", path, {})]

"""`multi-job connect` and `messages test`: their requests and output."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from app.cli.client import Client
from app.cli.commands import messaging
from app.cli.main import app
from app.core.connectors.channels import CHANNELS, channel_schemas
from app.core.messaging.account_models import AccountDraft
from tests.support.documents.documents import written_documents

Call = tuple[str, str, Any]


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[Call]:
    """Give what the API was asked for; a message is delivered at the second look."""
    calls: list[Call] = []
    states = ["pending", "sending", "delivered"]

    def answer(request: httpx.Request) -> httpx.Response:
        body = json.loads(request.content) if request.content else None
        calls.append((request.method, request.url.path, body))
        if request.url.path == "/connectors":
            return httpx.Response(200, json=[_channel(name) for name in CHANNELS])
        if "messages" in request.url.path:
            return httpx.Response(200, json={"id": "api:1", "state": states.pop(0), "error": None})
        if request.method == "GET":
            return httpx.Response(404, json={"code": "account_not_found", "detail": "none"})
        return httpx.Response(200, json={"state": "up", "detail": ""})

    monkeypatch.setattr(messaging, "Client", lambda: Client(httpx.MockTransport(answer)))
    monkeypatch.setattr(messaging, "_AGAIN_SEC", 0)
    return calls


def _channel(name: str) -> dict[str, Any]:
    schemas = channel_schemas(CHANNELS[name])
    return {"channel": name, "settings_schema": schemas["settings"], "secrets_schema": schemas["secrets"]}


ANSWERS = {
    "email": "mail-password\n",
    "slack": "https://hooks.slack.com/services/T/B/x\n",
    "discord": "https://discord.com/api/webhooks/1/x\n",
    "webhook": f"{'s' * 20}\n",
    "whatsapp": "106540352242922\nEAAtoken\n",
}
"""What the documents' commands ask for."""


def documented() -> list[tuple[str, ...]]:
    """Return the commands of the documents that set up accounts, other than Telegram's."""
    blocks = [block for document in written_documents() for block in document.blocks()]
    commands = [words for block in blocks if block.language == "bash" for words in block.commands()]
    return [words for words in commands if words[:2] == ("multi-job", "connect") and words[2] != "telegram"]


@pytest.mark.parametrize("words", documented(), ids=" ".join)
def test_accounts_of_the_documents_are_in_order(asked: list[Call], words: tuple[str, ...]) -> None:
    """Each command that a document shows saves an account that its channel takes."""
    run(*words[1:], answers=ANSWERS.get(words[2], ""))
    body = saved(asked)
    draft = AccountDraft(words[2], words[3], body["settings"], body["secrets"], body["default_to"])
    assert bool(draft.checked(CHANNELS).default_to) is (words[2] != "whatsapp")


def saved(asked: list[Call]) -> dict[str, Any]:
    """Return the account that was saved."""
    [body] = [body for method, _, body in asked if method == "PUT"]
    return body


def run(*words: str, answers: str = "") -> str:
    result = CliRunner().invoke(app, list(words), input=answers)
    assert result.exit_code == 0, result.output
    return result.output


def test_connect_asks_for_what_a_channel_needs(asked: list[Call]) -> None:
    """Slack needs its webhook's address alone: no recipient is asked for."""
    address = "https://hooks.slack.com/services/T/B/x"
    assert "slack ops: saved" in run("connect", "slack", "ops", answers=f"{address}\n")
    assert saved(asked) == {"settings": {}, "secrets": {"webhook_url": address}, "default_to": None}


def test_connect_sends_settings_as_their_schema_wants_them(asked: list[Call]) -> None:
    """A port is a number, a list is one, and an empty value removes an optional setting."""
    run(
        "connect",
        "email",
        "ops",
        "--set",
        "port=465",
        "--set",
        "security=tls",
        answers="mail.example.org\na@b.example\n",
    )
    settings = saved(asked)["settings"]
    assert settings == {
        "host": "mail.example.org",
        "port": 465,
        "security": "tls",
        "from_address": "a@b.example",
    }
    asked.clear()
    words = ("--set", "template_parameters={title}, {text}", "--set", "template_name=")
    run("connect", "whatsapp", "ops", *words, answers="123\nEAAtoken\n")
    assert saved(asked)["settings"] == {
        "phone_number_id": "123",
        "template_parameters": ["{title}", "{text}"],
        "template_name": None,
    }
    asked.clear()
    run(
        "connect",
        "webhook",
        "ops",
        "--set",
        "drops_doubles=true",
        answers=f"https://a.example/\n{'s' * 20}\n",
    )
    assert saved(asked)["settings"] == {"url": "https://a.example/", "drops_doubles": True}


def test_allowed_chat_may_give_commands(asked: list[Call]) -> None:
    """Nothing else is needed for it."""
    run("connect", "whatsapp", "ops", "--allow-chat", "628110000", answers="123\nEAAtoken\n")
    assert (saved(asked)["allow_chats"], saved(asked)["commands"]) == (["628110000"], True)


def test_test_message_is_followed_to_its_end(asked: list[Call]) -> None:
    """The exit code says if it was delivered."""
    assert run("messages", "test", "ntfy", "ops").strip() == "api:1 delivered"
    methods = [(method, path) for method, path, _ in asked]
    assert methods == [
        ("POST", "/connectors/ntfy/accounts/ops/messages"),
        ("GET", "/messages/api:1"),
        ("GET", "/messages/api:1"),
    ]
    assert asked[0][2] == {"text": "Hello from multi-job: ntfy:ops can reach you.", "to": None}

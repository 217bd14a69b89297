"""The API's routes about channels on a real server: accounts, their test, the inbox, messages."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.connectors.base import AccountHealth
from app.core.connectors.channels import SUPPORTED
from app.core.messaging.outbox import OutboxState
from app.core.policies import Policies
from app.core.redis_client import RedisLink
from app.services.api.schemas.connectors import (
    AccountBody,
    CheckBody,
    ConnectorBody,
    InboxMessageBody,
    MessageBody,
)
from app.services.api.services import Services, open_services
from tests.support.api.api_fakes import fake_registry
from tests.support.waiting import wait_until_async

CANARY = "123456789:AAF-canary-of-the-connector-routes"
PATH = "/connectors/telegram/accounts/bot_a01"
ACCOUNT: dict[str, Any] = {"secrets": {"token": CANARY}, "default_to": "42", "allow_chats": ["42"]}


@pytest.fixture
async def platform(settings: Settings, link: RedisLink) -> AsyncIterator[Services]:
    platform = await open_services(settings, SystemClock(), fake_registry(), Policies())
    yield platform
    await platform.notifier.close()
    await platform.link.close()


async def test_account_lives_from_creation_to_deletion(client: httpx.AsyncClient) -> None:
    """Put, get, edit, delete: each sees what the one before has written, and none shows the secret."""
    put = await client.put(PATH, json=ACCOUNT)
    got = await client.get(PATH)
    body = AccountBody.model_validate_json(got.text)
    assert (put.status_code, put.json()) == (200, got.json())
    assert (body.name, body.default_to, body.allow_chats) == ("telegram:bot_a01", "42", ["42"])
    assert (body.has_secret, body.masked) == ({"token": True}, {"token": "••••••••"})
    assert (body.saved_by, body.health) == ("local", None)
    edited = await client.put(PATH, json={**got.json(), "enabled": False})
    assert (edited.status_code, edited.json()["enabled"]) == (200, False)
    assert edited.json()["has_secret"] == {"token": True}
    deleted = await client.delete(PATH)
    assert deleted.json() == {"channel": "telegram", "account_id": "bot_a01", "status": "deleted"}
    gone = await client.get(PATH)
    assert (gone.status_code, gone.json()["code"]) == (404, "account_not_found")
    assert CANARY not in put.text + got.text + edited.text + deleted.text


async def test_connectors_show_channels_and_accounts(client: httpx.AsyncClient, platform: Services) -> None:
    """Each channel with what its form is drawn from, and its accounts with what was seen of them last."""
    await client.put(PATH, json=ACCOUNT)
    await platform.checks.answer("telegram", "bot_a01", [], AccountHealth("up", None, 9, "@a01", 1))
    answer = await client.get("/connectors")
    found = {each["channel"]: ConnectorBody.model_validate(each) for each in answer.json()}
    assert list(found) == list(SUPPORTED)
    assert found["telegram"].secrets_schema["properties"]["token"]["writeOnly"] is True
    [account] = found["telegram"].accounts
    assert account.health is not None
    assert (account.health.state, account.health.latency_ms) == ("up", 9)
    assert [each.name for each in found["sandbox"].accounts] == ["sandbox:default"]
    assert CANARY not in answer.text


@pytest.mark.parametrize(
    ("path", "body", "pointer"),
    [
        (PATH, {**ACCOUNT, "secrets": {"token": "canary"}}, "/secrets/token"),
        (PATH, {}, "/secrets/token"),
        (PATH, {**ACCOUNT, "settings": {"api_base": "http://x"}}, "/settings/api_base"),
        (PATH, {**ACCOUNT, "secrets": {"token": 1}}, "/secrets/token"),
        (PATH, {**ACCOUNT, "color": "red"}, "/color"),
        (PATH, {**ACCOUNT, CANARY: "red"}, "/***"),
        (PATH, {**ACCOUNT, "default_to": "a\u0000"}, "/default_to"),
        ("/connectors/pigeon/accounts/a", ACCOUNT, "/channel"),
        ("/connectors/telegram/accounts/a:b", ACCOUNT, "/account_id"),
    ],
)
async def test_account_that_does_not_fit_is_a_422(
    client: httpx.AsyncClient, path: str, body: dict[str, Any], pointer: str
) -> None:
    """The field is pointed at; what was sent is not repeated."""
    answer = await client.put(path, json=body)
    assert answer.status_code == 422, answer.text
    assert [each["pointer"] for each in answer.json()["errors"]] == [pointer]
    assert "canary" not in answer.text


async def test_sandbox_account_cannot_be_changed(client: httpx.AsyncClient) -> None:
    """It is shown, and refuses to be saved or deleted."""
    path = "/connectors/sandbox/accounts/default"
    AccountBody.model_validate_json((await client.get(path)).text)
    assert (await client.put(path, json={})).status_code == 409
    assert (await client.delete(path)).status_code == 409


async def test_account_is_tested_by_the_connector(client: httpx.AsyncClient, platform: Services) -> None:
    """The answer is what a real call found."""
    await client.put(PATH, json=ACCOUNT)
    asked = asyncio.create_task(client.post(f"{PATH}/test"))
    checks = platform.checks
    await wait_until_async(lambda: checks.take_checks("telegram", "bot_a01"))
    answer = AccountHealth("down", None, 31, "401 Unauthorized", 1_700_000_000_000)
    await checks.answer("telegram", "bot_a01", await checks.take_checks("telegram", "bot_a01"), answer)
    tested = await asked
    body = CheckBody.model_validate_json(tested.text)
    assert (tested.status_code, body.state, body.latency_ms) == (200, "down", 31)
    assert (await client.get(PATH)).json()["health"] == tested.json()


async def test_account_that_is_not_there_is_not_configured(client: httpx.AsyncClient) -> None:
    """It is an answer with the command that mends it, not an error."""
    tested = (await client.post(f"{PATH}/test")).json()
    assert (tested["state"], tested["reason"]) == ("not_configured", "no_account")
    assert tested["command"] == "multi-job connect telegram bot_a01"
    other = (await client.post("/connectors/pigeon/accounts/x/test")).json()
    assert (other["state"], other["reason"]) == ("not_configured", "unsupported")


async def test_account_without_a_connector_is_a_503(client: httpx.AsyncClient) -> None:
    """Without a check, no account is reported as down."""
    await client.put(PATH, json=ACCOUNT)
    tested = await client.post(f"{PATH}/test")
    assert (tested.status_code, tested.json()["code"]) == (503, "check_unavailable")
    assert "retry-after" in tested.headers


SEND = "/connectors/sandbox/accounts/default/messages"


async def test_message_is_laid_in_and_followed(client: httpx.AsyncClient, platform: Services) -> None:
    """It goes through the outbox as any message does; its path says what became of it."""
    sent = await client.post(SEND, json={"to": "ops", "text": "halo"})
    body = MessageBody.model_validate_json(sent.text)
    assert (sent.status_code, sent.headers["location"]) == (202, f"/messages/{body.id}")
    assert (body.id[:4], body.state, body.to, body.text) == ("api:", "pending", "ops", "halo")
    assert (await client.get(f"/messages/{body.id}")).json() == sent.json()
    await platform.outbox.deliver_to_inbox()
    assert (await client.get(f"/messages/{body.id}")).json()["state"] == "delivered"
    [act] = (await client.get("/audit", params={"target": "account:sandbox:default"})).json()
    assert (act["action"], act["diff"][0]["to"]) == ("send_message", body.id)


async def test_message_goes_to_the_accounts_own_recipient(client: httpx.AsyncClient) -> None:
    """If the request names no recipient; if the account has none either, the error points at the field."""
    await client.put(PATH, json=ACCOUNT)
    assert (await client.post(f"{PATH}/messages", json={"text": "halo"})).json()["to"] == "42"
    assert (await client.post(SEND, json={"text": "halo"})).json()["to"] == "inbox"
    await client.put(PATH, json={**ACCOUNT, "default_to": None})
    refused = await client.post(f"{PATH}/messages", json={"text": "halo"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/to")


async def test_message_sent_again_under_its_key_is_one(client: httpx.AsyncClient) -> None:
    """Even if the account's default recipient has changed since; another text is a mismatch."""
    await client.put(PATH, json=ACCOUNT)
    once = {"Idempotency-Key": "k-1"}
    first = await client.post(f"{PATH}/messages", json={"text": "halo"}, headers=once)
    await client.put(PATH, json={**ACCOUNT, "default_to": "43"})
    again = await client.post(f"{PATH}/messages", json={"text": "halo"}, headers=once)
    assert (again.status_code, again.json()) == (202, first.json())
    other = await client.post(f"{PATH}/messages", json={"text": "hai"}, headers=once)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")
    elsewhere = await client.post(SEND, json={"text": "halo"}, headers=once)
    assert (elsewhere.status_code, elsewhere.json()["code"]) == (422, "idempotency_mismatch")
    free = await asyncio.gather(*(client.post(f"{PATH}/messages", json={"text": "halo"}) for _ in range(2)))
    assert len({each.json()["id"] for each in (first, *free)}) == 3


async def test_messages_sent_at_once_under_one_key_are_one(client: httpx.AsyncClient) -> None:
    """Whichever comes first lays it in."""
    once = {"Idempotency-Key": "k-2"}
    answers = await asyncio.gather(
        *(client.post(SEND, json={"text": text}, headers=once) for text in ("a", "a", "a", "b"))
    )
    statuses = sorted(each.status_code for each in answers)
    assert statuses in ([202, 202, 202, 422], [202, 422, 422, 422])
    assert len((await client.get("/messages")).json()) == 1


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"text": ""}, "/text"),
        ({"text": "  "}, "/text"),
        ({"text": "x" * 4097}, "/text"),
        ({}, "/text"),
        ({"text": "x", "to": ""}, "/to"),
        ({"text": "x", "to": "a\u0000"}, "/to"),
        ({"text": "x", "to": "4" * 256}, "/to"),
        ({"text": "x", "buttons": []}, "/buttons"),
    ],
)
async def test_message_that_does_not_fit_is_a_422(
    client: httpx.AsyncClient, body: dict[str, Any], pointer: str
) -> None:
    """Nothing is laid in."""
    answer = await client.post(SEND, json=body)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await client.get("/messages")).json() == []


async def test_message_through_no_account_is_refused(client: httpx.AsyncClient) -> None:
    """Of none, of an impossible one, and of one that is switched off."""
    for path in (PATH, "/connectors/telegram/accounts/a:b", "/connectors/slack/accounts/x"):
        answer = await client.post(f"{path}/messages", json={"to": "1", "text": "halo"})
        assert (answer.status_code, answer.json()["code"]) == (404, "account_not_found")
    await client.put(PATH, json={**ACCOUNT, "enabled": False})
    off = await client.post(f"{PATH}/messages", json={"text": "halo"})
    assert (off.status_code, off.json()["code"]) == (409, "conflict")


@pytest.mark.parametrize("message_id", ["nobody", "due:telegram:bot_a01", "state:pending", "ÿ"])
async def test_message_that_is_not_there_is_a_404(client: httpx.AsyncClient, message_id: str) -> None:
    """A key that only resembles a message is not one: an index of messages."""
    await client.put(PATH, json=ACCOUNT)
    await client.post(f"{PATH}/messages", json={"text": "halo"})
    path = f"/messages/{message_id}"
    for answer in (
        await client.get(path),
        await client.post(f"{path}/resend"),
        await client.post(f"{path}/close"),
    ):
        assert (answer.status_code, answer.json()["code"]) == (404, "message_not_found")


async def test_account_says_until_when_its_channel_lets_nothing_go(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """Shown in both answers while it lasts, forgotten by itself; a save does not touch it."""
    await client.put(PATH, json=ACCOUNT)
    now_ms = platform.clock.now_ms()
    await platform.send_holds.note("telegram:bot_a01", now_ms - 1)
    assert (await client.get(PATH)).json()["rate_limited_until"] is None
    await platform.send_holds.note("telegram:bot_a01", now_ms + 60_000)
    got = AccountBody.model_validate_json((await client.get(PATH)).text)
    assert got.rate_limited_until == now_ms + 60_000
    before = platform.link.round_trips
    channels = {each["channel"]: each for each in (await client.get("/connectors")).json()}
    assert platform.link.round_trips - before == 3, "names, accounts, and what is known of them"
    assert channels["telegram"]["accounts"] == [(await client.get(PATH)).json()]
    assert [each["rate_limited_until"] for each in channels["sandbox"]["accounts"]] == [None]
    saved = await client.put(PATH, json={**ACCOUNT, "rate_limited_until": None})
    assert saved.json()["rate_limited_until"] is not None
    await platform.send_holds.note("telegram:bot_a01", platform.clock.now_ms() + 100)

    async def is_over() -> bool:
        return (await client.get(PATH)).json()["rate_limited_until"] is None

    await wait_until_async(is_over)


async def test_inbox_is_read_page_by_page(client: httpx.AsyncClient, platform: Services) -> None:
    """Newest first; the link leads to the end."""
    outbox = platform.outbox
    for number in range(3):
        await outbox.put(
            f"r:{number}", "sandbox", "default", "inbox", f"text {number}", job_id="j", run_id="r"
        )
    await outbox.deliver_to_inbox()
    first = await client.get("/connectors/sandbox/messages", params={"limit": 2})
    rest = await client.get(first.links["next"]["url"])
    shown = [InboxMessageBody.model_validate(each) for each in first.json() + rest.json()]
    assert [each.text for each in shown] == ["text 2", "text 1", "text 0"]
    assert (shown[0].message_id, shown[0].job_id, shown[0].run_id) == ("r:2", "j", "r")
    assert "next" not in rest.links
    for no_cursor in ("x", "%D9%A3-%D9%A3"):
        answer = await client.get(f"/connectors/sandbox/messages?cursor={no_cursor}")
        assert answer.status_code == 422, no_cursor


async def test_messages_wait_for_a_decision(client: httpx.AsyncClient, platform: Services) -> None:
    """A message that may have been sent is listed, sent again, or closed by an operator."""
    outbox = platform.outbox
    for entry_id in ("job-a@1:1", "r:2"):
        await outbox.put(entry_id, "telegram", "bot_a01", "42", "halo", job_id="job-a", run_id="r")
        await outbox.take("telegram", "bot_a01", f"c:{entry_id}")
        await outbox.settle(entry_id, f"c:{entry_id}", OutboxState.UNKNOWN, error="no answer")
    listed = await client.get("/messages", params={"state": "unknown"})
    assert [MessageBody.model_validate(each).id for each in listed.json()] == ["r:2", "job-a@1:1"]
    assert listed.headers["x-total-count"] == "2"
    resent = await client.post("/messages/job-a@1:1/resend")
    assert (resent.status_code, resent.json()["state"]) == (200, "pending")
    closed = await client.post("/messages/r:2/close")
    assert (closed.json()["state"], closed.json()["error_code"]) == ("failed", "closed")
    assert (await client.get("/messages?state=unknown")).json() == []
    assert len((await client.get("/messages")).json()) == 2
    again = await client.post("/messages/job-a@1:1/resend")
    assert (again.status_code, again.json()["code"]) == (409, "state_conflict")
    assert (await client.post("/messages/nobody/close")).json()["code"] == "message_not_found"


SLACK = "/connectors/slack/accounts/ops"
SLACK_ACCOUNT: dict[str, Any] = {"secrets": {"webhook_url": "https://hooks.slack.com/services/T/B/canary"}}


async def test_account_of_one_place_needs_no_recipient(client: httpx.AsyncClient) -> None:
    """Its place is called as the channel, or as it is named; a message to another place is refused."""
    saved = await client.put(SLACK, json=SLACK_ACCOUNT)
    assert saved.json()["default_to"] == "slack"
    sent = await client.post(f"{SLACK}/messages", json={"text": "halo"})
    assert (sent.status_code, sent.json()["to"]) == (202, "slack")
    await client.put(SLACK, json={"default_to": "#ops"})
    for to in ("#ops", "OPS", "slack"):
        sent = await client.post(f"{SLACK}/messages", json={"text": "halo", "to": to})
        assert (sent.status_code, sent.json()["to"]) == (202, "#ops"), to
    refused = await client.post(f"{SLACK}/messages", json={"text": "halo", "to": "#sales"})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/to")
    default = {"channel": "slack", "account_id": "ops", "to": "#sales"}
    refused = await client.put("/settings/default-notify", json=default)
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/to")
    kept = await client.put("/settings/default-notify", json={**default, "to": "#ops"})
    assert kept.json()["value"] == "slack:ops:#ops"


async def test_connectors_say_what_a_form_asks_for(client: httpx.AsyncClient) -> None:
    """Which channels lead to one place, and through which people can send commands."""
    found = {each["channel"]: each for each in (await client.get("/connectors")).json()}
    sole = [name for name in found if found[name]["sole_recipient"]]
    assert sole == ["slack", "discord", "ntfy", "webhook"]
    assert [name for name in found if found[name]["commands"]] == ["telegram", "whatsapp"]


async def test_chat_users_are_named_over_http(client: httpx.AsyncClient, platform: Services) -> None:
    """The first is who connected the bot; each change is in the audit log, field by field."""
    await client.put(PATH, json=ACCOUNT)
    users = f"{PATH}/chat-users"
    assert (await client.get(users)).json() == [{"id": "42", "name": ""}]
    put = await client.put(f"{users}/43", json={"name": "Budi  Santoso"})
    assert (put.status_code, put.json()) == (200, {"id": "43", "name": "Budi Santoso"})
    saved = await client.put(PATH, json=ACCOUNT)
    assert saved.json()["chat_users"] == [{"id": "42", "name": ""}, {"id": "43", "name": "Budi Santoso"}]
    assert (await client.delete(f"{users}/42")).json() == {"id": "42", "status": "deleted"}
    gone = await client.delete(f"{users}/42")
    assert (gone.status_code, gone.json()["code"]) == (404, "chat_user_not_found")
    refused = await client.put(f"{users}/@ana", json={})
    assert (refused.status_code, refused.json()["errors"][0]["pointer"]) == (422, "/chat_users")
    assert (
        await client.put("/connectors/sandbox/accounts/default/chat-users/42", json={})
    ).status_code == 409
    replaced = await client.put(PATH, json={**ACCOUNT, "chat_users": [{"id": "44"}]})
    assert replaced.json()["chat_users"] == [{"id": "44", "name": ""}]
    entries = (await client.get("/audit", params={"target": "account:telegram:bot_a01"})).json()
    changes = [change for entry in entries[::-1] if entry["outcome"] == "ok" for change in entry["diff"]]
    named = [(each["path"], each["to"]) for each in changes if each["path"].startswith("/chat_users")]
    assert named == [
        ("/chat_users", {"42": ""}),
        ("/chat_users/43", "Budi Santoso"),
        ("/chat_users/42", None),
        ("/chat_users/43", None),
        ("/chat_users/44", ""),
    ]

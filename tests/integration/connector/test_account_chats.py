"""The chats of an account over HTTP, with a Telegram on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import parse_qs

import httpx
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.connectors.updates import Updates
from app.core.messaging.account_models import AccountDraft
from app.core.policies import Policies
from app.core.redis_client import RedisLink
from app.core.storage.scripts import Scripts
from app.services.api.app import create_app
from app.services.api.schemas.connectors import ChatBody
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, fake_registry
from tests.support.api.in_process import in_process
from tests.support.channels.fake_telegram import UNKNOWN_TOKEN, FakeTelegram, failure
from tests.support.channels.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID
from tests.support.channels.message_server import BOT, SOON_SEC, MessageServer
from tests.support.channels.webhook_calls import (
    APP_SECRET,
    call_whatsapp,
    telegram_press,
    telegram_text,
    whatsapp_body,
    whatsapp_text,
)
from tests.support.http.fake_remote import HANG
from tests.support.waiting import wait_until_async

PATH = f"/connectors/telegram/accounts/{BOT}/chats"
NUMBER_PATH = "/connectors/whatsapp/accounts/ops_01/chats"
INBOX = "/connectors/sandbox/accounts/default"
CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"


@pytest.fixture
async def client(settings: Settings, link: RedisLink) -> AsyncIterator[httpx.AsyncClient]:
    platform = Services(settings, SystemClock(), link, fake_registry(), Policies())
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        yield client
    await platform.notifier.close()


def group_text(update_id: int) -> dict[str, Any]:
    """Return a picture that somebody sent to a group, a minute after the texts."""
    chat = {"id": -100, "type": "supergroup", "title": "Ops\u202e\nteam"}
    sender = {"id": 7, "is_bot": False, "first_name": "Budi"}
    message: dict[str, Any] = {"message_id": 1, "date": 1_700_000_060, "chat": chat, "from": sender}
    message["photo"] = []
    return {"update_id": update_id, "message": message}


async def chats(client: httpx.AsyncClient, path: str = PATH) -> list[tuple[str, str, str]]:
    answer = await client.post(path)
    assert answer.status_code == 200, answer.text
    return [(each.chat_id, each.title, each.kind) for each in map(ChatBody.model_validate, answer.json())]


async def refused(client: httpx.AsyncClient, status: int, path: str = PATH) -> tuple[str, str]:
    """Return code and detail of a refusal."""
    answer = await client.post(path)
    assert answer.status_code == status, answer.text
    return answer.json()["code"], answer.json()["detail"]


async def test_chats_of_a_bot_are_seen_and_left_for_its_owner(
    server: MessageServer, telegram: FakeTelegram, client: httpx.AsyncClient
) -> None:
    """Looked at as often as anybody likes: nothing is confirmed, and no kind of update is chosen."""
    await server.set_up()
    server.fleet.start("connector")
    assert await chats(client) == []
    telegram.write(
        telegram_text(1, "/start", date=1_700_000_000), group_text(2), telegram_press(3, "x", chat=43)
    )
    for _ in range(2):
        assert await chats(client) == [("-100", "Ops team", "group"), ("42", "Ani", "private")]
    assert [each["update_id"] for each in telegram.updates] == [1, 2, 3]
    asked = [parse_qs(each.body.decode()) for each in telegram.requests if each.path.endswith("getUpdates")]
    assert telegram.polls == len(asked) == 3
    assert all({"offset", "allowed_updates"}.isdisjoint(each) for each in asked)
    [_, ani] = (await client.post(PATH)).json()
    assert ani["last_text_at"] == "2023-11-14T22:13:20.000Z"


async def test_chats_of_a_bot_that_takes_commands_are_those_that_wrote(
    server: MessageServer, telegram: FakeTelegram, client: httpx.AsyncClient, scripts: Scripts
) -> None:
    """From what was stored: strangers too, who get no answer, and for long after they were heard."""
    await server.set_up(commands=True, allow_chats=("1",))
    server.fleet.start("connector")
    telegram.write(telegram_text(1, "/start"), telegram_press(2, "x", chat=43))
    updates = Updates(server.link, scripts, server.keys)

    async def treated() -> bool:
        return not telegram.updates and await updates.count(f"telegram:{BOT}") == 0

    await wait_until_async(treated, 60, "all updates are treated")
    assert await chats(client) == [("42", "Ani", "private")]
    assert telegram.taken == []
    assert 0 < await server.link.call("TTL", server.keys.chats(f"telegram:{BOT}")) <= 8 * 86_400


async def test_chats_behind_a_webhook_are_not_looked_for(
    server: MessageServer, telegram: FakeTelegram, client: httpx.AsyncClient
) -> None:
    """For a foreign webhook only its host is shown; for our own, what was stored."""
    await server.set_up()
    telegram.webhook_url = "https://bots.example.org/hooks/secret-of-its-owner"
    server.fleet.start("connector")
    code, detail = await refused(client, 409)
    assert (code, "bots.example.org" in detail, "secret-of-its-owner" in detail) == (
        *("chats_unavailable", True, False),
    )
    telegram.webhook_url = f"https://here.example.org/webhooks/telegram/{BOT}"
    assert await chats(client) == []
    assert telegram.polls == 0


async def test_chats_of_a_bot_with_another_poller_are_refused(
    server: MessageServer, telegram: FakeTelegram, client: httpx.AsyncClient
) -> None:
    """Telegram's 409 is explained in words; once the other consumer is gone, the check succeeds."""
    await server.set_up()
    telegram.poll_replies.append(failure(409, CONFLICT))
    server.fleet.start("connector")
    code, detail = await refused(client, 409)
    assert (code, detail.startswith("Another program fetches")) == ("chats_unavailable", True)
    telegram.write(telegram_text(1, "/start"))
    assert [each for each, _, _ in await chats(client)] == ["42"]


async def test_chats_behind_a_hundred_updates_are_refused(
    server: MessageServer, telegram: FakeTelegram, client: httpx.AsyncClient
) -> None:
    """The newest could only be seen by taking the oldest away."""
    await server.set_up()
    telegram.write(*(telegram_text(number, "x", chat=number) for number in range(1, 100)))
    server.fleet.start("connector")
    assert len(await chats(client)) == 99
    telegram.write(telegram_text(100, "/start"))
    assert (await refused(client, 409))[0] == "chats_unavailable"
    assert len(telegram.updates) == 100


async def test_chats_of_a_bot_that_cannot_be_asked_are_no_empty_list(
    server: MessageServer, telegram: FakeTelegram, client: httpx.AsyncClient
) -> None:
    """A silent Telegram may pass; a wrong token, a disabled account and none at all do not."""
    assert (await refused(client, 404))[0] == "account_not_found"
    await server.set_up()
    server.fleet.start("connector", CHANNEL_TIMEOUT_SEC=SOON_SEC)
    telegram.poll_replies.append(HANG)
    assert (await refused(client, 503))[0] == "check_unavailable"
    assert await chats(client) == []
    await server.set_up(token=UNKNOWN_TOKEN)

    async def served_again() -> bool:
        return (await client.post(PATH)).status_code != 200

    await wait_until_async(served_again, 60, "the account is served with its new token")
    code, detail = await refused(client, 409)
    assert (code, "Telegram refuses" in detail, UNKNOWN_TOKEN in detail) == ("chats_unavailable", True, False)
    await server.set_up(enabled=False)
    code, detail = await refused(client, 409)
    assert (code, "disabled" in detail) == ("chats_unavailable", True)


async def test_chats_without_a_connector_are_a_503(server: MessageServer, client: httpx.AsyncClient) -> None:
    """An unchecked account differs from one without messages."""
    await server.set_up()
    assert (await refused(client, 503))[0] == "check_unavailable"


async def test_chats_of_a_number_are_its_senders(server: MessageServer, client: httpx.AsyncClient) -> None:
    """By its webhook, with the names that people gave themselves; without one there is no such list."""
    secrets = {"access_token": ACCESS_TOKEN}
    number = AccountDraft("whatsapp", "ops_01", {"phone_number_id": NUMBER_ID}, secrets)
    await server.accounts.put(number, "test")
    code, detail = await refused(client, 409, NUMBER_PATH)
    assert (code, "`app_secret`" in detail) == ("chats_unavailable", True)
    secrets["app_secret"] = APP_SECRET
    await server.accounts.put(number, "test")
    assert await chats(client, NUMBER_PATH) == []
    contacts: list[dict[str, Any]] = [
        {"wa_id": "628110000", "profile": {"name": "Ani"}},
        {"wa_id": 7},
        {"profile": {}},
    ]
    await call_whatsapp(client, whatsapp_body([whatsapp_text("wamid.1", "halo")], contacts=contacts))
    assert await chats(client, NUMBER_PATH) == [("628110000", "Ani", "private")]


async def test_chats_of_the_sandbox_are_its_recipients(
    server: MessageServer, client: httpx.AsyncClient
) -> None:
    """Each once, however much it got, of this account alone."""
    for to in ("a", "b", "a"):
        await client.post(f"{INBOX}/messages", json={"to": to, "text": "halo"})
    await client.put("/connectors/sandbox/accounts/other", json={})
    await client.post("/connectors/sandbox/accounts/other/messages", json={"to": "c", "text": "halo"})
    for account_id in ("default", "other"):
        await server.outbox.deliver_to_inbox(account_id)
    assert sorted(await chats(client, f"{INBOX}/chats")) == [("a", "a", "sandbox"), ("b", "b", "sandbox")]
    assert await chats(client, "/connectors/sandbox/accounts/other/chats") == [("c", "c", "sandbox")]


async def test_looking_at_chats_is_not_audited(client: httpx.AsyncClient) -> None:
    """A wizard looks every few seconds, and nothing is changed."""
    await chats(client, f"{INBOX}/chats")
    assert (await client.get("/audit")).json() == []


@pytest.mark.parametrize("path", ["/connectors/slack/accounts/x", "/connectors/telegram/accounts/a:b"])
async def test_chats_of_no_account_are_a_404(client: httpx.AsyncClient, path: str) -> None:
    """Neither is there anybody to ask."""
    assert (await refused(client, 404, f"{path}/chats"))[0] == "account_not_found"

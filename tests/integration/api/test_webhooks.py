"""Webhooks over HTTP on a real server: proven calls are kept, each update once; all else is refused."""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.connectors.updates import (
    CHATS_KEPT,
    COMMAND_MAX_AGE_MS,
    COMMAND_MAX_AHEAD_MS,
    ID_KEPT_MS,
    LIFETIME_MS,
    Chat,
    Update,
    Updates,
)
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.outbox import OutboxState
from app.core.policies import Policies
from app.core.redis_client import RedisLink
from app.core.secrets.sealing import SecretBox
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.services.api.app import create_app
from app.services.api.schemas.connectors import MessageBody, WebhookTaken
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, fake_registry
from tests.support.api.in_process import in_process
from tests.support.channels.fake_telegram import TOKEN
from tests.support.channels.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID
from tests.support.channels.webhook_calls import (
    APP_SECRET,
    TELEGRAM_PATH,
    VERIFY_TOKEN,
    WEBHOOK_SECRET,
    WHATSAPP_PATH,
    call_telegram,
    call_whatsapp,
    signed,
    telegram_press,
    telegram_text,
    whatsapp_body,
    whatsapp_text,
)

BOT, NUMBER = "telegram:bot_a01", "whatsapp:ops_01"


@pytest.fixture
async def platform(settings: Settings, link: RedisLink) -> Services:
    platform = Services(settings, SystemClock(), link, fake_registry(), Policies())
    accounts = platform.accounts
    telegram = {"token": TOKEN, "webhook_secret": WEBHOOK_SECRET}
    await accounts.put(AccountDraft("telegram", "bot_a01", secrets=telegram), "test")
    await accounts.put(
        AccountDraft(
            "whatsapp",
            "ops_01",
            {"phone_number_id": NUMBER_ID},
            {"access_token": ACCESS_TOKEN, "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN},
        ),
        "test",
    )
    return platform


@pytest.fixture
async def client(platform: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client


@pytest.fixture
def updates(link: RedisLink, scripts: Scripts, keys: Keys) -> Updates:
    return Updates(link, scripts, keys)


async def test_telegram_update_is_kept_with_what_matters(client: httpx.AsyncClient, updates: Updates) -> None:
    """Sender, text, chat and language of an update; a pressed button with its data."""
    first = await call_telegram(client, telegram_text(7, "/status", date=1_700_000_000))
    await call_telegram(client, telegram_press(8, "plan:1"))
    assert (first.status_code, WebhookTaken.model_validate_json(first.text).stored) == (200, 1)
    text, press = [each.update for each in await updates.waiting(BOT, 10)]
    assert (text.id, text.chat, text.person, text.text) == ("7", "42", "42", "/status")
    assert (text.language, text.private, text.sent_at) == ("id", True, 1_700_000_000_000)
    assert (press.press_id, press.pressed, press.person, press.text) == ("press-8", "plan:1", "42", "")


async def test_update_that_comes_again_is_stored_once(client: httpx.AsyncClient, updates: Updates) -> None:
    """Telegram repeats a call if it saw no answer, even after the update was processed."""
    update = telegram_text(7, "/status")
    assert (await call_telegram(client, update)).json()["stored"] == 1
    assert (await call_telegram(client, update)).json()["stored"] == 0
    [stored] = await updates.waiting(BOT, 10)
    await updates.acknowledge(BOT, stored)
    assert (await call_telegram(client, update)).json()["stored"] == 0
    assert await updates.waiting(BOT, 10) == []


async def test_ids_of_updates_are_forgotten_in_the_end(scripts: Scripts, link: RedisLink, keys: Keys) -> None:
    """What is kept and remembered has a bound: the newest stay."""
    arguments = [part for number in range(6) for part in (str(number), "{}", "{}", "", "")]
    assert await scripts.run("accounts/store_updates", BOT, 3, 4, 0, 60_000, 2, *arguments) == ["OK", 6]
    assert await link.call("XLEN", keys.updates(BOT)) == 3
    assert await link.call("ZCARD", keys.updates_seen(BOT)) == 4


async def test_id_of_an_update_is_remembered_while_it_could_act(
    scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """A flood of messages pushes out no id of a command that a replay could still execute."""
    arguments = [part for number in range(6) for part in (str(number), "{}", "{}", "", "")]
    call = ("accounts/store_updates", BOT, 3, 4, ID_KEPT_MS, LIFETIME_MS, 2)
    assert await scripts.run(*call, *arguments) == ["OK", 6]
    assert await link.call("ZCARD", keys.updates_seen(BOT)) == 6
    assert await scripts.run(*call, *arguments) == ["OK", 0]
    assert ID_KEPT_MS >= COMMAND_MAX_AGE_MS + COMMAND_MAX_AHEAD_MS
    assert LIFETIME_MS > ID_KEPT_MS


async def test_chats_of_an_account_are_the_newest(updates: Updates, link: RedisLink, keys: Keys) -> None:
    """At most as many chats as are kept; each chat's newest text counts, with its title at that time."""
    texts = [
        Update(str(number), f"c{number}", sent_at=number, text="x", chat_title=f"T:{number}")
        for number in range(CHATS_KEPT + 3)
    ]
    await updates.store(BOT, [*texts, Update("again", "c5", sent_at=10_000, text="x", chat_title="New")])
    found = await updates.chats(BOT)
    assert [found[0], found[-1]] == [
        Chat("c5", "New", "private", 10_000),
        Chat("c3", "T:3", "private", 3),
    ]
    assert len(found) == CHATS_KEPT


async def test_chats_of_a_deleted_account_are_forgotten(
    client: httpx.AsyncClient, platform: Services, updates: Updates
) -> None:
    """People's names go with it."""
    await call_telegram(client, telegram_text(7, "/start"))
    assert [each.title for each in await updates.chats(BOT)] == ["Ani"]
    await platform.accounts.delete("telegram", "bot_a01", "test")
    assert await updates.chats(BOT) == ()


@pytest.mark.parametrize(
    "odd",
    [
        {},
        {"update_id": "x"},
        {"update_id": 9, "message": {"chat": {"id": 1}, "text": "no sender", "date": 1}},
        {"update_id": 9, "message": {"chat": {"id": 1}, "from": {"id": 2}, "date": 1}},
        {"update_id": 9, "edited_message": {"chat": {"id": 1}, "text": "edited"}},
        {"update_id": 9, "callback_query": {"id": "1", "from": {"id": 2}, "data": "x"}},
        {"update_id": 10**30, "message": {"chat": {"id": 1}, "from": {"id": 2}, "text": "x"}},
        {"update_id": 9, "message": [[["deep"]]]},
    ],
)
async def test_telegram_update_of_another_kind_brings_nothing(
    client: httpx.AsyncClient, updates: Updates, odd: dict[str, Any]
) -> None:
    """It is thanked for, or Telegram would send it for a day, and nothing of it is kept."""
    answer = await call_telegram(client, odd)
    assert answer.status_code == (422 if odd.get("update_id") == 10**30 else 200)
    assert await updates.count(BOT) == 0


async def test_telegram_without_its_word_is_refused(
    client: httpx.AsyncClient, updates: Updates, platform: Services
) -> None:
    """A wrong secret, none, an empty one; without a secret in the account every call is refused."""
    for sent in ("wrong", "", f"{WEBHOOK_SECRET}x"):
        answer = await call_telegram(client, telegram_text(7, "x"), sent)
        assert (answer.status_code, answer.json()["code"]) == (403, "wrong_signature")
    await platform.accounts.put(AccountDraft("telegram", "bot_a01", secrets={"webhook_secret": ""}), "test")
    answer = await call_telegram(client, telegram_text(7, "x"), "")
    assert (answer.status_code, WEBHOOK_SECRET in answer.text) == (403, False)
    assert await updates.count(BOT) == 0


async def test_whatsapp_text_is_kept_once(client: httpx.AsyncClient, updates: Updates) -> None:
    """Texts of this number; other kinds and other numbers bring nothing."""
    image = {"from": "628", "id": "wamid.9", "timestamp": "1", "type": "image", "image": {"id": "1"}}
    body = whatsapp_body([whatsapp_text("wamid.1", "halo"), image, {"id": 7}])
    assert (await call_whatsapp(client, body)).json() == {"stored": 1, "reports": 0}
    assert (await call_whatsapp(client, body)).json()["stored"] == 0
    other = whatsapp_body([whatsapp_text("wamid.2", "halo")], number_id="999")
    assert (await call_whatsapp(client, other)).json()["stored"] == 0
    [stored] = [each.update for each in await updates.waiting(NUMBER, 10)]
    assert (stored.id, stored.chat, stored.text) == ("wamid.1", "628110000", "halo")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"X-Hub-Signature-256": "sha256="},
        {"X-Hub-Signature-256": "sha256=" + "0" * 64},
        {"X-Hub-Signature-256": "ÿ"},
        signed(whatsapp_body([whatsapp_text("wamid.1", "halo")]), "another secret"),
        signed(whatsapp_body([whatsapp_text("wamid.1", "other text")])),
    ],
)
async def test_whatsapp_with_a_wrong_signature_is_refused(
    client: httpx.AsyncClient, updates: Updates, headers: dict[str, str]
) -> None:
    """The signature is of these very bytes under this very secret, or nothing of them is read."""
    body = whatsapp_body([whatsapp_text("wamid.1", "halo")])
    sent = [(name.encode(), value.encode("latin-1")) for name, value in headers.items()]
    answer = await client.post(WHATSAPP_PATH, content=body, headers=sent)
    assert (answer.status_code, answer.json()["code"]) == (403, "wrong_signature")
    assert await updates.count(NUMBER) == 0


async def test_whatsapp_report_is_seen_among_the_messages(
    client: httpx.AsyncClient, platform: Services
) -> None:
    """A message that Meta took and could not deliver is failed, with Meta's reason."""
    outbox = platform.outbox
    entry = await outbox.put("m:1", "whatsapp", "ops_01", "628", "halo")
    await outbox.take("whatsapp", "ops_01", "me:1")
    await outbox.settle(entry.id, "me:1", OutboxState.DELIVERED, provider_id="wamid.out", reported=True)
    sent = {"id": "wamid.out", "status": "sent", "timestamp": "1700000000", "recipient_id": "628"}
    await call_whatsapp(client, whatsapp_body(statuses=[sent, {"id": "wamid.out", "status": "warmed"}]))
    [shown] = (await client.get("/messages")).json()
    assert (shown["state"], shown["provider_state"]) == ("delivered", "sent")
    failed = {**sent, "status": "failed", "errors": [{"code": 131026, "title": "Message undeliverable"}]}
    assert (await call_whatsapp(client, whatsapp_body(statuses=[failed]))).json()["reports"] == 1
    [shown] = (await client.get("/messages", params={"state": "failed"})).json()
    body = MessageBody.model_validate(shown)
    assert (body.provider_state, body.error_code) == ("failed", "provider_failed")
    assert "Message undeliverable (code 131026)" in (body.error or "")


@pytest.mark.parametrize(("template", "state"), [({}, "failed"), ({"template_name": "alarm"}, "pending")])
async def test_whatsapp_report_on_a_closed_window_sends_the_template(
    client: httpx.AsyncClient, platform: Services, template: dict[str, str], state: str
) -> None:
    """Code 131047 is said in words; if the account has a template, the message waits to go out as that."""
    settings = {"phone_number_id": NUMBER_ID, **template}
    await platform.accounts.put(AccountDraft("whatsapp", "ops_01", settings), "test")
    entry = await platform.outbox.put("m:1", "whatsapp", "ops_01", "628", "halo")
    await platform.outbox.take("whatsapp", "ops_01", "me:1")
    await platform.outbox.settle(
        entry.id, "me:1", OutboxState.DELIVERED, provider_id="wamid.out", reported=True
    )
    errors = [{"code": 131047, "title": "Re-engagement message"}]
    failed = {"id": "wamid.out", "status": "failed", "timestamp": "1700000000", "errors": errors}
    for _turn in range(2):
        await call_whatsapp(client, whatsapp_body(statuses=[failed]))
    shown = MessageBody.model_validate((await client.get("/messages/m:1")).json())
    assert (shown.state, shown.error_code) == (state, "template_needed")
    assert "multi-job connect whatsapp ops_01 --set template_name=NAME" in (shown.error or "")


async def test_whatsapp_address_is_verified_by_its_token(client: httpx.AsyncClient) -> None:
    """Meta's challenge is returned only for the right token, and only if it is plain text."""
    query = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "1158201444"}
    answer = await client.get(WHATSAPP_PATH, params=query)
    assert (answer.status_code, answer.text) == (200, "1158201444")
    assert answer.headers["content-type"].startswith("text/plain")
    for wrong in (
        {"hub.verify_token": "x"},
        {"hub.verify_token": ""},
        {"hub.mode": "x"},
        {"hub.challenge": "a b\n"},
    ):
        refused = await client.get(WHATSAPP_PATH, params={**query, **wrong})
        assert (refused.status_code, refused.json()["code"]) == (403, "wrong_signature")
    assert (await client.get(TELEGRAM_PATH, params=query)).status_code == 403


UNPROVEN = {
    "unknown account": "/webhooks/telegram/nobody",
    "unknown number": "/webhooks/whatsapp/nobody",
    "unknown channel": "/webhooks/pigeon/a",
    "channel without webhooks": "/webhooks/sandbox/default",
    "malformed id": "/webhooks/telegram/.a b",
    "disabled account": "/webhooks/telegram/bot_off",
    "account without a secret": "/webhooks/telegram/bot_bare",
    "wrong word": TELEGRAM_PATH,
    "wrong signature": WHATSAPP_PATH,
}


async def add_accounts(platform: Services) -> None:
    put = platform.accounts.put
    secrets = {"token": TOKEN, "webhook_secret": WEBHOOK_SECRET}
    await put(AccountDraft("telegram", "bot_off", secrets=secrets, enabled=False), "test")
    await put(AccountDraft("telegram", "bot_bare", secrets={"token": TOKEN}), "test")


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_webhook_of_no_account_answers_as_a_wrong_signature(
    client: httpx.AsyncClient, platform: Services, method: str
) -> None:
    """The answers differ only in trace id and path, so they do not show which accounts exist."""
    await add_accounts(platform)
    headers = {
        "X-Telegram-Bot-Api-Secret-Token": "wrong",
        "X-Hub-Signature-256": "sha256=" + "0" * 64,
        "Content-Type": "application/json",
    }
    query = {"hub.mode": "subscribe", "hub.verify_token": "wrong", "hub.challenge": "1"}
    seen: set[str] = set()
    for path in UNPROVEN.values():
        answer = await client.request(
            method,
            path,
            headers=headers,
            params=query if method == "GET" else None,
            content=b'{"update_id": 1}' if method == "POST" else None,
        )
        body = answer.json()
        trace_id, instance = body.pop("trace_id"), body.pop("instance")
        length = len(answer.content) - len(instance)
        said = {
            name: value.replace(trace_id, "T")
            for name, value in answer.headers.items()
            if name != "traceparent"
        }
        said["content-length"] = str(int(said["content-length"]) - len(instance))
        assert (answer.status_code, body["code"], length > 0) == (403, "wrong_signature", True)
        seen.add(str((body, sorted(said.items()), length)))
    assert len(seen) == 1, seen


async def test_webhook_of_no_account_costs_as_much_as_a_wrong_signature(
    client: httpx.AsyncClient, platform: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Secrets are opened and compared for an unknown account too, over the whole body."""
    await add_accounts(platform)
    compared: list[int] = []
    opened: list[str] = []
    compare, unseal = hmac.compare_digest, SecretBox.open

    def counted(one: bytes, other: bytes) -> bool:
        compared.append(len(other))
        return compare(one, other)

    def noted(box: SecretBox, sealed: str, context: str) -> str:
        opened.append(context)
        return unseal(box, sealed, context)

    monkeypatch.setattr(hmac, "compare_digest", counted)
    monkeypatch.setattr(SecretBox, "open", noted)
    costs: dict[str, tuple[int, bool]] = {}
    for name, path in UNPROVEN.items():
        await client.post(path, json={"update_id": 1}, headers={"X-Hub-Signature-256": "sha256=0"})
        costs[name] = (len(compared), len(opened) >= 2)
        compared.clear()
        opened.clear()
    assert set(costs.values()) == {(1, True)}


async def test_decoy_secrets_prove_nothing(client: httpx.AsyncClient, updates: Updates) -> None:
    """A call to an unknown account is refused whatever it is signed with; the empty word as well."""
    for word in ("", "x"):
        headers = {"X-Telegram-Bot-Api-Secret-Token": word}
        answer = await client.post("/webhooks/telegram/nobody", json=telegram_text(7, "x"), headers=headers)
        assert answer.status_code == 403
    query = {"hub.mode": "subscribe", "hub.verify_token": "", "hub.challenge": "1"}
    assert (await client.get("/webhooks/whatsapp/nobody", params=query)).status_code == 403
    assert await updates.count("telegram:nobody") == 0


async def test_webhook_of_a_disabled_account_is_refused(
    client: httpx.AsyncClient, platform: Services, updates: Updates
) -> None:
    """Nothing is kept for an account that is not served, though the call proves itself."""
    await platform.accounts.put(AccountDraft("telegram", "bot_a01", enabled=False), "test")
    assert (await call_telegram(client, telegram_text(7, "x"))).status_code == 403
    assert await updates.count(BOT) == 0


async def test_webhook_bodies_are_bounded_and_json(client: httpx.AsyncClient, settings: Settings) -> None:
    """More than MAX_BODY_BYTES is 413 unread; signed nonsense is refused as any body is."""
    huge = whatsapp_body([whatsapp_text("wamid.1", "x" * settings.max_body_bytes)])
    assert (await call_whatsapp(client, huge)).status_code == 413
    assert (await call_whatsapp(client, b"{nonsense")).status_code == 400

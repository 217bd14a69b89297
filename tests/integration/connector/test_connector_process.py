"""The connector as a process, with a real Redis and a Telegram on loopback: it serves, and it recovers."""

from __future__ import annotations

import asyncio
import signal
import time

from app.core.clock import HOUR_MS
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import SendHolds
from app.core.messaging.lateness import DeliveryTime
from app.core.messaging.outbox import OutboxState
from app.core.process import EXIT_MISCONFIGURED
from app.core.redis_client import RedisLink
from app.core.secret_keys import fingerprint, new_key
from app.core.secrets.sealing import SecretBox
from tests.support.channels.fake_telegram import (
    OTHER_TOKEN,
    TOKEN,
    UNKNOWN_TOKEN,
    FakeTelegram,
    failure,
    too_many,
)
from tests.support.channels.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID, FakeWhatsApp
from tests.support.channels.message_server import (
    BOT,
    CHAT,
    SECRET_KEY,
    SOON_SEC,
    MessageServer,
)
from tests.support.faults.processes import START_SEC
from tests.support.http.fake_remote import HANG, RESET, Reply
from tests.support.waiting import wait_until, wait_until_async

BOT_NAME = f"telegram:{BOT}"


async def test_sandbox_account_is_always_there(server: MessageServer) -> None:
    """Without any account set up, a message lands in the inbox, and a check says up."""
    server.fleet.start("connector")
    sent = await server.put("halo", to="inbox", account_id="default", channel="sandbox")
    assert (await server.settled(sent)).state is OutboxState.DELIVERED
    assert [message.text for message in (await server.outbox.inbox(10))[0]] == ["halo"]
    assert (await server.check("default", "sandbox")).state == "up"


async def test_account_set_up_meanwhile_is_served(server: MessageServer, telegram: FakeTelegram) -> None:
    """An account is picked up without a restart; a check is a real call, a message has a receipt."""
    server.fleet.start("connector")
    await server.until_served("sandbox:default")
    await server.set_up()
    answer = await server.check()
    assert (answer.state, answer.reason, answer.command) == ("up", None, None)
    entry = await server.settled(await server.put("halo"))
    assert (entry.state, entry.provider_id, entry.attempts) == (OutboxState.DELIVERED, "1", 1)
    assert telegram.taken == [(CHAT, "halo")]
    await server.until_served(BOT_NAME)
    assert (await server.served())[BOT_NAME]["identity"] == "@fake_123456789_bot"
    assert await server.events(BOT_NAME) == ["account.up"]


async def test_whatsapp_account_is_served(server: MessageServer) -> None:
    """The Cloud API through the same task: a check reads the number, a message has Meta's id."""
    draft = AccountDraft(
        "whatsapp", "ops_01", {"phone_number_id": NUMBER_ID}, {"access_token": ACCESS_TOKEN}, default_to="628"
    )
    await server.accounts.put(draft, "test")
    with FakeWhatsApp() as whatsapp:
        server.fleet.start("connector", WHATSAPP_API_BASE=whatsapp.url)
        assert (await server.check("ops_01", "whatsapp")).state == "up"
        sent = await server.put("halo", to="628110000", account_id="ops_01", channel="whatsapp")
        assert (await server.settled(sent)).provider_id == "wamid.1"
    await server.until_served("whatsapp:ops_01")
    assert (await server.served())["whatsapp:ops_01"]["identity"] == "+62 811 0000"
    assert whatsapp.count("halo") == 1


async def test_checks_asked_together_are_one_call(server: MessageServer, telegram: FakeTelegram) -> None:
    """However many ask while the connector looks, the account is called twice at most."""
    await server.set_up()
    server.fleet.start("connector")
    await server.until_served(BOT_NAME)
    before = telegram.checks
    telegram.check_reply = Reply(200, {"ok": True, "result": BOT_USER}, delay_sec=0.3)
    answers = await asyncio.gather(*(server.check() for _ in range(20)))
    assert {answer.state for answer in answers} == {"up"}
    assert telegram.checks - before <= 3


BOT_USER = {"id": 123456789, "is_bot": True, "first_name": "Fake", "username": "fake_bot"}


async def test_hanging_send_is_unknown_and_never_sent_again(
    server: MessageServer, telegram: FakeTelegram
) -> None:
    """Telegram accepted the message without answering: it is not sent a second time."""
    telegram.plan(HANG, RESET, failure(500, "Internal Server Error"))
    await server.set_up()
    server.fleet.start("connector", CHANNEL_TIMEOUT_SEC=SOON_SEC)
    texts = ("hang", "reset", "five hundred")
    for text in texts:
        entry = await server.settled(await server.put(text))
        assert (entry.state, entry.error_code) == (OutboxState.UNKNOWN, "outcome_unknown"), text
    after = await server.settled(await server.put("after"))
    assert after.state is OutboxState.DELIVERED
    assert telegram.texts() == dict.fromkeys((*texts, "after"), 1)


async def test_retry_after_is_obeyed(server: MessageServer, telegram: FakeTelegram, link: RedisLink) -> None:
    """A rate-limited bot sends nothing to any chat until the limit ends, reports it, then sends the rest."""
    telegram.plan(too_many(2))
    await server.set_up()
    server.fleet.start("connector")
    await server.until_served(BOT_NAME)
    first = await server.put("first")
    waiting = await server.reaches(first, {OutboxState.PENDING, OutboxState.DELIVERED})
    await wait_until_async(lambda: any(r.path.endswith("sendMessage") for r in telegram.requests))
    asked = time.monotonic()
    holds = SendHolds(link, server.keys)
    await wait_until_async(lambda: holds.of([BOT_NAME]))
    second = await server.put("second", to="815")
    assert (await server.settled(first)).state is OutboxState.DELIVERED
    assert (await server.settled(second)).state is OutboxState.DELIVERED
    assert min(telegram.taken_at) - asked > 1.5
    assert telegram.texts() == {"first": 1, "second": 1}
    assert waiting.provider_id is None


async def test_chat_gets_a_message_a_second(server: MessageServer, telegram: FakeTelegram) -> None:
    """Messages to one chat keep their distance and their order; other chats do not wait for it."""
    await server.set_up()
    server.fleet.start("connector")
    await server.until_served(BOT_NAME)
    busy = [await server.put(f"to busy {number}") for number in range(3)]
    others = [await server.put(f"to {chat}", to=str(chat)) for chat in range(900, 906)]
    for entry_id in (*busy, *others):
        assert (await server.settled(entry_id)).state is OutboxState.DELIVERED
    at = {text: when for (_, text), when in zip(telegram.taken, telegram.taken_at, strict=True)}
    assert at["to busy 0"] < at["to busy 1"] < at["to busy 2"]
    # Two gaps of a second; the remote side may have taken the first message late.
    assert at["to busy 2"] - at["to busy 0"] > 1.0
    assert all(at[f"to {chat}"] < at["to busy 1"] for chat in range(900, 906))


async def test_late_message_says_so(server: MessageServer, telegram: FakeTelegram) -> None:
    """In the deployment's language; an expired one is not sent."""
    await server.set_up()
    server.fleet.start("connector")
    now = server.clock.now_ms()
    late = await server.put("halo", time=DeliveryTime(now - 10 * 60_000))
    expired = await server.put("promo", time=DeliveryTime(now - 2 * HOUR_MS, now - HOUR_MS))
    assert (await server.settled(late)).state is OutboxState.DELIVERED
    assert (await server.settled(expired)).error_code == "expired"
    [text] = telegram.texts()
    assert text.startswith("halo\n(terlambat, seharusnya ")


async def test_bad_token_is_down_and_says_how_to_mend_it(
    server: MessageServer, telegram: FakeTelegram
) -> None:
    """Checks name the command, messages fail for good, and the token is in no output."""
    await server.set_up(token=UNKNOWN_TOKEN)
    server.fleet.start("connector", LOG_LEVEL="DEBUG")
    answer = await server.check()
    assert (answer.state, answer.reason) == ("down", "channel_rejected")
    assert answer.command == "multi-job connect telegram bot_a01"
    entry = await server.settled(await server.put("halo"))
    assert (entry.state, entry.error_code) == (OutboxState.FAILED, "channel_rejected")
    assert await server.events(BOT_NAME) == ["account.down"]
    await server.set_up(token=TOKEN)
    await server.until_served(BOT_NAME)
    assert (await server.settled(await server.put("mended"))).state is OutboxState.DELIVERED
    assert await server.events(BOT_NAME) == ["account.down", "account.up"]
    logs = "".join(service.log_file.read_text("utf-8") for service in server.fleet.services)
    assert "a message was not delivered" in logs
    assert not any(token in logs for token in (TOKEN, UNKNOWN_TOKEN))


async def test_telegram_out_of_reach_keeps_the_message(server: MessageServer, telegram: FakeTelegram) -> None:
    """What surely was not sent is tried again, and the account is down meanwhile."""
    port, base = telegram.port, telegram.url
    assert base.endswith(str(port))
    await server.set_up()
    server.fleet.start("connector", TELEGRAM_API_BASE="http://127.0.0.1:9")
    assert (await server.check()).reason == "channel_unreachable"
    sent = await server.put("later")

    async def tried_again() -> bool:
        entry = await server.entry(sent)
        is_waiting = entry.state is OutboxState.PENDING and entry.attempts >= 2
        return is_waiting and entry.error_code == "channel_unreachable"

    await wait_until_async(tried_again)
    server.fleet.terminate(server.fleet.services[0])
    server.fleet.start("connector")
    assert (await server.settled(sent)).state is OutboxState.DELIVERED
    assert telegram.count("later") == 1


async def test_account_that_hangs_slows_no_other(server: MessageServer, telegram: FakeTelegram) -> None:
    """Each account has a task, a connection and messages of its own."""
    telegram.dumb.add(OTHER_TOKEN)
    await server.set_up()
    await server.set_up("broken", OTHER_TOKEN)
    server.fleet.start("connector", CHANNEL_TIMEOUT_SEC=SOON_SEC)
    await server.until_served("telegram:broken", "down")
    hanging = [await server.put(f"hang {n}", account_id="broken", to=str(n)) for n in range(1, 25)]
    for number in range(5):
        entry = await server.settled(await server.put(f"quick {number}", to=f"70{number}"))
        assert entry.state is OutboxState.DELIVERED
    assert (await server.check()).state == "up"
    # Eight at a time and two seconds each: those at the end are still waiting.
    assert (await server.entry(hanging[-1])).state in {OutboxState.PENDING, OutboxState.SENDING}
    assert {(await server.settled(each)).state for each in hanging} == {OutboxState.UNKNOWN}


async def test_disabled_account_waits_until_it_is_enabled(
    server: MessageServer, telegram: FakeTelegram
) -> None:
    """Nothing is called for it, and what was laid in goes once it is enabled."""
    await server.set_up()
    server.fleet.start("connector")
    await server.until_served(BOT_NAME)
    await server.set_up(enabled=False)
    await server.until_dropped(BOT_NAME)
    calls, sent = len(telegram.requests), await server.put("later")
    assert (await server.check()).reason == "disabled"
    await server.set_up("other", OTHER_TOKEN)
    await server.until_served("telegram:other")
    assert (await server.entry(sent)).state is OutboxState.PENDING
    assert [r.path for r in telegram.requests[calls:] if TOKEN in r.path] == []
    await server.set_up(enabled=True)
    assert (await server.settled(sent)).state is OutboxState.DELIVERED


async def test_removed_account_is_dropped(server: MessageServer, telegram: FakeTelegram) -> None:
    """Its connection is closed, and a check says that it is not set up."""
    await server.set_up()
    server.fleet.start("connector")
    await server.until_served(BOT_NAME)
    await server.accounts.delete("telegram", BOT, "test")
    await server.until_dropped(BOT_NAME)
    assert (await server.check()).reason == "no_account"


async def test_account_with_an_unreadable_secret_says_so(server: MessageServer) -> None:
    """A secret that was sealed by another key: down with the reason, and its neighbours live."""
    await server.set_up()
    sealed = SecretBox(b"another key").seal(TOKEN, f"{BOT_NAME}:token")
    await server.link.call("HSET", server.keys.account(BOT_NAME), "secret:token", sealed)
    await server.link.call("HSET", server.keys.secret_key, "id", fingerprint(SECRET_KEY.encode()))
    server.fleet.start("connector")
    answer = await server.check()
    assert answer.state == "down"
    assert "SECRET_KEY" in answer.detail
    assert answer.command == "multi-job connect telegram bot_a01"
    failed = await server.settled(await server.put("halo"))
    assert failed.state is OutboxState.FAILED
    assert (await server.check("default", "sandbox")).state == "up"


async def test_process_with_another_secret_key_leaves_at_once(server: MessageServer) -> None:
    """It would open no account: the last line of its log names both keys and the file to copy."""
    await server.set_up()
    server.fleet.start("connector")
    key = new_key()
    for service in ("connector", "scheduler", "worker"):
        (refused,) = server.fleet.start(service, wait=False, SECRET_KEY=key)
        assert refused.wait(START_SEC) == EXIT_MISCONFIGURED
        server.fleet.note_death(refused)
        reason = refused.lines()[-1]["reason"]
        assert fingerprint(key.encode()) in reason
        assert fingerprint(SECRET_KEY.encode()) in reason
        assert "runtime-data/secret.key" in reason


async def test_two_connectors_send_each_message_once(server: MessageServer, telegram: FakeTelegram) -> None:
    """One is active and one is on standby; the second takes over when the first is killed."""
    await server.set_up()
    server.fleet.start("connector", 2)
    sent = [await server.put(f"text {number}", to=str(number)) for number in range(1, 31)]
    await wait_until_async(lambda: len(telegram.taken) >= 10)
    holder = await server.link.call("GET", server.keys.account_lease(BOT_NAME))
    victim = next(each for each in server.fleet.services if f"-{each.pid}-" in holder)
    server.fleet.kill(victim)
    states = [(await server.settled(entry_id)).state for entry_id in sent]
    assert states.count(OutboxState.UNKNOWN) <= 8
    assert set(states) <= {OutboxState.DELIVERED, OutboxState.UNKNOWN}
    assert max(telegram.texts().values()) == 1
    delivered = sum(state is OutboxState.DELIVERED for state in states)
    assert delivered <= len(telegram.taken) <= len(sent)


async def test_killed_in_the_middle_of_a_send_is_unknown(
    server: MessageServer, telegram: FakeTelegram
) -> None:
    """What a dead connector had marked may have arrived: it is unknown, and the next one does not send it."""
    telegram.plan(Reply(silent=True))
    await server.set_up()
    (victim,) = server.fleet.start("connector", CHANNEL_TIMEOUT_SEC="60")
    sent = await server.put("halo")
    await wait_until_async(lambda: telegram.count("halo") == 1)
    server.fleet.kill(victim)
    server.fleet.start("connector")
    entry = await server.settled(sent)
    assert (entry.state, entry.error_code) == (OutboxState.UNKNOWN, "outcome_unknown")
    assert (await server.settled(await server.put("next"))).state is OutboxState.DELIVERED
    assert telegram.texts() == {"halo": 1, "next": 1}


async def test_stopping_connector_finishes_its_send(server: MessageServer, telegram: FakeTelegram) -> None:
    """The message under way is sent and settled, and the account is free for the next connector at once."""
    answer = {"message_id": 77, "date": 1_700_000_000, "chat": {"id": 1, "type": "private"}}
    telegram.plan(Reply(200, {"ok": True, "result": answer}, delay_sec=1.5))
    await server.set_up()
    (leaver,) = server.fleet.start("connector", CHANNEL_TIMEOUT_SEC="10")
    sent = await server.put("halo")
    await wait_until_async(lambda: telegram.count("halo") == 1)
    leaver.signal(signal.SIGTERM)
    await wait_until_async(lambda: leaver.code is not None, 60)
    entry = await server.entry(sent)
    assert (leaver.code, entry.state, entry.provider_id) == (0, OutboxState.DELIVERED, "77")
    assert await server.link.call("EXISTS", server.keys.account_lease(BOT_NAME)) == 0


async def test_connector_stopped_for_longer_than_its_lease_sends_nothing_twice(
    server: MessageServer, telegram: FakeTelegram
) -> None:
    """Another connector took over while this one hung; after it wakes up, it goes on standby."""
    await server.set_up()
    (sleeper,) = server.fleet.start("connector")
    await server.until_served(BOT_NAME)
    sent = [await server.put(f"text {number}", to=str(number)) for number in range(1, 41)]
    await wait_until_async(lambda: len(telegram.taken) >= 5)
    server.fleet.stop(sleeper)
    server.fleet.start("connector")
    await wait_until_async(lambda: len(telegram.taken) >= 20, 60)
    server.fleet.resume(sleeper)
    for entry_id in sent:
        await server.settled(entry_id, 20)
    assert max(telegram.texts().values()) == 1


async def test_connector_outlives_a_redis_that_forgets_its_scripts(
    server: MessageServer, telegram: FakeTelegram
) -> None:
    """A flushed script cache costs nothing."""
    await server.set_up()
    server.fleet.start("connector")
    await server.until_served(BOT_NAME)
    await server.link.call("SCRIPT", "FLUSH")
    assert (await server.settled(await server.put("halo"))).state is OutboxState.DELIVERED
    wait_until(lambda: not server.fleet.fallen())

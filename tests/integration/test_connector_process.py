"""The connector as a process, with a real Redis and a Telegram on loopback: it serves, and it recovers."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from app.core.config import Settings
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountHolds
from app.core.messaging.outbox import OutboxState
from app.core.process import EXIT_MISCONFIGURED
from app.core.redis_client import RedisLink
from app.core.secret_keys import fingerprint, new_key
from app.core.secrets.sealing import SecretBox
from tests.support.fake_remote import HANG, RESET, Reply
from tests.support.fake_telegram import OTHER_TOKEN, TOKEN, UNKNOWN_TOKEN, FakeTelegram, failure, too_many
from tests.support.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID, FakeWhatsApp
from tests.support.fault_processes import START_SEC
from tests.support.post_office import BOT, CHAT, SECRET_KEY, PostOffice, office_settings, open_post_office
from tests.support.waiting import wait_until, wait_until_async

BOT_NAME = f"telegram:{BOT}"


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
def settings(redis_url: str, tmp_path: Path, telegram: FakeTelegram) -> Settings:
    return office_settings(redis_url, tmp_path, telegram.url)


@pytest.fixture
async def office(settings: Settings, link: RedisLink, tmp_path: Path) -> AsyncIterator[PostOffice]:
    office = open_post_office(settings, link, tmp_path)
    yield office
    await office.close()


async def test_sandbox_account_is_always_there(office: PostOffice) -> None:
    """Without any account set up, a message lands in the inbox, and a check says up."""
    office.fleet.start("connector")
    sent = await office.put("halo", to="inbox", account_id="default", channel="sandbox")
    assert (await office.settled(sent)).state is OutboxState.DELIVERED
    assert [message.text for message in (await office.outbox.inbox(10))[0]] == ["halo"]
    assert (await office.check("default", "sandbox")).state == "up"


async def test_account_set_up_meanwhile_is_served(office: PostOffice, telegram: FakeTelegram) -> None:
    """An account is picked up without a restart; a check is a real call, a message has a receipt."""
    office.fleet.start("connector")
    await office.until_served("sandbox:default")
    await office.set_up()
    answer = await office.check()
    assert (answer.state, answer.reason, answer.command) == ("up", None, None)
    entry = await office.settled(await office.put("halo"))
    assert (entry.state, entry.provider_id, entry.attempts) == (OutboxState.DELIVERED, "1", 1)
    assert telegram.taken == [(CHAT, "halo")]
    await office.until_served(BOT_NAME)
    assert (await office.served())[BOT_NAME]["identity"] == "@fake_123456789_bot"
    assert await office.events(BOT_NAME) == ["account.up"]


async def test_whatsapp_account_is_served(office: PostOffice) -> None:
    """The Cloud API through the same task: a check reads the number, a message has Meta's id."""
    draft = AccountDraft(
        "whatsapp", "ops_01", {"phone_number_id": NUMBER_ID}, {"access_token": ACCESS_TOKEN}, default_to="628"
    )
    await office.accounts.put(draft, "test")
    with FakeWhatsApp() as whatsapp:
        office.fleet.start("connector", WHATSAPP_API_BASE=whatsapp.url)
        assert (await office.check("ops_01", "whatsapp")).state == "up"
        sent = await office.put("halo", to="628110000", account_id="ops_01", channel="whatsapp")
        assert (await office.settled(sent)).provider_id == "wamid.1"
    await office.until_served("whatsapp:ops_01")
    assert (await office.served())["whatsapp:ops_01"]["identity"] == "+62 811 0000"
    assert whatsapp.count("halo") == 1


async def test_checks_asked_together_are_one_call(office: PostOffice, telegram: FakeTelegram) -> None:
    """However many ask while the connector looks, the account is called twice at most."""
    await office.set_up()
    office.fleet.start("connector")
    await office.until_served(BOT_NAME)
    before = telegram.checks
    telegram.check_reply = Reply(200, {"ok": True, "result": BOT_USER}, delay_sec=0.3)
    answers = await asyncio.gather(*(office.check() for _ in range(20)))
    assert {answer.state for answer in answers} == {"up"}
    assert telegram.checks - before <= 3


BOT_USER = {"id": 123456789, "is_bot": True, "first_name": "Fake", "username": "fake_bot"}


async def test_hanging_send_is_unknown_and_never_sent_again(
    office: PostOffice, telegram: FakeTelegram
) -> None:
    """Telegram took the message and never answered: nobody sends it a second time."""
    telegram.plan(HANG, RESET, failure(500, "Internal Server Error"))
    await office.set_up()
    office.fleet.start("connector")
    texts = ("hang", "reset", "five hundred")
    for text in texts:
        entry = await office.settled(await office.put(text))
        assert (entry.state, entry.error_code) == (OutboxState.UNKNOWN, "outcome_unknown"), text
    after = await office.settled(await office.put("after"))
    assert after.state is OutboxState.DELIVERED
    assert telegram.texts() == dict.fromkeys((*texts, "after"), 1)


async def test_retry_after_is_obeyed(office: PostOffice, telegram: FakeTelegram, link: RedisLink) -> None:
    """A bot that is told to wait sends nothing until then, to nobody, and says so; then what it had."""
    telegram.plan(too_many(2))
    await office.set_up()
    office.fleet.start("connector")
    await office.until_served(BOT_NAME)
    first = await office.put("first")
    waiting = await office.reaches(first, {OutboxState.PENDING, OutboxState.DELIVERED})
    await wait_until_async(lambda: any(r.path.endswith("sendMessage") for r in telegram.requests))
    asked = time.monotonic()
    holds = AccountHolds(link, office.keys)
    await wait_until_async(lambda: holds.of([BOT_NAME]))
    second = await office.put("second", to="815")
    assert (await office.settled(first)).state is OutboxState.DELIVERED
    assert (await office.settled(second)).state is OutboxState.DELIVERED
    assert min(telegram.taken_at) - asked > 1.5
    assert telegram.texts() == {"first": 1, "second": 1}
    assert waiting.provider_id is None


async def test_chat_gets_a_message_a_second(office: PostOffice, telegram: FakeTelegram) -> None:
    """Messages to one chat keep their distance and their order; other chats do not wait for it."""
    await office.set_up()
    office.fleet.start("connector")
    await office.until_served(BOT_NAME)
    busy = [await office.put(f"to busy {number}") for number in range(3)]
    others = [await office.put(f"to {chat}", to=str(chat)) for chat in range(900, 906)]
    for entry_id in (*busy, *others):
        assert (await office.settled(entry_id)).state is OutboxState.DELIVERED
    at = {text: when for (_, text), when in zip(telegram.taken, telegram.taken_at, strict=True)}
    assert at["to busy 0"] < at["to busy 1"] < at["to busy 2"]
    # Two gaps of a second; the remote side may have taken the first message late.
    assert at["to busy 2"] - at["to busy 0"] > 1.0
    assert all(at[f"to {chat}"] < at["to busy 1"] for chat in range(900, 906))


async def test_bad_token_is_down_and_says_how_to_mend_it(office: PostOffice, telegram: FakeTelegram) -> None:
    """Checks name the command, messages fail for good, and the token stands nowhere."""
    await office.set_up(token=UNKNOWN_TOKEN)
    office.fleet.start("connector", LOG_LEVEL="DEBUG")
    answer = await office.check()
    assert (answer.state, answer.reason) == ("down", "channel_rejected")
    assert answer.command == "multi-job connect telegram bot_a01"
    entry = await office.settled(await office.put("halo"))
    assert (entry.state, entry.error_code) == (OutboxState.FAILED, "channel_rejected")
    assert await office.events(BOT_NAME) == ["account.down"]
    await office.set_up(token=TOKEN)
    await office.until_served(BOT_NAME)
    assert (await office.settled(await office.put("mended"))).state is OutboxState.DELIVERED
    assert await office.events(BOT_NAME) == ["account.down", "account.up"]
    logs = "".join(service.log_file.read_text("utf-8") for service in office.fleet.services)
    assert "a message was not delivered" in logs
    assert not any(token in logs for token in (TOKEN, UNKNOWN_TOKEN))


async def test_telegram_out_of_reach_keeps_the_message(office: PostOffice, telegram: FakeTelegram) -> None:
    """What surely was not sent is tried again, and the account is down meanwhile."""
    port, base = telegram.port, telegram.url
    assert base.endswith(str(port))
    await office.set_up()
    office.fleet.start("connector", TELEGRAM_API_BASE="http://127.0.0.1:9")
    assert (await office.check()).reason == "channel_unreachable"
    sent = await office.put("later")

    async def tried_again() -> bool:
        entry = await office.entry(sent)
        return entry.state is OutboxState.PENDING and entry.attempts >= 2

    await wait_until_async(tried_again)
    assert (await office.entry(sent)).error_code == "channel_unreachable"
    office.fleet.terminate(office.fleet.services[0])
    office.fleet.start("connector")
    assert (await office.settled(sent)).state is OutboxState.DELIVERED
    assert telegram.count("later") == 1


async def test_account_that_hangs_slows_no_other(office: PostOffice, telegram: FakeTelegram) -> None:
    """Each account has a task, a connection and messages of its own."""
    telegram.dumb.add(OTHER_TOKEN)
    await office.set_up()
    await office.set_up("broken", OTHER_TOKEN)
    office.fleet.start("connector")
    await office.until_served("telegram:broken", "down")
    hanging = [await office.put(f"hang {n}", account_id="broken", to=str(n)) for n in range(1, 41)]
    for number in range(5):
        entry = await office.settled(await office.put(f"quick {number}", to=f"70{number}"))
        assert entry.state is OutboxState.DELIVERED
    assert (await office.check()).state == "up"
    # Eight at a time and a second each: those at the end are still waiting.
    assert (await office.entry(hanging[-1])).state in {OutboxState.PENDING, OutboxState.SENDING}
    assert {(await office.settled(each)).state for each in hanging} == {OutboxState.UNKNOWN}


async def test_disabled_account_waits_until_it_is_enabled(office: PostOffice, telegram: FakeTelegram) -> None:
    """Nothing is called for it, and what was laid in goes once it is enabled."""
    await office.set_up()
    office.fleet.start("connector")
    await office.until_served(BOT_NAME)
    await office.set_up(enabled=False)
    await office.until_dropped(BOT_NAME)
    calls, sent = len(telegram.requests), await office.put("later")
    assert (await office.check()).reason == "disabled"
    await office.set_up("other", OTHER_TOKEN)
    await office.until_served("telegram:other")
    assert (await office.entry(sent)).state is OutboxState.PENDING
    assert [r.path for r in telegram.requests[calls:] if TOKEN in r.path] == []
    await office.set_up(enabled=True)
    assert (await office.settled(sent)).state is OutboxState.DELIVERED


async def test_removed_account_is_dropped(office: PostOffice, telegram: FakeTelegram) -> None:
    """Its connection is closed, and a check says that it is not set up."""
    await office.set_up()
    office.fleet.start("connector")
    await office.until_served(BOT_NAME)
    await office.accounts.delete("telegram", BOT, "test")
    await office.until_dropped(BOT_NAME)
    assert (await office.check()).reason == "no_account"


async def test_account_with_an_unreadable_secret_says_so(office: PostOffice) -> None:
    """A secret that was sealed by another key: down with the reason, and its neighbours live."""
    await office.set_up()
    sealed = SecretBox(b"another key").seal(TOKEN, f"{BOT_NAME}:token")
    await office.link.call("HSET", office.keys.account(BOT_NAME), "secret:token", sealed)
    await office.link.call("HSET", office.keys.secret_key, "id", fingerprint(SECRET_KEY.encode()))
    office.fleet.start("connector")
    answer = await office.check()
    assert answer.state == "down"
    assert "SECRET_KEY" in answer.detail
    assert answer.command == "multi-job connect telegram bot_a01"
    failed = await office.settled(await office.put("halo"))
    assert failed.state is OutboxState.FAILED
    assert (await office.check("default", "sandbox")).state == "up"


async def test_process_with_another_secret_key_leaves_at_once(office: PostOffice) -> None:
    """It would open no account: the last line of its log names both keys and the file to copy."""
    await office.set_up()
    office.fleet.start("connector")
    key = new_key()
    for service in ("connector", "scheduler", "worker"):
        (refused,) = office.fleet.start(service, wait=False, SECRET_KEY=key)
        assert refused.wait(START_SEC) == EXIT_MISCONFIGURED
        office.fleet.note_death(refused)
        reason = refused.lines()[-1]["reason"]
        assert fingerprint(key.encode()) in reason
        assert fingerprint(SECRET_KEY.encode()) in reason
        assert "runtime-data/secret.key" in reason


@pytest.mark.timeout(90)
async def test_two_connectors_send_each_message_once(office: PostOffice, telegram: FakeTelegram) -> None:
    """One serves and one stands by; the second takes over when the first is killed."""
    await office.set_up()
    office.fleet.start("connector", 2)
    sent = [await office.put(f"text {number}", to=str(number)) for number in range(1, 31)]
    await wait_until_async(lambda: len(telegram.taken) >= 10)
    holder = await office.link.call("GET", office.keys.account_lease(BOT_NAME))
    victim = next(each for each in office.fleet.services if f"-{each.pid}-" in holder)
    office.fleet.kill(victim)
    states = [(await office.settled(entry_id)).state for entry_id in sent]
    assert states.count(OutboxState.UNKNOWN) <= 8
    assert set(states) <= {OutboxState.DELIVERED, OutboxState.UNKNOWN}
    assert max(telegram.texts().values()) == 1
    delivered = sum(state is OutboxState.DELIVERED for state in states)
    assert delivered <= len(telegram.taken) <= len(sent)


async def test_killed_in_the_middle_of_a_send_is_unknown(office: PostOffice, telegram: FakeTelegram) -> None:
    """What a dead connector had marked may have arrived: it is unknown, and the next one does not send it."""
    telegram.plan(Reply(silent=True))
    await office.set_up()
    (victim,) = office.fleet.start("connector", CHANNEL_TIMEOUT_SEC="60")
    sent = await office.put("halo")
    await wait_until_async(lambda: telegram.count("halo") == 1)
    office.fleet.kill(victim)
    office.fleet.start("connector")
    entry = await office.settled(sent)
    assert (entry.state, entry.error_code) == (OutboxState.UNKNOWN, "outcome_unknown")
    assert (await office.settled(await office.put("next"))).state is OutboxState.DELIVERED
    assert telegram.texts() == {"halo": 1, "next": 1}


async def test_connector_told_to_stop_finishes_its_send(office: PostOffice, telegram: FakeTelegram) -> None:
    """The message under way is sent and settled, and the account is free for the next connector at once."""
    answer = {"message_id": 77, "date": 1_700_000_000, "chat": {"id": 1, "type": "private"}}
    telegram.plan(Reply(200, {"ok": True, "result": answer}, delay_sec=1.5))
    await office.set_up()
    (leaver,) = office.fleet.start("connector", CHANNEL_TIMEOUT_SEC="10")
    sent = await office.put("halo")
    await wait_until_async(lambda: telegram.count("halo") == 1)
    leaver.signal(signal.SIGTERM)
    await wait_until_async(lambda: leaver.code is not None, 15)
    entry = await office.entry(sent)
    assert (leaver.code, entry.state, entry.provider_id) == (0, OutboxState.DELIVERED, "77")
    assert await office.link.call("EXISTS", office.keys.account_lease(BOT_NAME)) == 0


@pytest.mark.timeout(90)
async def test_connector_stopped_for_longer_than_its_lease_sends_nothing_twice(
    office: PostOffice, telegram: FakeTelegram
) -> None:
    """Another one took over while it stood still; woken up, it stands by."""
    await office.set_up()
    (sleeper,) = office.fleet.start("connector")
    await office.until_served(BOT_NAME)
    sent = [await office.put(f"text {number}", to=str(number)) for number in range(1, 41)]
    await wait_until_async(lambda: len(telegram.taken) >= 5)
    office.fleet.stop(sleeper)
    office.fleet.start("connector")
    await wait_until_async(lambda: len(telegram.taken) >= 20, 20)
    office.fleet.resume(sleeper)
    for entry_id in sent:
        await office.settled(entry_id, 20)
    assert max(telegram.texts().values()) == 1


async def test_connector_outlives_a_redis_that_forgets_its_scripts(
    office: PostOffice, telegram: FakeTelegram
) -> None:
    """A flushed script cache costs nothing."""
    await office.set_up()
    office.fleet.start("connector")
    await office.until_served(BOT_NAME)
    await office.link.call("SCRIPT", "FLUSH")
    assert (await office.settled(await office.put("halo"))).state is OutboxState.DELIVERED
    wait_until(lambda: not office.fleet.fallen())

"""Calls to Telegram: failures are certain or unknown; the token stays secret."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Iterator

import pytest

from app.core.connectors.base import (
    ChannelBusy,
    ChannelError,
    ChannelLogin,
    ChannelRejected,
    ChannelUnreachable,
    Connector,
    ConnectorDefaults,
    OutcomeUnknown,
)
from app.core.connectors.channels import CHANNELS
from app.core.connectors.messages import OutgoingMessage
from app.core.i18n import render
from tests.support.channels.fake_telegram import TOKEN, UNKNOWN_TOKEN, FakeTelegram, failure, too_many
from tests.support.embedded_redis import free_port
from tests.support.http.fake_remote import HANG, RESET, Reply

CHAT = "4711"


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


def connect(base: str, token: str = TOKEN, total_sec: float = 5.0) -> Connector:
    """Return a connection of one bot."""
    defaults = ConnectorDefaults(base, "", connect_sec=1.0, total_sec=total_sec)
    kind = CHANNELS["telegram"]
    assert kind.connect is not None
    return kind.connect(ChannelLogin("bot_a01", {}, {"token": token}, defaults))


@pytest.fixture
async def bot(telegram: FakeTelegram) -> AsyncIterator[Connector]:
    connector = connect(telegram.url)
    yield connector
    await connector.close()


async def failed_send(connector: Connector, text: str = "hello", to: str = CHAT) -> ChannelError:
    """Return the error that a send ends with; no text on its way out holds the token."""
    with pytest.raises(ChannelError) as raised:
        await connector.send(OutgoingMessage(to, text))
    shown = "".join(traceback.format_exception(raised.value))
    assert TOKEN not in shown
    assert UNKNOWN_TOKEN not in shown
    return raised.value


async def test_telegram_send_returns_the_message_id(telegram: FakeTelegram, bot: Connector) -> None:
    """The receipt is the provider's own id."""
    assert await bot.send(OutgoingMessage(CHAT, "halo – «äöü» 🚀")) == "1"
    assert telegram.taken == [(CHAT, "halo – «äöü» 🚀")]


async def test_telegram_check_asks_who_the_bot_is(telegram: FakeTelegram, bot: Connector) -> None:
    """A check is a real call, and says how the bot is called."""
    health = await bot.check()
    assert (health.state, health.identity, health.detail) == ("up", "@fake_123456789_bot", "")
    assert telegram.checks == 1
    assert health.latency_ms < 5_000


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (failure(400, "Bad Request: chat not found"), ChannelRejected),
        (failure(401, "Unauthorized"), ChannelRejected),
        (failure(403, "Forbidden: bot was blocked by the user"), ChannelRejected),
        (failure(404, "Not Found"), ChannelRejected),
        (failure(409, "Conflict: terminated by other getUpdates request"), ChannelRejected),
        (failure(413, "Request Entity Too Large"), ChannelRejected),
        (failure(400, "Bad Request: group migrated", parameters={"migrate_to_chat_id": -1}), ChannelRejected),
        (Reply(302, b"", {"location": "http://127.0.0.1:9/"}), ChannelRejected),
        (Reply(400, b"<html>"), ChannelRejected),
        (too_many(17), ChannelBusy),
        (Reply(429, b"slow down"), ChannelBusy),
        (failure(400, "flood", parameters={"retry_after": 9}), ChannelBusy),
        (failure(500, "Internal Server Error"), OutcomeUnknown),
        (Reply(502, b"<html>Bad Gateway</html>"), OutcomeUnknown),
        (Reply(503, b""), OutcomeUnknown),
        (Reply(200, b"<html>"), OutcomeUnknown),
        (Reply(200, {"ok": True}), OutcomeUnknown),
        (Reply(200, {"ok": True, "result": {"message_id": 1}}), OutcomeUnknown),
        (RESET, OutcomeUnknown),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value.status),
)
async def test_telegram_answers_are_sure_or_unknown(
    telegram: FakeTelegram, bot: Connector, reply: Reply, expected: type[ChannelError]
) -> None:
    """Only what was surely refused or surely not taken may be sent again."""
    telegram.plan(reply)
    assert type(await failed_send(bot)) is expected
    assert telegram.count("hello") == (1 if expected is OutcomeUnknown else 0)


@pytest.mark.parametrize(("reply", "seconds"), [(too_many(17), 17), (Reply(429, b"slow down"), 30)])
async def test_telegram_busy_says_how_long_to_wait(
    telegram: FakeTelegram, bot: Connector, reply: Reply, seconds: float
) -> None:
    """`retry_after` is Telegram's; without one, a default is used."""
    telegram.plan(reply)
    error = await failed_send(bot)
    assert isinstance(error, ChannelBusy)
    assert error.retry_after_sec == seconds


async def test_telegram_that_hangs_leaves_the_outcome_unknown(telegram: FakeTelegram) -> None:
    """A message that was written and never answered may have been taken."""
    bot = connect(telegram.url, total_sec=0.2)
    telegram.plan(HANG)
    assert type(await failed_send(bot)) is OutcomeUnknown
    assert telegram.count("hello") == 1
    await bot.close()


async def test_telegram_out_of_reach_is_surely_unsent() -> None:
    """If the port is closed, nothing was sent."""
    bot = connect(f"http://127.0.0.1:{free_port()}")
    assert type(await failed_send(bot)) is ChannelUnreachable
    health = await bot.check()
    assert health.state == "down"
    assert render(health.detail, "id").startswith("Tidak tersambung: ")
    await bot.close()


async def test_telegram_refuses_a_token_without_telling_it(telegram: FakeTelegram) -> None:
    """A bad token is `down`, and no text holds it."""
    bot = connect(telegram.url, UNKNOWN_TOKEN)
    assert type(await failed_send(bot)) is ChannelRejected
    health = await bot.check()
    assert (health.state, health.identity) == ("down", None)
    assert "Unauthorized" in health.detail
    await bot.close()


async def test_telegram_answer_that_echoes_the_token_is_redacted(
    telegram: FakeTelegram, bot: Connector
) -> None:
    """Even a remote side that repeats the address does not bring the token into an error."""
    telegram.plan(failure(400, f"Bad Request: no such path /bot{TOKEN}/sendMessage"))
    error = await failed_send(bot)
    assert "***" in error.message


async def test_telegram_takes_no_text_longer_than_its_limit(telegram: FakeTelegram, bot: Connector) -> None:
    """A text that Telegram would refuse is refused without a call."""
    assert type(await failed_send(bot, "x" * 4097)) is ChannelRejected
    assert telegram.requests == []


async def test_telegram_busy_check_is_degraded(telegram: FakeTelegram, bot: Connector) -> None:
    """A bot that is held back is neither up nor down."""
    telegram.check_reply = too_many(3)
    assert (await bot.check()).state == "degraded"

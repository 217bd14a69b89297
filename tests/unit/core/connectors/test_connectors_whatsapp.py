"""Calls to WhatsApp's Cloud API: failures are certain or unknown."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Iterator

import pytest

from app.core.connectors import CHANNELS
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
from tests.support.channels.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID, FakeWhatsApp, failure
from tests.support.embedded_redis import free_port
from tests.support.http.fake_remote import HANG, RESET, Reply

TO = "6281100000"


@pytest.fixture
def whatsapp() -> Iterator[FakeWhatsApp]:
    with FakeWhatsApp() as whatsapp:
        yield whatsapp


def connect(base: str, token: str = ACCESS_TOKEN, total_sec: float = 5.0) -> Connector:
    """Return a connection of one number."""
    defaults = ConnectorDefaults("", base, connect_sec=1.0, total_sec=total_sec)
    kind = CHANNELS["whatsapp"]
    assert kind.connect is not None
    settings, secrets = {"phone_number_id": NUMBER_ID}, {"access_token": token}
    return kind.connect(ChannelLogin("ops_01", settings, secrets, defaults))


@pytest.fixture
async def number(whatsapp: FakeWhatsApp) -> AsyncIterator[Connector]:
    connector = connect(whatsapp.url)
    yield connector
    await connector.close()


async def failed_send(connector: Connector) -> ChannelError:
    """Return the error that a send ends with; no text on its way out holds the token."""
    with pytest.raises(ChannelError) as raised:
        await connector.send(TO, "hello")
    assert ACCESS_TOKEN not in "".join(traceback.format_exception(raised.value))
    return raised.value


async def test_whatsapp_send_returns_the_message_id(whatsapp: FakeWhatsApp, number: Connector) -> None:
    """The receipt is the provider's own id."""
    assert await number.send(TO, "halo") == "wamid.1"
    assert whatsapp.taken == [(TO, "halo")]


async def test_whatsapp_check_reads_the_number(number: Connector) -> None:
    """A check is a real call, and says which number it is."""
    health = await number.check()
    assert (health.state, health.identity, health.detail) == ("up", "+62 811 0000", "")


async def test_whatsapp_number_of_low_quality_is_degraded(whatsapp: FakeWhatsApp, number: Connector) -> None:
    """Meta may stop such a number soon."""
    whatsapp.number["quality_rating"] = "RED"
    health = await number.check()
    assert health.state == "degraded"
    assert "quality" in health.detail


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (failure(400, "Invalid parameter", 100), ChannelRejected),
        (failure(400, "Re-engagement message", 131047), ChannelRejected),
        (failure(401, "Error validating access token", 190), ChannelRejected),
        (failure(404, "Unsupported post request", 100), ChannelRejected),
        (Reply(400, [1, 2]), ChannelRejected),
        (failure(400, "Pair rate limit hit", 131056), ChannelBusy),
        (failure(429, "Rate limit hit", 130429), ChannelBusy),
        (Reply(429, b"slow down"), ChannelBusy),
        (failure(500, "Something went wrong", 131000), OutcomeUnknown),
        (Reply(503, b"<html>"), OutcomeUnknown),
        (Reply(200, b"<html>"), OutcomeUnknown),
        (Reply(200, {"messages": []}), OutcomeUnknown),
        (Reply(200, {"messages": [None]}), OutcomeUnknown),
        (RESET, OutcomeUnknown),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value.status),
)
async def test_whatsapp_answers_are_sure_or_unknown(
    whatsapp: FakeWhatsApp, number: Connector, reply: Reply, expected: type[ChannelError]
) -> None:
    """Only what was surely refused or surely not taken may be sent again."""
    whatsapp.plan(reply)
    assert type(await failed_send(number)) is expected
    assert whatsapp.count("hello") == (1 if expected is OutcomeUnknown else 0)


async def test_whatsapp_busy_obeys_the_header(whatsapp: FakeWhatsApp, number: Connector) -> None:
    """Meta says how long to wait in `Retry-After`."""
    whatsapp.plan(Reply(429, {}, {"retry-after": "12"}))
    error = await failed_send(number)
    assert isinstance(error, ChannelBusy)
    assert error.retry_after_sec == 12


async def test_whatsapp_that_hangs_leaves_the_outcome_unknown(whatsapp: FakeWhatsApp) -> None:
    """A message that was written and never answered may have been taken."""
    number = connect(whatsapp.url, total_sec=0.2)
    whatsapp.plan(HANG)
    assert type(await failed_send(number)) is OutcomeUnknown
    assert whatsapp.count("hello") == 1
    await number.close()


async def test_whatsapp_out_of_reach_is_surely_unsent() -> None:
    """If the port is closed, nothing was sent."""
    number = connect(f"http://127.0.0.1:{free_port()}")
    assert type(await failed_send(number)) is ChannelUnreachable
    assert (await number.check()).state == "down"
    await number.close()


async def test_whatsapp_bad_token_is_down(whatsapp: FakeWhatsApp) -> None:
    """A token that Meta does not know is the account's trouble, and no text holds it."""
    number = connect(whatsapp.url, "EAAAnotherTokenThatNobodyKnows")
    health = await number.check()
    assert health.state == "down"
    assert "EAAAnother" not in health.detail
    await number.close()

"""Calls to WhatsApp's Cloud API: failures are certain or unknown."""

from __future__ import annotations

import traceback
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

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
from app.core.connectors.messages import Button, OutgoingMessage
from app.core.connectors.whatsapp.content import TemplateNeeded
from tests.support.channels.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID, FakeWhatsApp, failure
from tests.support.embedded_redis import free_port
from tests.support.http.fake_remote import HANG, RESET, Reply

TO = "6281100000"


@pytest.fixture
def whatsapp() -> Iterator[FakeWhatsApp]:
    with FakeWhatsApp() as whatsapp:
        yield whatsapp


def connect(base: str, token: str = ACCESS_TOKEN, total_sec: float = 5.0, **more: object) -> Connector:
    """Return a connection of one number."""
    defaults = ConnectorDefaults("", base, connect_sec=1.0, total_sec=total_sec)
    kind = CHANNELS["whatsapp"]
    assert kind.connect is not None
    settings, secrets = {"phone_number_id": NUMBER_ID, **more}, {"access_token": token}
    return kind.connect(ChannelLogin("ops_01", settings, secrets, defaults))


@pytest.fixture
async def number(whatsapp: FakeWhatsApp) -> AsyncIterator[Connector]:
    connector = connect(whatsapp.url)
    yield connector
    await connector.close()


async def failed_send(connector: Connector) -> ChannelError:
    """Return the error that a send ends with; no text on its way out holds the token."""
    with pytest.raises(ChannelError) as raised:
        await connector.send(OutgoingMessage(TO, "hello"))
    assert ACCESS_TOKEN not in "".join(traceback.format_exception(raised.value))
    return raised.value


async def test_whatsapp_send_returns_the_message_id(whatsapp: FakeWhatsApp, number: Connector) -> None:
    """The receipt is the provider's own id."""
    assert await number.send(OutgoingMessage(TO, "halo")) == "wamid.1"
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
        (failure(400, "Re-engagement message", 131047), TemplateNeeded),
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


TEMPLATE: dict[str, Any] = {
    "template_name": "alarm",
    "template_language": "id",
    "template_parameters": ["{title}", "{text}"],
}
LETTER = OutgoingMessage(TO, "Toko mati\n\nsejak  14:02")


async def test_whatsapp_text_outside_of_the_window_says_what_is_needed(whatsapp: FakeWhatsApp) -> None:
    """Without a template the refusal names the command that sets one."""
    whatsapp.closed.add(TO)
    number = connect(whatsapp.url)
    with pytest.raises(TemplateNeeded, match=r"24 hours.*131047.*connect whatsapp ops_01") as refused:
        await number.send(LETTER)
    assert (refused.value.code, whatsapp.taken) == ("template_needed", [])
    await number.close()


@pytest.mark.parametrize(("is_known", "calls"), [(False, 2), (True, 1)])
async def test_whatsapp_template_carries_what_text_may_not(
    whatsapp: FakeWhatsApp, is_known: bool, calls: int
) -> None:
    """A refused text was not sent, so the template is sent; if the window is known to be closed, at once."""
    whatsapp.closed.add(TO)
    number = connect(whatsapp.url, **TEMPLATE)
    assert await number.send(replace(LETTER, needs_template=is_known)) == "wamid.1"
    assert whatsapp.taken == [(TO, "alarm/id: Toko mati | Toko mati · sejak 14:02")]
    assert len(whatsapp.requests) == calls
    await number.close()


async def test_whatsapp_text_within_the_window_is_text(whatsapp: FakeWhatsApp) -> None:
    """A template costs money, and says less."""
    number = connect(whatsapp.url, **TEMPLATE)
    await number.send(LETTER)
    assert whatsapp.taken == [(TO, LETTER.text)]
    await number.close()


async def test_whatsapp_parameter_is_one_short_line(whatsapp: FakeWhatsApp) -> None:
    """Meta refuses line breaks, and bodies above 1,024 characters."""
    number = connect(whatsapp.url, template_name="alarm")
    await number.send(OutgoingMessage(TO, "x\n" * 1_000, needs_template=True))
    said = whatsapp.taken[0][1].removeprefix("alarm/id: ")
    assert (len(said), said[-1], "\n" in said) == (800, "…", False)
    await number.close()


@pytest.mark.parametrize(
    ("buttons", "shown"),
    [
        ([Button("Run", "plan:1")], ["plan:1=Run"]),
        ([Button("A", "1"), Button("B", "2"), Button("C", "3")], ["1=A", "2=B", "3=C"]),
        ([Button(f"Choice {n}", str(n)) for n in range(4)], [f"{n}=Choice {n}" for n in range(4)]),
        (
            [Button("The account bot_a01 of Telegram", "1")],
            ["1=The account bot_a01 of … (The account bot_a01 of Telegram)"],
        ),
        ([Button("Yes", "1"), Button("Yes", "2")], ["1=Yes", "2=Yes"]),
    ],
    ids=["one", "three", "list", "long", "alike"],
)
async def test_whatsapp_buttons_are_replies_or_rows(
    whatsapp: FakeWhatsApp, number: Connector, buttons: list[Button], shown: list[str]
) -> None:
    """Three short ones are buttons; more, longer or equal ones are the rows of a list."""
    await number.send(OutgoingMessage(TO, "?", buttons=tuple(buttons)))
    assert (whatsapp.taken, whatsapp.buttons) == ([(TO, "?")], shown)

"""Calls to Slack, Discord, ntfy and signed webhooks: failures are certain or unknown, secrets stay secret."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import orjson
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
from app.core.connectors.guarded import account_tls_context
from app.core.connectors.messages import OutgoingMessage
from tests.support.channels.fake_webhooks import (
    DISCORD_PATH,
    NTFY_TOKEN,
    NTFY_TOPIC,
    SIGNING_SECRET,
    SLACK_PATH,
    FakeDiscord,
    FakeNtfy,
    FakeReceiver,
    FakeSlack,
    discord_limit,
    slack_limit,
)
from tests.support.embedded_redis import free_port
from tests.support.http.certificates import loopback_certificate, server_context
from tests.support.http.fake_remote import HANG, HOST, RESET, Reply

LETTER = OutgoingMessage("", "Toko mati\nsejak 14:02", "incident:7:opened:0", 1_800_000_000_000)
CHANNELS_HERE = ("slack", "discord", "ntfy", "webhook")
SECRETS = (SLACK_PATH, DISCORD_PATH, NTFY_TOKEN, SIGNING_SECRET)


def account_of(channel: str, base: str, **more: Any) -> tuple[dict[str, Any], dict[str, str]]:
    """Return settings and secrets of an account at a base address."""
    match channel:
        case "slack":
            return {}, {"webhook_url": f"{base}{SLACK_PATH}"}
        case "discord":
            return {}, {"webhook_url": f"{base}{DISCORD_PATH}"}
        case "ntfy":
            return {"base_url": base, "topic": NTFY_TOPIC, **more}, {"token": NTFY_TOKEN}
        case _:
            return {"url": f"{base}/hooks/alarms", **more}, {"signing_secret": SIGNING_SECRET}


def connect(channel: str, base: str, opened: str = "", total_sec: float = 5.0, **more: Any) -> Connector:
    """Return a connection; `opened` is the place that the operator allows."""
    kind = CHANNELS[channel]
    assert kind.connect is not None
    defaults = ConnectorDefaults("", "", total_sec=total_sec, opened=frozenset({opened} - {""}))
    return kind.connect(ChannelLogin("ops", *account_of(channel, base, **more), defaults))


FAKES: dict[str, Callable[..., Any]] = {
    "slack": FakeSlack,
    "discord": FakeDiscord,
    "ntfy": FakeNtfy,
    "webhook": FakeReceiver,
}


@dataclass
class Remote:
    """A fake, and how often it took the message."""

    channel: str
    fake: Any

    def connect(self, **more: Any) -> Connector:
        return connect(self.channel, self.fake.url, self.fake.place, **more)

    @property
    def count(self) -> int:
        return len(self.fake.calls if self.channel == "webhook" else self.fake.taken)


@pytest.fixture(params=CHANNELS_HERE)
def remote(request: pytest.FixtureRequest) -> Iterator[Remote]:
    with FAKES[request.param]() as fake:
        yield Remote(request.param, fake)


async def failed_send(connector: Connector, message: OutgoingMessage = LETTER) -> ChannelError:
    """Return the error that a send ends with; no text on its way out holds a secret."""
    with pytest.raises(ChannelError) as raised:
        await connector.send(message)
    shown = "".join(traceback.format_exception(raised.value))
    assert not [secret for secret in SECRETS if secret in shown]
    return raised.value


async def test_message_is_sent_once_and_has_a_receipt(remote: Remote) -> None:
    """The receipt is the remote side's own id, if it has one; a check changes nothing."""
    connector = remote.connect()
    assert (await connector.check()).state == "up"
    receipt = await connector.send(LETTER)
    assert remote.count == 1
    expected = {"slack": "", "discord": "1000", "ntfy": "ntfy1"}
    assert receipt == expected.get(remote.channel, receipt)
    assert remote.channel != "webhook" or receipt in remote.fake.kept
    await connector.close()


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (Reply(400, b"invalid_payload"), ChannelRejected),
        (Reply(403, b"action_prohibited"), ChannelRejected),
        (Reply(404, {"message": "Unknown Webhook", "code": 10015}), ChannelRejected),
        (Reply(410, b"channel_is_archived"), ChannelRejected),
        (Reply(302, b"", {"location": "http://169.254.169.254/"}), ChannelRejected),
        (slack_limit(12), ChannelBusy),
        (Reply(500, b"rollup_error"), OutcomeUnknown),
        (Reply(503, b"<html>", {"retry-after": "5"}), OutcomeUnknown),
        (RESET, OutcomeUnknown),
        (Reply(200, b"{}" * 10, cut=True), OutcomeUnknown),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else str(value.status),
)
async def test_answers_are_sure_or_unknown(
    remote: Remote, reply: Reply, expected: type[ChannelError]
) -> None:
    """Only what was surely refused or surely not taken may be sent again."""
    remote.fake.plan(reply)
    error = await failed_send(remote.connect())
    assert type(error) is expected
    assert remote.count == (1 if expected is OutcomeUnknown else 0)
    assert not isinstance(error, ChannelBusy) or error.retry_after_sec == 12


async def test_remote_side_that_hangs_leaves_the_outcome_unknown(remote: Remote) -> None:
    """A message that was written and never answered may have been taken."""
    remote.fake.plan(HANG)
    assert type(await failed_send(remote.connect(total_sec=0.2))) is OutcomeUnknown
    assert remote.count == 1


@pytest.mark.parametrize("channel", CHANNELS_HERE)
async def test_closed_port_is_surely_unsent(channel: str) -> None:
    """If the port is closed, nothing was sent."""
    place = f"{HOST}:{free_port()}"
    connector = connect(channel, f"http://{place}", place)
    assert type(await failed_send(connector)) is ChannelUnreachable
    assert (await connector.check()).state == "down"


@pytest.mark.parametrize("channel", CHANNELS_HERE)
async def test_private_address_is_refused_without_a_call(channel: str) -> None:
    """An account reaches private addresses only if the operator opens them."""
    with FAKES[channel]() as fake:
        error = await failed_send(connect(channel, fake.url))
        health = await connect(channel, fake.url).check()
    assert isinstance(error, ChannelRejected)
    assert f"HTTP_ALLOW_PRIVATE={fake.place}" in error.message
    assert (health.state, fake.connections) == ("down", 0)


@pytest.mark.parametrize("channel", CHANNELS_HERE)
async def test_public_address_needs_tls(channel: str) -> None:
    """The address or the text would be readable on its way."""
    error = await failed_send(connect(channel, "http://203.0.113.9"))
    assert isinstance(error, ChannelRejected)
    error = await failed_send(connect(channel, "http://8.8.8.8"))
    assert "needs https" in error.message


@pytest.mark.parametrize("channel", CHANNELS_HERE)
async def test_tls_is_checked_before_anything_is_sent(
    channel: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unknown certificate gets no message, and is no loss of one; SSL_CERT_FILE trusts it."""
    certificate = loopback_certificate(tmp_path)
    with FAKES[channel](tls=server_context(certificate)) as fake:
        account_tls_context.cache_clear()
        refused = await failed_send(connect(channel, fake.url, fake.place))
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        account_tls_context.cache_clear()
        trusting = connect(channel, fake.url, fake.place)
        try:
            assert (await trusting.check()).state == "up"
            await trusting.send(LETTER)
        finally:
            account_tls_context.cache_clear()
    assert (type(refused), "certificate" in refused.message.lower()) == (ChannelUnreachable, True)
    assert Remote(channel, fake).count == 1


async def test_text_that_is_too_long_is_refused_before_it_is_sent(remote: Remote) -> None:
    """The channel would cut it, or refuse it."""
    most = CHANNELS[remote.channel].max_chars
    error = await failed_send(remote.connect(), OutgoingMessage("", "x" * (most + 1)))
    assert isinstance(error, ChannelRejected)
    assert str(most) in error.message
    await remote.connect().send(OutgoingMessage("", "x" * most))
    assert remote.count == 1


@pytest.mark.parametrize("channel", ["slack", "discord"])
async def test_revoked_webhook_is_down(channel: str) -> None:
    """A check finds it before a message is lost."""
    with FAKES[channel]() as fake:
        fake.is_revoked = True
        connector = connect(channel, fake.url, fake.place)
        health = await connector.check()
        error = await failed_send(connector)
    assert (health.state, health.reason) == ("down", "channel_rejected")
    assert (type(error), Remote(channel, fake).count) == (ChannelRejected, 0)


async def test_ntfy_with_a_wrong_token_is_down() -> None:
    """The server checks the token of every call."""
    with FakeNtfy(token="tk_another") as ntfy:
        connector = connect("ntfy", ntfy.url, ntfy.place)
        health = await connector.check()
        error = await failed_send(connector)
    assert (health.state, "unauthorized" in health.detail) == ("down", True)
    assert (type(error), ntfy.taken) == (ChannelRejected, [])


async def test_ntfy_first_line_is_the_title() -> None:
    """A phone shows it in bold; a text of one line has no title of its own."""
    with FakeNtfy() as ntfy:
        connector = connect("ntfy", f"{ntfy.url}/", ntfy.place, priority=5)
        await connector.send(LETTER)
        await connector.send(OutgoingMessage("", "halo"))
        long = f"{'x' * 121}\nrest"
        await connector.send(OutgoingMessage("", long))
        ntfy.is_healthy = False
        assert (await connector.check()).state == "degraded"
    assert ntfy.taken == [
        (NTFY_TOPIC, "Toko mati", "sejak 14:02", 5),
        (NTFY_TOPIC, "", "halo", 5),
        (NTFY_TOPIC, "", long, 5),
    ]


async def test_slack_text_calls_nobody() -> None:
    """`<!channel>` in a text is a text."""
    with FakeSlack() as slack:
        await connect("slack", slack.url, slack.place).send(OutgoingMessage("", "<!channel> a & b"))
    assert slack.taken == ["&lt;!channel&gt; a &amp; b"]


async def test_discord_long_text_is_a_card() -> None:
    """A report may be longer than a message; the card below one takes it whole."""
    with FakeDiscord() as discord:
        connector = connect("discord", discord.url, discord.place)
        for length in (2_000, 2_001):
            await connector.send(OutgoingMessage("", "x" * length))
    assert [len(text) for text in discord.taken] == [2_000, 2_001]
    bodies = [orjson.loads(request.body) for request in discord.requests]
    assert [sorted(body) for body in bodies] == [
        ["allowed_mentions", "content", "flags"],
        ["allowed_mentions", "embeds"],
    ]


async def test_discord_wait_has_fractions() -> None:
    """The body is more precise than the header."""
    with FakeDiscord() as discord:
        discord.plan(discord_limit(3.25))
        error = await failed_send(connect("discord", discord.url, discord.place))
    assert isinstance(error, ChannelBusy)
    assert error.retry_after_sec == 3.25


async def test_webhook_has_one_id_in_every_attempt() -> None:
    """A receiver that knows the id drops a second copy; another message has another id."""
    with FakeReceiver() as receiver:
        connector = connect("webhook", receiver.url, receiver.place)
        receiver.plan(RESET)
        assert isinstance(await failed_send(connector), OutcomeUnknown)
        await connector.send(LETTER)
        await connector.send(replace(LETTER, created_at=LETTER.created_at + 1))
        await connector.send(replace(LETTER, text="another"))
    assert (len(receiver.calls), len(receiver.kept)) == (4, 3)
    first = receiver.calls[0][1]
    assert first["data"] == {
        "message_id": LETTER.id,
        "account": "webhook:ops",
        "to": "",
        "text": LETTER.text,
    }
    assert first["timestamp"] == "2027-01-15T08:00:00Z"


async def test_webhook_with_another_secret_is_refused() -> None:
    """The receiver finds that the signature is wrong."""
    with FakeReceiver(key=b"another key") as receiver:
        error = await failed_send(connect("webhook", receiver.url, receiver.place))
    assert (type(error), receiver.calls) == (ChannelRejected, [])


@pytest.mark.parametrize("drops_doubles", [False, True])
async def test_unknown_outcome_is_repeatable_if_the_receiver_drops_doubles(drops_doubles: bool) -> None:
    """Only the receiver's owner knows that; without it a person decides."""
    with FakeReceiver() as receiver:
        receiver.plan(Reply(500, b""))
        connector = connect("webhook", receiver.url, receiver.place, drops_doubles=drops_doubles)
        error = await failed_send(connector)
    assert isinstance(error, OutcomeUnknown)
    assert error.repeatable is drops_doubles

"""Email, Slack, Discord, ntfy and webhooks through a real connector process, with faults."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.core.config import Settings
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.outbox import OutboxState
from app.core.redis_client import RedisLink
from tests.support.channels.fake_smtp import PASSWORD, USERNAME, FakeSmtp
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
    slack_limit,
)
from tests.support.channels.message_server import SOON_SEC, MessageServer, open_message_server
from tests.support.http.certificates import loopback_certificate, server_context
from tests.support.http.fake_remote import HANG, RESET, Reply

TO = "siti@example.com"
ACCOUNT = "ops"


@dataclass
class Remotes:
    """The remote sides of all channels."""

    slack: FakeSlack
    discord: FakeDiscord
    ntfy: FakeNtfy
    receiver: FakeReceiver
    smtp: FakeSmtp
    certificate: Path

    def drafts(self) -> list[AccountDraft]:
        """Return one account of each channel."""
        email: dict[str, Any] = {"host": "127.0.0.1", "port": self.smtp.port}
        email |= {"from_address": USERNAME, "username": USERNAME}
        ntfy = {"base_url": self.ntfy.url, "topic": NTFY_TOPIC}
        webhook = {"url": self.receiver.address, "drops_doubles": True}
        return [
            AccountDraft("slack", ACCOUNT, {}, {"webhook_url": self.slack.address}),
            AccountDraft("discord", ACCOUNT, {}, {"webhook_url": self.discord.address}),
            AccountDraft("ntfy", ACCOUNT, ntfy, {"token": NTFY_TOKEN}),
            AccountDraft("webhook", ACCOUNT, webhook, {"signing_secret": SIGNING_SECRET}),
            AccountDraft("email", ACCOUNT, email, {"password": PASSWORD}, default_to=TO),
        ]

    @property
    def places(self) -> list[str]:
        return [each.place for each in (self.slack, self.discord, self.ntfy, self.receiver, self.smtp)]

    def count(self, text: str) -> dict[str, int]:
        """Return how often each remote side took a text."""
        return {
            "slack": self.slack.taken.count(text),
            "discord": self.discord.taken.count(text),
            "ntfy": sum(each[2] == text for each in self.ntfy.taken),
            "webhook": sum(body["data"]["text"] == text for _, body in self.receiver.calls),
            "email": sum(letter["Subject"] == text for letter in self.smtp.taken),
        }


CHANNELS = ("slack", "discord", "ntfy", "webhook", "email")


@pytest.fixture
def remotes(tmp_path: Path) -> Iterator[Remotes]:
    certificate = loopback_certificate(tmp_path)
    with (
        FakeSlack() as slack,
        FakeDiscord() as discord,
        FakeNtfy() as ntfy,
        FakeReceiver() as receiver,
        FakeSmtp(server_context(certificate)) as smtp,
    ):
        yield Remotes(slack, discord, ntfy, receiver, smtp, certificate)


@pytest.fixture
async def server(
    settings: Settings, link: RedisLink, tmp_path: Path, remotes: Remotes
) -> AsyncIterator[MessageServer]:
    """Give a connector that serves one account of each channel."""
    opened = settings.model_copy(update={"http_allow_private": remotes.places})
    server = open_message_server(opened, link, tmp_path)
    for draft in remotes.drafts():
        await server.accounts.put(draft, "test")
    server.fleet.start(
        "connector", SSL_CERT_FILE=str(remotes.certificate), LOG_LEVEL="DEBUG", CHANNEL_TIMEOUT_SEC=SOON_SEC
    )
    yield server
    await server.close()


async def put(server: MessageServer, channel: str, text: str) -> str:
    to = TO if channel == "email" else channel
    return await server.put(text, to=to, account_id=ACCOUNT, channel=channel)


async def test_each_channel_sends_once_and_is_checked(server: MessageServer, remotes: Remotes) -> None:
    """A check is a real call, a message is taken once, and has the receipt that its channel gives."""
    for channel in CHANNELS:
        answer = await server.check(ACCOUNT, channel)
        assert (answer.state, answer.detail) == ("up", ""), channel
    ids = {channel: await put(server, channel, "halo") for channel in CHANNELS}
    entries = {channel: await server.settled(ids[channel]) for channel in CHANNELS}
    assert {entry.state for entry in entries.values()} == {OutboxState.DELIVERED}
    assert remotes.count("halo") == dict.fromkeys(CHANNELS, 1)
    receipts = {channel: bool(entry.provider_id) for channel, entry in entries.items()}
    assert receipts == dict.fromkeys(CHANNELS, True) | {"slack": False}


async def test_faults_neither_lose_nor_double(server: MessageServer, remotes: Remotes) -> None:
    """Unknown outcomes stay unknown; what was surely not taken is sent once the remote side takes it."""
    for fake in (remotes.slack, remotes.discord, remotes.ntfy):
        fake.plan(HANG, Reply(500, b""), RESET)
    remotes.smtp.faults.extend(["hang", "cut"])
    lost = {
        text: [await put(server, each, text) for each in CHANNELS[:3]] for text in ("one", "two", "three")
    }
    lost |= {text: [*lost[text], await put(server, "email", text)] for text in ("one", "two")}
    for text, ids in lost.items():
        states = {(await server.settled(entry_id)).state for entry_id in ids}
        assert states == {OutboxState.UNKNOWN}, text
    # A receiver that drops doubles gets the message until it is sure.
    remotes.receiver.plan(Reply(500, b""), RESET, Reply(429, b"", {"retry-after": "1"}))
    repeated = await server.settled(await put(server, "webhook", "once"))
    assert (repeated.state, repeated.attempts >= 4) == (OutboxState.DELIVERED, True)
    assert (len(remotes.receiver.calls) >= 3, len(remotes.receiver.kept)) == (True, 1)
    # It arrived at the first try, so that the second is refused does not make it unsent.
    remotes.receiver.plan(Reply(500, b""), Reply(400, b""))
    refused = await server.settled(await put(server, "webhook", "refused"))
    assert (refused.state, refused.error_code) == (OutboxState.UNKNOWN, "channel_rejected")
    for fake in (remotes.slack, remotes.discord, remotes.ntfy):
        fake.plan(slack_limit(1))
    remotes.smtp.answers["RCPT"] = "450 4.2.1 Greylisted"
    waiting = [await put(server, channel, "after") for channel in CHANNELS]
    await server.reaches(waiting[-1], {OutboxState.PENDING})
    remotes.smtp.answers.clear()
    assert {(await server.settled(entry_id)).state for entry_id in waiting} == {OutboxState.DELIVERED}
    assert remotes.count("after") == dict.fromkeys(CHANNELS, 1)
    assert remotes.count("one") == {**dict.fromkeys(CHANNELS, 1), "webhook": 0}


async def test_revoked_credentials_are_down_and_lose_no_message(
    server: MessageServer, remotes: Remotes, tmp_path: Path
) -> None:
    """The message fails, surely not sent, so another channel may take it; no log holds a secret."""
    remotes.slack.is_revoked = remotes.discord.is_revoked = True
    remotes.ntfy.token, remotes.receiver.key, remotes.smtp.password = "tk_new", b"new", "new"
    for channel in CHANNELS:
        entry = await server.settled(await put(server, channel, "halo"))
        assert (entry.state, entry.error_code) == (OutboxState.FAILED, "channel_rejected"), channel
    for channel in ("slack", "discord", "ntfy", "email"):
        answer = await server.check(ACCOUNT, channel)
        assert (answer.state, answer.command) == ("down", f"multi-job connect {channel} {ACCOUNT}"), channel
    assert remotes.count("halo") == dict.fromkeys(CHANNELS, 0)
    logs = b"".join(path.read_bytes() for path in (tmp_path / "logs").iterdir())
    left = [
        secret
        for secret in (SLACK_PATH, DISCORD_PATH, NTFY_TOKEN, SIGNING_SECRET, PASSWORD)
        if secret.encode() in logs
    ]
    assert (left, b"channel_rejected" in logs) == ([], True)


async def test_private_address_is_refused_by_the_connector(
    settings: Settings, link: RedisLink, tmp_path: Path, remotes: Remotes
) -> None:
    """Without HTTP_ALLOW_PRIVATE nothing on loopback is called."""
    server = open_message_server(settings, link, tmp_path)
    try:
        for draft in remotes.drafts():
            await server.accounts.put(draft, "test")
        server.fleet.start("connector")
        entries = [await server.settled(await put(server, channel, "halo")) for channel in CHANNELS]
    finally:
        await server.close()
    assert {entry.state for entry in entries} == {OutboxState.FAILED}
    assert all("HTTP_ALLOW_PRIVATE=127.0.0.1" in (entry.error or "") for entry in entries)
    assert remotes.count("halo") == dict.fromkeys(CHANNELS, 0)

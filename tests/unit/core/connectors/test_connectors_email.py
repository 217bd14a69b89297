"""Messages by email: before the text is sent failures are certain; the server's answer to it decides."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from dataclasses import replace
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from app.core.connectors.base import (
    ChannelBusy,
    ChannelDeferred,
    ChannelError,
    ChannelLogin,
    ChannelRejected,
    ChannelUnreachable,
    Connector,
    ConnectorDefaults,
    OutcomeUnknown,
)
from app.core.connectors.channels import CHANNELS
from app.core.connectors.email.models import EmailSettings
from app.core.connectors.guarded import account_tls_context
from app.core.connectors.messages import OutgoingMessage
from tests.support.channels.fake_smtp import HOST, PASSWORD, USERNAME, FakeSmtp
from tests.support.embedded_redis import free_port
from tests.support.http.certificates import loopback_certificate, server_context

TO = "siti@example.com"
LETTER = OutgoingMessage(
    TO, "Toko mati – «äöü» 🚀\n\n.sejak 14:02\n", "incident:7:opened:0", 1_800_000_000_000
)


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Return a certificate that the connector trusts."""
    certificate = loopback_certificate(tmp_path)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    account_tls_context.cache_clear()
    yield certificate
    account_tls_context.cache_clear()


@pytest.fixture
def smtp(certificate: Path) -> Iterator[FakeSmtp]:
    with FakeSmtp(server_context(certificate)) as smtp:
        yield smtp


def connect(port: int, *, opened: bool = True, total_sec: float = 5.0, **more: Any) -> Connector:
    """Return a connection of one mailbox."""
    kind = CHANNELS["email"]
    assert kind.connect is not None
    places = frozenset({f"{HOST}:{port}"} if opened else ())
    defaults = ConnectorDefaults("", "", total_sec=total_sec, opened=places)
    settings = {"host": HOST, "port": port, "from_address": USERNAME, "username": USERNAME, **more}
    return kind.connect(ChannelLogin("ops", settings, {"password": PASSWORD}, defaults))


async def failed_send(connector: Connector, message: OutgoingMessage = LETTER) -> ChannelError:
    """Return the error that a send ends with; no text on its way out holds the password."""
    with pytest.raises(ChannelError) as raised:
        await connector.send(message)
    assert PASSWORD not in "".join(traceback.format_exception(raised.value))
    return raised.value


async def test_email_goes_out_once_by_starttls(smtp: FakeSmtp) -> None:
    """The subject is the first line, the text is whole, and the receipt is the Message-ID."""
    connector = connect(smtp.port)
    health = await connector.check()
    assert (health.state, health.identity, smtp.taken) == ("up", USERNAME, [])
    receipt = await connector.send(LETTER)
    [letter] = smtp.taken
    assert (letter["Subject"], letter["From"], letter["To"]) == ("Toko mati – «äöü» 🚀", USERNAME, TO)
    assert letter.get_content().replace("\r\n", "\n") == LETTER.text
    assert letter.get_content_type() == "text/plain"
    assert letter.get_content_charset() == "utf-8"
    assert letter["Message-ID"] == receipt
    assert receipt.endswith("@example.org>")
    assert parsedate_to_datetime(letter["Date"]).tzinfo is not None
    assert smtp.envelopes == [(USERNAME, [TO])]


async def test_email_has_one_id_in_every_attempt(smtp: FakeSmtp) -> None:
    """A mailbox can recognise a second copy; another message has another id."""
    connector = connect(smtp.port)
    smtp.faults.append("cut")
    assert isinstance(await failed_send(connector), OutcomeUnknown)
    await connector.send(LETTER)
    await connector.send(OutgoingMessage(TO, LETTER.text, "incident:8:opened:0", LETTER.created_at))
    ids = [str(letter["Message-ID"]) for letter in smtp.taken]
    assert (ids[0] == ids[1], ids[1] == ids[2]) == (True, False)


async def test_email_by_tls_from_the_first_byte(certificate: Path) -> None:
    """The form of port 465."""
    with FakeSmtp(server_context(certificate), implicit_tls=True) as smtp:
        connector = connect(smtp.port, security="tls")
        assert (await connector.check()).state == "up"
        await connector.send(LETTER)
    assert len(smtp.taken) == 1


async def test_relay_without_a_login_needs_no_tls() -> None:
    """A relay of one's own on a private address."""
    with FakeSmtp() as smtp:
        await connect(smtp.port, security="none", username="").send(LETTER)
    assert len(smtp.taken) == 1


def test_login_without_encryption_is_refused() -> None:
    """The password would be readable on its way."""
    given = {"host": "mail", "from_address": USERNAME, "security": "none", "username": USERNAME}
    with pytest.raises(ValidationError, match="encryption"):
        EmailSettings.model_validate(given)


@pytest.mark.parametrize(
    ("step", "said", "expected"),
    [
        ("RCPT", "550 5.1.1 No such user", ChannelRejected),
        ("RCPT", "450 4.2.1 Greylisted", ChannelDeferred),
        ("MAIL", "553 5.7.1 Not your address", ChannelRejected),
        ("MAIL", "451 4.7.1 Too many messages", ChannelDeferred),
        ("MAIL", "421 4.7.0 Try again later", ChannelBusy),
        ("DATA", "554 5.7.1 Looks like spam", ChannelRejected),
        ("DATA", "452 4.3.1 Disk full", ChannelDeferred),
    ],
)
async def test_refusals_of_the_server_are_certain(
    smtp: FakeSmtp, step: str, said: str, expected: type[ChannelError]
) -> None:
    """An answer of the server says that it took nothing: for good, or for now."""
    smtp.answers[step] = said
    error = await failed_send(connect(smtp.port))
    assert (type(error), said[:3] in error.message, smtp.taken) == (expected, True, [])


@pytest.mark.parametrize("fault", ["hang", "cut"])
async def test_email_without_an_answer_to_its_text_is_unknown(smtp: FakeSmtp, fault: Any) -> None:
    """The server has the text, so it may deliver it."""
    smtp.faults.append(fault)
    error = await failed_send(connect(smtp.port, total_sec=4.0))
    assert (type(error), len(smtp.taken)) == (OutcomeUnknown, 1)


async def test_wrong_password_is_down(smtp: FakeSmtp) -> None:
    """It is the account's trouble, and nothing was sent."""
    smtp.password = "changed meanwhile"
    connector = connect(smtp.port)
    health = await connector.check()
    error = await failed_send(connector)
    assert (health.state, health.reason, "login" in health.detail) == ("down", "channel_rejected", True)
    assert (type(error), smtp.taken) == (ChannelRejected, [])


async def test_unknown_certificate_gets_no_password(smtp: FakeSmtp, monkeypatch: pytest.MonkeyPatch) -> None:
    """The session ends before the login, so nothing was sent."""
    monkeypatch.delenv("SSL_CERT_FILE")
    account_tls_context.cache_clear()
    error = await failed_send(connect(smtp.port))
    assert (type(error), "certificate" in error.message.lower()) == (ChannelUnreachable, True)
    assert smtp.taken == []


async def test_server_without_starttls_gets_no_password() -> None:
    """A connection that cannot be encrypted is not used."""
    with FakeSmtp() as smtp:
        error = await failed_send(connect(smtp.port))
    assert (type(error), smtp.taken) == (ChannelUnreachable, [])


async def test_closed_port_is_surely_unsent() -> None:
    """If the port is closed, nothing was sent."""
    connector = connect(free_port())
    assert type(await failed_send(connector)) is ChannelUnreachable
    assert (await connector.check()).state == "down"


async def test_private_server_is_refused_without_a_connection(smtp: FakeSmtp) -> None:
    """An account reaches private addresses only if the operator opens them."""
    error = await failed_send(connect(smtp.port, opened=False))
    assert isinstance(error, ChannelRejected)
    assert f"HTTP_ALLOW_PRIVATE={smtp.place}" in error.message


@pytest.mark.parametrize("to", ["siti", "a@b.example, c@d.example", "Siti <a@b.example>", "ä@b.example", ""])
async def test_recipient_that_is_no_address_is_refused(smtp: FakeSmtp, to: str) -> None:
    """One message has one recipient, and no headers of its own."""
    error = await failed_send(connect(smtp.port), OutgoingMessage(to, "halo"))
    assert (type(error), smtp.taken) == (ChannelRejected, [])


def test_message_keeps_its_id_when_it_becomes_late() -> None:
    """The server recognises a second attempt, whose text says that it is late."""
    late = replace(LETTER, text=f"{LETTER.text}\n(late)", note="\n(late)")
    assert late.stable_id("email:toko") == LETTER.stable_id("email:toko")

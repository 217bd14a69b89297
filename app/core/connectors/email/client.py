"""Email client for SMTP, on aiosmtplib.

An error before the text of a message is sent is certain. The server's answer to the text decides; without one
the outcome is unknown.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
import ssl
from collections.abc import AsyncGenerator, Awaitable, Callable
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import format_datetime
from typing import TYPE_CHECKING, TypeVar

from aiosmtplib import (
    SMTP,
    SMTPAuthenticationError,
    SMTPDataError,
    SMTPException,
    SMTPResponseException,
)

from app.core.clock import SystemClock
from app.core.connectors.base import (
    ChannelBusy,
    ChannelDeferred,
    ChannelError,
    ChannelLogin,
    ChannelRejected,
    ChannelUnreachable,
    ConnectorHealth,
    ProbeResult,
    probe,
    refuse_too_long,
)
from app.core.connectors.email.models import ADDRESS_PATTERN, MAX_CHARS, EmailSecrets, EmailSettings
from app.core.connectors.guarded import account_tls_context, connected_socket
from app.core.connectors.http import no_answer
from app.core.i18n import _
from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.connectors.messages import OutgoingMessage

T = TypeVar("T")

MAX_SUBJECT_CHARS = 150
# The server closes the connection for reasons of its own, such as too many of them.
_SERVICE_CLOSING = 421
_BUSY_SEC = 60.0
_PERMANENT = 500


class EmailConnector:
    """One mailbox. Each message has a connection of its own: servers close those that wait."""

    def __init__(self, login: ChannelLogin, clock: Clock | None = None) -> None:
        self._settings = EmailSettings.model_validate(dict(login.settings))
        self._password = EmailSecrets.model_validate(dict(login.secrets)).password or ""
        redactor.register(self._password)
        self._account = f"email:{login.account_id}"
        self._defaults = login.defaults
        self._clock = clock or SystemClock()

    async def check(self) -> ConnectorHealth:
        return await probe(self._identify)

    async def send(self, message: OutgoingMessage) -> str:
        refuse_too_long(message.text, MAX_CHARS)
        letter = self._letter(message)
        encoded = letter.as_bytes(policy=SMTP_POLICY)
        is_sending = False

        async def exchange() -> str:
            nonlocal is_sending
            async with self._session() as smtp:
                await smtp.mail(self._settings.from_address)
                await smtp.rcpt(message.to)
                is_sending = True
                await smtp.data(encoded)
                is_sending = False
                return str(letter["Message-ID"])

        return await self._within(exchange, lambda: is_sending)

    async def close(self) -> None:
        pass

    async def _identify(self) -> ProbeResult:
        async def exchange() -> None:
            async with self._session() as smtp:
                await smtp.noop()

        await self._within(exchange, lambda: False)
        return ProbeResult(self._settings.from_address)

    def _letter(self, message: OutgoingMessage) -> EmailMessage:
        sender, domain = self._settings.from_address, self._settings.from_address.rpartition("@")[2]
        letter = EmailMessage()
        if not message.to.isascii() or re.fullmatch(ADDRESS_PATTERN, message.to) is None:
            raise ChannelRejected(_("{to!r} is no email address.", to=message.to))
        letter["From"], letter["To"] = sender, message.to
        letter["Subject"] = message.title(MAX_SUBJECT_CHARS)
        letter["Date"] = format_datetime(self._clock.now())
        # The same in each attempt, so that a mailbox can show a message once.
        letter["Message-ID"] = f"<{message.stable_id(self._account)}@{domain}>"
        # Answers of absence would come back as mail.
        letter["Auto-Submitted"] = "auto-generated"
        letter.set_content(message.text, charset="utf-8", cte="base64")
        return letter

    @contextlib.asynccontextmanager
    async def _session(self) -> AsyncGenerator[SMTP]:
        """Yield a connection after TLS and login."""
        settings = self._settings
        sock = await connected_socket(settings.host, settings.port, self._defaults)
        smtp = SMTP(
            hostname=settings.host,
            sock=sock,
            # The usual name would take a look-up of this machine's own.
            local_hostname="localhost",
            timeout=self._defaults.total_sec,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=account_tls_context(),
        )
        transport = None
        try:
            await smtp.connect()
            transport = smtp.transport
            if settings.username:
                await smtp.login(settings.username, self._password)
            yield smtp
            await _leave(smtp)
        finally:
            # A usual close of TLS would wait for the server's part of it.
            transport = transport or smtp.transport
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()

    async def _within(self, exchange: Callable[[], Awaitable[T]], is_sending: Callable[[], bool]) -> T:
        why = _("no answer within {seconds:g} s", seconds=self._defaults.total_sec)
        try:
            async with asyncio.timeout(self._defaults.total_sec):
                return await exchange()
        except ChannelError:
            raise
        except SMTPResponseException as error:
            raise _refusal(error) from None
        except (TimeoutError, SMTPException, OSError, ssl.SSLError, ValueError) as error:
            why = redactor.text(str(error)) or why
        if is_sending():
            raise no_answer(why)
        server = f"{self._settings.host}:{self._settings.port}"
        raise ChannelUnreachable(_("no session with {server}: {why}.", server=server, why=why))


async def _leave(smtp: SMTP) -> None:
    # The message was taken; how the connection ends changes nothing.
    with contextlib.suppress(SMTPException, OSError):
        await smtp.quit()


def _refusal(error: SMTPResponseException) -> ChannelError:
    """Return the error for an answer of the server: each is certain that nothing was taken."""
    said = redactor.text(f"{error.code} {error.message}".strip())
    if error.code == _SERVICE_CLOSING:
        return ChannelBusy(_("the mail server asks to wait: {said}.", said=said), _BUSY_SEC)
    if error.code < 0:
        # No answer of SMTP.
        return no_answer(said) if isinstance(error, SMTPDataError) else ChannelUnreachable(said)
    if error.code < _PERMANENT:
        return ChannelDeferred(_("the mail server refuses for now: {said}.", said=said))
    if isinstance(error, SMTPAuthenticationError):
        return ChannelRejected(_("the mail server refuses the login: {said}.", said=said))
    return ChannelRejected(_("the mail server refuses: {said}.", said=said))

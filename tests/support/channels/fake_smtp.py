"""An SMTP server on loopback with STARTTLS or TLS, a login, and faults; on aiosmtpd."""

from __future__ import annotations

import asyncio
import email
import email.policy
import ssl
from collections import deque
from email.message import EmailMessage
from typing import Any, Literal, Self, cast

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from tests.support.embedded_redis import free_port

USERNAME, PASSWORD = "alarms@example.org", "mail-password-of-the-tests"
HOST = "127.0.0.1"
Fault = Literal["hang", "cut"]


class FakeSmtp:
    """Knows one mailbox. A message counts as taken once its text was read, whatever is answered then."""

    def __init__(self, tls: ssl.SSLContext | None = None, *, implicit_tls: bool = False) -> None:
        self.taken: list[EmailMessage] = []
        self.envelopes: list[tuple[str, list[str]]] = []
        self.password = PASSWORD
        self.answers: dict[str, str] = {}
        """What the server answers to MAIL, RCPT or DATA, in place of taking it."""
        self.faults: deque[Fault | str] = deque()
        """What the next texts meet after they were read: silence, a cut connection, or an answer."""
        self.port = free_port()
        starttls = {} if tls is None or implicit_tls else {"tls_context": tls, "require_starttls": True}
        self._controller = Controller(
            self,
            hostname=HOST,
            port=self.port,
            ssl_context=tls if implicit_tls else None,
            authenticator=self._authenticate,
            auth_required=tls is not None and not implicit_tls,
            auth_require_tls=not implicit_tls,
            **cast("dict[str, Any]", starttls),
        )

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)

    @property
    def place(self) -> str:
        return f"{HOST}:{self.port}"

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any
    ) -> AuthResult:
        login = cast("LoginPassword", data)
        known = (login.login, login.password) == (USERNAME.encode(), self.password.encode())
        return AuthResult(success=known, handled=False)

    async def handle_MAIL(  # noqa: N802  aiosmtpd's own name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if "MAIL" in self.answers:
            return self.answers["MAIL"]
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 OK"

    async def handle_RCPT(  # noqa: N802
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if "RCPT" in self.answers:
            return self.answers["RCPT"]
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        if "DATA" in self.answers:
            return self.answers["DATA"]
        content = cast("bytes", envelope.content)
        self.taken.append(email.message_from_bytes(content, policy=email.policy.default))
        self.envelopes.append((envelope.mail_from or "", list(envelope.rcpt_tos)))
        fault = self.faults.popleft() if self.faults else ""
        if fault == "hang":
            # Until the client leaves: its going cancels this.
            await asyncio.Event().wait()
        if fault == "cut":
            transport = cast("asyncio.Transport", server.transport)
            transport.abort()
        return fault if fault[:1].isdigit() else "250 2.0.0 Ok: queued as 4F3A2"

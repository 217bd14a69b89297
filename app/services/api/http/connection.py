"""uvicorn's connection with limits on time, number and pipelining.

uvicorn has no option for these. Its server takes the class of its connections from its configuration at each
accept, so a class that is put there while the application starts holds for every connection, however uvicorn
was started.
"""

from __future__ import annotations

import asyncio
from collections import deque
from typing import TYPE_CHECKING, Any, Final

from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.core.i18n import _
from app.core.observability import get_logger
from app.services.api.http.auth import OPEN_PATHS
from app.services.api.http.connections import BODY_SEC, FILES_FOR_OTHERS, HEAD_SEC, Admission
from app.services.api.http.limits import BoundedHead

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp, Receive, Scope, Send

    from app.services.api.http.connections import ConnectionTable

MOST_AHEAD: Final = 16
"""Requests that a client may send before the answer to the first; browsers send none."""

log = get_logger(__name__)


def _raw(status: str, text: str, *lines: str) -> bytes:
    body = text.encode()
    head = [f"HTTP/1.1 {status}", "content-type: text/plain; charset=utf-8", f"content-length: {len(body)}"]
    return "\r\n".join([*head, *lines, "connection: close", "", ""]).encode() + body


_LATE: Final = _raw(
    "408 Request Timeout",
    _(
        "The request did not arrive in time: {head_sec:.0f} s for the head, {body_sec:.0f} s for the body.",
        head_sec=HEAD_SEC,
        body_sec=BODY_SEC,
    ),
)
_ANSWERS: Final = {
    Admission.TOO_MANY: _raw(
        "503 Service Unavailable",
        _("Too many connections are open (MAX_CONNECTIONS)."),
        "retry-after: 2",
    ),
    Admission.TOO_MANY_OF_PEER: _raw(
        "429 Too Many Requests",
        _("Too many connections are open from this address (MAX_CONNECTIONS_PER_PEER)."),
        "retry-after: 2",
    ),
}


class BoundedConnection(asyncio.Protocol):
    """Mixed into a connection class of uvicorn; the table of the process decides what stays open."""

    table: ConnectionTable
    # Of uvicorn's classes, whichever parses.
    app: ASGIApp
    client: tuple[str, int] | None
    cycle: Any
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport

    peer = ""
    since = 0.0
    stalled_since: float | None = None
    _refused = False
    _begun = False
    _served = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a place in the table, or be refused in words."""
        super().connection_made(transport)
        self.peer = self.table.peer_of(self.client[0]) if self.client else ""
        self.since = self.loop.time()
        admission = self.table.opened(self)
        if admission is Admission.PROBES_ONLY:
            self.app = _probes_of(self.app)
        elif admission in _ANSWERS:
            self._refused = True
            self.transport.write(_ANSWERS[admission])
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the table."""
        self.table.closed(self)
        super().connection_lost(exc)

    def eof_received(self) -> None:
        """The client sends nothing more, and the transport closes: an answer can't reach it."""
        self._abandon()
        super().eof_received()

    def data_received(self, data: bytes) -> None:
        """Feed the parser, and note when a head begins and when it is whole."""
        if self._refused:
            return
        if not self._begun:
            self._begun = True
            if self._served:
                self.since = self.loop.time()
        super().data_received(data)
        # As `_is_busy`, without its call: this is on every request's way.
        cycle = self.cycle
        if cycle is not None and not cycle.response_complete:
            self.table.busy(self, self.loop.time())

    def on_response_complete(self) -> None:
        """Wait for the next head, unless it is here already."""
        super().on_response_complete()  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        cycle = self.cycle
        if cycle is None or cycle.response_complete:
            self._begun, self._served = False, True
            self.table.idle(self, self.loop.time())

    def pause_writing(self) -> None:
        """The client has not read what was sent so far."""
        self.stalled_since = self.loop.time()
        super().pause_writing()

    def resume_writing(self) -> None:
        """The client has read on."""
        self.stalled_since = None
        super().resume_writing()

    def send_400_response(self, msg: str) -> None:
        """Answer 400 to what is no HTTP. An answer to an earlier request is not finished."""
        super().send_400_response(msg)  # type: ignore[misc]  # pyright: ignore[reportAttributeAccessIssue, reportUnknownMemberType]
        self._abandon()

    def has_begun(self) -> bool:
        """Return whether a part of a head has come."""
        return self._begun

    def awaits_body(self) -> bool:
        """Return whether the request under way is not here whole."""
        return self._is_busy() and bool(self.cycle.more_body)

    def answer_late(self) -> None:
        """Answer 408, unless an answer is under way, and close."""
        if self.transport.is_closing():
            return
        if not self._is_busy() or not self.cycle.response_started:
            self.transport.write(_LATE)
        self.transport.close()
        self._abandon()

    def cut(self) -> None:
        """Close at once, even during a request."""
        self.transport.abort()
        self._abandon()

    def _abandon(self) -> None:
        """Notify the current request that its client has left: uvloop raises on a write after a close."""
        if self._is_busy():
            self.cycle.disconnected = True
            self.cycle.message_event.set()

    def _is_busy(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete


class BoundedHttpTools(BoundedConnection, BoundedHead):
    """The connection that parses with httptools, which reads requests ahead without a limit."""

    pipeline: deque[Any]

    def on_message_begin(self) -> None:
        """Begin a request; too many ahead of the first answer are refused as no HTTP."""
        if len(self.pipeline) >= MOST_AHEAD:
            raise ValueError("too many requests ahead")
        super().on_message_begin()


def bound_connections(server: uvicorn.Server, table: ConnectionTable) -> None:
    """Let a server that does not listen yet bound its connections."""
    base = server.config.http_protocol_class
    if base is HttpToolsProtocol:
        parents: tuple[type, ...] = (BoundedHttpTools,)
    elif base is H11Protocol:
        parents = (BoundedConnection, H11Protocol)
    else:
        log.warning("connections have no limits: start uvicorn with --http auto, httptools or h11")
        return
    # WebSockets would leave the table; there is no route for them.
    members = {"table": table, "_should_upgrade_to_ws": _no}
    server.config.http_protocol_class = type(f"Bounded{base.__name__}", parents, members)
    if isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop):
        # This loop accepts so many at once before it closes one, and on the descriptors that then lack it
        # spins. uvloop accepts one by one.
        server.config.backlog = min(server.config.backlog, FILES_FOR_OTHERS // 2)


def _no(_connection: BoundedConnection) -> bool:
    return False


def _probes_of(app: ASGIApp) -> ASGIApp:
    """Return an application that serves the probes and answers 503 to all else."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await app(scope, receive, send)
            return
        text = b"Too many connections are open (MAX_CONNECTIONS). / Terlalu banyak koneksi terbuka."
        headers = [
            (b"content-type", b"text/plain; charset=utf-8"),
            (b"content-length", str(len(text)).encode()),
            (b"retry-after", b"2"),
            (b"connection", b"close"),
        ]
        await send({"type": "http.response.start", "status": 503, "headers": headers})
        await send({"type": "http.response.body", "body": text})

    return serve

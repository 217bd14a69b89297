"""uvicorn's connections with limits on number, time, heads and pipelining.

uvicorn has no option for these. Its server takes the class of its connections from its configuration at each
accept, so a class that is put there while the application starts holds for every connection, however uvicorn
was started.
"""

from __future__ import annotations

import asyncio
import logging
from collections import Counter, OrderedDict, deque
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, cast

from httptools import HttpParserError  # pyright: ignore[reportAttributeAccessIssue]
from starlette.responses import PlainTextResponse
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.core.i18n import _, in_both
from app.core.observability import get_logger
from app.core.proxies import is_trusted
from app.services.api.http.auth import OPEN_PATHS, is_loopback
from app.services.api.http.limits import peer_of
from app.services.api.http.peers import STATE, ConnectionPeer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    import uvicorn
    from starlette.types import ASGIApp, Receive, Scope, Send

HEAD_SEC: Final = 10.0
"""The time for a request's head, from the accept or, on a connection that served already, its first byte."""
BODY_SEC: Final = 30.0
"""The time for a request's body, from the end of its head."""
STALLED_SEC: Final = 60.0
"""The time in which a client reads nothing of an answer that fills its buffers."""
SWEEP_SEC: Final = 1.0
PROBES: Final = 16
"""Connections beyond the limit on which the probes alone are served."""
FILES_FOR_OTHERS: Final = 128
"""Descriptors for Redis, logs, listeners, the probes, and connections that are being closed."""
LEAST: Final = 16
MOST_AHEAD: Final = 16
"""Requests that a client may send before the answer to the first; browsers send none."""
MAX_HEAD_BYTES: Final = 65_536
_JOINED_BYTES: Final = 65_536
"""A longer body is not copied behind its head."""

log = get_logger(__name__)


class Admission(Enum):
    """The decision about a new connection."""

    SERVED = "served"
    PROBES_ONLY = "probes_only"
    TOO_MANY = "connections"
    TOO_MANY_OF_PEER = "peer_connections"


class ConnectionTable:
    """All connections of a process. Those without a request under way are held by their last activity.

    At the limit a new connection takes the place of the one that has been idle for longest, else of one whose
    body has not come whole. So a crowd of silent clients does not stop others. If all have a request under
    way, a few more are accepted for the probes alone.
    """

    def __init__(
        self, most: int, most_by_peer: int, count: Callable[[str], None], proxies: Sequence[str] = ()
    ) -> None:
        self.most = most
        self._proxies = proxies
        self._most_by_peer = most_by_peer
        self._count = count
        self._idle: OrderedDict[BoundedConnection, None] = OrderedDict()
        self._busy: OrderedDict[BoundedConnection, None] = OrderedDict()
        self._peers: Counter[str] = Counter()
        self._sweeper: asyncio.TimerHandle | None = None

    def __len__(self) -> int:
        return len(self._idle) + len(self._busy)

    def peer_of(self, address: str) -> str:
        """Return the peer that a connection counts for; empty for this machine and trusted proxies."""
        # Many users share these addresses.
        if is_loopback(address) or is_trusted(address, self._proxies):
            return ""
        return peer_of(address)

    def under_way(self) -> list[BoundedConnection]:
        """Return the connections with a request under way."""
        return list(self._busy)

    def opened(self, connection: BoundedConnection) -> Admission:
        """Take a new connection, if need be in the place of an idle one."""
        if connection.peer and self._peers[connection.peer] >= self._most_by_peer:
            return self._refused(Admission.TOO_MANY_OF_PEER)
        admission = Admission.SERVED
        while len(self) >= self.most and self._make_room():
            pass
        if len(self) >= self.most:
            if len(self) >= self.most + PROBES:
                return self._refused(Admission.TOO_MANY)
            admission = Admission.PROBES_ONLY
        if connection.peer:
            self._peers[connection.peer] += 1
        self._idle[connection] = None
        if self._sweeper is None:
            self._sweep_later()
        return admission

    def busy(self, connection: BoundedConnection, now: float) -> None:
        """A head is whole: its request is under way."""
        if connection in self._idle:
            del self._idle[connection]
            self._busy[connection] = None
            connection.since = now

    def idle(self, connection: BoundedConnection, now: float) -> None:
        """The answer is complete: the next head is waited for."""
        if connection in self._busy:
            del self._busy[connection]
            self._idle[connection] = None
            connection.since = now

    def closed(self, connection: BoundedConnection) -> None:
        """Forget a connection; one that is not here is no error."""
        held = self._idle if connection in self._idle else self._busy
        if connection not in held:
            return
        del held[connection]
        if connection.peer:
            self._peers[connection.peer] -= 1
            if self._peers[connection.peer] <= 0:
                del self._peers[connection.peer]

    def sweep(self, now: float) -> None:
        """Close connections that make no progress."""
        for connection in [each for each in self._idle if now - each.since > HEAD_SEC]:
            begun = connection.has_begun()
            self._end(connection, "head_timeout" if begun else "")
            if begun:
                connection.answer_late()
            else:
                connection.cut()
        for connection in [each for each in self._busy if now - each.since > BODY_SEC]:
            if connection.awaits_body():
                self._end(connection, "body_timeout")
                connection.answer_late()
        stalled = [each for each in (*self._idle, *self._busy) if _has_stalled(each, now)]
        for connection in stalled:
            self._end(connection, "unread_answer")
            connection.cut()

    def _end(self, connection: BoundedConnection, reason: str) -> None:
        self.closed(connection)
        if reason:
            self._count(reason)

    def _make_room(self) -> bool:
        victim = next(iter(self._idle), None) or next((x for x in self._busy if x.awaits_body()), None)
        if victim is None:
            return False
        self._end(victim, "idle_connection")
        victim.cut()
        return True

    def _refused(self, admission: Admission) -> Admission:
        self._count(admission.value)
        return admission

    def _sweep_later(self) -> None:
        loop = asyncio.get_running_loop()
        self._sweeper = loop.call_later(SWEEP_SEC, self._sweep_and_go_on, loop)

    def _sweep_and_go_on(self, loop: asyncio.AbstractEventLoop) -> None:
        self._sweeper = None
        self.sweep(loop.time())
        if len(self):
            self._sweep_later()


def _has_stalled(connection: BoundedConnection, now: float) -> bool:
    return connection.stalled_since is not None and now - connection.stalled_since > STALLED_SEC


def most_connections(wanted: int, open_files: int | None) -> int:
    """Return MAX_CONNECTIONS, or less if the limit of open files does not allow so many."""
    if open_files is None:
        return wanted
    possible = max(LEAST, open_files - FILES_FOR_OTHERS)
    if possible < wanted:
        log.warning(
            "fewer connections than MAX_CONNECTIONS: the limit of open files does not allow more",
            connections=possible,
            wanted=wanted,
            open_files=open_files,
        )
    return min(wanted, possible)


# The connections themselves, which uvicorn makes.


def _raw(status: str, text: str, *lines: str) -> bytes:
    body = in_both(text).encode()
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
_HEAD_TOO_LARGE: Final = _raw(
    "431 Request Header Fields Too Large",
    _("The head of the request is too large."),
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


class HeadWithBody:
    """A transport that sends the head of an answer together with the first part of its body.

    uvicorn writes the two apart, and each write is a system call: a tenth of the time of a small answer. A
    head without a body behind it is sent in the next turn of the event loop.
    """

    __slots__ = ("_call_soon", "_head", "_transport", "write_at_once")

    def __init__(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._transport = transport
        self._call_soon = loop.call_soon
        self._head = b""
        self.write_at_once = transport.write

    def __getattr__(self, name: str) -> Any:
        """Return what this class does not change."""
        return getattr(self._transport, name)

    def write(self, data: bytes) -> None:
        """Write data, behind the head that waits; keep a head. Data for a closed connection are dropped."""
        if not self._head and data.startswith(b"HTTP/"):
            self._head = data
            self._call_soon(self._flush)
            return
        head, self._head = self._head, b""
        try:
            if head and len(data) >= _JOINED_BYTES:
                self._transport.writelines((head, data))
            else:
                self.write_at_once(head + data)
        except RuntimeError:
            # uvloop raises if the client left a moment ago, before its protocol knows; asyncio does not.
            if not self._transport.is_closing():
                raise

    def close(self) -> None:
        """Close behind what was written."""
        self._flush()
        self._transport.close()

    def abort(self) -> None:
        """Close at once; what waits is lost."""
        self._head = b""
        self._transport.abort()

    def _flush(self) -> None:
        if self._head:
            self.write(b"")


class BoundedConnection(asyncio.Protocol):
    """Mixed into a connection class of uvicorn; the table of the process decides what stays open."""

    table: ConnectionTable
    # Of uvicorn's classes, whichever parses.
    access_log: bool
    access_logger: logging.Logger
    app: ASGIApp
    app_state: dict[str, Any]
    client: tuple[str, int] | None
    cycle: Any
    loop: asyncio.AbstractEventLoop
    transport: asyncio.Transport

    peer = ""
    """The peer that it counts for; empty for a peer without a limit."""
    since = 0.0
    """When the state that it is in began, by the clock of the event loop."""
    stalled_since: float | None = None
    """The time since which the client has not read the data that wait for it."""
    _refused = False
    _begun = False
    _served = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Take a place in the table, or be refused in words."""
        super().connection_made(cast("Any", HeadWithBody(cast("asyncio.Transport", transport), self.loop)))
        self.app_state = {**self.app_state, STATE: ConnectionPeer(transport)}
        # uvicorn formats the line of each request before it finds that none is wanted.
        self.access_log = self.access_log and self.access_logger.isEnabledFor(logging.INFO)
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

    def _should_upgrade_to_ws(self) -> bool:
        # WebSockets would leave the table; there is no route for them.
        return False

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


class BoundedHead(HttpToolsProtocol):
    """Ends a connection once more bytes than the limit were neither a whole head nor a body.

    Trailers and the extensions of chunks count too. What comes in one read is let through whole.
    """

    _pending = 0

    def data_received(self, data: bytes) -> None:
        """Feed the parser; respond with 431 if the head does not end."""
        self._pending += len(data)
        super().data_received(data)
        if self._pending > MAX_HEAD_BYTES and not self.transport.is_closing():
            self.logger.warning("A head is larger than %d bytes.", MAX_HEAD_BYTES)
            # Never amid another answer, which a client that sends on may still be reading.
            if self.cycle is None or self.cycle.response_complete:  # pyright: ignore[reportUnnecessaryComparison]
                self.transport.write(_HEAD_TOO_LARGE)
            self.transport.close()

    def on_headers_complete(self) -> None:
        """Reset the count; a target that is no path gets 400, as any malformed head does."""
        self._pending = 0
        if not self.url.startswith((b"/", b"*")):
            # Such a target names a host of its own, which nothing behind this would check.
            raise HttpParserError("the target is not a path")
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Restart the count."""
        self._pending = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Restart the count."""
        self._pending = 0
        super().on_message_complete()


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
    server.config.http_protocol_class = type(f"Bounded{base.__name__}", parents, {"table": table})
    if isinstance(asyncio.get_running_loop(), asyncio.SelectorEventLoop):
        # This loop accepts so many at once before it closes one, and on the descriptors that then lack it
        # spins. uvloop accepts one by one.
        server.config.backlog = min(server.config.backlog, FILES_FOR_OTHERS // 2)


def _probes_of(app: ASGIApp) -> ASGIApp:
    """Return an application that serves the probes and answers 503 to all else."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] in OPEN_PATHS:
            await app(scope, receive, send)
            return
        text = in_both(_("Too many connections are open (MAX_CONNECTIONS)."))
        refusal = PlainTextResponse(text, 503, {"Retry-After": "2", "Connection": "close"})
        await refusal(scope, receive, send)

    return serve

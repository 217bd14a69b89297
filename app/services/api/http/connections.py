"""The table of connections of a process: limits, idle time, progress."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict
from enum import Enum
from typing import TYPE_CHECKING, Final, Protocol

from app.core.observability import get_logger
from app.core.proxies import is_trusted
from app.services.api.http.exposure import is_loopback
from app.services.api.http.request_origin import peer_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

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

log = get_logger(__name__)


class Admission(Enum):
    """The decision about a new connection."""

    SERVED = "served"
    PROBES_ONLY = "probes_only"
    TOO_MANY = "connections"
    TOO_MANY_OF_PEER = "peer_connections"


class Connection(Protocol):
    """One client's connection, as the table sees it."""

    peer: str
    """The peer that it counts for; empty for a peer without a limit."""
    since: float
    """When the state that it is in began, by the clock of the event loop."""
    stalled_since: float | None
    """The time since which the client has not read the data that wait for it."""

    def has_begun(self) -> bool:
        """Return whether a part of a head has come."""
        ...

    def awaits_body(self) -> bool:
        """Return whether the request under way is not here whole."""
        ...

    def answer_late(self) -> None:
        """Answer 408, unless an answer is under way, and close."""
        ...

    def cut(self) -> None:
        """Close at once, even during a request."""
        ...


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
        self._idle: OrderedDict[Connection, None] = OrderedDict()
        self._busy: OrderedDict[Connection, None] = OrderedDict()
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

    def under_way(self) -> list[Connection]:
        """Return the connections with a request under way."""
        return list(self._busy)

    def opened(self, connection: Connection) -> Admission:
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

    def busy(self, connection: Connection, now: float) -> None:
        """A head is whole: its request is under way."""
        if connection in self._idle:
            del self._idle[connection]
            self._busy[connection] = None
            connection.since = now

    def idle(self, connection: Connection, now: float) -> None:
        """The answer is complete: the next head is waited for."""
        if connection in self._busy:
            del self._busy[connection]
            self._idle[connection] = None
            connection.since = now

    def closed(self, connection: Connection) -> None:
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

    def _end(self, connection: Connection, reason: str) -> None:
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


def _has_stalled(connection: Connection, now: float) -> bool:
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

"""The peer of a connection: whether it is a process of the API's own user on this machine."""

from __future__ import annotations

import os
import socket
from functools import cache
from typing import TYPE_CHECKING, Any, Final, Protocol

from app.core.i18n import Message, _
from app.core.net.socket_owner import CLOSE_WAIT, ESTABLISHED, SocketOwners, open_socket_owners

if TYPE_CHECKING:
    import asyncio
    from collections.abc import Mapping

    from app.core.net.socket_owner import Endpoint

STATE: Final = "peer"
"""The member of a request's `state` that holds its `Peer`."""


class Peer(Protocol):
    """The other end of a request's connection."""

    def why_not_ours(self) -> Message | None:
        """Return why it is not proved to be a process of our own user; None if it is proved."""
        ...


class ConnectionPeer:
    """Asks the kernel once for a connection, at its first request that has no key."""

    __slots__ = ("_is_proved", "_transport")

    def __init__(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport
        self._is_proved = False

    def why_not_ours(self) -> Message | None:
        """Return why the peer is not proved to be a process of our own user; None if it is proved."""
        if self._is_proved:
            return None
        ends = [_end(self._transport.get_extra_info(name)) for name in ("sockname", "peername")]
        if ends[0] is None or ends[1] is None:
            return _NO_TCP
        refusal = socket_owners().why_not_ours(ends[0], ends[1])
        if refusal is not None:
            return refusal
        # Only after the look-up: as long as our end is open, the answer was about this peer.
        if not _is_open(self._transport.get_extra_info("socket")):
            return _RESET
        self._is_proved = True
        return None


_NO_TCP = _("it is no TCP connection")
_RESET = _("the connection was reset")
_UNKNOWN = _("the server does not know its connection")


class _UnknownPeer:
    def why_not_ours(self) -> Message | None:
        return _UNKNOWN


_UNKNOWN_PEER: Final[Peer] = _UnknownPeer()


def peer_of_scope(scope: Mapping[str, Any]) -> Peer:
    """Return the peer of a request; a server that does not say it has an unknown one."""
    state: Mapping[str, Any] = scope.get("state") or {}
    return state.get(STATE) or _UNKNOWN_PEER


def _end(address: Any) -> Endpoint | None:
    match address:
        case (str(host), int(port), *_):
            return host, port
        case _:
            return None


@cache
def socket_owners() -> SocketOwners:
    """Return the owners of this process's connections. For the thread of the event loop."""
    return open_socket_owners()


def _is_open(held: Any) -> bool:
    """Return whether a socket of ours has neither been reset nor closed."""
    try:
        with socket.socket(fileno=os.dup(held.fileno())) as own:
            return own.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 1)[0] in {ESTABLISHED, CLOSE_WAIT}
    except OSError:
        return False

"""The owner of a loopback TCP connection's other end, as the kernel of Linux reports it.

An exact look-up by the connection's four values (NETLINK_SOCK_DIAG, inet_diag(7)); /proc/net/tcp if the
kernel has no such look-up. Other systems have neither: there every owner is unknown.
"""

from __future__ import annotations

import errno
import os
import socket
import struct
import sys
import weakref
from collections.abc import Callable
from contextlib import closing
from ipaddress import IPv4Address, IPv6Address, ip_address
from pathlib import Path
from typing import Final, NamedTuple

from app.core.i18n import Message, _

Endpoint = tuple[str, int]
"""An address and a port."""

OVERFLOW_UID: Final = 65_534
"""Users of other user namespaces all look like this one."""
_TIMEOUT_SEC: Final = 0.2
_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, _ERROR, _REQUEST = 4, 20, 2, 1
_ALL_STATES, _NO_COOKIE, _MAX_SEQUENCE = 0xFFFFFFFF, 0xFFFFFFFF, 0xFFFFFFFF
# nlmsghdr (16 bytes) and inet_diag_req_v2 (56): family, protocol, extensions, padding, states, then the id.
_QUESTION: Final = struct.Struct("=IHHII BBBBI 2s2s16s16sIII")
# inet_diag_msg behind nlmsghdr: family, state, timer, retransmissions, the id, four counters, uid, inode.
_ANSWER: Final = struct.Struct("=BBBB 2s2s16s16sIII IIIII")
_HEADER_BYTES: Final = 16

ESTABLISHED, CLOSE_WAIT = 1, 8
_LISTEN = 10
# Also FIN_WAIT1 and FIN_WAIT2: the peer has called shutdown() and still reads.
_OPEN: Final = frozenset({ESTABLISHED, 4, 5, CLOSE_WAIT})


class SocketInfo(NamedTuple):
    """One socket of this network namespace."""

    uid: int
    """The effective user of the process that made it."""
    state: int
    inode: int
    """0 once no process has it open; its uid is then 0 too, for any user."""


SocketTable = Callable[[Endpoint, Endpoint], SocketInfo | None]
"""Returns the socket with this local and this remote end; None if there is none. Raises OSError."""


class SocketOwners:
    """Proves that the other end of a connection belongs to this process's own user."""

    def __init__(self, table: SocketTable | None) -> None:
        self._table = table
        self._own_uid = os.geteuid() if hasattr(os, "geteuid") else OVERFLOW_UID

    @property
    def can_prove(self) -> bool:
        """Return whether this system reports owners at all."""
        return self._table is not None and self._own_uid != OVERFLOW_UID

    def why_not_ours(self, own: Endpoint, peer: Endpoint) -> Message | None:
        """Return why the peer of our open connection is not proved to be our user; None if it is proved.

        `own` must still be open when this returns, else the answer may be about a later connection.
        """
        if not self.can_prove:
            return _("this system does not report the owners of connections")
        try:
            found = self._look_up(peer, own)
        except (OSError, ValueError) as error:
            return _("the kernel did not report the owner of the connection ({error})", error=error)
        # A closed socket is reported with uid 0 and inode 0, for any user.
        if found is None or found.inode == 0 or found.state not in _OPEN:
            return _("the other end of the connection is closed, or on another machine")
        if found.uid != self._own_uid:
            return _(
                "the connection belongs to the user {theirs}, and the API runs as {ours}",
                theirs=user_name(found.uid),
                ours=user_name(self._own_uid),
            )
        return None

    def why_not_ours_between(self, server: Endpoint, client: Endpoint) -> Message | None:
        """Do the same for a connection of another process of ours: both of its ends must be our user's."""
        refusal = self.why_not_ours(server, client)
        if refusal is not None:
            return refusal
        # While the server's end is open, the kernel gives the same four values to no other client.
        refusal = self.why_not_ours(client, server)
        if refusal is None and not self._is_open(server, client):
            return _("the other end of the connection is closed, or on another machine")
        return refusal

    def listener_uid(self, address: Endpoint) -> int | None:
        """Return the user that listens at a loopback address; None if it is not known."""
        if self._table is None:
            return None
        try:
            # A look-up of no connection returns the listener.
            found = self._table(address, ("127.0.0.1" if "." in address[0] else "::1", 0))
        except OSError:
            return None
        return found.uid if found is not None and found.state == _LISTEN else None

    def _look_up(self, local: Endpoint, remote: Endpoint) -> SocketInfo | None:
        if self._table is None:
            return None
        found = self._table(_plain(local), _plain(remote))
        # Without such a connection the kernel reports a listener, which is never a proof.
        return None if found is not None and found.state == _LISTEN else found

    def _is_open(self, local: Endpoint, remote: Endpoint) -> bool:
        found = self._look_up(local, remote)
        return found is not None and found.state in {ESTABLISHED, CLOSE_WAIT}


def open_socket_owners() -> SocketOwners:
    """Return the owners as this system reports them, tried on a connection of our own."""
    if not sys.platform.startswith("linux"):
        return SocketOwners(None)
    for make in (NetlinkTable, lambda: proc_table):
        try:
            table: SocketTable = make()
            if _reports_own_connection(table):
                return SocketOwners(table)
        except OSError:
            continue
    return SocketOwners(None)


def user_name(uid: int) -> str:
    """Return a user's name and number, or the number alone."""
    import pwd  # noqa: PLC0415  Windows has none

    try:
        return f"{pwd.getpwuid(uid).pw_name} ({uid})"
    except KeyError:
        return str(uid)


def _reports_own_connection(table: SocketTable) -> bool:
    with (
        closing(socket.create_server(("127.0.0.1", 0))) as listener,
        closing(socket.create_connection(listener.getsockname(), timeout=_TIMEOUT_SEC)) as client,
    ):
        found = table(client.getsockname(), client.getpeername())
        return found is not None and found.uid == os.geteuid() and found.inode != 0


def _plain(end: Endpoint) -> Endpoint:
    """Return an IPv4 address inside IPv6 as that IPv4 address, and any address without its zone."""
    if ":" not in end[0]:
        return end
    address = ip_address(end[0].partition("%")[0])
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return str(mapped or address), end[1]


class NetlinkTable:
    """Looks up one socket in the kernel's table, in some microseconds. For one thread."""

    def __init__(self) -> None:
        kind = socket.SOCK_RAW | socket.SOCK_CLOEXEC
        self._socket = socket.socket(socket.AF_NETLINK, kind, _SOCK_DIAG)
        self._socket.settimeout(_TIMEOUT_SEC)
        self._sequence = 0
        weakref.finalize(self, self._socket.close)

    def __call__(self, local: Endpoint, remote: Endpoint) -> SocketInfo | None:
        """Return the socket, or a listener if there is no such connection."""
        family, source = _packed(local[0])
        family_to, target = _packed(remote[0])
        if family != family_to:
            return None
        self._sequence = (self._sequence + 1) & _MAX_SEQUENCE
        question = _QUESTION.pack(
            *(_QUESTION.size, _SOCK_DIAG_BY_FAMILY, _REQUEST, self._sequence, 0),
            *(family, socket.IPPROTO_TCP, 0, 0, _ALL_STATES),
            *(local[1].to_bytes(2, "big"), remote[1].to_bytes(2, "big"), source, target),
            *(0, _NO_COOKIE, _NO_COOKIE),
        )
        self._socket.send(question)
        while True:
            answer, (sender, _groups) = self._socket.recvfrom(4_096)
            _size, kind, _flags, sequence, _port = struct.unpack_from("=IHHII", answer)
            # Only the kernel has the port 0; an answer that came after its time-out has an older sequence.
            if sender == 0 and sequence == self._sequence:
                return _read_answer(answer, kind, local, remote)


def _read_answer(answer: bytes, kind: int, local: Endpoint, remote: Endpoint) -> SocketInfo | None:
    if kind == _ERROR:
        number = -struct.unpack_from("=i", answer, _HEADER_BYTES)[0]
        if number == errno.ENOENT:
            return None
        raise OSError(number, os.strerror(number))
    family, state, *_timers, source_port, target_port, source, target = _ANSWER.unpack_from(
        answer, _HEADER_BYTES
    )[:8]
    uid, inode = _ANSWER.unpack_from(answer, _HEADER_BYTES)[-2:]
    info = SocketInfo(uid, state, inode)
    if state == _LISTEN:
        return info
    ends = (
        (_unpacked(family, source), int.from_bytes(source_port, "big")),
        (
            _unpacked(family, target),
            int.from_bytes(target_port, "big"),
        ),
    )
    return info if ends == (local, remote) else None


def _packed(address: str) -> tuple[int, bytes]:
    if ":" in address:
        return socket.AF_INET6, socket.inet_pton(socket.AF_INET6, address)
    return socket.AF_INET, socket.inet_pton(socket.AF_INET, address) + bytes(12)


def _unpacked(family: int, raw: bytes) -> str:
    if family == socket.AF_INET:
        return socket.inet_ntop(family, raw[:4])
    return _plain((socket.inet_ntop(family, raw), 0))[0]


_PROC_FILES: Final = (Path("/proc/self/net/tcp"), Path("/proc/self/net/tcp6"))


def proc_table(local: Endpoint, remote: Endpoint) -> SocketInfo | None:
    """Return the socket from /proc/net/tcp and tcp6, which list all sockets: some milliseconds."""
    for path, is_long in zip(_PROC_FILES, (False, True), strict=True):
        wanted = f" {_hex(local, is_long=is_long)} {_hex(remote, is_long=is_long)} ".encode()
        try:
            with path.open("rb") as file:
                line = next((line for line in file if wanted in line), None)
        except FileNotFoundError:
            continue
        if line is not None:
            # Number, local, remote, state, queues, timer, retransmissions, uid, time-out, inode.
            fields = line.split()
            return SocketInfo(int(fields[7]), int(fields[3], 16), int(fields[9]))
    return None


def _hex(end: Endpoint, *, is_long: bool) -> str:
    """Return an end as /proc/net/tcp or tcp6 writes it: each four bytes as a number of this machine."""
    address = ip_address(end[0])
    if is_long and isinstance(address, IPv4Address):
        address = IPv6Address(f"::ffff:{address}")
    raw = address.packed
    words = (raw[at : at + 4] for at in range(0, len(raw), 4))
    return f"{''.join(f'{int.from_bytes(word, sys.byteorder):08X}' for word in words)}:{end[1]:04X}"

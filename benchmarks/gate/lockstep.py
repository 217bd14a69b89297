"""Round trips to Redis in which the event loop does not wait.

The order of all steps of a process, and so the size of each batch, is then the same at each measurement.
"""

from __future__ import annotations

import socket
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import hiredis
from redis._parsers import BaseParser  # pyright: ignore[reportPrivateImportUsage]

if TYPE_CHECKING:
    from collections.abc import Sequence

    from redis.asyncio.connection import AbstractConnection

    from app.core.storage.connection import Command

ANSWER_SEC = 60.0


class Lockstep:
    """A server's answers by blocking sockets, one for each connection of a link."""

    def __init__(self, url: str) -> None:
        place = urlsplit(url)
        self._place = (place.hostname or "", place.port or 0)
        self._sockets: dict[int, tuple[socket.socket, Any]] = {}
        self.round_trips = 0

    async def exchange(self, connection: AbstractConnection, commands: Sequence[Command]) -> list[Any]:
        """Do what `app.core.storage.connection.exchange` does, without a turn of the event loop."""
        return self.send(id(connection), commands)

    def send(self, connection: int, commands: Sequence[Command]) -> list[Any]:
        """Send commands in one round trip; return their answers, errors of the server among them."""
        self.round_trips += 1
        if connection not in self._sockets:
            reader = hiredis.Reader(
                encoding="utf-8", errors="replace", replyError=cast("Any", BaseParser).parse_error
            )
            self._sockets[connection] = (socket.create_connection(self._place, ANSWER_SEC), reader)
        peer, reader = self._sockets[connection]
        pack = cast("Any", hiredis).pack_command
        peer.sendall(b"".join(pack(command) for command in commands))
        answers: list[Any] = []
        while len(answers) < len(commands):
            answer = reader.gets()
            if answer is False:
                reader.feed(peer.recv(1 << 16))
            else:
                answers.append(answer)
        return answers

    def close(self) -> None:
        """Close all sockets."""
        for peer, _reader in self._sockets.values():
            peer.close()

"""A client of the event stream on a plain socket: it sees bytes as they come, and can stop reading."""

from __future__ import annotations

import asyncio
import contextlib
import socket
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from typing import Any

import orjson

HOST = "127.0.0.1"
PATH = "/events/stream"


@dataclass(frozen=True)
class ReceivedEvent:
    """One message; `data` as parsed."""

    event: str
    id: str | None
    data: dict[str, Any]


@dataclass
class EventClient:
    """All that one connection has received so far."""

    status: int
    headers: dict[str, str]
    received: list[ReceivedEvent] = field(default_factory=list[ReceivedEvent])
    comments: list[str] = field(default_factory=list[str])
    retry: str | None = None
    last_id: str | None = None
    ended: bool = False

    def ids(self) -> list[str | None]:
        """Return the ids of events, without those of the stream and of services, which may come any time."""
        events = [each for each in self.received if "." in each.event]
        return [each.id for each in events if not each.event.startswith("service.")]

    def kinds(self) -> list[str]:
        return [each.event for each in self.received]

    def block(self, text: str) -> None:
        """Take one block in, as the specification of Server-Sent Events has it."""
        fields: dict[str, str] = {}
        for line in text.split("\n"):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if not name:
                self.comments.append(value)
            else:
                fields[name] = value
        self.retry = fields.get("retry", self.retry)
        self.last_id = fields.get("id", self.last_id)
        if "data" in fields:
            self.received.append(
                ReceivedEvent(fields.get("event", "message"), fields.get("id"), orjson.loads(fields["data"]))
            )


@contextlib.asynccontextmanager
async def following(
    port: int,
    query: str = "",
    *,
    last_id: str | None = None,
    reads: asyncio.Event | None = None,
    key: str | None = None,
) -> AsyncGenerator[EventClient]:
    """Follow the stream within the block; with `reads` given, nothing is read before it is set."""
    plain = socket.socket()
    plain.setblocking(False)
    # A small window, so that a client that reads nothing is felt on the other side soon.
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
    await asyncio.get_running_loop().sock_connect(plain, (HOST, port))
    reader, writer = await asyncio.open_connection(sock=plain, limit=2**16)
    resumed = "" if last_id is None else f"Last-Event-ID: {last_id}\r\n"
    resumed += "" if key is None else f"X-API-Key: {key}\r\n"
    writer.write(f"GET {PATH}{query} HTTP/1.1\r\nHost: {HOST}:{port}\r\n{resumed}\r\n".encode())
    try:
        client = await _begun(reader)
        task = asyncio.create_task(_read(reader, client, reads))
        try:
            yield client
        finally:
            task.cancel()
            await asyncio.wait({task})
            if not task.cancelled():
                task.result()
    finally:
        writer.close()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()


async def _begun(reader: asyncio.StreamReader) -> EventClient:
    async with asyncio.timeout(60):
        lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    pairs = (line.partition(": ") for line in lines[1:] if line)
    return EventClient(int(lines[0].split()[1]), {name.lower(): value for name, _, value in pairs})


async def _read(reader: asyncio.StreamReader, client: EventClient, reads: asyncio.Event | None) -> None:
    if reads is not None:
        await reads.wait()
    rest = ""
    with contextlib.suppress(ConnectionError, asyncio.IncompleteReadError):
        while (size := int(await reader.readuntil(b"\r\n"), 16)) > 0:
            rest += (await reader.readexactly(size + 2))[:-2].decode()
            *blocks, rest = rest.split("\n\n")
            for block in blocks:
                client.block(block)
    client.ended = True

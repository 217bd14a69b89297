"""A remote side on loopback with real HTTP and configurable faults, in a thread of its own."""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import struct
import threading
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Self

import orjson

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What becomes of a request: an answer, silence, or a reset connection."""

    status: int = 200
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict[str, str])
    delay_sec: float = 0.0
    silent: bool = False
    reset: bool = False
    cut: bool = False
    """The answer ends in the middle of its body, and the connection is reset."""

    @property
    def refuses(self) -> bool:
        return 300 <= self.status < 500


HANG = Reply(silent=True)
RESET = Reply(reset=True)


class FakeRemote:
    """Serves until closed; a subclass says what it answers while nothing else was asked of it."""

    def __init__(self, tls: ssl.SSLContext | None = None) -> None:
        self._tls = tls
        self.requests: list[Request] = []
        self.connections = 0
        self.weather: Callable[[], Reply | None] = lambda: None
        """The answer to a message for which none was prepared."""
        self._planned: deque[Reply] = deque()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._serve, name=type(self).__name__, daemon=True)
        self._up = threading.Event()
        self._down: asyncio.Event | None = None
        self.port = 0

    def answer(self, request: Request) -> Reply:
        """Answer a request as the real remote side would."""
        raise AssertionError(f"nothing answers {request.path}")

    def plan(self, *replies: Reply) -> None:
        """Give the next messages these replies, one each, in place of an answer."""
        self._planned.extend(replies)

    def planned_or(self, take: Callable[[], Reply]) -> Reply:
        """Return the planned reply, else the usual one; what a reply of 4xx refuses is not taken."""
        planned = self._planned.popleft() if self._planned else self.weather()
        if planned is not None and planned.refuses:
            return planned
        usual = take()
        return planned or usual

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://{self.place}"

    @property
    def place(self) -> str:
        """Return host and port, as HTTP_ALLOW_PRIVATE names them."""
        return f"{HOST}:{self.port}"

    def __enter__(self) -> Self:
        self._thread.start()
        assert self._up.wait(10), "the fake did not start"
        return self

    def __exit__(self, *_: object) -> None:
        down = self._down
        assert down is not None
        self._loop.call_soon_threadsafe(down.set)
        self._thread.join(10)
        assert not self._thread.is_alive(), "the fake did not end"

    def _serve(self) -> None:
        self._loop.run_until_complete(self._until_down())
        self._loop.run_until_complete(self._loop.shutdown_asyncgens())
        self._loop.close()

    async def _until_down(self) -> None:
        self._down = asyncio.Event()
        writers, tasks = set[asyncio.StreamWriter](), set[asyncio.Task[None]]()

        async def converse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await self._converse(reader, writer)
            writers.discard(writer)

        def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # Kept here: a task that is cancelled before its first step closes nothing.
            writers.add(writer)
            task = self._loop.create_task(converse(reader, writer))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        server = await asyncio.start_server(accept, HOST, 0, ssl=self._tls)
        self.port = server.sockets[0].getsockname()[1]
        self._up.set()
        await self._down.wait()
        server.close()
        # Connections that the system had accepted before get their transports in the next turns of the loop.
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)
        for writer in writers:
            writer.transport.abort()
        # One more turn of the loop: an aborted transport closes its socket in the next.
        await asyncio.sleep(0)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            # A cancelled task would be reported by the stream's own callback, as if something had failed.
            with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
                while await self._exchange(reader, writer):
                    pass
        finally:
            writer.transport.abort()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        request = await _read(reader)
        self.requests.append(request)
        reply = self.answer(request)
        await asyncio.sleep(reply.delay_sec)
        if reply.silent:
            await reader.read()
            return False
        if reply.cut:
            writer.write(_written(reply)[:-1])
            await writer.drain()
        if reply.reset or reply.cut:
            _reset(writer)
            return False
        writer.write(_written(reply))
        await writer.drain()
        return True


async def _read(reader: asyncio.StreamReader) -> Request:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    method, path, _ = head[0].split(" ", 2)
    pairs = [line.split(": ", 1) for line in head[1:] if line]
    headers = {name.lower(): value for name, value in pairs}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Request(method, path, headers, body)


def _written(reply: Reply) -> bytes:
    body = reply.body if isinstance(reply.body, bytes) else orjson.dumps(reply.body)
    headers = {"content-type": "application/json", "content-length": str(len(body)), **reply.headers}
    head = f"HTTP/1.1 {reply.status} .\r\n" + "".join(
        f"{name}: {value}\r\n" for name, value in headers.items()
    )
    return head.encode() + b"\r\n" + body


def _reset(writer: asyncio.StreamWriter) -> None:
    # Closed with nothing lingering, a connection is reset rather than shut down.
    connection: socket.socket = writer.get_extra_info("socket")
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Pinged(FakeRemote):
    """A service that waits for pings."""

    def answer(self, request: Request) -> Reply:
        return self.planned_or(lambda: Reply(body=b"OK"))

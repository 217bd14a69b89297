"""Connections of the real server on sockets, with both of its parsers and short times."""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn

from app.services.api.http import connections
from app.services.api.http.connections import MOST_AHEAD, PROBES, ConnectionTable, bound_connections
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from starlette.types import Receive, Scope, Send

HOST = "127.0.0.1"
PARSERS = pytest.mark.parametrize("parser", ["httptools", "h11"])
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


class EndingReader(asyncio.StreamReader):
    """A reader that keeps what came before a reset, as a socket does; the plain one forgets it."""

    def set_exception(self, exc: Exception) -> None:
        """End the stream. A server that closes before it has read all bytes causes a reset."""
        if isinstance(exc, ConnectionResetError):
            self.feed_eof()
        else:
            super().set_exception(exc)


@dataclass
class Deployment:
    port: int
    table: ConnectionTable
    counts: Counter[str] = field(default_factory=Counter[str])
    hold: asyncio.Event = field(default_factory=asyncio.Event)
    bodies: list[bytes] = field(default_factory=list[bytes])
    writers: list[asyncio.StreamWriter] = field(default_factory=list[asyncio.StreamWriter])

    async def app(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer; `/body` reads its body first, `/held` waits for the test."""
        if scope["path"] == "/body":
            message = await receive()
            while message.get("more_body"):
                self.bodies.append(message["body"])
                message = await receive()
        if scope["path"] == "/held":
            await self.hold.wait()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"ok"})

    async def connect(self, first: bytes = b"") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        loop, reader = asyncio.get_running_loop(), EndingReader()
        transport, protocol = await loop.create_connection(
            lambda: asyncio.StreamReaderProtocol(reader), HOST, self.port
        )
        writer = asyncio.StreamWriter(transport, protocol, reader, loop)
        self.writers.append(writer)
        writer.write(first)
        return reader, writer

    async def hang_up(self) -> None:
        for writer in self.writers:
            writer.transport.abort()
        for writer in self.writers:
            with contextlib.suppress(OSError):
                await writer.wait_closed()


@asynccontextmanager
async def served(parser: Any, most: int = 100) -> AsyncGenerator[Deployment]:
    """Serve on a free port of loopback."""
    counts: Counter[str] = Counter()
    table = ConnectionTable(most, 100, lambda reason: counts.update([reason]))
    deployment = Deployment(0, table, counts)
    config = uvicorn.Config(deployment.app, interface="asgi3", http=parser, lifespan="off", log_config=None)
    config.load()
    server = uvicorn.Server(config)
    bound_connections(server, table)
    made: Any = config.http_protocol_class
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(
        lambda: made(config=config, server_state=server.server_state, app_state={}, _loop=loop), HOST, 0
    )
    deployment.port = listener.sockets[0].getsockname()[1]
    try:
        yield deployment
    finally:
        deployment.hold.set()
        await deployment.hang_up()
        listener.close()
        for connection in list(server.server_state.connections):
            connection.transport.abort()
        await wait_until_async(lambda: len(table) == 0)
        await asyncio.gather(*server.server_state.tasks, return_exceptions=True)


async def read_all(reader: asyncio.StreamReader) -> bytes:
    """Return what comes until the server closes."""
    async with asyncio.timeout(60):
        return await reader.read()


@pytest.fixture
def short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "HEAD_SEC", 0.3)
    monkeypatch.setattr(connections, "BODY_SEC", 0.8)
    monkeypatch.setattr(connections, "SWEEP_SEC", 0.05)


@PARSERS
@pytest.mark.usefixtures("short")
async def test_head_in_parts_is_answered_408(parser: str) -> None:
    """Each byte comes in time, the head does not: 408, and the connection is closed."""
    async with served(parser) as deployment:
        reader, writer = await deployment.connect()
        for byte in GET[:-4]:
            writer.write(bytes([byte]))
            await asyncio.sleep(0.03)
            if deployment.counts:
                break
        assert (await read_all(reader)).startswith(b"HTTP/1.1 408 ")
        assert deployment.counts == {"head_timeout": 1}


@PARSERS
@pytest.mark.usefixtures("short")
async def test_silent_connection_is_closed_without_an_answer(parser: str) -> None:
    """A client that has sent nothing gets no 408."""
    async with served(parser) as deployment:
        reader, _ = await deployment.connect()
        assert await read_all(reader) == b""
        assert deployment.counts == {}


@PARSERS
@pytest.mark.usefixtures("short")
@pytest.mark.parametrize("path", ["/body", "/"])
async def test_body_that_does_not_end_is_cut_off(parser: str, path: str) -> None:
    """A body that comes byte by byte is ended, whether the route reads it (408) or has answered already."""
    async with served(parser) as deployment:
        head = f"POST {path} HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n".encode()
        reader, writer = await deployment.connect(head)
        answer = asyncio.create_task(read_all(reader))
        for _ in range(100):
            writer.write(b" ")
            await asyncio.sleep(0.03)
            if answer.done():
                break
        assert (await answer).startswith(b"HTTP/1.1 408 " if path == "/body" else b"HTTP/1.1 200 ")
        assert len(deployment.bodies) < 60


@PARSERS
@pytest.mark.usefixtures("short")
async def test_long_answers_and_kept_connections_are_not_cut_off(
    parser: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A whole request may take its time, and the next one begins its own."""
    monkeypatch.setattr(connections, "HEAD_SEC", 1.2)
    async with served(parser) as deployment:
        reader, writer = await deployment.connect(GET.replace(b"/ ", b"/held ", 1))
        await asyncio.sleep(1.5)
        deployment.hold.set()
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")
        for _ in range(3):
            await asyncio.sleep(0.2)
            writer.write(GET[:5])
            await asyncio.sleep(0.2)
            writer.write(GET[5:])
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")
        assert deployment.counts == {}


@PARSERS
async def test_silent_crowd_does_not_stop_others(parser: str) -> None:
    """Each new connection is served, in the place of an idle one."""
    async with served(parser, most=20) as deployment:
        for _ in range(60):
            await deployment.connect(GET[:10])
        reader, _ = await deployment.connect(GET)
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")
        assert deployment.counts["idle_connection"] == 41
        assert len(deployment.table) <= 20


@PARSERS
async def test_full_process_serves_its_probes(parser: str) -> None:
    """With all connections at work the probes are answered, all else is 503, and few more are held."""
    async with served(parser, most=4) as deployment:
        for _ in range(4):
            await deployment.connect(GET.replace(b"/ ", b"/held ", 1))
        await wait_until_async(lambda: len(deployment.table.under_way()) == 4)
        reader, _ = await deployment.connect(GET.replace(b"/ ", b"/healthz ", 1))
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")
        reader, _ = await deployment.connect(GET)
        assert (await read_all(reader)).startswith(b"HTTP/1.1 503 ")
        for _ in range(PROBES):
            await deployment.connect(GET.replace(b"/ ", b"/healthz ", 1))
        assert deployment.counts["connections"] == 0


async def test_requests_ahead_are_bounded() -> None:
    """A thousand requests in one piece do not become a thousand objects before the first answer."""
    async with served("httptools") as deployment:
        reader, _ = await deployment.connect(GET * 1_000)
        got = await read_all(reader)
        assert b"HTTP/1.1 400 " in got
        reader, _ = await deployment.connect(GET * (MOST_AHEAD // 2))
        for _ in range(MOST_AHEAD // 2):
            assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")


async def test_websockets_do_not_leave_the_table() -> None:
    """An upgrade is a plain request here: there is no route for another protocol."""
    async with served("httptools") as deployment:
        upgrade = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: a\r\n\r\n"
        reader, writer = await deployment.connect(GET[:-2] + upgrade)
        assert (await reader.readuntil(b"ok")).startswith(b"HTTP/1.1 200 ")
        assert len(deployment.table) == 1
        writer.close()
        await wait_until_async(lambda: len(deployment.table) == 0)

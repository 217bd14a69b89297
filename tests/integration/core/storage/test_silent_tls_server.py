"""Connections to a TLS server that neither answers nor ends its side."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import TimeoutError as RedisTimeoutError

from app.core.storage.connection import TlsConnection, hang_up, open_connection
from tests.support.api.raw_http import make_certificate

ANSWER_TIMEOUT_SEC = 0.5


@pytest.fixture
async def server(tmp_path: Path) -> AsyncIterator[dict[str, Any]]:
    """Yield the arguments of a connection to a TLS server that says nothing."""
    file = make_certificate(tmp_path, "localhost").file
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(file)
    held: list[asyncio.StreamWriter] = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held.append(writer)
        # The close of the client is not read.
        assert isinstance(writer.transport, asyncio.Transport)
        writer.transport.pause_reading()

    async with await asyncio.start_server(hold, "127.0.0.1", 0, ssl=context) as listening:
        port = listening.sockets[0].getsockname()[1]
        common = {"host": "localhost", "port": port, "ssl_ca_certs": str(file)}
        yield {"connection_class": TlsConnection, "driver_info": None, **common}
        for writer in held:
            writer.transport.abort()


@pytest.fixture
def sockets(monkeypatch: pytest.MonkeyPatch) -> list[socket.socket]:
    """Return the sockets of the connections that are opened."""
    opened: list[socket.socket] = []
    connect = asyncio.open_connection

    async def noted(*args: Any, **options: Any) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        reader, writer = await connect(*args, **options)
        opened.append(writer.get_extra_info("socket")._sock)
        return reader, writer

    monkeypatch.setattr(asyncio, "open_connection", noted)
    return opened


async def test_hang_up_closes_the_socket(server: dict[str, Any], sockets: list[socket.socket]) -> None:
    """The socket does not wait for the server's end of TLS, which would take 30 s."""
    connection = await open_connection(server, ANSWER_TIMEOUT_SEC)
    await hang_up(connection)
    await asyncio.sleep(0)
    assert [each.fileno() for each in sockets] == [-1]


async def test_failed_login_closes_the_socket(server: dict[str, Any], sockets: list[socket.socket]) -> None:
    """The error is the missing answer, and comes without a wait for the close."""
    loop = asyncio.get_running_loop()
    began = loop.time()
    with pytest.raises(RedisTimeoutError):
        await open_connection({**server, "password": "a-password"}, ANSWER_TIMEOUT_SEC)
    took_sec = loop.time() - began
    await asyncio.sleep(0)
    assert [each.fileno() for each in sockets] == [-1]
    assert took_sec < 5 * ANSWER_TIMEOUT_SEC

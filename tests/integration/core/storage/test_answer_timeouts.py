"""Answers of one round trip: each part has a limit in time."""

from __future__ import annotations

import asyncio

import pytest
from redis.exceptions import TimeoutError as RedisTimeoutError

from app.core.storage.connection import exchange, open_connection


@pytest.mark.parametrize("answered", [0, 1, 70])
async def test_peer_that_falls_silent_is_given_up(answered: int) -> None:
    """Whether no answer came, the first alone, or some of many."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ready = False
        while data := await reader.read(65_536):
            if b"PING" not in data or ready:
                writer.write(b"+OK\r\n" * data.count(b"*"))
                continue
            ready = True
            writer.write(b"+PONG\r\n" * answered)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    connection = await open_connection({"host": "127.0.0.1", "port": port}, 0.3)
    assert await exchange(connection, []) == []
    with pytest.raises(RedisTimeoutError):
        await exchange(connection, [("PING",)] * 100)
    assert not connection.is_connected
    server.close()

"""Answers of one round trip: each part has a limit in time."""

from __future__ import annotations

import asyncio

import pytest
from redis.exceptions import ConnectionError as RedisConnectionError
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
    with pytest.raises(RedisConnectionError):
        await exchange(connection, [("PING",)])
    server.close()


async def test_peer_that_reads_nothing_is_given_up() -> None:
    """The time-out counts for the write as well: the buffers of a stopped server are full."""
    accepted = asyncio.Event()

    async def hold(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"+OK\r\n" * 3)
        # Not read any more, so its buffer fills.
        await accepted.wait()
        writer.close()

    server = await asyncio.start_server(hold, "127.0.0.1", 0)
    connection = await open_connection({"host": "127.0.0.1", "port": server.sockets[0].getsockname()[1]}, 0.3)
    with pytest.raises(RedisTimeoutError):
        await exchange(connection, [("SET", "key", "x" * 50_000_000)])
    assert not connection.is_connected
    accepted.set()
    server.close()

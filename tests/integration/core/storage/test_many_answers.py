"""Many answers of one round trip, most of which have come when the first one is read."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from redis.asyncio.connection import AbstractConnection
from redis.exceptions import ResponseError

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.storage.connection import Command
    from app.core.storage.keys import Keys


async def test_answers_that_have_come_are_not_read_one_by_one(
    link: RedisLink, keys: Keys, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The client's coroutines for each answer took longer than most answers."""
    reads, read = 0, AbstractConnection.read_response

    async def counted(self: AbstractConnection, **options: Any) -> Any:
        nonlocal reads
        reads += 1
        return await read(self, **options)  # pyright: ignore[reportUnknownVariableType]

    monkeypatch.setattr(AbstractConnection, "read_response", counted)
    await link.call("SET", keys.plan("p"), "x", "EX", 60)
    reads = 0
    assert await link.calls([("GET", keys.plan("p"))] * 200) == ["x"] * 200
    # At most two for each part of 64, if the answers come in several packets.
    assert reads <= 20


async def test_an_error_among_many_answers_keeps_its_place(link: RedisLink, keys: Keys) -> None:
    """Whether it is read or has come already; the connection is used on."""
    await link.call("SET", keys.plan("p"), "x", "EX", 60)
    read: Command = ("GET", keys.plan("p"))
    wrong: Command = ("HGETALL", keys.plan("p"))
    cases: list[list[Command]] = [[wrong, read, read], [read, read, wrong, read], [*([read] * 70), wrong]]
    for commands in cases:
        found = await link.answers(commands)
        for command, answer in zip(commands, found, strict=True):
            assert isinstance(answer, ResponseError) if command is wrong else answer == "x"
        with pytest.raises(ResponseError, match="wrong kind"):
            await link.calls(commands)
    assert await link.call(*read) == "x"

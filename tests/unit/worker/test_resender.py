"""Sending until there is an answer."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from redis.exceptions import ResponseError

from app.core.errors import RedisFull, RedisUnavailable
from app.services.worker.finisher import MOST_AT_ONCE, UNSENDABLE, Resender
from tests.support.waiting import wait_until_async


class Server:
    """Answers a batch with `OK` for each item, or raises the errors that a test has set."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.errors: list[Exception] = []
        self.poison: dict[int, Exception] = {}
        self.most = MOST_AT_ONCE
        self.answers: dict[int, str] = {}
        self.resender: Resender[int] = Resender(self._send, self._answered)

    async def _send(self, batch: Sequence[int]) -> list[str]:
        self.batches.append(list(batch))
        await asyncio.sleep(0)
        if self.errors:
            raise self.errors.pop(0)
        for item in batch:
            if item in self.poison:
                raise self.poison[item]
        return ["OK"] * min(self.most, len(batch))

    def _answered(self, batch: Sequence[int], words: Sequence[str]) -> None:
        assert not self.answers.keys() & set(batch), "answered twice"
        self.answers.update(zip(batch, words, strict=True))


async def test_resender_sends_what_arrives_meanwhile_in_one_batch() -> None:
    """The first item goes at once, those behind it travel together."""
    server = Server()
    server.resender.add(0)
    await asyncio.sleep(0)
    for item in range(1, 4):
        server.resender.add(item)
    await server.resender.drained()
    assert server.batches == [[0], [1, 2, 3]]
    assert server.answers == dict.fromkeys(range(4), "OK")


@pytest.mark.parametrize("error", [RedisUnavailable("away"), RedisFull("disk full"), ResponseError("NOAUTH")])
async def test_resender_keeps_items_through_an_outage(error: Exception) -> None:
    """After any number of failed batches every item is answered once; the reason is readable meanwhile."""
    server = Server()
    server.errors = [error] * 4
    for item in range(3):
        server.resender.add(item)
    await wait_until_async(lambda: server.resender.last_error)
    await server.resender.drained()
    assert server.answers == dict.fromkeys(range(3), "OK")
    assert server.resender.last_error == ""
    assert not server.errors


async def test_resender_sends_the_rest_of_a_batch_that_was_answered_in_part() -> None:
    """A sender that took fewer items gets the others again, in order."""
    server = Server()
    server.most = 2
    for item in range(5):
        server.resender.add(item)
    await server.resender.drained()
    assert server.batches == [[0, 1, 2, 3, 4], [2, 3, 4], [4]]
    assert list(server.answers) == [0, 1, 2, 3, 4]


async def test_resender_gives_up_the_one_item_that_cannot_be_sent() -> None:
    """An item that cannot be encoded is isolated; its neighbours are answered."""
    server = Server()
    server.poison = {5: UnicodeEncodeError("utf-8", "x", 0, 1, "no")}
    for item in range(8):
        server.resender.add(item)
    await server.resender.drained()
    assert server.answers == {**dict.fromkeys(range(8), "OK"), 5: UNSENDABLE}


async def test_resender_passes_an_item_that_the_server_refuses_and_keeps_it() -> None:
    """An item that the server cannot treat holds up no other, and is sent until it is answered."""
    server = Server()
    server.poison = {0: ResponseError("ERR broken")}
    for item in range(20):
        server.resender.add(item)
    await wait_until_async(lambda: len(server.answers) == 19)
    server.poison.clear()
    await server.resender.drained()
    assert server.answers[0] == "OK"

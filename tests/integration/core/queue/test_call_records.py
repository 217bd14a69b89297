"""The record of a call that takes several scripts."""

from __future__ import annotations

import pytest

from app.core.errors import IdempotencyMismatch
from app.core.queue import Idempotency
from app.core.queue.idempotency import IdempotencyStore
from app.core.storage.scripts import Scripts
from tests.support.queue.queue_driver import QueueDriver

CALL = Idempotency("scope", "body")


@pytest.fixture
def calls(scripts: Scripts) -> IdempotencyStore:
    return IdempotencyStore(scripts)


async def test_a_call_with_another_body_is_a_mismatch(calls: IdempotencyStore, driver: QueueDriver) -> None:
    """The first body under a key is the one; another one changes nothing."""
    first = await calls.begin(CALL)
    assert abs(first.first_at - await driver.now_ms()) < 60_000
    before = await driver.snapshot()
    with pytest.raises(IdempotencyMismatch):
        await calls.begin(Idempotency("scope", "other"))
    assert await driver.snapshot() == before


async def test_the_first_answer_of_a_call_stays(calls: IdempotencyStore, driver: QueueDriver) -> None:
    """A repeat finds the first instant, and the answer once it was whole; a later one replaces nothing."""
    first = await calls.begin(CALL)
    assert await calls.begin(CALL) == first
    await calls.keep(CALL, '["é"]')
    await calls.keep(CALL, "[]")
    again = await calls.begin(CALL)
    assert (again.first_at, again.answer) == (first.first_at, '["é"]')
    lifetime = await driver.link.call("TTL", driver.keys.idempotency("scope"))
    assert 0 < lifetime <= 86_400

"""Notifications over a connection that breaks or is refused: listeners lose time only."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, cast

import pytest
from redis.exceptions import ResponseError

from app.core.errors import RedisUnavailable
from app.core.storage import notifications
from app.core.storage.keys import Keys
from app.core.storage.notifications import Notifier, subscribed
from tests.support.waiting import wait_until_async


class FakeLink:
    """Returns the `lines` in order; an exception among them is raised."""

    def __init__(self, *lines: str | Exception) -> None:
        self.lines = deque(lines)
        self.connected = False
        self.subscribed = 0
        self.closed = False

    async def command(self, *command: Any, timeout_sec: float) -> None:
        if self.lines and isinstance(self.lines[0], ResponseError):
            raise cast("Exception", self.lines.popleft())
        self.connected = True
        self.subscribed += 1

    async def message(self, timeout_sec: float) -> list[str] | None:
        await asyncio.sleep(0.005)
        if not self.lines:
            return None
        line = self.lines.popleft()
        if isinstance(line, Exception):
            self.connected = False
            raise line
        return ["message", "channel", line]

    async def close(self) -> None:
        self.closed = True


def notifier_on(link: FakeLink) -> Notifier:
    return Notifier(lambda: cast("Any", link), Keys())


async def test_listener_gets_its_own_lines_only() -> None:
    """A line wakes the listeners of that line."""
    notifier = notifier_on(FakeLink("mail b", "mail a"))
    with notifier.listen("mail a") as first, notifier.listen("mail c") as other:
        await first.wait(30)  # the start of the subscription wakes every listener once
        await other.wait(30)
        assert await first.wait(30)
        assert not await other.wait(0.02)
    await notifier.close()


@pytest.mark.parametrize("trouble", [RedisUnavailable("gone"), ResponseError("NOPERM")])
async def test_notifier_subscribes_again_after_an_error(trouble: Exception) -> None:
    """Every listener is woken once, because notifications in between are lost."""
    link = FakeLink(trouble, "mail a")
    notifier = notifier_on(link)
    with notifier.listen("mail a") as subscription:
        await wait_until_async(lambda: not link.lines)
        assert await subscription.wait(30)
    await notifier.close()
    assert link.closed


async def test_notifier_without_listeners_closes_its_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next listener opens another one."""
    monkeypatch.setattr(notifications, "_LINGER_SEC", 0.01)
    link = FakeLink()
    notifier = notifier_on(link)
    with notifier.listen("a"):
        await wait_until_async(lambda: link.subscribed)
    await wait_until_async(lambda: link.closed)
    link.connected = False
    with notifier.listen("a"):
        await wait_until_async(lambda: link.subscribed == 2)
    await notifier.close()


async def test_waits_grow_without_a_notifier() -> None:
    """The first wait is short; the longest is a quarter of a second."""
    with subscribed(None, "a") as subscription:
        assert not await subscription.wait(0)
        waits = [subscription._waits.next_wait_sec() for _ in range(5)]
    assert waits == [0.04, 0.08, 0.16, 0.25, 0.25]

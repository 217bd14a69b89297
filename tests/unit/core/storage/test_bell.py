"""The bell over a connection that breaks, refuses and falls silent: listeners lose time and nothing else."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Any, cast

import pytest
from redis.exceptions import ResponseError

from app.core.errors import RedisUnavailable
from app.core.storage import notifications as bell_module
from app.core.storage.keys import Keys
from app.core.storage.notifications import Notifier, subscribed
from tests.support.waiting import wait_until_async


class FakeLink:
    """Says the `lines`, in order; an exception among them is raised instead."""

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


def bell_on(link: FakeLink) -> Notifier:
    return Notifier(lambda: cast("Any", link), Keys())


async def test_listener_hears_its_lines_alone() -> None:
    """Each line wakes those who listen for it."""
    notifier = bell_on(FakeLink("mail b", "mail a"))
    with notifier.listen("mail a") as first, notifier.listen("mail c") as other:
        await first.wait(5)  # the subscription itself is a reason to look
        await other.wait(5)
        assert await first.wait(5)
        assert not await other.wait(0.02)
    await notifier.close()


@pytest.mark.parametrize("trouble", [RedisUnavailable("gone"), ResponseError("NOPERM")])
async def test_bell_comes_back_after_trouble(trouble: Exception) -> None:
    """It subscribes again, and everybody looks once, for what was rung in between."""
    link = FakeLink(trouble, "mail a")
    notifier = bell_on(link)
    with notifier.listen("mail a") as subscription:
        await wait_until_async(lambda: not link.lines)
        assert await subscription.wait(5)
    await notifier.close()
    assert link.closed


async def test_bell_without_listeners_falls_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection is given back, and the next listener opens another."""
    monkeypatch.setattr(bell_module, "_LINGER_SEC", 0.01)
    link = FakeLink()
    notifier = bell_on(link)
    with notifier.listen("a"):
        await wait_until_async(lambda: link.subscribed)
    await wait_until_async(lambda: link.closed)
    link.connected = False
    with notifier.listen("a"):
        await wait_until_async(lambda: link.subscribed == 2)
    await notifier.close()


async def test_looks_become_rarer_without_a_ring() -> None:
    """Without any bell it is time to look soon, then less and less often, four times a second at last."""
    with subscribed(None, "a") as subscription:
        assert not await subscription.wait(0)
        waits = [subscription._looks.next_wait_sec() for _ in range(5)]
    assert waits == [0.04, 0.08, 0.16, 0.25, 0.25]

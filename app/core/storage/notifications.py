"""The bell: who waits for mail, a receipt or an answer hears of it at once.

Pub/sub loses what is said while nobody listens, so everybody also looks from time to time: a lost ring costs
time and nothing else. What is rung is one line, such as `mail telegram:bot_a01` or `receipt <message>`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Generator
from typing import TYPE_CHECKING

from redis.exceptions import ResponseError

from app.core.background import Backoff, OutageLog
from app.core.errors import Unavailable
from app.core.storage.keys import Keys
from app.core.storage.link import BlockingLink
from app.core.storage.target import parse_target

if TYPE_CHECKING:
    from app.core.config import Settings

ACCOUNTS = "accounts"
"""Rung where an account was saved or deleted."""
_LISTEN_SEC = 1.0
# A subscription costs a connection: it is kept for a while after the last listener has gone.
_LINGER_SEC = 10.0
FIRST_LOOK_SEC, LONGEST_LOOK_SEC = 0.02, 0.25


def messages_due(account: str) -> str:
    """Return what is rung where an account has something to send or to check."""
    return f"mail {account}"


def receipt_changed(entry_id: str) -> str:
    """Return what is rung where a message is settled."""
    return f"receipt {entry_id}"


def updates_stored(account: str) -> str:
    """Return what is rung if something has come in over an account's channel."""
    return f"updates {account}"


def check_answered(check_id: str) -> str:
    """Return what is rung where a check is answered."""
    return f"checked {check_id}"


class Subscription:
    """What one listener has heard, or missed: it is told to look either way."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._looks = Backoff(FIRST_LOOK_SEC, LONGEST_LOOK_SEC)

    def notify(self) -> None:
        self._event.set()

    async def wait(self, at_most_sec: float | None = None) -> bool:
        """Return at a ring, else when it is time to look: after 0.02 s, doubling to 0.25 s, or as said."""
        seconds = self._looks.next_wait_sec()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds if at_most_sec is None else at_most_sec):
                await self._event.wait()
        rung = self._event.is_set()
        self._event.clear()
        return rung


class Notifier:
    """Listens while somebody waits; it needs neither start nor stop, and survives any outage."""

    def __init__(self, open_link: Callable[[], BlockingLink], keys: Keys) -> None:
        self._open_link = open_link
        self._channel = keys.bell
        self._waiting: dict[str, set[Subscription]] = {}
        self._task: asyncio.Task[None] | None = None
        self._idle_since: float | None = None

    @contextlib.contextmanager
    def listen(self, *lines: str) -> Generator[Subscription]:
        """Give what hears these lines, from now on; look at what you wait for after this, not before."""
        subscription = Subscription()
        for line in lines:
            self._waiting.setdefault(line, set()).add(subscription)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="bell")
        try:
            yield subscription
        finally:
            for line in lines:
                self._unsubscribe(line, subscription)

    async def close(self) -> None:
        """Stop listening at once; the next listener starts it again."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    def _unsubscribe(self, line: str, subscription: Subscription) -> None:
        waiting = self._waiting[line]
        waiting.discard(subscription)
        if not waiting:
            del self._waiting[line]

    async def _run(self) -> None:
        link, backoff, outage = self._open_link(), Backoff(), OutageLog("bell")
        try:
            while not self._idle():
                try:
                    await self._read_message(link)
                except (Unavailable, ResponseError) as error:
                    # Refused by an ACL as by an outage: everybody looks by themselves meanwhile.
                    outage.failed(error if isinstance(error, Unavailable) else Unavailable(str(error)))
                    await asyncio.sleep(backoff.next_wait_sec())
                else:
                    outage.worked()
                    backoff.reset()
        finally:
            await link.close()

    def _idle(self) -> bool:
        now = asyncio.get_running_loop().time()
        if self._waiting:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = now
        return self._idle_since is not None and now - self._idle_since > _LINGER_SEC

    async def _read_message(self, link: BlockingLink) -> None:
        if not link.connected:
            await link.command("SUBSCRIBE", self._channel, timeout_sec=5)
            # What was rung before is lost: everybody looks once.
            for waiting in self._waiting.values():
                _notify(waiting)
        message = await link.message(_LISTEN_SEC)
        if message and message[0] == "message":
            _notify(self._waiting.get(str(message[2]), ()))


def _notify(waiting: set[Subscription] | tuple[Subscription, ...]) -> None:
    for subscription in waiting:
        subscription.notify()


@contextlib.contextmanager
def subscribed(notifier: Notifier | None, *lines: str) -> Generator[Subscription]:
    """Give what hears these lines; without a bell it only says when to look."""
    if notifier is None:
        yield Subscription()
        return
    with notifier.listen(*lines) as subscription:
        yield subscription


def open_notifier(settings: Settings) -> Notifier:
    """Return the bell of a deployment; it connects while somebody listens."""
    keys = Keys(settings.namespace)
    url = settings.effective_redis_url
    return Notifier(lambda: BlockingLink(parse_target(url, keys.seq)), keys)

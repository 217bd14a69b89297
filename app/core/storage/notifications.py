"""Notifications between processes by pub/sub: messages, receipts, checks.

Pub/sub loses what is published while a process is not subscribed. Therefore every listener also reads the
state from time to time, and a lost notification costs time only. A notification is one line, such as `mail
telegram:bot_a01` or `receipt <message>`.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable, Generator, Sequence
from typing import TYPE_CHECKING

from redis.exceptions import ResponseError

from app.core.background import Backoff, OutageBackoff
from app.core.errors import Unavailable
from app.core.storage.discovery import parse_target
from app.core.storage.keys import Keys
from app.core.storage.link import BlockingLink

if TYPE_CHECKING:
    from app.core.config import Settings

ACCOUNTS = "accounts"
"""Published when an account is saved or deleted."""
ACCESS = "access"
"""Published when an API key or a session is created, changed or deleted."""
_LISTEN_SEC = 1.0
# A subscription costs a connection: it is kept for a while after the last listener has gone.
_LINGER_SEC = 10.0
FIRST_WAIT_SEC, LONGEST_WAIT_SEC = 0.02, 0.25


def messages_due(account: str) -> str:
    """Return the line for an account that has a message to send or a check to run."""
    return f"mail {account}"


def receipt_changed(entry_id: str) -> str:
    """Return the line for a message whose outcome is known."""
    return f"receipt {entry_id}"


def updates_stored(account: str) -> str:
    """Return the line for an account that has received updates."""
    return f"updates {account}"


def check_answered(check_id: str) -> str:
    """Return the line for a check that is answered."""
    return f"checked {check_id}"


class Subscription:
    """Wakes one listener: on a notification, and regularly in case one was lost."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._waits = Backoff(FIRST_WAIT_SEC, LONGEST_WAIT_SEC)

    def notify(self) -> None:
        self._event.set()

    async def wait(self, at_most_sec: float | None = None) -> bool:
        """Wait for a notification, at most `at_most_sec`; return whether there was one.

        Without `at_most_sec` the first wait is 0.02 s at most, and each wait is twice as long, up to 0.25 s.
        A shorter wait counts as 0.02 s: a loop whose time has come and that finds nothing must not spin.
        """
        seconds = self._waits.next_wait_sec()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds if at_most_sec is None else max(at_most_sec, FIRST_WAIT_SEC)):
                await self._event.wait()
        notified = self._event.is_set()
        self._event.clear()
        return notified


class Notifier:
    """Subscribes to the channel while it has listeners; an outage only delays them."""

    def __init__(self, open_link: Callable[[], BlockingLink], keys: Keys) -> None:
        self._open_link = open_link
        self._channel = keys.notify
        self._waiting: dict[str, set[Subscription]] = {}
        self._task: asyncio.Task[None] | None = None
        self._idle_since: float | None = None
        self.is_subscribed = False
        """Notifications arrive now, as far as this process knows."""

    @contextlib.contextmanager
    def listen(self, *lines: str, subscription: Subscription | None = None) -> Generator[Subscription]:
        """Yield a subscription to these lines. Read the awaited state after this, not before."""
        subscription = subscription or Subscription()
        for line in lines:
            self._waiting.setdefault(line, set()).add(subscription)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run(), name="notifications")
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
        link, outage = self._open_link(), OutageBackoff("notifications")
        try:
            while not self._idle():
                try:
                    await self._read_message(link)
                except (Unavailable, ResponseError) as error:
                    self.is_subscribed = False
                    # An ACL may refuse it too. Until it works, listeners read the state in steps.
                    reason = error if isinstance(error, Unavailable) else Unavailable(str(error))
                    await asyncio.sleep(outage.failed(reason))
                else:
                    outage.worked()
        finally:
            self.is_subscribed = False
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
            self.is_subscribed = True
            # Earlier notifications are lost, so every listener reads its state once.
            for waiting in self._waiting.values():
                _notify(waiting)
        message = await link.message(_LISTEN_SEC)
        if message and message[0] == "message":
            _notify(self._waiting.get(str(message[2]), ()))


class NotifierGroup:
    """The notifiers of several shards as one."""

    def __init__(self, notifiers: Sequence[Notifier]) -> None:
        self._notifiers = notifiers

    @contextlib.contextmanager
    def listen(self, *lines: str) -> Generator[Subscription]:
        """Yield a subscription to these lines of all shards."""
        subscription = Subscription()
        with contextlib.ExitStack() as stack:
            for notifier in self._notifiers:
                stack.enter_context(notifier.listen(*lines, subscription=subscription))
            yield subscription

    async def close(self) -> None:
        """Stop listening at once."""
        await asyncio.gather(*(notifier.close() for notifier in self._notifiers))


def _notify(waiting: set[Subscription] | tuple[Subscription, ...]) -> None:
    for subscription in waiting:
        subscription.notify()


@contextlib.contextmanager
def subscribed(notifier: Notifier | NotifierGroup | None, *lines: str) -> Generator[Subscription]:
    """Yield a subscription to these lines; without a notifier it only wakes its listener regularly."""
    if notifier is None:
        yield Subscription()
        return
    with notifier.listen(*lines) as subscription:
        yield subscription


def open_notifier(settings: Settings) -> Notifier:
    """Return the notifier of a shard, by default the first one; it connects while it has listeners."""
    keys = Keys.of(settings)
    url = settings.effective_redis_url
    return Notifier(lambda: BlockingLink(parse_target(url, keys.seq)), keys)


def open_notifiers(settings: Settings) -> Notifier | NotifierGroup:
    """Return the notifier of all shards of a deployment."""
    notifiers = [open_notifier(settings.of_shard(number)) for number in range(settings.shards)]
    return notifiers[0] if len(notifiers) == 1 else NotifierGroup(notifiers)

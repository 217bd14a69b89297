"""Runs one task per account: starts, replaces and stops them as accounts change."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.background import Backoff, Loop, or_stop, run_forever
from app.core.observability import get_logger
from app.core.storage.notifications import ACCOUNTS, subscribed

if TYPE_CHECKING:
    from app.core.storage.notifications import Notifier, NotifierGroup, Subscription

# A notification reports a change at once. If it is lost, the change is seen within this time.
RECONCILE_SEC = 2.5
END_SEC = 15.0
"""How long an account's task may take to end: 10 s for a message in flight, plus its clean-up."""
_LONGEST_RESTART_SEC = 60.0

log = get_logger(__name__)


Revisions = Callable[[], Awaitable[Mapping[str, int]]]
"""Returns the accounts that this process should serve; a new revision restarts an account's task."""


@dataclass(slots=True)
class _Served:
    revision: int
    task: asyncio.Task[None]
    stop: asyncio.Event
    end_by: float | None = None


class AccountSupervisor:
    """Reconciles the running account tasks with the stored accounts; `open_account` returns a task's loop.

    Accounts are independent: a task that ends slowly is replaced once it has ended.
    """

    def __init__(
        self,
        revisions: Revisions,
        open_account: Callable[[str], Loop],
        notifier: Notifier | NotifierGroup | None = None,
        *,
        each_sec: float = RECONCILE_SEC,
        end_sec: float = END_SEC,
    ) -> None:
        self._revisions = revisions
        self._open_account = open_account
        self._notifier = notifier
        self._each_sec = each_sec
        self._end_sec = end_sec
        self._served: dict[str, _Served] = {}

    async def run(self, stop: asyncio.Event) -> None:
        """Reconcile until `stop`, then stop all accounts."""
        with subscribed(self._notifier, ACCOUNTS) as subscription:
            try:
                await run_forever("accounts", lambda stopping: self._step(subscription, stopping), stop)
            finally:
                await self._end_all()

    async def _step(self, subscription: Subscription, stop: asyncio.Event) -> None:
        revisions = await self._revisions()
        for name, served in list(self._served.items()):
            if served.task.done():
                del self._served[name]
            elif revisions.get(name) != served.revision:
                self._end(name, served)
        for name, revision in revisions.items():
            if name not in self._served:
                self._start(name, revision, subscription)
        await or_stop(stop, subscription.wait(self._each_sec))

    def _start(self, name: str, revision: int, subscription: Subscription) -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(_serve(name, self._open_account(name), stop), name=f"account {name}")
        task.add_done_callback(lambda _: subscription.notify())
        self._served[name] = _Served(revision, task, stop)

    def _end(self, name: str, served: _Served) -> None:
        """Stop a task; one that was stopped long ago is cancelled."""
        now = asyncio.get_running_loop().time()
        served.stop.set()
        if served.end_by is None:
            served.end_by = now + self._end_sec
        elif now > served.end_by:
            log.warning("account is cancelled: it did not end in time", account=name)
            served.task.cancel()

    async def _end_all(self) -> None:
        for name, served in self._served.items():
            self._end(name, served)
        if not self._served:
            return
        tasks = {served.task for served in self._served.values()}
        _, late = await asyncio.wait(tasks, timeout=self._end_sec)
        for task in late:
            log.warning("account is cancelled: it did not end in time", account=task.get_name())
            task.cancel()


async def _serve(name: str, loop: Loop, stop: asyncio.Event) -> None:
    """Serve one account. A failure is retried and does not affect other accounts."""
    backoff = Backoff(longest_sec=_LONGEST_RESTART_SEC)
    while not stop.is_set():
        try:
            await loop.run(stop)
        except Exception:
            log.exception("account failed", account=name)
        if not stop.is_set():
            await backoff.wait(stop)

"""Keeps one task an account: started, replaced and stopped as the wanted accounts change."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from app.core.loops import Backoff, Loop, keep_going, pause
from app.core.observability import get_logger

# A changed account works within this; with a real source it is one round trip.
RECONCILE_SEC = 1.0
_END_SEC = 5.0
_LONGEST_RESTART_SEC = 60.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class WantedAccount:
    """One account that should be served; another `revision` means that its task has to start anew."""

    revision: str
    loop: Loop


class AccountSource(Protocol):
    """Says which accounts this process should serve, by `<channel>:<account id>`."""

    async def wanted(self) -> Mapping[str, WantedAccount]: ...


@dataclass(slots=True)
class _Served:
    revision: str
    task: asyncio.Task[None]
    stop: asyncio.Event


class Supervisor:
    """Reconciles the running account tasks with those that a source wants."""

    def __init__(self, source: AccountSource, each_sec: float = RECONCILE_SEC) -> None:
        self._source = source
        self._each_sec = each_sec
        self._served: dict[str, _Served] = {}

    @property
    def accounts(self) -> int:
        """Return how many accounts are being served."""
        return len(self._served)

    async def run(self, stop: asyncio.Event) -> None:
        """Reconcile until `stop`, then stop all accounts."""
        try:
            await keep_going("accounts", self._step, stop)
        finally:
            await asyncio.gather(*(self._end(name) for name in list(self._served)))

    async def _step(self, stop: asyncio.Event) -> None:
        wanted = await self._source.wanted()
        outdated = [
            name
            for name, served in self._served.items()
            if name not in wanted or wanted[name].revision != served.revision
        ]
        await asyncio.gather(*(self._end(name) for name in outdated))
        for name, account in wanted.items():
            if name not in self._served:
                self._start(name, account)
        await pause(stop, self._each_sec)

    def _start(self, name: str, account: WantedAccount) -> None:
        stop = asyncio.Event()
        task = asyncio.create_task(_serve(name, account.loop, stop), name=f"account {name}")
        self._served[name] = _Served(account.revision, task, stop)

    async def _end(self, name: str) -> None:
        served = self._served.pop(name)
        served.stop.set()
        _, late = await asyncio.wait({served.task}, timeout=_END_SEC)
        for task in late:
            log.warning("account is cancelled: it did not end in time", account=name)
            task.cancel()


async def _serve(name: str, loop: Loop, stop: asyncio.Event) -> None:
    """Serve one account; what fails there is tried again and never touches its neighbours."""
    backoff = Backoff(longest_sec=_LONGEST_RESTART_SEC)
    while not stop.is_set():
        try:
            await loop.run(stop)
        except Exception:
            log.exception("account failed", account=name)
        if not stop.is_set():
            await backoff.wait(stop)

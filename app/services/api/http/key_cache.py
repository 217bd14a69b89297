"""The API's keys and sessions, read again at each change.

A change is published, and each API process reads the keyring within milliseconds. A notification may be
lost, so the version is compared every second as well. The last use of keys and sessions is written at the
same time, at most once in five minutes for each.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from app.core.background import run_forever, sleep_or_stop
from app.core.storage.notifications import ACCESS, Subscription, subscribed

if TYPE_CHECKING:
    from app.core.access.keyring import Keyring
    from app.core.access.sessions import Session
    from app.core.clock import Clock
    from app.core.storage.notifications import Notifier
    from app.services.api.http.auth import Actor
    from app.services.api.http.key_lookup import KeyLookup

# If a notification is lost, a change counts within two seconds; reading takes a part of them.
REFRESH_SEC = 1.0
# As long as there is no subscription, nothing else reports a change.
UNSUBSCRIBED_SEC = 0.25
# Whatever the version says: another process keeps when a session was used, and that raises no version.
READ_ANYWAY_MS = 60_000
USE_MS = 300_000
MAX_MARKED = 10_000


class ApiKeyCache:
    """Holds the keyring of now; with Redis away the last one goes on being used."""

    def __init__(
        self,
        load: Callable[[], Awaitable[Keyring]],
        *,
        clock: Clock,
        stamp: Callable[[], Awaitable[Any]],
        mark_used: Callable[[Iterable[str], int], Awaitable[None]],
        touch: Callable[[Iterable[Session], int], Awaitable[None]],
        looked: Callable[[Keyring], None],
        lookup: KeyLookup,
        notifier: Notifier | None = None,
    ) -> None:
        self._load = load
        self._clock = clock
        self._stamp = stamp
        self._mark_used = mark_used
        self._touch = touch
        self._looked = looked
        self._lookup = lookup
        self._notifier = notifier
        self._keyring: Keyring | None = None
        self._reading: asyncio.Task[Keyring] | None = None
        self._next: asyncio.Task[Keyring] | None = None
        self._seen: Any = None
        self._read_at_ms = 0
        self._marked: dict[str, int] = {}
        self.used: set[str] = set()
        """Ids of the keys that came since the last look; the guard adds them."""
        self.used_sessions: set[str] = set()

    async def current(self) -> Keyring:
        """Return the keyring; raises Unavailable as long as none could ever be read."""
        # No request is accepted on the assumption that there are no keys.
        return await self.refresh() if self._keyring is None else self._keyring

    def note(self, actor: Actor) -> None:
        """Remember that a request of this actor came."""
        self.used.add(actor.key_id)
        if actor.session_id:
            self.used_sessions.add(actor.session_id)

    async def look_up(self, token: str, address: str) -> Keyring | None:
        """Return a keyring that has a key or session made just now; None if Redis has none with its id."""
        keyring = await self.current()
        if keyring.has_id_of(token) or not await self._lookup.find(token, address):
            return None
        keyring = await self.refresh()
        if not keyring.has_id_of(token):
            self._lookup.was_useless(token)
        return keyring

    async def refresh(self) -> Keyring:
        """Return a keyring that was read after this call, and end the streams of keys that it refuses."""
        # One reading at a time, so that an older one never replaces a newer one. All calls that come during
        # a reading share the next.
        if self._next is None:
            self._next = asyncio.create_task(self._read_after(self._reading), name="keyring")
            self._next.add_done_callback(_retrieve)
        return await asyncio.shield(self._next)

    async def run(self, stop: asyncio.Event) -> None:
        """Read the keyring at each notification, and compare its version regularly, until `stop`."""
        with subscribed(self._notifier, ACCESS) as changed:
            async with asyncio.TaskGroup() as group:
                follow = partial(self._follow, changed)
                follower = group.create_task(run_forever("key notifications", follow, stop))
                await run_forever("keys", self._step, stop)
                follower.cancel()

    async def _follow(self, changed: Subscription, _stop: asyncio.Event) -> None:
        # Also after each subscription: what changed before it was published to nobody.
        if await changed.wait(REFRESH_SEC):
            await self.refresh()

    async def _step(self, stop: asyncio.Event) -> None:
        await self.mark()
        is_followed = self._notifier is None or self._notifier.is_subscribed
        await sleep_or_stop(stop, REFRESH_SEC if is_followed else UNSUBSCRIBED_SEC)

    async def mark(self) -> None:
        """Read the keys if they changed, and keep which keys and sessions were used."""
        keyring = await self._look()
        now_ms = self._clock.now_ms()
        used, self.used = self.used, set()
        sessions, self.used_sessions = self.used_sessions, set()
        # Not those that were revoked meanwhile: their last use was forgotten with them.
        keys = self._due((key_id for key_id in used if key_id in keyring), now_ms)
        if keys:
            await self._mark_used(keys, now_ms // USE_MS * USE_MS)
        for session_id in sessions & keyring.sessions.keys():
            keyring.sessions[session_id].last_seen = now_ms
        due = self._due(sessions & keyring.sessions.keys(), now_ms)
        if due:
            await self._touch([keyring.sessions[session_id] for session_id in due], now_ms)
        if len(self._marked) > MAX_MARKED:
            self._marked.clear()
        self._marked.update(dict.fromkeys((*keys, *due), now_ms))

    async def _look(self) -> Keyring:
        if self._keyring is not None:
            # A key or session may have expired since the last look, also while Redis is away.
            self._looked(self._keyring)
        stamp = await self._stamp()
        late = self._clock.now_ms() - self._read_at_ms >= READ_ANYWAY_MS
        if self._keyring is None or stamp != self._seen or late:
            return await self.refresh()
        return self._keyring

    async def _read_after(self, before: asyncio.Task[Keyring] | None) -> Keyring:
        if before is not None:
            await asyncio.wait({before})
        self._reading, self._next = self._next, None
        # The stamp is sent before the keys: a change after it is seen at the next look.
        stamp, keyring = await asyncio.gather(self._stamp(), self._load())
        if stamp != self._seen:
            self._lookup.forget()
        self._keyring, self._seen, self._read_at_ms = keyring, stamp, self._clock.now_ms()
        self._looked(keyring)
        return keyring

    def _due(self, ids: Iterable[str], now_ms: int) -> list[str]:
        return [each for each in ids if now_ms - self._marked.get(each, -USE_MS) >= USE_MS]


def _retrieve(reading: asyncio.Task[Keyring]) -> None:
    """Take the error of a reading whose callers have all gone."""
    if not reading.cancelled():
        reading.exception()

"""The API's keys and sessions, compared every second.

They are read again after a change. Their last use is written at the same time, at most once in five minutes
for a key or session.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING, Any

from app.core.background import run_forever, sleep_or_stop

if TYPE_CHECKING:
    import asyncio

    from app.core.access.keyring import Keyring
    from app.core.access.sessions import Session
    from app.core.clock import Clock
    from app.services.api.http.auth import Actor

# A new or revoked key counts on every replica within two seconds; reading takes a part of them.
REFRESH_SEC = 1.0
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
    ) -> None:
        self._load = load
        self._clock = clock
        self._stamp = stamp
        self._mark_used = mark_used
        self._touch = touch
        self._looked = looked
        self._keyring: Keyring | None = None
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

    async def refresh(self) -> Keyring:
        """Read the keys now, and end the streams of keys that are refused now."""
        self._keyring = await self._load()
        self._read_at_ms = self._clock.now_ms()
        self._looked(self._keyring)
        return self._keyring

    async def run(self, stop: asyncio.Event) -> None:
        """Look again and again until `stop`."""
        await run_forever("keys", self._step, stop)

    async def _step(self, stop: asyncio.Event) -> None:
        await self.mark()
        await sleep_or_stop(stop, REFRESH_SEC)

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
        # The stamp is read before the keys: a later change is seen at the next look.
        stamp = await self._stamp()
        late = self._clock.now_ms() - self._read_at_ms >= READ_ANYWAY_MS
        if self._keyring is None or stamp != self._seen or late:
            await self.refresh()
            self._seen = stamp
        return await self.current()

    def _due(self, ids: Iterable[str], now_ms: int) -> list[str]:
        return [each for each in ids if now_ms - self._marked.get(each, -USE_MS) >= USE_MS]

"""Sessions of signed-in browsers: stored, listed, used and ended."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from app.core.api_key_records import digest_of
from app.core.errors import KeyNotFound, SessionNotFound
from app.core.session_records import (
    Session,
    SessionLimits,
    cleaned_device,
    new_session_token,
    packed_session,
    session_id_of,
    unpacked_session,
)

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.key_store import KeyStore
    from app.core.redis_client import Command, RedisLink
    from app.core.scripts import Scripts

MAX_OF_KEY, MAX_IN_ALL = 50, 5_000
_PAGE, _TOUCHED = 500, 250


class Sessions:
    """The sessions of a deployment; their MACs and digests use the secrets of its key store."""

    def __init__(
        self, link: RedisLink, scripts: Scripts, clock: Clock, settings: Settings, store: KeyStore
    ) -> None:
        self._link = link
        self._scripts = scripts
        self._names = scripts.keys
        self._clock = clock
        self._store = store
        self._known: dict[str, Session] = {}
        self.limits = SessionLimits.of(settings)

    async def create(self, key_id: str, address: str, device: str, *, fixed: bool) -> tuple[Session, str]:
        """Store a session for a key and return it with its token, which is never shown again.

        `fixed` says that the key is one of API_KEYS. KeyNotFound if the key was revoked meanwhile.
        """
        stored = await self._store.read()
        token, now_ms = new_session_token(), self._clock.now_ms()
        made = Session(
            session_id_of(token),
            key_id,
            digest_of(stored.pepper, token),
            now_ms,
            address,
            cleaned_device(device),
        )
        made.last_seen = now_ms
        word = await self._scripts.run(
            *(
                "access/create_session",
                made.session_id,
                key_id,
                packed_session(made, self._store.seal),
                now_ms,
            ),
            *(self.limits.idle_ms, self.limits.life_ms, MAX_OF_KEY, MAX_IN_ALL, "1" if fixed else ""),
        )
        if word == "NO_KEY":
            raise KeyNotFound(key_id)
        return made, token

    async def read(self) -> list[Session]:
        """Return the sessions of now, in no order. A record is read once: it never changes."""
        flat = await self._link.call("ZRANGE", self._names.sessions, 0, -1, "WITHSCORES")
        seen: dict[str, int] = {
            member.rpartition(":")[2]: int(float(score))
            for member, score in zip(flat[::2], flat[1::2], strict=True)
        }
        new = [session_id for session_id in seen if session_id not in self._known]
        found = {session_id: self._known[session_id] for session_id in seen if session_id in self._known}
        for start in range(0, len(new), _PAGE):
            found.update(await self._page(new[start : start + _PAGE]))
        for session_id, session in found.items():
            session.last_seen = max(seen[session_id], session.last_seen)
        self._known = found
        return list(found.values())

    async def _page(self, session_ids: list[str]) -> dict[str, Session]:
        texts = await self._link.call("MGET", *(self._names.session(each) for each in session_ids))
        read = {
            session_id: unpacked_session(session_id, text, 0, self._store.seal)
            for session_id, text in zip(session_ids, texts, strict=True)
            if text is not None
        }
        return {session_id: session for session_id, session in read.items() if session is not None}

    async def live(self) -> list[Session]:
        """Return the sessions that have not ended, the last used first."""
        now_ms = self._clock.now_ms()
        found = [session for session in await self.read() if not session.is_over(now_ms, self.limits)]
        return sorted(found, key=lambda session: (-session.last_seen, session.session_id))

    async def end(self, session_id: str) -> Session:
        """Forget a session; SessionNotFound if there is none."""
        found = {session.session_id: session for session in await self.live()}.get(session_id)
        if found is None:
            raise SessionNotFound(session_id)
        # MISSING: this call sent again, or somebody else, has ended it just now.
        await self._scripts.run("access/end_session", found.key_id, session_id)
        return found

    async def touch(self, sessions: Iterable[Session], now_ms: int) -> None:
        """Keep that these sessions were used now."""
        parts = [
            (session.key_id, session.session_id, session.created_at + self.limits.life_ms)
            for session in sessions
        ]
        for start in range(0, len(parts), _TOUCHED):
            flat = [part for each in parts[start : start + _TOUCHED] for part in each]
            await self._scripts.run("access/touch_sessions", now_ms, self.limits.idle_ms, *flat)

    async def renew_seals(self) -> int:
        """Seal all sessions under the current secret; return how many there are. May be done again."""
        found = await self.live()
        writes: list[Command] = [
            (
                "SET",
                self._names.session(each.session_id),
                packed_session(each, self._store.seal),
                "XX",
                "KEEPTTL",
            )
            for each in found
        ]
        for start in range(0, len(writes), _PAGE):
            await self._link.calls(writes[start : start + _PAGE])
        return len(found)

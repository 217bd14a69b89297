"""Sessions of signed-in browsers: stored, listed, used and ended."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast

import orjson

from app.core.access.errors import KeyNotFound, SessionNotFound
from app.core.access.records import digest_of, new_id
from app.core.storage.connection import scores
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from app.core.access.key_store import KeyStore
    from app.core.access.records import RecordSeal
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.scripts import Scripts

# Sessions as records: a signed-in browser that acts for an API key.
#
# A session's token is `mjs_<id>_<secret>`. What it may do comes from its key at each request, so a session
# has no role of its own.

ID_CHARS = 12
MAX_DEVICE_CHARS = 160
_TOKEN = re.compile(r"^mjs_([a-z2-7]{12})_[A-Za-z0-9_-]{43}$")
_KIND = "session"
_STORED = ("key_id", "digest", "created_at", "address", "device")
"""Fields of a stored session, in the order in which its MAC is made."""
_ADDED: dict[str, Any] = {"way": "key", "life_ms": 0}
"""Later fields with their defaults. A default is neither stored nor in the MAC, as in old records."""
HOUR_MS, DAY_MS = 3_600_000, 86_400_000
Way = Literal["key", "link", "oidc"]


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lives, in milliseconds."""

    idle_ms: int
    """Since its last request."""
    life_ms: int
    """The longest life, also with activity."""

    @classmethod
    def of(cls, settings: Settings) -> SessionLimits:
        """Read SESSION_IDLE_HOURS and SESSION_MAX_DAYS."""
        return cls(round(settings.session_idle_hours * HOUR_MS), round(settings.session_max_days * DAY_MS))


@dataclass(slots=True)
class Session:
    """A session as it is kept; instants in epoch milliseconds."""

    session_id: str
    key_id: str
    digest: str
    created_at: int
    address: str
    """The address of the person who signed in."""
    device: str
    """The browser's own name (`User-Agent`), cleaned and cut."""
    last_seen: int = 0
    """Written at most once in five minutes."""
    way: Way = "key"
    """How its owner signed in."""
    life_ms: int = 0
    """A longest life of its own, shorter than that of all sessions; 0 for none."""

    def ends_at(self, limits: SessionLimits) -> int:
        """Return when it ends if it is not used again."""
        return min(self.last_seen + limits.idle_ms, self.latest_end(limits))

    def latest_end(self, limits: SessionLimits) -> int:
        """Return when it ends in any case."""
        return self.created_at + min(limits.life_ms, self.life_ms or limits.life_ms)

    def is_over(self, now_ms: int, limits: SessionLimits) -> bool:
        """Return whether one of its limits has passed."""
        return now_ms >= self.ends_at(limits)


def session_id_of(token: str) -> str:
    """Return the id in a session's token; empty if the text is no such token."""
    if not token.startswith("mjs_"):
        return ""
    ours = _TOKEN.match(token)
    return ours[1] if ours else ""


def cleaned_device(text: str) -> str:
    """Return a browser's name as printable ASCII of bounded length."""
    return "".join(char for char in text if " " <= char <= "~")[:MAX_DEVICE_CHARS].strip()


def packed_session(session: Session, seal: RecordSeal) -> str:
    """Return the record as it is stored, with its MAC; `last_seen` is kept in the index."""
    fields: dict[str, Any] = {name: getattr(session, name) for name in _STORED}
    return orjson.dumps({**fields, **_added(session), "mac": seal.mac(_KIND, _signed(session))}).decode()


def unpacked_session(session_id: str, text: str, last_seen: int, seal: RecordSeal) -> Session | None:
    """Return a stored session; None if it cannot be read or has no valid MAC."""
    try:
        fields: dict[str, Any] = orjson.loads(text)
        found = Session(
            session_id,
            str(fields["key_id"]),
            str(fields["digest"]),
            int(fields["created_at"]),
            str(fields["address"]),
            str(fields["device"]),
            last_seen,
            _way(fields.get("way", "key")),
            int(fields.get("life_ms", 0)),
        )
        return found if seal.is_valid(_KIND, _signed(found), fields.get("mac")) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _signed(session: Session) -> list[Any]:
    added = _added(session)
    fields = [getattr(session, name) for name in _STORED]
    return [session.session_id, *fields, *([added] if added else [])]


def _added(session: Session) -> dict[str, Any]:
    values = {name: getattr(session, name) for name in _ADDED}
    return {name: value for name, value in values.items() if value != _ADDED[name]}


def _way(text: str) -> Way:
    if text not in {"key", "link", "oidc"}:
        raise ValueError(text)
    return cast("Way", text)


MAX_OF_KEY, MAX_IN_ALL = 50, 5_000
_PAGE, _TOUCHED = 500, 250


@script_row("access/touch_sessions")
class UsedSessionRow(NamedTuple):
    """A session that was used, and the latest end that it may have (ms)."""

    key: str
    session: str
    latest_end: int


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

    async def create(
        self, key_id: str, address: str, device: str, *, fixed: bool, way: Way = "key", life_ms: int = 0
    ) -> tuple[Session, str]:
        """Store a session for a key or a user and return it with its token, which is never shown again.

        `fixed` says that the key is one of API_KEYS; `life_ms` is a longest life of its own. KeyNotFound if
        the key was revoked meanwhile.
        """
        stored = await self._store.read()
        session_id, now_ms = new_id(ID_CHARS), self._clock.now_ms()
        token = f"mjs_{session_id}_{secrets.token_urlsafe(32)}"
        digest = digest_of(stored.pepper, token)
        made = Session(
            session_id, key_id, digest, now_ms, address, cleaned_device(device), now_ms, way, life_ms
        )
        word = await self._scripts.run(
            "access/create_session",
            session=made.session_id,
            key=key_id,
            record=packed_session(made, self._store.seal),
            now=now_ms,
            idle_ms=self.limits.idle_ms,
            lifetime_ms=self.limits.life_ms,
            max_per_key=MAX_OF_KEY,
            max_sessions=MAX_IN_ALL,
            is_setting_key="1" if fixed else "",
        )
        if word == "NO_KEY":
            raise KeyNotFound(key_id)
        return made, token

    async def read(self) -> list[Session]:
        """Return the sessions of now, in no order. A record is read once: it never changes."""
        flat = await self._link.call("ZRANGE", self._names.sessions, 0, -1, "WITHSCORES")
        seen = {member.rpartition(":")[2]: seen_at for member, seen_at in scores(flat).items()}
        new = [session_id for session_id in seen if session_id not in self._known]
        found = {session_id: self._known[session_id] for session_id in seen if session_id in self._known}
        for start in range(0, len(new), _PAGE):
            found.update(await self._page(new[start : start + _PAGE]))
        for session_id, session in found.items():
            session.last_seen = max(seen[session_id], session.last_seen)
        self._known = found
        return list(found.values())

    async def is_stored(self, session_id: str) -> bool:
        """Return whether there is a valid record with this id now: one small command."""
        text = await self._link.call("GET", self._names.session(session_id))
        return text is not None and unpacked_session(session_id, text, 0, self._store.seal) is not None

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
        # MISSING: a repeat of this call, or another caller, has ended it just now.
        await self._scripts.run("access/end_session", key=found.key_id, session=session_id)
        return found

    async def touch(self, sessions: Iterable[Session], now_ms: int) -> None:
        """Store that these sessions were used now."""
        rows = [
            UsedSessionRow(session.key_id, session.session_id, session.latest_end(self.limits))
            for session in sessions
        ]
        for start in range(0, len(rows), _TOUCHED):
            some = flat(rows[start : start + _TOUCHED])
            await self._scripts.run("access/touch_sessions", *some, now=now_ms, idle_ms=self.limits.idle_ms)

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

"""Sessions as records: a signed-in browser that acts for an API key.

A session's token is `mjs_<id>_<secret>`. What it may do comes from its key at each request, so a session has
no role of its own.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from app.core.api_key_records import new_id

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.record_seals import RecordSeal

ID_CHARS = 12
MAX_DEVICE_CHARS = 160
_TOKEN = re.compile(r"^mjs_([a-z2-7]{12})_[A-Za-z0-9_-]{43}$")
_KIND = "session"
HOUR_MS, DAY_MS = 3_600_000, 86_400_000


@dataclass(frozen=True, slots=True)
class SessionLimits:
    """How long a session lives, in milliseconds."""

    idle_ms: int
    """Since its last request."""
    life_ms: int
    """Since it was made, whatever it does."""

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

    def ends_at(self, limits: SessionLimits) -> int:
        """Return when it ends if it is not used again."""
        return min(self.last_seen + limits.idle_ms, self.created_at + limits.life_ms)

    def is_over(self, now_ms: int, limits: SessionLimits) -> bool:
        """Return whether one of its limits has passed."""
        return now_ms >= self.ends_at(limits)


def new_session_token() -> str:
    """Return the text of a new session."""
    return f"mjs_{new_id(ID_CHARS)}_{secrets.token_urlsafe(32)}"


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
    fields: dict[str, Any] = {
        "key_id": session.key_id,
        "digest": session.digest,
        "created_at": session.created_at,
        "address": session.address,
        "device": session.device,
    }
    return orjson.dumps({**fields, "mac": seal.mac(_KIND, _signed(session))}).decode()


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
        )
        return found if seal.is_valid(_KIND, _signed(found), fields.get("mac")) else None
    except (ValueError, KeyError, TypeError, AttributeError):
        return None


def _signed(session: Session) -> list[Any]:
    return [
        *(session.session_id, session.key_id, session.digest),
        *(session.created_at, session.address, session.device),
    ]

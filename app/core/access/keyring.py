"""A snapshot of keys and sessions, searched without a call to Redis."""

from __future__ import annotations

import hmac
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from app.core.access.names import is_reserved
from app.core.access.records import NAME, ApiKey, Role, derived_pepper, digest_of, id_of, key_of
from app.core.access.sessions import Session, session_id_of
from app.core.errors import ConfigurationError
from app.core.i18n import _
from app.core.net.credentials import typed_key
from app.core.secret_keys import deployment_secrets

if TYPE_CHECKING:
    from app.core.access.sessions import SessionLimits
    from app.core.config import Settings

MAX_TOKEN_CHARS = 1_024
"""Longer than any key; a longer text is not looked up."""


class Keyring:
    """Looks up the key or session of a token: at most one digest each time."""

    def __init__(
        self,
        pepper: bytes,
        keys: Iterable[ApiKey],
        sessions: Iterable[Session] = (),
        *,
        required: Callable[[], bool] = lambda: False,
        awaits_first_key: bool = False,
        local: ApiKey | None = None,
        limits: SessionLimits | None = None,
        now_ms: Callable[[], int] = lambda: 0,
    ) -> None:
        self._pepper = pepper
        self._by_id: Mapping[str, ApiKey] = {key.key_id: key for key in keys if key.valid}
        self._required = required
        self.keys_gone = required() and not self._by_id and not awaits_first_key
        """There was a key and none is left that works."""
        self._has_keys = len(self._by_id) > 0
        self._local_id = ""
        if local is not None and not self.keys_required:
            self._local_id = local.key_id
            self._by_id = {**self._by_id, local.key_id: local}
        self._limits = limits
        self._now_ms = now_ms
        self.sessions: Mapping[str, Session] = {
            session.session_id: session for session in sessions if session.key_id in self._by_id
        }
        # Made here, so that a look-up makes no record.
        self._acting = {
            session_id: replace(self._by_id[session.key_id], session_id=session_id)
            for session_id, session in self.sessions.items()
        }

    @property
    def keys_required(self) -> bool:
        """Return whether requests without a key are refused: there is a key, or there was one.

        The first key is noticed here before it is in a keyring.
        """
        return self._has_keys or self._required()

    def __len__(self) -> int:
        return len(self._by_id)

    def __contains__(self, key_id: str) -> bool:
        return key_id in self._by_id

    def has_id_of(self, token: str) -> bool:
        """Return whether the id in the token is known, whatever its secret and its age are."""
        session_id = session_id_of(token)
        return session_id in self.sessions if session_id else id_of(token) in self._by_id

    def owner(self, key_id: str) -> ApiKey | None:
        """Return the key with this id, whether expired or not."""
        return self._by_id.get(key_id)

    def find(self, token: str) -> ApiKey | None:
        """Return the key or session with this text; None if there is none or its time is over.

        A token with a known id and a wrong secret takes as long as a valid one; an unknown id, a look-up.
        """
        if len(token) > MAX_TOKEN_CHARS:
            return None
        session_id = session_id_of(token)
        if session_id:
            return self._of_session(session_id, token)
        found = self._by_id.get(id_of(token))
        if found is None:
            return None
        same = hmac.compare_digest(digest_of(self._pepper, token), found.digest)
        return found if same and self._is_served(found) else None

    def _of_session(self, session_id: str, token: str) -> ApiKey | None:
        session = self.sessions.get(session_id)
        if session is None:
            return None
        same = hmac.compare_digest(digest_of(self._pepper, token), session.digest)
        return self._acting[session_id] if same and self._lives(session_id) else None

    def admits(self, key_id: str, session_id: str = "") -> bool:
        """Return whether requests with this key, or with this session of it, are served now."""
        if session_id:
            return self._lives(session_id)
        key = self._by_id.get(key_id)
        return key is not None and self._is_served(key)

    def _is_served(self, key: ApiKey) -> bool:
        """Return whether a key of this keyring may be used now."""
        if key.key_id == self._local_id and self.keys_required:
            # The first key ends the local owner before it is in a keyring.
            return False
        return not (key.expires_at and key.is_expired(self._now_ms()))

    def _lives(self, session_id: str) -> bool:
        session, key = self.sessions.get(session_id), self._acting.get(session_id)
        if session is None or key is None or not self._is_served(key):
            return False
        return self._limits is None or not session.is_over(self._now_ms(), self._limits)


# The keys of API_KEYS (`name:role:secret,…`).
#
# They are for machines that are set up by files.

MIN_SECRET_CHARS = 22
"""128 random bits in base 64."""


def fixed_keys(settings: Settings, pepper: bytes | None = None) -> list[ApiKey]:
    """Return the keys of API_KEYS; ConfigurationError names a malformed entry, not its secret."""
    entries = [entry for entry in settings.api_keys.get_secret_value().split(",") if entry.strip()]
    if not entries:
        return []
    pepper = derived_pepper(deployment_secrets(settings)[0]) if pepper is None else pepper
    keys = [_fixed_key(pepper, number, entry.strip()) for number, entry in enumerate(entries, 1)]
    _check_names(keys)
    return keys


def _check_names(keys: list[ApiKey]) -> None:
    numbers: dict[str, int] = {}
    for number, key in enumerate(keys, 1):
        if is_reserved(key.name):
            raise ConfigurationError(
                _(
                    "API_KEYS, entry {number}: the name {name!r} is reserved, because the platform writes it "
                    "for itself: choose another",
                    number=number,
                    name=key.name,
                )
            )
        first = numbers.setdefault(key.name.lower(), number)
        if first != number:
            raise ConfigurationError(
                _(
                    "API_KEYS, entry {number}: entry {first} has the name {name!r} already: give each key a "
                    "name of its own",
                    number=number,
                    first=first,
                    name=key.name,
                )
            )


def _fixed_key(pepper: bytes, number: int, entry: str) -> ApiKey:
    name, _sep, rest = entry.partition(":")
    role, _sep, secret = rest.partition(":")
    is_key = len(secret) >= MIN_SECRET_CHARS and typed_key(secret) == secret
    if not NAME.match(name) or role not in set(Role) or not is_key:
        raise ConfigurationError(
            _(
                "API_KEYS, entry {number}: must be name:role:secret, role one of {roles}, the secret of at "
                "least {chars} characters: ASCII letters, digits and signs without blanks",
                number=number,
                roles=", ".join(Role),
                chars=MIN_SECRET_CHARS,
            )
        )
    return key_of(pepper, name, Role(role), secret)

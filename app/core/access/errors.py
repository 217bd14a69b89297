"""Errors of keys, people and sessions."""

from __future__ import annotations

from app.core.errors import Conflict, NotFound, Refused
from app.core.i18n import _


class KeyNotFound(NotFound):
    """No stored API key has this id."""

    def __init__(self, key_id: str) -> None:
        super().__init__(_("API key {key_id!r} does not exist.", key_id=key_id))


class SessionNotFound(NotFound):
    """No session has this id, or it has ended."""

    def __init__(self, session_id: str) -> None:
        super().__init__(
            _("Session {session_id!r} does not exist or has ended.", session_id=session_id[:100])
        )


class LastAdminKey(Conflict):
    """The key is the last one with the role admin."""


class AdminKeyNeeded(Conflict):
    """No admin key without an expiry would be left."""


class NameTaken(Conflict):
    """A usable key or user has the name."""

    def __init__(self, name: str, key_id: str) -> None:
        super().__init__(
            _(
                "The name {name!r} belongs to {key_id}, which is in use: choose another name. "
                "`multi-job keys rotate {key_id}` makes its successor, and `multi-job keys revoke "
                "{key_id}` frees the name.",
                name=name,
                key_id=key_id,
            )
        )


class SignInRefused(Refused):
    """A person may not sign in, or the provider's answer does not belong to this sign-in."""

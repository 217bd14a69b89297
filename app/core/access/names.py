"""Names of keys and users: unique among those that are usable, and never one of the platform's own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from app.core.access.records import NAME
from app.core.errors import InvalidInput
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.access.records import ApiKey

RESERVED: Final = frozenset(
    {"local", "system", "keyless", "cli", "scheduler", "webhook", "reader", "unknown"}
)
"""The platform writes these as the actor of what no key has done."""


def check_name(name: str) -> None:
    """Raise InvalidInput if a new key or user may not have this name."""
    if not NAME.match(name):
        raise InvalidInput(_("a key's name has 1 to 64 letters, digits, '.', '_', '@' or '-'."))
    if is_reserved(name):
        raise InvalidInput(
            _("the name {name!r} is reserved: the platform writes it for itself. Choose another.", name=name)
        )


def is_reserved(name: str) -> bool:
    """Return whether the platform uses this name for itself, in any case."""
    return name.lower() in RESERVED


def holder_of(name: str, keys: Iterable[ApiKey], now_ms: int) -> ApiKey | None:
    """Return the usable key or user with this name, in any case; None if the name is free."""
    wanted = name.lower()
    return next((key for key in keys if key.name.lower() == wanted and key.is_usable(now_ms)), None)


def shared_names(keys: Iterable[ApiKey]) -> list[str]:
    """Return the names that several principals have, as earlier versions allowed it."""
    principals: dict[str, set[str]] = defaultdict(set)
    shown: dict[str, str] = {}
    for key in keys:
        shown.setdefault(key.name.lower(), key.name)
        principals[key.name.lower()].add(key.principal_id)
    return sorted(shown[name] for name, ids in principals.items() if len(ids) > 1)

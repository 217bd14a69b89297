"""Users: people who sign in at a provider or by a link, beside the keys of programs.

A user is a record among the API keys whose digest no secret matches; sessions hang on it as on a key.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.core.access.errors import KeyNotFound, NameTaken, SignInRefused
from app.core.access.key_store import ReplacedKeyRow
from app.core.access.keyring import fixed_keys
from app.core.access.names import holder_of, is_reserved
from app.core.access.records import NAME, ApiKey, Role, new_id, packed, provider_user
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.storage.scripts import flat

if TYPE_CHECKING:
    from collections.abc import Collection

    from app.core.access.api_keys import ApiKeys
    from app.core.access.key_store import StoredKeys
    from app.core.access.oidc.claims import Person
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.storage.scripts import Scripts

_TRIES: Final = 3
_ID_CHARS: Final = 8
_MAX_NAME_CHARS: Final = 64
_SUFFIX_CHARS: Final = 6


@dataclass(frozen=True, slots=True)
class UserChange:
    """A user after a sign-in or a change, and the role before; None for a user who is new."""

    user: ApiKey
    role_before: Role | None

    @property
    def is_new(self) -> bool:
        """Return whether the user was made just now."""
        return self.role_before is None


class Users:
    """The people of a deployment."""

    def __init__(self, api_keys: ApiKeys, scripts: Scripts, clock: Clock, settings: Settings) -> None:
        self._api_keys = api_keys
        self._scripts = scripts
        self._clock = clock
        self._settings = settings

    async def signed_in(self, person: Person) -> UserChange:
        """Return the user of a person at a provider, with the role that the groups have now.

        Issuer and subject identify the person, never a name. A name that a key or another user has gets a
        suffix.
        """
        for _turn in range(_TRIES):
            stored = await self._api_keys.store.read(to_make=True)
            wanted = provider_user(
                person.issuer, person.subject, person.name, person.role, self._clock.now_ms()
            )
            found = {key.key_id: key for key in stored.keys}.get(wanted.key_id)
            if found is None:
                name = free_name(person.name, wanted.key_id, self._taken(stored))
                try:
                    return UserChange(await self._api_keys.add_user(replace(wanted, name=name)), None)
                except NameTaken:
                    continue  # another person got the name meanwhile
            if not found.valid:
                raise SignInRefused(
                    _(
                        "The record {user_id} of this person was not made by this deployment: an admin "
                        "removes it, then it is made at the next sign-in.",
                        user_id=found.key_id,
                    )
                )
            if await self._has_role(stored, found, person.role):
                return UserChange(replace(found, role=person.role), found.role)
        raise Conflict(_("The user {name} is being changed by others: try again.", name=person.name[:100]))

    async def linked(self, name: str, role: Role | None, actor: str) -> UserChange:
        """Return the user with this name, made if there is none; an existing one keeps a role of None.

        Conflict if the name is that of a key or of a provider's user.
        """
        for _turn in range(_TRIES):
            stored = await self._api_keys.store.read(to_make=True)
            known = [*stored.keys, *fixed_keys(self._settings, stored.pepper)]
            found = holder_of(name, known, self._clock.now_ms())
            if found is None:
                made = ApiKey(
                    *(new_id(_ID_CHARS), name, role or Role.VIEWER, self._clock.now_ms(), "", actor),
                    kind="user",
                )
                try:
                    return UserChange(await self._api_keys.add_user(made), None)
                except NameTaken:
                    continue  # made by another command meanwhile
            _require_linked(found)
            if await self._has_role(stored, found, role or found.role):
                return UserChange(replace(found, role=role or found.role), found.role)
        raise Conflict(_("The user {name} is being changed by others: try again.", name=name[:100]))

    async def set_role(self, user_id: str, role: Role) -> UserChange:
        """Give a user another role; Conflict for a key and for a provider's user, KeyNotFound for neither."""
        for _turn in range(_TRIES):
            stored = await self._api_keys.store.read()
            found = {key.key_id: key for key in stored.keys if key.valid}.get(user_id)
            if found is None:
                raise KeyNotFound(user_id)
            _require_linked(found)
            if await self._has_role(stored, found, role):
                return UserChange(replace(found, role=role), found.role)
        raise Conflict(_("The user {name} is being changed by others: try again.", name=user_id))

    async def _has_role(self, stored: StoredKeys, user: ApiKey, role: Role) -> bool:
        """Return whether the stored user has a role, after it was given one."""
        if user.role is role:
            return True
        wanted = packed(replace(user, role=role), self._api_keys.store.seal)
        row = ReplacedKeyRow(user.key_id, stored.texts[user.key_id], wanted)
        await self._scripts.run("access/replace_keys", *flat([row]))
        return (await self._api_keys.store.read()).texts.get(user.key_id) == wanted

    def _taken(self, stored: StoredKeys) -> set[str]:
        names = (key.name for key in (*stored.keys, *fixed_keys(self._settings, stored.pepper)))
        return {name.casefold() for name in names}


def _require_linked(found: ApiKey) -> None:
    if found.kind == "key":
        raise Conflict(
            _("{name} is a key, not a person: its role is fixed, and it signs in itself.", name=found.name)
        )
    if found.provider:
        raise Conflict(
            _(
                "{name} signs in at {issuer}, and the groups there decide about the role: change them, or "
                "OIDC_ROLES.",
                name=found.name,
                issuer=found.provider,
            )
        )


def free_name(wanted: str, user_id: str, taken: Collection[str]) -> str:
    """Return a name of a provider's as a name here; `taken` holds names in lower case.

    The suffix comes from the user's id, so the same person gets the same name each time.
    """
    plain = unicodedata.normalize("NFKD", wanted).encode("ascii", "ignore").decode()
    kept = "".join(char if char.isalnum() or char in "._@-" else "-" for char in plain).lstrip("._@-")
    name = kept[:_MAX_NAME_CHARS].rstrip("-") or "user"
    for suffix in ("", f"-{user_id[:_SUFFIX_CHARS]}", f"-{user_id}"):
        candidate = name[: _MAX_NAME_CHARS - len(suffix)] + suffix
        is_free = candidate.casefold() not in taken and not is_reserved(candidate)
        if is_free and NAME.match(candidate):
            return candidate
    raise Conflict(_("No name can be made of {name}: an admin frees it.", name=name))

"""API keys: makes, rotates, lists and revokes them.

Only a keyed digest of each key is stored.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core.access.errors import AdminKeyNeeded, KeyNotFound, LastAdminKey, NameTaken
from app.core.access.key_store import KeyStore, StoredKeys
from app.core.access.keyring import Keyring, fixed_keys
from app.core.access.local_owner import LOCAL_ID, LocalKey
from app.core.access.names import check_name, holder_of
from app.core.access.records import (
    ApiKey,
    Role,
    digest_of,
    id_of,
    key_of,
    new_token,
    packed,
    stored_id_of,
)
from app.core.access.scope import checked_addresses, checked_scope
from app.core.access.sessions import session_id_of
from app.core.clock import from_ms
from app.core.errors import Conflict, IdempotencyMismatch, LimitExceeded
from app.core.fields import Change, json_diff
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.access.sessions import Sessions
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.queue.producer import Idempotency
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

__all__ = ["ApiKey", "ApiKeys", "Keyring", "Role", "creation_diff", "fixed_keys", "key_of"]

MAX_KEYS = 1_000
MAX_LIFE_DAYS = 3_650
FORGET_AFTER_MS = 30 * 86_400_000
"""An expired key stays listed for this time; then the next new key removes it."""
COUNTS_SEC = 5.0
_TRIES = 3
_MAX_PAIRS = 50


class ApiKeys:
    """The stored keys of a deployment."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, settings: Settings) -> None:
        self._link = link
        self._scripts = scripts
        self._key = scripts.keys.api_keys
        self._used = scripts.keys.api_keys_used
        self._clock = clock
        self._settings = settings
        self.store = KeyStore(link, scripts, clock, settings)

    async def create(
        self,
        name: str,
        role: Role,
        actor: str,
        once: Idempotency | None = None,
        *,
        expires_in_ms: int = 0,
        even_last: bool = False,
        scope: Sequence[str] = (),
        addresses: Sequence[str] = (),
    ) -> tuple[ApiKey, str | None]:
        """Store a new key and return it with its text, which is never shown again.

        A repeat with the same `once` returns the first key, without its text. `scope` and `addresses` limit
        its jobs and its callers (`scope.py`). Raises NameTaken if a usable key or user has the name;
        AdminKeyNeeded if no permanent admin key that works from everywhere would be left; `even_last` allows
        that for an admin key.
        """
        check_name(name)
        limited_to, accepted_from = checked_scope(scope, role), checked_addresses(addresses)
        for _turn in range(_TRIES):
            stored = await self.store.read(to_make=True)
            made, token = self._new(stored, name, role, actor, expires_in_ms)
            made = replace(made, scope=limited_to, addresses=accepted_from)
            word, key_id = await self._store_new(stored, made, once, even_last=even_last)
            if word != "CHANGED":
                return await self._outcome(word, key_id, made, token)
        raise Conflict(_("Keys and sessions are being changed by others: try again."))

    async def _store_new(
        self, stored: StoredKeys, made: ApiKey, once: Idempotency | None, *, even_last: bool
    ) -> tuple[str, str]:
        """Store a key if the keys are still those that were read; return the word of the script and a key."""
        role, now_ms, is_user = made.role, self._clock.now_ms(), made.kind == "user"
        is_limited = made.expires_at > 0 or bool(made.addresses)
        needs_admin = is_user or role is not Role.ADMIN or (is_limited and not even_last)
        admins = self._admins(stored, lasting=role is Role.ADMIN and not is_user, needed=needs_admin)
        if admins == [""] and (is_user or not stored.keys):
            # Before the file: a refused first key must not lock the deployment.
            raise _no_admin(made)
        await self._make_room(stored)
        # Before the key: a deployment with a key and without this file could be opened again.
        self.store.required.require(self._clock.now())
        await self.store.keep_pepper(stored)
        holder = holder_of(made.name, [*stored.keys, *fixed_keys(self._settings)], now_ms)
        word, key_id = await self._scripts.run(
            "access/create_key",
            *admins[1:],
            key=made.key_id,
            record=packed(made, self.store.seal),
            max_keys=MAX_KEYS,
            **_once(once),
            admin_left=admins[0],
            version=stored.version,
            holder=holder.key_id if holder else "",
        )
        if word == "NO_ADMIN":
            raise _no_admin(made)
        if word == "TAKEN" and holder is not None:
            raise NameTaken(holder.name, holder.key_id)
        return word, key_id

    async def add_user(self, made: ApiKey) -> ApiKey:
        """Store a person, who has no key of their own.

        Raises NameTaken as `create` does, and AdminKeyNeeded unless an admin key works.

        No user counts as that key: the provider may be away, and a link needs a shell on the machine.
        """
        check_name(made.name)
        for _turn in range(_TRIES):
            stored = await self.store.read(to_make=True)
            word, key_id = await self._store_new(stored, made, None, even_last=False)
            if word != "CHANGED":
                return (await self._outcome(word, key_id, made, ""))[0]
        raise Conflict(_("Keys and sessions are being changed by others: try again."))

    async def rotate(
        self,
        key_id: str,
        actor: str,
        overlap_ms: int,
        once: Idempotency | None = None,
        *,
        expires_in_ms: int = 0,
        even_last: bool = False,
    ) -> tuple[ApiKey, str | None]:
        """Make a successor of the same name, role, scope and addresses; the old key ends after the overlap.

        Both are the same principal: they share their name and the records of their idempotency keys. The
        successor has the lifetime of the old key, unless `expires_in_ms` sets another.
        """
        for _turn in range(_TRIES):
            stored = await self.store.read()
            old = _stored_key(stored, key_id)
            if old.kind == "user":
                raise Conflict(_("{name} is a person and has no key to rotate.", name=old.name))
            life_ms = expires_in_ms or (old.expires_at - old.created_at if old.expires_at else 0)
            made, token = self._new(stored, old.name, old.role, actor, life_ms)
            made = replace(made, principal=old.principal_id, scope=old.scope, addresses=old.addresses)
            was_lasting = old.role is Role.ADMIN and not old.expires_at and not old.addresses
            needed = was_lasting and made.expires_at > 0 and not even_last
            if self._admins(stored, needed=needed, lasting=True, but=key_id) == [""]:
                raise _no_admin(made)
            end = self._clock.now_ms() + overlap_ms
            ending = replace(old, expires_at=min(old.expires_at or end, end))
            await self._make_room(stored)
            seal = self.store.seal
            word, new_id = await self._scripts.run(
                "access/rotate_key",
                old_key=key_id,
                seen=stored.texts[key_id],
                ending=packed(ending, seal),
                new_key=made.key_id,
                record=packed(made, seal),
                max_keys=MAX_KEYS,
                **_once(once),
            )
            if word != "CHANGED":
                return await self._outcome(word, new_id, made, token)
        raise Conflict(_("Key {key_id} is being changed by others: try again.", key_id=key_id))

    async def list(self) -> list[ApiKey]:
        """Return the stored keys, oldest first; also records that are not valid."""
        return (await self.store.read()).keys

    async def last_used(self) -> dict[str, int]:
        """Return when each key was last used, to five minutes, epoch milliseconds, by id."""
        return {key_id: int(used_at) for key_id, used_at in (await self._link.hash(self._used)).items()}

    async def mark_used(self, key_ids: Iterable[str], at_ms: int) -> None:
        """Store the time of use of these keys."""
        writes: list[Command] = [
            ("HSET", self._used, key_id, at_ms) for key_id in key_ids if key_id != LOCAL_ID
        ]
        if writes:
            await self._link.calls(writes)

    async def revoke(self, key_id: str, *, even_last: bool = False) -> ApiKey:
        """Remove a key and end its sessions.

        KeyNotFound if none has this id; LastAdminKey if no other admin key works, unless `even_last`.
        """
        stored = await self.store.read()
        found = {key.key_id: key for key in stored.keys}.get(key_id)
        if found is None:
            raise KeyNotFound(key_id)
        is_admin = found.kind == "key" and found.role is Role.ADMIN and found.is_usable(self._clock.now_ms())
        admins = self._admins(stored, but=key_id, needed=is_admin and not even_last)
        # MISSING: it existed just now, so a repeat of this call, or another caller, has removed it.
        word = await self._scripts.run("access/revoke_key", *admins[1:], key=key_id, admin_left=admins[0])
        if word == "LAST_ADMIN":
            raise LastAdminKey(
                _(
                    "Key {key_id} is the last admin's: make another admin key first, or run "
                    "`multi-job keys revoke {key_id}` on the machine.",
                    key_id=key_id,
                )
            )
        return found

    def _new(self, stored: StoredKeys, name: str, role: Role, actor: str, life_ms: int) -> tuple[ApiKey, str]:
        token, now_ms = new_token(), self._clock.now_ms()
        made = ApiKey(id_of(token), name, role, now_ms, digest_of(stored.pepper, token), actor)
        return replace(made, expires_at=now_ms + life_ms if life_ms else 0), token

    def _admins(self, stored: StoredKeys, *, needed: bool, lasting: bool = False, but: str = "") -> list[str]:
        """Return the arguments about admin keys: '1' if one is left in any case, else the keys to check."""
        if not needed or any(key.role is Role.ADMIN for key in fixed_keys(self._settings)):
            return ["1"]
        return ["", *stored.pairs(self._usable_admins(stored, lasting=lasting, but=but)[:_MAX_PAIRS])]

    def _usable_admins(self, stored: StoredKeys, *, lasting: bool, but: str) -> list[ApiKey]:
        now_ms = self._clock.now_ms()
        return [
            key
            for key in stored.keys
            if key.role is Role.ADMIN and key.kind == "key" and key.is_usable(now_ms) and key.key_id != but
            # One with an address list may be of no use where the admin is.
            if not (lasting and key.expires_at) and not key.addresses
        ]

    async def _make_room(self, stored: StoredKeys) -> None:
        before = self._clock.now_ms() - FORGET_AFTER_MS
        gone = [key.key_id for key in stored.keys if 0 < key.expires_at < before]
        if gone:
            await self._link.calls([("HDEL", self._key, *gone), ("HDEL", self._used, *gone)])

    async def _outcome(self, word: str, key_id: str, made: ApiKey, token: str) -> tuple[ApiKey, str | None]:
        if word == "FULL":
            raise LimitExceeded(_("there are {max_keys:,} keys: revoke some.", max_keys=MAX_KEYS))
        if word == "MISMATCH":
            raise IdempotencyMismatch(_("This Idempotency-Key made a key by another request."))
        if word == "OK":
            return made, token
        known = {key.key_id: key for key in await self.list()}.get(key_id)
        if known is None:
            raise Conflict(
                _("This Idempotency-Key made key {key_id}, which was revoked since.", key_id=key_id)
            )
        return known, None


def creation_diff(made: ApiKey) -> list[Change]:
    """Return the audit entry of a new key."""
    fields: dict[str, Any] = {"role": made.role, "name": made.name}
    fields |= {"expires_at": from_ms(made.expires_at).isoformat()} if made.expires_at else {}
    fields |= {"scope": list(made.scope)} if made.scope else {}
    fields |= {"addresses": list(made.addresses)} if made.addresses else {}
    return json_diff({}, fields)


def _stored_key(stored: StoredKeys, key_id: str) -> ApiKey:
    found = {key.key_id: key for key in stored.keys if key.valid}.get(key_id)
    if found is None:
        raise KeyNotFound(key_id)
    return found


def _once(once: Idempotency | None) -> dict[str, str]:
    return {"scope": once.scope if once else "", "body_hash": once.body_hash if once else ""}


def _no_admin(made: ApiKey) -> AdminKeyNeeded:
    if made.kind == "user":
        return AdminKeyNeeded(
            _(
                "People can sign in only if there is an admin key, which works when the provider is away: "
                "there is none. Run `multi-job keys create NAME --role admin` on the machine first."
            )
        )
    if made.role is Role.ADMIN and not made.expires_at:
        return AdminKeyNeeded(
            _(
                "This would be the only admin key, and it has an address list: from elsewhere no key could "
                "be made. Make one without addresses first: `multi-job keys create NAME --role admin`; or "
                "say `--even-last`."
            )
        )
    if made.role is Role.ADMIN:
        return AdminKeyNeeded(
            _(
                "This would be the only admin key, and it expires: after that no key could be "
                "made. Make one that lasts first: `multi-job keys create NAME --role admin`; or "
                "say `--even-last`."
            )
        )
    return AdminKeyNeeded(
        _(
            "The first key must be an admin's: without one, no key can be made and no account set "
            "up. Run `multi-job keys create NAME --role admin` first."
        )
    )


# Reads API keys and sessions from Redis as one keyring.


class Access:
    """Reads keys and sessions together; `stamp` shows at low cost whether they changed."""

    def __init__(
        self,
        link: RedisLink,
        names: Keys,
        clock: Clock,
        settings: Settings,
        *,
        api_keys: ApiKeys,
        sessions: Sessions,
    ) -> None:
        self._link = link
        self._names = names
        self.clock = clock
        self._settings = settings
        self._local_key = LocalKey(settings)
        self.api_keys = api_keys
        self.sessions = sessions
        self._version: Any = None
        self._counts: list[Any] = []
        self._counts_due_sec = 0.0

    async def stamp(self) -> tuple[Any, ...]:
        """Return a value that differs after every change; one small command, and two more now and then.

        The counts notice a hash that was emptied or restored by hand, which raises no version. They are read
        every `COUNTS_SEC` and with each version, since an idle API asks each second.
        """
        names, now_sec = self._names, self.clock.monotonic()
        version = await self._link.call("GET", names.access_version)
        if version != self._version or now_sec >= self._counts_due_sec:
            self._counts = await self._link.calls([("HLEN", names.api_keys), ("ZCARD", names.sessions)])
            self._version, self._counts_due_sec = version, now_sec + COUNTS_SEC
        store = self.api_keys.store
        local = store.required.is_required(), store.awaits_first_key, self._local_key.stamp()
        return (version, *self._counts, *local)

    async def keyring(self) -> Keyring:
        """Return the keys and sessions of now, stored and from API_KEYS."""
        # In one round trip: a revoked key is served for as long as this takes.
        stored, sessions = await asyncio.gather(self.api_keys.store.read(), self.sessions.read())
        fixed = fixed_keys(self._settings, stored.pepper)
        return Keyring(
            stored.pepper,
            [*stored.keys, *fixed],
            sessions,
            required=self.api_keys.store.required.is_required,
            awaits_first_key=self.api_keys.store.awaits_first_key,
            local=self._local_key.owner(stored.pepper),
            limits=self.sessions.limits,
            now_ms=self.clock.now_ms,
        )

    async def is_stored(self, token: str) -> bool:
        """Return whether Redis has a valid record for the id in this token now."""
        session_id = session_id_of(token)
        if session_id:
            return await self.sessions.is_stored(session_id)
        key_id = stored_id_of(token)
        return bool(key_id) and await self.api_keys.store.is_stored(key_id)

    def admits(self, keyring: Keyring, key_id: str, session_id: str) -> bool:
        """Return whether an open stream may go on; one without a key until keys are required."""
        if key_id:
            return keyring.admits(key_id, session_id)
        return self._settings.auth == "off" or not keyring.keys_required

"""Stores channel accounts, and the holds during which nothing is sent over them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from secrets import token_urlsafe
from typing import TYPE_CHECKING

import orjson

from app.core.connectors.channels import CHANNELS
from app.core.errors import AccountNotFound, ChatUserNotFound, Conflict, SecretUnreadable, Unavailable
from app.core.i18n import _
from app.core.i18n.stored import packed
from app.core.ids import new_id
from app.core.messaging.account_models import (
    Account,
    AccountDraft,
    AccountInfo,
    ChatUser,
    check_chat_users,
    sandbox_account,
)
from app.core.messaging.chat_users import (
    FIELD,
    chat_users_text,
    read_chat_users,
    saved_chat_users,
    with_user,
    without_user,
)
from app.core.recipient import (
    SANDBOX_ACCOUNT,
    SANDBOX_CHANNEL,
    account_name,
    is_account_id,
    is_sandbox_default,
)
from app.core.redaction import redactor
from app.core.secrets.store import sealing_key

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.connectors.base import ChannelKind
    from app.core.redis_client import Arg, RedisLink
    from app.core.secrets.sealing import SecretBox
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts


class SendHolds:
    """Send holds: until when a channel has asked to send nothing over an account. Each expires in Redis."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    async def note(self, name: str, until_ms: int) -> None:
        """Store that nothing is sent over an account until then."""
        # An absolute expiry: if it is sent again after a lost reply, it lasts no longer.
        await self._link.call("SET", self._keys.account_hold(name), until_ms, "PXAT", until_ms)

    async def of(self, names: Sequence[str]) -> dict[str, int]:
        """Return until when each account is held, ms; accounts without a hold are left out."""
        found = await self._link.calls([("GET", self._keys.account_hold(name)) for name in names])
        return {name: int(until_ms) for name, until_ms in zip(names, found, strict=True) if until_ms}


# Accounts are stored with their secrets sealed; only callers that contact the channel open them.

__all__ = ["Account", "AccountDraft", "AccountInfo", "AccountStore"]

_TRIES = 5
_DECOY_NAMES = ("webhook_secret", "app_secret", "verify_token")
_SEALED = "secret:"


class AccountStore:
    """Reads and writes accounts.

    The sandbox's `default` is built in: it is not stored and cannot be changed.
    """

    def __init__(
        self,
        link: RedisLink,
        scripts: Scripts,
        keys: Keys,
        clock: Clock,
        box: SecretBox,
        *,
        channels: Mapping[str, ChannelKind] = CHANNELS,
    ) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys
        self._clock = clock
        self._box = box
        self._channels = channels
        self._decoy: dict[str, str] = {}

    async def put(self, draft: AccountDraft, actor: str, save_id: str | None = None) -> Account:
        """Create or replace an account; InvalidInput names every field that does not fit its channel."""
        if is_sandbox_default(draft.channel, draft.account_id):
            raise _is_built_in()
        kind = draft.check_shape(self._channels)
        save_id = save_id or new_id(self._clock)
        for _turn in range(_TRIES):
            stored = await self._hash(draft.name)
            key_id = await sealing_key(self._link, self._keys)
            checked = draft.checked(self._channels, self._stored_secrets(draft, stored))
            arguments = self._arguments(checked, actor, key_id)
            users = await saved_chat_users(self._link, self._keys, kind, checked, stored)
            arguments += [] if users is None else [FIELD, chat_users_text(users)]
            word, _revision = await self._scripts.run(
                "accounts/save",
                *arguments,
                account=draft.name,
                seen_revision=stored.get("revision", ""),
                save_id=save_id,
            )
            if word in {"OK", "REPEAT"}:
                return await self.get(draft.channel, draft.account_id)
        raise Unavailable(_("Account {name} keeps being saved by others.", name=draft.name))

    async def get(self, channel: str, account_id: str) -> Account:
        """Return an account with its secrets opened; raises AccountNotFound, SecretUnreadable."""
        account = await self.find(channel, account_id)
        if account is None:
            raise AccountNotFound(channel, account_id)
        return account

    async def find(self, channel: str, account_id: str) -> Account | None:
        """Return an account with its secrets opened, None if there is none; raises SecretUnreadable."""
        info, sealed = await self._read(channel, account_id)
        return None if info is None else self._opened(info, sealed)

    async def info(self, channel: str, account_id: str) -> AccountInfo | None:
        """Return an account without its secrets; None if there is none."""
        return (await self._read(channel, account_id))[0]

    async def infos(self, channel: str | None = None) -> list[AccountInfo]:
        """Return the accounts, of one channel or of all, by name, without their secrets."""
        return [info for info, _ in await self._read_all(channel)]

    async def delete(self, channel: str, account_id: str, actor: str) -> None:  # noqa: ARG002  for the audit
        """Remove an account; its pending messages fail. Raises AccountNotFound."""
        if is_sandbox_default(channel, account_id):
            raise _is_built_in()
        name = account_name(channel, account_id)
        error = _("Account {name} was deleted before this was sent.", name=name)
        word = "MORE"
        while word == "MORE":
            word = await self._scripts.run("accounts/delete", account=name, failure=packed(error))
        if word == "MISSING":
            raise AccountNotFound(channel, account_id)

    async def name_chat_user(self, channel: str, account_id: str, user: ChatUser, actor: str) -> None:
        """Let a person act in groups, or change the name of one. Raises AccountNotFound, InvalidInput."""
        await self._change_chat_users(channel, account_id, actor, lambda users: with_user(users, user))

    async def remove_chat_user(self, channel: str, account_id: str, user_id: str, actor: str) -> ChatUser:
        """Let a person act in groups no longer, and return it. Raises AccountNotFound, ChatUserNotFound."""
        info = await self.info(channel, account_id)
        if info is None:
            raise AccountNotFound(channel[:100], account_id[:100])
        # Asked first: a change that is sent again after a lost answer finds the person gone.
        gone = next((user for user in info.chat_users or () if user.id == user_id), None)
        if gone is None:
            raise ChatUserNotFound(info.name, user_id[:100])
        await self._change_chat_users(channel, account_id, actor, lambda users: without_user(users, user_id))
        return gone

    async def _change_chat_users(
        self,
        channel: str,
        account_id: str,
        actor: str,
        change: Callable[[tuple[ChatUser, ...]], tuple[ChatUser, ...]],
    ) -> None:
        if is_sandbox_default(channel, account_id):
            raise _is_built_in()
        name = account_name(channel, account_id)
        for _turn in range(_TRIES):
            stored = await self._hash(name) if is_account_id(account_id) else {}
            kind = self._channels.get(channel)
            if kind is None or not stored:
                raise AccountNotFound(channel[:100], account_id[:100])
            before = read_chat_users(stored)
            users = change(before or ())
            if users == before:
                return
            check_chat_users(kind, users)
            word, _revision = await self._scripts.run(
                "accounts/set_chat_users",
                account=name,
                seen_revision=stored["revision"],
                chat_users=chat_users_text(users),
                actor=actor,
            )
            if word == "OK":
                return
        raise Unavailable(_("Account {name} keeps being saved by others.", name=name))

    async def revisions(self) -> dict[str, int]:
        """Return the revision of every account by name, in one round trip; it changes with each save."""
        stored = await self._link.hash(self._keys.accounts)
        built_in = sandbox_account()
        return {
            built_in.name: built_in.revision,
            **{name: int(revision) for name, revision in stored.items()},
        }

    async def _read(self, channel: str, account_id: str) -> tuple[AccountInfo | None, dict[str, str]]:
        if is_sandbox_default(channel, account_id):
            return sandbox_account(), {}
        if not is_account_id(account_id):
            return None, {}
        stored = await self._hash(account_name(channel, account_id))
        return (_info(channel, account_id, stored), stored) if stored else (None, {})

    async def _read_all(self, channel: str | None) -> list[tuple[AccountInfo, dict[str, str]]]:
        names = await self._link.call("HKEYS", self._keys.accounts)
        wanted = [(name, *name.split(":", 1)) for name in names]
        wanted = [each for each in wanted if channel in {None, each[1]}]
        hashes = await self._link.hashes(self._keys.account(name) for name, *_ in wanted)
        found = [
            (_info(of, account_id, stored), stored)
            for (_, of, account_id), stored in zip(wanted, hashes, strict=True)
            if stored
        ]
        if channel in {None, SANDBOX_CHANNEL}:
            found.append((sandbox_account(), {}))
        return sorted(found, key=lambda each: each[0].name)

    async def _hash(self, name: str) -> dict[str, str]:
        return await self._link.hash(self._keys.account(name))

    def _opened(self, info: AccountInfo, stored: Mapping[str, str]) -> Account:
        secrets = {
            name: self._box.open(stored[_SEALED + name], secret_context(info.name, name))
            for name in info.secret_names
        }
        for secret in secrets.values():
            redactor.register(secret)
        return Account(**{each.name: getattr(info, each.name) for each in fields(info)}, secrets=secrets)

    def decoy(self) -> dict[str, str]:
        """Return random secrets of no account, opened at the cost of a real account's."""
        if not self._decoy:
            # Sealed once per process: nothing outside the process can know them.
            values = {name: token_urlsafe() for name in _DECOY_NAMES}
            self._decoy = {name: self._box.seal(value, f"decoy:{name}") for name, value in values.items()}
        return {name: self._box.open(sealed, f"decoy:{name}") for name, sealed in self._decoy.items()}

    def _stored_secrets(self, draft: AccountDraft, stored: Mapping[str, str]) -> dict[str, str]:
        """Return the stored secrets that the draft leaves out; an unreadable one counts as absent."""
        kept: dict[str, str] = {}
        for field, sealed in stored.items():
            name = field.removeprefix(_SEALED)
            if not field.startswith(_SEALED) or name in draft.secrets:
                continue
            try:
                kept[name] = self._box.open(sealed, secret_context(draft.name, name))
            except SecretUnreadable:
                # A new save replaces an unreadable secret. If the channel needs it, the draft is refused.
                continue
        return kept

    def _arguments(self, draft: AccountDraft, actor: str, key_id: str) -> list[Arg]:
        arguments: list[Arg] = [
            *("settings", orjson.dumps(dict(draft.settings)).decode(), "default_to", draft.default_to or ""),
            *("allow_chats", orjson.dumps(draft.allow_chats).decode(), "actor", actor),
            *("commands", int(draft.commands), "enabled", int(draft.enabled)),
        ]
        for name, secret in draft.secrets.items():
            redactor.register(secret)
            arguments += [_SEALED + name, self._box.seal(secret, secret_context(draft.name, name), key_id)]
        return arguments


def secret_context(account: str, secret: str) -> str:
    """Return the sealing context of an account's secret."""
    return f"{account}:{secret}"


def _info(channel: str, account_id: str, stored: Mapping[str, str]) -> AccountInfo:
    return AccountInfo(
        channel=channel,
        account_id=account_id,
        settings=orjson.loads(stored["settings"]),
        secret_names=tuple(sorted(each.removeprefix(_SEALED) for each in stored if each.startswith(_SEALED))),
        default_to=stored["default_to"] or None,
        allow_chats=tuple(orjson.loads(stored["allow_chats"])),
        commands=stored["commands"] == "1",
        enabled=stored["enabled"] == "1",
        revision=int(stored["revision"]),
        created_at=int(stored["created"]),
        updated_at=int(stored["updated"]),
        saved_by=stored["actor"],
        chat_users=read_chat_users(stored),
    )


def _is_built_in() -> Conflict:
    return Conflict(
        _(
            "Account {sandbox_channel}:{sandbox_account} is always there and cannot be changed.",
            sandbox_channel=SANDBOX_CHANNEL,
            sandbox_account=SANDBOX_ACCOUNT,
        )
    )

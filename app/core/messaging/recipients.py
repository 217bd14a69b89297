"""Resolves recipients: a job's own, its account's, or the deployment's default.

The default is DEFAULT_NOTIFY, else the one stored over the API. The environment wins: an operator who set it
there finds it there, and a restored or lost store changes nothing.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

import orjson

from app.core.connectors.base import plain_name
from app.core.connectors.channels import CHANNELS, SUPPORTED
from app.core.errors import NonRetryableError, SetByEnvironment
from app.core.i18n import _
from app.core.recipient import SANDBOX_CHANNEL, SANDBOX_INBOX, Recipient, account_name, parse_default_notify

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.connectors.base import ChannelKind
    from app.core.i18n import Language
    from app.core.messaging.account_models import AccountInfo
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

_NUMBER: Final = re.compile(r"\+?[0-9][0-9 ()-]*")
_NOT_IN_NUMBERS: Final = re.compile(r"[^0-9]")
CACHED_SEC: Final = 5.0
"""How long another process may use an older stored value."""
DEFAULT_FIELD: Final = "default_notify"
FindDefault = Callable[[], Awaitable[Recipient | None]]


@dataclass(frozen=True, slots=True)
class StoredDefault:
    """A stored recipient; `updated_at` in epoch milliseconds."""

    recipient: Recipient
    updated_at: int
    updated_by: str
    language: Language | None = None
    """The language of the messages that it gets; None for the deployment's."""


def stored_default_of(text: str | None) -> StoredDefault | None:
    """Return the default recipient from its stored text."""
    if text is None:
        return None
    fields: dict[str, Any] = orjson.loads(text)
    recipient = Recipient(fields["channel"], fields["account_id"], fields["to"])
    return StoredDefault(recipient, fields["at"], fields["by"], fields.get("language"))


class DefaultNotify:
    """Reads and sets the default recipient; the stored one is read at most once in five seconds."""

    def __init__(self, link: RedisLink, keys: Keys, clock: Clock, settings: Settings) -> None:
        self._link = link
        self._key = keys.settings
        self._clock = clock
        self.of_environment = parse_default_notify(settings.default_notify)
        self._turn = asyncio.Lock()
        self._known: Recipient | None = None
        self._known_until = float("-inf")

    async def current(self) -> Recipient | None:
        """Return the default recipient, None if there is none; the stored value may be 5 s old."""
        if self.of_environment is not None:
            return self.of_environment
        # Many messages at one moment make one read of Redis.
        async with self._turn:
            asked = self._clock.monotonic()
            if asked >= self._known_until:
                found = await self.stored()
                self._keep(None if found is None else found.recipient, asked)
            return self._known

    async def stored(self) -> StoredDefault | None:
        """Return the stored recipient, in force or not."""
        return stored_default_of(await self._link.call("HGET", self._key, DEFAULT_FIELD))

    async def put(self, recipient: Recipient, actor: str, language: Language | None = None) -> None:
        """Store a recipient; SetByEnvironment if it would have no effect."""
        if self.of_environment is not None:
            raise SetByEnvironment("DEFAULT_NOTIFY")
        fields = {
            "channel": recipient.channel,
            "account_id": recipient.account_id,
            "to": recipient.to,
            "at": self._clock.now_ms(),
            "by": actor,
            "language": language,
        }
        async with self._turn:
            await self._link.call("HSET", self._key, DEFAULT_FIELD, orjson.dumps(fields).decode())
            self._keep(recipient, self._clock.monotonic())

    async def clear(self) -> None:
        """Remove the stored recipient; does nothing if there is none."""
        async with self._turn:
            await self._link.call("HDEL", self._key, DEFAULT_FIELD)
            self._keep(None, self._clock.monotonic())

    def _keep(self, recipient: Recipient | None, at: float) -> None:
        self._known, self._known_until = recipient, at + CACHED_SEC


# The order of recipients: the job's, else the account's own, else the deployment's default.

MAX_NAMED = 10
"""The most accounts that an error lists."""


@dataclass(frozen=True, slots=True)
class RecipientRequest:
    """A job's recipient fields; None leaves one open.

    `fallback_sandbox`: use the sandbox's inbox if none is set.
    """

    channel: str | None = None
    account_id: str | None = None
    to: str | None = None
    fallback_sandbox: bool = False


@dataclass(frozen=True, slots=True)
class ResolvedRecipient:
    """The recipient of a message, and whether it is the sandbox's inbox as the fallback."""

    recipient: Recipient
    is_fallback: bool = False
    account: str = ""
    """If it is the fallback: the account (`channel:id`) that has no recipient; empty if none was chosen."""
    choices: tuple[str, ...] = ()
    """If it is the fallback: the accounts of the channel, if several fit."""
    to_others: bool = False
    """It is none of the deployment's own recipients: a customer, say."""


class AccountReader(Protocol):
    """The accounts, as recipients are looked up in them."""

    async def info(self, channel: str, account_id: str) -> AccountInfo | None: ...
    async def infos(self, channel: str | None = None) -> list[AccountInfo]: ...


class Recipients:
    """Finds the recipient of a message. Raises NonRetryableError, whose text has the fix.

    The default is read only if a message leaves something open.
    """

    def __init__(self, accounts: AccountReader, find_default: FindDefault) -> None:
        self._accounts = accounts
        self._find_default = find_default

    async def find(self, request: RecipientRequest) -> ResolvedRecipient:
        """Return the recipient of a message; its account exists and is enabled."""
        channel = request.channel or await self._channel_of(request.account_id)
        if channel is None:
            return await self._by_default(request)
        if channel not in SUPPORTED:
            raise NonRetryableError(
                _(
                    "No connector serves {channel!r} yet; these are: {supported}.",
                    channel=channel,
                    supported=", ".join(SUPPORTED),
                ),
                code="channel_unsupported",
            )
        if request.account_id is not None:
            return await self._at_account(channel, request.account_id, request)
        if request.to is not None and CHANNELS[channel].sole_recipient:
            return await self._by_recipient_name(CHANNELS[channel], request.to, request)
        accounts = await self._accounts_of(channel)
        if len(accounts) == 1:
            return await self._at_account(channel, accounts[0], request)
        if request.fallback_sandbox:
            return ResolvedRecipient(SANDBOX_INBOX, is_fallback=True, choices=tuple(accounts))
        raise _which_account(channel, accounts)

    async def _by_recipient_name(
        self, kind: ChannelKind, to: str, request: RecipientRequest
    ) -> ResolvedRecipient:
        """Return the recipient of the one account whose address leads to `to`."""
        channel, name = kind.channel, plain_name(to)
        accounts = await self._accounts_of(channel)
        infos = [each for each in await self._accounts.infos(channel) if each.enabled]
        fits = [each for each in infos if name in sole_names(kind, each)]
        if name == channel:
            # "slack" alone is no choice: the default's account, or the only one, takes it.
            fits = [each for each in infos if each.account_id in accounts]
        if len(fits) == 1:
            found = fits[0]
            return ResolvedRecipient(Recipient(channel, found.account_id, found.default_to or channel))
        if request.fallback_sandbox:
            choices = tuple(each.account_id for each in fits)
            account = "" if choices else account_name(channel, "NAME")
            return ResolvedRecipient(SANDBOX_INBOX, is_fallback=True, account=account, choices=choices)
        if fits:
            raise _which_account(channel, [each.account_id for each in fits])
        raise _no_recipient(
            _(
                "no account of {channel} posts to {to}, and each posts to one place only: "
                "multi-job connect {channel} NAME --to {to}",
                channel=channel,
                to=to,
            )
        )

    async def _channel_of(self, account_id: str | None) -> str | None:
        if account_id is None:
            return None
        default = await self._find_default()
        if default is not None and default.account_id == account_id:
            return default.channel
        raise _no_recipient(_("name the channel of account {name!r} too", name=account_id))

    async def _by_default(self, request: RecipientRequest) -> ResolvedRecipient:
        base = await self._find_default()
        if base is None and request.fallback_sandbox:
            return ResolvedRecipient(SANDBOX_INBOX, is_fallback=True)
        if base is None:
            raise _no_recipient(
                _(
                    "`multi-job notify set`, or DEFAULT_NOTIFY=channel:account:to in .env, or name channel "
                    "and recipient"
                )
            )
        info = await self._require(base.channel, base.account_id)
        return _resolved(info, request.to or base.to, base)

    async def _accounts_of(self, channel: str) -> list[str]:
        """Return the accounts for a channel name: the default's alone, else all enabled ones."""
        if channel == SANDBOX_CHANNEL:
            return [SANDBOX_INBOX.account_id]
        default = await self._find_default()
        if default is not None and default.channel == channel:
            return [default.account_id]
        usable = [info.account_id for info in await self._accounts.infos(channel) if info.enabled]
        if not usable:
            raise NonRetryableError(
                _("No account of {channel} is set up: multi-job connect {channel} NAME", channel=channel),
                code="account_missing",
            )
        return usable

    async def _at_account(
        self, channel: str, account_id: str, request: RecipientRequest
    ) -> ResolvedRecipient:
        # Concurrent, so they share a round trip.
        info, default = await asyncio.gather(self._require(channel, account_id), self._find_default())
        kind = CHANNELS[channel]
        if kind.sole_recipient:
            refuse_other_recipient(kind, info, request.to)
            return ResolvedRecipient(Recipient(channel, account_id, info.default_to or channel))
        is_default = default is not None and (default.channel, default.account_id) == (channel, account_id)
        to = request.to or info.default_to or (default.to if default is not None and is_default else None)
        if to is None and channel == SANDBOX_CHANNEL:
            to = SANDBOX_INBOX.to
        if to is not None:
            return _resolved(info, to, default)
        if request.fallback_sandbox:
            return ResolvedRecipient(
                SANDBOX_INBOX, is_fallback=True, account=account_name(channel, account_id)
            )
        raise _no_recipient(
            _(
                "name `to`, or give account {account} a `default_to`: multi-job connect {channel} {name} "
                "--to RECIPIENT",
                account=account_name(channel, account_id),
                channel=channel,
                name=account_id,
            )
        )

    async def _require(self, channel: str, account_id: str) -> AccountInfo:
        info = await self._accounts.info(channel, account_id)
        name, command = account_name(channel, account_id), f"multi-job connect {channel} {account_id}"
        if info is None:
            raise NonRetryableError(
                _("Account {name} is not set up: {command}", name=name, command=command),
                code="account_missing",
            )
        if not info.enabled:
            raise NonRetryableError(
                _("Account {name} is disabled: save it with `enabled: true`.", name=name),
                code="account_disabled",
            )
        return info


def _resolved(info: AccountInfo, to: str, default: Recipient | None) -> ResolvedRecipient:
    own = {_compared(each) for each in own_recipients(info, default)}
    to_others = info.channel != SANDBOX_CHANNEL and _compared(to) not in own
    return ResolvedRecipient(Recipient(info.channel, info.account_id, to), to_others=to_others)


def own_recipients(info: AccountInfo, default: Recipient | None) -> list[str]:
    """Return the recipients of an account who belong to the deployment.

    They are the default recipient, the account's `default_to`, the chats that may give commands, and the
    persons named for groups. The address book does not count: customers and colleagues are in it.
    """
    own = [info.default_to or "", *info.allow_chats, *(user.id for user in info.chat_users or ())]
    if default is not None and default.channel == info.channel:
        own.append(default.to)
    return [to for to in own if to]


def _compared(to: str) -> str:
    # A number may be written with `+`, blanks and hyphens.
    return plain_name(_NOT_IN_NUMBERS.sub("", to)) if _NUMBER.fullmatch(to) else plain_name(to)


def sole_names(kind: ChannelKind, info: AccountInfo) -> set[str]:
    """Return the names of the one recipient that an account's address leads to."""
    return kind.names_of_recipient(info.account_id, info.settings, info.default_to)


def refuse_other_recipient(kind: ChannelKind, info: AccountInfo, to: str | None) -> None:
    """Raise NonRetryableError if an account's address does not lead to `to`; None leaves it open."""
    if to is None or not kind.sole_recipient or plain_name(to) in sole_names(kind, info):
        return
    raise NonRetryableError(
        _(
            "Account {name} posts to {own} only, not to {to}: connect another account for it, or name the "
            "place: multi-job connect {channel} {account_id} --to {to}",
            name=info.name,
            own=info.default_to or kind.channel,
            to=to,
            channel=kind.channel,
            account_id=info.account_id,
        ),
        code="no_recipient",
    )


def _which_account(channel: str, accounts: list[str]) -> NonRetryableError:
    names = ", ".join(accounts[:MAX_NAMED])
    return NonRetryableError(
        _(
            "Which account of {channel} sends this message: {names}? Name one with `account_id`.",
            channel=channel,
            names=names,
        ),
        code="account_unclear",
    )


def _no_recipient(remedy: str) -> NonRetryableError:
    return NonRetryableError(
        _("This message has no recipient: {remedy}.", remedy=remedy), code="no_recipient"
    )

"""Account checks and chat requests, answered by the connector."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import orjson

from app.core.activity.heartbeat import is_service_alive
from app.core.connectors.base import AccountHealth, AccountStatus
from app.core.connectors.channels import SUPPORTED
from app.core.connectors.updates import ChatsAnswer, read_answer, write_answer
from app.core.errors import AccountNotFound, ChatsUnavailable, CheckUnavailable
from app.core.i18n import _
from app.core.i18n.stored import SEPARATOR, decoded, packed
from app.core.ids import new_id
from app.core.recipient import account_name, is_account_id, is_sandbox_default
from app.core.storage.notifications import check_answered, subscribed

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.notifications import Notifier, NotifierGroup, Subscription
    from app.core.storage.scripts import Scripts

__all__ = ["AccountChecks", "AccountHealth", "AccountStatus"]

MAX_AT_ONCE = 256
# A connector that has just started has sent no heartbeat yet.
PRESENCE_SEC = 2.0
_CHATS = "chats-"


class AccountChecks:
    """Both sides of a check. Without a notifier the answer is read every quarter of a second."""

    def __init__(
        self,
        link: RedisLink,
        scripts: Scripts,
        keys: Keys,
        clock: Clock,
        *,
        notifier: Notifier | NotifierGroup | None = None,
        supported: Collection[str] = SUPPORTED,
    ) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys
        self._clock = clock
        self._notifier = notifier
        self._supported = supported

    async def ask(self, channel: str, account_id: str, timeout_sec: float) -> AccountHealth:
        """Return the health of an account by a real call; CheckUnavailable if there is no answer in time."""
        if channel not in self._supported:
            return self._not_configured(
                "unsupported", _("No connector serves {channel!r} yet.", channel=channel)
            )
        if not is_account_id(account_id):
            return self._not_configured("no_account", _("No account can have this id."))
        check_id, name = new_id(self._clock), account_name(channel, account_id)
        with subscribed(self._notifier, check_answered(check_id)) as subscription:
            built_in = is_sandbox_default(channel, account_id)
            word = await self._request(check_id, name, timeout_sec, built_in=built_in)
            if word != "OK":
                return self._refused(word, channel, account_id)
            answer = await self._answer_to(check_id, name, subscription, timeout_sec)
            return _health(answer, await self._link.call("GET", self._keys.answer_text(check_id)))

    async def ask_chats(self, channel: str, account_id: str, timeout_sec: float) -> ChatsAnswer:
        """Return the chats that wrote recently; AccountNotFound, ChatsUnavailable, CheckUnavailable."""
        ask_id, name = _CHATS + new_id(self._clock), account_name(channel, account_id)
        with subscribed(self._notifier, check_answered(ask_id)) as subscription:
            word = await self._request(ask_id, name, timeout_sec)
            if word == "NO_ACCOUNT":
                raise AccountNotFound(channel, account_id)
            if word != "OK":
                raise ChatsUnavailable(self._refused(word, channel, account_id).detail)
            answer = read_answer(await self._answer_to(ask_id, name, subscription, timeout_sec))
            origin = await self._link.call("GET", self._keys.answer_text(ask_id))
            return replace(answer, refusal=decoded(answer.refusal, origin))

    async def _request(self, check_id: str, name: str, timeout_sec: float, *, built_in: bool = False) -> str:
        return await self._scripts.run(
            "accounts/request_check",
            account=name,
            check=check_id,
            timeout_ms=round(timeout_sec * 1000),
            is_builtin="1" if built_in else "",
        )

    async def _answer_to(
        self, check_id: str, name: str, subscription: Subscription, timeout_sec: float
    ) -> str:
        start = self._clock.monotonic()
        doubted = False
        while True:
            answer = await self._link.call("GET", self._keys.check(check_id))
            if answer:
                return answer
            waited = self._clock.monotonic() - start
            if waited >= timeout_sec:
                raise _no_answer(name, timeout_sec)
            if waited >= PRESENCE_SEC and not doubted:
                doubted = True
                await self._require_connector()
            await subscription.wait()

    async def last(self, names: Sequence[str]) -> dict[str, AccountHealth]:
        """Return each account's last check, if it is less than a day old; others are left out."""
        keys = [key for name in names for key in (self._keys.health(name), self._keys.answer_text(name))]
        found = await self._link.calls([("GET", key) for key in keys])
        answers = zip(names, found[::2], found[1::2], strict=True)
        return {name: _health(text, origin) for name, text, origin in answers if text}

    async def take_checks(self, channel: str, account_id: str) -> list[str]:
        """Return the pending checks and chat requests of an account; they stay until they are answered."""
        return await self._scripts.run(
            "accounts/pending_checks", account=account_name(channel, account_id), max_checks=MAX_AT_ONCE
        )

    async def answer(
        self, channel: str, account_id: str, check_ids: Sequence[str], answer: AccountHealth
    ) -> None:
        """Answer checks and store the result; without checks it is only stored."""
        text = orjson.dumps(asdict(answer)).decode()
        await self._scripts.run(
            "accounts/answer_checks",
            *check_ids,
            account=account_name(channel, account_id),
            is_health="1",
            answer=text,
            origin=_beside(answer.detail),
        )

    async def answer_chats(
        self, channel: str, account_id: str, ask_ids: Sequence[str], answer: ChatsAnswer
    ) -> None:
        """Answer requests for chats; the answer is not stored."""
        name = account_name(channel, account_id)
        await self._scripts.run(
            "accounts/answer_checks",
            *ask_ids,
            account=name,
            is_health="",
            answer=write_answer(answer),
            origin=_beside(answer.refusal),
        )

    async def _require_connector(self) -> None:
        if not await is_service_alive(self._link, self._keys, "connector"):
            raise CheckUnavailable(
                _(
                    "No connector is running, so the account cannot be checked: `multi-job up`, "
                    "or `python -m {module}`.",
                    module="app.services.connector.main",
                )
            )

    def _refused(self, word: str, channel: str, account_id: str) -> AccountHealth:
        name, command = account_name(channel, account_id), f"multi-job connect {channel} {account_id}"
        if word == "NO_ACCOUNT":
            detail = _("Account {name} is not set up: {command}", name=name, command=command)
            return self._not_configured("no_account", detail, command)
        return self._not_configured(
            "disabled", _("Account {name} is disabled: save it with `enabled: true`.", name=name)
        )

    def _not_configured(self, reason: str, detail: str, command: str | None = None) -> AccountHealth:
        return AccountHealth("not_configured", reason, None, detail, self._clock.now_ms(), command)


def _beside(text: str) -> str:
    return packed(text).partition(SEPARATOR)[2]


def _health(answer: str, origin: str | None) -> AccountHealth:
    health = AccountHealth(**orjson.loads(answer))
    return replace(health, detail=decoded(health.detail, origin))


def is_about_chats(check_id: str) -> bool:
    """True if the request is for chats, not for the account's health."""
    return check_id.startswith(_CHATS)


def _no_answer(name: str, timeout_sec: float) -> CheckUnavailable:
    return CheckUnavailable(
        _("No connector answered for {name} within {timeout_sec:g} s.", name=name, timeout_sec=timeout_sec)
    )

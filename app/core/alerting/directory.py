"""Looks up the recipients of alarms: their accounts, and the language of each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from app.core.alerting.decision import AlarmTarget, TargetRoute
from app.core.connectors.channels import CHANNELS
from app.core.errors import NonRetryableError
from app.core.i18n import _
from app.core.messaging.recipients import Recipients
from app.core.recipient import account_name

if TYPE_CHECKING:
    from app.core.alerting.routes import Route, RouteStep
    from app.core.i18n import Language
    from app.core.incidents.models import IncidentDelivery
    from app.core.messaging.account_models import AccountInfo
    from app.core.messaging.contact_models import Contact
    from app.core.messaging.recipients import StoredDefault
    from app.core.recipient import Recipient


class AccountSnapshot:
    """All accounts as they were read at one moment, as `Recipients` reads them."""

    def __init__(self, infos: Iterable[AccountInfo]) -> None:
        self._infos = {info.name: info for info in infos}

    async def info(self, channel: str, account_id: str) -> AccountInfo | None:
        """Return an account; None if there is none."""
        return self._infos.get(account_name(channel, account_id))

    async def infos(self, channel: str | None = None) -> list[AccountInfo]:
        """Return the accounts, of one channel or of all."""
        return [info for info in self._infos.values() if channel in {None, info.channel}]

    def is_usable(self, account: str) -> bool:
        """Return whether an account is there and enabled."""
        return account in self._infos and self._infos[account].enabled

    def takes_presses(self, account: str, to: str) -> bool:
        """Return whether a chat may give commands over an account, so that buttons have an effect."""
        info = self._infos.get(account)
        return info is not None and info.commands and to in info.allow_chats


class AlarmDirectory:
    """The accounts, the contacts and the default recipient at one moment."""

    def __init__(
        self,
        accounts: AccountSnapshot,
        contacts: Iterable[Contact],
        default: StoredDefault | None,
        language: Language,
    ) -> None:
        self.accounts = accounts
        self.default: Recipient | None = None if default is None else default.recipient
        self._languages = _languages(contacts, default)
        self._language: Language = language
        self._recipients = Recipients(accounts, self._find_default)

    async def look_up(self, route: Route) -> TargetRoute:
        """Return a route with its recipients looked up; of two that are the same, the first."""
        targets: dict[tuple[str, str], AlarmTarget] = {}
        for step in route.steps:
            target = await self._target(step)
            targets.setdefault(target.place, target)
        return TargetRoute(
            tuple(targets.values()), route.held_until, route.escalate_after_ms, route.digest_ms
        )

    def target_of(self, delivery: IncidentDelivery) -> AlarmTarget:
        """Return the recipient of an earlier message."""
        language = self._language_of(delivery.channel, delivery.to)
        is_usable = self.accounts.is_usable(delivery.account)
        error = "" if is_usable else _("Account {name} cannot be used any more.", name=delivery.account)
        return AlarmTarget(delivery.account, delivery.to, language, error)

    async def _target(self, step: RouteStep) -> AlarmTarget:
        request = step.request
        try:
            found = (await self._recipients.find(request)).recipient
        except NonRetryableError as error:
            name = account_name(request.channel or "", request.account_id or "")
            return AlarmTarget(name, request.to or "", self._language, error.message)
        return AlarmTarget(
            found.account,
            found.to,
            step.language or self._language_of(found.channel, found.to),
            is_last_resort=step.is_last_resort,
            has_reports=CHANNELS[found.channel].reports,
        )

    def _language_of(self, channel: str, to: str) -> Language:
        return self._languages.get((channel, to), self._language)

    async def _find_default(self) -> Recipient | None:
        return self.default


def _languages(
    contacts: Iterable[Contact], default: StoredDefault | None
) -> Mapping[tuple[str, str], Language]:
    found: dict[tuple[str, str], Language] = {
        (each.channel, each.to): each.language for each in contacts if each.language is not None
    }
    if default is not None and default.language is not None:
        found[default.recipient.channel, default.recipient.to] = default.language
    return found

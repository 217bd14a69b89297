"""What routes about channels stand on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.account_holds import AccountHolds
from app.core.accounts import AccountStore
from app.core.bell import Bell, open_bell
from app.core.channel_checks import ChannelChecks
from app.core.default_notify import DefaultNotify
from app.core.outbox import Outbox
from app.core.secrets import open_box

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.scripts import Scripts


@dataclass(frozen=True, slots=True)
class Channels:
    """Accounts, messages, checks and the default recipient of one deployment."""

    accounts: AccountStore
    outbox: Outbox
    checks: ChannelChecks
    holds: AccountHolds
    bell: Bell
    default_notify: DefaultNotify


def open_channels(settings: Settings, clock: Clock, link: RedisLink, scripts: Scripts) -> Channels:
    """Return them on a link."""
    keys, bell = scripts.keys, open_bell(settings)
    return Channels(
        accounts=AccountStore(link, scripts, keys, clock, open_box(settings)),
        outbox=Outbox(link, scripts, keys, clock),
        checks=ChannelChecks(link, scripts, keys, clock, bell=bell),
        holds=AccountHolds(link, keys),
        bell=bell,
        default_notify=DefaultNotify(link, keys, clock, settings),
    )

"""Real connector processes, and the client's side of them: accounts, messages, checks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from redis import Redis

from app.core.activity.events import Events
from app.core.activity.heartbeat import Heartbeats
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.connectors.channels import SUPPORTED
from app.core.ids import new_id
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.checks import AccountChecks
from app.core.messaging.lateness import DeliveryTime
from app.core.messaging.outbox import Outbox, OutboxEntry, OutboxState
from app.core.secrets.sealing import open_box
from app.core.storage.keys import Keys
from app.core.storage.notifications import open_notifier
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_telegram import TOKEN
from tests.support.faults.processes import Fleet, Service, base_environment
from tests.support.redis_server import fresh_settings
from tests.support.waiting import wait_until_async

if TYPE_CHECKING:
    from app.core.connectors.base import AccountHealth
    from app.core.redis_client import RedisLink
    from app.core.storage.notifications import Notifier

BOT = "bot_a01"
CHAT = "4711"
SECRET_KEY = "tests-only-Vb3Kq8Zt1Xw6Rn9Jm4Ld7Hf2Gs5Yc0Pu"


# For a test that waits for the end of calls without an answer.
SOON_SEC = "2"


@dataclass(slots=True)
class MessageServer:
    """What a test does to accounts and messages while real connectors serve them."""

    settings: Settings
    link: RedisLink
    fleet: Fleet
    accounts: AccountStore
    outbox: Outbox
    checks: AccountChecks
    notifier: Notifier
    clock: SystemClock = field(default_factory=SystemClock)

    @property
    def keys(self) -> Keys:
        return Keys(self.settings.namespace)

    async def set_up(self, account_id: str = BOT, token: str = TOKEN, **changes: Any) -> None:
        """Save a Telegram account."""
        draft = AccountDraft("telegram", account_id, secrets={"token": token}, **changes)
        await self.accounts.put(draft, "test")

    async def put(
        self,
        text: str,
        *,
        to: str = CHAT,
        account_id: str = BOT,
        channel: str = "telegram",
        time: DeliveryTime | None = None,
    ) -> str:
        """Lay a message in and return its id."""
        entry = await self.outbox.put(f"m:{new_id(self.clock)}", channel, account_id, to, text, time=time)
        return entry.id

    async def entry(self, entry_id: str) -> OutboxEntry:
        entry = await self.outbox.get(entry_id)
        assert entry is not None, entry_id
        return entry

    async def settled(self, entry_id: str, timeout_seconds: float = 60) -> OutboxEntry:
        """Wait until a message waits for no connector any more."""
        over = {OutboxState.DELIVERED, OutboxState.FAILED, OutboxState.UNKNOWN}
        return await self.reaches(entry_id, over, timeout_seconds)

    async def reaches(
        self, entry_id: str, states: set[OutboxState], timeout_seconds: float = 60
    ) -> OutboxEntry:
        """Wait until a message is in one of these states."""

        async def there() -> bool:
            return (await self.entry(entry_id)).state in states

        await self._until(there, timeout_seconds, f"{entry_id} is {states}")
        return await self.entry(entry_id)

    async def check(self, account_id: str = BOT, channel: str = "telegram") -> AccountHealth:
        return await self.checks.ask(channel, account_id, 10)

    async def served(self) -> dict[str, dict[str, Any]]:
        """Return what the living connectors say of their accounts."""
        heartbeats = Heartbeats(self.link, self.keys, self.settings)
        health: dict[str, dict[str, Any]] = {}
        for instance in await heartbeats.instances("connector"):
            health |= instance.state["accounts"]
        return health

    async def until_served(self, account: str, state: str = "up") -> None:
        """Wait until a connector says that an account is in a state."""

        async def there() -> bool:
            return (await self.served()).get(account, {}).get("state") == state

        await self._until(there, 15, f"{account} is {state}")

    async def until_dropped(self, account: str) -> None:
        """Wait until no connector serves an account."""

        async def gone() -> bool:
            return account not in await self.served()

        await self._until(gone, 15, f"{account} is not served")

    async def events(self, account: str) -> list[str]:
        """Return the reported changes of an account, oldest first."""
        found = (await Events(self.link, self.keys).find(1000)).items
        return [each.type for each in found if each.data.get("account") == account]

    async def _until(self, there: Any, timeout_seconds: float, what: str) -> None:
        try:
            await wait_until_async(there, timeout_seconds, what)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.fleet.tail()}") from error

    async def close(self) -> None:
        self.fleet.close()
        await self.notifier.close()


class ConnectorFleet(Fleet):
    """Connectors with these settings; each is up after its first heartbeat, from which on it is asked."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        super().__init__({**base_environment(), **_environment_of(settings)}, folder)
        self._instances = Keys(settings.namespace).instances
        self._redis = cast("Any", Redis).from_url(settings.redis_url, decode_responses=True)

    def _is_up(self, service: Service) -> bool:
        names: list[str] = self._redis.zrange(self._instances, 0, -1)
        return super()._is_up(service) and any(f"-{service.pid}-" in name for name in names)

    def close(self) -> None:
        super().close()
        self._redis.close()


def server_settings(redis_url: str, folder: Path, telegram_url: str) -> Settings:
    """Return settings of a fresh namespace whose connectors speak to a Telegram on loopback.

    Tests in which it must answer and tests in which it never does need different time-outs: these start their
    connector with SOON_SEC.
    """
    return fresh_settings(
        redis_url,
        folder,
        heartbeat_sec=2.0,
        lease_sec=2.0,
        secret_key=SECRET_KEY,
        telegram_api_base=telegram_url,
        channel_timeout_sec=5.0,
    )


def open_message_server(settings: Settings, link: RedisLink, folder: Path) -> MessageServer:
    """Return the client's side of connectors that are started with these settings."""
    keys, clock = Keys(settings.namespace), SystemClock()
    scripts, notifier = Scripts(link, keys), open_notifier(settings)
    return MessageServer(
        settings=settings,
        link=link,
        fleet=ConnectorFleet(settings, folder / "logs"),
        accounts=AccountStore(link, scripts, keys, clock, open_box(settings)),
        outbox=Outbox(link, scripts, keys, clock),
        checks=AccountChecks(link, scripts, keys, clock, notifier=notifier, supported=SUPPORTED),
        notifier=notifier,
    )


def _environment_of(settings: Settings) -> dict[str, str]:
    """Return the variables that give a process these settings."""
    return {
        "HTTP_ALLOW_PRIVATE": ",".join(settings.http_allow_private),
        "REDIS_URL": settings.redis_url,
        "NAMESPACE": settings.namespace,
        "MULTI_JOB_HOME": str(settings.multi_job_home),
        "HEARTBEAT_SEC": str(settings.heartbeat_sec),
        "LEASE_SEC": str(settings.lease_sec),
        "SECRET_KEY": settings.secret_key.get_secret_value(),
        "TELEGRAM_API_BASE": settings.telegram_api_base,
        "CHANNEL_TIMEOUT_SEC": str(settings.channel_timeout_sec),
    }

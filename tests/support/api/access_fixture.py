"""API keys and sessions of a deployment, on a real server and a clock that tests turn."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import SecretStr

from app.core.access.api_keys import Access, ApiKey, ApiKeys, Role
from app.core.access.keyring import Keyring
from app.core.access.sessions import Sessions
from app.core.config import Settings
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.fake_clock import FakeClock

SECRET = "deployment-secret-of-the-tests-0001"


@dataclass
class AccessFixture:
    """One machine's view: its settings, its clock, its caches."""

    settings: Settings
    link: RedisLink
    keys: Keys
    scripts: Scripts
    clock: FakeClock
    api_keys: ApiKeys
    sessions: Sessions
    access: Access

    async def made(self, name: str, role: Role, **options: Any) -> tuple[ApiKey, str]:
        """Make a key; return it and its text."""
        key, token = await self.api_keys.create(name, role, "ana", **options)
        assert token is not None
        return key, token

    async def keyring(self) -> Keyring:
        """Read everything now."""
        return await self.access.keyring()

    async def find(self, token: str) -> ApiKey | None:
        """Return who the token belongs to now."""
        return (await self.keyring()).find(token)

    def restarted(self, **changes: Any) -> AccessFixture:
        """Return the same deployment as another process sees it, with other settings if given."""
        settings = self.settings.model_copy(update=changes)
        return access_fixture(settings, self.link, self.keys, self.clock)


def access_fixture(
    settings: Settings, link: RedisLink, keys: Keys, clock: FakeClock | None = None
) -> AccessFixture:
    """Return a deployment with its own caches."""
    if not settings.secret_key.get_secret_value():
        settings = settings.model_copy(update={"secret_key": SecretStr(SECRET)})
    clock = clock or FakeClock(datetime(2026, 3, 1, tzinfo=UTC))
    scripts = Scripts(link, keys)
    api_keys = ApiKeys(link, scripts, clock, settings)
    sessions = Sessions(link, scripts, clock, settings, api_keys.store)
    access = Access(link, keys, clock, settings, api_keys=api_keys, sessions=sessions)
    return AccessFixture(settings, link, keys, scripts, clock, api_keys, sessions, access)

"""An API with an admin key and a sign-in provider."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from pydantic import SecretStr

from app.core.access.api_keys import Role
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.policies import Policies
from app.core.redis_client import RedisLink
from app.core.registry import Registry
from app.services.api.app import create_app
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON
from tests.support.api.in_process import in_process
from tests.support.oidc import fake_provider as fake
from tests.support.oidc import real_provider as real
from tests.support.oidc.dashboard import UI_SECRET

Platform = Callable[..., Services]


@pytest.fixture(scope="session")
def provider_process() -> Iterator[real.RealProvider]:
    """The real provider, one for all tests."""
    with real.real_provider() as found:
        yield found


@pytest.fixture
def provider(provider_process: real.RealProvider) -> real.RealProvider:
    """The real provider, with an account that may sign in, whatever the test before chose."""
    provider_process.set_account("ana-1", preferred_username="ana", groups=["staff"])
    return provider_process


@pytest.fixture
def liar() -> Iterator[fake.FakeProvider]:
    """A provider that says what a test wants."""
    with fake.fake_provider() as found:
        yield found


@pytest.fixture
def platform_of(settings: Settings, link: RedisLink) -> Platform:
    """Makes a platform with other settings."""

    def make(**changes: Any) -> Services:
        known = settings.model_copy(
            update={
                "ui_session_secret": SecretStr(UI_SECRET),
                "oidc_roles": "admins=admin,staff=operator",
                **changes,
            }
        )
        return Services(known, SystemClock(), link, Registry([]), Policies())

    return make


@pytest.fixture
async def platform(platform_of: Platform, provider: real.RealProvider) -> Services:
    """A platform with the real provider and an admin key."""
    made = platform_of(
        oidc_issuer=provider.issuer, oidc_client_id=real.CLIENT, oidc_client_secret=SecretStr(real.SECRET)
    )
    await made.api_keys.create("root", Role.ADMIN, "test")
    return made


@pytest.fixture
async def client(platform: Services) -> AsyncIterator[httpx.AsyncClient]:
    """A caller without a key."""
    async with client_of(platform) as found:
        yield found


def client_of(platform: Services, token: str | None = None) -> httpx.AsyncClient:
    """Return a caller, with a key or a session if given."""
    transport = in_process(create_app(platform))
    sent = {**JSON, **({} if token is None else {"Authorization": f"Bearer {token}"})}
    return httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=sent)

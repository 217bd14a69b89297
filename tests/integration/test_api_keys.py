"""Stored API keys on a real server."""

from __future__ import annotations

import pytest

from app.core.api_keys import ApiKeys, Role
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import InvalidInput, KeyNotFound
from app.core.keys import Keys
from app.core.redis_client import RedisLink


@pytest.fixture
def api_keys(link: RedisLink, keys: Keys, clock: SystemClock, settings: Settings) -> ApiKeys:
    return ApiKeys(link, keys, clock, settings.model_copy(update={"secret_key": _Secret("deployment")}))


class _Secret:
    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        return self._text


async def test_key_is_shown_once_and_kept_as_a_digest(api_keys: ApiKeys, link: RedisLink, keys: Keys) -> None:
    """Redis never holds the text; the list never shows it."""
    made, token = await api_keys.create("ci", Role.OPERATOR)
    stored = await link.call("HGETALL", keys.api_keys)
    assert token not in str(stored)
    assert token.rsplit("_", 1)[1] not in str(stored)
    assert await api_keys.list() == [made]
    assert (await api_keys.keyring()).find(token) == made


async def test_revoked_key_is_gone(api_keys: ApiKeys) -> None:
    """The next keyring does not know it, and a second revocation says so."""
    made, token = await api_keys.create("ci", Role.VIEWER)
    assert await api_keys.revoke(made.key_id) == made
    assert (await api_keys.keyring()).find(token) is None
    with pytest.raises(KeyNotFound):
        await api_keys.revoke(made.key_id)


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "-a"])
async def test_key_names_are_checked(api_keys: ApiKeys, name: str) -> None:
    """A name stands in versions and runs."""
    with pytest.raises(InvalidInput):
        await api_keys.create(name, Role.VIEWER)

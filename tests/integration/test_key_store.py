"""Stored API keys on a real server."""

from __future__ import annotations

import pytest

from app.core.api_keys import ApiKey, ApiKeys, Role
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import IdempotencyMismatch, InvalidInput, KeyNotFound, LastAdminKey
from app.core.keys import Keys
from app.core.queue import Idempotency
from app.core.redis_client import RedisLink
from app.core.scripts import Scripts

ONCE = Idempotency("scope", "body")


@pytest.fixture
def api_keys(scripts: Scripts, link: RedisLink, clock: SystemClock, settings: Settings) -> ApiKeys:
    return ApiKeys(link, scripts, clock, settings.model_copy(update={"secret_key": _Secret("deployment")}))


class _Secret:
    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        return self._text


async def made(api_keys: ApiKeys, name: str, role: Role) -> tuple[ApiKey, str]:
    key, token = await api_keys.create(name, role, "ana")
    assert token is not None
    return key, token


async def test_key_is_shown_once_and_kept_as_a_digest(api_keys: ApiKeys, link: RedisLink, keys: Keys) -> None:
    """Redis never holds the text; the list never shows it."""
    key, token = await made(api_keys, "ci", Role.OPERATOR)
    stored = await link.call("HGETALL", keys.api_keys)
    assert token not in str(stored)
    assert token.rsplit("_", 1)[1] not in str(stored)
    assert await api_keys.list() == [key]
    assert (key.created_by, key.created_at > 0) == ("ana", True)
    assert (await api_keys.keyring()).find(token) == key


async def test_revoked_key_is_gone(api_keys: ApiKeys) -> None:
    """The next keyring does not know it, its last use is forgotten, and a second revocation says so."""
    key, token = await made(api_keys, "ci", Role.VIEWER)
    await api_keys.mark_used([key.key_id], 86_400_000)
    assert await api_keys.last_used() == {key.key_id: 86_400_000}
    assert await api_keys.revoke(key.key_id) == key
    assert (await api_keys.keyring()).find(token) is None
    assert await api_keys.last_used() == {}
    with pytest.raises(KeyNotFound):
        await api_keys.revoke(key.key_id)


async def test_key_that_goes_meanwhile_is_revoked(api_keys: ApiKeys, scripts: Scripts) -> None:
    """A revocation that is sent again after a lost answer finds nothing to do."""
    key, _ = await made(api_keys, "ci", Role.VIEWER)
    assert await scripts.run("revoke_key", key.key_id, "") == "OK"
    assert await scripts.run("revoke_key", key.key_id, "") == "MISSING"


async def test_last_admin_key_stays(api_keys: ApiKeys) -> None:
    """Others may go and come; the last admin's goes only where that is said."""
    first, _ = await made(api_keys, "first", Role.ADMIN)
    second, _ = await made(api_keys, "second", Role.ADMIN)
    viewer, _ = await made(api_keys, "viewer", Role.VIEWER)
    await api_keys.revoke(first.key_id)
    with pytest.raises(LastAdminKey):
        await api_keys.revoke(second.key_id)
    await api_keys.revoke(viewer.key_id)
    with pytest.raises(LastAdminKey):
        await api_keys.revoke(second.key_id)
    assert await api_keys.revoke(second.key_id, even_last=True) == second
    assert await api_keys.list() == []


async def test_idempotency_key_of_a_key_makes_one_key(api_keys: ApiKeys) -> None:
    """Sent again it answers the first key, without its text."""
    key, token = await api_keys.create("ci", Role.VIEWER, "ana", ONCE)
    assert token is not None
    assert await api_keys.create("ci", Role.VIEWER, "ana", ONCE) == (key, None)
    assert await api_keys.list() == [key]


async def test_idempotency_key_of_a_key_with_another_body_is_refused(api_keys: ApiKeys) -> None:
    """The key was used for another name or role."""
    await api_keys.create("ci", Role.VIEWER, "ana", ONCE)
    with pytest.raises(IdempotencyMismatch):
        await api_keys.create("ci", Role.ADMIN, "ana", Idempotency("scope", "other"))
    assert len(await api_keys.list()) == 1


async def test_key_sent_again_is_one_key(scripts: Scripts, link: RedisLink, keys: Keys) -> None:
    """The same record after a lost answer is the same creation: its text is still to be shown."""
    sent = ("abcdefgh", '{"role":"viewer"}', 1, "scope", "body")
    assert await scripts.run("create_key", *sent) == ["OK", "abcdefgh"]
    assert await scripts.run("create_key", *sent) == ["OK", "abcdefgh"]
    assert await link.call("HLEN", keys.api_keys) == 1


async def test_keys_are_limited_in_number(scripts: Scripts) -> None:
    """One more than there may be is refused, whoever asks."""
    assert await scripts.run("create_key", "abcdefgh", "{}", 1, "", "") == ["OK", "abcdefgh"]
    assert (await scripts.run("create_key", "bcdefghi", "{}", 1, "", ""))[0] == "FULL"


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "-a"])
async def test_key_names_are_checked(api_keys: ApiKeys, name: str) -> None:
    """A name stands in versions and runs."""
    with pytest.raises(InvalidInput):
        await api_keys.create(name, Role.VIEWER, "ana")

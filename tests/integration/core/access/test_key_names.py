"""Names of keys on a real server: unique, reserved ones, successors, doctor."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from app.core.access.api_keys import ApiKey, Role
from app.core.access.errors import NameTaken
from app.core.access.names import RESERVED, shared_names
from app.core.access.records import packed
from app.core.config import Settings
from app.core.errors import InvalidInput
from app.core.queue import Idempotency
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from tests.support.api.access_fixture import AccessFixture, access_fixture


@pytest.fixture
def deployment(settings: Settings, link: RedisLink, keys: Keys) -> AccessFixture:
    return access_fixture(settings, link, keys)


async def test_a_name_belongs_to_one_usable_key(deployment: AccessFixture) -> None:
    """In any case of letters; a name is free again once its key is revoked or has expired."""
    await deployment.made("root", Role.ADMIN)
    first, _ = await deployment.made("Ana", Role.VIEWER)
    for name in ("Ana", "ana", "ANA"):
        with pytest.raises(NameTaken, match=first.key_id):
            await deployment.made(name, Role.OPERATOR)
    await deployment.api_keys.revoke(first.key_id)
    await deployment.made("ana", Role.VIEWER, expires_in_ms=1_000)
    with pytest.raises(NameTaken):
        await deployment.made("ana", Role.VIEWER)
    deployment.clock.advance(1)
    await deployment.made("ana", Role.VIEWER)


async def test_a_record_that_is_no_key_has_no_name(deployment: AccessFixture) -> None:
    """A record written by hand takes no name away."""
    await deployment.made("root", Role.ADMIN)
    key, _ = await deployment.made("ana", Role.VIEWER)
    text = await deployment.link.call("HGET", deployment.keys.api_keys, key.key_id)
    await deployment.link.call("HSET", deployment.keys.api_keys, "handmade", text)
    await deployment.api_keys.revoke(key.key_id)
    await deployment.made("ana", Role.VIEWER)


async def test_a_name_of_a_user_or_of_api_keys_is_taken(deployment: AccessFixture) -> None:
    """People and keys share their names, wherever they are from."""
    changed = Settings.model_validate(
        {**deployment.settings.model_dump(), "api_keys": f"Ops:admin:{'s' * 30}"}
    )
    here = access_fixture(changed, deployment.link, deployment.keys)
    with pytest.raises(NameTaken):
        await here.made("ops", Role.VIEWER)
    rina, _ = await here.made("rina", Role.VIEWER)
    await _rewritten(here, replace(rina, kind="user"))
    with pytest.raises(NameTaken):
        await here.made("RINA", Role.VIEWER)


@pytest.mark.parametrize("name", [*sorted(RESERVED), "Local", "SYSTEM"])
async def test_names_of_the_platform_are_refused(deployment: AccessFixture, name: str) -> None:
    """No key passes for a request without one, or for a service."""
    with pytest.raises(InvalidInput, match="reserved"):
        await deployment.made(name, Role.ADMIN)


async def test_of_two_keys_with_one_name_made_at_once_one_is_refused(deployment: AccessFixture) -> None:
    """Many processes make keys at the same time: each name is given once, and none is lost."""
    await deployment.made("root", Role.ADMIN)
    makers = [deployment.restarted() for _ in range(3)]
    answers = await asyncio.gather(
        *(maker.made("ana", Role.VIEWER) for maker in makers), return_exceptions=True
    )
    assert sorted(isinstance(answer, NameTaken) for answer in answers) == [False, True, True]
    assert sorted(key.name for key in await deployment.api_keys.list()) == ["ana", "root"]


async def test_a_request_sent_again_finds_its_own_key(deployment: AccessFixture) -> None:
    """The name that it took itself does not refuse it."""
    once = Idempotency("scope", "body")
    made, _ = await deployment.made("root", Role.ADMIN, once=once)
    again, token = await deployment.api_keys.create("root", Role.ADMIN, "ana", once)
    assert (again.key_id, token) == (made.key_id, None)


async def test_successors_are_one_principal(deployment: AccessFixture) -> None:
    """They keep the name, also during the overlap; a new key may not have it."""
    await deployment.made("root", Role.ADMIN)
    first, _ = await deployment.made("ci", Role.OPERATOR)
    second, _ = await deployment.api_keys.rotate(first.key_id, "ana", 1_000)
    third, token = await deployment.api_keys.rotate(second.key_id, "ana", 1_000)
    assert [key.principal_id for key in (first, second, third)] == [first.key_id] * 3
    with pytest.raises(NameTaken):
        await deployment.made("ci", Role.VIEWER)
    assert shared_names(await deployment.api_keys.list()) == []
    assert token is not None
    found = await deployment.find(token)
    assert found is not None
    assert found.principal_id == first.key_id


async def test_duplicates_of_an_earlier_version_keep_working(deployment: AccessFixture) -> None:
    """They are served and can be rotated; the names are known to the doctor."""
    await deployment.made("root", Role.ADMIN)
    await deployment.made("ana", Role.VIEWER)
    other, token = await deployment.made("other", Role.VIEWER)
    await _rewritten(deployment, replace(other, name="Ana"))
    assert await deployment.find(token) is not None
    assert [name.lower() for name in shared_names(await deployment.api_keys.list())] == ["ana"]
    successor, _ = await deployment.api_keys.rotate(other.key_id, "ana", 0)
    assert successor.name == "Ana"


async def _rewritten(deployment: AccessFixture, key: ApiKey) -> None:
    """Store a record as an earlier version, or another part, would have."""
    text = packed(key, deployment.api_keys.store.seal)
    await deployment.link.call("HSET", deployment.keys.api_keys, key.key_id, text)

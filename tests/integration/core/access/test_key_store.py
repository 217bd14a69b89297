"""Stored API keys on a real server."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.access.api_keys import Role
from app.core.access.errors import AdminKeyNeeded, KeyNotFound, LastAdminKey
from app.core.access.key_store import KeysRequired
from app.core.config import Settings
from app.core.errors import IdempotencyMismatch, InvalidInput
from app.core.queue import Idempotency
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from tests.support.api.access_fixture import AccessFixture, access_fixture

ONCE = Idempotency("scope", "body")
DAY_MS = 86_400_000


@pytest.fixture
def deployment(settings: Settings, link: RedisLink, keys: Keys) -> AccessFixture:
    return access_fixture(settings, link, keys)


async def test_key_is_shown_once_and_kept_as_a_digest(deployment: AccessFixture) -> None:
    """Redis never holds the text; the list never shows it."""
    key, token = await deployment.made("root", Role.ADMIN)
    stored = await deployment.link.call("HGETALL", deployment.keys.api_keys)
    assert token not in str(stored)
    assert token.rsplit("_", 1)[1] not in str(stored)
    assert await deployment.api_keys.list() == [key]
    assert (key.created_by, key.created_at > 0) == ("ana", True)
    assert await deployment.find(token) == key


async def test_revoked_key_is_gone(deployment: AccessFixture) -> None:
    """The next keyring does not know it, its last use is forgotten, and a second revocation says so."""
    await deployment.made("root", Role.ADMIN)
    key, token = await deployment.made("ci", Role.VIEWER)
    await deployment.api_keys.mark_used([key.key_id], DAY_MS)
    assert await deployment.api_keys.last_used() == {key.key_id: DAY_MS}
    assert await deployment.api_keys.revoke(key.key_id) == key
    assert await deployment.find(token) is None
    assert await deployment.api_keys.last_used() == {}
    with pytest.raises(KeyNotFound):
        await deployment.api_keys.revoke(key.key_id)


async def test_key_that_goes_meanwhile_is_revoked(deployment: AccessFixture) -> None:
    """A revocation that is sent again after a lost answer finds nothing to do."""
    key, _ = await deployment.made("root", Role.ADMIN)
    assert await deployment.scripts.run("access/revoke_key", key.key_id, "1") == "OK"
    assert await deployment.scripts.run("access/revoke_key", key.key_id, "1") == "MISSING"


async def test_last_admin_key_stays(deployment: AccessFixture) -> None:
    """Other keys can be created and deleted; the last admin's only with an explicit option."""
    first, _ = await deployment.made("first", Role.ADMIN)
    second, _ = await deployment.made("second", Role.ADMIN)
    viewer, _ = await deployment.made("viewer", Role.VIEWER)
    await deployment.api_keys.revoke(first.key_id)
    with pytest.raises(LastAdminKey):
        await deployment.api_keys.revoke(second.key_id)
    await deployment.api_keys.revoke(viewer.key_id)
    with pytest.raises(LastAdminKey):
        await deployment.api_keys.revoke(second.key_id)
    assert await deployment.api_keys.revoke(second.key_id, even_last=True) == second
    assert await deployment.api_keys.list() == []


async def test_an_admin_that_was_not_made_here_does_not_count_as_one(deployment: AccessFixture) -> None:
    """A record written by hand, or an expired key, is no reason to give the last admin key away."""
    root, _ = await deployment.made("root", Role.ADMIN)
    await deployment.made("short", Role.ADMIN, expires_in_ms=1_000)
    deployment.clock.advance(2)
    text = await deployment.link.call("HGET", deployment.keys.api_keys, root.key_id)
    await deployment.link.call("HSET", deployment.keys.api_keys, "handmade", text)
    with pytest.raises(LastAdminKey):
        await deployment.api_keys.revoke(root.key_id)


@pytest.mark.parametrize("role", [Role.VIEWER, Role.OPERATOR])
async def test_first_key_is_an_admins(deployment: AccessFixture, role: Role) -> None:
    """Any other would lock its owner out; after the admin's it is made."""
    with pytest.raises(AdminKeyNeeded, match="keys create NAME --role admin"):
        await deployment.made("ana", role)
    assert await deployment.api_keys.list() == []
    assert not KeysRequired(deployment.settings).exists(), "a refused key locks nothing"
    await deployment.made("root", Role.ADMIN)
    await deployment.made("ana", role)


async def test_admin_of_the_environment_counts_as_the_first(deployment: AccessFixture) -> None:
    """API_KEYS has an admin: the first stored key may be anybody's."""
    changed = Settings.model_validate(
        {**deployment.settings.model_dump(), "api_keys": f"ops:admin:{'s' * 30}"}
    )
    here = access_fixture(changed, deployment.link, deployment.keys)
    await here.made("ana", Role.OPERATOR)
    assert [key.name for key in await here.api_keys.list()] == ["ana"]


async def test_only_admin_key_does_not_expire(deployment: AccessFixture) -> None:
    """The only admin key must last, unless `even_last`; with another one it may expire."""
    with pytest.raises(AdminKeyNeeded, match="--even-last"):
        await deployment.made("short", Role.ADMIN, expires_in_ms=DAY_MS)
    await deployment.made("brief", Role.ADMIN, expires_in_ms=DAY_MS, even_last=True)
    with pytest.raises(AdminKeyNeeded):
        await deployment.made("short", Role.ADMIN, expires_in_ms=DAY_MS)
    await deployment.made("root", Role.ADMIN)
    await deployment.made("short", Role.ADMIN, expires_in_ms=DAY_MS)


async def test_key_ends_when_it_expires(deployment: AccessFixture) -> None:
    """Found until its last millisecond; a month later the next new key forgets it."""
    await deployment.made("root", Role.ADMIN)
    key, token = await deployment.made("ci", Role.VIEWER, expires_in_ms=60_000)
    ring = await deployment.keyring()
    deployment.clock.advance(59.999)
    assert ring.find(token) == key
    assert ring.admits(key.key_id)
    deployment.clock.advance(0.001)
    assert ring.find(token) is None
    assert not ring.admits(key.key_id)
    states = {each.name: each.state(deployment.clock.now_ms()) for each in await deployment.api_keys.list()}
    assert states == {"root": "active", "ci": "expired"}
    deployment.clock.advance(31 * 86_400)
    await deployment.made("next", Role.VIEWER)
    assert {each.name for each in await deployment.api_keys.list()} == {"root", "next"}


async def test_rotated_key_has_a_successor(deployment: AccessFixture) -> None:
    """Same name and role, another text and id; the old one is served until the overlap ends."""
    await deployment.made("root", Role.ADMIN)
    old, old_token = await deployment.made("ci", Role.OPERATOR, expires_in_ms=90 * DAY_MS)
    new, token = await deployment.api_keys.rotate(old.key_id, "ana", DAY_MS)
    assert token is not None
    assert (new.name, new.role, new.key_id == old.key_id) == ("ci", Role.OPERATOR, False)
    assert new.expires_at - deployment.clock.now_ms() == 90 * DAY_MS
    ring = await deployment.keyring()
    assert [each is None for each in (ring.find(old_token), ring.find(token))] == [False, False]
    deployment.clock.advance(86_400)
    assert [each is None for each in (ring.find(old_token), ring.find(token))] == [True, False]
    last, _ = await deployment.api_keys.rotate(new.key_id, "ana", 0)
    assert await deployment.find(token) is None
    assert (await deployment.keyring()).admits(last.key_id)


async def test_rotation_shortens_and_never_lengthens(deployment: AccessFixture) -> None:
    """The overlap of a key that expires earlier ends with the key."""
    await deployment.made("root", Role.ADMIN)
    old, _ = await deployment.made("ci", Role.VIEWER, expires_in_ms=60_000)
    await deployment.api_keys.rotate(old.key_id, "ana", DAY_MS)
    kept = {key.key_id: key for key in await deployment.api_keys.list()}[old.key_id]
    assert kept.expires_at == old.expires_at
    with pytest.raises(KeyNotFound):
        await deployment.api_keys.rotate("aaaaaaaa", "ana", 0)


async def test_rotation_of_the_only_admin_key_lasts(deployment: AccessFixture) -> None:
    """Its successor may not expire, unless that is said."""
    root, _ = await deployment.made("root", Role.ADMIN)
    with pytest.raises(AdminKeyNeeded):
        await deployment.api_keys.rotate(root.key_id, "ana", 0, expires_in_ms=DAY_MS)
    successor, _ = await deployment.api_keys.rotate(root.key_id, "ana", 0)
    assert successor.expires_at == 0


async def test_rotation_under_one_idempotency_key_is_one(deployment: AccessFixture) -> None:
    """Sent again it answers the first successor, without its text; another body is refused."""
    root, _ = await deployment.made("root", Role.ADMIN)
    new, token = await deployment.api_keys.rotate(root.key_id, "ana", DAY_MS, ONCE)
    assert token is not None
    assert await deployment.api_keys.rotate(root.key_id, "ana", DAY_MS, ONCE) == (new, None)
    with pytest.raises(IdempotencyMismatch):
        await deployment.api_keys.rotate(root.key_id, "ana", 0, Idempotency("scope", "other"))
    assert len(await deployment.api_keys.list()) == 2


async def test_rotation_sent_again_is_one_rotation(deployment: AccessFixture) -> None:
    """The same records after a lost answer are the same rotation."""
    root, _ = await deployment.made("root", Role.ADMIN)
    text = await deployment.link.call("HGET", deployment.keys.api_keys, root.key_id)
    sent = ("access/rotate_key", root.key_id, text, "{}", "abcdefgh", '{"n":1}', 9, "", "")
    assert await deployment.scripts.run(*sent) == ["OK", "abcdefgh"]
    assert await deployment.scripts.run(*sent) == ["OK", "abcdefgh"]
    assert await deployment.link.call("HLEN", deployment.keys.api_keys) == 2


async def test_key_revoked_meanwhile_is_not_rotated(deployment: AccessFixture) -> None:
    """The successor of a key that is gone is not stored, and the old one does not come back."""
    root, _ = await deployment.made("root", Role.ADMIN)
    sent = (root.key_id, "another record", "{}", "abcdefgh", "{}", 9, "", "")
    assert await deployment.scripts.run("access/rotate_key", *sent) == ["CHANGED", ""]
    assert await deployment.link.call("HLEN", deployment.keys.api_keys) == 1


async def test_rotations_are_limited_in_number(deployment: AccessFixture) -> None:
    """A successor counts as a key."""
    root, _ = await deployment.made("root", Role.ADMIN)
    text = await deployment.link.call("HGET", deployment.keys.api_keys, root.key_id)
    answer = await deployment.scripts.run(
        "access/rotate_key", root.key_id, text, "{}", "abcdefgh", "{}", 1, "", ""
    )
    assert answer == ["FULL", ""]


async def test_idempotency_key_of_a_key_makes_one_key(deployment: AccessFixture) -> None:
    """Sent again it answers the first key, without its text."""
    key, token = await deployment.api_keys.create("root", Role.ADMIN, "ana", ONCE)
    assert token is not None
    assert await deployment.api_keys.create("root", Role.ADMIN, "ana", ONCE) == (key, None)
    assert await deployment.api_keys.list() == [key]


async def test_idempotency_key_of_a_key_with_another_body_is_refused(deployment: AccessFixture) -> None:
    """The key was used for another name or role."""
    await deployment.api_keys.create("root", Role.ADMIN, "ana", ONCE)
    with pytest.raises(IdempotencyMismatch):
        await deployment.api_keys.create("other", Role.ADMIN, "ana", Idempotency("scope", "other"))
    assert len(await deployment.api_keys.list()) == 1


async def test_key_sent_again_is_one_key(deployment: AccessFixture) -> None:
    """The same record after a lost answer is the same creation: its text is still to be shown."""
    sent = ("access/create_key", "abcdefgh", '{"role":"viewer"}', 1, "scope", "body", "1", "", "")
    assert await deployment.scripts.run(*sent) == ["OK", "abcdefgh"]
    assert await deployment.scripts.run(*sent) == ["OK", "abcdefgh"]
    assert await deployment.link.call("HLEN", deployment.keys.api_keys) == 1


async def test_keys_are_limited_in_number(deployment: AccessFixture) -> None:
    """A key above the limit is refused for every caller."""
    for key_id, version, word in (("abcdefgh", "", "OK"), ("bcdefghi", "1", "FULL")):
        sent = ("access/create_key", key_id, "{}", 1, "", "", "1", version, "")
        assert (await deployment.scripts.run(*sent))[0] == word


async def test_keys_that_changed_meanwhile_are_read_again(deployment: AccessFixture) -> None:
    """A key that was checked against other keys than those of now is not stored."""
    await deployment.made("root", Role.ADMIN)
    sent = ("access/create_key", "abcdefgh", "{}", 9, "", "", "1", "", "")
    assert await deployment.scripts.run(*sent) == ["CHANGED", ""]
    assert await deployment.link.call("HLEN", deployment.keys.api_keys) == 1


@pytest.mark.parametrize("name", ["", "a b", "x" * 65, "-a"])
async def test_key_names_are_checked(deployment: AccessFixture, name: str) -> None:
    """A name is shown in versions and runs."""
    with pytest.raises(InvalidInput):
        await deployment.made(name, Role.ADMIN)


async def test_limits_of_a_key_are_kept_and_pass_to_its_successor(deployment: AccessFixture) -> None:
    """Scope and addresses are in the record, under its MAC, and a rotation keeps them."""
    await deployment.made("root", Role.ADMIN)
    limits = {"scope": ("tag:shop", "job:shop-"), "addresses": ("10.0.0.0/8", "::1/128")}
    made, token = await deployment.api_keys.create(
        *("shop", Role.OPERATOR, "ana"), scope=limits["scope"], addresses=["::ffff:10.0.0.0/104", "::1"]
    )
    assert (made.scope, made.addresses) == (limits["scope"], limits["addresses"])
    assert await deployment.find(token or "") == made
    successor, _ = await deployment.api_keys.rotate(made.key_id, "ana", 0)
    assert (successor.scope, successor.addresses) == (limits["scope"], limits["addresses"])
    text = await deployment.link.call("HGET", deployment.keys.api_keys, successor.key_id)
    for forged in (text.replace('"tag:shop",', ""), text.replace("10.0.0.0/8", "0.0.0.0/0")):
        assert forged != text
        await deployment.link.call("HSET", deployment.keys.api_keys, successor.key_id, forged)
        listed = {key.key_id: key for key in await deployment.api_keys.list()}
        assert not listed[successor.key_id].valid


async def test_admin_key_with_addresses_is_no_admin_that_is_left(deployment: AccessFixture) -> None:
    """Its holder may be elsewhere: it is neither the first key, nor a reason to revoke the last other one."""
    here = {"addresses": ["10.0.0.0/8"]}
    with pytest.raises(AdminKeyNeeded, match="has an address list"):
        await deployment.made("office", Role.ADMIN, **here)
    root, _ = await deployment.made("root", Role.ADMIN)
    await deployment.made("office", Role.ADMIN, **here)
    with pytest.raises(LastAdminKey):
        await deployment.api_keys.revoke(root.key_id)
    await deployment.api_keys.revoke(root.key_id, even_last=True)
    with pytest.raises(AdminKeyNeeded):
        await deployment.made("ci", Role.VIEWER)
    assert (await deployment.made("again", Role.ADMIN))[0].role is Role.ADMIN


async def test_first_admin_key_with_addresses_can_be_forced(deployment: AccessFixture) -> None:
    """For a deployment that is administered from one network alone."""
    made, _ = await deployment.api_keys.create(
        "office", Role.ADMIN, "ana", even_last=True, addresses=["10.0.0.0/8"]
    )
    assert [key.key_id for key in await deployment.api_keys.list()] == [made.key_id]


async def test_key_with_limits_that_are_wrong_is_not_made(deployment: AccessFixture) -> None:
    """And the deployment does not begin to require keys."""
    wrong: list[dict[str, Any]] = [
        {"scope": ["shop"]},
        {"scope": ["tag:shop"]},
        {"addresses": ["10.0.0.0/33"]},
    ]
    for limits in wrong:
        with pytest.raises(InvalidInput):
            await deployment.made("root", Role.ADMIN, **limits)
    assert await deployment.api_keys.list() == []
    assert not deployment.api_keys.store.required.exists()

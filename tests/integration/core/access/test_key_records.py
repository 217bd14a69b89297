"""Key records: forged ones, lost ones, those of earlier versions."""

from __future__ import annotations

import json
import os
import stat
import sys
from dataclasses import replace
from typing import Any

import pytest
from pydantic import SecretStr

from app.core.access.api_keys import Role
from app.core.access.key_store import FIRST_KEY_SEC, KeysRequired
from app.core.access.records import ApiKey, derived_pepper, digest_of, id_of, new_token
from app.core.config import Settings
from app.core.errors import ConfigurationError
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from tests.support.api.access_fixture import SECRET, AccessFixture, access_fixture


@pytest.fixture
def deployment(settings: Settings, link: RedisLink, keys: Keys) -> AccessFixture:
    return access_fixture(settings, link, keys)


async def stored(deployment: AccessFixture, key_id: str) -> dict[str, Any]:
    return json.loads(await deployment.link.call("HGET", deployment.keys.api_keys, key_id))


async def put(deployment: AccessFixture, key_id: str, fields: dict[str, Any]) -> None:
    await deployment.link.call("HSET", deployment.keys.api_keys, key_id, json.dumps(fields))


async def put_unsigned(deployment: AccessFixture, name: str, role: Role) -> tuple[str, str]:
    """Write a key as versions before MACs did; return its id and text."""
    token = new_token()
    digest = digest_of(derived_pepper(SECRET.encode()), token)
    await put(deployment, id_of(token), {"name": name, "role": role, "created_at": 1, "digest": digest})
    return id_of(token), token


@pytest.mark.parametrize("change", ["role", "name", "expires_at", "created_by", "id", "no mac", "mac"])
async def test_record_that_was_changed_by_hand_is_no_key(deployment: AccessFixture, change: str) -> None:
    """One field of a record, its id or its MAC: it is refused, listed as not valid, and goes when revoked."""
    await deployment.made("root", Role.ADMIN)
    key, token = await deployment.made("ci", Role.VIEWER, expires_in_ms=60_000)
    fields = await stored(deployment, key.key_id)
    key_id = "handmade" if change == "id" else key.key_id
    changes: dict[str, Any] = {"role": "admin", "name": "root", "expires_at": 0, "created_by": "x"}
    if change == "no mac":
        del fields["mac"]
    elif change == "mac":
        fields["mac"] = "v1:" + "0" * 64
    elif change != "id":
        fields[change] = changes[change]
    await put(deployment, key_id, fields)
    ring = await deployment.keyring()
    assert key_id not in ring
    if change != "id":
        assert ring.find(token) is None
    listed = {each.key_id: each for each in await deployment.api_keys.list()}
    assert listed[key_id].state(0) == "not_valid"
    await deployment.api_keys.revoke(key_id)
    assert key_id not in {each.key_id for each in await deployment.api_keys.list()}


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"mac": 5}', '{"name": 1, "role": "admin"}'])
async def test_record_that_cannot_be_read_is_no_key(deployment: AccessFixture, text: str) -> None:
    """A damaged record does not stop other keys."""
    _, token = await deployment.made("root", Role.ADMIN)
    await deployment.link.call("HSET", deployment.keys.api_keys, "garbage1", text)
    assert await deployment.find(token) is not None
    assert [each.valid for each in await deployment.api_keys.list()] == [False, True]


@pytest.mark.parametrize("loss", ["deleted", "renamed", "emptied", "namespace", "all"])
async def test_lost_keys_leave_the_deployment_closed(deployment: AccessFixture, loss: str) -> None:
    """Whatever happens to the hash: keys stay required, in this process and in every later one."""
    key, _ = await deployment.made("root", Role.ADMIN)
    ring = await deployment.keyring()
    assert ring.keys_required
    name = deployment.keys.api_keys
    if loss == "renamed":
        await deployment.link.call("RENAME", name, deployment.keys.meta)
    elif loss == "emptied":
        await deployment.link.call("HDEL", name, key.key_id)
    elif loss != "namespace":
        await deployment.link.call("DEL", name, *([deployment.keys.access_version] if loss == "all" else []))
    deployment.clock.advance(FIRST_KEY_SEC)
    later = deployment.restarted()
    if loss == "namespace":
        other = Keys(f"{deployment.keys.namespace}-other")
        later = access_fixture(deployment.settings, deployment.link, other, deployment.clock)
    for each in (later,) if loss == "namespace" else (deployment, later):
        ring = await each.keyring()
        assert (len(ring), ring.keys_required, ring.keys_gone) == (0, True, True)


async def test_keys_are_not_lost_before_the_first_one(deployment: AccessFixture) -> None:
    """The lock comes first: another process that looks in between asks for a key, and misses none."""
    other = deployment.restarted()
    KeysRequired(deployment.settings).require(deployment.clock.now())
    before = await other.access.stamp()
    ring = await other.keyring()
    assert (ring.keys_required, ring.keys_gone) == (True, False)
    deployment.clock.advance(FIRST_KEY_SEC)
    assert await other.access.stamp() != before
    assert (await other.keyring()).keys_gone
    key, _ = await deployment.made("root", Role.ADMIN)
    assert not (await other.keyring()).keys_gone
    await deployment.link.call("HDEL", deployment.keys.api_keys, key.key_id)
    assert (await other.keyring()).keys_gone


async def test_without_its_file_a_machine_learns_from_redis(deployment: AccessFixture, tmp_path: Any) -> None:
    """A second machine writes the file when it first sees keys, also if it knows none of them."""
    await deployment.made("root", Role.ADMIN)
    second = deployment.restarted(multi_job_home=tmp_path / "second", secret_key=SecretStr("x" * 32))
    ring = await second.keyring()
    assert (len(ring), ring.keys_required) == (0, True)
    await deployment.link.call("DEL", deployment.keys.api_keys)
    assert (await second.restarted().keyring()).keys_required


async def test_file_is_private_and_made_before_the_key(
    deployment: AccessFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Mode 0600, with the instant; a folder that cannot be written refuses the key."""
    assert not (await deployment.keyring()).keys_required
    required = deployment.api_keys.store.required
    with monkeypatch.context() as patch:
        patch.setattr(os, "link", _refused)
        with pytest.raises(ConfigurationError, match="keys-required"):
            await deployment.made("root", Role.ADMIN)
    assert await deployment.api_keys.list() == []
    await deployment.restarted().made("root", Role.ADMIN)
    since = required.since()
    assert since is not None
    assert since == deployment.clock.now()
    if sys.platform != "win32":
        assert stat.S_IMODE(required.path.stat().st_mode) == 0o600


def _refused(*_: object) -> None:
    raise PermissionError(13, "Permission denied")


async def test_seen_once_is_required_for_the_life_of_the_process(deployment: AccessFixture) -> None:
    """Also if the file and the keys are removed; only a new process starts without."""
    await deployment.made("root", Role.ADMIN)
    await deployment.link.call("DEL", deployment.keys.api_keys)
    deployment.api_keys.store.required.path.unlink()
    assert (await deployment.keyring()).keys_required
    assert not (await deployment.restarted().keyring()).keys_required


async def test_records_of_an_earlier_version_are_adopted_once(deployment: AccessFixture) -> None:
    """The first reading after the upgrade stamps them; from then on a record without a MAC is no key."""
    _, viewer = await put_unsigned(deployment, "ci", Role.VIEWER)
    root_id, root = await put_unsigned(deployment, "root", Role.ADMIN)
    for each in (deployment, deployment.restarted()):
        ring = await each.keyring()
        assert [(found.name, found.role) for found in map(ring.find, (viewer, root)) if found] == [
            ("ci", Role.VIEWER),
            ("root", Role.ADMIN),
        ]
    assert "mac" in await stored(deployment, root_id)
    late_id, late = await put_unsigned(deployment, "late", Role.ADMIN)
    for each in (deployment, deployment.restarted()):
        assert await each.find(late) is None
        assert late_id not in await each.keyring()


async def test_a_machine_without_its_file_adopts_nothing_if_there_are_real_keys(
    deployment: AccessFixture, tmp_path: Any
) -> None:
    """A hand-written record does not become a key by waiting for a new machine."""
    await deployment.made("root", Role.ADMIN)
    key_id, token = await put_unsigned(deployment, "evil", Role.ADMIN)
    second = deployment.restarted(multi_job_home=tmp_path / "second")
    assert await second.find(token) is None
    assert "mac" not in await stored(deployment, key_id)


async def test_key_revoked_meanwhile_is_not_stored_again(deployment: AccessFixture) -> None:
    """A record that is renewed is replaced only as long as it is there."""
    assert await deployment.scripts.run("access/replace_keys", "abcdefgh", "old", "new") == "OK"
    assert await deployment.link.call("HGETALL", deployment.keys.api_keys) == []


async def test_keys_and_sessions_survive_a_change_of_the_secret_key(deployment: AccessFixture) -> None:
    """Re-sealed while both secrets are known, they work under the new one alone; unsealed ones do not."""
    key, token = await deployment.made("root", Role.ADMIN)
    _, session = await deployment.sessions.create(key.key_id, "127.0.0.1", "browser", fixed=False)
    new = SecretStr("another-deployment-secret-0000002")
    both = deployment.restarted(secret_key=new, secret_key_previous=SecretStr(SECRET))
    assert [await both.find(each) for each in (token, session)] != [None, None]
    assert await deployment.restarted(secret_key=new).find(token) is None
    assert await both.api_keys.store.renew_seals() == 1
    assert await both.sessions.renew_seals() == 1
    after = deployment.restarted(secret_key=new)
    assert await after.find(token) == key
    assert await after.find(session) == replace(key, session_id=session.split("_")[1])
    _, made_after = await after.made("later", Role.VIEWER)
    assert await after.find(made_after) is not None


async def test_a_deployment_whose_secret_key_is_lost_gets_back_in(deployment: AccessFixture) -> None:
    """Nothing made under the lost secret works; a key made under the new one does."""
    _, before = await deployment.made("root", Role.ADMIN)
    after = deployment.restarted(secret_key=SecretStr("another-deployment-secret-0000002"))
    _, token = await after.made("root", Role.ADMIN)
    for each in (after, after.restarted()):
        assert await each.find(before) is None
        found = await each.find(token)
        assert isinstance(found, ApiKey)

"""Stored sessions on a real server."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from app.core.access import sessions as sessions_module
from app.core.access.api_keys import COUNTS_SEC, ApiKey, Role
from app.core.access.errors import KeyNotFound, SessionNotFound
from app.core.config import Settings
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from tests.support.api.access_fixture import AccessFixture, access_fixture

HOUR_SEC, DAY_SEC = 3_600, 86_400


@pytest.fixture
def deployment(settings: Settings, link: RedisLink, keys: Keys) -> AccessFixture:
    return access_fixture(settings, link, keys)


async def signed_in(deployment: AccessFixture, key: ApiKey, device: str = "Firefox") -> tuple[str, str]:
    """Return the id and the token of a new session."""
    made, token = await deployment.sessions.create(key.key_id, "10.0.0.7", device, fixed=False)
    return made.session_id, token


async def test_session_has_the_rights_of_its_key(deployment: AccessFixture) -> None:
    """It finds its key, with the session's id; Redis holds no token; what a browser says is cleaned."""
    key, _ = await deployment.made("root", Role.ADMIN)
    session_id, token = await signed_in(deployment, key, "Fire\x1b[2Jfox\u202e " + "x" * 400)
    assert await deployment.find(token) == replace(key, session_id=session_id)
    text = await deployment.link.call("GET", deployment.keys.session(session_id))
    assert token.rsplit("_", 1)[1] not in text
    [listed] = await deployment.sessions.live()
    assert (listed.address, listed.device[:11], len(listed.device)) == ("10.0.0.7", "Fire[2Jfox ", 160)
    for wrong in (token[:-1] + ("A" if token[-1] != "A" else "B"), token.replace("mjs_", "mj_"), "mjs_x"):
        assert await deployment.find(wrong) is None


async def test_session_has_the_role_of_its_key_and_ends_with_it(deployment: AccessFixture) -> None:
    """A revoked key takes its sessions along, out of Redis too; others stay."""
    root, _ = await deployment.made("root", Role.ADMIN)
    ci, _ = await deployment.made("ci", Role.VIEWER)
    (ci_id, ci_token), (_, root_token) = await signed_in(deployment, ci), await signed_in(deployment, root)
    found = await deployment.find(ci_token)
    assert found is not None
    assert found.role is Role.VIEWER
    await deployment.api_keys.revoke(ci.key_id)
    assert await deployment.find(ci_token) is None
    assert await deployment.find(root_token) is not None
    assert (
        await deployment.link.call(
            "EXISTS", deployment.keys.session(ci_id), deployment.keys.sessions_key(ci.key_id)
        )
        == 0
    )
    assert await deployment.link.call("ZCARD", deployment.keys.sessions) == 1


async def test_ended_session_is_refused_and_forgotten(deployment: AccessFixture) -> None:
    """Its key goes on; ending it again says that there is none."""
    key, key_token = await deployment.made("root", Role.ADMIN)
    session_id, token = await signed_in(deployment, key)
    other = deployment.restarted()
    assert await other.find(token) is not None
    await deployment.sessions.end(session_id)
    assert await other.find(token) is None
    assert await other.find(key_token) is not None
    assert await deployment.scripts.run("access/end_session", key.key_id, session_id) == "MISSING"
    with pytest.raises(SessionNotFound):
        await deployment.sessions.end(session_id)


async def test_session_ends_when_it_is_idle(deployment: AccessFixture) -> None:
    """After 12 hours without a use."""
    key, _ = await deployment.made("root", Role.ADMIN)
    session_id, token = await signed_in(deployment, key)
    ring = await deployment.keyring()
    deployment.clock.advance(12 * HOUR_SEC - 1)
    assert ring.find(token) is not None
    deployment.clock.advance(1)
    assert ring.find(token) is None
    assert not ring.admits(key.key_id, session_id)
    assert await deployment.sessions.live() == []


async def test_use_of_a_session_puts_off_its_end(deployment: AccessFixture) -> None:
    """Until 30 days after it was made, however often it is used; other processes see the use."""
    key, _ = await deployment.made("root", Role.ADMIN)
    session_id, token = await signed_in(deployment, key)
    other = deployment.restarted()
    for _ in range(62):
        deployment.clock.advance(12 * HOUR_SEC - 60)
        if await other.find(token) is None:
            break
        await deployment.sessions.touch(await deployment.sessions.live(), deployment.clock.now_ms())
        left_ms = await deployment.link.call("PTTL", deployment.keys.session(session_id))
        assert 0 < left_ms <= 12 * HOUR_SEC * 1000
    else:
        pytest.fail("the session never ended")
    [made] = await deployment.sessions.read()
    age_sec = (deployment.clock.now_ms() - made.created_at) / 1000
    assert 30 * DAY_SEC <= age_sec < 30.5 * DAY_SEC


async def test_session_that_has_ended_is_not_listed_again(deployment: AccessFixture) -> None:
    """A use that is kept late brings nothing back."""
    key, _ = await deployment.made("root", Role.ADMIN)
    session_id, _ = await signed_in(deployment, key)
    [known] = await deployment.sessions.live()
    await deployment.sessions.end(session_id)
    await deployment.sessions.touch([known], deployment.clock.now_ms())
    assert (
        await deployment.link.call(
            "EXISTS", deployment.keys.sessions, deployment.keys.sessions_key(key.key_id)
        )
        == 0
    )


async def test_session_ends_when_its_key_expires(deployment: AccessFixture) -> None:
    """A session never outlives its key."""
    await deployment.made("root", Role.ADMIN)
    key, _ = await deployment.made("ci", Role.VIEWER, expires_in_ms=60_000)
    session_id, token = await signed_in(deployment, key)
    ring = await deployment.keyring()
    assert ring.admits(key.key_id, session_id)
    deployment.clock.advance(60)
    assert ring.find(token) is None
    assert not ring.admits(key.key_id, session_id)


@pytest.mark.parametrize("field", ["key_id", "digest", "created_at", "address", "mac"])
async def test_session_that_was_changed_by_hand_is_none(deployment: AccessFixture, field: str) -> None:
    """Not another key's, not longer, not with a digest of one's own."""
    root, _ = await deployment.made("root", Role.ADMIN)
    ci, _ = await deployment.made("ci", Role.VIEWER)
    session_id, token = await signed_in(deployment, ci)
    name = deployment.keys.session(session_id)
    fields = json.loads(await deployment.link.call("GET", name))
    changes = {"key_id": root.key_id, "digest": "0" * 64, "created_at": 2**50, "address": "x", "mac": "v1:0"}
    fields[field] = changes[field]
    await deployment.link.call("SET", name, json.dumps(fields), "KEEPTTL")
    assert await deployment.find(token) is None
    assert session_id not in (await deployment.keyring()).sessions


async def test_session_of_a_revoked_key_is_not_stored(deployment: AccessFixture) -> None:
    """The key went between the request and its session."""
    await deployment.made("root", Role.ADMIN)
    ci, _ = await deployment.made("ci", Role.VIEWER)
    await deployment.api_keys.revoke(ci.key_id)
    with pytest.raises(KeyNotFound):
        await signed_in(deployment, ci)
    assert await deployment.sessions.live() == []


async def test_session_sent_again_is_one_session(deployment: AccessFixture) -> None:
    """The same record after a lost answer changes nothing, its last use neither."""
    key, _ = await deployment.made("root", Role.ADMIN)
    sent = ("access/create_session", "aaaaaaaaaaaa", key.key_id, "{}")
    limits = (60_000, 90_000, 50, 5_000, "")
    assert await deployment.scripts.run(*sent, 1_000, *limits) == "OK"
    version = await deployment.link.call("GET", deployment.keys.access_version)
    assert await deployment.scripts.run(*sent, 2_000, *limits) == "OK"
    assert await deployment.link.call("GET", deployment.keys.access_version) == version
    assert (
        await deployment.link.call("ZSCORE", deployment.keys.sessions, f"{key.key_id}:aaaaaaaaaaaa") == "1000"
    )


async def test_sessions_are_limited_by_key_and_in_all(
    deployment: AccessFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The longest idle goes, first of the same key, then of all."""
    monkeypatch.setattr(sessions_module, "MAX_OF_KEY", 3)
    monkeypatch.setattr(sessions_module, "MAX_IN_ALL", 4)
    root, _ = await deployment.made("root", Role.ADMIN)
    ci, _ = await deployment.made("ci", Role.VIEWER)
    made: list[str] = []
    for key in (ci, root, root, root, root, ci):
        deployment.clock.advance(1)
        made.append((await signed_in(deployment, key))[0])
    assert {each.session_id for each in await deployment.sessions.live()} == {
        *made[3:5],
        made[2],
        made[5],
    } - {made[1]}
    assert len(await deployment.sessions.live()) == 4


async def test_stamp_differs_after_every_change(deployment: AccessFixture) -> None:
    """Keys made, rotated and revoked, sessions made and ended, and a hash that was emptied by hand."""
    stamps = [await deployment.access.stamp()]

    async def changed() -> bool:
        stamps.append(await deployment.access.stamp())
        return stamps[-1] != stamps[-2]

    assert not await changed()
    root, _ = await deployment.made("root", Role.ADMIN)
    assert await changed()
    session_id, _ = await signed_in(deployment, root)
    assert await changed()
    await deployment.sessions.end(session_id)
    assert await changed()
    await deployment.api_keys.rotate(root.key_id, "ana", 0)
    assert await changed()
    await deployment.api_keys.revoke(root.key_id, even_last=True)
    assert await changed()
    await deployment.link.call("DEL", deployment.keys.api_keys)
    deployment.clock.advance(COUNTS_SEC)
    assert await changed()

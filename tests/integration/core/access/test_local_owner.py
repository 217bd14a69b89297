"""The local owner and the codes of sign-in links, on a real server."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from app.core.access.api_keys import Role
from app.core.access.local_owner import LOCAL_ID, LocalKey, in_container, why_no_connection_counts
from app.core.access.sign_in_codes import OPEN_LIFE_MS, SignInCodes
from app.core.config import Settings
from app.core.home.local_key import LOCAL_KEY_FILE
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from tests.support.api.access_fixture import AccessFixture, access_fixture


@pytest.fixture
def deployment(settings: Settings, link: RedisLink, keys: Keys, tmp_path: Path) -> AccessFixture:
    return access_fixture(settings.model_copy(update={"multi_job_home": tmp_path}), link, keys)


def codes_of(deployment: AccessFixture) -> SignInCodes:
    return SignInCodes(deployment.link, deployment.keys, deployment.clock, deployment.api_keys.store)


async def stored_code(deployment: AccessFixture) -> str:
    [name] = await deployment.link.call("KEYS", deployment.keys.sign_in_code("*"))
    return name


async def test_code_signs_in_once(deployment: AccessFixture) -> None:
    """A second use finds nothing, and Redis never holds the code."""
    codes = codes_of(deployment)
    code = await codes.create(LOCAL_ID, OPEN_LIFE_MS)
    name = await stored_code(deployment)
    assert code not in name + await deployment.link.call("GET", name)
    assert 0 < await deployment.link.call("PTTL", name) <= OPEN_LIFE_MS
    assert await codes.redeem(code) == LOCAL_ID
    assert await codes.redeem(code) is None


async def test_code_expires_by_the_clock_of_the_record(deployment: AccessFixture) -> None:
    """Also if a Redis with a wrong clock still has it."""
    codes = codes_of(deployment)
    code = await codes.create(LOCAL_ID, OPEN_LIFE_MS)
    deployment.clock.advance(OPEN_LIFE_MS / 1_000)
    assert await codes.redeem(code) is None


@pytest.mark.parametrize("change", [{"key_id": "aaaaaaaa"}, {"ends_at": 9_999_999_999_999}, {"mac": "v1:00"}])
async def test_code_record_of_another_hand_signs_nobody_in(
    deployment: AccessFixture, change: dict[str, object]
) -> None:
    """Somebody who can write to Redis and does not know SECRET_KEY makes no code."""
    codes = codes_of(deployment)
    code = await codes.create(LOCAL_ID, OPEN_LIFE_MS)
    name = await stored_code(deployment)
    record = json.loads(await deployment.link.call("GET", name))
    await deployment.link.call("SET", name, json.dumps({**record, **change}), "PX", 60_000)
    assert await codes.redeem(code) is None


@pytest.mark.parametrize("code", ["", "x", "a" * 31, "a" * 33, "ä" * 32, "*" * 32, "a" * 32])
async def test_code_that_was_never_made_signs_nobody_in(deployment: AccessFixture, code: str) -> None:
    """A text without the form of a code is not looked up."""
    assert await codes_of(deployment).redeem(code) is None


async def test_local_key_is_found_until_there_is_a_key(deployment: AccessFixture) -> None:
    """The first key ends it, and the sessions of the owner with it."""
    token = LocalKey(deployment.settings).ensure()
    assert token is not None
    session, session_token = await deployment.sessions.create(LOCAL_ID, "127.0.0.1", "Firefox", fixed=True)
    for text in (token, session_token):
        found = await deployment.find(text)
        assert found is not None
        assert (found.key_id, found.name, found.role) == (LOCAL_ID, "local", Role.ADMIN)
    keyring = await deployment.keyring()
    assert deployment.access.admits(keyring, LOCAL_ID, session.session_id)
    assert not keyring.keys_required
    await deployment.made("root", Role.ADMIN)
    assert [await deployment.find(text) for text in (token, session_token)] == [None, None]
    assert not deployment.access.admits(await deployment.keyring(), LOCAL_ID, session.session_id)


async def test_local_key_that_is_removed_is_noticed(deployment: AccessFixture) -> None:
    """A new file has a new key; the stamp shows the change."""
    local = LocalKey(deployment.settings)
    before, stamp = local.ensure(), await deployment.access.stamp()
    local.path.unlink()
    assert await deployment.access.stamp() != stamp
    assert before is not None
    assert await deployment.find(before) is None
    assert local.ensure() not in {before, None}


@pytest.mark.skipif(os.name != "posix", reason="other systems have no modes")
async def test_local_key_that_others_may_read_does_not_count(deployment: AccessFixture) -> None:
    """As ssh refuses a private key; a link to another file is none either."""
    local = LocalKey(deployment.settings)
    token = local.ensure()
    assert token is not None
    local.path.chmod(0o640)
    assert local.read() is None
    assert await deployment.find(token) is None
    local.path.rename(local.path.with_name("elsewhere"))
    local.path.with_name("elsewhere").chmod(0o600)
    local.path.symlink_to(local.path.with_name("elsewhere"))
    assert local.read() is None


async def test_an_empty_local_key_is_no_key(deployment: AccessFixture) -> None:
    """Neither an empty file nor a text of another form is one."""
    path = deployment.settings.data_dir / LOCAL_KEY_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    for text in ("", "\n", "mj_localkey_", "secret"):
        path.write_text(text)
        path.chmod(0o600)
        assert await deployment.find(text) is None


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({}, None),
        ({"auth": "key"}, "AUTH=key"),
        ({"public_url": "https://jobs.example.com"}, "PUBLIC_URL"),
        ({"public_url": "http://127.0.0.1:3000"}, None),
        ({"public_url": "http://127.0.0.1.example.com"}, "PUBLIC_URL"),
        ({"allowed_hosts": ["jobs.example.com"]}, "ALLOWED_HOSTS"),
        ({"trusted_proxies": ["10.0.0.1/32"]}, "TRUSTED_PROXIES"),
    ],
)
def test_settings_for_others_end_keyless_connections(
    settings: Settings, changes: dict[str, object], named: str | None
) -> None:
    """Whoever is served by a name or a proxy may come over a connection of our own user."""
    reason = why_no_connection_counts(settings.model_copy(update=changes))
    assert (reason is None) if named is None else (named in (reason or ""))


@pytest.mark.parametrize("name", ["MULTI_JOB_CONTAINER", "KUBERNETES_SERVICE_HOST"])
def test_container_is_recognised(settings: Settings, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """By the variable of our image, or of the cluster; `0` takes it back."""
    before = in_container()
    monkeypatch.setenv(name, "1")
    assert in_container()
    assert "container" in (why_no_connection_counts(settings) or "")
    if name == "MULTI_JOB_CONTAINER":
        monkeypatch.setenv(name, "0")
        assert in_container() == before

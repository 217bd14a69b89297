"""`multi-job keys` and `sessions`, and doctor checks of keys."""

from __future__ import annotations

import asyncio
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli.direct import Deployment
from app.cli.doctor.findings import FindingLevel
from app.cli.doctor.keys import diagnose_keys
from app.cli.main import app
from app.cli.output import CliError
from app.core.access.api_keys import Role
from app.core.access.records import packed
from app.core.config import Settings
from app.core.redis_client import RedisLink, open_link
from app.core.secret_keys import new_key
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.core.storage.shards import Shard, ShardSet
from tests.support.api.access_fixture import AccessFixture, access_fixture
from tests.support.api.strangers import NOBODY
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.fake_clock import FakeClock
from tests.support.redis_server import fresh_settings, remove_all

DAY_MS = 86_400_000


class Terminal:
    """The command line on one deployment."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def run(self, *words: str) -> Any:
        """Return what a command prints for programs."""
        return json.loads(self.say(*words, "--json").stdout)

    def say(self, *words: str) -> Result:
        """Return the result of a command that succeeds."""
        result = CliRunner().invoke(app, list(words))
        if isinstance(result.exception, Exception):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result

    def make_session(self, key_id: str) -> str:
        """Sign in as a browser does; return the session's id."""

        async def made(deployment: AccessFixture) -> str:
            session, _ = await deployment.sessions.create(key_id, "10.0.0.7", "Firefox", fixed=False)
            return session.session_id

        return self.do(made)

    def do(self, work: Any) -> Any:
        async def connected() -> Any:
            link = await open_link(self.settings)
            try:
                return await work(access_fixture(self.settings, link, Keys(self.settings.namespace), _now()))
            finally:
                await link.close()

        return asyncio.run(connected())


async def _remove_all(deployment: AccessFixture) -> None:
    await remove_all(deployment.link, deployment.keys)


def _now() -> FakeClock:
    return FakeClock(datetime.now(UTC))


@pytest.fixture
def terminal(
    redis_server: EmbeddedRedis, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    settings = fresh_settings(redis_server.url, tmp_path, secret_key=(secret_key := new_key()))
    for name in ("API_KEYS", "MULTI_JOB_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("REDIS_URL", settings.redis_url)
    monkeypatch.setenv("NAMESPACE", settings.namespace)
    monkeypatch.setenv("MULTI_JOB_HOME", os.fspath(tmp_path))
    monkeypatch.setenv("SECRET_KEY", secret_key)
    monkeypatch.chdir(tmp_path)
    terminal = Terminal(settings)
    yield terminal
    terminal.do(_remove_all)


def test_keys_are_made_listed_rotated_and_revoked(terminal: Terminal) -> None:
    """From the refused first operator to the last admin, whose going is said with the way back."""
    with pytest.raises(CliError, match="multi-job keys create NAME --role admin"):
        terminal.say("keys", "create", "ana", "--role", "operator")
    root = terminal.run("keys", "create", "root", "--role", "admin")
    assert root["key"].startswith("mj_")
    ana = terminal.run("keys", "create", "ana", "--role", "operator", "--expires", "90d")
    new = terminal.run("keys", "rotate", ana["id"], "--overlap", "0m")
    assert (new["name"], new["role"], new["key"] != ana["key"]) == ("ana", "operator", True)
    listed = {key["id"]: key for key in terminal.run("keys", "list")}
    assert [listed[each]["state"] for each in (root["id"], ana["id"], new["id"])] == [
        *("active", "expired", "active"),
    ]
    lifetime = datetime.fromisoformat(new["expires_at"]) - datetime.fromisoformat(new["created_at"])
    assert lifetime.days == 90
    assert "expired" in terminal.say("keys", "list").stdout
    for key in (ana, new):
        assert "Keys stay required" not in terminal.say("keys", "revoke", key["id"]).stdout
    last = terminal.say("keys", "revoke", root["id"]).stdout
    assert "Keys stay required" in last.replace("\n", " ")
    assert "multi-job keys reopen" in last.replace("\n", " ")


@pytest.mark.parametrize("length", ["90", "0d", "5y", "-1d", "99999d", ""])
def test_lengths_are_read_strictly(terminal: Terminal, length: str) -> None:
    """What is no length is refused before anything is made."""
    result = CliRunner().invoke(app, ["keys", "create", "root", "--role", "admin", f"--expires={length}"])
    assert result.exit_code == 2
    assert terminal.run("keys", "list") == []


def test_only_admin_key_may_expire_if_that_is_said(terminal: Terminal) -> None:
    """The refusal names the option."""
    with pytest.raises(CliError, match="--even-last"):
        terminal.say("keys", "create", "root", "--role", "admin", "--expires", "1d")
    terminal.say("keys", "create", "root", "--role", "admin", "--expires", "1d", "--even-last")


def test_reopening_is_deliberate(terminal: Terminal) -> None:
    """Refused while there is a key; afterwards a new process asks for none."""
    root = terminal.run("keys", "create", "root", "--role", "admin")
    with pytest.raises(CliError, match="1 keys"):
        terminal.say("keys", "reopen")
    terminal.say("keys", "revoke", root["id"])

    async def required(deployment: AccessFixture) -> bool:
        return (await deployment.keyring()).keys_required

    assert terminal.do(required)
    assert terminal.run("keys", "reopen") == {"was_required": True}
    assert not terminal.do(required)
    assert terminal.run("keys", "reopen") == {"was_required": False}


def test_sessions_are_listed_and_revoked(terminal: Terminal) -> None:
    """With the key's name, the address and the browser."""
    root = terminal.run("keys", "create", "root", "--role", "admin")
    session_id = terminal.make_session(root["id"])
    [listed] = terminal.run("sessions", "list")
    assert (listed["id"], listed["name"], listed["role"]) == (session_id, "root", "admin")
    assert (listed["address"], listed["device"]) == ("10.0.0.7", "Firefox")
    assert terminal.run("sessions", "revoke", session_id) == {"id": session_id, "status": "ended"}
    assert terminal.run("sessions", "list") == []
    with pytest.raises(CliError, match="does not exist"):
        terminal.say("sessions", "revoke", session_id)


@pytest.fixture
def deployment(settings: Settings, link: RedisLink, keys: Keys) -> AccessFixture:
    return access_fixture(settings, link, keys)


async def findings(deployment: AccessFixture, scripts: Scripts) -> dict[str, tuple[FindingLevel, str]]:
    clock: Any = deployment.clock
    at = Deployment(
        deployment.settings, clock, ShardSet([Shard(0, deployment.link, deployment.keys, scripts)])
    )
    return {each.check: (each.verdict, each.seen) for each in await diagnose_keys(at)}


async def test_doctor_says_since_when_keys_are_required(deployment: AccessFixture, scripts: Scripts) -> None:
    """None, then some, then records that are no keys, keys that end soon, and none left."""
    deployment.settings.data_dir.mkdir(parents=True, exist_ok=True)
    if os.geteuid() == 0:
        # Root's processes are many; the check names them, until the services are a user's.
        verdict, text = (await findings(deployment, scripts))["API keys"]
        assert (verdict, "root" in text) == (FindingLevel.WARN, True)
        os.chown(deployment.settings.data_dir, NOBODY, NOBODY)
    assert (await findings(deployment, scripts))["API keys"][0] is FindingLevel.OK
    root, _ = await deployment.made("root", Role.ADMIN)
    assert (await findings(deployment, scripts))["API keys"] == (
        *(FindingLevel.OK, "required since 2026-03-01 00:00 UTC, 1 keys"),
    )
    await deployment.made("soon", Role.VIEWER, expires_in_ms=6 * DAY_MS)
    await deployment.made("later", Role.VIEWER, expires_in_ms=8 * DAY_MS)
    await deployment.link.call("HSET", deployment.keys.api_keys, "handmade", "{}")
    found = await findings(deployment, scripts)
    assert found["keys that expire"][0] is FindingLevel.WARN
    assert "soon" in found["keys that expire"][1]
    assert "later" not in found["keys that expire"][1]
    assert found["API key records"][0] is FindingLevel.WARN
    assert "handmade" in found["API key records"][1]
    await deployment.api_keys.revoke(root.key_id, even_last=True)
    assert (await findings(deployment, scripts))["API keys"][0] is FindingLevel.WARN
    await deployment.link.call("DEL", deployment.keys.api_keys)
    verdict, text = (await findings(deployment, scripts))["API keys"]
    assert verdict is FindingLevel.FAILED
    assert "0 keys" in text


async def test_doctor_names_keys_whose_names_earlier_versions_allowed(
    deployment: AccessFixture, scripts: Scripts
) -> None:
    """Two principals with one name, and a name of the platform; the successor of a key is neither."""
    root, _ = await deployment.made("root", Role.ADMIN)
    await deployment.api_keys.rotate(root.key_id, "ana", DAY_MS)
    assert "names of keys" not in await findings(deployment, scripts)
    seal = deployment.api_keys.store.seal
    for name, seen in (("ROOT", "root"), ("Local", "local")):
        other, _ = await deployment.made("other", Role.VIEWER)
        text = packed(replace(other, name=name), seal)
        await deployment.link.call("HSET", deployment.keys.api_keys, other.key_id, text)
        verdict, text = (await findings(deployment, scripts))["names of keys"]
        assert verdict is FindingLevel.WARN
        assert seen in text.lower()
        await deployment.api_keys.revoke(other.key_id)

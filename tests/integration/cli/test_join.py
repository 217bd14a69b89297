"""`multi-job join`: a second machine of a deployment, and each reason for which it is refused."""

from __future__ import annotations

import asyncio
import shlex
import stat
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from app.cli import join as join_steps
from app.cli.commands import platform as join_command
from app.cli.main import app
from app.cli.output import UnreachableError
from app.core.activity.heartbeat import Heartbeat, Heartbeats
from app.core.activity.shared_settings import differing_settings
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.process import check_shards
from app.core.redis_client import RedisLink, open_link, open_shards
from app.core.secret_key.check import check_secret_key
from app.core.secret_keys import fingerprint, new_key
from app.core.storage.keys import Keys
from app.core.storage.migrations import ensure_schema
from app.core.storage.scripts import Scripts
from app.local.settings import load_settings, parse_env_file
from tests.support.documents.documents import Document
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.redis_server import fresh_settings
from tests.support.shards import drop_deployment, sharded_settings

KEY = new_key()


@pytest.fixture
def settings(redis_url: str, tmp_path: Path) -> Settings:
    """Return the settings of the first machine, which differ from the defaults."""
    changed: dict[str, Any] = {"timezone": "Asia/Makassar", "lease_sec": 20.0, "retention_days": 3.0}
    return fresh_settings(redis_url, tmp_path / "first", secret_key=KEY, **changed)


@pytest.fixture
async def deployment(settings: Settings, link: RedisLink, scripts: Scripts) -> Settings:
    """Have the first machine start: schema, key and a heartbeat."""
    await ensure_schema(link, scripts)
    await check_secret_key(link, scripts, settings)
    await beat(settings, scripts, "worker-first-1")
    return settings


async def beat(settings: Settings, scripts: Scripts, instance: str) -> None:
    parts = (scripts, SystemClock(), settings)
    await Heartbeat(*parts, service="worker", instance=instance, state=dict[str, Any]).beat()


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of the second machine; the command reads and writes there."""
    folder = tmp_path / "second"
    folder.mkdir()
    monkeypatch.setattr(join_command, "load_settings", partial(load_settings, root=folder))
    for name in ("SECRET_KEY", "REDIS_PASSWORD", "MULTI_JOB_HOME"):
        monkeypatch.delenv(name, raising=False)
    return folder


Join = Callable[..., Result]


@pytest.fixture
def joined(machine: Path, settings: Settings, tmp_path: Path) -> Join:
    def call(
        *words: str, key: str = KEY, url: str = settings.redis_url, namespace: str = settings.namespace
    ) -> Result:
        file = tmp_path / "given.key"
        file.write_text(f"{key}\n")
        options = ["--namespace", namespace, *(["--secret-key-file", str(file)] if key else [])]
        return CliRunner().invoke(app, [*words, "join", url, *options], env={"COLUMNS": "250"})

    return call


def said(result: Result) -> str:
    """Return what a person reads: the output, or the error's text."""
    return f"{result.output}{result.exception or ''}"


def is_untouched(folder: Path) -> bool:
    return list(folder.iterdir()) == []


async def first_machine(server: EmbeddedRedis, folder: Path) -> Settings:
    """Start a deployment on a server, and return its settings."""
    first = fresh_settings(server.url, folder / "first", secret_key=KEY)
    link = await open_link(first)
    scripts = Scripts(link, Keys(first.namespace))
    await ensure_schema(link, scripts)
    await check_secret_key(link, scripts, first)
    await link.close()
    return first


async def typed(join: Join, *words: str, **given: str) -> Result:
    return await asyncio.to_thread(join, *words, **given)


async def test_a_machine_that_joins_has_the_settings_of_the_others(
    deployment: Settings, machine: Path, joined: Join
) -> None:
    """`.env` and the key's file are private; the next steps are printed; other lines of `.env` stay."""
    (machine / ".env").write_text("# mine\nAPI_PORT=8001\nNAMESPACE=old\n")
    result = await typed(joined)
    assert result.exit_code == 0, said(result)
    stored = parse_env_file((machine / ".env").read_text())
    assert stored == {
        "API_PORT": "8001",
        "NAMESPACE": deployment.namespace,
        "REDIS_URL": deployment.redis_url,
        "TIMEZONE": "Asia/Makassar",
        "LEASE_SEC": "20",
        "RETENTION_DAYS": "3",
    }
    assert (machine / ".env").read_text().startswith("# mine\n")
    key_file = machine / "runtime-data" / "secret.key"
    assert key_file.read_text() == KEY
    assert {stat.S_IMODE(each.stat().st_mode) for each in (key_file, machine / ".env")} == {0o600}
    for part in (
        fingerprint(KEY.encode()),
        "multi-job up",
        f"{shlex.quote(sys.executable)} -m app.local run worker",
    ):
        assert part in said(result)
    assert KEY not in said(result)


async def test_joining_again_changes_nothing(deployment: Settings, machine: Path, joined: Join) -> None:
    """Also without the key, which the machine has by now."""
    await typed(joined)
    before = (machine / ".env").read_text()
    again = await typed(joined, key="")
    assert (again.exit_code, (machine / ".env").read_text()) == (0, before)
    assert "nothing was changed" in said(again)
    assert "tidak ada yang diubah" in (await typed(joined, "--lang", "id", key="")).output


async def test_a_password_is_stored_apart_from_the_address(
    machine: Path, tmp_path: Path, joined: Join
) -> None:
    """From the URL, a file or the environment; without it the refusal says that there is a login."""
    with EmbeddedRedis(data_dir=tmp_path / "redis", password="pass word#1") as server:
        first = await first_machine(server, tmp_path)
        bare = f"redis://127.0.0.1:{server.port}/0"
        refused = await typed(joined, url=bare, namespace=first.namespace)
        assert refused.exit_code != 0
        assert not (machine / ".env").exists()
        result = await typed(joined, url=server.url, namespace=first.namespace)
        assert result.exit_code == 0, said(result)
        stored = parse_env_file((machine / ".env").read_text())
        assert (stored["REDIS_URL"], stored["REDIS_PASSWORD"]) == (bare, "pass word#1")
        again = await typed(joined, url=bare, namespace=first.namespace)
        assert "nothing was changed" in said(again)


async def test_another_secret_key_is_refused(deployment: Settings, machine: Path, joined: Join) -> None:
    """The error has both fingerprints and never a key."""
    other = new_key()
    result = await typed(joined, key=other)
    assert result.exit_code == 1
    for known in (KEY, other):
        assert fingerprint(known.encode()) in said(result)
        assert known not in said(result)
    assert is_untouched(machine)


async def test_without_a_key_the_command_asks_or_says_how(deployment: Settings, joined: Join) -> None:
    """Without a terminal it names the option."""
    result = await typed(joined, key="")
    assert result.exit_code == 1
    assert "--secret-key-file" in said(result)


async def test_the_key_of_another_deployment_is_kept(
    deployment: Settings, machine: Path, joined: Join
) -> None:
    """A machine that had a deployment of its own loses no key."""
    own = new_key()
    (machine / "runtime-data").mkdir()
    (machine / "runtime-data" / "secret.key").write_text(own)
    result = await typed(joined)
    assert result.exit_code == 1
    assert fingerprint(own.encode()) in said(result)
    assert (machine / "runtime-data" / "secret.key").read_text() == own


async def test_a_namespace_without_a_deployment_is_refused(
    deployment: Settings, machine: Path, joined: Join
) -> None:
    """The error names the option."""
    result = await typed(joined, namespace="elsewhere")
    assert result.exit_code == 1
    assert "--namespace" in said(result)


async def test_newer_data_and_a_wrong_clock_are_refused(
    deployment: Settings, machine: Path, joined: Join, scripts: Scripts, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is written in either case."""

    class Late(SystemClock):
        def now_ms(self) -> int:
            return super().now_ms() - 3_600_000

    with monkeypatch.context() as patch:
        patch.setattr(join_steps, "SystemClock", Late)
        late = await typed(joined)
    assert late.exit_code == 1
    assert "3600" in said(late)
    newer = {"version": 99, "readable_from": 99, "made_by": "9.9.9"}
    await scripts.run("deployment/set_schema", seen="1", **newer)
    result = await typed(joined)
    assert result.exit_code == 1
    assert "9.9.9" in said(result)
    assert is_untouched(machine)


@pytest.mark.parametrize("url", ["http://x", "redis:", "10.0.0.5"])
async def test_what_is_no_address_of_redis_is_refused(joined: Join, url: str) -> None:
    """With an example."""
    result = await typed(joined, url=url)
    assert result.exit_code == 1
    assert "redis://10.0.0.5:6379/0" in said(result)


async def test_a_redis_that_is_away_is_named(joined: Join, monkeypatch: pytest.MonkeyPatch) -> None:
    """With its address, as every command does."""
    monkeypatch.setenv("REQUEST_PATIENCE_SEC", "0.5")
    result = await typed(joined, url="redis://127.0.0.1:1/0")
    assert isinstance(result.exception, UnreachableError)
    assert "127.0.0.1:1" in said(result)


async def test_settings_that_differ_between_machines_are_found(
    deployment: Settings, scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """Only those that must be equal, each value with its hosts."""
    other = deployment.model_copy(update={"timezone": "Asia/Jakarta", "api_port": 9000})
    await beat(other, scripts, "worker-second-1")
    living = await Heartbeats(link, keys, deployment).instances()
    assert {name: set(values) for name, values in differing_settings(living).items()} == {
        "TIMEZONE": {"Asia/Makassar", "Asia/Jakarta"}
    }


@pytest.mark.parametrize("page", ["docs/several-machines.md", "docs/id/beberapa-mesin.md"])
async def test_the_command_of_the_guides_joins_a_machine(
    page: str, machine: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is written, with the address and the namespace of this test."""
    (words,) = [
        command
        for block in Document(page).blocks()
        for command in block.commands()
        if command[:2] == ("multi-job", "join")
    ]
    monkeypatch.chdir(tmp_path)
    with EmbeddedRedis(data_dir=tmp_path / "redis", password="of-redis") as server:
        first = await first_machine(server, tmp_path)
        (tmp_path / "secret.key").write_text(f"{KEY}\n")
        (tmp_path / "redis.password").write_text("of-redis\n")
        (machine / ".env").write_text(f"NAMESPACE={first.namespace}\n")
        bare = f"redis://127.0.0.1:{server.port}/0"
        here = [bare if word.startswith("redis://") else word for word in words[1:]]
        result = await asyncio.to_thread(CliRunner().invoke, app, here)
    assert result.exit_code == 0, said(result)
    assert (machine / "runtime-data" / "secret.key").read_text() == KEY


async def test_a_machine_that_joins_has_the_number_of_shards(
    redis_url: str, tmp_path: Path, machine: Path, joined: Join
) -> None:
    """It is stored with the data; servers of their own are named in SHARD_URLS of this machine."""
    for number, apart in enumerate((False, True)):
        first = sharded_settings(redis_url, tmp_path / str(number), 2, apart=apart, secret_key=KEY)
        shards = await open_shards(first)
        await check_shards(shards, first)
        await beat(first, shards.home.scripts, "worker-first-1")
        await shards.close()
        place = {"url": first.redis_url, "namespace": first.namespace}
        if apart:
            refused = await typed(joined, **place)
            assert "Name the servers in SHARD_URLS" in said(refused)
            (machine / ".env").write_text(f"SHARD_URLS={','.join(first.shard_urls)}\n")
        result = await typed(joined, **place)
        assert result.exit_code == 0, said(result)
        assert parse_env_file((machine / ".env").read_text())["SHARDS"] == "2"
        await drop_deployment(first)

"""`multi-job reshard` as a person types it: what it says, in both languages, and what it refuses."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from collections.abc import AsyncIterator, Generator
from contextlib import contextmanager
from pathlib import Path
from subprocess import PIPE, STDOUT, Popen, run
from typing import Any, cast

import pytest
from redis import Redis
from typer.testing import CliRunner, Result

from app.cli.main import app
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import ConfigurationError
from app.core.process import check_shards
from app.core.queue import Queue
from app.core.redis_client import open_shards
from app.core.storage.keys import Keys
from app.core.storage.resharding.records import CLAIM
from app.local.redis_choice import prepare_password
from app.local.redis_probe import ProbeState, probe
from app.local.settings import load_settings as load_local
from multi_job.testing.redis import EmbeddedRedis, free_port
from tests.support.queue.queue_driver import QueueDriver
from tests.support.shards import database_urls, drop_deployment, sharded_settings


@pytest.fixture
async def settings(
    redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Settings]:
    settings = sharded_settings(redis_url, tmp_path, 1)
    values = {
        "REDIS_URL": settings.redis_url,
        "NAMESPACE": settings.namespace,
        "MULTI_JOB_HOME": str(tmp_path),
    }
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    shards = await open_shards(settings)
    await check_shards(shards, settings)
    home = shards.home
    driver = QueueDriver(Queue(home.link, home.scripts, home.keys, SystemClock(), settings))
    await driver.enqueue_some(12)
    await shards.close()
    yield settings
    await drop_deployment(settings, *database_urls(redis_url, 2))


def typed(*words: str) -> Result:
    return CliRunner().invoke(app, ["reshard", *words])


async def runs_of(settings: Settings, **changes: Any) -> int:
    """Return how many runs a process with these settings finds; ConfigurationError if it may not start."""
    own = settings.model_copy(update=changes)
    shards = await open_shards(own)
    try:
        await check_shards(shards, own)
        return sum([await each.link.call("ZCARD", each.keys.runs) for each in shards])
    finally:
        await shards.close()


def test_data_is_divided_moved_and_taken_back(settings: Settings, redis_url: str, monkeypatch: Any) -> None:
    """Each step prints the settings that come next; the second division moves to other servers."""
    done = typed("--to", "2")
    assert done.exit_code == 0, done.output
    assert "into 2 shards (1 before)" in done.output
    assert "SHARDS=2" in done.output
    assert "multi-job reshard --back" in done.output
    refused = typed("--to", "2")
    assert (refused.exit_code, "the data in Redis has 2" in str(refused.exception)) == (1, True)
    monkeypatch.setenv("SHARDS", "2")
    urls = database_urls(redis_url, 2)
    moved = typed("--to", "2", "--urls", ",".join(urls), "--json")
    assert moved.exit_code == 0, moved.output
    assert json.loads(moved.stdout)["counts"]["runs"] == 12
    monkeypatch.setenv("SHARD_URLS", " ".join(urls))
    monkeypatch.setenv("REDIS_URL", urls[0])
    for act in ("--remove-old", "--back"):
        lacks = typed(act, "--yes")
        assert (lacks.exit_code, f"{act} --urls" in str(lacks.exception)) == (1, True), lacks.output
    back = typed("--back", "--urls", settings.redis_url, "--yes")
    assert back.exit_code == 0, back.output
    assert asyncio.run(runs_of(settings, shards=2)) == 12


def test_what_is_removed_after_a_move_is_the_former_data(
    settings: Settings, redis_url: str, monkeypatch: Any
) -> None:
    """A move keeps the number of shards, so the former ones have the names of those that count."""
    assert typed("--to", "2").exit_code == 0
    monkeypatch.setenv("SHARDS", "2")
    urls = database_urls(redis_url, 2)
    assert typed("--to", "2", "--urls", ",".join(urls)).exit_code == 0
    monkeypatch.setenv("SHARD_URLS", " ".join(urls))
    monkeypatch.setenv("REDIS_URL", urls[0])
    removed = typed("--remove-old", "--urls", settings.redis_url, "--yes", "--json")
    assert removed.exit_code == 0, removed.output
    assert json.loads(removed.stdout)["removed"] > 12
    moved = {"shards": 2, "shard_urls": urls, "redis_url": urls[0]}
    assert asyncio.run(runs_of(settings, **moved)) == 12
    with pytest.raises(ConfigurationError, match="was moved to another Redis"):
        asyncio.run(runs_of(settings, shards=2))


def test_data_of_one_shard_is_moved_and_moved_back(
    settings: Settings, redis_url: str, monkeypatch: Any
) -> None:
    """A process that has the address of the former server does not start with the former data."""
    (other,) = database_urls(redis_url, 1)
    done = typed("--to", "1", "--urls", other)
    assert done.exit_code == 0, done.output
    assert f"REDIS_URL={other}" in done.output
    with pytest.raises(ConfigurationError, match="was moved to another Redis"):
        asyncio.run(runs_of(settings))
    assert asyncio.run(runs_of(settings, redis_url=other)) == 12
    monkeypatch.setenv("REDIS_URL", other)
    assert typed("--back", "--urls", settings.redis_url, "--yes").exit_code == 0
    assert asyncio.run(runs_of(settings)) == 12
    with pytest.raises(ConfigurationError, match="was moved to another Redis"):
        asyncio.run(runs_of(settings, redis_url=other))


HELD_COPY = """
import asyncio
from app.core.storage.resharding import records
from app.core.storage.resharding.copying import Division
records._RENEW_SEC = 0.05
async def held(_division):
    print("copying", flush=True)
    await asyncio.Event().wait()
Division.copy = held
from app.cli.main import main
main()
"""


@contextmanager
def held_reshard() -> Generator[Popen[str]]:
    """Run `multi-job reshard --to 2` as a process that holds its claim and never ends its copy."""
    command = [sys.executable, "-c", HELD_COPY, "reshard", "--to", "2"]
    with Popen(command, stdout=PIPE, stderr=STDOUT, text=True) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "copying\n"
            yield process
        finally:
            process.kill()


def pass_lifetime(settings: Settings) -> None:
    """Let the claim of a process that does not renew it expire."""
    with cast("Any", Redis).from_url(settings.redis_url) as redis:
        # The server has carried out what the process sent before it stopped.
        assert redis.ping()
        assert redis.ping()
        assert redis.delete(Keys(settings.namespace).chore(CLAIM)) == 1


def stop(process: Popen[str]) -> None:
    """Let a process stand still."""
    process.send_signal(signal.SIGSTOP)
    _, status = os.waitpid(process.pid, os.WUNTRACED)
    assert os.WIFSTOPPED(status)


def test_only_one_process_divides_and_a_killed_one_is_done_again(settings: Settings) -> None:
    """Any act in a second process is refused; once the first is gone, the same command works."""
    with held_reshard() as first:
        command = [sys.executable, "-m", "app.cli", "reshard", "--to", "2"]
        second = run(command, stdout=PIPE, stderr=STDOUT, text=True, timeout=60, check=False)
        assert second.returncode == 1
        refused = [typed("--cancel"), typed("--replace-lost", "1", "--yes")]
        assert [each.exit_code for each in refused] == [1, 1]
        for said in (" ".join(second.stdout.split()), *(str(each.exception) for each in refused)):
            assert "Another multi-job reshard changes this data" in said
            assert f":{first.pid})" in said
            assert "run this command again in" in said
    pass_lifetime(settings)
    done = typed("--to", "2")
    assert (done.exit_code, "into 2 shards (1 before)" in done.output) == (0, True), done.output
    assert asyncio.run(runs_of(settings, shards=2)) == 12


def test_a_process_that_stood_still_changes_nothing_afterwards(settings: Settings) -> None:
    """Another one has done its work meanwhile: it ends with the reason, and what counts stays."""
    with held_reshard() as first:
        stop(first)
        pass_lifetime(settings)
        assert typed("--to", "2").exit_code == 0
        first.send_signal(signal.SIGCONT)
        said, _ = first.communicate(timeout=60)
        assert first.returncode == 1
        assert "stood still" in " ".join(said.split())
    assert asyncio.run(runs_of(settings, shards=2)) == 12


def test_the_command_speaks_indonesian(settings: Settings) -> None:
    """The language of the option is that of every text."""
    done = CliRunner().invoke(app, ["--lang", "id", "reshard", "--to", "3"])
    assert done.exit_code == 0, done.output
    assert "Data dibagi menjadi 3 shard (sebelumnya 1)" in done.output


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        ((), "Give one of --to"),
        (("--to", "2", "--back"), "Give one of --to"),
        (("--to", "2", "--urls", "redis://a redis://b redis://c"), "names 3 servers for 2 shards"),
        (("--back", "--yes"), "no data of an earlier division"),
        (("--replace-lost", "1", "--yes"), "no shard 1 that could be replaced"),
        (("--to", "1"), "has 1 shards already"),
    ],
)
def test_what_makes_no_sense_is_refused(settings: Settings, words: tuple[str, ...], reason: str) -> None:
    """Nothing changes, and the exit code says so."""
    refused = typed(*words)
    assert refused.exit_code == 1
    assert reason in str(refused.exception)


def test_the_included_redis_runs_for_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It stops with the services, and its data is divided then; afterwards it is stopped again."""
    port = free_port()
    for name, value in {"REDIS_PORT": str(port), "MULTI_JOB_HOME": str(tmp_path), "REDIS_URL": ""}.items():
        monkeypatch.setenv(name, value)
    local = load_local(os.environ)
    local.redis_dir.mkdir(parents=True)
    prepare_password(local)
    with EmbeddedRedis(local.redis_dir, port=port, password=local.stored_redis_password) as server:
        asyncio.run(runs_of(Settings(redis_url=server.url, multi_job_home=tmp_path)))
    done = typed("--to", "2")
    assert done.exit_code == 0, done.output
    assert "into 2 shards (1 before)" in done.output
    assert probe(local.embedded_address).state is ProbeState.SILENT
    monkeypatch.setenv("SHARDS", "2")
    assert typed("--back", "--yes").exit_code == 0

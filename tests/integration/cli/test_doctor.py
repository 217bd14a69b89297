"""The doctor on Redis: each fault is produced, found and has a repair."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, cast

import pytest

from app import __version__
from app.cli.commands.doctor import diagnose_redis
from app.cli.direct import Deployment
from app.cli.doctor import work as doctor_work
from app.cli.doctor.diagnose import diagnose_deployment
from app.cli.doctor.findings import Finding, FindingLevel
from app.cli.doctor.redis import diagnose_own_data
from app.cli.doctor.work import diagnose_queue
from app.core.activity.heartbeat import Heartbeat
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.connectors.base import AccountHealth
from app.core.memory.usage import KINDS, MEGABYTE, MemoryUsage, usage_fields
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.checks import AccountChecks
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.models import AttemptOutcome, JobSpec
from app.core.queue.pauses import Pauses
from app.core.records import Scope, ScopeKind
from app.core.redis_client import RedisLink, open_link
from app.core.secrets.sealing import SecretBox, open_box
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.migrations import ensure_schema, own_schema
from app.core.storage.scripts import Scripts
from app.core.storage.shards import Shard, ShardSet
from tests.support.channels.outbox_driver import settled
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.fake_clock import FakeClock
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings
from tests.support.waiting import wait_until_async

# The freed pieces of 60,000 values of one size fill a cache that has no bound in bytes.
WRITE_AND_DELETE = """
for number = 1, 60000 do redis.call('SET', KEYS[1] .. number, string.rep('x', 900)) end
for number = 1, 60000 do redis.call('DEL', KEYS[1] .. number) end
"""
TOKEN = "123456789:AAF-token-of-the-doctor-0123456789"


def with_link(at: Deployment, link: Any) -> Deployment:
    return replace(at, shards=ShardSet([replace(at.shards.home, link=link)]))


@pytest.fixture
def at(settings: Settings, link: RedisLink, keys: Keys, scripts: Scripts) -> Deployment:
    return Deployment(settings, SystemClock(), ShardSet([Shard(0, link, keys, scripts)]))


async def seen(deployment: Deployment, check: str) -> Finding:
    """Return the one finding of a check."""
    (found,) = [finding for finding in await diagnose_deployment(deployment) if finding.check == check]
    return found


async def alive(deployment: Deployment, service: str, **state: Any) -> None:
    beat = Heartbeat(
        *(deployment.scripts, deployment.clock, deployment.settings),
        service=service,
        instance=f"{service}-h-1-a",
        state=lambda: state,
    )
    await beat.beat()


async def test_a_healthy_deployment_has_nothing_wrong(at: Deployment) -> None:
    """All services alive, nothing waits, nothing fails: no warning but of what the server lacks."""
    for service in ("api", "scheduler", "worker", "connector"):
        await alive(at, service)
    await store_usage(at, history_mb=1)
    await at.scripts.run(
        "deployment/set_schema", seen="", version=own_schema(), readable_from=0, made_by=__version__
    )
    found = await diagnose_deployment(at)
    # The server of all these tests keeps no file, and may hold the memory that others have freed.
    # Without a key, a deployment of root serves every process of root.
    allowed = {"append-only file", "memory", *(["API keys"] if os.geteuid() == 0 else [])}
    assert [each for each in found if each.verdict is not FindingLevel.OK and each.check not in allowed] == []


async def store_usage(deployment: Deployment, history_mb: int, *, age_ms: int = 0) -> None:
    """Let a scheduler have measured so much history."""
    kinds = {**dict.fromkeys(KINDS, 0), "history": history_mb * MEGABYTE}
    usage = MemoryUsage(deployment.clock.now_ms() - age_ms, kinds, kinds["history"], kinds["history"], 10)
    await deployment.scripts.run("deployment/store_memory", *usage_fields(usage))


async def test_own_data_are_shown_by_kind(at: Deployment) -> None:
    """Close to RETENTION_MAX_MB, or not measured: a warning with the remedy."""
    seen: list[tuple[FindingLevel, str, str]] = []
    for history_mb, age_ms in ((1, 0), (500, 0), (1, 300_000)):
        await store_usage(at, history_mb, age_ms=age_ms)
        (finding,) = await diagnose_own_data(at)
        seen.append((finding.verdict, finding.seen, finding.remedy))
    assert (seen[0][0], seen[0][1][:29]) == (FindingLevel.OK, "1.0 MB: history 1.0, jobs 0.0")
    assert seen[1][0] is FindingLevel.WARN
    assert "history is removed early at 512 MB: raise RETENTION_MAX_MB" in seen[1][2]
    assert seen[2][0] is FindingLevel.WARN
    assert "start a scheduler" in seen[2][2]


@pytest.mark.parametrize("gone", ["api", "scheduler", "worker", "connector"])
async def test_a_silent_service_is_missing(at: Deployment, gone: str) -> None:
    """The remedy starts it."""
    for service in {"api", "scheduler", "worker", "connector"} - {gone}:
        await alive(at, service)
    found = await seen(at, gone)
    assert (found.verdict, "multi-job restart" in found.remedy) == (FindingLevel.FAILED, True)
    assert [(each.action, each.target) for each in found.actions] == [("start_service", gone)]


async def test_a_clock_that_is_off_is_seen(at: Deployment) -> None:
    """More than two seconds from that of Redis."""
    wrong = cast("SystemClock", FakeClock(datetime(2020, 1, 1, tzinfo=UTC)))
    found = await seen(replace(at, clock=wrong), "clock")
    assert (found.verdict, "timedatectl" in found.remedy) == (FindingLevel.WARN, True)


class _ClockAhead(SystemClock):
    ahead_ms = 0

    def now_ms(self) -> int:
        return super().now_ms() + self.ahead_ms


async def test_an_answer_that_took_long_is_no_wrong_clock(
    at: Deployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The memory of all shards waits for one that is away; the clock is that of the first one's answer."""
    clock, calls = _ClockAhead(), RedisLink.calls

    async def slow(link: RedisLink, commands: list[Any]) -> list[Any]:
        clock.ahead_ms += 60_000 if ("INFO", "memory") in commands else 0
        return await calls(link, commands)

    async def is_well() -> bool:
        clock.ahead_ms = 0
        return (await seen(replace(at, clock=clock), "clock")).verdict is FindingLevel.OK

    monkeypatch.setattr(RedisLink, "calls", slow)
    await wait_until_async(is_well)


async def test_runs_that_no_worker_can_take_name_the_worker_to_start(
    at: Deployment, driver: QueueDriver
) -> None:
    """A queue that none serves and a type that none has; neither is a queue that idle workers leave alone."""
    await alive(at, "worker", concurrency=2, running=[], types=["test.noop"], queues=["default"])
    await driver.enqueue(lane="gpu:low")
    await driver.enqueue(type="test.new")
    await driver.claim(types=" test.noop ")
    found = [each for each in await diagnose_queue(at) if each.check == "queue"]
    assert [each.verdict for each in found] == [FindingLevel.OK, FindingLevel.WARN, FindingLevel.WARN]
    assert [each.remedy for each in found[1:]] == [
        "WORKER_QUEUES=default,gpu multi-job restart",
        "HANDLER_MODULES=MODULE multi-job restart",
    ]


async def test_a_queue_that_idle_workers_leave_alone_is_stuck(
    at: Deployment, driver: QueueDriver, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting runs alone are no fault; with an idle worker they are; with full ones, add workers."""
    await driver.enqueue()
    await alive(at, "worker", concurrency=2, running=[])
    assert (await seen(at, "queue")).verdict is FindingLevel.OK
    monkeypatch.setattr(doctor_work, "STUCK_MS", 0)
    assert (await seen(at, "queue")).verdict is FindingLevel.FAILED
    await alive(at, "worker", concurrency=2, running=["a", "b"])
    full = await seen(at, "queue")
    assert (full.verdict, "WORKER_CONCURRENCY" in full.remedy) == (FindingLevel.WARN, True)


@pytest.mark.parametrize(
    ("scope", "remedy"),
    [
        (Scope(ScopeKind.ALL), "multi-job resume"),
        (Scope(ScopeKind.TYPE, "test.noop"), "multi-job resume --type test.noop"),
        (Scope(ScopeKind.JOB, "a"), "multi-job resume --job a"),
    ],
)
async def test_a_pause_is_shown_with_the_command_that_ends_it(
    at: Deployment, jobs: JobStore, scope: Scope, remedy: str
) -> None:
    """The output includes the author and the reason of the pause."""
    await jobs.create(JobSpec(job_id="a", type="test.noop"), actor="t", origin="t")
    await Pauses(at.link, at.scripts, at.keys, at.clock).pause(scope, "ana", "moving")
    found = await seen(at, "pauses")
    assert (found.verdict, found.remedy) == (FindingLevel.WARN, remedy)
    assert [(each.action, each.target) for each in found.actions] == [("resume", scope.text)]
    assert "by ana" in found.seen
    assert found.seen.endswith(": moving")


async def test_failing_jobs_and_dead_letters_are_named(
    at: Deployment, jobs: JobStore, driver: QueueDriver
) -> None:
    """Two failures are none yet; the third in a row is, until a success."""
    await jobs.create(JobSpec(job_id="job-a", type="test.noop"), actor="t", origin="t")
    for _ in range(2):
        await driver.fail()
    assert (await seen(at, "jobs")).verdict is FindingLevel.OK
    await driver.fail()
    failing, letters = await seen(at, "jobs"), await seen(at, "dead letters")
    assert (failing.verdict, failing.remedy) == (
        FindingLevel.WARN,
        "multi-job runs --job job-a --status failed",
    )
    assert (letters.verdict, letters.seen.split()[0]) == (FindingLevel.WARN, "3")
    await driver.finish(await driver.start(), AttemptOutcome.SUCCESS)
    assert (await seen(at, "jobs")).verdict is FindingLevel.OK


async def test_jobs_without_a_recipient_are_named(at: Deployment, jobs: JobStore) -> None:
    """A report without a recipient needs DEFAULT_NOTIFY; one with its own does not, nor one that is off."""
    recipient = {"notify": {"channel": "sandbox", "to": "inbox"}}
    for job_id, inputs, enabled in (("own", recipient, True), ("off", {}, False)):
        spec = JobSpec(job_id=job_id, type="report.daily", inputs=inputs, enabled=enabled)
        await jobs.create(spec, actor="t", origin="t")
    assert (await seen(at, "DEFAULT_NOTIFY")).verdict is FindingLevel.OK
    await jobs.create(JobSpec(job_id="daily", type="report.daily"), actor="t", origin="t")
    found = await seen(at, "DEFAULT_NOTIFY")
    assert (found.verdict, "daily" in found.seen, "own" in found.seen) == (FindingLevel.WARN, True, False)


async def test_accounts_that_are_down_are_named(at: Deployment) -> None:
    """By what the last check saw, with its own remedy; an unknown DEFAULT_NOTIFY account as well."""
    store = AccountStore(at.link, at.scripts, at.keys, at.clock, open_box(at.settings))
    await store.put(AccountDraft("telegram", "bot", secrets={"token": TOKEN}), "t")
    assert (await seen(at, "accounts")).verdict is FindingLevel.OK
    answer = AccountHealth("down", None, None, "401 from Telegram", at.clock.now_ms())
    await AccountChecks(at.link, at.scripts, at.keys, at.clock).answer("telegram", "bot", [], answer)
    found = await seen(at, "accounts")
    assert (found.verdict, found.remedy) == (FindingLevel.WARN, "multi-job connect telegram bot")
    assert [(each.action, each.target) for each in found.actions] == [("set_up_account", "telegram:bot")]
    assert "telegram:bot down: 401 from Telegram" in found.seen
    elsewhere = at.settings.model_copy(update={"default_notify": "telegram:other:42"})
    all_of = await diagnose_deployment(replace(at, settings=elsewhere))
    assert "multi-job connect telegram other" in [each.remedy for each in all_of]


async def test_secrets_of_another_key_are_seen(at: Deployment) -> None:
    """Nothing opens what was sealed elsewhere; without any key at all, the look makes none."""
    other = AccountStore(at.link, at.scripts, at.keys, at.clock, SecretBox(b"another"))
    await other.put(AccountDraft("telegram", "bot", secrets={"token": TOKEN}), "t")
    assert "neither SECRET_KEY nor" in (await seen(at, "secrets")).seen
    assert not (at.settings.data_dir / "secret.key").exists()
    open_box(at.settings).seal("makes the file", "test")
    found = await seen(at, "secrets")
    assert (found.verdict, "multi-job connect telegram bot" in found.remedy) == (FindingLevel.FAILED, True)


async def test_messages_of_unknown_outcome_are_counted(at: Deployment) -> None:
    """They wait for a person."""
    await settled(Outbox(at.link, at.scripts, at.keys, at.clock), OutboxState.UNKNOWN)
    found = await seen(at, "messages")
    assert (found.verdict, "multi-job messages" in found.remedy) == (FindingLevel.WARN, True)


def test_a_redis_that_evicts_or_is_away_is_the_finding(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The one thing that is said then, with what mends it."""
    with EmbeddedRedis(data_dir=tmp_path, extra=("--maxmemory-policy", "allkeys-lru")) as server:
        (found,) = diagnose_redis(fresh_settings(server.url, tmp_path))
    assert (found.verdict, "maxmemory-policy noeviction" in found.remedy) == (FindingLevel.FAILED, True)
    monkeypatch.setenv("REQUEST_PATIENCE_SEC", "0.5")
    (away,) = diagnose_redis(fresh_settings(f"redis://127.0.0.1:{free_port()}/0", tmp_path))
    assert (away.verdict, "multi-job up" in away.remedy) == (FindingLevel.FAILED, True)


@pytest.mark.skipif(sys.platform != "linux", reason="sets the cache of glibc's allocator")
async def test_memory_that_an_allocator_keeps_is_seen(
    at: Deployment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After 60 MB were written and deleted the process still holds them; the warning has a remedy."""
    monkeypatch.setenv("GLIBC_TUNABLES", "glibc.malloc.tcache_count=60000")
    with EmbeddedRedis(data_dir=tmp_path / "redis") as server:
        link = await open_link(fresh_settings(server.url, tmp_path))
        assert (await seen(with_link(at, link), "memory")).verdict is FindingLevel.OK
        await link.call("EVAL", WRITE_AND_DELETE, 1, "{t}:k")
        wasteful = with_link(at, link)
        await wait_until_async(lambda: _warns_of_memory(wasteful), message="resident memory counted")
        found = await seen(wasteful, "memory")
        await link.close()
    assert "MB resident" in found.seen
    assert "libjemalloc2" in found.remedy


async def _warns_of_memory(deployment: Deployment) -> bool:
    return (await seen(deployment, "memory")).verdict is FindingLevel.WARN


async def test_processes_of_another_version_and_old_data_are_named(at: Deployment) -> None:
    """During an upgrade the doctor says which machine is left, and what migrates the data."""
    await alive(at, "worker")
    assert (await seen(at, "schema")).verdict is FindingLevel.WARN
    await ensure_schema(at.link, at.scripts)
    assert (await seen(at, "schema")).seen == "version 1, this release writes 1"
    (name,) = await at.link.call("ZRANGE", at.keys.instances, 0, -1)
    await at.link.call("HSET", at.keys.instance(name), "version", "0.0.9")
    found = await seen(at, "versions")
    assert found.verdict is FindingLevel.WARN
    assert "0.0.9" in found.seen

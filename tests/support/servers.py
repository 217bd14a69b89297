"""Servers in other shapes than the plain one: a cluster of one node, a replica, a sentinel."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Generator
from pathlib import Path

from app.embedded_redis import HOST, EmbeddedRedis, free_port, server_binary
from tests.support.waiting import wait_until


@contextlib.contextmanager
def cluster_of_one(folder: Path) -> Generator[str]:
    """Yield the URL of a cluster whose only node serves all slots."""
    # The default bus port is the port + 10,000, which need not exist.
    extra = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    with EmbeddedRedis(data_dir=folder, extra=extra) as server:
        _say(server.port, "CLUSTER ADDSLOTSRANGE 0 16383")
        wait_until(lambda: "cluster_state:ok" in _say(server.port, "CLUSTER INFO"), message="a cluster")
        yield f"redis+cluster://{HOST}:{server.port}"


@contextlib.contextmanager
def master_with_replica(folder: Path) -> Generator[str]:
    """Yield the URL of a master that one replica follows."""
    with EmbeddedRedis(data_dir=folder / "master", extra=("--repl-diskless-sync-delay", "0")) as master:
        follow = ("--replicaof", HOST, str(master.port))
        with EmbeddedRedis(data_dir=folder / "replica", extra=follow):
            wait_until(
                lambda: "state=online" in _say(master.port, "INFO replication"), 20, message="a replica"
            )
            yield master.url


@contextlib.contextmanager
def sentinel(folder: Path, master_port: int) -> Generator[str]:
    """Yield the URL of a service that one sentinel watches."""
    port = free_port()
    config = folder / "sentinel.conf"
    folder.mkdir(parents=True, exist_ok=True)
    config.write_text(
        f"bind {HOST}\nport {port}\ndir {folder}\nsentinel monitor jobs {HOST} {master_port} 1\n", "utf-8"
    )
    command = [str(server_binary()), str(config), "--sentinel"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: _listens(port), message="a sentinel")
            yield f"redis+sentinel://{HOST}:{port}/jobs"
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        return "PONG" in _say(port, "PING")
    except OSError:
        return False


def _say(port: int, command: str) -> str:
    with socket.create_connection((HOST, port), timeout=5) as connection:
        connection.sendall(f"{command}\r\n".encode())
        return connection.recv(65_536).decode()

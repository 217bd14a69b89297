"""Servers in other shapes than the plain one: a cluster of one node, a replica, a sentinel."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from collections.abc import Generator
from pathlib import Path

from app.local.redis_server import HOST, choose_binary
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.waiting import wait_until


@contextlib.contextmanager
def cluster_of_one(folder: Path) -> Generator[str]:
    """Yield the URL of a cluster whose only node serves all slots."""
    # The default bus port is the port + 10,000, which need not exist.
    extra = ("--cluster-enabled", "yes", "--cluster-port", str(free_port()))
    with EmbeddedRedis(data_dir=folder, extra=extra) as server:
        say(server.port, "CLUSTER ADDSLOTSRANGE 0 16383")
        wait_until(lambda: "cluster_state:ok" in say(server.port, "CLUSTER INFO"), message="a cluster")
        yield f"redis+cluster://{HOST}:{server.port}"


@contextlib.contextmanager
def master_with_replica(folder: Path) -> Generator[str]:
    """Yield the URL of a master that one replica follows."""
    with EmbeddedRedis(data_dir=folder / "master", extra=("--repl-diskless-sync-delay", "0")) as master:
        follow = ("--replicaof", HOST, str(master.port))
        with EmbeddedRedis(data_dir=folder / "replica", extra=follow) as replica:
            wait_until(lambda: follows(replica.port), 60, message="a replica")
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
    command = [str(choose_binary().path), str(config), "--sentinel"]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        try:
            wait_until(lambda: _listens(port), message="a sentinel")
            yield f"redis+sentinel://{HOST}:{port}/jobs"
        finally:
            process.terminate()


def _listens(port: int) -> bool:
    try:
        return "PONG" in say(port, "PING")
    except OSError:
        return False


def follows(port: int) -> bool:
    """Return whether a server is a replica that has loaded its master's data.

    The master calls it online a moment earlier, and refuses to fail over to it until then.
    """
    return "master_link_status:up" in say(port, "INFO replication")


def say(port: int, command: str) -> str:
    """Send a command as one line and return the start of its raw answer."""
    with socket.create_connection((HOST, port), timeout=5) as connection:
        connection.sendall(f"{command}\r\n".encode())
        return connection.recv(65_536).decode()

"""Servers for the measurement: single ones or the masters of a Cluster, each with a fixed part of a core."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import redis

from benchmarks.measure import cpu_seconds
from tests.support.embedded_redis import free_port
from tests.support.faults.processes import die_with_parent
from tests.support.waiting import wait_until

HOST = "127.0.0.1"
_GROUPS = Path("/sys/fs/cgroup/cpu")
_PERIOD_US = 10_000
_SLOTS = 16_384


@dataclass(frozen=True, slots=True)
class MeasuredServer:
    """One `redis-server`."""

    port: int
    pid: int

    def cpu_sec(self) -> float:
        """Return its CPU time so far."""
        return cpu_seconds(self.pid)

    def say(self, *command: str | int) -> Any:
        """Send one command on a connection of its own."""
        with contextlib.closing(redis.Redis(host=HOST, port=self.port, decode_responses=True)) as client:
            return cast("Any", client).execute_command(*command)


@contextlib.contextmanager
def servers(count: int, part: float, *, cluster: bool = False) -> Generator[list[MeasuredServer]]:
    """Yield servers, each with an append-only file that is synced every second and this part of a core."""
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="multi-job-shards-")))
        found = [_start(stack, folder / str(number), cluster=cluster) for number in range(count)]
        if cluster:
            _join(found)
        for server in found:
            _limit(stack, server.pid, part)
        yield found


def has_parts() -> bool:
    """Return whether this machine lets processes have a fixed part of a core (control groups, as root)."""
    return (_GROUPS / "cpu.cfs_quota_us").exists() and os.access(_GROUPS, os.W_OK)


def _start(stack: contextlib.ExitStack, folder: Path, *, cluster: bool) -> MeasuredServer:
    folder.mkdir()
    program, port = shutil.which("redis-server"), free_port()
    if program is None:
        raise SystemExit("redis-server is missing: apt-get install redis-server")
    options = f"bind {HOST}\nport {port}\ndir {folder}\nappendonly yes\nappendfsync everysec\nsave ''\n"
    options += "hash-max-listpack-value 1024\n"
    if cluster:
        options += f"cluster-enabled yes\ncluster-port {free_port()}\n"
    (folder / "node.conf").write_text(options, "utf-8")
    process = subprocess.Popen(
        [program, str(folder / "node.conf")],
        stdout=subprocess.DEVNULL,
        preexec_fn=die_with_parent,  # noqa: PLW1509 - one system call and no lock
    )
    stack.callback(process.wait)
    stack.callback(process.kill)
    server = MeasuredServer(port, process.pid)
    wait_until(lambda: _answers(server), 10, "the server answers")
    return server


def _answers(server: MeasuredServer) -> bool:
    try:
        return bool(server.say("PING"))
    except redis.RedisError:
        return False


def _join(found: list[MeasuredServer]) -> None:
    first = found[0]
    for number, server in enumerate(found):
        server.say("CLUSTER", "SET-CONFIG-EPOCH", number + 1)
        server.say("CLUSTER", "ADDSLOTSRANGE", *_slots_of(number, len(found)))
        bus = _bus(first)
        server.say("CLUSTER", "MEET", HOST, first.port, bus)
    wait_until(lambda: all(_is_ok(server) for server in found), 30, "the cluster is up")


def _slots_of(number: int, count: int) -> tuple[int, int]:
    return -(-number * _SLOTS // count), -(-(number + 1) * _SLOTS // count) - 1


def _bus(server: MeasuredServer) -> int:
    return int(server.say("CONFIG", "GET", "cluster-port")["cluster-port"])


def _is_ok(server: MeasuredServer) -> bool:
    # Some versions of the client have made a table of the text already.
    found = str(server.say("CLUSTER", "INFO"))
    return "cluster_state:ok" in found or "'cluster_state': 'ok'" in found


def _limit(stack: contextlib.ExitStack, pid: int, part: float) -> None:
    if part >= 1 or not has_parts():
        return
    group = _GROUPS / f"multi-job-{pid}"
    group.mkdir()
    (group / "cpu.cfs_period_us").write_text(str(_PERIOD_US))
    (group / "cpu.cfs_quota_us").write_text(str(round(part * _PERIOD_US)))
    (group / "cgroup.procs").write_text(str(pid))
    # Callbacks run in reverse: before the process ends, it goes back to the group of all others.
    stack.callback(_remove, group)


def _remove(group: Path) -> None:
    with contextlib.suppress(OSError):
        for pid in (group / "cgroup.procs").read_text().split():
            (_GROUPS / "cgroup.procs").write_text(pid)
        group.rmdir()

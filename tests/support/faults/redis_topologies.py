"""Real sentinels and a real cluster, from Debian's Redis."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
import redis

from app.core.storage.connection import pairs
from app.local.redis_server import HOST
from tests.support.embedded_redis import free_port
from tests.support.faults.processes import die_with_parent
from tests.support.waiting import wait_until

SERVICE = "jobs"
START_SEC = 120.0
# A failover in seconds rather than in the half minute of the default settings.
DOWN_AFTER_MS, NODE_TIMEOUT_MS = 1_000, 1_500
_SLOTS_EACH = 5_462
_DURABLE = "appendonly yes\nappendfsync everysec\nsave ''\nmaxmemory-policy noeviction\n"
_QUICK = "repl-diskless-sync-delay 0\nrepl-ping-replica-period 1\n"


def require_redis() -> None:
    """Skip the test if Debian's Redis is missing; fail it if CI must have it."""
    missing = [name for name in ("redis-server", "redis-sentinel") if shutil.which(name) is None]
    if not missing:
        return
    said = f"{' and '.join(missing)} missing: apt-get install redis-server redis-sentinel"
    if os.environ.get("CI"):
        pytest.fail(said)
    pytest.skip(said)


@dataclass(slots=True)
class Node:
    """One process with a configuration file of its own, which it may rewrite."""

    program: str
    folder: Path
    port: int
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [self.program, str(self.folder / "node.conf")],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                # One system call and no lock: safe between fork and exec.
                preexec_fn=die_with_parent,  # noqa: PLW1509
            )
        wait_until(self.answers, START_SEC, f"{self.folder.name} answers")

    def kill(self) -> None:
        """SIGKILL: nothing is flushed."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def stop(self) -> None:
        """SIGSTOP: it keeps its connections and answers nothing."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)

    def say(self, *command: str) -> Any:
        """Send one command on a connection of its own."""
        with contextlib.closing(
            redis.Redis(host=HOST, port=self.port, decode_responses=True, socket_timeout=5)
        ) as client:
            return cast("Any", client).execute_command(*command)

    def answers(self) -> bool:
        try:
            return bool(self.say("PING"))
        except (redis.RedisError, OSError):
            return False

    def replication(self) -> dict[str, Any]:
        """Return `INFO replication`, empty if the node does not answer."""
        try:
            return self.say("INFO", "replication")
        except (redis.RedisError, OSError):
            return {}

    @property
    def is_master(self) -> bool:
        return self.replication().get("role") == "master"

    def online(self) -> int:
        """Return how many replicas follow it."""
        values = self.replication().values()
        replicas = [cast("dict[str, Any]", value) for value in values if isinstance(value, dict)]
        return sum(replica.get("state") == "online" for replica in replicas)


@dataclass(slots=True)
class Topology:
    """Nodes with the same data, and their sentinels or cluster."""

    url: str
    nodes: list[Node]
    watchers: list[Node]
    replicas: int
    """How many replicas a master has at rest."""
    cluster: bool = False
    key: str = ""
    group: list[Node] = field(default_factory=list[Node])

    def master(self) -> Node:
        """Return the master; if an old one does not know of a failover yet, the one with more replicas."""
        return max((node for node in self.group if node.is_master), key=Node.online)

    def settled(self) -> bool:
        """Return whether there is one master, followed by all other nodes."""
        masters = [node for node in self.group if node.is_master]
        following = sum(n.replication().get("master_link_status") == "up" for n in self.group)
        return len(masters) == 1 and masters[0].online() == following == self.replicas

    def another_master(self, than: Node) -> Node | None:
        return next((node for node in self.group if node is not than and node.is_master), None)

    def fail_over(self) -> Node:
        """Plan a failover, as an operator does; return the new master."""
        old = self.master()
        wait_until(lambda: self._ask_for_failover(old), START_SEC, "the failover is accepted")
        return self._new_master(old)

    def _ask_for_failover(self, old: Node) -> bool:
        try:
            if self.cluster:
                next(node for node in self.group if node is not old).say("CLUSTER", "FAILOVER")
            else:
                self.watchers[0].say("SENTINEL", "FAILOVER", SERVICE)
        except redis.ResponseError:
            # The one before is still being completed (INPROG), or no replica is known to be good yet.
            return False
        return True

    def kill_master(self) -> Node:
        """Kill the master, let another be elected, start the killed one again; return the new master."""
        old = self.master()
        old.kill()
        new = self._new_master(old)
        if not self.cluster:
            # A sentinel would write this ten seconds later; a node of a cluster learns it from the others.
            with (old.folder / "node.conf").open("a") as conf:
                conf.write(f"\nreplicaof {HOST} {new.port}\n")
        old.start()
        return new

    def _new_master(self, old: Node) -> Node:
        wait_until(lambda: self.another_master(old), 60, "another master")
        new = self.another_master(old)
        assert new is not None
        return new


@contextlib.contextmanager
def sentinels(folder: Path) -> Generator[Topology]:
    """Yield 1 master + 2 replicas + 3 sentinels."""
    with contextlib.ExitStack() as stack:
        master = _node(stack, "redis-server", folder / "node-0", _DURABLE + _QUICK)
        follow = f"replicaof {HOST} {master.port}\n"
        replicas = [
            _node(stack, "redis-server", folder / f"node-{n}", _DURABLE + _QUICK + follow) for n in (1, 2)
        ]
        watch = (
            f"sentinel monitor {SERVICE} {HOST} {master.port} 2\n"
            f"sentinel down-after-milliseconds {SERVICE} {DOWN_AFTER_MS}\n"
            f"sentinel failover-timeout {SERVICE} 5000\n"
        )
        wait_until(lambda: master.online() == len(replicas), START_SEC, "two replicas")
        watchers = [_node(stack, "redis-sentinel", folder / f"sentinel-{n}", watch) for n in range(3)]
        nodes = [master, *replicas]
        url = f"redis+sentinel://{','.join(f'{HOST}:{w.port}' for w in watchers)}/{SERVICE}"
        found = Topology(url, nodes, watchers, replicas=2, group=nodes)
        wait_until(
            lambda: all(map(_knows_all, watchers)) and found.settled(), START_SEC, "the sentinels agree"
        )
        yield found


def _knows_all(sentinel: Node) -> bool:
    flat = _table(sentinel.say("SENTINEL", "MASTER", SERVICE))
    return (flat["num-slaves"], flat["num-other-sentinels"]) == ("2", "2")


def _table(answer: Any) -> dict[str, str]:
    """Return an answer by name; some versions of the client have made a table of it already."""
    if isinstance(answer, dict):
        return {name: str(value) for name, value in cast("dict[str, Any]", answer).items()}
    return pairs(answer)


@contextlib.contextmanager
def cluster(folder: Path, key: str) -> Generator[Topology]:
    """Yield 3 masters + 3 replicas; the group is the master that serves the key, and its replica."""
    with contextlib.ExitStack() as stack:
        options = f"cluster-enabled yes\ncluster-node-timeout {NODE_TIMEOUT_MS}\n" + _DURABLE + _QUICK
        nodes = [
            _node(stack, "redis-server", folder / f"node-{n}", options + f"cluster-port {free_port()}\n")
            for n in range(6)
        ]
        ids = [str(node.say("CLUSTER", "MYID")) for node in nodes]
        for number, node in enumerate(nodes):
            node.say("CLUSTER", "SET-CONFIG-EPOCH", str(number + 1))
            bus = str(_bus(nodes[0]))
            node.say("CLUSTER", "MEET", HOST, str(nodes[0].port), bus)
        for number, node in enumerate(nodes[:3]):
            first, after = number * _SLOTS_EACH, min(16_384, (number + 1) * _SLOTS_EACH)
            node.say("CLUSTER", "ADDSLOTSRANGE", str(first), str(after - 1))
        wait_until(lambda: all(_known(node) == len(nodes) for node in nodes), START_SEC, "all have met")
        for number, node in enumerate(nodes[3:]):
            wait_until(lambda n=number, node=node: _replicate(node, ids[n]), START_SEC, "a replica")
        slot = int(nodes[0].say("CLUSTER", "KEYSLOT", key))
        group = [nodes[slot // _SLOTS_EACH], nodes[3 + slot // _SLOTS_EACH]]
        url = f"redis+cluster://{','.join(f'{HOST}:{node.port}' for node in nodes)}"
        found = Topology(url, nodes, [], replicas=1, cluster=True, key=key, group=group)
        wait_until(lambda: all(map(_is_ok, nodes)) and found.settled(), START_SEC, "the cluster is up")
        yield found


def _bus(node: Node) -> int:
    text = (node.folder / "node.conf").read_text("utf-8")
    return int(text.partition("cluster-port ")[2].split()[0])


def _known(node: Node) -> int:
    return int(_cluster_info(node)["cluster_known_nodes"])


def _is_ok(node: Node) -> bool:
    return _cluster_info(node)["cluster_state"] == "ok"


def _cluster_info(node: Node) -> dict[str, str]:
    found: Any = node.say("CLUSTER", "INFO")
    if isinstance(found, dict):
        return cast("dict[str, str]", found)
    return dict(line.split(":") for line in str(found).split())


def _replicate(node: Node, master_id: str) -> bool:
    try:
        return bool(node.say("CLUSTER", "REPLICATE", master_id))
    except redis.RedisError:
        return False


def _node(stack: contextlib.ExitStack, program: str, folder: Path, options: str) -> Node:
    folder.mkdir(parents=True)
    port = free_port()
    conf = f"bind {HOST}\nport {port}\ndir {folder}\nprotected-mode no\n{options}"
    (folder / "node.conf").write_text(conf, "utf-8")
    node = Node(program, folder, port)
    stack.callback(node.kill)
    node.start()
    return node

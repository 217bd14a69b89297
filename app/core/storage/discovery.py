"""Finds the node that holds the keys: the Redis URL, and the master to which it leads.

`redis://` and `rediss://` name it; `redis+sentinel://host:port,host:port/service` and
`redis+cluster://host:port,host:port` are asked at each connect, so a failover is followed. All of these seeds
are asked at the same time, because they learn of a failover one after the other. The answer with the highest
configuration epoch is the newest. An older one leads to a master that is about to be overwritten.
"""

from __future__ import annotations

import asyncio
import contextlib
import re
from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar
from urllib.parse import unquote, urlsplit

from redis.asyncio.connection import SSLConnection, parse_url
from redis.exceptions import ConnectionError as RedisConnectionError

from app.core.errors import ConfigurationError
from app.core.i18n import _
from app.core.storage.connection import (
    ANSWER_TIMEOUT_SEC,
    NotMasterError,
    TlsConnection,
    exchange,
    hang_up,
    info_fields,
    is_role_error,
    not_master_error,
    open_connection,
    pairs,
)

if TYPE_CHECKING:
    from collections.abc import Coroutine, Iterable

    from redis.asyncio.connection import AbstractConnection

    from app.core.storage.connection import Command

# Reads `INFO replication`: role, history and replicas of a node.
#
# INFO is used because ROLE is in the ACL category @dangerous, which least privilege leaves out.

INFO = ("INFO", "replication")
_REPLICA = re.compile(r"slave\d+:(.*)")


@dataclass(frozen=True, slots=True)
class Replication:
    """The state of a node. `online` has the address of each replica that receives every write."""

    is_master: bool
    replid: str
    """Changes if the node becomes master of a new history: a promotion, a restart."""
    online: frozenset[str]
    good_replicas: int | None
    """Replicas within `min-replicas-max-lag`; None if `min-replicas-to-write` is not set."""


@dataclass(frozen=True, slots=True)
class Master:
    """An open connection to a node that was a master when it was opened."""

    connection: AbstractConnection
    address: str
    replication: Replication


def read_replication(info: str) -> Replication:
    """Parse the text of `INFO replication`."""
    fields = info_fields(info)
    replicas = [dict(_pairs(match[1])) for line in info.splitlines() if (match := _REPLICA.match(line))]
    good = fields.get("min_slaves_good_slaves")
    return Replication(
        is_master=fields.get("role", "master") == "master",
        replid=fields.get("master_replid", ""),
        online=frozenset(
            f"{each.get('ip')}:{each.get('port')}" for each in replicas if each.get("state") == "online"
        ),
        good_replicas=int(good) if good and good.isdigit() else None,
    )


def _pairs(text: str) -> list[tuple[str, str]]:
    found = (pair.partition("=") for pair in text.strip().split(","))
    return [(name, value) for name, _, value in found]


async def open_master(kwargs: dict[str, Any], answer_timeout_sec: float) -> Master:
    """Connect to a node and check its role; raises NotMasterError if it is a replica."""
    address = str(kwargs.get("path") or f"{kwargs.get('host')}:{kwargs.get('port', 6379)}")
    connection = await open_connection(kwargs, answer_timeout_sec)
    try:
        (answer,) = await exchange(connection, [INFO])
        return Master(connection, address, _as_master(answer, address))
    except BaseException:
        await hang_up(connection)
        raise


def _as_master(answer: Any, address: str) -> Replication:
    if isinstance(answer, Exception):
        raise not_master_error(answer) if is_role_error(answer) else answer
    replication = read_replication(answer)
    if not replication.is_master:
        raise NotMasterError(_("{address} is a replica", address=address))
    return replication


T = TypeVar("T")
Address = tuple[str, int]

# Wait for the other answers after the first one: enough for a busy machine, short compared with a failover.
_OTHERS_SEC = 0.5
MEMORY_SEC = 10.0
"""How long a master that lost a replica may not go on without it. A sentinel that promotes a replica sees
the new role within 1 s, and the other sentinels learn of it within 2 s more. The rest is a margin."""


class RedisTarget(Protocol):
    """The master of a deployment, with one way to find and connect to it."""

    @property
    def display(self) -> str:
        """Return its address without secrets."""
        ...

    @property
    def identity(self) -> tuple[str, ...]:
        """Return a value that is equal for targets of the same master."""
        ...

    async def connect(self) -> Master:
        """Return an open, authenticated connection to the master; raises NotMasterError if there is none."""
        ...

    async def may_go_on_without(self, master: Master, online: int, gone_sec: float) -> bool:
        """Return whether a master with only `online` replicas left may acknowledge writes.

        `gone_sec` is the time since the last missing replica was seen. Raises NotMasterError if the master
        was replaced.
        """
        ...


@dataclass(frozen=True, slots=True)
class SingleServer:
    """One address."""

    kwargs: dict[str, Any] = field(repr=False)
    answer_timeout_sec: float = ANSWER_TIMEOUT_SEC

    @property
    def display(self) -> str:
        return str(self.kwargs.get("path") or f"{self.kwargs.get('host')}:{self.kwargs.get('port', 6379)}")

    @property
    def identity(self) -> tuple[str, ...]:
        return ("single", self.display)

    async def connect(self) -> Master:
        return await open_master(self.kwargs, self.answer_timeout_sec)

    async def may_go_on_without(self, master: Master, online: int, gone_sec: float) -> bool:  # noqa: ARG002
        """Return whether the replicas were away for long enough; there is no other node to ask."""
        return gone_sec >= MEMORY_SEC


@dataclass(frozen=True, slots=True)
class View:
    """The answer of one node about the master."""

    master: Address
    epoch: int


@dataclass(frozen=True, slots=True)
class SentinelView(View):
    """The answer of one sentinel."""

    sentinel_id: str
    failing_over: bool
    others: tuple[Address, ...]
    """The other sentinels that it knows."""


@dataclass(frozen=True, slots=True)
class ClusterView(View):
    """The answer of one node about the master that serves the slot."""

    live_replicas: int
    """Its replicas, except those that a majority of the masters has declared failed."""


V = TypeVar("V", bound=View)


@dataclass(frozen=True, slots=True)
class _Discovered(ABC, Generic[V]):
    """Nodes that know the master."""

    seeds: tuple[Address, ...]
    login: dict[str, Any] = field(repr=False)
    answer_timeout_sec: float

    @property
    def display(self) -> str:
        return ",".join(map(_text, self.seeds))

    async def connect(self) -> Master:
        host, port = (await self._newest()).master
        return await open_master({"host": host, "port": port, **self.login}, self.answer_timeout_sec)

    async def _newest(self) -> V:
        return max(await self._views(), key=lambda view: view.epoch)

    async def _views(self) -> list[V]:
        return await first_answers([self._query(seed) for seed in self.seeds], self.display)

    @abstractmethod
    async def _query(self, address: Address) -> V: ...


@dataclass(frozen=True, slots=True)
class SentinelService(_Discovered[SentinelView]):
    """A service that sentinels watch."""

    service: str

    @property
    def identity(self) -> tuple[str, ...]:
        return ("sentinel", self.display, self.service)

    async def may_go_on_without(self, master: Master, online: int, gone_sec: float) -> bool:  # noqa: ARG002
        """Return whether a majority of the sentinels was asked and all of them still name this master.

        In a minority partition this is never true. Raises NotMasterError if the newest answer names another.
        """
        views = await self._query_all()
        newest = max(views, key=lambda view: view.epoch)
        if _text(newest.master) != master.address:
            raise NotMasterError(f"the sentinels name {_text(newest.master)}, not {master.address}")
        agreed = all(_text(view.master) == master.address and not view.failing_over for view in views)
        known = max(1 + len(view.others) for view in views)
        return agreed and len(views) > known // 2 and gone_sec >= MEMORY_SEC

    async def _query_all(self) -> list[SentinelView]:
        views = await self._views()
        more = {address for view in views for address in view.others} - set(self.seeds)
        if more:
            with contextlib.suppress(RedisConnectionError):
                views += await first_answers([self._query(address) for address in more], self.display)
        # A seed that is given by host name and by IP address would count twice.
        return list({view.sentinel_id: view for view in views}.values())

    async def _query(self, address: Address) -> SentinelView:
        ask: list[Command] = [
            ("SENTINEL", "MYID"),
            ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", self.service),
            ("SENTINEL", "MASTER", self.service),
            ("SENTINEL", "SENTINELS", self.service),
        ]
        own, found, master, others = await _query_node(address, {}, self.answer_timeout_sec, ask)
        known = pairs(master)
        return SentinelView(
            master=(found[0], int(found[1])),
            epoch=int(known.get("config-epoch", 0)),
            sentinel_id=own,
            failing_over="failover_in_progress" in known.get("flags", ""),
            others=tuple((each["ip"], int(each["port"])) for each in map(pairs, others)),
        )


@dataclass(frozen=True, slots=True)
class ClusterNodes(_Discovered[ClusterView]):
    """A cluster; `key` is any key of the deployment's hash tag, so that one slot holds all of it."""

    key: str

    @property
    def identity(self) -> tuple[str, ...]:
        return ("cluster", self.display, self.key)

    async def may_go_on_without(self, master: Master, online: int, gone_sec: float) -> bool:  # noqa: ARG002
        """Return whether the cluster has declared failed every replica that is missing.

        That takes a majority of the masters, which a cut-off minority never has: there the missing replicas
        are only suspected (`fail?`). Raises NotMasterError if another node serves the slot.
        """
        views = await self._views()
        newest = max(views, key=lambda view: view.epoch)
        if _text(newest.master) != master.address:
            raise NotMasterError(f"{_text(newest.master)} serves the slot, not {master.address}")
        same = [view.live_replicas for view in views if view.epoch == newest.epoch]
        return max(same) <= online

    async def _query(self, address: Address) -> ClusterView:
        ask: list[Command] = [("CLUSTER", "KEYSLOT", self.key), ("CLUSTER", "SLOTS"), ("CLUSTER", "NODES")]
        slot, slots, nodes = await _query_node(address, self.login, self.answer_timeout_sec, ask)
        for first, last, master, *_rest in slots:
            if first <= slot <= last:
                return _cluster_view((master[0] or address[0], int(master[1])), str(master[2]), nodes)
        raise RedisConnectionError(f"no node of the cluster serves slot {slot}")


def _cluster_view(master: Address, node_id: str, nodes: str) -> ClusterView:
    epoch, live = 0, 0
    for line in nodes.splitlines():
        # id address flags master-id ping pong epoch link-state slots
        own_id, _, flags, its_master, _, _, its_epoch, *_ = line.split()
        if own_id == node_id:
            epoch = int(its_epoch)
        elif its_master == node_id and not {"fail", "noaddr", "handshake"} & set(flags.split(",")):
            live += 1
    return ClusterView(master, epoch, live)


async def _query_node(
    address: Address, login: dict[str, Any], answer_timeout_sec: float, commands: list[Command]
) -> list[Any]:
    host, port = address
    connection = await open_connection({"host": host, "port": port, **login}, answer_timeout_sec)
    try:
        answers = await exchange(connection, commands)
    finally:
        await hang_up(connection)
    for answer in answers:
        if answer is None or isinstance(answer, Exception):
            raise RedisConnectionError(f"{_text(address)}: {answer or 'the service is unknown'}")
    return answers


async def first_answers(asks: Iterable[Coroutine[Any, Any, T]], shown: str) -> list[T]:
    """Ask all at once; return the answers that arrive until shortly after the first one.

    Raises RedisConnectionError if all of them failed.
    """
    pending, done = {asyncio.create_task(ask) for ask in asks}, set[asyncio.Task[T]]()
    try:
        while pending and all(task.exception() for task in done):
            finished, pending = await asyncio.wait(pending, return_when=asyncio.FIRST_COMPLETED)
            done |= finished
        if pending:
            finished, pending = await asyncio.wait(pending, timeout=_OTHERS_SEC)
            done |= finished
    finally:
        for task in pending:
            task.cancel()
    answers = [task.result() for task in done if task.exception() is None]
    if not answers:
        problems = {str(task.exception()) for task in done}
        raise RedisConnectionError(f"none of {shown} leads to a master: {'; '.join(sorted(problems))}")
    return answers


def _text(address: Address) -> str:
    return f"{address[0]}:{address[1]}"


def parse_target(url: str, key: str, answer_timeout_sec: float = ANSWER_TIMEOUT_SEC) -> RedisTarget:
    """Return the target that a Redis URL names; `key` is any key of the deployment's hash tag.

    A connection that gives no answer for `answer_timeout_sec` is taken for lost.
    """
    scheme = url.split("://", 1)[0]
    if scheme in {"redis+sentinel", "redis+cluster"}:
        return _discovered(url, scheme.removeprefix("redis+"), key, answer_timeout_sec)
    try:
        kwargs: dict[str, Any] = dict(parse_url(url))
    except ValueError as error:
        raise ConfigurationError(_("REDIS_URL is not usable: {error}", error=error)) from error
    kwargs.setdefault("host", "127.0.0.1")
    if kwargs.get("connection_class") is SSLConnection:
        kwargs["connection_class"] = TlsConnection
        kwargs.setdefault("ssl_check_hostname", True)
    return SingleServer(kwargs, answer_timeout_sec)


def _discovered(url: str, scheme: str, key: str, answer_timeout_sec: float) -> RedisTarget:
    parts = urlsplit(url)
    *login_part, addresses = parts.netloc.rsplit("@", 1)
    user, _sep, password = (login_part[0] if login_part else "").partition(":")
    login = {name: unquote(value) for name, value in (("username", user), ("password", password)) if value}
    seeds = tuple(_address(text, 26379 if scheme == "sentinel" else 6379) for text in addresses.split(","))
    if scheme == "cluster":
        return ClusterNodes(seeds, login, answer_timeout_sec, key)
    service, _sep, database = parts.path.strip("/").partition("/")
    if not service:
        raise ConfigurationError(
            _("REDIS_URL names no service: {example}", example="redis+sentinel://host:26379/mymaster")
        )
    return SentinelService(seeds, {**login, "db": int(database or 0)}, answer_timeout_sec, service)


def _address(text: str, default_port: int) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if ":" in text else (text, "", "")
    return host, int(port or default_port)

"""Parses the Redis URL into the node that holds the keys.

`redis://` and `rediss://` name it; `redis+sentinel://host:port,host:port/service` and
`redis+cluster://host:port,host:port` are asked at each connect, so a failover is followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import unquote, urlsplit

from redis.asyncio.connection import SSLConnection, parse_url

from app.core.errors import ConfigurationError
from app.core.storage.connection import ANSWER_TIMEOUT_SEC
from app.core.storage.discovery import MEMORY_SEC, ClusterNodes, SentinelService, open_master

if TYPE_CHECKING:
    from app.core.storage.discovery import Master


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


class MasterHistory:
    """Counts the changes of a target's master that this process has seen.

    A blocking read on a replaced master gets neither data nor an error until that node learns of the
    failover. It therefore checks this count, which every writing link updates.
    """

    def __init__(self) -> None:
        self._replid = ""
        self.changes = 0

    def observe(self, master: Master) -> None:
        """Note the master that a writing link has connected to."""
        replid = master.replication.replid
        self.changes += bool(self._replid) and replid != self._replid
        self._replid = replid


_histories: dict[tuple[str, ...], MasterHistory] = {}


def master_history(target: RedisTarget) -> MasterHistory:
    """Return the history that all links of this process to a target share."""
    return _histories.setdefault(target.identity, MasterHistory())


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
        raise ConfigurationError(f"REDIS_URL is not usable: {error}") from error
    kwargs.setdefault("host", "127.0.0.1")
    if kwargs.get("connection_class") is SSLConnection:
        kwargs.setdefault("ssl_check_hostname", True)
    return SingleServer(kwargs, answer_timeout_sec)


def _discovered(url: str, scheme: str, key: str, answer_timeout_sec: float) -> RedisTarget:
    parts = urlsplit(url)
    *login_part, addresses = parts.netloc.rsplit("@", 1)
    user, _, password = (login_part[0] if login_part else "").partition(":")
    login = {name: unquote(value) for name, value in (("username", user), ("password", password)) if value}
    seeds = tuple(_address(text, 26379 if scheme == "sentinel" else 6379) for text in addresses.split(","))
    if scheme == "cluster":
        return ClusterNodes(seeds, login, key, answer_timeout_sec)
    service, _, database = parts.path.strip("/").partition("/")
    if not service:
        raise ConfigurationError("REDIS_URL names no service: redis+sentinel://host:26379/mymaster")
    return SentinelService(seeds, {**login, "db": int(database or 0)}, service, answer_timeout_sec)


def _address(text: str, default_port: int) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if ":" in text else (text, "", "")
    return host, int(port or default_port)

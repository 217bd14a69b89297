"""Where Redis is: a URL becomes the node that holds a deployment's keys.

`redis://` and `rediss://` name it; `redis+sentinel://host:port,host:port/service` and
`redis+cluster://host:port,host:port` are asked at each connect, so a failover is followed.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Protocol, cast
from urllib.parse import unquote, urlsplit

from redis.asyncio.connection import Connection, SSLConnection, parse_url
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from app.core.errors import ConfigurationError

if TYPE_CHECKING:
    from redis.asyncio.connection import AbstractConnection

CONNECT_TIMEOUT_SEC = 2.0
ANSWER_TIMEOUT_SEC = 5.0


class RedisTarget(Protocol):
    """A node that can be connected to."""

    @property
    def shown(self) -> str:
        """Return its address without secrets."""
        ...

    async def connect(self) -> AbstractConnection:
        """Return an open, authenticated connection to the node that takes writes."""
        ...


async def _open(kwargs: dict[str, Any], answer_timeout_sec: float) -> AbstractConnection:
    options = dict(kwargs)
    connection_class = options.pop("connection_class", Connection)
    # Sending again is decided by the link, which knows what may be repeated.
    connection = connection_class(
        **options,
        decode_responses=True,
        # A foreign byte in one value must not fail the batch that its answer travels with.
        encoding_errors="replace",
        protocol=2,
        socket_connect_timeout=min(CONNECT_TIMEOUT_SEC, answer_timeout_sec),
        socket_timeout=answer_timeout_sec,
        socket_keepalive=True,
        retry=Retry(NoBackoff(), 0),
        retry_on_error=[],
    )
    try:
        await connection.connect()
    except (RuntimeError, TypeError) as error:
        # As in RedisLink: what a write to a connection that the peer has reset raises.
        raise RedisConnectionError(str(error)) from error
    return connection


async def _command(connection: AbstractConnection, *command: str) -> Any:
    await connection.send_command(*command)
    return cast("Any", await connection.read_response())


@dataclass(frozen=True, slots=True)
class SingleServer:
    """One address."""

    kwargs: dict[str, Any] = field(repr=False)
    answer_timeout_sec: float = ANSWER_TIMEOUT_SEC

    @property
    def shown(self) -> str:
        return str(self.kwargs.get("path") or f"{self.kwargs.get('host')}:{self.kwargs.get('port', 6379)}")

    async def connect(self) -> AbstractConnection:
        return await _open(self.kwargs, self.answer_timeout_sec)


@dataclass(frozen=True, slots=True)
class Discovered:
    """Addresses that know who holds the keys now."""

    scheme: str
    seeds: tuple[tuple[str, int], ...]
    login: dict[str, Any] = field(repr=False)
    service: str
    key: str
    answer_timeout_sec: float = ANSWER_TIMEOUT_SEC

    @property
    def shown(self) -> str:
        return ",".join(f"{host}:{port}" for host, port in self.seeds)

    async def connect(self) -> AbstractConnection:
        failure: Exception | None = None
        for host, port in self.seeds:
            try:
                found = await self._ask(host, port)
                return await _open(
                    {"host": found[0], "port": found[1], **self.login}, self.answer_timeout_sec
                )
            except (RedisError, OSError) as error:
                failure = error
        raise RedisConnectionError(f"none of {self.shown} leads to a writable node: {failure}")

    async def _ask(self, host: str, port: int) -> tuple[str, int]:
        sentinel = self.scheme == "sentinel"
        login = {} if sentinel else {k: v for k, v in self.login.items() if k != "db"}
        connection = await _open({"host": host, "port": port, **login}, self.answer_timeout_sec)
        try:
            if sentinel:
                return await self._ask_sentinel(connection)
            return await self._ask_cluster(connection, host)
        finally:
            await connection.disconnect()

    async def _ask_sentinel(self, connection: AbstractConnection) -> tuple[str, int]:
        answer = await _command(connection, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", self.service)
        if not answer:
            raise RedisConnectionError(f"the sentinel knows no service {self.service!r}")
        return answer[0], int(answer[1])

    async def _ask_cluster(self, connection: AbstractConnection, seed: str) -> tuple[str, int]:
        slot = await _command(connection, "CLUSTER", "KEYSLOT", self.key)
        for first, last, master, *_ in await _command(connection, "CLUSTER", "SLOTS"):
            if first <= slot <= last:
                return master[0] or seed, int(master[1])
        raise RedisConnectionError(f"no node of the cluster serves slot {slot}")


def parse_target(url: str, key: str, answer_timeout_sec: float = ANSWER_TIMEOUT_SEC) -> RedisTarget:
    """Return the target that a Redis URL names; `key` is any key of the deployment's hash tag.

    A connection that gives no answer for `answer_timeout_sec` is taken for lost.
    """
    scheme = url.split("://", 1)[0]
    if scheme in {"redis+sentinel", "redis+cluster"}:
        return replace(
            _discovered(url, scheme.removeprefix("redis+"), key), answer_timeout_sec=answer_timeout_sec
        )
    try:
        kwargs: dict[str, Any] = dict(parse_url(url))
    except ValueError as error:
        raise ConfigurationError(f"REDIS_URL is not usable: {error}") from error
    kwargs.setdefault("host", "127.0.0.1")
    if kwargs.get("connection_class") is SSLConnection:
        kwargs.setdefault("ssl_check_hostname", True)
    return SingleServer(kwargs, answer_timeout_sec)


def _discovered(url: str, scheme: str, key: str) -> Discovered:
    parts = urlsplit(url)
    *login_part, addresses = parts.netloc.rsplit("@", 1)
    user, _, password = (login_part[0] if login_part else "").partition(":")
    login = {name: unquote(value) for name, value in (("username", user), ("password", password)) if value}
    seeds = tuple(_address(text, 26379 if scheme == "sentinel" else 6379) for text in addresses.split(","))
    service, _, database = parts.path.strip("/").partition("/")
    if scheme == "sentinel" and not service:
        raise ConfigurationError("REDIS_URL names no service: redis+sentinel://host:26379/mymaster")
    return Discovered(
        scheme, seeds, {**login, "db": int(database or 0)} if scheme == "sentinel" else login, service, key
    )


def _address(text: str, default_port: int) -> tuple[str, int]:
    host, _, port = text.rpartition(":") if ":" in text else (text, "", "")
    return host, int(port or default_port)

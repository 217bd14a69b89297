"""Connections to Redis: one that pipelines by itself, one that blocks.

A deployment's keys share one hash tag, so one node holds all of it, and a plain connection to that
node serves for a single server, Sentinel and Cluster alike; the node is looked up at each connect.
"""

from __future__ import annotations

import asyncio
import math
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from redis.exceptions import AuthenticationError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from app.core.errors import ConfigurationError, RedisUnavailable
from app.core.storage.connection import (
    ANSWER_TIMEOUT_SEC,
    Arg,
    Command,
    exchange,
    hang_up,
    is_role_error,
    not_master_error,
    send,
    translated,
)
from app.core.storage.diagnosis import explained
from app.core.storage.durability import confirmation
from app.core.storage.keys import Keys
from app.core.storage.target import master_changes, parse_target

if TYPE_CHECKING:
    from collections.abc import Mapping

    from redis.asyncio.connection import AbstractConnection

    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.storage.discovery import Master
    from app.core.storage.target import RedisTarget

__all__ = ["Arg", "BlockingLink", "Command", "RedisLink", "check_server", "open_blocking", "open_link"]

RESEND_SEC = 60.0
"""Retention removes nothing younger than twice this, so a command sent again meets what it wrote."""
MAX_BATCH = 512
FIRST_PAUSE_SEC, LONGEST_PAUSE_SEC = 0.02, 0.5
# How often a silent listener looks whether its node is still the master.
_LOOK_SEC = 1.0
_LOST = (RedisConnectionError, RedisTimeoutError, OSError, asyncio.IncompleteReadError)


# A command, the future of its answer, and the instant (the loop's clock) at which the call is refused.
_Call: TypeAlias = "tuple[Command, asyncio.Future[Any], float]"


class RedisLink:
    """One connection on which all calls made meanwhile travel as one round trip.

    The whole batch is sent again after a lost connection, or if the node is not the master. Only commands
    that may be repeated belong here. No call waits longer than `patience_sec`, including its time in the
    queue. After a call was refused, the next ones wait for `outage_patience_sec` until Redis answers again.
    Answers are text (RESP2), errors are raised to their caller.
    """

    def __init__(
        self,
        target: RedisTarget,
        keys: Keys,
        settings: Settings,
        patience_sec: float = RESEND_SEC,
        outage_patience_sec: float = RESEND_SEC,
    ) -> None:
        self._target = target
        self._patience_sec = min(patience_sec, RESEND_SEC)
        self._outage_patience_sec = min(outage_patience_sec, self._patience_sec)
        self._confirmation = confirmation(target, keys, settings, self._patience_sec)
        self._master: Master | None = None
        self._pending: list[_Call] = []
        self._sent: list[_Call] = []
        self._flusher: asyncio.Task[None] | None = None
        self._expiry: asyncio.TimerHandle | None = None
        self._failure = ""
        self._refused = False
        self.round_trips = 0

    async def call(self, *command: Arg) -> Any:
        """Send one command; return its answer."""
        return await self._submit(command)

    async def calls(self, commands: list[Command]) -> list[Any]:
        """Send several commands in one round trip; raise the first error."""
        futures = [self._submit(command) for command in commands]
        answers = await asyncio.gather(*futures, return_exceptions=True)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return answers

    async def close(self) -> None:
        """Finish what is under way and close the connection."""
        if self._flusher is not None:
            await asyncio.wait({self._flusher})
        self._expire_at(None)
        await self._drop()

    def _submit(self, command: Command) -> asyncio.Future[Any]:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        until = loop.time() + (self._outage_patience_sec if self._refused else self._patience_sec)
        self._pending.append((command, future, until))
        if self._expiry is None or (self._refused and until < self._expiry.when()):
            self._expire_at(until)
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush(), name="redis-link")
        return future

    def _expire(self) -> None:
        """Refuse the calls whose time is over; the batch goes on for later calls in it."""
        loop = asyncio.get_running_loop()
        now, waiting = loop.time(), [call for call in (*self._sent, *self._pending) if not call[1].done()]
        for _, answer, until in waiting:
            if until <= now:
                self._refused = True
                answer.set_exception(self._unavailable())
        self._expire_at(min((until for _, _, until in waiting if until > now), default=None))

    def _expire_at(self, instant: float | None) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        loop = asyncio.get_running_loop()
        self._expiry = None if instant is None else loop.call_at(instant, self._expire)

    async def _flush(self) -> None:
        try:
            while self._pending:
                batch, self._pending = self._pending[:MAX_BATCH], self._pending[MAX_BATCH:]
                self._sent = [call for call in batch if not call[1].done()]
                if self._sent:
                    await self._deliver(self._sent)
        finally:
            self._flusher, self._sent = None, []

    async def _deliver(self, batch: list[_Call]) -> None:
        try:
            answers = await self._exchange_until_answered([command for command, _, _ in batch])
        except BaseException as error:
            # Answers may be left unread: on this connection they would be taken for the next batch's.
            await self._drop()
            for _, future, _ in batch:
                if not future.done():
                    future.set_exception(
                        error if isinstance(error, Exception) else RedisUnavailable("closed")
                    )
            if not isinstance(error, Exception):
                raise
            return
        for (_, future, _), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(translated(answer))
            else:
                future.set_result(answer)

    async def _exchange_until_answered(self, commands: list[Command]) -> list[Any]:
        pause = FIRST_PAUSE_SEC
        self._failure = ""
        try:
            # The limit covers the connect as well: a node may accept connections and answer nothing.
            async with asyncio.timeout(self._patience_sec):
                while True:
                    try:
                        answers = await self._exchange(commands)
                    except AuthenticationError:
                        raise
                    except _LOST as error:
                        self._failure = explained(error)
                        await self._drop()
                    else:
                        self._refused = False
                        return answers
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, LONGEST_PAUSE_SEC)
        except AuthenticationError as error:
            self._failure = explained(error)
            raise self._unavailable() from error
        except TimeoutError as error:
            raise self._unavailable() from error

    def _unavailable(self) -> RedisUnavailable:
        why = self._failure or f"no answer within {self._patience_sec:g} s"
        return RedisUnavailable(f"Redis at {self._target.shown} is out of reach / tidak terjangkau: {why}")

    async def _exchange(self, commands: list[Command]) -> list[Any]:
        master = self._master or await self._connect()
        confirmed = self._confirmation
        sent = [*commands, *confirmed.commands()] if confirmed else commands
        answers = await exchange(master.connection, sent)
        self.round_trips += 1
        for answer in answers:
            if isinstance(answer, ResponseError) and is_role_error(answer):
                raise not_master_error(answer)
        if confirmed is None:
            return answers
        kept = answers[: len(commands)]
        refusal = await confirmed.refusal(
            master, answers[len(commands) :], partial(exchange, master.connection)
        )
        if refusal is None:
            return kept
        return [each if isinstance(each, Exception) else refusal for each in kept]

    async def _connect(self) -> Master:
        self._master = await self._target.connect()
        master_changes.found(self._target, self._master)
        return self._master

    async def _drop(self) -> None:
        master, self._master = self._master, None
        if master is not None:
            await hang_up(master.connection)


class BlockingLink:
    """A connection for commands that wait (XREAD BLOCK, SUBSCRIBE). Nothing is sent twice.

    Once a link of this process has found another master, this one counts as lost and connects again.
    """

    def __init__(self, target: RedisTarget) -> None:
        self._target = target
        self._connection: AbstractConnection | None = None
        self._changes = 0

    async def command(self, *command: Arg, timeout_sec: float) -> Any:
        """Send one command and wait for its answer; a lost connection raises RedisUnavailable."""
        try:
            connection = await self._connected()
            await send(connection, [command])
            # The client's own time-out answers None and leaves the late answer to the next command.
            async with asyncio.timeout(timeout_sec):
                return cast("Any", await connection.read_response(timeout=math.inf))
        except ResponseError as error:
            if not is_role_error(error):
                raise translated(error) from error
            raise await self._lost(error) from error
        except _LOST as error:
            raise await self._lost(error) from error
        except asyncio.CancelledError:
            # The answer may come any time: on this connection it would be read as the next one's.
            await self.close()
            raise

    async def message(self, timeout_sec: float) -> Any | None:
        """Return the next pushed message of a subscribed connection; None when the time is over."""
        loop = asyncio.get_running_loop()
        until = loop.time() + timeout_sec
        while True:
            left = until - loop.time()
            message = await self._pushed(min(left, _LOOK_SEC))
            if message is not None or left <= _LOOK_SEC:
                return message

    async def _pushed(self, timeout_sec: float) -> Any | None:
        connection = self._connection
        if connection is None or not self.connected:
            raise await self._lost("not subscribed")
        try:
            # At the end of the given time the client returns None; its own time-out raises.
            return cast("Any", await connection.read_response(timeout=timeout_sec, disconnect_on_error=False))
        except RedisTimeoutError:
            return None
        except _LOST as error:
            raise await self._lost(error) from error

    async def close(self) -> None:
        """Close the connection; the next command opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await hang_up(connection)

    @property
    def connected(self) -> bool:
        """Return whether the connection of the last command is open and leads to the newest known master."""
        return self._connection is not None and self._changes == master_changes.count(self._target)

    async def _connected(self) -> AbstractConnection:
        connection = self._connection
        if connection is not None and self.connected:
            return connection
        await self.close()
        # Read before the connect: a change in between is found at the next command.
        self._changes = master_changes.count(self._target)
        self._connection = (await self._target.connect()).connection
        return self._connection

    async def _lost(self, why: object) -> RedisUnavailable:
        await self.close()
        return RedisUnavailable(f"Redis at {self._target.shown}: {why}")


async def open_link(
    settings: Settings,
    patience_sec: float | None = None,
    answer_timeout_sec: float = ANSWER_TIMEOUT_SEC,
    *,
    outage_patience_sec: float = RESEND_SEC,
) -> RedisLink:
    """Return a link that connects at its first call."""
    keys = Keys(settings.namespace)
    target = parse_target(settings.effective_redis_url, keys.seq, answer_timeout_sec)
    patience_sec = patience_sec or settings.redis_patience_sec
    return RedisLink(target, keys, settings, patience_sec, outage_patience_sec)


async def open_blocking(settings: Settings) -> BlockingLink:
    """Return a blocking link that connects at its first command."""
    return BlockingLink(parse_target(settings.effective_redis_url, Keys(settings.namespace).seq))


async def check_server(link: RedisLink) -> None:
    """Raise ConfigurationError where this Redis would throw data away."""
    # INFO, not CONFIG GET: managed services block CONFIG.
    memory = await link.call("INFO", "memory")
    policy = dict(line.split(":", 1) for line in memory.splitlines() if ":" in line).get("maxmemory_policy")
    if policy != "noeviction":
        raise ConfigurationError(
            f"Redis has maxmemory-policy {policy!r} and may drop jobs: set it to noeviction. / "
            "Redis dapat membuang job: atur maxmemory-policy ke noeviction."
        )


# The version, memory and latency of the Redis server, for people.

# A server holds its data, some free room between them, and its code, buffers and caches.
_RESIDENT_FACTOR, _RESIDENT_EXTRA_BYTES = 1.5, 40 * 1_048_576


@dataclass(frozen=True, slots=True)
class MemoryInfo:
    """The memory of a Redis server, from `INFO memory`."""

    used_bytes: int
    """Bytes that the server has requested from its allocator."""
    resident_bytes: int
    """Bytes of physical memory that the process holds."""
    max_bytes: int | None
    """The server's own limit; None if it has none."""
    allocator: str
    """The allocator that the server was built with; a preloaded one is not shown."""

    @classmethod
    def of(cls, fields: Mapping[str, str]) -> MemoryInfo:
        """Read the fields of `INFO memory`."""
        return cls(
            used_bytes=int(fields["used_memory"]),
            resident_bytes=int(fields["used_memory_rss"]),
            max_bytes=int(fields.get("maxmemory", 0)) or None,
            allocator=fields.get("mem_allocator", "unknown"),
        )

    @property
    def fragmentation(self) -> float:
        """Return resident to used memory."""
        return round(self.resident_bytes / max(1, self.used_bytes), 2)

    @property
    def is_wasteful(self) -> bool:
        """Return whether the process holds much more than it uses."""
        return self.resident_bytes > _RESIDENT_FACTOR * self.used_bytes + _RESIDENT_EXTRA_BYTES


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """Version, memory and latency of the server at one instant."""

    version: str
    memory: MemoryInfo
    latency_ms: float


async def read_server_info(link: RedisLink, clock: Clock) -> ServerInfo:
    """Ask once, and measure the latency of that call."""
    asked = clock.monotonic()
    # Two sections in one INFO are known from Redis 7 on only.
    answers = await link.calls([("INFO", "server"), ("INFO", "memory")])
    took_ms = (clock.monotonic() - asked) * 1000
    fields = {name: value for text in answers for name, value in info_fields(text).items()}
    return ServerInfo(
        # Valkey calls itself Redis 7.2 as well, for old clients.
        version=fields.get("valkey_version") or fields["redis_version"],
        memory=MemoryInfo.of(fields),
        latency_ms=round(took_ms, 2),
    )


def info_fields(text: str) -> dict[str, str]:
    """Return the fields of an INFO answer."""
    pairs = (line.strip().partition(":") for line in text.splitlines())
    return {name: value for name, colon, value in pairs if colon}

"""Connections to Redis: one that pipelines by itself, one that blocks.

A deployment's keys share one hash tag, so one node holds all of it, and a plain connection to that
node serves for a single server, Sentinel and Cluster alike; the node is looked up at each connect.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from redis.exceptions import (
    AuthenticationError,
    OutOfMemoryError,
    RedisError,
    ResponseError,
)
from redis.exceptions import (
    ConnectionError as RedisConnectionError,
)
from redis.exceptions import (
    TimeoutError as RedisTimeoutError,
)

from app.core.config import Durability
from app.core.errors import ConfigurationError, NotDurable, RedisFull, RedisUnavailable
from app.core.keys import Keys
from app.core.redis_target import ANSWER_TIMEOUT_SEC, parse_target

try:
    import hiredis

    # Its type hints allow one-word commands only.
    _pack_one = cast("Callable[[Command], bytes]", hiredis.pack_command)  # pyright: ignore[reportUnknownMemberType]
except ImportError:  # no wheel for this platform
    _pack_one = None

if TYPE_CHECKING:
    from collections.abc import Callable

    from redis.asyncio.connection import AbstractConnection

    from app.core.config import Settings
    from app.core.redis_target import RedisTarget

Arg: TypeAlias = "str | bytes | int | float"
Command: TypeAlias = "tuple[Arg, ...]"

RESEND_SEC = 60.0
"""Retention removes nothing younger than twice this, so a command sent again meets what it wrote."""
MAX_BATCH = 512
FIRST_PAUSE_SEC, LONGEST_PAUSE_SEC = 0.02, 0.5
# What a server says while it is not the one to write to: look the node up again and send again.
_ELSEWHERE = ("READONLY", "LOADING", "MOVED", "CLUSTERDOWN", "MASTERDOWN", "TRYAGAIN", "UNBLOCKED")
_LOST = (RedisConnectionError, RedisTimeoutError, OSError, asyncio.IncompleteReadError)


class RedisLink:
    """One connection on which all calls made meanwhile travel as one round trip.

    After a lost connection the whole batch is sent again, for `patience_sec` at most: only commands
    that may be repeated belong here. Answers are text (RESP2), errors are raised to their caller.
    """

    def __init__(
        self, target: RedisTarget, keys: Keys, settings: Settings, patience_sec: float = RESEND_SEC
    ) -> None:
        self._target = target
        self._keys = keys
        self._patience_sec = min(patience_sec, RESEND_SEC)
        self._durability = settings.durability
        self._durability_timeout_ms = settings.durability_timeout_ms
        self._connection: AbstractConnection | None = None
        self._pending: list[tuple[Command, asyncio.Future[Any]]] = []
        self._flusher: asyncio.Task[None] | None = None
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
        await self._drop()

    def _submit(self, command: Command) -> asyncio.Future[Any]:
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._pending.append((command, future))
        if self._flusher is None:
            self._flusher = asyncio.create_task(self._flush(), name="redis-link")
        return future

    async def _flush(self) -> None:
        try:
            while self._pending:
                batch, self._pending = self._pending[:MAX_BATCH], self._pending[MAX_BATCH:]
                await self._deliver(batch)
        finally:
            self._flusher = None

    async def _deliver(self, batch: list[tuple[Command, asyncio.Future[Any]]]) -> None:
        try:
            answers = await self._exchange_until_answered([command for command, _ in batch])
        except BaseException as error:
            # Answers may be left unread: on this connection they would be taken for the next batch's.
            await self._drop()
            for _, future in batch:
                if not future.done():
                    future.set_exception(
                        error if isinstance(error, Exception) else RedisUnavailable("closed")
                    )
            if not isinstance(error, Exception):
                raise
            return
        for (_, future), answer in zip(batch, answers, strict=True):
            if future.done():
                continue
            if isinstance(answer, Exception):
                future.set_exception(_translate(answer))
            else:
                future.set_result(answer)

    async def _exchange_until_answered(self, commands: list[Command]) -> list[Any]:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._patience_sec
        pause = FIRST_PAUSE_SEC
        while True:
            try:
                return await self._exchange(commands)
            except _LOST as error:
                await self._drop()
                if isinstance(error, AuthenticationError) or loop.time() + pause > deadline:
                    raise RedisUnavailable(
                        f"Redis at {self._target.shown} is out of reach / tidak terjangkau: {error}"
                    ) from error
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SEC)

    async def _exchange(self, commands: list[Command]) -> list[Any]:
        connection = self._connection or await self._connect()
        durable = self._durability is not Durability.FAST
        sent = [*commands, *self._durability_commands()] if durable else commands
        await _send(connection, sent)
        answers = [await _read(connection) for _ in sent]
        self.round_trips += 1
        for answer in answers:
            if isinstance(answer, ResponseError) and str(answer).startswith(_ELSEWHERE):
                raise RedisConnectionError(str(answer))
        return self._confirmed(answers, len(commands)) if durable else answers

    def _durability_commands(self) -> list[Command]:
        # WAIT looks at its own connection's last write: an answer such as DUPLICATE wrote nothing,
        # so without a write of its own here the wait would confirm an older one.
        touch: Command = ("HINCRBY", self._keys.meta, "confirmed", 1)
        if self._durability is Durability.FSYNCED:
            return [touch, ("WAITAOF", 1, 0, self._durability_timeout_ms)]
        return [touch, ("WAIT", 1, self._durability_timeout_ms)]

    def _confirmed(self, answers: list[Any], count: int) -> list[Any]:
        last: Any = answers[-1]
        reached: Any = cast("list[Any]", last)[0] if isinstance(last, list) else last
        if isinstance(reached, int) and reached >= 1:
            return answers[:count]
        refusal = NotDurable(f"DURABILITY={self._durability} was not confirmed in time (answer: {reached})")
        return [answer if isinstance(answer, Exception) else refusal for answer in answers[:count]]

    async def _connect(self) -> AbstractConnection:
        self._connection = await self._target.connect()
        return self._connection

    async def _drop(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(RedisError, OSError):
                await connection.disconnect(nowait=True)


class BlockingLink:
    """A connection for commands that wait (XREAD BLOCK, SUBSCRIBE). Nothing is sent twice."""

    def __init__(self, target: RedisTarget) -> None:
        self._target = target
        self._connection: AbstractConnection | None = None

    async def command(self, *command: Arg, timeout_sec: float) -> Any:
        """Send one command and wait for its answer; a lost connection raises RedisUnavailable."""
        try:
            connection = self._connection or await self._connect()
            await _send(connection, [command])
            # The client's own time-out answers None and leaves the late answer to the next command.
            async with asyncio.timeout(timeout_sec):
                return cast("Any", await connection.read_response(timeout=math.inf))
        except ResponseError as error:
            raise _translate(error) from error
        except _LOST as error:
            await self.close()
            raise RedisUnavailable(f"Redis at {self._target.shown}: {error}") from error
        except asyncio.CancelledError:
            # The answer may come any time: on this connection it would be read as the next one's.
            await self.close()
            raise

    async def message(self, timeout_sec: float) -> Any | None:
        """Return the next pushed message of a subscribed connection; None when the time is over."""
        connection = self._connection
        if connection is None:
            raise RedisUnavailable("not subscribed")
        try:
            return cast("Any", await connection.read_response(timeout=timeout_sec, disconnect_on_error=False))
        except RedisTimeoutError:
            return None
        except _LOST as error:
            await self.close()
            raise RedisUnavailable(f"Redis at {self._target.shown}: {error}") from error

    async def close(self) -> None:
        """Close the connection; the next command opens another."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(RedisError, OSError):
                await connection.disconnect(nowait=True)

    @property
    def connected(self) -> bool:
        """Tell whether the connection of the last command still stands."""
        return self._connection is not None

    async def _connect(self) -> AbstractConnection:
        self._connection = await self._target.connect()
        return self._connection


async def open_link(
    settings: Settings,
    patience_sec: float = RESEND_SEC,
    answer_timeout_sec: float = ANSWER_TIMEOUT_SEC,
) -> RedisLink:
    """Return a link that connects at its first call."""
    keys = Keys(settings.namespace)
    target = parse_target(settings.effective_redis_url, keys.seq, answer_timeout_sec)
    return RedisLink(target, keys, settings, patience_sec)


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


def pack(connection: AbstractConnection, commands: list[Command]) -> list[bytes]:
    """Return commands as they go over the wire; hiredis does it in a fifth of the time."""
    if _pack_one is not None:
        return [_pack_one(command) for command in commands]
    return connection.pack_commands(commands)


async def _send(connection: AbstractConnection, commands: list[Command]) -> None:
    packed = pack(connection, commands)
    try:
        await connection.send_packed_command(packed)
    except (RuntimeError, TypeError) as error:
        # What a write to a connection that the peer has reset raises, in place of an OSError: RuntimeError
        # in uvloop, TypeError in asyncio of Python 3.12 and later. The bytes themselves are sound.
        raise RedisConnectionError(str(error)) from error


async def _read(connection: AbstractConnection) -> Any:
    try:
        return cast("Any", await connection.read_response())
    except ResponseError as error:
        return error


def _translate(error: Exception) -> Exception:
    # The client strips the word OOM off where the server's error begins with it.
    if isinstance(error, OutOfMemoryError) or (isinstance(error, ResponseError) and "OOM" in str(error)[:60]):
        return RedisFull(
            "Redis is out of memory / memori Redis penuh: raise maxmemory or lower the retention."
        )
    if isinstance(error, ResponseError) and str(error).startswith("MISCONF"):
        return RedisFull(f"Redis cannot write to its disk / Redis tidak dapat menulis ke disk: {error}")
    if isinstance(error, ResponseError) and str(error).startswith("NOREPLICAS"):
        return NotDurable(f"Redis has too few replicas in reach / replika Redis kurang: {error}")
    return error

"""One connection to one Redis node: batches, error classes, reply values."""

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import TYPE_CHECKING, Any, TypeAlias, cast

from redis.asyncio.connection import Connection, SSLConnection
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import (
    AskError,
    ClusterDownError,
    OutOfMemoryError,
    ReadOnlyError,
    RedisError,
    ResponseError,
    TryAgainError,
)
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from app.core.errors import NotDurable, RedisFull
from app.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from redis.asyncio.connection import AbstractConnection

try:
    import hiredis
    from redis._parsers import hiredis as parser

    # Its type hints allow one-word commands only.
    _pack_one = cast("Callable[[Command], bytes]", hiredis.pack_command)  # pyright: ignore[reportUnknownMemberType]
    _no_answer: object = parser.NOT_ENOUGH_DATA
except ImportError:  # no wheel for this platform
    _pack_one = _no_answer = None


Arg: TypeAlias = "str | bytes | int | float"
Command: TypeAlias = "tuple[Arg, ...]"

CONNECT_TIMEOUT_SEC = 2.0
ANSWER_TIMEOUT_SEC = 5.0
_READ_AT_ONCE = 64


class TlsConnection(SSLConnection):
    """A TLS connection whose socket is closed at once.

    asyncio keeps the socket of a closed TLS connection until the server closes its side too, up to 30 s.
    """

    async def disconnect(self, *args: Any, **options: Any) -> None:
        """Close the socket at once."""
        writer = self._writer
        try:
            await super().disconnect(*args, **{**options, "nowait": True})
        finally:
            if writer is not None:
                writer.transport.abort()


async def open_connection(kwargs: dict[str, Any], answer_timeout_sec: float) -> AbstractConnection:
    """Return an open, authenticated connection; a read that waits for longer raises."""
    options = dict(kwargs)
    connection_class = options.pop("connection_class", Connection)
    # No retries here: the link decides which commands are sent again.
    connection = connection_class(
        **options,
        decode_responses=True,
        # An invalid byte in one value must not fail the other answers of the batch.
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
        await hang_up(connection)
        raise RedisConnectionError(str(error)) from error
    except BaseException:
        await hang_up(connection)
        raise
    return connection


async def hang_up(connection: AbstractConnection) -> None:
    """Close a connection at once; unanswered commands on it are lost."""
    with contextlib.suppress(RedisError, OSError):
        await connection.disconnect(nowait=True)


def pack(connection: AbstractConnection, commands: Sequence[Command]) -> list[bytes]:
    """Return the encoded commands; hiredis needs a fifth of the time."""
    if _pack_one is not None:
        return [_pack_one(command) for command in commands]
    return connection.pack_commands(commands)


async def send(connection: AbstractConnection, commands: Sequence[Command]) -> None:
    """Write commands; RedisConnectionError if the peer is gone."""
    packed = pack(connection, commands)
    try:
        await connection.send_packed_command(packed)
    except (RuntimeError, TypeError) as error:
        # A write to a connection that the peer has reset raises these in place of an OSError: RuntimeError
        # in uvloop, TypeError in asyncio of Python 3.12 and later. The bytes themselves are valid.
        raise RedisConnectionError(str(error)) from error


async def read(connection: AbstractConnection, timeout_sec: float | None = None) -> Any:
    """Return the next answer, waiting as long as the connection may; a server's error is returned."""
    try:
        return cast("Any", await connection.read_response(timeout=timeout_sec))
    except ResponseError as error:
        return error


def arrived(connection: AbstractConnection, most: int) -> list[Any]:
    """Return up to `most` answers that came with the last one that was read.

    redis-py passes three coroutines for each, which take longer than hiredis takes for a small answer.
    """
    gets = getattr(getattr(getattr(connection, "_parser", None), "_reader", None), "gets", None)
    answers: list[Any] = []
    while gets is not None and _no_answer is not None and len(answers) < most:
        answer = gets()
        if answer is _no_answer:
            break
        if isinstance(answer, RedisConnectionError):
            raise answer
        answers.append(answer)
    return answers


async def exchange(connection: AbstractConnection, commands: Sequence[Command]) -> list[Any]:
    """Send commands in one round trip and return their answers, errors of the server among them."""
    answers: list[Any] = []
    unsent = pack(connection, commands)
    while len(answers) < len(commands):
        full = min(len(answers) + _READ_AT_ONCE, len(commands))
        try:
            # One timer for the write and many answers: redis-py's own, one for the write and one for each
            # answer, take longer than most answers.
            async with asyncio.timeout(connection.socket_timeout):
                if unsent:
                    await _write(connection, unsent)
                    unsent = []
                while len(answers) < full:
                    answers.append(await read(connection, math.inf))
                    answers += arrived(connection, full - len(answers))
        except TimeoutError as error:
            await hang_up(connection)
            raise RedisTimeoutError("Timeout reading from Redis") from error
    return answers


async def _write(connection: AbstractConnection, packed: list[bytes]) -> None:
    """Write without a timer of redis-py's own; RedisConnectionError if the peer is gone."""
    if not connection.is_connected:
        raise RedisConnectionError("Connection closed")
    try:
        await connection._send_packed_command(packed)  # pyright: ignore[reportPrivateUsage]  # noqa: SLF001
    except (RuntimeError, TypeError) as error:
        raise RedisConnectionError(str(error)) from error


# Classifies Redis errors: role errors, and errors for callers.
#
# redis-py removes the error code from the message and maps it to an exception class. The class is therefore
# the only reliable sign; codes that redis-py does not map keep their word at the start of the message.

# MOVED is an AskError, MASTERDOWN a ClusterDownError; LOADING is a ConnectionError already.
_ROLE_CLASSES = (ReadOnlyError, AskError, TryAgainError, ClusterDownError)
# UNBLOCKED ends a blocking command when its master becomes a replica. REDIRECT is Valkey's answer then.
# The last two are raised inside scripts when a cluster changes after the script's first check.
_ROLE_TEXTS = (
    "UNBLOCKED ",
    "REDIRECT ",
    "Script attempted to access a non local key",
    "Script attempted to execute a",
)


class NotMasterError(RedisConnectionError):
    """The node does not accept this deployment's writes: look the master up and send again."""


def is_role_error(error: object) -> bool:
    """Return whether an answer means that another node is or will be the master."""
    if isinstance(error, _ROLE_CLASSES):
        return True
    return isinstance(error, ResponseError) and str(error).startswith(_ROLE_TEXTS)


def not_master_error(error: Exception) -> NotMasterError:
    """Return a role error as a connection error."""
    return NotMasterError(f"{type(error).__name__}: {error}")


def translated(error: Exception) -> Exception:
    """Return an error of the server as callers know it."""
    # The client removes the word OOM if the server's error begins with it.
    if isinstance(error, OutOfMemoryError) or (isinstance(error, ResponseError) and "OOM" in str(error)[:60]):
        return RedisFull(_("Redis is out of memory: raise maxmemory or lower the retention."))
    if isinstance(error, ResponseError) and str(error).startswith("MISCONF"):
        return RedisFull(_("Redis cannot write to its disk: {error}", error=error))
    if isinstance(error, ResponseError) and str(error).startswith("NOREPLICAS"):
        return NotDurable(_("Redis has too few replicas: {error}", error=error))
    return error


# Redis replies as Python values.


def pairs(flat: Sequence[str]) -> dict[str, str]:
    """Return the content of a hash, or of a stream entry, from its flat form."""
    return dict(zip(flat[::2], flat[1::2], strict=True))


def scores(flat: Sequence[str]) -> dict[str, int]:
    """Return members with their scores, in the order of a reply `WITHSCORES`."""
    return {member: int(float(score)) for member, score in zip(flat[::2], flat[1::2], strict=True)}


def time_ms(reply: Sequence[str]) -> int:
    """Return the epoch milliseconds of a reply to `TIME`."""
    return int(reply[0]) * 1000 + int(reply[1]) // 1000


def info_fields(text: str) -> dict[str, str]:
    """Return the fields of a reply to `INFO`."""
    lines = (line.strip().partition(":") for line in text.splitlines())
    return {name: value for name, colon, value in lines if colon}

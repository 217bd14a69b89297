"""Links to Redis: batched for concurrent calls, and one for blocking commands.

A deployment's keys share one hash tag, so one node holds all of them, and a plain connection to that node
serves a single server, Sentinel and Cluster alike. Each connect looks the node up again.
"""

from __future__ import annotations

import asyncio
import math
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias, cast

from redis.exceptions import AuthenticationError, ResponseError
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import TimeoutError as RedisTimeoutError

from app.core.config import Durability
from app.core.errors import RedisUnavailable
from app.core.i18n import _
from app.core.storage.batching import Batcher
from app.core.storage.connection import (
    Arg,
    Command,
    exchange,
    hang_up,
    is_role_error,
    not_master_error,
    pairs,
    read,
    send,
    translated,
)
from app.core.storage.diagnosis import explained
from app.core.storage.durability import Confirmation
from app.core.storage.scripts import Scripts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from redis.asyncio.connection import AbstractConnection

    from app.core.config import Settings
    from app.core.storage.discovery import Master, RedisTarget
    from app.core.storage.keys import Keys

RESEND_SEC = 60.0
"""Retention removes nothing younger than twice this, so a command sent again meets what it wrote."""
MAX_BATCH = 512
FIRST_PAUSE_SEC, LONGEST_PAUSE_SEC = 0.02, 0.5
# A timer that is later than this shows that the process itself stood still: the machine was busy or asleep.
_STOOD_STILL_SEC = 0.25
# How often a silent listener looks whether its node is still the master.
_LOOK_SEC = 1.0
_LOST = (RedisConnectionError, RedisTimeoutError, OSError, asyncio.IncompleteReadError)


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


# A command, and the instant (the loop's clock) at which its call is refused.
_Call: TypeAlias = "tuple[Command, float]"


class LinkPart(Protocol):
    """A shard of a link to several."""

    @property
    def index(self) -> int: ...
    @property
    def link(self) -> RedisLink: ...
    @property
    def keys(self) -> Keys: ...
    @property
    def scripts(self) -> Scripts: ...


class RedisLink:
    """One connection; calls made while a round trip is under way share the next one.

    The whole batch is sent again after a lost connection, or if the node is not the master. Only commands
    that may be repeated belong here. No call waits longer than `patience_sec`, including its time in the
    queue. After a call was refused, the next ones wait for `outage_patience_sec` until Redis answers again.
    If this process itself stood still meanwhile, its calls get their time once more, to read what has come.
    Answers are text (RESP2), errors are raised to their caller.
    """

    parts: Sequence[LinkPart] = ()
    """The shards of a link to several (`merging/`), each with a link of its own; empty for one Redis."""

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
        self._confirmation = (
            None
            if settings.durability is Durability.FAST
            else Confirmation(target, keys, settings, self._patience_sec)
        )
        self._history = master_history(target)
        self._master: Master | None = None
        self._batcher: Batcher[_Call, Any] = Batcher(self._send, MAX_BATCH)
        self._expiry: tuple[float, asyncio.Handle] | None = None
        self._extended_until = -math.inf
        self._failure = ""
        self._refused = False
        self._connects = 0
        self.round_trips = 0

    @property
    def patience_sec(self) -> float:
        """Return how long a call waits for its answer."""
        return self._patience_sec

    @property
    def reconnects(self) -> int:
        """Return how often this link has connected after its first connection."""
        return max(0, self._connects - 1)

    def scripts(self, keys: Keys) -> Scripts:
        """Return the scripts of a namespace on this link."""
        return Scripts(self, keys)

    def part_of(self, job_id: str) -> LinkPart:
        """Return the part that has a job; only for a link with `parts`."""
        raise LookupError(f"this link has no parts: {job_id}")

    async def call(self, *command: Arg) -> Any:
        """Send one command; return its answer."""
        return await self._submit(command)

    async def call_at_once(self, *command: Arg) -> Any:
        """Send one command; it does not wait a turn of the event loop for others that could go with it.

        For the command of a whole batch, whose task is never cancelled.
        """
        if self._master is None or self._refused:
            # It may have to give up while the link still tries to connect.
            return await self._submit(command)
        return await self._batcher.submit_at_once((command, self._until()))

    async def calls(self, commands: list[Command]) -> list[Any]:
        """Send several commands in one round trip; raise the first error."""
        answers = await self.answers(commands)
        for answer in answers:
            if isinstance(answer, BaseException):
                raise answer
        return answers

    async def answers(self, commands: Iterable[Command]) -> list[Any]:
        """Send several commands in one round trip; return their answers, errors among them."""
        futures = [self._submit(command) for command in commands]
        found: list[Any] = []
        # Not gather, which would take a tenth of the time of a page of runs: all are answered at once.
        for future in futures:
            try:
                found.append(await future)
            except asyncio.CancelledError:
                for other in futures:
                    other.cancel()
                raise
            except Exception as error:  # noqa: BLE001  the caller's to judge
                found.append(error)
        return found

    async def hash(self, key: str) -> dict[str, str]:
        """Return the content of a hash; empty if there is none."""
        return pairs(await self._submit(("HGETALL", key)))

    async def hashes(self, keys: Iterable[str]) -> list[dict[str, str]]:
        """Return the content of hashes in one round trip."""
        return [pairs(flat) for flat in await self.calls([("HGETALL", key) for key in keys])]

    async def close(self) -> None:
        """Wait for the answers of all calls and close the connection."""
        await self._batcher.drained()
        self._expire_at(None)
        await self._drop()

    def _submit(self, command: Command) -> asyncio.Future[Any]:
        return self._batcher.submit((command, self._until()))

    def _until(self) -> float:
        """Return the instant at which a call that begins now is refused."""
        patience_sec = self._outage_patience_sec if self._refused else self._patience_sec
        until = asyncio.get_running_loop().time() + patience_sec
        if self._expiry is None or (self._refused and until < self._expiry[0]):
            self._expire_at(until)
        return until

    def _expire(self) -> None:
        """Refuse the calls whose time is over; the other calls of the batch go on."""
        now, waiting = asyncio.get_running_loop().time(), self._batcher.unanswered()
        due = now if self._expiry is None else self._expiry[0]
        # Once: a loop that is always late must not wait for ever.
        if waiting and now - due > _STOOD_STILL_SEC and due > self._extended_until:
            self._extended_until = now + (self._outage_patience_sec if self._refused else self._patience_sec)
            self._expire_at(self._extended_until)
            return
        for (_rest, until), answer in waiting:
            if until <= now:
                self._refused = True
                answer.set_exception(self._unavailable())
        self._expire_at(min((until for (_, until), _ in waiting if until > now), default=None))

    def _expire_at(self, instant: float | None) -> None:
        if self._expiry is not None:
            self._expiry[1].cancel()
        loop = asyncio.get_running_loop()
        # The instant is kept here: uvloop's handle has none if it is over already.
        self._expiry = None if instant is None else (instant, loop.call_at(instant, self._expire))

    async def _send(self, calls: list[_Call]) -> list[Any]:
        try:
            answers = await self._exchange_until_answered([command for command, _ in calls])
        except BaseException:
            # Unread answers may follow on this connection: they would be taken for those of the next batch.
            await self._drop()
            raise
        return [translated(answer) if isinstance(answer, Exception) else answer for answer in answers]

    async def _exchange_until_answered(self, commands: list[Command]) -> list[Any]:
        pause, loop = FIRST_PAUSE_SEC, asyncio.get_running_loop()
        begun = loop.time()
        until, latest = begun + self._patience_sec, begun + RESEND_SEC
        self._failure = ""
        while True:
            try:
                # Each step of it has a limit (`open_connection`), so it needs no timer of its own.
                answers = await self._exchange(commands)
            except _LOST as error:
                self._failure = explained(error)
                await self._drop()
                until = max(until, min(self._extended_until, latest))
                if isinstance(error, AuthenticationError) or loop.time() >= until:
                    raise self._unavailable() from error
            else:
                self._refused = False
                return answers
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE_SEC)

    def _unavailable(self) -> RedisUnavailable:
        why = self._failure or _("no answer within {seconds:g} s", seconds=self._patience_sec)
        return RedisUnavailable(
            _("Redis at {place} is out of reach: {why}", place=self._target.display, why=why)
        )

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
        self._connects += 1
        self._history.observe(self._master)
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
        self._history = master_history(target)
        self._connection: AbstractConnection | None = None
        self._changes = 0

    async def command(self, *command: Arg, timeout_sec: float) -> Any:
        """Send one command and wait for its answer; a lost connection raises RedisUnavailable."""
        (answer,) = await self.commands([command], timeout_sec=timeout_sec)
        if isinstance(answer, ResponseError):
            raise translated(answer) from answer
        return answer

    async def commands(self, commands: list[Command], *, timeout_sec: float) -> list[Any]:
        """Send commands at once and wait for their answers, errors of the server among them.

        The server begins a command after it has answered the one before, so what follows a blocking read
        sees what that has read. A lost connection raises RedisUnavailable.
        """
        try:
            connection = await self._connected()
            await send(connection, commands)
            # The client's own time-out answers None and leaves the late answer to the next command.
            async with asyncio.timeout(timeout_sec):
                answers = [await read(connection, math.inf) for _ in commands]
        except _LOST as error:
            raise await self._lost(error) from error
        except BaseException:
            # The answer may come any time: on this connection it would be read as the next one's.
            await self.close()
            raise
        for answer in answers:
            if is_role_error(answer):
                raise await self._lost(answer) from answer
        return answers

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
        return self._connection is not None and self._changes == self._history.changes

    async def _connected(self) -> AbstractConnection:
        connection = self._connection
        if connection is not None and self.connected:
            return connection
        await self.close()
        # Read before the connect: a change in between is found at the next command.
        self._changes = self._history.changes
        self._connection = (await self._target.connect()).connection
        return self._connection

    async def _lost(self, why: object) -> RedisUnavailable:
        await self.close()
        return RedisUnavailable(_("Redis at {where}: {why}", where=self._target.display, why=why))

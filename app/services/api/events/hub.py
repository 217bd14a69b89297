"""The event hub: one reader per process, each event serialised once.

The connection is opened with the first client and closed a while after the last. A client that resumes reads
the missed events page by page and joins at the hub's position, in one step without an await: no gap, nothing
twice.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from redis.exceptions import ResponseError

from app.core.activity.events import Events, event_id, portions
from app.core.background import OutageBackoff
from app.core.errors import Unavailable
from app.core.i18n import Language, _, reader_language
from app.core.observability import get_logger
from app.core.redis_client import BlockingLink
from app.core.storage.discovery import parse_target
from app.services.api.events.frames import (
    BEFORE_ALL,
    COMMENT,
    NOTHING,
    UNKNOWN,
    FrameBatch,
    alive,
    frames_of,
    jobs_of,
    joined_position,
    missing,
    outage,
    reset,
    split_position,
)
from app.services.api.http.problems import HttpProblem

if TYPE_CHECKING:
    from app.core.access.scope import JobScope
    from app.core.activity.events import Entry, EventId
    from app.core.config import Settings
    from app.core.storage.shards import Shard, ShardSet
    from app.services.api.events.frames import Topics
    from app.services.api.events.view import ScopedEvents
    from app.services.api.http.auth import Actor

# What one client of the event stream has still to be sent: bounded, and never waited for by others.

# Chunks are shared between clients, so this bounds how far behind one may be rather than memory.
MAX_BYTES: Final = 1_048_576


class Listener:
    """The buffer between the hub, which offers, and one connection, which takes."""

    def __init__(
        self,
        topics: Topics,
        actor: Actor,
        since: float,
        what_was_missed: Callable[[], bytes],
        view: ScopedEvents | None = None,
    ) -> None:
        self.topics = topics
        self.actor = actor
        self.view = view
        """The part of the events that it gets; None for all."""
        self.since = since
        self.after: list[EventId] = []
        """Events up to here it has already, of each stream."""
        self.newest = NOTHING
        """The newest event when the client came."""
        self.ended = False
        self.language: Language = reader_language.get()
        self._what_was_missed = what_was_missed
        self._chunks: list[bytes] = []
        self._size = 0
        self._lagging = False
        self._woken = asyncio.Event()

    def offer(self, chunk: bytes) -> None:
        """Add data to send; if that is too much, drop all of it and notify the client."""
        if not chunk or self._lagging:
            return
        if self._size and self._size + len(chunk) > MAX_BYTES:
            self._drop()
            self._lagging = True
        else:
            self._chunks.append(chunk)
            self._size += len(chunk)
        self._woken.set()

    def restart(self, chunk: bytes) -> None:
        """Drop what waits and send this in its place; everything that follows is new."""
        self._drop()
        self._lagging = False
        self.after = [BEFORE_ALL] * len(self.after)
        self.offer(chunk)

    def end(self) -> None:
        """End the stream; what waits is left, for the client resumes."""
        self.ended = True
        self._woken.set()

    async def take(self) -> bytes | None:
        """Wait for what is to be sent and return all of it; None at the end."""
        await self._woken.wait()
        self._woken.clear()
        if self.ended:
            return None
        if self._lagging:
            # Notified with the newest id of now: later offers follow it.
            self._lagging = False
            return self._what_was_missed()
        chunk = self._chunks[0] if len(self._chunks) == 1 else b"".join(self._chunks)
        self._drop()
        return chunk

    def _drop(self) -> None:
        self._chunks.clear()
        self._size = 0


READ_COUNT: Final = 500
"""Entries that are read at once; each has up to ten events."""
PORTION: Final = 500
"""Events that are handed out in one step, so that other requests wait for some milliseconds at most."""
_BLOCK_SEC: Final = 1.0
_ANSWER_SEC: Final = 3.0
# Under load, one wake-up of all clients for what comes within this; alone, an event is never held.
_GATHER_SEC: Final = 0.02
_LINGER_SEC: Final = 10.0
# A client connects again with its key; a stream without a reader does not.
_LONGEST_SEC: Final = 3_600.0
_TOLD_AFTER_FAILURES: Final = 2
KEYLESS_TIMES: Final = 5
"""All requests without a key may have so many times the streams of one key: each tab of a browser has one."""

log = get_logger(__name__)


@dataclass(slots=True)
class EventSource:
    """The stream of one shard, and how far it was read."""

    events: Events
    key: str
    open_link: Callable[[], BlockingLink]
    position: str = NOTHING
    """The id of the newest event that was handed out."""
    failures: int = 0


class EventHub:
    """Reads the streams while there are clients and hands each of them what it wants."""

    def __init__(
        self,
        sources: Sequence[EventSource],
        namespace: str,
        *,
        keep_alive_sec: float,
        max_clients: int,
        max_of_key: int = 20,
        count: Callable[[str], None] = lambda _: None,
    ) -> None:
        self.sources = sources
        self._name = f"multi-job-events:{namespace}"
        self._keep_alive_sec = keep_alive_sec
        self._max_clients = max_clients
        self._max_of_key = max_of_key
        self._count = count
        self._of_keys: Counter[str] = Counter()
        self._guests: set[Listener] = set()
        self._joined: set[Listener] = set()
        self._task: asyncio.Task[None] | None = None
        self._closing = False
        self._alive_at = 0.0
        self._idle_since: float | None = None

    @contextlib.asynccontextmanager
    async def place(
        self, topics: Topics, actor: Actor, view: ScopedEvents | None = None
    ) -> AsyncGenerator[Listener]:
        """Register a client; HttpProblem if the limit is reached, Unavailable without Redis."""
        if self._closing:
            raise Unavailable(_("The service is stopping."))
        self._check_limits(actor)
        now = asyncio.get_running_loop().time()
        language = reader_language.get()
        listener = Listener(topics, actor, now, lambda: reset("too_slow", self.position, language), view)
        self._guests.add(listener)
        self._of_keys[actor.key_id] += 1
        try:
            await self._start(listener)
            yield listener
        finally:
            self._of_keys[actor.key_id] -= 1
            if not self._of_keys[actor.key_id]:
                del self._of_keys[actor.key_id]
            self._guests.discard(listener)
            self._joined.discard(listener)

    @property
    def position(self) -> str:
        """Return the id behind the newest events that were handed out."""
        return joined_position([source.position for source in self.sources])

    def bound(self, most: int) -> None:
        """Take at most so many clients, if the setting allows more."""
        self._max_clients = min(self._max_clients, most)

    def _check_limits(self, actor: Actor) -> None:
        most = self._max_of_key if actor.key_id else self._max_of_key * KEYLESS_TIMES
        if self._of_keys[actor.key_id] >= most:
            self._count("streams_of_key")
            raise HttpProblem(
                "too_many_streams_of_key",
                _(
                    "{name!r} has {most} streams open (MAX_EVENT_STREAMS_PER_KEY).",
                    name=actor.name,
                    most=most,
                ),
            )
        if len(self._guests) >= self._max_clients:
            self._count("streams")
            raise HttpProblem(
                "too_many_streams",
                _("{max_clients} streams are open (MAX_EVENT_STREAMS).", max_clients=self._max_clients),
            )

    def join(self, listener: Listener, after: str) -> None:
        """Hand a client what comes from now on, but nothing up to `after`: the hub may yet be behind."""
        places = split_position(after, len(self.sources)) or []
        listener.after = [event_id(place) or BEFORE_ALL for place in places]
        self._joined.add(listener)

    def end_refused(self, is_admitted: Callable[[Actor], bool]) -> None:
        """End the streams of those whose requests would be refused by now."""
        for listener in self._guests:
            if not is_admitted(listener.actor):
                listener.end()

    def end_streams(self) -> None:
        """End all streams and take no more: who waits for them to close can go on."""
        self._closing = True
        for listener in self._guests:
            listener.end()

    async def close(self) -> None:
        """End all streams and stop reading."""
        self.end_streams()
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    async def _start(self, listener: Listener) -> None:
        newest = await self._newest()
        listener.newest = joined_position(newest)
        # No await from here on: two first clients must not start two readers.
        if self._task is None:
            for source, place in zip(self.sources, newest, strict=True):
                source.position, source.failures = place, 0
            self._idle_since = None
            self._alive_at = asyncio.get_running_loop().time()
            self._task = asyncio.create_task(self._run(), name="event-hub")

    async def _newest(self) -> list[str]:
        """Return the newest event of each stream; of several, one may be out of reach."""
        found = await asyncio.gather(
            *(source.events.bounds() for source in self.sources), return_exceptions=True
        )
        if isinstance(found[0], BaseException):
            raise found[0]
        return [
            UNKNOWN if isinstance(each, BaseException) else each[1] if each else NOTHING for each in found
        ]

    async def _run(self) -> None:
        """Read all streams until there was no client for a while: one reader alone never goes on or ends."""
        try:
            async with asyncio.TaskGroup() as group:
                readers = [group.create_task(self._read_source(source)) for source in self.sources]
                while not self._idle():  # noqa: ASYNC110  it is about time, not an event
                    await asyncio.sleep(_BLOCK_SEC)
                # Before the next await: who comes from here on starts other readers.
                self._leave()
                for reader in readers:
                    reader.cancel()
        except Exception:
            log.exception("event hub crashed; its clients come back and start another")
        finally:
            self._leave()

    def _leave(self) -> None:
        if self._task is asyncio.current_task():
            self._task = None
            for listener in self._guests:
                listener.end()

    async def _read_source(self, source: EventSource) -> None:
        link, outage = source.open_link(), OutageBackoff("event hub")
        try:
            while True:
                try:
                    await self._step(source, link)
                except (Unavailable, ResponseError) as error:
                    reason = error if isinstance(error, Unavailable) else Unavailable(str(error))
                    wait_sec = outage.failed(reason)
                    # After a failover the node that answers may be the wrong one: it is looked up again.
                    await link.close()
                    self._failed(source)
                    await asyncio.sleep(wait_sec)
                else:
                    outage.worked()
                self._keep_alive()
        finally:
            await link.close()

    async def _step(self, source: EventSource, link: BlockingLink) -> None:
        if not link.connected:
            await link.command("CLIENT", "SETNAME", self._name, timeout_sec=_ANSWER_SEC)
        if source.position == UNKNOWN:
            kept = await source.events.bounds()
            source.position = kept[1] if kept else NOTHING
        if source.failures:
            await self._come_back(source)
        entries = await self._read(source, link)
        far_behind = len(entries) == READ_COUNT
        # A process that was stopped for long may find that the events behind its place are gone.
        if not entries or (far_behind and await self._lost_place(source)):
            return
        for portion in portions(entries, PORTION):
            self._deliver(source, portion, await self._jobs_in_scopes(portion))
            # Clients take what they were offered, and other requests go on.
            await asyncio.sleep(0)
        if not far_behind:
            await asyncio.sleep(_GATHER_SEC)

    async def _read(self, source: EventSource, link: BlockingLink) -> list[Entry]:
        block_sec = min(_BLOCK_SEC, self._keep_alive_sec)
        answer = await link.command(
            *("XREAD", "COUNT", READ_COUNT, "BLOCK", max(1, round(block_sec * 1000))),
            *("STREAMS", source.key, source.position),
            timeout_sec=block_sec + _ANSWER_SEC,
        )
        return answer[0][1] if answer else []

    async def _jobs_in_scopes(self, entries: list[Entry]) -> dict[JobScope, frozenset[str]]:
        """Return the jobs of these entries that each scope among the clients has."""
        found: dict[JobScope, frozenset[str]] = {}
        # Once more if a client has joined meanwhile: it gets these entries too.
        while views := [
            each.view for each in self._joined if each.view is not None and each.view.scope not in found
        ]:
            found[views[0].scope] = await views[0].among(jobs_of(entries))
        return found

    def _deliver(
        self, source: EventSource, entries: list[Entry], jobs: Mapping[JobScope, frozenset[str]]
    ) -> None:
        source.position = entries[-1][0]
        place = self.sources.index(source)
        frames = frames_of(entries, self.place_of(place)) if self._joined else []
        if not frames:
            return
        batch = FrameBatch(frames)
        for listener in self._joined:
            wanted = listener.topics, listener.after[place], listener.language
            view = listener.view
            chunk = batch.chunk(*wanted) if view is None else batch.chunk_of(jobs[view.scope], *wanted)
            listener.offer(chunk)

    def place_of(self, stream: int, positions: Sequence[str] | None = None) -> Callable[[str], str]:
        """Return the function from an event of a stream to the id behind it and behind the others' places."""
        if len(self.sources) == 1:
            return str
        places = [source.position for source in self.sources] if positions is None else positions
        before, behind = places[:stream], places[stream + 1 :]
        return lambda event: "_".join((*before, event, *behind))

    def _failed(self, source: EventSource) -> None:
        source.failures += 1
        # A connection that is only re-established is not reported.
        if source.failures == _TOLD_AFTER_FAILURES:
            self._broadcast_outage(over=False)

    async def _come_back(self, source: EventSource) -> None:
        lost = await self._lost_place(source)
        if not lost and source.failures >= _TOLD_AFTER_FAILURES:
            self._broadcast_outage(over=True)
        source.failures = 0

    async def _lost_place(self, source: EventSource) -> bool:
        """Return whether the stream has lost the position that was reached; then all clients must reload."""
        kept = await source.events.bounds()
        reason = missing(source.position, *(kept or ("", "")))
        if reason is None or source.position == NOTHING:
            return False
        source.position = kept[1] if kept else NOTHING
        for listener in self._joined:
            listener.restart(reset(reason, self.position, listener.language))
        return True

    def _keep_alive(self) -> None:
        now = asyncio.get_running_loop().time()
        if now - self._alive_at < self._keep_alive_sec:
            return
        self._alive_at = now
        sign = alive(self.position)
        reached = [event_id(source.position) or BEFORE_ALL for source in self.sources]
        for listener in self._joined:
            is_behind = all(mine <= ours for mine, ours in zip(listener.after, reached, strict=True))
            listener.offer(sign if is_behind else COMMENT)
            if now - listener.since > _LONGEST_SEC:
                listener.end()

    def _broadcast_outage(self, *, over: bool) -> None:
        for listener in self._joined:
            listener.offer(outage(over=over, language=listener.language))

    def _idle(self) -> bool:
        now = asyncio.get_running_loop().time()
        if self._guests:
            self._idle_since = None
        elif self._idle_since is None:
            self._idle_since = now
        return self._idle_since is not None and now - self._idle_since > _LINGER_SEC


def open_hub(settings: Settings, shards: ShardSet, count: Callable[[str], None] = lambda _: None) -> EventHub:
    """Return the hub of a process; it connects while it has clients."""
    return EventHub(
        [_source(settings, shard) for shard in shards],
        settings.namespace,
        keep_alive_sec=settings.event_keep_alive_sec,
        max_clients=settings.max_event_streams,
        max_of_key=settings.max_event_streams_per_key,
        count=count,
    )


def _source(settings: Settings, shard: Shard) -> EventSource:
    url, events = settings.shard_url(shard.index), shard.keys.events
    return EventSource(
        Events(shard.link, shard.keys), events, lambda: BlockingLink(parse_target(url, events))
    )

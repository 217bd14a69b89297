"""The event hub on fakes: listeners, joins, and a dead reader."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from app.core.activity.events import EventPage
from app.core.errors import RedisUnavailable, Unavailable
from app.core.storage.keys import Keys
from app.services.api.events import hub as event_hub
from app.services.api.events.frames import NOTHING
from app.services.api.events.hub import MAX_BYTES, EventHub, EventSource, Listener
from app.services.api.events.stream import EventStream
from app.services.api.http.auth import LOCAL
from app.services.api.http.problems import HttpProblem
from tests.support.waiting import wait_until_async

EVERYTHING: frozenset[str] = frozenset()


class FakeRedis:
    """A stream of events, and a link that reads it."""

    def __init__(self) -> None:
        self.entries: list[tuple[str, list[str]]] = []
        self.connected = False
        self.broken: Exception | None = None
        self.reads = 0
        self.closed = 0
        self.answers = asyncio.Event()
        self.answers.set()

    def tell(self, *numbers: int) -> None:
        self.entries += [(f"{n}-0", ["e", "run.queued|a|R|1|1|"]) for n in numbers]

    async def bounds(self) -> tuple[str, str] | None:
        if isinstance(self.broken, Unavailable):
            raise self.broken
        return (self.entries[0][0], self.entries[-1][0]) if self.entries else None

    async def page(self, after: str, upto: str, limit: int) -> EventPage:
        first, last = await self.bounds() or ("", "")
        between = [e for e in self.entries if _number(after) < _number(e[0]) <= _number(upto)]
        await asyncio.sleep(0)
        return EventPage(first, last, between[:limit])

    async def command(self, *command: Any, timeout_sec: float) -> Any:
        if self.broken is not None:
            raise self.broken
        self.connected = True
        if command[0] != "XREAD":
            return "OK"
        self.reads += 1
        found = [e for e in self.entries if _number(e[0]) > _number(command[-1])][: command[2]]
        await asyncio.sleep(0.001)
        await self.answers.wait()
        return [["events", found]] if found else None

    async def close(self) -> None:
        self.connected = False
        self.closed += 1


def _number(entry_id: str) -> int:
    return int(entry_id.partition("-")[0])


def hub_on(*shards: FakeRedis, max_clients: int = 10, keep_alive_sec: float = 60) -> EventHub:
    def source(redis: FakeRedis) -> EventSource:
        return EventSource(cast("Any", redis), Keys().events, lambda: cast("Any", redis))

    return EventHub(
        [*map(source, shards)],
        Keys().namespace,
        keep_alive_sec=keep_alive_sec,
        max_clients=max_clients,
    )


class Reader:
    """What one client was written."""

    def __init__(self) -> None:
        self.text = ""

    async def write(self, chunk: bytes) -> None:
        self.text += chunk.decode()
        await asyncio.sleep(0)

    @property
    def ids(self) -> list[int]:
        blocks = [block for block in self.text.split("\n\n") if "event: run." in block]
        return [_number(block.partition("\n")[0].removeprefix("id: ")) for block in blocks]


class Client:
    """A client of a hub for as long as its task runs."""

    def __init__(self, hub: EventHub, last_id: str | None = None) -> None:
        self.reader = Reader()
        self.task = asyncio.create_task(self._run(hub, last_id))

    async def _run(self, hub: EventHub, last_id: str | None) -> None:
        async with hub.place(EVERYTHING, LOCAL) as listener:
            await EventStream(hub, listener, last_id).run(self.reader.write)

    async def begun(self) -> None:
        await wait_until_async(lambda: "retry:" in self.reader.text)

    async def has(self, *numbers: int) -> None:
        await wait_until_async(lambda: self.reader.ids == list(numbers), message=self.reader.text)


@pytest.fixture
def redis() -> FakeRedis:
    redis = FakeRedis()
    redis.tell(1, 2, 3)
    return redis


@pytest.fixture
async def hub(redis: FakeRedis) -> AsyncIterator[EventHub]:
    hub = hub_on(redis)
    yield hub
    await hub.close()


async def test_new_client_gets_what_comes(hub: EventHub, redis: FakeRedis) -> None:
    """Nothing of before, all of after."""
    client = Client(hub)
    await client.begun()
    redis.tell(4, 5)
    await client.has(4, 5)


async def test_client_that_resumes_joins_at_the_reader_position(hub: EventHub, redis: FakeRedis) -> None:
    """Pages first, then the tail, whatever comes in between; the seam shows neither a gap nor a double."""
    first = Client(hub)
    await first.begun()
    redis.tell(*range(4, 700))
    client = Client(hub, "1-0")
    redis.tell(*range(700, 720))
    await client.has(*range(2, 720))
    await wait_until_async(lambda: first.reader.ids[-1:] == [719])


async def test_client_ahead_of_the_reader_gets_nothing_twice(hub: EventHub, redis: FakeRedis) -> None:
    """It comes from another process whose reader was a little faster."""
    other = Client(hub)
    await wait_until_async(lambda: redis.reads > 0)
    redis.tell(4, 5)
    client = Client(hub, "5-0")
    redis.tell(6)
    await client.has(6)
    await wait_until_async(lambda: other.reader.ids == [4, 5, 6])


async def test_listener_that_lags_drops_and_tells() -> None:
    """It gets one reset, and later events are sent."""
    listener = Listener(EVERYTHING, LOCAL, 0, lambda: b"missed")
    listener.offer(b"x" * MAX_BYTES)
    listener.offer(b"y")
    listener.offer(b"z")
    assert await listener.take() == b"missed"
    listener.offer(b"new")
    assert await listener.take() == b"new"


async def test_listener_takes_a_single_chunk_of_any_size() -> None:
    """A large batch alone is no sign of slowness."""
    listener = Listener(EVERYTHING, LOCAL, 0, lambda: b"missed")
    listener.offer(b"x" * (MAX_BYTES + 1))
    assert len(await listener.take() or b"") == MAX_BYTES + 1


async def test_short_interruption_is_not_reported(hub: EventHub, redis: FakeRedis) -> None:
    """A short reconnection costs nothing but time."""
    client = Client(hub)
    await wait_until_async(lambda: redis.connected)
    redis.broken = RedisUnavailable("reset by peer")
    await wait_until_async(lambda: not redis.connected)
    redis.broken = None
    redis.tell(4)
    await client.has(4)
    assert "recovered" not in client.reader.text


async def test_outage_is_reported_and_goes_on_from_the_last_id(hub: EventHub, redis: FakeRedis) -> None:
    """Clients are informed at its start and its end, then get the missed events."""
    client = Client(hub)
    await wait_until_async(lambda: redis.connected)
    redis.broken = RedisUnavailable("gone")
    await wait_until_async(lambda: "event: degraded" in client.reader.text)
    redis.tell(4)
    redis.broken = None
    await client.has(4)
    assert client.reader.text.index("event: recovered") < client.reader.text.index("id: 4-0")


async def test_outage_while_pages_are_read_is_waited_out(
    hub: EventHub, redis: FakeRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A client that resumes is informed, too, and misses nothing."""
    monkeypatch.setattr("app.services.api.events.stream._AGAIN_SEC", 0.01)
    client = Client(hub, "1-0")
    pages, redis.broken = redis.page, None
    fails = iter([True, True, False])

    async def page(after: str, upto: str, limit: int) -> EventPage:
        if next(fails, False):
            raise RedisUnavailable("gone")
        return await pages(after, upto, limit)

    monkeypatch.setattr(redis, "page", page)
    await client.has(2, 3)
    assert client.reader.text.count("event: degraded") == 1
    assert client.reader.text.index("event: recovered") < client.reader.text.index("id: 2-0")


async def test_stream_that_lost_its_end_is_a_reset(hub: EventHub, redis: FakeRedis) -> None:
    """After a failover that lost events, every client gets a reset, then new events, lower ids included."""
    client = Client(hub)
    await client.begun()
    redis.tell(8)
    await client.has(8)
    redis.broken = RedisUnavailable("failover")
    await wait_until_async(lambda: redis.closed)
    del redis.entries[1:]
    redis.broken = None
    await wait_until_async(lambda: '"after_last"' in client.reader.text)
    redis.tell(5)
    await client.has(8, 5)


async def test_reader_that_was_stopped_too_long_is_a_reset(hub: EventHub, redis: FakeRedis) -> None:
    """If more events were missed than are kept, clients get a reset."""
    client = Client(hub)
    await client.begun()
    redis.entries = []
    redis.tell(*range(10, 10 + event_hub.READ_COUNT))
    await wait_until_async(lambda: '"before_first"' in client.reader.text)
    redis.tell(5_000)
    await client.has(5_000)


async def test_crash_of_the_reader_ends_its_streams(
    hub: EventHub, redis: FakeRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Clients come back by themselves; the next one starts a new reader."""
    client = Client(hub)
    await wait_until_async(lambda: redis.connected)
    redis.broken = ValueError("a defect")
    await client.task
    redis.broken = None
    again = Client(hub, "3-0")
    redis.tell(4)
    await again.has(4)


async def test_reader_stops_after_the_last_client(
    hub: EventHub, redis: FakeRedis, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is read without listeners."""
    monkeypatch.setattr(event_hub, "_LINGER_SEC", 0.02)
    client = Client(hub)
    await wait_until_async(lambda: redis.connected)
    client.task.cancel()
    await wait_until_async(lambda: redis.closed)
    reads = redis.reads
    assert not redis.connected
    await asyncio.sleep(0)
    assert redis.reads == reads


async def test_readers_of_several_streams_end_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """One waits for its Redis when the other ends: the next client gets the events of both."""
    monkeypatch.setattr(event_hub, "_LINGER_SEC", 0.02)
    monkeypatch.setattr(event_hub, "_BLOCK_SEC", 0.01)
    prompt, slow = FakeRedis(), FakeRedis()
    hub = hub_on(prompt, slow)
    client = Client(hub)
    await wait_until_async(lambda: prompt.reads > 0 and slow.reads > 0)
    slow.answers.clear()
    client.task.cancel()
    await wait_until_async(lambda: prompt.closed)
    again = Client(hub)
    await again.begun()
    slow.answers.set()
    prompt.tell(4)
    slow.tell(5)
    await wait_until_async(lambda: len(again.reader.ids) == 2, message=again.reader.text)
    await hub.close()


async def test_places_are_bounded_and_given_back(redis: FakeRedis) -> None:
    """One too many is refused; when one leaves there is room."""
    hub = hub_on(redis, max_clients=1)
    async with hub.place(EVERYTHING, LOCAL):
        with pytest.raises(HttpProblem) as refused:
            async with hub.place(EVERYTHING, LOCAL):
                pass
    assert refused.value.code == "too_many_streams"
    async with hub.place(EVERYTHING, LOCAL):
        pass
    await hub.close()


async def test_no_redis_is_refused_before_anything_is_sent(redis: FakeRedis) -> None:
    """A client that connects during an outage gets a Retry-After, and takes no place."""
    hub = hub_on(redis, max_clients=1)
    redis.broken = RedisUnavailable("gone")
    for _ in range(2):
        with pytest.raises(RedisUnavailable):
            async with hub.place(EVERYTHING, LOCAL):
                pass


async def test_close_ends_streams_and_takes_no_more(hub: EventHub) -> None:
    """A process that stops does not wait for clients."""
    client = Client(hub)
    await client.begun()
    hub.end_streams()
    await client.task
    with pytest.raises(Unavailable):
        async with hub.place(EVERYTHING, LOCAL):
            pass


async def test_sign_of_life_carries_the_place(redis: FakeRedis) -> None:
    """A keep-alive carries the stream's position; before any event it has none."""
    for entries, sign in ((redis.entries, "id: 3-0"), ([], "")):
        redis.entries = entries
        hub = hub_on(redis, keep_alive_sec=0.01)
        client = Client(hub)
        await wait_until_async(lambda: f": keep-alive\n{sign}" in client.reader.text)  # noqa: B023
        assert hub.position == (sign.removeprefix("id: ") or NOTHING)
        await hub.close()

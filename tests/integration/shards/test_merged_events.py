"""Events of all shards in one stream: no gap and nothing twice, behind any id that a client has."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from app.core.activity.events import Events
from app.core.config import Settings
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.shards import ShardSet, shard_of_job
from app.services.api.events.frames import parse_topics, split_position
from app.services.api.events.hub import EventHub, open_hub
from app.services.api.events.stream import EventStream
from app.services.api.http.auth import LOCAL
from tests.support.queue.queue_driver import QueueDriver
from tests.support.waiting import wait_until_async


class Client:
    """Reads a stream; `seen` has the id and the run of each event."""

    def __init__(self, hub: EventHub, last_id: str | None) -> None:
        self.text = ""
        self._task = asyncio.create_task(self._run(hub, last_id))

    async def _run(self, hub: EventHub, last_id: str | None) -> None:
        async with hub.place(parse_topics(""), LOCAL) as listener:
            await EventStream(hub, listener, last_id).run(self._write)

    async def _write(self, chunk: bytes) -> None:
        self.text += chunk.decode()

    @property
    def seen(self) -> list[tuple[str, str]]:
        blocks = [block.splitlines() for block in self.text.split("\n\n") if "event: run." in block]
        runs = [block[2].partition('"run_id":"')[2].partition('"')[0] for block in blocks]
        return [(block[0].removeprefix("id: "), run) for block, run in zip(blocks, runs, strict=True)]

    async def has(self, runs: list[str]) -> None:
        await wait_until_async(lambda: len(self.seen) >= len(runs), message=f"{len(runs)} events")
        assert sorted(run for _, run in self.seen) == sorted(runs)

    async def end(self) -> None:
        self._task.cancel()
        await asyncio.wait({self._task})


@pytest.fixture
async def hub(settings: Settings, shards: ShardSet) -> AsyncIterator[EventHub]:
    hub = open_hub(settings, shards)
    yield hub
    await hub.close()


async def make(driver: QueueDriver, count: int) -> list[str]:
    """Enqueue runs of jobs in all shards."""
    return [await driver.enqueue(f"job-{number}") for number in range(count)]


async def test_a_stream_of_all_shards_goes_on_behind_any_event(driver: QueueDriver, hub: EventHub) -> None:
    """Live, and again behind the id of each event."""
    first = Client(hub, None)
    await wait_until_async(lambda: "retry" in first.text, message="the stream is open")
    runs = await make(driver, 12)
    await first.has(runs)
    seen = first.seen
    for place in (0, 5, 11):
        again = Client(hub, seen[place][0])
        await again.has([run for _, run in seen[place + 1 :]])
        await again.end()
    assert len(split_position(seen[-1][0], 3) or ()) == 3
    await first.end()


async def test_ids_of_events_of_shards_never_meet(
    driver: QueueDriver, hub: EventHub, link: RedisLink, keys: Keys
) -> None:
    """A list has all of them in one order, page by page, and the stream goes on behind an id of the list."""
    runs = await make(driver, 20)
    events = Events(link, keys)
    whole = (await events.find(100)).items
    assert len({event.id for event in whole}) == len(whole) == 20
    assert sorted(event.run_id for event in whole) == sorted(runs)
    numbers = [int(event.id.partition("-")[2].partition(".")[0]) // 10**12 for event in whole]
    assert numbers == [shard_of_job(event.job_id, 3) for event in whole]
    paged, after = list[str](), "0"
    while after:
        page = await events.find(7, after=after, topics=frozenset({"run"}))
        paged += [event.id for event in page.items]
        after = page.next_id or ""
    assert paged == [event.id for event in whole]
    back = await events.find(5, before=whole[10].id)
    assert [event.id for event in back.items] == [event.id for event in whole[5:10]]
    client = Client(hub, whole[9].id)
    await client.has([event.run_id for event in whole[10:]])
    await client.end()


@pytest.mark.parametrize("text", ["x", "1-1_2-2", "1-1_2-2_x", ""])
def test_what_is_no_place_in_three_streams_is_refused(text: str) -> None:
    """So the client loads again."""
    assert split_position(text, 3) is None

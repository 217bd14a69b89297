"""A client of the event stream resumes at any event, also inside of an entry with several."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from urllib.parse import urlparse

import pytest

from app.core.activity.events import Events
from app.core.redis_client import BlockingLink, RedisLink
from app.core.storage.discovery import parse_target
from app.core.storage.keys import Keys
from app.services.api.events import hub as event_hub
from app.services.api.events import stream as event_stream
from app.services.api.events.frames import parse_topics
from app.services.api.events.hub import EventHub, EventSource
from app.services.api.events.stream import EventStream
from app.services.api.http.auth import LOCAL
from tests.support.event_batches import AT_ONCE, write_batches
from tests.support.waiting import wait_until_async


class Follower:
    """One client that follows the stream behind an event."""

    def __init__(self, hub: EventHub, last_id: str | None, topics: str = "") -> None:
        self.text = ""
        self._task = asyncio.create_task(self._run(hub, last_id, topics))

    async def _run(self, hub: EventHub, last_id: str | None, topics: str) -> None:
        async with hub.place(parse_topics(topics), LOCAL) as listener:
            await EventStream(hub, listener, last_id).run(self._write)

    async def _write(self, chunk: bytes) -> None:
        self.text += chunk.decode()

    @property
    def ids(self) -> list[str]:
        blocks = [block for block in self.text.split("\n\n") if "event: " in block]
        return [block.partition("\n")[0].removeprefix("id: ") for block in blocks]

    async def has(self, ids: list[str]) -> None:
        await wait_until_async(lambda: self.ids[-1:] == ids[-1:], message=f"{ids[-1:]} in {self.ids[-3:]}")
        assert self.ids == ids


@pytest.fixture
async def hub(link: RedisLink, keys: Keys, redis_url: str) -> AsyncIterator[EventHub]:
    assert urlparse(redis_url).hostname
    hub = EventHub(
        [
            EventSource(
                Events(link, keys), keys.events, lambda: BlockingLink(parse_target(redis_url, keys.seq))
            )
        ],
        keys.namespace,
        keep_alive_sec=60,
        max_clients=1_000,
        max_of_key=1_000,
    )
    yield hub
    await hub.close()


@pytest.mark.parametrize("seed", range(3))
async def test_resume_at_any_event_meets_each_later_one_once(
    hub: EventHub, link: RedisLink, keys: Keys, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    """Whatever the batches, the pages and the steps of the stream are, and while more events come."""
    rng = random.Random(seed)
    monkeypatch.setattr(event_stream, "PAGE", rng.randint(1, 4))
    monkeypatch.setattr(event_stream, "PORTION", rng.randint(1, 12))
    monkeypatch.setattr(event_hub, "PORTION", rng.randint(1, 12))
    batches = [rng.choice([1, rng.randint(2, 30), AT_ONCE]) for _ in range(6)]
    ids = await write_batches(link, keys, batches)
    places = sorted({*rng.sample(range(len(ids)), min(len(ids), 20)), len(ids) - 1})
    followers = {place: Follower(hub, ids[place]) for place in places}
    of_a_job = {place: Follower(hub, ids[place], "job:job-1") for place in places}
    for _ in range(3):
        ids = await write_batches(link, keys, [rng.randint(1, 25), AT_ONCE], first=len(ids))
        await asyncio.sleep(0)
    # The last one is of every client's topics.
    while len(ids) % 3 != 2:
        ids = await write_batches(link, keys, [1], first=len(ids))
    for place in places:
        await followers[place].has(ids[place + 1 :])
        await of_a_job[place].has([ids[n] for n in range(place + 1, len(ids)) if n % 3 == 1])
    assert all("event: reset" not in each.text for each in (*followers.values(), *of_a_job.values()))


async def test_resume_inside_the_oldest_entry_loses_nothing(
    hub: EventHub, link: RedisLink, keys: Keys
) -> None:
    """Entries are removed whole: a client that has a part of one that is kept can go on."""
    ids = await write_batches(link, keys, [10, AT_ONCE])
    client = Follower(hub, ids[3])
    await client.has(ids[4:])
    await link.call("XTRIM", keys.events, "MAXLEN", 1)
    late = Follower(hub, ids[3])
    await wait_until_async(lambda: "event: reset" in late.text)
    assert '"before_first"' in late.text

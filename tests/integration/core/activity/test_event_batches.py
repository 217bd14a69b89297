"""Events of one batch share entries; readers see single events."""

from __future__ import annotations

import random

import pytest

from app.core.activity.events import STEP, STEPS, EventList, Events, event_id, events_of, portions
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from tests.support.event_batches import AT_ONCE, compose_writer, write_batches
from tests.support.queue.queue_driver import QueueDriver, ending

JOB = frozenset({"job:job-1"})


async def paged(events: Events, limit: int, topics: frozenset[str], *, forward: bool, at: str) -> list[int]:
    """Return the seqs of all events behind or ahead of an id, read page by page, oldest first."""
    pages, position = list[list[int]](), at or None
    while True:
        bound = {"after" if forward else "before": position}
        found: EventList = await events.find(limit, topics=topics, **bound)
        pages.append([event.seq or 0 for event in found.items])
        assert len(pages[-1]) <= limit
        if found.next_id is None:
            break
        assert found.next_id != position, "a page leads on"
        position = found.next_id
    return [seq for page in (pages if forward else pages[::-1]) for seq in page]


@pytest.mark.parametrize("seed", range(6))
async def test_any_batches_and_pages_give_the_same_events(link: RedisLink, keys: Keys, seed: int) -> None:
    """From any event on, both ways, with pages of any size, with and without topics: each event once."""
    rng = random.Random(seed)
    batches = [rng.choice([1, 2, rng.randint(1, 35), AT_ONCE]) for _ in range(12)]
    # An entry of an earlier release has one event.
    await link.call("XADD", keys.events, "1-1", "e", "run.queued|job-0|R0|1|1|")
    ids = await write_batches(link, keys, batches, first=1)
    events, count = Events(link, keys), len(ids)
    for place in {0, count - 1, *rng.sample(range(count), min(count, 12))}:
        limit = rng.choice([1, 2, 3, 9, 10, 11, 500])
        for topics, wanted in ((frozenset[str](), {0, 1, 2}), (JOB, {1})):
            seqs = [n + 1 for n in range(count) if n % 3 in wanted]
            behind = await paged(events, limit, topics, forward=True, at=ids[place])
            assert behind == [seq for seq in seqs if seq > place + 1], (batches, ids[place])
            ahead = await paged(events, limit, topics, forward=False, at=ids[place])
            assert ahead == [seq for seq in seqs if seq < place + 1], (batches, ids[place])
    assert await paged(events, 7, frozenset(), forward=False, at="") == [n + 1 for n in range(count)]


async def test_events_between_two_ids_of_one_entry(link: RedisLink, keys: Keys) -> None:
    """Both bounds may be inside of an entry, and the same one."""
    ids = await write_batches(link, keys, [10])
    events = Events(link, keys)
    for topics in (frozenset[str](), frozenset({"run"})):
        found = await events.find(50, after=ids[1], before=ids[6], topics=topics)
        assert [event.id for event in found.items] == ids[2:6]
        assert (await events.find(50, after=ids[4], before=ids[5], topics=topics)).items == []
    instant = ids[0].partition("-")[0]
    assert [event.id for event in (await events.find(50, after=instant)).items] == ids
    assert (await events.find(50, before=instant)).items == []


async def test_a_batch_writes_few_entries(driver: QueueDriver) -> None:
    """Ten events an entry; each run's events keep their order, and the newest has the id of the entry."""
    link, keys = driver.link, driver.keys
    runs = await driver.enqueue_some(25)
    await driver.queue.finish_many([ending(run) for run in (await driver.claim()).runs])
    entries = await link.call("XRANGE", keys.events, "-", "+")
    ids = [event_id for event_id, _ in events_of(entries)]
    assert len(ids) == 75
    assert len(entries) == 9
    assert ids == sorted(ids, key=lambda text: event_id(text) or ())
    assert ids[:11] == [
        *(f"{entries[0][0]}.{place}" for place in range(1, 10)),
        entries[0][0],
        f"{entries[1][0]}.1",
    ]
    for run in runs:
        assert await driver.event_types(run) == ["run.queued", "run.running", "run.success"]


async def test_an_event_at_once_comes_behind_those_that_are_kept(link: RedisLink, keys: Keys) -> None:
    """The order of the stream is the order in which a script made its events."""
    await link.call("DEL", keys.events)
    await write_batches(link, keys, [2, 3, AT_ONCE, 12])
    found = (await Events(link, keys).find(100)).items
    assert [event.seq for event in found] == list(range(1, 19))
    assert [event.type for event in found].index("job.updated") == 5


async def test_an_entry_shows_its_newest_event_to_a_process_of_before(link: RedisLink, keys: Keys) -> None:
    """It reads the first field as one event, whose id is that of the entry."""
    await write_batches(link, keys, [4])
    ((entry_id, fields),) = await link.call("XRANGE", keys.events, "-", "+")
    kind, job, run, seq, rev, data = fields[1].split("|", 5)
    assert (fields[0], kind, job, run, seq, rev, data) == ("e", "run.queued", "job-0", "R3", "4", "1", "")
    assert (await Events(link, keys).find(1)).items[0].id == entry_id


async def test_topics_look_at_a_bounded_number_of_events(link: RedisLink, keys: Keys) -> None:
    """Full entries count as ten events each, so a request looks at 5,000 and some at most."""
    await write_batches(link, keys, [10] * 1100)
    found = await Events(link, keys).find(5, topics=frozenset({"job:rare"}))
    assert found.items == []
    assert found.next_id is not None
    left = await Events(link, keys).find(20_000, before=found.next_id)
    assert 11_000 - len(left.items) == STEP * STEPS


def test_portions_count_events() -> None:
    """Entries stay whole, in their order, and a reader pauses after about so many events."""
    entries = [(f"{n}-0", ["e", "x", "b", "x\nx"] if n % 2 else ["e", "x"]) for n in range(9)]
    parts = list(portions(entries, 4))
    assert [entry for part in parts for entry in part] == entries
    assert [sum(1 for _ in events_of(part)) for part in parts] == [4, 4, 4, 4, 1]
    assert list(portions([], 4)) == []


async def test_a_hundred_thousand_events_of_batches_are_kept(link: RedisLink, keys: Keys) -> None:
    """Not ten times as many, though entries are counted by Redis; the newest ones stay, without a gap."""
    await write_batches(link, keys, [100] * 100)
    for round_ in range(1, 15):
        await link.call("EVAL", compose_writer(keys), 1, keys.seq, round_ * 10_000, *[100] * 100)
    entries = await link.call("XRANGE", keys.events, "-", "+")
    seqs = [int(text.split("|")[3]) for _, text in events_of(entries)]
    assert seqs == list(range(seqs[0], 150_001))
    assert 100_000 <= len(seqs) <= 121_000

from __future__ import annotations

import pytest

from app.core.activity.events import STEP, STEPS, EventList, Events, event_id
from app.core.models import NewRun
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.services.api.events.frames import frames_of, parse_topics

TOPICS = (
    *("run", "job", "alarm", "running", "ru", "nobody"),
    *("job:a", "job:b", "run:a@5", "job:a,run:b@5", "run,job:a"),
)


async def add(link: RedisLink, keys: Keys, number: int, text: str = "run.queued||||1|") -> str:
    """Write an event as the scripts do, with an id of our own; return the id."""
    return await link.call("XADD", keys.events, f"{1000 + number}-0", "e", text)


async def test_recent_events_are_the_newest_in_order(link: RedisLink, keys: Keys) -> None:
    """Without an id: the last ones, newest last."""
    ids = [await add(link, keys, number) for number in range(5)]
    found = (await Events(link, keys).find(3)).items
    assert [event.id for event in found] == ids[2:]


async def test_events_after_an_id_are_the_next_ones(link: RedisLink, keys: Keys) -> None:
    """With an id: what follows it, oldest first, and no event twice."""
    ids = [await add(link, keys, number) for number in range(5)]
    found = (await Events(link, keys).find(2, after=ids[1])).items
    assert [event.id for event in found] == ids[2:4]
    assert (await Events(link, keys).find(10, after=ids[4])).items == []


async def test_event_fields_are_parsed(link: RedisLink, keys: Keys) -> None:
    """Numbers are numbers, data is an object, the time is the id's."""
    await add(link, keys, 7, 'run.success|job|run|12|3|{"duration_ms":5,"text":"a|b"}')
    (event,) = (await Events(link, keys).find(1)).items
    assert (event.type, event.at, event.job_id, event.run_id) == ("run.success", 1007, "job", "run")
    assert (event.seq, event.rev, event.data) == (12, 3, {"duration_ms": 5, "text": "a|b"})


async def test_event_without_a_run_has_no_numbers_and_no_data(link: RedisLink, keys: Keys) -> None:
    """Zeros and empty texts mean that there is none."""
    await add(link, keys, 1, "service.up|||0|0|")
    (event,) = (await Events(link, keys).find(1)).items
    assert (event.seq, event.rev, event.data, event.run_id) == (None, None, {}, "")


async def test_data_that_is_no_object_is_wrapped(link: RedisLink, keys: Keys) -> None:
    """Progress may be any JSON value; a record's data is always an object."""
    await add(link, keys, 1, "run.progress|job|run|1|2|[1,2]")
    (event,) = (await Events(link, keys).find(1)).items
    assert event.data == {"value": [1, 2]}


async def test_bounds_are_the_oldest_and_the_newest_id(link: RedisLink, keys: Keys) -> None:
    """A client with an id outside of this range has to reload."""
    events = Events(link, keys)
    assert await events.bounds() is None
    ids = [await add(link, keys, number) for number in range(3)]
    assert await events.bounds() == (ids[0], ids[2])


async def test_scripts_write_events_that_are_read(link: RedisLink, keys: Keys, queue: Queue) -> None:
    """What an enqueue tells is what a reader gets."""
    run = NewRun(
        run_id="R1", job_id="job", type="a.b", version=1, inputs="{}", source="api", trace_id="0" * 32
    )
    result = await queue.enqueue(run)
    (event,) = (await Events(link, keys).find(10)).items
    assert (event.type, event.job_id, event.run_id) == ("run.queued", "job", "R1")
    assert (event.seq, event.rev) == (result.seq, 1)


async def test_events_before_an_id_are_those_just_ahead(link: RedisLink, keys: Keys) -> None:
    """Paging backward meets every event once; each page is oldest first, and the last one leads nowhere."""
    ids = [await add(link, keys, number) for number in range(7)]
    events, pages, before = Events(link, keys), list[list[str]](), None
    while True:
        found = await events.find(3, before=before)
        pages.append([event.id for event in found.items])
        if found.next_id is None:
            break
        before = found.next_id
    assert pages == [ids[4:], ids[1:4], ids[:1]]
    between = await events.find(2, after=ids[1], before=ids[5])
    assert ([event.id for event in between.items], between.next_id) == (ids[3:5], ids[3])
    for nothing in ("0", "0-0", "1", ids[0]):
        assert await events.find(3, before=nothing) == EventList([], None)


async def test_events_of_topics_are_those_of_the_stream(link: RedisLink, keys: Keys) -> None:
    """A query and an open stream agree on what belongs to a topic, whatever an event is about."""
    lines = [
        *('run.queued|a|a@5|1|1|{"text":"job:b|x"}', "run.success|b|b@5|2|1|", "job.saved|a||0|0|"),
        *('alarm|a||0|0|{"name":"run"}', "service.up|||0|0|", "running|a|a@5|1|1|", "damaged"),
    ]
    for number, line in enumerate(lines):
        await add(link, keys, number, line)
    entries = (await Events(link, keys).page("0-0", "+", 100)).entries
    frames = frames_of(entries)
    assert len(frames) == len(lines) - 1
    for text in TOPICS:
        topics = parse_topics(text)
        wanted = [frame.id for frame in frames if topics & set(frame.topics)]
        for after in (None, "0-0"):
            found = await Events(link, keys).find(100, after=after, topics=topics)
            assert [event_id(event.id) for event in found.items] == wanted, text
    everything = (await Events(link, keys).find(100)).items
    assert len(everything) == len(frames), "a damaged one does not block the rest"


async def test_events_of_a_rare_topic_are_looked_for_in_bounded_steps(link: RedisLink, keys: Keys) -> None:
    """A call looks at 5,000 events in ten round trips at most; its cursor finds the rest, both ways."""
    count, rare = 2 * STEP * STEPS + 3, {5, STEP * STEPS, 2 * STEP * STEPS}
    await link.calls(
        [
            ("XADD", keys.events, f"{1000 + n}-0", "e", f"run.queued|{'rare' if n in rare else 'a'}|R|1|1|")
            for n in range(count)
        ]
    )
    events, topics = Events(link, keys), frozenset({"job:rare"})
    for forward in (False, True):
        met, calls, at = list[int](), 0, "0-0" if forward else None
        while calls == 0 or at is not None:
            before = link.round_trips
            found = await events.find(10, topics=topics, **{"after" if forward else "before": at})
            assert link.round_trips - before <= STEPS + 1, "one more where the script was not known yet"
            met += [event.at - 1000 for event in found.items]
            calls, at = calls + 1, found.next_id
        assert (sorted(met), calls) == (sorted(rare), 3)
    newest = await events.find(1, topics=topics)
    assert [event.at - 1000 for event in newest.items] == [max(rare)]
    assert newest.next_id is not None


async def test_event_ids_that_are_none_are_refused(link: RedisLink, keys: Keys) -> None:
    """They never reach Redis."""
    for text in ("", "x", "1-", "٣", "1-1-1", "1.1", "1-1.", "1-1.0", "1-1.1.1"):
        with pytest.raises(ValueError, match="no id of an event"):
            await Events(link, keys).find(1, before=text)

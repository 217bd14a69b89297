from __future__ import annotations

from app.core.events import Alarms, Events
from app.core.keys import Keys
from app.core.models import JobSpec, NewRun
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.scripts import Scripts
from app.core.store import JobStore


async def add(link: RedisLink, keys: Keys, number: int, text: str = "run.queued||||1|") -> str:
    """Write an event as the scripts do, with an id of our own; return the id."""
    return await link.call("XADD", keys.events, f"{1000 + number}-0", "e", text)


async def test_recent_events_are_the_newest_in_order(link: RedisLink, keys: Keys) -> None:
    """Without an id: the last ones, newest last."""
    ids = [await add(link, keys, number) for number in range(5)]
    found = await Events(link, keys).recent(None, 3)
    assert [event.id for event in found] == ids[2:]


async def test_events_after_an_id_are_the_next_ones(link: RedisLink, keys: Keys) -> None:
    """With an id: what follows it, oldest first, and no event twice."""
    ids = [await add(link, keys, number) for number in range(5)]
    found = await Events(link, keys).recent(ids[1], 2)
    assert [event.id for event in found] == ids[2:4]
    assert await Events(link, keys).recent(ids[4], 10) == []


async def test_event_fields_are_parsed(link: RedisLink, keys: Keys) -> None:
    """Numbers are numbers, data is an object, the time is the id's."""
    await add(link, keys, 7, 'run.success|job|run|12|3|{"duration_ms":5,"text":"a|b"}')
    (event,) = await Events(link, keys).recent(None, 1)
    assert (event.type, event.at, event.job_id, event.run_id) == ("run.success", 1007, "job", "run")
    assert (event.seq, event.rev, event.data) == (12, 3, {"duration_ms": 5, "text": "a|b"})


async def test_event_without_a_run_has_no_numbers_and_no_data(link: RedisLink, keys: Keys) -> None:
    """Zeros and empty texts mean that there is none."""
    await add(link, keys, 1, "service.up|||0|0|")
    (event,) = await Events(link, keys).recent(None, 1)
    assert (event.seq, event.rev, event.data, event.run_id) == (None, None, {}, "")


async def test_data_that_is_no_object_is_wrapped(link: RedisLink, keys: Keys) -> None:
    """Progress may be any JSON value; a record's data is always an object."""
    await add(link, keys, 1, "run.progress|job|run|1|2|[1,2]")
    (event,) = await Events(link, keys).recent(None, 1)
    assert event.data == {"value": [1, 2]}


async def test_bounds_are_the_oldest_and_the_newest_id(link: RedisLink, keys: Keys) -> None:
    """A client with an id outside of these has to load anew."""
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
    (event,) = await Events(link, keys).recent(None, 10)
    assert (event.type, event.job_id, event.run_id) == ("run.queued", "job", "R1")
    assert (event.seq, event.rev) == (result.seq, 1)


async def test_alarm_is_raised_once_for_all_schedulers(link: RedisLink, scripts: Scripts) -> None:
    """Several replicas see the same; people hear of it once, and once of its end."""
    one, other = Alarms(scripts), Alarms(scripts)
    assert await one.set("skew", raised=True, text="apart", skew_sec=3.5)
    assert not await other.set("skew", raised=True, text="apart")
    assert await other.set("skew", raised=False, text="together")
    assert not await one.set("skew", raised=False, text="together")
    told = await Events(link, scripts.keys).recent(None, 10)
    assert [event.type for event in told] == ["alarm", "alarm"]
    assert told[0].data == {"name": "skew", "state": "raised", "text": "apart", "skew_sec": 3.5}
    assert told[1].data["state"] == "cleared"


async def test_alarm_of_a_job_is_its_own(link: RedisLink, scripts: Scripts) -> None:
    """The event says which job it is about, so that who follows the job hears of it."""
    await Alarms(scripts).set("job:a", raised=True, text="down", about_job="a")
    (event,) = await Events(link, scripts.keys).recent(None, 10)
    assert (event.type, event.job_id, event.data["name"]) == ("alarm", "a", "job:a")


async def test_delete_ends_the_alarm_of_a_job(link: RedisLink, scripts: Scripts, jobs: JobStore) -> None:
    """A job of the same name that comes later begins without it, and can raise its own."""
    await jobs.create(JobSpec(job_id="a", type="simulation.load"), actor="t", origin="t")
    alarms = Alarms(scripts)
    assert await alarms.set("job:a", raised=True, text="down", about_job="a")
    await jobs.delete("a", actor="t")
    assert await alarms.set("job:a", raised=True, text="down", about_job="a")

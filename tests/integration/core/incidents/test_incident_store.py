"""Incidents: one for one cause, until its last member is good again."""

from __future__ import annotations

import pytest

from app.core.clock import SystemClock
from app.core.errors import IncidentNotFound, StateConflict
from app.core.incidents.models import IncidentKind, IncidentSummary
from app.core.incidents.remedies import RemedyAction
from app.core.incidents.store import IncidentStore
from app.core.redis_client import RedisLink
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.queue.queue_driver import QueueDriver


@pytest.fixture
def incidents(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> IncidentStore:
    return IncidentStore(link, scripts, keys, clock)


async def open_one(incidents: IncidentStore, member: str = "a", cause: str = "it is full") -> bool:
    return await incidents.open(
        "redis_memory", IncidentKind.REDIS_MEMORY, severity="critical", subject="", cause=cause, member=member
    )


async def test_an_incident_that_is_opened_again_is_the_same(incidents: IncidentStore) -> None:
    """A repeat changes only the text of the cause."""
    assert await open_one(incidents)
    assert not await open_one(incidents, cause="it is fuller")
    [incident] = (await incidents.list("open")).items
    assert (incident.count, incident.cause, len(incident.timeline)) == (1, "it is fuller", 1)


async def test_an_incident_ends_with_its_last_member(incidents: IncidentStore) -> None:
    """The members of a cause recover one after the other."""
    await open_one(incidents, "a")
    await open_one(incidents, "b")
    assert not await incidents.close("redis_memory", "a")
    assert not await incidents.close("redis_memory", "a")
    assert await incidents.close("redis_memory", "b")
    [incident] = (await incidents.list("closed")).items
    assert not incident.is_open
    assert not incident.actions


async def test_one_cause_is_one_incident(driver: QueueDriver, incidents: IncidentStore) -> None:
    """Fifty dead letters of one error are one incident, which ends with the last of them."""
    for _ in range(50):
        await driver.fail()
    [incident] = (await incidents.list("open")).items
    assert (incident.kind, incident.count, incident.jobs) == (IncidentKind.JOB_FAILING, 50, ["job-a"])
    assert incident.cause == "it broke"
    assert [action.action for action in incident.actions] == ["redrive", "run_now"]


async def test_an_act_that_is_sent_again_is_done_once(incidents: IncidentStore, scripts: Scripts) -> None:
    """A repeat after a lost answer adds nothing to the timeline."""
    await open_one(incidents)
    [incident] = (await incidents.list("open")).items
    act = {"incident": incident.id, "act_id": "1", "what": "acknowledged", "by": "ani"}
    for _ in range(2):
        assert await scripts.run("incidents/act", **act, silent_until="", words="") == "OK"
    found = await incidents.get(incident.id)
    assert found.acknowledged_by == "ani"
    assert [entry.what for entry in found.timeline] == ["opened", "acknowledged"]


async def test_only_a_comment_is_added_to_a_closed_incident(incidents: IncidentStore) -> None:
    """Nothing is left to be acknowledged."""
    await open_one(incidents)
    await incidents.close("redis_memory")
    [incident] = (await incidents.list()).items
    with pytest.raises(StateConflict):
        await incidents.acknowledge(incident.id, "ani")
    assert (await incidents.comment(incident.id, "ani", "disk swapped")).timeline[-1].text == "disk swapped"


async def test_a_remedy_may_have_closed_its_incident(incidents: IncidentStore) -> None:
    """It is noted after it was used; the same press is one entry."""
    await open_one(incidents)
    await incidents.close("redis_memory")
    [incident] = (await incidents.list()).items
    for _ in range(2):
        await incidents.remedied(incident.id, "ani", RemedyAction.ENABLE, "nightly", "bot:1")
    entries = (await incidents.get(incident.id)).timeline
    assert [(entry.what, entry.text) for entry in entries[2:]] == [("remedied", "Enable: nightly")]


async def test_an_unknown_incident_is_not_found(incidents: IncidentStore) -> None:
    """Each act says so."""
    with pytest.raises(IncidentNotFound):
        await incidents.get("inc0")
    with pytest.raises(IncidentNotFound):
        await incidents.silence("inc0", "ani", 1)


async def test_the_summary_counts_open_incidents_and_names_the_last_end(
    incidents: IncidentStore, clock: SystemClock
) -> None:
    """An incident that ended later counts, although it was opened earlier."""
    assert await incidents.summary() == IncidentSummary(0, None)
    before_ms = clock.now_ms()
    await open_one(incidents)
    assert await incidents.summary() == IncidentSummary(1, None)
    await incidents.close("redis_memory")
    found = await incidents.summary()
    assert found.open == 0
    assert found.last_closed_at is not None
    assert found.last_closed_at >= before_ms - 1_000


async def test_incidents_are_listed_by_kind(incidents: IncidentStore) -> None:
    """Another kind finds nothing."""
    await open_one(incidents)
    assert len((await incidents.list("open", kind=IncidentKind.REDIS_MEMORY)).items) == 1
    assert (await incidents.list("open", kind=IncidentKind.NO_WORKER)).items == []

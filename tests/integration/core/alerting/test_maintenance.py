"""Maintenance windows: what opens in one sends nothing until it ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.core.alerting.maintenance import MAX_WINDOWS, MaintenanceDraft
from app.core.config import Settings
from app.core.errors import InvalidInput, LimitExceeded, MaintenanceNotFound
from app.core.redis_client import RedisLink
from app.core.storage.scripts import Scripts
from tests.support.alerting import OPS, AlarmDesk


@pytest.fixture
async def desk(link: RedisLink, scripts: Scripts, settings: Settings) -> AlarmDesk:
    """Give a deployment with a default recipient and two jobs, one with a tag."""
    desk = AlarmDesk(link, scripts, settings)
    await desk.account()
    await desk.default.put(OPS, "test")
    await desk.job("shop", tags=["site"])
    await desk.job("api")
    return desk


def window(desk: AlarmDesk, scope: str, hours: float = 1) -> MaintenanceDraft:
    """Return a window from a minute ago on."""
    now = desk.clock.now()
    return MaintenanceDraft(
        scope=scope, starts_at=now - timedelta(minutes=1), ends_at=now + timedelta(hours=hours)
    )


@pytest.mark.parametrize("scope", ["all", "tag:site", "job:shop"])
async def test_maintenance_is_noted_once(desk: AlarmDesk, scope: str) -> None:
    """An incident that opens in a window is alarmed at its end, if it is still open."""
    await desk.maintenance.create(window(desk, scope), "ani")
    await desk.open()
    await desk.step(1800, rounds=3)
    incident = await desk.incident()
    assert incident.maintenance
    assert [each.what for each in incident.timeline] == ["opened", "maintenance"]
    assert not await desk.messages()
    await desk.step(1900, rounds=1)
    assert len(await desk.messages()) == 1


async def test_what_ends_in_its_window_sends_nothing(desk: AlarmDesk) -> None:
    """Neither an alarm nor a recovery."""
    await desk.maintenance.create(window(desk, "all"), "ani")
    await desk.open()
    await desk.step()
    await desk.incidents.close("monitor:shop")
    await desk.step(7_200)
    assert not await desk.messages()


async def test_an_incident_of_a_further_job_is_alarmed(desk: AlarmDesk) -> None:
    """A window covers an incident only if it covers all of its jobs."""
    await desk.maintenance.create(window(desk, "tag:site"), "ani")
    await desk.open()
    await desk.step()
    await desk.open(job_id="api")
    await desk.step()
    assert len(await desk.messages()) == 1


async def test_a_window_that_is_removed_holds_nothing(desk: AlarmDesk) -> None:
    """The alarm goes out when the incident is looked at again."""
    made = await desk.maintenance.create(window(desk, "all"), "ani")
    await desk.open()
    await desk.step()
    await desk.maintenance.delete(made.id)
    await desk.step(60, rounds=1)
    assert len(await desk.messages()) == 1
    with pytest.raises(MaintenanceNotFound):
        await desk.maintenance.delete(made.id)


async def test_the_number_of_maintenance_windows_is_bounded(desk: AlarmDesk) -> None:
    """The next one is refused."""
    for _ in range(MAX_WINDOWS):
        await desk.maintenance.create(window(desk, "all"), "ani")
    with pytest.raises(LimitExceeded):
        await desk.maintenance.create(window(desk, "all"), "ani")
    assert len(await desk.maintenance.list()) == MAX_WINDOWS


async def test_a_rule_that_is_not_valid_is_refused(desk: AlarmDesk) -> None:
    """The problem names the field."""
    draft = MaintenanceDraft(scope="all", rrule="FREQ=SOMETIMES", duration_min=60)
    with pytest.raises(InvalidInput) as refused:
        await desk.maintenance.create(draft, "ani")
    assert [each.pointer for each in refused.value.problems] == ["/rrule"]

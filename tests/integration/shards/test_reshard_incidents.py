"""Incidents about the platform when the number of shards changes, by a division or by a restore."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path
from typing import cast

import pytest

from app.core.alerting.platform_incidents import PlatformIncidents
from app.core.clock import SystemClock
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from app.core.redis_client import whole_of
from app.core.storage.merging.link import MergedLink
from app.core.storage.shards import shard_of_job
from tests.integration.shards.test_reshard import checked, of, reshard
from tests.integration.shards.test_same_answers import opened, restored
from tests.support.backup.backup_fixture import BackupFixture
from tests.support.shards import drop_deployment, sharded_settings

JOBS = [next(f"job-{n}" for n in range(100) if shard_of_job(f"job-{n}", 3) == shard) for shard in range(3)]
KEY = "no_worker:shop.sync"


@pytest.mark.parametrize("after", [1, 2])
async def test_an_incident_of_several_shards_ends_in_another_number(
    redis_url: str, tmp_path: Path, after: int
) -> None:
    """Its members were the former shards; the first one ends it, and each of its jobs still shows it."""
    settings, clock = sharded_settings(redis_url, tmp_path, 3), SystemClock()
    shards = await checked(settings)
    for number, job_id in enumerate(JOBS):
        incidents = PlatformIncidents(shards.home, clock, number, 3)
        await incidents.open(
            KEY, IncidentKind.NO_WORKER, severity="warning", subject="shop.sync", cause="-", job_id=job_id
        )
    await shards.close()
    await reshard(settings, after)
    shards = await checked(of(settings, after))
    whole = whole_of(shards)
    store = IncidentStore(whole.link, whole.scripts, whole.keys, clock)
    [incident] = (await store.list()).items
    assert sorted(incident.jobs) == sorted(JOBS)
    for job_id in JOBS:
        assert [each.id for each in (await store.list(job_id=job_id)).items] == [incident.id]
    assert await PlatformIncidents(shards.home, clock, 0, after).close(KEY)
    assert (await store.list("open")).items == []
    await shards.close()
    await drop_deployment(settings)
    await drop_deployment(of(settings, after))


async def test_incidents_of_one_cause_are_joined_with_their_jobs(redis_url: str, tmp_path: Path) -> None:
    """Each job shows the incident that stays open, which ends with the last of them."""
    settings, clock = sharded_settings(redis_url, tmp_path, 3), SystemClock()
    shards = await checked(settings)
    for shard, job_id in zip(shards, JOBS, strict=True):
        await IncidentStore(shard.link, shard.scripts, shard.keys, clock).open(
            *("failing:1", IncidentKind.JOB_FAILING),
            severity="warning",
            subject=job_id,
            cause="-",
            member=f"job:{job_id}",
            job_id=job_id,
        )
    await shards.close()
    await reshard(settings, 1)
    home = (await checked(of(settings, 1))).home
    store = IncidentStore(home.link, home.scripts, home.keys, clock)
    [incident] = (await store.list("open")).items
    assert sorted(incident.jobs) == sorted(JOBS)
    for job_id in JOBS:
        shown = [each.id for each in (await store.list(job_id=job_id)).items if each.closed_at is None]
        assert shown == [incident.id]
        await store.close("failing:1", f"job:{job_id}")
    assert (await store.list("open")).items == []
    await home.link.close()
    await drop_deployment(settings)
    await drop_deployment(of(settings, 1))


async def test_each_new_shard_has_the_members_that_its_jobs_can_end(redis_url: str, tmp_path: Path) -> None:
    """An incident of three jobs is in the shards of all: each part has its own job, and ends with it."""
    settings, clock = sharded_settings(redis_url, tmp_path, 1), SystemClock()
    shards = await checked(settings)
    home = shards.home
    one = IncidentStore(home.link, home.scripts, home.keys, clock)
    for job_id in JOBS:
        await one.open(
            *("failing:1", IncidentKind.JOB_FAILING),
            severity="warning",
            subject=job_id,
            cause="-",
            member=f"job:{job_id}",
            job_id=job_id,
        )
    [incident] = (await one.list("open")).items
    await home.link.call("SADD", home.keys.incident_members(incident.id), "cause")
    await shards.close()
    await reshard(settings, 3)
    three = await checked(of(settings, 3))
    for shard, job_id in zip(three, JOBS, strict=True):
        key, is_first = shard.keys.incident_members(incident.id), shard.index == 0
        members = await shard.link.call("SMEMBERS", key)
        assert set(members) == {f"job:{job_id}", *(["cause"] if is_first else [])}
        store = IncidentStore(shard.link, shard.scripts, shard.keys, clock)
        if is_first:
            await shard.link.call("SREM", key, "cause")
        assert len((await store.list("open")).items) == 1
        await store.close("failing:1", f"job:{job_id}")
        assert (await store.list("open")).items == []
    await three.close()
    await drop_deployment(settings)
    await drop_deployment(of(settings, 3))


async def test_a_restored_incident_has_no_member_that_could_not_end_it(
    redis_url: str, tmp_path: Path
) -> None:
    """The first shard stands for a shard that is not there; one that is there ends its own part."""
    async with AsyncExitStack() as stack:
        three = await opened(stack, sharded_settings(redis_url, tmp_path / "3", 3))
        two = await opened(stack, sharded_settings(redis_url, tmp_path / "2", 2))
        home = cast("MergedLink", three.whole.link).shards.home
        for number in range(3):
            incidents = PlatformIncidents(home, SystemClock(), number, 3)
            await incidents.open(
                KEY, IncidentKind.NO_WORKER, severity="warning", subject="shop.sync", cause="-"
            )
        await restored(two, await BackupFixture(three.driver, three.settings).export())
        home = cast("MergedLink", two.whole.link).shards.home
        first, second = (PlatformIncidents(home, SystemClock(), number, 2) for number in range(2))
        assert not await first.close(KEY)
        assert await second.close(KEY)
        assert await home.link.call("HEXISTS", home.keys.incidents_open, KEY) == 0


async def test_a_restored_incident_of_jobs_can_end_in_more_shards(redis_url: str, tmp_path: Path) -> None:
    """Its jobs were in one shard. It ends with those of the shard that it is in, which still fail."""
    well, *failing = [
        next(f"job-{n}" for n in range(start, 100) if shard_of_job(f"job-{n}", 2) == shard)
        for start, shard in ((0, 1), (0, 0), (50, 1))
    ]
    async with AsyncExitStack() as stack:
        one = await opened(stack, sharded_settings(redis_url, tmp_path / "1", 1))
        two = await opened(stack, sharded_settings(redis_url, tmp_path / "2", 2))
        of_one = IncidentStore(one.whole.link, one.whole.scripts, one.whole.keys, SystemClock())
        for job_id in (well, *failing):
            await of_one.open(
                *("failing:1", IncidentKind.JOB_FAILING),
                severity="warning",
                subject=job_id,
                cause="-",
                member=f"job:{job_id}",
                job_id=job_id,
            )
        await of_one.close("failing:1", f"job:{well}")
        await restored(two, await BackupFixture(one.driver, one.settings).export())
        shards = cast("MergedLink", two.whole.link).shards
        for job_id in failing:
            shard = shards.of_job(job_id)
            store = IncidentStore(shard.link, shard.scripts, shard.keys, SystemClock())
            await store.close("failing:1", f"job:{job_id}")
        whole = IncidentStore(two.whole.link, two.whole.scripts, two.whole.keys, SystemClock())
        [incident] = (await whole.list()).items
        assert incident.closed_at is not None
        assert len(incident.jobs) == 3

"""Scripts open and close the incident of a cause that they see: accounts, messages, missed slots, jobs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from app.core.execution.attempt import encode_check
from app.core.i18n import render
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.models import JobSpec, Schedule
from app.core.monitors.models import MonitorReport
from app.core.monitors.store import MonitorMark, MonitorStore
from app.core.queue import DueJob, MissedSlots
from tests.support.channels.outbox_driver import ACCOUNT, ME, put, settled

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.incidents.models import IncidentRecord
    from app.core.queue import Queue
    from app.core.redis_client import RedisLink
    from app.core.specs.store import JobStore
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts
    from tests.support.queue.queue_driver import QueueDriver

NAME = "telegram:bot_a01"


@pytest.fixture
def incidents(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> IncidentStore:
    return IncidentStore(link, scripts, keys, clock)


@pytest.fixture
def outbox(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> Outbox:
    return Outbox(link, scripts, keys, clock)


@pytest.fixture
def monitors(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> MonitorStore:
    return MonitorStore(link, scripts, keys, clock)


async def open_ones(incidents: IncidentStore) -> list[IncidentRecord]:
    return (await incidents.list("open")).items


class ServedAccount:
    """An account that a connector serves and checks."""

    def __init__(self, scripts: Scripts, link: RedisLink, keys: Keys) -> None:
        self.scripts, self.link, self.keys = scripts, link, keys

    async def save(self, *, enabled: str = "1") -> None:
        seen = await self.link.call("HGET", self.keys.account(NAME), "revision") or ""
        rows = ("settings", "{}", "enabled", enabled)
        word, _ = await self.scripts.run(
            "accounts/save", *rows, account=NAME, seen_revision=seen, save_id=f"save{seen}"
        )
        assert word == "OK"
        await self.link.call("SET", self.keys.account_lease(NAME), ME, "PX", 60_000)

    async def check(self, state: str, *, refused: bool = False) -> str:
        return await self.scripts.run(
            "accounts/set_state",
            account=NAME,
            owner=ME,
            state=state,
            data="{}",
            reason="401 Unauthorized" if state == "down" else "",
            refused="1" if refused else "",
        )

    async def delete(self) -> str:
        return await self.scripts.run("accounts/delete", account=NAME, failure="deleted")


@pytest.fixture
async def account(scripts: Scripts, link: RedisLink, keys: Keys) -> ServedAccount:
    served = ServedAccount(scripts, link, keys)
    await served.save()
    return served


async def test_an_account_that_fails_one_check_is_no_incident(
    account: ServedAccount, incidents: IncidentStore
) -> None:
    """A network may fail for a moment; the second check in a row opens one incident, sent again or not."""
    assert await account.check("down") == "CHANGED"
    assert await open_ones(incidents) == []
    for _ in range(3):
        assert await account.check("down") == "SAME"
    [found] = await open_ones(incidents)
    assert (found.kind, found.severity, found.key) == ("account_down", "critical", f"account:{NAME}")
    assert (found.count, found.subject, found.cause) == (1, NAME, "401 Unauthorized")
    assert [(each.action, each.target) for each in found.actions] == [("set_up_account", NAME)]


async def test_a_refused_account_is_an_incident_at_once(
    account: ServedAccount, incidents: IncidentStore
) -> None:
    """No second check makes a revoked token valid."""
    await account.check("down", refused=True)
    assert len(await open_ones(incidents)) == 1


async def test_an_account_that_is_up_again_closes_its_incident(
    account: ServedAccount, incidents: IncidentStore
) -> None:
    """A monitor of the account is another member of the same cause."""
    await account.check("down", refused=True)
    await incidents.open(
        f"account:{NAME}",
        IncidentKind.ACCOUNT_DOWN,
        severity="critical",
        subject=NAME,
        cause="down",
        member="job:watch",
        job_id="watch",
    )
    await account.check("up")
    [found] = await open_ones(incidents)
    assert found.jobs == ["watch"]
    assert await incidents.close(f"account:{NAME}", "job:watch")
    assert await open_ones(incidents) == []


async def test_a_deleted_account_has_no_open_incident(
    account: ServedAccount, incidents: IncidentStore
) -> None:
    """Deleting an account ends all that was wrong with it."""
    await account.check("down", refused=True)
    assert await account.delete() == "OK"
    [found] = (await incidents.list()).items
    assert found.timeline[-1].text == "The account was deleted."
    assert render(found.timeline[-1].text, "id") == "Akun ini sudah dihapus."


async def test_a_check_of_a_deleted_account_opens_nothing(
    account: ServedAccount, incidents: IncidentStore
) -> None:
    """Its connector may check once more before it hears of the end."""
    await account.delete()
    await account.check("down", refused=True)
    assert await open_ones(incidents) == []


async def test_a_switched_off_account_has_no_open_incident(
    account: ServedAccount, incidents: IncidentStore
) -> None:
    """A person who switches it off knows."""
    await account.check("down", refused=True)
    await account.save(enabled="0")
    await account.check("down", refused=True)
    assert await open_ones(incidents) == []


async def lose(outbox: Outbox, entry_id: str, state: OutboxState = OutboxState.FAILED) -> None:
    await put(outbox, entry_id)
    sent = f"{ME}:{entry_id}"
    assert await outbox.take(*ACCOUNT, sent) is not None
    ended: Any = state
    assert await outbox.settle(entry_id, sent, ended, error="403 blocked by the user") == "OK"


async def test_messages_that_were_sent_again_end_their_incident(
    outbox: Outbox, incidents: IncidentStore
) -> None:
    """All undelivered messages of an account are one incident, which the last decision closes."""
    await lose(outbox, "m:1")
    await lose(outbox, "m:2", OutboxState.UNKNOWN)
    [found] = await open_ones(incidents)
    assert (found.kind, found.key, found.jobs) == ("message_undelivered", f"message:{NAME}", ["job-a"])
    assert (found.count, found.cause) == (2, "403 blocked by the user")
    await outbox.resend("m:1")
    assert len(await open_ones(incidents)) == 1
    await outbox.close("m:2", "ana")
    assert await open_ones(incidents) == []


async def test_a_message_that_a_person_closed_is_no_incident(
    outbox: Outbox, incidents: IncidentStore
) -> None:
    """The person decided."""
    await put(outbox, "m:1")
    await outbox.close("m:1", "ana")
    assert await open_ones(incidents) == []


async def test_an_undelivered_message_about_an_incident_is_no_message_incident(
    outbox: Outbox, incidents: IncidentStore
) -> None:
    """An alarm goes to the next recipient; it is no reason for another alarm."""
    await lose(outbox, "incident:inc1:opened:0")
    assert await open_ones(incidents) == []


async def test_a_message_that_is_replaced_ends_its_incident(
    outbox: Outbox, incidents: IncidentStore, scripts: Scripts
) -> None:
    """A newer message under the same id is on its way."""
    await lose(outbox, "m:1")
    word = await scripts.run(
        *("outbox/put",),
        run="r",
        lease="",
        call="2",
        job="job-a",
        message="m:1",
        account=NAME,
        recipient="42",
        body="news",
        digest="x",
        replaces="1",
    )
    assert word[0] == "OK"
    assert await open_ones(incidents) == []


async def test_a_purged_message_ends_its_incident(
    outbox: Outbox, incidents: IncidentStore, scripts: Scripts, link: RedisLink, keys: Keys
) -> None:
    """After seven days no person can send it again."""
    await lose(outbox, "m:1")
    await link.call("HSET", keys.outbox("m:1"), "updated", 1, "created", 1)
    assert await scripts.run("outbox/purge", state="failed", after_seq=0, page_size=10, settled_before=2) == [
        1,
        "",
    ]
    assert await open_ones(incidents) == []


async def test_a_deleted_account_has_no_undelivered_messages(
    account: ServedAccount, outbox: Outbox, incidents: IncidentStore
) -> None:
    """Messages that wait for it fail, and are no new incident."""
    await lose(outbox, "m:1")
    await put(outbox, "m:2")
    assert await account.delete() == "OK"
    assert await open_ones(incidents) == []


async def test_many_messages_leave_the_timeline_short(outbox: Outbox, incidents: IncidentStore) -> None:
    """Hundreds of failures of one cause do not push its opening out of the timeline."""
    for number in range(40):
        await lose(outbox, f"m:{number}")
    [found] = await open_ones(incidents)
    assert (found.count, len(found.timeline), found.timeline[0].what) == (40, 20, "opened")


async def test_a_settled_message_is_reported_once(outbox: Outbox, incidents: IncidentStore) -> None:
    """A settle that is sent again changes nothing."""
    entry = await settled(outbox, OutboxState.FAILED)
    assert await outbox.settle(entry.id, f"{ME}:1", OutboxState.FAILED, error="why") == "OK"
    [found] = await open_ones(incidents)
    assert found.count == 1


async def miss(jobs: JobStore, queue: Queue, job_id: str, reason: str = "missed") -> None:
    record = await jobs.find(job_id)
    score = int(await queue.link.call("ZSCORE", queue.keys.schedule, job_id))
    due = DueJob(job_id, record.version, score, score)
    assert await queue.reschedule(due, score + 1, score + 1, MissedSlots(1_000, 3_000, 3, reason))
    assert not await queue.reschedule(due, score + 1, score + 1, MissedSlots(1_000, 3_000, 3, reason))


async def add_job(jobs: JobStore, job_id: str) -> None:
    spec = JobSpec(job_id=job_id, type="test.noop", schedule=Schedule(interval_sec=3600))
    await jobs.create(spec, actor="t", origin="t")


async def test_missed_slots_of_all_jobs_are_one_incident(
    jobs: JobStore, queue: Queue, incidents: IncidentStore
) -> None:
    """The platform was away: one cause, whatever the number of jobs and slots."""
    for job_id in ("a", "b"):
        await add_job(jobs, job_id)
        await miss(jobs, queue, job_id)
    [found] = await open_ones(incidents)
    assert (found.kind, found.jobs, found.count, found.since) == ("slots_missed", ["a", "b"], 2, 1_000)
    assert found.cause == "3 slots did not run: the platform was away."
    assert render(found.cause, "id") == "3 slot tidak berjalan: platform sedang tidak aktif."


async def test_skipped_slots_are_no_incident(jobs: JobStore, queue: Queue, incidents: IncidentStore) -> None:
    """A pause, an overlap and a day off are wanted."""
    await add_job(jobs, "a")
    await miss(jobs, queue, "a", "paused")
    assert await open_ones(incidents) == []


async def test_a_deleted_job_leaves_its_incidents(
    driver: QueueDriver, jobs: JobStore, queue: Queue, incidents: IncidentStore
) -> None:
    """It was the last member of one, and one of two of another."""
    for job_id in ("a", "b"):
        await add_job(jobs, job_id)
        await miss(jobs, queue, job_id)
    await driver.fail("a")
    await jobs.delete("a", actor="ana")
    [found] = await open_ones(incidents)
    assert (found.kind, found.jobs) == ("slots_missed", ["a", "b"])
    await jobs.delete("b", actor="ana")
    assert await open_ones(incidents) == []


async def test_a_paused_monitor_is_no_part_of_an_incident(
    driver: QueueDriver, jobs: JobStore, incidents: IncidentStore, monitors: MonitorStore
) -> None:
    """A person who pauses it wants no word of it; the incident says so."""
    await add_job(jobs, "shop")
    run = await driver.start("shop")
    report = MonitorReport("down", "https://shop.example", "monitor:shop.example", "status", "status 503")
    await driver.finish(run, check=encode_check(report))
    assert len(await open_ones(incidents)) == 1
    mark = MonitorMark("shop", "paused", await driver.now_ms(), "disabled")
    assert [await monitors.mark([mark]) for _ in range(2)] == [1, 0]
    [found] = (await incidents.list("closed")).items
    assert render(found.timeline[-1].text, "id") == "Pemantau ini sedang dijeda."

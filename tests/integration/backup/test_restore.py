"""An export put back on a real server: the same content, no second fire, no second send."""

from __future__ import annotations

import logging
import time
from typing import Any

import pytest

from app.backup.reader import ExportFile
from app.backup.report import RestoreOutcome
from app.backup.restore import Restore, RestoreOptions
from app.core.alerting.rules import NotificationRules
from app.core.clock import SystemClock
from app.core.connectors.messages import OutboxState
from app.core.errors import OutboxMismatch, RestoreRefused
from app.core.execution.attempt import encode_check
from app.core.incidents.store import IncidentStore
from app.core.messaging.account_models import ChatUser
from app.core.messaging.accounts import AccountDraft, AccountStore
from app.core.messaging.contacts import ContactDraft, ContactStore
from app.core.messaging.outbox import Outbox
from app.core.models import Calendar, Concurrency, JobSpec, Rate, RunStatus, Schedule, Skip
from app.core.monitors.models import MonitorReport
from app.core.monitors.store import MonitorStore
from app.core.recipient import SANDBOX_INBOX
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from tests.support.backup.backup_fixture import BackupFixture
from tests.support.backup.contents import difference
from tests.support.backup.kept_settings import RULES, WINDOWS, KeptSettings
from tests.support.jobs.job_harness import JobHarness
from tests.support.queue.bulk import Active, Bulk
from tests.support.queue.queue_driver import QueueDriver

TOKEN = "123456:" + "A" * 35
EVERY_HOUR = Schedule(interval_sec=3600)


def telegram(account_id: str = "bot_a01", **changes: Any) -> AccountDraft:
    return AccountDraft("telegram", account_id, secrets={"token": TOKEN}, default_to="42", **changes)


async def fill(bulk: Bulk, accounts: AccountStore, jobs: int, runs: int) -> None:
    """Make some of everything."""
    specs = await bulk.make_jobs(jobs)
    await bulk.make_runs(runs)
    await bulk.fire(specs[1], 3)
    await bulk.keep_values(specs[1].job_id)
    await bulk.send("01J0000000000000000000000A", specs[2].job_id, OutboxState.DELIVERED)
    await bulk.send("01J0000000000000000000000B", specs[2].job_id, OutboxState.UNKNOWN)
    await bulk.jobs.delete(specs[-1].job_id, actor="ana")
    contacts = ContactStore(bulk.driver.queue.link, bulk.driver.queue.scripts, SystemClock())
    await contacts.put(ContactDraft("Bu Siti", "whatsapp", "0811"), "ana")
    await bulk.jobs.calendars.put("leave", Calendar(dates=["2026-12-24"], description="Leave"), "ana")
    await accounts.put(telegram(), "ana")
    await accounts.name_chat_user("telegram", "bot_a01", ChatUser("43", "Budi"), "ana")
    await KeptSettings(bulk, accounts).fill(specs[1].job_id)
    await accounts.put(telegram("bot_b02", allow_chats=("1", "2"), commands=True, enabled=False), "budi")


async def round_trip(deployment: BackupFixture) -> None:
    before = await deployment.contents()
    export = await deployment.export()
    await deployment.wipe()
    report = await deployment.restore(export)
    assert difference(before, await deployment.contents()) == []
    assert sum(report.tally.counts.values()) == report.tally.total(RestoreOutcome.CREATED)
    assert report.notes.without_secrets == []


async def test_everything_comes_back_as_it_was(
    deployment: BackupFixture, bulk: Bulk, accounts: AccountStore
) -> None:
    """100 jobs and 1,000 runs: every key that an export is about has the content that it had."""
    await fill(bulk, accounts, jobs=100, runs=1_000)
    await round_trip(deployment)


@pytest.mark.full
@pytest.mark.timeout(900)
async def test_everything_comes_back_at_full_size(
    deployment: BackupFixture, bulk: Bulk, accounts: AccountStore
) -> None:
    """1,000 jobs and 10,000 runs, exported by the job type; times are printed, none is required."""
    watch = StopWatch()
    await fill(bulk, accounts, jobs=1_000, runs=10_000)
    before = await deployment.contents()
    watch.lap("filled")
    path = await deployment.export_by_job(
        JobHarness(deployment.driver, deployment.settings), include_secrets=True
    )
    watch.lap(f"exported, {path.stat().st_size:,} bytes")
    await deployment.wipe()
    restore = Restore(deployment.link, deployment.scripts, deployment.driver.queue.clock, deployment.settings)
    with path.open("rb") as file:
        report = await restore.run(ExportFile(file), RestoreOptions())
        watch.lap("restored")
        again = await restore.run(ExportFile(file), RestoreOptions())
    watch.lap("restored again")
    assert report.notes.cancelled == 1, "the run that made the export"
    assert again.tally.total(RestoreOutcome.SAME) == sum(again.tally.counts.values())
    reported = _reported_in_both(deployment, before)
    assert len(reported) > 20_000
    assert difference(_only(before, reported), _only(await deployment.contents(), reported)) == []


class StopWatch:
    """Writes into the log how long something took: `pytest --full --log-cli-level=INFO`."""

    def __init__(self) -> None:
        self._at = time.monotonic()

    def lap(self, what: str) -> None:
        before, self._at = self._at, time.monotonic()
        logging.getLogger(__name__).info("%s after %.1f s", what, self._at - before)


def _reported_in_both(deployment: BackupFixture, before: dict[str, Any]) -> set[str]:
    # The run of the export itself is in the file as well: in these indexes, and among what was started.
    keys, minutes = deployment.keys, deployment.keys.prefix + Keys.rollup_minute.lua_value
    shared = {keys.runs, *(keys.runs_status(status) for status in RunStatus)}
    return {name for name in before if name not in shared and not name.startswith(minutes)}


def _only(found: dict[str, Any], names: set[str]) -> dict[str, Any]:
    return {name: content for name, content in found.items() if name in names}


async def test_a_run_reads_as_before(
    deployment: BackupFixture, bulk: Bulk, driver: QueueDriver, runs: RunStore
) -> None:
    """Record, attempts and log of an ended run are those it had, by the platform's own reader."""
    await bulk.make_jobs(3)
    await bulk.make_runs(20)
    ids = await driver.link.call("ZRANGE", driver.keys.runs, 0, -1)
    before = [(await runs.get(run_id), await runs.logs(run_id)) for run_id in ids]
    assert {len(run.attempts) for run, _ in before} == {1, 2}
    export = await deployment.export()
    await deployment.wipe()
    await deployment.restore(export)
    assert [(await runs.get(run_id), await runs.logs(run_id)) for run_id in ids] == before


async def test_runs_that_had_not_ended_come_back_cancelled(
    deployment: BackupFixture, bulk: Bulk, runs: RunStore, driver: QueueDriver
) -> None:
    """Whatever the state: cancelled, with the code `restored` and their log, and in no queue."""
    active = await bulk.make_active()
    export = await deployment.export()
    await deployment.wipe()
    report = await deployment.restore(export)
    assert report.notes.cancelled == 4
    found = [await runs.get(run_id) for run_id in active.all]
    assert {run.status for run in found} == {RunStatus.CANCELLED}
    assert {run.error["code"] for run in found if run.error} == {"restored"}
    assert all(run.ended_at is not None and run.ended_at >= run.created_at for run in found)
    assert [line.message for line in await runs.logs(active.running)] == ["at work"]
    await _nothing_waits(driver, active)


async def _nothing_waits(driver: QueueDriver, active: Active) -> None:
    await driver.queue.ensure_groups()
    assert await driver.at_rest() == {}
    assert await driver.link.call("EXISTS", driver.keys.active("active")) == 0
    assert (await driver.claim()).runs == []
    assert [await driver.queue.cancel(run_id) for run_id in active.all] == ["TERMINAL"] * 4


async def test_restoring_twice_changes_nothing(
    deployment: BackupFixture, bulk: Bulk, accounts: AccountStore, driver: QueueDriver
) -> None:
    """The second time every record is identical, next fires stay, and nothing at all is written."""
    await fill(bulk, accounts, jobs=20, runs=60)
    await bulk.make_active()
    await bulk.send("01J0000000000000000000000C", "job-00002", OutboxState.PENDING)
    export = await deployment.export()
    await deployment.wipe()
    first = await deployment.restore(export)
    assert first.armed > 0
    before = await driver.snapshot()
    second = await deployment.restore(export)
    assert second.tally.total(RestoreOutcome.SAME) == sum(second.tally.counts.values())
    assert second.armed == 0
    assert await driver.snapshot() == before


async def test_restore_goes_on_after_a_crash(
    deployment: BackupFixture,
    bulk: Bulk,
    accounts: AccountStore,
    driver: QueueDriver,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Cut off in the middle, no job fires; run again, it is as if nothing had been."""
    await fill(bulk, accounts, jobs=20, runs=300)
    before = await deployment.contents()
    export = await deployment.export()
    await deployment.wipe()
    run = Scripts.run
    done = 0

    async def dying(self: Scripts, name: str, /, *args: Any, **named: Any) -> Any:
        nonlocal done
        if name == "restore/run" and named["mode"] == "add":
            done += 1
            if done == 2:
                raise KeyboardInterrupt
        return await run(self, name, *args, **named)

    monkeypatch.setattr(Scripts, "run", dying)
    with pytest.raises(KeyboardInterrupt):
        await deployment.restore(export)
    monkeypatch.undo()
    assert 0 < await driver.link.call("ZCARD", driver.keys.runs) < 300
    assert await driver.link.call("ZCARD", driver.keys.schedule) == 0
    report = await deployment.restore(export)
    assert report.tally.total(RestoreOutcome.SAME) > 0
    assert report.armed > 0
    assert difference(before, await deployment.contents()) == []


async def test_next_fires_count_from_the_restore(
    deployment: BackupFixture, jobs: JobStore, driver: QueueDriver
) -> None:
    """What lay in between is neither caught up with nor missed; a job that is off, or over, has none."""
    for spec in (
        JobSpec(job_id="hourly", type="simulation.load", schedule=EVERY_HOUR),
        JobSpec(job_id="off", type="simulation.load", schedule=EVERY_HOUR, enabled=False),
        JobSpec(job_id="by-hand", type="simulation.load"),
        JobSpec(
            job_id="over",
            type="simulation.load",
            schedule=Schedule.model_validate({"at": "2020-01-01T00:00:00Z"}),
        ),
    ):
        await jobs._save(spec, "0", "ana", "test", None, must_fire=False)
    # As it would be long after its time.
    await driver.link.call("ZADD", driver.keys.schedule, 1_000, "hourly")
    export = await deployment.export()
    await deployment.wipe()
    report = await deployment.restore(export)
    assert report.armed == 1
    now = await driver.now_ms()
    assert (await driver.queue.due(10)).jobs == []
    record = await jobs.find("hourly")
    assert record.next_run_at is not None
    assert now < record.next_run_at <= now + 3_600_000
    assert [(await jobs.find(job_id)).next_run_at for job_id in ("off", "by-hand", "over")] == [None] * 3
    assert not (await jobs.find("off")).spec.enabled


async def test_a_restored_slot_does_not_fire_again(
    deployment: BackupFixture, bulk: Bulk, driver: QueueDriver, jobs: JobStore
) -> None:
    """Even if its run is not among the restored ones, the fired ranges contain the slot."""
    spec = JobSpec(job_id="tick", type="simulation.load", schedule=Schedule(interval_sec=1))
    await jobs.create(spec, actor="ana", origin="test")
    (run_id,) = await bulk.fire(spec, 1)
    slot = int(run_id.partition("@")[2])
    export = await deployment.export()
    await deployment.wipe()
    await deployment.restore(export)
    await driver.link.call("DEL", driver.keys.run(run_id))
    assert await bulk.fire_slot(spec, slot) == "SKIPPED"


async def test_ids_go_on_behind_what_was_restored(
    deployment: BackupFixture, bulk: Bulk, driver: QueueDriver, runs: RunStore
) -> None:
    """A new run comes after all restored ones; runs that retention had removed are known as gone."""
    await bulk.make_jobs(2)
    await bulk.make_runs(5)
    await driver.link.call("HSET", driver.keys.meta, "purged_until", 1_234)
    newest = int((await driver.link.call("ZRANGE", driver.keys.runs, -1, -1, "WITHSCORES"))[1])
    export = await deployment.export()
    await deployment.wipe()
    await deployment.restore(export)
    record = await runs.get(await driver.enqueue("job-00000"))
    assert record.seq > newest
    assert await driver.link.call("HGET", driver.keys.meta, "purged_until") == "1234"


async def test_messages_are_sent_once_over_a_restore(
    deployment: BackupFixture, bulk: Bulk, driver: QueueDriver, scripts: Scripts
) -> None:
    """What was delivered is found again under its id; what was under way is `unknown`, for a person."""
    ids = [f"01J000000000000000000000{n:02}" for n in range(3)]
    states = (OutboxState.DELIVERED, OutboxState.PENDING, OutboxState.SENDING)
    entries = [await bulk.send(run_id, "job-a", state) for run_id, state in zip(ids, states, strict=True)]
    export = await deployment.export()
    await deployment.wipe()
    report = await deployment.restore(export)
    assert report.notes.messages_unknown == 2
    outbox = Outbox(driver.link, scripts, driver.keys, driver.queue.clock)
    found = [await outbox.get(entry_id) for entry_id in entries]
    assert [entry.state for entry in found if entry] == [
        OutboxState.DELIVERED,
        OutboxState.UNKNOWN,
        OutboxState.UNKNOWN,
    ]
    delivered = found[0]
    assert delivered is not None
    again = await outbox.put(entries[0], "telegram", delivered.account_id, "42", "hello", run_id=ids[0])
    assert (again.state, again.provider_id) == (OutboxState.DELIVERED, "7")
    with pytest.raises(OutboxMismatch):
        await outbox.put(entries[0], "telegram", delivered.account_id, "42", "other", run_id=ids[0])
    assert await outbox.take("telegram", delivered.account_id, "connector-b:1") is None


async def test_a_job_comes_back_with_its_calendar(deployment: BackupFixture, jobs: JobStore) -> None:
    """Its next fire obeys the calendar, which it still holds; its ledger has the reasons."""
    await jobs.calendars.put("leave", Calendar(weekdays=[0, 1, 2, 3, 4, 6]), "ana")
    schedule = Schedule(cron="0 7 * * *", skip=Skip(calendars=["leave"]))
    made = await jobs.create(
        JobSpec(job_id="daily", type="simulation.load", schedule=schedule), actor="ana", origin="test"
    )
    entry = "1|2|2|skip@leave:date:2026-12-24..2026-12-25|3"
    await jobs._link.call("RPUSH", jobs._keys.ledger("daily"), entry)
    export = await deployment.export()
    await deployment.wipe()
    report = await deployment.restore(export)
    assert (report.notes.never_firing, report.armed) == ([], 1)
    assert (await jobs.find("daily")).next_run_at == made.next_run_at
    assert await jobs.calendars.jobs("leave") == ["daily"]
    assert [each.reason for each in await jobs.ledger("daily", 10)] == [
        "skip@leave:date:2026-12-24..2026-12-25"
    ]


async def test_settings_come_back_over_an_older_export(
    deployment: BackupFixture, bulk: Bulk, accounts: AccountStore
) -> None:
    """An export without settings leaves the stored ones; one with settings replaces them only on request."""
    (spec,) = await bulk.make_jobs(1)
    older = await deployment.export()
    settings = KeptSettings(bulk, accounts)
    await settings.fill(spec.job_id)
    export = await deployment.export()
    before = await deployment.contents()
    assert (await deployment.restore(older)).tally.of("setting")[RestoreOutcome.SAME] == 0
    assert difference(before, await deployment.contents()) == []
    await settings.rules.put(NotificationRules(), "budi")
    with pytest.raises(RestoreRefused, match="setting settings notification_rules"):
        await deployment.restore(export)
    await deployment.restore(export, overwrite=True)
    stored = await settings.rules.get()
    assert (stored.rules, stored.updated_by) == (RULES, "ana")
    assert [window.draft for window in await settings.windows.list()] == WINDOWS
    default = await settings.default.stored()
    assert default is not None
    assert (default.recipient, default.language) == (SANDBOX_INBOX, "id")
    assert [page.page.published for page in await settings.pages.all()] == [True]


async def test_a_schedule_that_cannot_be_computed_is_named(deployment: BackupFixture, jobs: JobStore) -> None:
    """With a zone that is unknown here, the job is restored, never fires, and is reported."""
    odd = Schedule(cron="0 7 * * *", timezone="Mars/Olympus")
    spec = JobSpec(job_id="odd", type="simulation.load", enabled=False, schedule=odd)
    await jobs._scripts.run(
        *("specs/save", "odd", spec.model_dump_json(exclude_none=True), spec.type, "1", "", "0", "s1", "ana"),
        *("test", "", "", "", "", "", ""),
    )
    export = await deployment.export()
    await deployment.wipe()
    report = await deployment.restore(export)
    assert (report.notes.never_firing, report.armed) == (["odd"], 0)
    assert (await jobs.find("odd")).spec.schedule == odd


async def test_open_incidents_come_back_and_alarm_no_person_again(
    deployment: BackupFixture, driver: QueueDriver, scripts: Scripts
) -> None:
    """They are open with their members, so that they end as before; no message is due."""
    clock, keys = driver.queue.clock, driver.keys
    incidents = IncidentStore(driver.link, scripts, keys, clock)
    for _ in range(3):
        await driver.fail()
    down = MonitorReport("down", "https://shop.example", "monitor:shop.example", "status", "status 503")
    jobs = JobStore(driver.link, scripts, clock, "Asia/Jakarta")
    await jobs.create(JobSpec(job_id="shop", type="monitor.http"), actor="t", origin="t")
    await driver.finish(await driver.start("shop", type="monitor.http"), check=encode_check(down))
    [found, _] = (await incidents.list("open")).items
    await incidents.comment(found.id, "ana", "restarted")
    export = await deployment.export()
    await deployment.wipe()
    await deployment.restore(export)
    restored = (await incidents.list("open")).items
    assert [(each.key, each.count) for each in restored] == [("monitor:shop.example", 1), ("failing:abc", 3)]
    assert restored[0].timeline[-1].text == "restarted"
    assert await driver.link.call("EXISTS", keys.incidents_due) == 0
    assert await incidents.close("failing:abc", "job:job-a")


async def test_a_restored_incident_of_a_monitor_ends_with_its_first_good_check(
    deployment: BackupFixture, driver: QueueDriver, scripts: Scripts
) -> None:
    """Its state and history come back; its first check finds the incident by its cause."""
    clock, keys = driver.queue.clock, driver.keys
    incidents = IncidentStore(driver.link, scripts, keys, clock)
    down = MonitorReport("down", "https://shop.example", "monitor:shop.example", "status", "status 503")
    jobs = JobStore(driver.link, scripts, clock, "Asia/Jakarta")
    await jobs.create(JobSpec(job_id="shop", type="monitor.http"), actor="t", origin="t")
    await driver.finish(await driver.start("shop", type="monitor.http"), check=encode_check(down))
    monitors = MonitorStore(driver.link, scripts, keys, clock)
    before = await monitors.get("shop")
    export = await deployment.export()
    await deployment.wipe()
    await deployment.restore(export)
    after = await monitors.get("shop")
    assert before is not None
    assert after is not None
    assert (after.record.state, after.record.since, after.history) == (
        "down",
        before.record.since,
        before.history,
    )
    await driver.queue.ensure_groups()
    up = MonitorReport("up", "https://shop.example", "monitor:shop.example")
    await driver.finish(await driver.start("shop", type="monitor.http"), check=encode_check(up))
    assert (await incidents.list("open")).items == []


async def test_limits_of_a_job_come_back(
    deployment: BackupFixture, jobs: JobStore, driver: QueueDriver
) -> None:
    """Groups and rates, with the limits that other jobs have to keep to."""
    slots = Concurrency(key="shop", limit=2, total=8, group_by="inputs.n", strategy="group_round_robin")
    spec = JobSpec(job_id="limited", type="test.noop", concurrency=slots, rate=Rate(key="api", per_minute=60))
    await jobs.create(spec, actor="ana", origin="test")
    export = await deployment.export()
    await deployment.wipe()
    await deployment.restore(export)
    assert (await jobs.get("limited")).spec == spec
    limits = await driver.fields(driver.keys.limits)
    assert limits == {"user:shop": "2|8|group_round_robin", "rate:api": "60"}

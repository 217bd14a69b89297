"""Messages of the platform in each record that keeps one, and texts of handlers that are equal to one."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import orjson
import pytest

from app.core.connectors.base import AccountHealth
from app.core.connectors.messages import ProviderReport, ProviderState
from app.core.execution.outcome import Failure, error_json, timed_out
from app.core.i18n import Message, _, render
from app.core.i18n.stored import packed
from app.core.incidents.models import IncidentDelivery, IncidentKind, TimelineKind
from app.core.incidents.remedies import RemedyAction
from app.core.incidents.store import IncidentStore
from app.core.messaging.checks import AccountChecks
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.models import AttemptOutcome
from app.core.monitors.store import MonitorStore
from app.core.runs.dead_letters import DeadLetters
from app.core.runs.store import RunStore
from tests.support.channels.outbox_driver import ACCOUNT, put, sending
from tests.support.monitors.watched import DOWN, SEC, Watched, add_job

if TYPE_CHECKING:
    from app.core.clock import SystemClock
    from app.core.queue import Queue
    from app.core.redis_client import RedisLink
    from app.core.specs.store import JobStore
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts
    from tests.support.queue.queue_driver import QueueDriver

OURS = _("the outcome is unknown: {why}.", why=_("no ping came in time"))
ENGLISH = "the outcome is unknown: no ping came in time."
INDONESIAN = "Hasilnya tidak diketahui: ping tidak datang tepat waktu."
BOTH = pytest.mark.parametrize(("text", "shown"), [(OURS, INDONESIAN), (ENGLISH, ENGLISH)])
"""A message of the platform, and a text of another author that is equal to it."""


@pytest.fixture
def incidents(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> IncidentStore:
    return IncidentStore(link, scripts, keys, clock)


@pytest.fixture
def outbox(link: RedisLink, scripts: Scripts, keys: Keys, clock: SystemClock) -> Outbox:
    return Outbox(link, scripts, keys, clock)


@pytest.fixture
async def watched(driver: QueueDriver, queue: Queue, jobs: JobStore) -> Watched:
    await add_job(jobs, "shop")
    monitors = MonitorStore(queue.link, queue.scripts, queue.keys, queue.clock)
    return Watched(driver, monitors, await driver.now_ms() - 60 * SEC, "shop")


async def opened(incidents: IncidentStore, cause: str) -> None:
    await incidents.open("k", IncidentKind.JOB_ALARM, severity="warning", subject="a", cause=cause)


@BOTH
async def test_error_of_a_run(
    driver: QueueDriver, queue: Queue, incidents: IncidentStore, text: str, shown: str
) -> None:
    """Of the run, its attempts, its group of dead letters, and the incident of the error."""
    failure = Failure("exception", "exception", text)
    run = await driver.start("a")
    await driver.finish(
        run, AttemptOutcome.FAILED, error=error_json(failure, 1, retryable=False), fingerprint="f1"
    )
    record = await RunStore(queue.link, queue.keys).get(run.run_id)
    (group,) = (await DeadLetters(queue).groups(None, None, 10)).items
    (incident,) = (await incidents.list("open")).items
    assert record.error is not None
    assert group.error is not None
    errors = [record.error, group.error, *(each.error for each in record.attempts if each.error)]
    for found in (*(each["message"] for each in errors), incident.cause, incident.timeline[0].text):
        assert (found, render(found, "id")) == (ENGLISH, shown)


@BOTH
async def test_reason_of_a_monitor(watched: Watched, incidents: IncidentStore, text: str, shown: str) -> None:
    """Of the monitor, and the cause of its incident."""
    await watched.check(replace(DOWN, detail=text, fail_after=1), 0)
    (record,) = await watched.monitors.list()
    (incident,) = (await incidents.list("open")).items
    for found in (record.last_error or "", incident.cause):
        assert (found, render(found, "id")) == (ENGLISH, shown)


async def test_text_of_another_author_replaces_a_message(
    watched: Watched, incidents: IncidentStore, outbox: Outbox
) -> None:
    """The id of the message goes with it."""
    for text in (OURS, ENGLISH):
        await watched.check(replace(DOWN, detail=text, fail_after=1), SEC if text is OURS else 2 * SEC)
        await opened(incidents, text)
    await put(outbox)
    for send, text in (("s:1", OURS), ("s:2", ENGLISH)):
        await outbox.take(*ACCOUNT, send)
        await outbox.settle("r:1", send, OutboxState.PENDING, error=text, retry_at=0)
    (record,) = await watched.monitors.list()
    entry = await outbox.get("r:1")
    assert entry is not None
    found = [record.last_error or "", entry.error or ""]
    found += [each.cause for each in (await incidents.list("open")).items]
    assert [(each, type(each)) for each in found] == [(ENGLISH, str)] * 4


@BOTH
async def test_error_of_a_message(outbox: Outbox, incidents: IncidentStore, text: str, shown: str) -> None:
    """Of the message, and the cause of the incident of messages that were not delivered."""
    await sending(outbox, "s:1")
    await outbox.settle("r:1", "s:1", OutboxState.FAILED, error=text)
    entry = await outbox.get("r:1")
    (incident,) = (await incidents.list("open")).items
    assert entry is not None
    for found in (entry.error or "", incident.cause):
        assert (found, render(found, "id")) == (ENGLISH, shown)


@BOTH
async def test_report_that_comes_before_its_message_is_settled(outbox: Outbox, text: str, shown: str) -> None:
    """It waits with its reason."""
    await sending(outbox, "s:1")
    await outbox.report(*ACCOUNT, ProviderReport("p:1", ProviderState.FAILED, 1, text))
    await outbox.settle("r:1", "s:1", OutboxState.DELIVERED, provider_id="p:1", reported=True)
    entry = await outbox.get("r:1")
    assert entry is not None
    assert entry.error is not None
    assert (entry.error, render(entry.error, "id")) == (ENGLISH, shown)


@BOTH
async def test_delivery_of_an_alarm(
    incidents: IncidentStore, scripts: Scripts, link: RedisLink, text: str, shown: str
) -> None:
    """Of the delivery and the timeline; an earlier release reads no field of it that it does not know."""
    await opened(incidents, "x")
    (incident,) = (await incidents.list("open")).items
    await scripts.run(
        "incidents/notify",
        *(incident.id, ""),
        phase="opened",
        account="telegram:bot",
        recipient="1",
        place="p",
        body="x",
        digest="d",
        buttons="",
        failure=packed(text),
        words=packed(text),
    )
    found = await incidents.get(incident.id)
    (delivery,) = found.deliveries
    (stored,) = (await link.hash(scripts.keys.incident_deliveries(incident.id))).values()
    assert IncidentDelivery(**orjson.loads(stored)).error == ENGLISH
    for shown_text in (delivery.error or "", found.timeline[-1].text):
        assert (shown_text, render(shown_text, "id")) == (ENGLISH, shown)
    await scripts.run("incidents/settle", incident.id, delivery.field, "unknown", packed(text), packed(text))
    (delivery,) = (await incidents.get(incident.id)).deliveries
    assert render(delivery.error or "", "id") == shown


@BOTH
async def test_health_of_an_account(
    link: RedisLink, scripts: Scripts, clock: SystemClock, text: str, shown: str
) -> None:
    """An earlier release reads no field of it that it does not know."""
    checks = AccountChecks(link, scripts, scripts.keys, clock, supported=("telegram",))
    health = AccountHealth("down", "channel_rejected", 3, text, 7)
    for each in (replace(health, detail=OURS), health):
        await checks.answer("telegram", "bot", [], each)
    stored = await link.call("GET", scripts.keys.health("telegram:bot"))
    assert orjson.loads(stored) == {**asdict(health), "detail": ENGLISH}
    found = (await checks.last(["telegram:bot"]))["telegram:bot"].detail
    assert (found, render(found, "id")) == (ENGLISH, shown)


async def test_words_of_a_timeline(incidents: IncidentStore) -> None:
    """A remedy that was used, a comment that is equal to a message, and the end by a script."""
    await opened(incidents, "x")
    (incident,) = (await incidents.list("open")).items
    await incidents.remedied(incident.id, "me", RemedyAction.RUN_NOW, "a")
    await incidents.comment(incident.id, "me", "The job was deleted.")
    await incidents.close("k", words=_("The job was deleted."))
    words = [render(each.text, "id") for each in (await incidents.get(incident.id)).timeline]
    assert words == ["x", "Jalankan sekarang: a", "The job was deleted.", "Job ini sudah dihapus."]


async def test_entries_of_an_earlier_release(incidents: IncidentStore, link: RedisLink, keys: Keys) -> None:
    """Its texts stay as they were written, and what it writes in place of a message replaces it."""
    await opened(incidents, OURS)
    (incident,) = (await incidents.list("open")).items
    await link.call("HSET", keys.incident(incident.id), "cause", "the disk is full")
    entry = {"at": 7, "what": "comment", "by": "", "text": "The job was deleted."}
    await link.call("RPUSH", keys.incident_timeline(incident.id), orjson.dumps(entry).decode())
    found = await incidents.get(incident.id)
    assert not isinstance(found.cause, Message)
    assert found.timeline[-1].what is TimelineKind.COMMENT
    assert render(found.timeline[-1].text, "id") == "The job was deleted."


async def test_time_out_of_a_run_costs_little_more(driver: QueueDriver, link: RedisLink, keys: Keys) -> None:
    """A failed run grows by the id and the fields; a handler's error does not."""
    sizes: list[int] = []
    failure = timed_out(30_000, abandoned=False)
    for failed in (failure, replace(failure, message=str(failure.message))):
        run = await driver.start("a")
        await driver.finish(
            run, AttemptOutcome.FAILED, error=error_json(failed, 1, retryable=False), fingerprint="f1"
        )
        sizes.append(await link.call("MEMORY", "USAGE", keys.run(run.run_id)))
    assert 0 < sizes[0] - sizes[1] <= 200

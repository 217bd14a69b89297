"""The shipped job types on a real server, with the real tools, under the shipped policies."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml

from app.core.alerting.loop import AlarmLoop
from app.core.config import Settings
from app.core.connectors.base import AccountHealth
from app.core.incidents.store import IncidentStore
from app.core.messaging.recipients import DefaultNotify
from app.core.models import JobSpec, RunStatus
from app.core.policies import load_policies
from app.core.queue import Queue
from app.core.recipient import Recipient
from app.core.registry import load_handlers
from app.core.specs.store import JobStore
from app.core.specs.validation import check_spec
from tests.support.http.fake_remote import HANG, FakeRemote, Reply, Request
from tests.support.jobs.job_harness import JobHarness
from tests.support.queue.queue_driver import QueueDriver
from tests.support.redis_server import fresh_settings

SPECS = sorted((Path(__file__).resolve().parents[3] / "app" / "jobs" / "specs").iterdir())
SANDBOX = {"channel": "sandbox", "account_id": "default"}
UP = AccountHealth("up", None, 3, "fine", 1)
DOWN = AccountHealth("down", "channel_unreachable", None, "no answer", 1)


class Site(FakeRemote):
    """A web site with configurable answers."""

    def __init__(self) -> None:
        super().__init__()
        self.reply = Reply(200, b"all is well")

    def answer(self, request: Request) -> Reply:
        return self.reply


@pytest.fixture
def site() -> Any:
    with Site() as site:
        yield site


@pytest.fixture
def settings(redis_url: str, tmp_path: Path, site: Site) -> Settings:
    return fresh_settings(redis_url, tmp_path, http_allow_private=[f"127.0.0.1:{site.port}"])


@pytest.fixture
async def harness(driver: QueueDriver, settings: Settings) -> JobHarness:
    return JobHarness(driver, settings)


def read_sample(path: Path) -> dict[str, Any]:
    text = path.read_text("utf-8")
    return orjson.loads(text) if path.suffix == ".json" else yaml.safe_load(text)


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.name)
async def test_sample_spec_is_applied(path: Path, settings: Settings, jobs: JobStore) -> None:
    """Every sample is accepted under the shipped policies; one with a schedule has a next fire."""
    spec = check_spec(read_sample(path), load_handlers(settings), load_policies(settings), settings.timezone)
    record = await jobs.create(spec, actor="test", origin="sample")
    assert record.spec.job_id == path.stem
    assert (record.next_run_at is not None) == (spec.schedule is not None)


def test_every_job_type_has_a_sample(settings: Settings) -> None:
    """For each job type there is an example, in JSON or YAML."""
    assert {read_sample(path)["type"] for path in SPECS} >= set(load_handlers(settings).types())
    assert {path.suffix for path in SPECS} == {".json", ".yaml"}


async def test_monitor_of_an_account_that_is_not_set_up_succeeds(harness: JobHarness) -> None:
    """It says `not_configured` and the command that sets the account up; no connector has to run for that."""
    result = await harness.run("monitor.channel", {"channel": "telegram", "account_id": "bot_a01"})
    assert result.status is RunStatus.SUCCESS, result.error
    assert result.output["state"] == "not_configured"
    assert result.output["command"] == "multi-job connect telegram bot_a01"


async def test_monitor_without_a_connector_fails_to_be_tried_again(harness: JobHarness) -> None:
    """A check that could not be made is no `down`."""
    result = await harness.run("monitor.channel", {**SANDBOX, "timeout_sec": 0.2})
    assert result.status is RunStatus.RETRYING


async def test_monitor_reports_figures_and_keeps_the_time(harness: JobHarness, driver: QueueDriver) -> None:
    """The gauges are in the job's metrics, the time between two checks in the monitor's days."""
    harness.answers["sandbox", "default"] = UP
    await driver.link.call("HSET", driver.keys.job("job-a"), "seq", "1", "type", "monitor.channel")
    async with harness.connector():
        for _ in range(2):
            result = await harness.run("monitor.channel", SANDBOX)
            assert (result.output["state"], result.output["latency_ms"]) == ("up", 3)
    series = await driver.fields(driver.keys.tool_metrics("job-a"))
    labels = '{"account":"default","channel":"sandbox"}'
    assert float(series[f"channel_up|{labels}"]) == 1
    assert float(series[f"channel_latency_ms|{labels}"]) == 3
    days = await driver.fields(driver.keys.monitor_days("job-a"))
    assert sum(int(text.split(",")[0]) for text in days.values()) > 0


async def test_monitor_opens_and_closes_one_incident(
    harness: JobHarness, driver: QueueDriver, jobs: JobStore, settings: Settings
) -> None:
    """With no recipient set, the alarm and the recovery are in the sandbox's inbox."""
    queue = driver.queue
    spec = JobSpec.model_validate({"job_id": "job-a", "type": "monitor.channel", "inputs": SANDBOX})
    await jobs.create(spec, actor="test", origin="test")
    loop = AlarmLoop(queue.link, queue.scripts, queue.clock, settings, "worker-1")
    for answer in (UP, DOWN, DOWN, DOWN, UP, UP):
        harness.answers["sandbox", "default"] = answer
        async with harness.connector():
            result = await harness.run("monitor.channel", {**SANDBOX, "fail_after": 2})
        assert result.status is RunStatus.SUCCESS, result.error
        await loop.work()
    texts = [text for text in await harness.inbox_texts() if "sandbox default" in text]
    assert [text.split(":")[0] for text in texts] == ["MATI", "PULIH"]
    assert "(2 pemeriksaan). Job job-a." in texts[0]


async def test_url_that_is_refused_fails_the_run(harness: JobHarness) -> None:
    """The port is none that the operator opened: no `down`, no other try, and the line that opens it."""
    refused = await harness.run("monitor.http", {"url": "http://127.0.0.1:9/"})
    assert refused.status is RunStatus.FAILED
    assert refused.error is not None
    assert refused.error["code"] == "url_refused"
    assert "HTTP_ALLOW_PRIVATE=127.0.0.1:9" in refused.error["message"]


async def test_site_is_watched_up_and_down(harness: JobHarness, site: Site, driver: QueueDriver) -> None:
    """Good answers, bad ones and silence are all successful runs; the state tells them apart."""
    await driver.link.call("HSET", driver.keys.job("job-a"), "seq", "1", "type", "monitor.http")
    inputs = {"url": f"{site.url}/health?key=1", "contains": "well", "timeout_sec": 30}
    async with harness.connector():
        good = await harness.run("monitor.http", inputs)
        assert good.status is RunStatus.SUCCESS, good.error
        assert (good.output["state"], good.output["status"]) == ("up", 200)
        site.reply = Reply(500, b"all is well")
        bad = await harness.run("monitor.http", inputs)
        assert (bad.output["state"], bad.output["reason"]) == ("down", "status")
        site.reply = HANG
        silent = await harness.run("monitor.http", inputs | {"timeout_sec": 0.5})
    assert silent.status is RunStatus.SUCCESS, silent.error
    assert silent.output["state"] == "down"
    assert silent.output["reason"].startswith("unreachable_")
    assert silent.output["fails_in_a_row"] == 2


async def test_report_of_an_empty_platform_arrives_in_the_inbox(
    harness: JobHarness, settings: Settings, queue: Queue
) -> None:
    """The very first report says that nothing has run, and is filed; an incident names the job."""
    async with harness.connector():
        result = await harness.run("report.daily", {}, job_id="laporan")
    assert result.status is RunStatus.SUCCESS, result.error
    (text,) = await harness.inbox_texts()
    assert "Tidak ada run yang selesai dalam periode ini." in text
    assert "(Asia/Jakarta)" in text
    assert result.output["delivered"]["channel"] == "sandbox"
    root = settings.data_dir / "files"
    assert sorted(path.suffix for path in root.rglob("reports/laporan/*")) == [".html", ".json", ".md"]
    assert (root / result.output["files"][1]).read_text("utf-8") == result.output["markdown"]
    incidents = IncidentStore(queue.link, queue.scripts, queue.keys, queue.clock)
    [incident] = (await incidents.list("open")).items
    assert incident.cause == "A message of laporan is in the sandbox inbox, which reaches no person."


async def test_report_tells_what_ran(
    harness: JobHarness, driver: QueueDriver, jobs: JobStore, settings: Settings
) -> None:
    """Runs, failures, their errors, and how the monitors stand."""
    inputs = {"channel": "telegram", "account_id": "b"}
    spec = {"job_id": "pantau", "type": "monitor.channel", "inputs": inputs}
    checked = check_spec(spec, load_handlers(settings), load_policies(settings), settings.timezone)
    await jobs.create(checked, actor="test", origin="test")
    await driver.fail("sync")
    async with harness.connector():
        await harness.run("monitor.channel", inputs, job_id="pantau")
        result = await harness.run("report.daily", {"language": "en"}, job_id="report")
    assert result.output["summary"].startswith(
        "2 runs ended: 1 succeeded, 1 failed, 0 cancelled. No run ended in the period before it. "
        "Monitors not set up (1): pantau. 1 incident, 1 still open. The longest: "
    )
    (text,) = await harness.inbox_texts()
    assert "broken" in text
    assert "multi-job connect telegram b" in text


async def test_message_that_waits_is_sent_once_over_all_attempts(
    harness: JobHarness, driver: QueueDriver
) -> None:
    """The first attempt finds no connector and fails; the next one finds its message and the receipt."""
    inputs = {"text": "hello", "channel": "sandbox"}
    first = await harness.run("message.send", inputs, timeout_ms=2_500)
    assert first.status is RunStatus.RETRYING, first.error
    await driver.make_due()
    await driver.queue.promote()
    async with harness.connector():
        second = await harness.attempt(first.run_id)
    assert second.status is RunStatus.SUCCESS, second.error
    assert second.output["entry_id"] == f"{first.run_id}:1"
    assert second.output["to"] == "inbox"
    assert await harness.inbox_texts() == ["hello"]


async def test_report_that_waits_is_delivered_once_though_its_figures_go_on(
    harness: JobHarness, driver: QueueDriver
) -> None:
    """The next attempt counts more runs than the first, and sends what the first one wrote."""
    first = await harness.run("report.daily", {}, job_id="laporan", timeout_ms=2_500)
    assert first.status is RunStatus.RETRYING, first.error
    await driver.fail("sync")
    await driver.make_due()
    await driver.queue.promote()
    async with harness.connector():
        second = await harness.attempt(first.run_id)
    assert second.status is RunStatus.SUCCESS, second.error
    assert "1 run selesai" in second.output["summary"]
    (text,) = await harness.inbox_texts()
    assert "Tidak ada run yang selesai" in text


async def test_message_without_a_recipient_goes_to_the_stored_default(
    harness: JobHarness, driver: QueueDriver, settings: Settings
) -> None:
    """What a person has set for alarms holds for every run that begins later."""
    default = DefaultNotify(driver.link, driver.keys, driver.queue.clock, settings)
    await default.put(Recipient("sandbox", "default", "ops"), "ana")
    async with harness.connector():
        result = await harness.run("message.send", {"text": "hello"})
    assert result.status is RunStatus.SUCCESS, result.error
    assert [(each.to, each.text) for each in (await harness.outbox.inbox(9))[0]] == [("ops", "hello")]


async def test_message_without_a_recipient_goes_to_the_sandbox_and_says_so(harness: JobHarness) -> None:
    """As reports and alarms do, if no default is set; the result and the log name the command."""
    async with harness.connector():
        result = await harness.run("message.send", {"text": "hello"})
    assert result.status is RunStatus.SUCCESS, result.error
    assert [(each.to, each.text) for each in (await harness.outbox.inbox(9))[0]] == [("inbox", "hello")]
    assert result.output is not None
    assert "multi-job notify set" in result.output["note"]


UNADDRESSED = {"text": "pay the rent", "channel": "telegram", "account_id": "gone", "to": "42"}


async def test_a_message_never_dies_for_want_of_an_address(harness: JobHarness, driver: QueueDriver) -> None:
    """It goes to the sandbox's inbox, and an incident says that no one can be reached."""
    queue = driver.queue
    incidents = IncidentStore(queue.link, queue.scripts, queue.keys, queue.clock)
    async with harness.connector():
        result = await harness.run("message.send", UNADDRESSED)
    assert result.status is RunStatus.SUCCESS, result.error
    assert "multi-job connect telegram gone" in result.output["note"]
    assert await harness.inbox_texts() == ["pay the rent"]
    [incident] = (await incidents.list("open")).items
    assert (incident.kind, incident.jobs) == ("no_recipient", ["job-a"])


async def test_the_default_recipient_gets_what_has_no_address(
    harness: JobHarness, driver: QueueDriver, settings: Settings
) -> None:
    """A note below it names the recipient that was meant."""
    default = DefaultNotify(driver.link, driver.keys, driver.queue.clock, settings)
    await default.put(Recipient("sandbox", "default", "ops"), "ana")
    async with harness.connector():
        await harness.run("message.send", UNADDRESSED)
    [message] = (await harness.outbox.inbox(9))[0]
    assert message.to == "ops"
    assert message.text.startswith("pay the rent\n\n— Ini untuk telegram gone 42. ")

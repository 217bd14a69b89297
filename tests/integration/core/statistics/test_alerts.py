"""The alert rules on real faults: `/metrics` before and after a fault go to Prometheus' own test."""

from __future__ import annotations

import signal
from contextlib import ExitStack
from typing import TYPE_CHECKING, Any

import httpx
import pytest
import redis

from app.core.models import TERMINAL, RunStatus
from tests.support.alerts import (
    Samples,
    alert_rules,
    dashboard_expressions,
    firing,
    metrics_of,
    needs_promtool,
    samples_of,
)
from tests.support.channels.fake_telegram import TOKEN, FakeTelegram, failure
from tests.support.embedded_redis import EmbeddedRedis, free_port
from tests.support.faults.processes import PROJECT_ROOT, Fleet, base_environment
from tests.support.http.fake_remote import HANG, FakeRemote, Reply, Request
from tests.support.waiting import wait_until

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

pytestmark = needs_promtool

BOT, ACCOUNT = "bot_a01", 'multi_job_account_up{account="telegram:bot_a01"}'
UNKNOWN = 'multi_job_outbox_messages{state="unknown"}'
MISSED = 'multi_job_schedule_slots_total{outcome="missed"}'
OVERDUE, DUE_MESSAGE = "multi_job_oldest_overdue_seconds", "multi_job_oldest_due_message_seconds"
SCHEDULERS = 'multi_job_instances{service="scheduler"}'
WAITING = "multi_job_oldest_waiting_run_seconds"
WAIT_SEC = 60.0
ACTIVE = "&".join(f"status={status}" for status in RunStatus if status not in TERMINAL)


class Website(FakeRemote):
    """A site with a status to set."""

    status = 200

    def answer(self, request: Request) -> Reply:
        return Reply(self.status, {})


class Watched:
    """A deployment with one of each process, a job that fires each second, and a bot."""

    def __init__(self, home: Path, stack: ExitStack) -> None:
        self.redis = stack.enter_context(EmbeddedRedis(data_dir=home / "redis", maxmemory="512mb"))
        self.admin: Any = redis.Redis(port=self.redis.port, decode_responses=True)
        stack.callback(self.admin.close)
        self.telegram = stack.enter_context(FakeTelegram())
        self.website = stack.enter_context(Website())
        self.fleet = Fleet(self._environment(home), home / "processes")
        stack.callback(self.fleet.close)
        port = free_port()
        self.client = stack.enter_context(httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30))
        self.fleet.start_api(port)
        for name in ("worker", "scheduler", "connector"):
            self.fleet.start(name, wait=False)
        wait_until(self._is_ready, 60, "all processes are there")
        self.ask("PUT", f"/connectors/telegram/accounts/{BOT}", {"secrets": {"token": TOKEN}})
        self.tick("POST", "/jobs")
        self.until(lambda now: now.get(ACCOUNT) == 1 and self.fired(now) > 1, "the bot is up, the job fires")

    def _environment(self, home: Path) -> dict[str, str]:
        return {
            **base_environment(),
            "REDIS_URL": self.redis.url,
            "MULTI_JOB_HOME": str(home),
            "HEARTBEAT_SEC": "0.5",
            "RATE_LIMIT_PER_SEC": "0",
            "HANDLER_MODULES": "tests.support.queue.handlers",
            "POLICIES_FILE": str(PROJECT_ROOT / "tests/support/queue/policies.yaml"),
            "TELEGRAM_API_BASE": self.telegram.url,
            "CHANNEL_TIMEOUT_SEC": "5",
            "HTTP_ALLOW_PRIVATE": f"127.0.0.1:{self.website.port}",
        }

    def _is_ready(self) -> bool:
        assert self.fleet.fallen() == [], self.fleet.tail()
        try:
            return self.client.get("/readyz").json()["status"] == "ready"
        except httpx.TransportError:
            return False

    def ask(self, method: str, path: str, body: Any = None) -> Any:
        """Return the JSON of an answer that must be a success."""
        answer = self.client.request(method, path, json=body, headers={"Content-Type": "application/json"})
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def save(self, job_id: str, job_type: str, **more: Any) -> None:
        self.ask("POST", "/jobs", {"job_id": job_id, "type": job_type, **more})

    def tick(self, method: str = "PUT", path: str = "/jobs/tick", grace_sec: int = 600) -> None:
        """Save the job that fires each second; with the long grace a busy machine misses no slot."""
        rules = {"overlap": "allow", "misfire": "skip", "misfire_grace_sec": grace_sec}
        job = {"job_id": "tick", "type": "test.echo", "schedule": {"interval_sec": 1}, **rules}
        self.ask(method, path, job)

    def run(self, job_id: str) -> None:
        self.ask("POST", f"/jobs/{job_id}/run")

    def send(self, job_id: str) -> None:
        """Send a message over the bot."""
        inputs = {"channel": "telegram", "account_id": BOT, "to": "4711", "text": job_id}
        self.save(job_id, "message.send", inputs=inputs, retry_policy={"max_retry": 0})
        self.run(job_id)

    def text(self) -> str:
        return self.client.get("/metrics").raise_for_status().text

    def scrape(self) -> Samples:
        return samples_of(self.text())

    def until(self, holds: Callable[[Samples], bool], what: str) -> Samples:
        """Scrape until a condition holds; return that scrape."""
        found = self.scrape()

        def look() -> bool:
            found.clear()
            found.update(self.scrape())
            return holds(found)

        wait_until(look, WAIT_SEC, what)
        return found

    def recover(self) -> None:
        """Mend what tests break, and wait for the end of every run of theirs."""
        self.telegram.check_reply = None
        self.website.status = 200
        for service in self.fleet.alive("connector"):
            service.signal(signal.SIGCONT)
        for name in ("worker", "scheduler"):
            if not self.fleet.alive(name):
                self.fleet.start(name)
        wait_until(lambda: self._active() <= {"tick"}, WAIT_SEC, "runs of other tests have ended")

    def _active(self) -> set[str]:
        """Return the jobs that have a run which has not ended."""
        return {run["job_id"] for run in self.ask("GET", f"/runs?limit=200&{ACTIVE}")}

    def check_account(self) -> None:
        self.ask("POST", f"/connectors/telegram/accounts/{BOT}/test")

    @staticmethod
    def fired(now: Samples) -> float:
        return now['multi_job_schedule_slots_total{outcome="fired"}']


@pytest.fixture(scope="module")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watched]:
    with ExitStack() as stack:
        yield Watched(tmp_path_factory.mktemp("watched"), stack)


@pytest.fixture
def watched(deployment: Watched) -> Watched:
    """Return the deployment in good health, whatever the test before did or left under way."""
    deployment.recover()
    return deployment


def test_no_alert_fires_on_a_healthy_deployment(watched: Watched, tmp_path: Path) -> None:
    """Its job fires each second, and a message is sent."""
    before = watched.scrape()
    watched.send("hello")
    after = watched.until(
        lambda now: watched.fired(now) > watched.fired(before) and watched.telegram.count("hello") == 1,
        "work",
    )
    assert firing(before, after, tmp_path) == set()


def test_rules_and_dashboard_name_metrics_that_exist(watched: Watched) -> None:
    """Each of them is in the text of a running deployment, with its type."""
    text = watched.text()
    known = {line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")}
    known |= {name.partition("{")[0] for name in samples_of(text)}
    expressions = [*dashboard_expressions(), *(rule["expr"] for rule in alert_rules())]
    assert metrics_of(expressions) - known == set()


def test_dead_letters_fire_their_alert(watched: Watched, tmp_path: Path) -> None:
    """A run fails for good."""
    before = watched.scrape()
    watched.save("broken", "test.fail", inputs={"retryable": False}, retry_policy={"max_retry": 0})
    watched.run("broken")
    name = "multi_job_dead_letters{}"
    after = watched.until(lambda now: now[name] > before[name], "a dead letter")
    assert firing(before, after, tmp_path) == {"MultiJobDeadLettersGrow"}


def test_an_unknown_message_fires_its_alert(watched: Watched, tmp_path: Path) -> None:
    """Telegram takes it and never answers."""
    before = watched.scrape()
    watched.telegram.plan(HANG)
    watched.send("lost")
    after = watched.until(lambda now: now[UNKNOWN] > before[UNKNOWN], "an unknown message")
    assert (
        "MultiJobMessagesUnknown"
        in firing(before, after, tmp_path)
        <= {
            "MultiJobMessagesUnknown",
            # The run of the message fails as well.
            "MultiJobDeadLettersGrow",
        }
    )


def test_a_revoked_token_fires_the_alert_of_its_account(watched: Watched, tmp_path: Path) -> None:
    """The next check of the account fails; once the token works again, the alert ends."""
    before = watched.scrape()
    watched.telegram.check_reply = failure(401, "Unauthorized")
    watched.check_account()
    after = watched.until(lambda now: now[ACCOUNT] == 0, "the account is down")
    assert firing(before, after, tmp_path) == {"MultiJobAccountDown"}
    watched.telegram.check_reply = None
    watched.check_account()
    again = watched.until(lambda now: now[ACCOUNT] == 1, "the account is up")
    assert firing(after, again, tmp_path) == set()


def test_a_site_that_is_down_fires_the_alert_of_its_monitor(watched: Watched, tmp_path: Path) -> None:
    """It answers 503; once it answers 200 again, the alert ends."""
    up = 'multi_job_monitor_up{job_id="site"}'
    watched.save("site", "monitor.http", inputs={"url": watched.website.url})
    watched.run("site")
    before = watched.until(lambda now: now.get(up) == 1, "the site is up")
    assert before['multi_job_monitor_latency_seconds{job_id="site"}'] < 10
    watched.website.status = 503
    watched.run("site")
    after = watched.until(lambda now: now[up] == 0, "the site is down")
    assert after['multi_job_monitors{state="down"}'] == 1
    assert firing(before, after, tmp_path) == {"MultiJobMonitorDown"}
    watched.website.status = 200
    watched.run("site")
    again = watched.until(lambda now: now[up] == 1, "the site is up again")
    assert firing(after, again, tmp_path) == set()


def test_a_full_redis_fires_its_alert(watched: Watched, tmp_path: Path) -> None:
    """85 % of its limit are used."""
    before, admin = watched.scrape(), watched.admin
    try:
        used = before["multi_job_redis_used_memory_bytes{}"]
        admin.execute_command("CONFIG", "SET", "maxmemory", int(used / 0.85))
        assert firing(before, watched.scrape(), tmp_path) == {"MultiJobRedisMemory"}
    finally:
        admin.execute_command("CONFIG", "SET", "maxmemory", "512mb")


def test_a_dead_scheduler_fires_two_alerts(watched: Watched, tmp_path: Path) -> None:
    """A slot stays due while it is gone, and the slots meanwhile are missed once it is back."""
    watched.tick(grace_sec=1)
    before, (scheduler,) = watched.scrape(), watched.fleet.alive("scheduler")
    watched.fleet.kill(scheduler)
    after = watched.until(lambda now: now[OVERDUE + "{}"] > 2, "a slot is overdue")
    assert firing(before, after, tmp_path, [OVERDUE]) == {"MultiJobSchedulerSilent"}
    gone = watched.until(
        lambda now: now['multi_job_instances{service="scheduler"}'] == 0, "it is off the list"
    )
    assert "MultiJobSchedulerSilent" in firing(before, gone, tmp_path)
    watched.fleet.start("scheduler")
    back = watched.until(
        lambda now: now[MISSED] > before[MISSED] and now[OVERDUE + "{}"] == 0, "slots were missed"
    )
    assert firing(before, back, tmp_path) == {"MultiJobSlotsMissed"}
    watched.tick()


def test_a_missing_worker_fires_its_alert_and_that_of_waiting_runs(watched: Watched, tmp_path: Path) -> None:
    """It leaves in order; then runs wait that another worker could start."""
    before, (worker,) = watched.scrape(), watched.fleet.alive("worker")
    watched.fleet.terminate(worker)
    worker.wait(WAIT_SEC)
    after = watched.until(lambda now: now[WAITING + '{lane="normal"}'] > 1, "a run waits")
    assert after['multi_job_worker_slots{state="free"}'] == 0
    assert firing(before, after, tmp_path, [WAITING]) == {"MultiJobNoWorker", "MultiJobRunsWait"}
    watched.fleet.start("worker")
    back = watched.until(lambda now: now[WAITING + '{lane="normal"}'] < 1, "no run waits")
    assert firing(after, back, tmp_path) == set()


def test_a_job_without_success_fires_the_alert_that_it_is_overdue(watched: Watched, tmp_path: Path) -> None:
    """Its slots fire and fail; the instant that the first of them has set comes."""
    before = watched.scrape()
    watched.save("late", "test.fail", schedule={"interval_sec": 1}, retry_policy={"max_retry": 0})
    admin = watched.admin
    wait_until(lambda: admin.zscore("{mj}:success_due", "late"), WAIT_SEC, "a success is expected")
    admin.zincrby("{mj}:success_due", -700_000, "late")
    overdue = 'multi_job_overdue_seconds{job_id="late"}'
    after = watched.until(lambda now: now.get(overdue, 0) > 60, "it is overdue")
    assert (
        "MultiJobSuccessOverdue"
        in firing(before, after, tmp_path)
        <= {
            "MultiJobSuccessOverdue",
            "MultiJobDeadLettersGrow",
        }
    )
    watched.ask("PUT", "/jobs/late/disable")
    again = watched.until(lambda now: overdue not in now, "it is switched off")
    assert "MultiJobSuccessOverdue" not in firing(after, again, tmp_path)


def test_a_message_that_waits_fires_its_alert(watched: Watched, tmp_path: Path) -> None:
    """No connector takes it, although its account is up."""
    before, (connector,) = watched.scrape(), watched.fleet.alive("connector")
    connector.signal(signal.SIGSTOP)
    try:
        watched.send("waits")
        after = watched.until(lambda now: now[DUE_MESSAGE + "{}"] > 1, "a message waits")
    finally:
        connector.signal(signal.SIGCONT)
    assert firing(before, after, tmp_path, [DUE_MESSAGE]) == {"MultiJobMessagesWait"}
    watched.until(lambda now: now[DUE_MESSAGE + "{}"] == 0, "it is sent")

"""A whole deployment with one of everything in it, for tests that call whatever its document offers."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import subprocess
import sys
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx

from app.core.config import Settings
from app.core.redis_client import open_link
from app.core.storage.keys import Keys
from tests.support.channels.fake_telegram import TOKEN, FakeTelegram, failure
from tests.support.channels.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID, FakeWhatsApp
from tests.support.channels.webhook_calls import APP_SECRET, VERIFY_TOKEN, WEBHOOK_SECRET
from tests.support.embedded_redis import free_port
from tests.support.faults.processes import PROJECT_ROOT, Fleet, base_environment
from tests.support.redis_server import fresh_settings, leaked_keys
from tests.support.waiting import wait_until

HOST = "127.0.0.1"
ADMIN = "admin-key-of-the-tests-0123456789abcdef"
HEADERS = {"Authorization": f"Bearer {ADMIN}", "Content-Type": "application/json"}
BOT, NUMBER = "bot_a01", "ops_01"
BOT_OWNER = "42"
SECRET = "SAMPLE"
START_SEC = 60.0


@dataclass(slots=True)
class FullDeployment:
    """The API process of a deployment, its client as an admin, and the ids of what is stored."""

    settings: Settings
    url: str
    client: httpx.Client
    environment: dict[str, str]
    """Of its processes, for commands."""
    ids: dict[str, str] = field(default_factory=dict[str, str])
    numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def ask(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """Return the JSON of an answer that must be a success."""
        answer = self.client.request(method, path, json=body, headers=headers)
        assert answer.is_success, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json()

    def name(self, stem: str) -> str:
        """Return a name that nothing has."""
        return f"{stem}-{next(self.numbers)}"

    def new_job(self, **changes: Any) -> str:
        """Store a job and return its id."""
        job_id = self.name("sample")
        self.ask("POST", "/jobs", {"job_id": job_id, "type": "test.echo", "inputs": {"n": 1}, **changes})
        return job_id

    def new_run(self, job_id: str, **changes: Any) -> str:
        """Run a job and return the run's id."""
        return self.ask("POST", f"/jobs/{job_id}/run", changes)["run_id"]

    def ended(self, run_id: str) -> str:
        """Wait until a run has ended and return its id."""
        over = {"success", "failed", "cancelled"}
        wait_until(lambda: self.ask("GET", f"/runs/{run_id}")["status"] in over, START_SEC, run_id)
        return run_id

    def new_key(self) -> str:
        """Make a key and return its id."""
        return self.ask("POST", "/keys", {"name": self.name("sample"), "role": "viewer"})["id"]

    def new_link(self) -> dict[str, Any]:
        """Make a person with a sign-in link, and return what the command prints."""
        command = [sys.executable, "-m", "app.cli", "keys", "link", self.name("person"), "--json"]
        done = subprocess.run(
            command, cwd=PROJECT_ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return json.loads(done.stdout)

    def new_session(self) -> str:
        """Sign in and return the session's id."""
        return self.ask("POST", "/sessions")["id"]

    def new_contact(self) -> str:
        """Store a contact and return its name."""
        name = f"Sample {next(self.numbers)}"
        self.ask("PUT", f"/contacts/{name}", {"channel": "telegram", "to": "42"})
        return name

    def new_calendar(self) -> str:
        """Store a calendar that no job names and return its name."""
        name = f"sample-{next(self.numbers)}"
        self.ask("PUT", f"/calendars/{name}", {"dates": ["2026-12-24"]})
        return name

    def new_maintenance(self) -> str:
        """Store a maintenance window and return its id."""
        window = {"scope": "all", "rrule": "FREQ=DAILY;BYHOUR=2;BYMINUTE=0", "duration_min": 60}
        return self.ask("POST", "/maintenance", window)["id"]

    def new_heartbeat(self) -> str:
        """Store a heartbeat that was called once, so that it is a monitor, and return its job."""
        job_id = self.new_job(type="monitor.heartbeat", inputs={"period_sec": 3600})
        assert self.client.get(f"/ping/{self.ping_token(job_id)}").is_success
        return job_id

    def ping_token(self, job_id: str) -> str:
        """Return the token of a heartbeat's ping URL."""
        return self.ask("GET", f"/pings/{job_id}")["url"].rpartition("/")[2]

    def new_status_page(self) -> str:
        """Publish a status page and return its name."""
        slug = self.name("sample")
        shown = {"job_id": self.ids["heartbeat"], "name": "Shop"}
        self.ask("PUT", f"/status-pages/{slug}", {"title": "Shop", "monitors": [shown], "published": True})
        return slug

    def open_incident(self) -> str:
        """Return an incident that is open."""
        found = self.ask("GET", "/incidents?state=open&limit=1")
        if not found:
            self.new_dead_letter()
            found = self.ask("GET", "/incidents?state=open&limit=1")
        return found[0]["id"]

    def new_secret(self) -> str:
        """Set a secret and return its name."""
        name = f"SAMPLE_{next(self.numbers)}"
        self.ask("PUT", f"/secrets/{name}", {"value": "a value of the tests", "hosts": ["shop.example"]})
        return name

    def new_account(self) -> str:
        """Save an account of the sandbox and return its id."""
        account_id = f"box_{next(self.numbers)}"
        self.ask("PUT", f"/connectors/sandbox/accounts/{account_id}", {})
        return account_id

    def new_bot(self) -> str:
        """Save a bot of Telegram that has an owner, and return its id."""
        account_id = f"bot_{next(self.numbers)}"
        body = {"secrets": {"token": TOKEN}, "default_to": BOT_OWNER}
        self.ask("PUT", f"/connectors/telegram/accounts/{account_id}", body)
        return account_id

    def new_dead_letter(self) -> str:
        """Let a run fail for good and return the fingerprint of its error."""
        failing = {"inputs": {"retryable": False}, "retry_policy": {"max_retry": 0}}
        self.ended(self.new_run(self.new_job(type="test.fail", **failing)))
        return self.ask("GET", "/dead-letters")[0]["fingerprint"]

    def new_failed_message(self) -> str:
        """Return a message that the channel has refused."""
        job_id = self.new_job(
            type="message.send",
            inputs={"channel": "telegram", "account_id": BOT, "to": "4711", "text": "halo"},
            retry_policy={"max_retry": 0},
        )
        run_id = self.ended(self.new_run(job_id))
        failed = self.ask("GET", "/messages?state=failed&limit=500")
        return next(each["id"] for each in failed if each["run_id"] == run_id)

    def let_go(self) -> None:
        """End all pauses."""
        for each in self.ask("GET", "/queue")["paused"]:
            self.ask("POST", "/resume", {name: each[name] for name in ("scope", "name") if each[name]})


@contextlib.contextmanager
def open_full_deployment(redis_url: str, home: Path) -> Generator[FullDeployment]:
    """Start an API, a worker and a connector, and fill them; what is remote is on loopback."""
    settings = fresh_settings(redis_url, home)
    with FakeTelegram() as telegram, FakeWhatsApp() as whatsapp:
        telegram.weather = lambda: failure(400, "Bad Request: chat not found")
        environment = _environment(settings, telegram.url, whatsapp.url)
        fleet = Fleet(environment, home / "processes")
        port = free_port()
        client = httpx.Client(base_url=f"http://{HOST}:{port}", headers=HEADERS, timeout=60)
        try:
            fleet.start_api(port)
            fleet.start("worker", wait=False)
            fleet.start("connector", wait=False)
            deployment = FullDeployment(settings, str(client.base_url), client, environment)
            wait_until(lambda: _all_there(client), START_SEC, "all processes are there")
            _fill(deployment)
            yield deployment
            assert fleet.fallen() == []
            assert asyncio.run(_leaks(settings)) == []
        finally:
            client.close()
            fleet.close()


async def _leaks(settings: Settings) -> list[str]:
    link = await open_link(settings)
    try:
        return await leaked_keys(link, Keys(settings.namespace))
    finally:
        await link.close()


def _environment(settings: Settings, telegram: str, whatsapp: str) -> dict[str, str]:
    return {
        **base_environment(),
        "REDIS_URL": settings.redis_url,
        "NAMESPACE": settings.namespace,
        "MULTI_JOB_HOME": str(settings.multi_job_home),
        "API_KEYS": f"root:admin:{ADMIN}",
        "SECRET_KEY": "tests-only-Vb3Kq8Zt1Xw6Rn9Jm4Ld7Hf2Gs5Yc0Pu",
        "RATE_LIMIT_PER_SEC": "0",
        "HANDLER_MODULES": "tests.support.queue.handlers",
        "POLICIES_FILE": str(PROJECT_ROOT / "tests/support/queue/policies.yaml"),
        "TELEGRAM_API_BASE": telegram,
        "WHATSAPP_API_BASE": whatsapp,
        "CHANNEL_TIMEOUT_SEC": "5",
    }


def _all_there(client: httpx.Client) -> bool:
    try:
        checks = client.get("/readyz").json()["checks"]
    except httpx.TransportError:
        return False
    return all(checks[name]["status"] == "ok" for name in ("redis", "worker", "connector"))


def _fill(deployment: FullDeployment) -> None:
    """Store one of everything that an operation can be asked about."""
    deployment.ask("PUT", f"/connectors/telegram/accounts/{BOT}", _bot())
    deployment.ask("PUT", f"/connectors/whatsapp/accounts/{NUMBER}", _number())
    deployment.ask("PUT", f"/secrets/{SECRET}", {"value": "a value of the tests", "hosts": ["shop.example"]})
    job_id = deployment.new_job(schedule={"interval_sec": 3600}, tags=["sample"])
    deployment.ask("PUT", f"/jobs/{job_id}", {"type": "test.echo", "description": "changed"})
    deployment.ids |= {
        "job_id": job_id,
        "run_id": deployment.ended(deployment.new_run(job_id)),
        "version": "1",
    }
    deployment.ids |= {
        "channel": "telegram",
        "account_id": BOT,
        "chat_user_id": BOT_OWNER,
        "secret_name": SECRET,
        "contact_name": deployment.new_contact(),
        "calendar_name": deployment.new_calendar(),
        "maintenance_id": deployment.new_maintenance(),
        "key_id": deployment.new_key(),
        "plan_id": deployment.ask("POST", "/planner/plan", {"prompt": "daily report at 7"})["plan_id"],
    }
    deployment.ids["session_id"] = deployment.new_session()
    deployment.ids["fingerprint"] = deployment.new_dead_letter()
    deployment.ids["heartbeat"] = heartbeat = deployment.new_heartbeat()
    deployment.ids |= {"token": deployment.ping_token(heartbeat), "event": "0"}
    deployment.ids["slug"] = deployment.new_status_page()
    deployment.ids["incident_id"] = deployment.open_incident()
    _fill_files(deployment)
    deployment.ids["message_id"] = deployment.new_failed_message()


def _fill_files(deployment: FullDeployment) -> None:
    deployment.ended(deployment.new_run(deployment.new_job(type="report.daily", inputs={})))
    deployment.ended(deployment.new_run(deployment.new_job(type="backup.export", inputs={})))
    deployment.ids["report_id"] = deployment.ask("GET", "/reports")[0]["id"]
    deployment.ids["export_id"] = deployment.ask("GET", "/exports")[0]["id"]


def _bot() -> dict[str, Any]:
    return {"secrets": {"token": TOKEN, "webhook_secret": WEBHOOK_SECRET}}


def _number() -> dict[str, Any]:
    secrets = {"access_token": ACCESS_TOKEN, "app_secret": APP_SECRET, "verify_token": VERIFY_TOKEN}
    return {"settings": {"phone_number_id": NUMBER_ID}, "secrets": secrets}

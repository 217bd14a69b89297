"""Secrets are planted, everything is exercised, and nothing that is left behind holds any of them."""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator, Generator, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from app.core.config import Settings
from app.core.redis_client import RedisLink, open_link
from tests.support.channels.fake_telegram import FakeTelegram
from tests.support.channels.fake_whatsapp import NUMBER_ID, FakeWhatsApp
from tests.support.http.fake_echo import FakeEcho
from tests.support.http.fake_remote import FakeRemote
from tests.support.local.installation import Installed, MakeInstalled
from tests.support.local.terminal import Terminal
from tests.support.secrets.secret_hunt import CANARIES, CommandLines, hits_in_files, hits_in_texts
from tests.support.secrets.secret_plants import plant_literals
from tests.support.waiting import wait_until, wait_until_async

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="these are the POSIX launchers"),
]

PATIENCE_SECONDS = 60
TOKEN, API_KEY = CANARIES["telegram token"], CANARIES["api key"]
ENDED = {"success", "failed", "cancelled", "retrying"}
ACCOUNTS = {
    "good": ("telegram", TOKEN),
    "rejected": ("telegram", CANARIES["rejected token"]),
    "silent": ("telegram", CANARIES["silent token"]),
    "ops": ("whatsapp", CANARIES["access token"]),
}

# Sources of the ids that are read one by one.
LISTED = {
    "fingerprint": ("/dead-letters", "fingerprint"),
    "report_id": ("/reports", "id"),
    "export_id": ("/exports", "id"),
    "message_id": ("/messages", "id"),
    "contact_name": ("/contacts", "name"),
    "calendar_name": ("/calendars", "name"),
    "incident_id": ("/incidents", "id"),
    "maintenance_id": ("/maintenance", "id"),
    "slug": ("/status-pages", "slug"),
}
# Not every job is a monitor.
MONITOR = "/monitors/{job_id}"
# An endless stream, whose events lie in Redis too; answers to programs that prove themselves; and ping URLs,
# which are shown on purpose.
PINGS = {"/ping/{token}", "/ping/{token}/{event}", "/pings/{job_id}"}
UNREAD = {"/events", "/events/stream", "/webhooks/{channel}/{account_id}", *PINGS}
# The shipped rule, and what the job names.
POLICIES = """
types:
  monitor.http:
    allow:
      http: {calls: 5, bytes: 4194304, hosts: ["*"], secrets: ["*"]}
      platform: {calls: 10}
      kv: {calls: 100}
      metrics: {calls: 10}
      messaging: {calls: 40, channels: ["*"]}
      alarms: {calls: 40}
"""


@dataclass(slots=True)
class Deployment:
    """A deployment whose every secret is a canary, and all that it said."""

    installed: Installed
    terminal: Terminal
    ps: CommandLines
    shop: FakeRemote
    """The host to which a job sends the secret that it names."""
    echo: FakeRemote
    """Says back what jobs send it."""
    ran: list[str] = field(default_factory=list[str])
    """The runs that were made."""
    answers: list[str] = field(default_factory=list[str])
    printed: list[str] = field(default_factory=list[str])
    secrets: dict[str, str] = field(default_factory=lambda: dict(CANARIES))

    def ask(
        self, method: str, path: str, body: Any = None, key: str = API_KEY, **more: Any
    ) -> httpx.Response:
        """Send a request and keep the answer, its headers included."""
        base = f"http://127.0.0.1:{self.installed.api_port}"
        key_header = {"Authorization": f"Bearer {key}"}
        with httpx.Client(base_url=base, headers=key_header, timeout=60) as client:
            answer = client.request(method, path, json={} if body is None else body, **more)
        self.answers.append(f"{answer.headers.multi_items()} {answer.text}")
        return answer

    def read(self, path: str) -> None:
        """GET a path that must answer, again while a busy machine's Redis is out of reach (503)."""

        def answered() -> bool:
            answer = self.ask("GET", path)
            assert answer.is_success or answer.status_code == 503, f"{path}: {answer.text}"
            return answer.is_success

        wait_until(answered, PATIENCE_SECONDS, f"{path} answers")

    def type(self, *words: str, typed: str | None = None) -> int:
        """Type a command and keep what it printed."""
        done = self.terminal.type(*words, typed=typed)
        self.printed += [done.stdout, done.stderr]
        return done.returncode

    def run(self, job_type: str, name: str, inputs: dict[str, Any]) -> dict[str, Any]:
        """Make a job, run it, and return how it went."""
        job_id = f"{job_type.replace('.', '-')}-{name}"
        spec = {"job_id": job_id, "type": job_type, "inputs": inputs}
        assert self.ask("POST", "/jobs", spec).is_success, self.answers[-1]
        run_id = self.ask("POST", f"/jobs/{job_id}/run").json()["run_id"]
        wait_until(lambda: self._status(run_id) in ENDED, PATIENCE_SECONDS, f"{job_id} ran")
        self.ran.append(run_id)
        return self.ask("GET", f"/runs/{run_id}").json()

    def _status(self, run_id: str) -> str:
        return str(self.ask("GET", f"/runs/{run_id}").json()["status"])

    def states(self) -> dict[str, str]:
        """Have every account tested."""
        tests = {
            name: f"/connectors/{channel}/accounts/{name}/test" for name, (channel, _) in ACCOUNTS.items()
        }
        return {name: self.ask("POST", path).json()["state"] for name, path in tests.items()}


@pytest.fixture(scope="module")
def deployment(
    install_shared: MakeInstalled, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Deployment]:
    policies = tmp_path_factory.mktemp("policies") / "policies.yaml"
    policies.write_text(POLICIES, "utf-8")
    with CommandLines() as ps:
        with remotes() as (bases, shop), FakeEcho() as echo:
            installed = install_shared(
                LOG_LEVEL="DEBUG",
                API_KEYS=f"root:admin:{API_KEY}",
                SECRET_KEY=CANARIES["secret key"],
                SECRET_KEY_PREVIOUS=CANARIES["earlier secret key"],
                UI_SESSION_SECRET=CANARIES["session key"],
                PLANNER_AI_API_KEY=CANARIES["model key"],
                PLANNER_AI_MODEL="openai/none",
                PLANNER_AI_BASE=echo.url,
                REDIS_PASSWORD=CANARIES["redis password"],
                CHANNEL_TIMEOUT_SEC="2",
                POLICIES_FILE=str(policies),
                HTTP_ALLOW_PRIVATE=f"{_place(shop)},{_place(echo)}",
                **bases,
            )
            deployment = Deployment(installed, Terminal(installed, API_KEY), ps, shop, echo)
            installed.up()
            connect(deployment)
            use(deployment)
            use_echo(deployment)
            refuse(deployment)
            plant_literals(deployment.ask, "report-daily-all", deployment.ran[0])
        assert set(deployment.states().values()) == {"down"}, "the port is closed now"
        installed.stop()
        installed.extra |= dict.fromkeys(bases, "http://nowhere.invalid")
        installed.up()
        assert set(deployment.states().values()) == {"down"}, "the name does not resolve"
        # In a new API process that has opened no secret yet.
        refuse(deployment)
        read_all(deployment)
        yield deployment


@contextmanager
def remotes() -> Generator[tuple[dict[str, str], FakeRemote]]:
    """Run the channels' remote sides, and yield the settings that lead to them, and one of them."""
    telegram = FakeTelegram((TOKEN, CANARIES["silent token"]))
    telegram.dumb.add(CANARIES["silent token"])
    with telegram, FakeWhatsApp(CANARIES["access token"]) as whatsapp:
        yield {"TELEGRAM_API_BASE": telegram.url, "WHATSAPP_API_BASE": whatsapp.url}, telegram


def connect(deployment: Deployment) -> None:
    """Set the accounts up at a terminal, in four ways of going well or badly; make a key and lose it."""
    for name, (channel, secret) in ACCOUNTS.items():
        if channel == "telegram":
            code = deployment.type("connect", channel, name, "--to", "42", typed=f"{secret}\n")
            assert code == (0 if name == "good" else 1), deployment.printed[-2:]
    typed = "".join(f"{CANARIES[name]}\n" for name in ("access token", "app secret", "verify token"))
    words = ("--set", f"phone_number_id={NUMBER_ID}", "--set", "app_secret", "--set", "verify_token")
    assert deployment.type("connect", "whatsapp", "ops", *words, typed=typed) == 0, deployment.printed[-2:]
    words = ("connect", "telegram", "good", "--set", "webhook_secret")
    assert deployment.type(*words, typed=f"{CANARIES['webhook word']}\n") == 0, deployment.printed[-2:]
    set_secrets(deployment)
    make_keys(deployment)


def set_secrets(deployment: Deployment) -> None:
    """Set secrets of jobs, replace one, delete one."""
    places = {
        "shop": deployment.shop,
        "echo": deployment.echo,
        "query": deployment.echo,
        "gone": deployment.echo,
    }
    values = [
        *(("shop", "replaced secret"), ("shop", "job secret"), ("query", "query secret")),
        *(("echo", "echo secret"), ("gone", "deleted secret")),
    ]
    for name, canary in values:
        words = ("secrets", "set", name, "--host", _place(places[name]))
        assert deployment.type(*words, typed=f"{CANARIES[canary]}\n") == 0, deployment.printed[-2:]
    assert deployment.type("secrets", "hosts", "query", _place(deployment.echo), "*.shop.example") == 0
    assert deployment.type("secrets", "delete", "gone") == 0


def make_keys(deployment: Deployment) -> None:
    """Make a key and a session of it, and lose both."""
    made = deployment.terminal.read("keys", "create", "phone", "-r", "viewer")
    deployment.secrets["made key"] = made["key"]
    assert deployment.type("keys", "list") == 0
    wait_until(lambda: deployment.ask("GET", "/jobs", key=made["key"]).is_success, PATIENCE_SECONDS)
    signed_in = httpx.post(
        f"http://127.0.0.1:{deployment.installed.api_port}/sessions",
        json={},
        headers={"Authorization": f"Bearer {made['key']}"},
    )
    deployment.secrets["session token"] = signed_in.json()["token"]
    assert deployment.ask("GET", "/sessions", key=deployment.secrets["session token"]).is_success
    assert deployment.type("keys", "revoke", made["id"]) == 0
    assert (
        deployment.ask("GET", "/jobs", key=CANARIES["wrong api key"]).status_code == httpx.codes.UNAUTHORIZED
    )


def _place(remote: FakeRemote) -> str:
    return remote.url.removeprefix("http://")


def use(deployment: Deployment) -> None:
    """Send, monitor, report and export; what is rejected or silent fails."""
    assert deployment.states() == {"good": "up", "rejected": "down", "silent": "down", "ops": "up"}
    for name, (channel, _) in ACCOUNTS.items():
        account = {"channel": channel, "account_id": name}
        deployment.run("message.send", name, {"text": "halo", "to": "42", **account})
        deployment.run("monitor.channel", name, {**account, "fail_after": 1})
    headers = {"Authorization": "Bearer secret:shop"}
    deployment.run(
        "monitor.http", "shop", {"url": f"{deployment.shop.url}/stock?key=secret:shop", "headers": headers}
    )
    assert f"Bearer {CANARIES['job secret']}" in {
        request.headers.get("authorization") for request in deployment.shop.requests
    }
    deployment.run("report.daily", "all", {})
    deployment.run("backup.export", "plain", {})
    deployment.run("backup.export", "sealed", {"include_secrets": True})


def use_echo(deployment: Deployment) -> None:
    """Send secrets to a server that says them back, and probe its answers for parts of them."""
    headers = {"X-Key": "secret:echo"}
    url = f"{deployment.echo.url}/echo?key=secret:query"
    echoed = deployment.run("monitor.http", "echo", {"url": url, "headers": headers})
    assert echoed["result"]["output"]["state"] == "up"
    sent = deployment.echo.requests[-1]
    assert (sent.headers["x-key"], quote(CANARIES["query secret"], safe="") in sent.path) == (
        CANARIES["echo secret"],
        True,
    )
    for number, part in enumerate(("n echoed=s", "N ECHOED=S", "n%20echoed", "/a secret=i", "in%20a%20q")):
        inputs = {"url": url, "headers": headers, "contains": part}
        assert (
            deployment.run("monitor.http", f"probe-{number}", inputs)["result"]["output"]["reason"] == "body"
        )
    for path in ("here", "away", "packed", "torn"):
        inputs = {
            "url": f"{deployment.echo.url}/{path}?key=secret:query",
            "headers": headers,
            "fail_after": 1,
        }
        deployment.run("monitor.http", path, inputs)
    elsewhere = {"url": f"{deployment.shop.url}/?key=secret:query"}
    spec = {"job_id": "elsewhere", "type": "monitor.http", "inputs": elsewhere}
    assert deployment.ask("POST", "/jobs", spec).json()["errors"][0]["code"] == "secret_host_denied"


def refuse(deployment: Deployment) -> None:
    """Put secrets into wrong fields: each is refused, and no refusal repeats a secret."""
    account, secret = "/connectors/telegram/accounts/good", CANARIES["app secret"]
    bodies: list[dict[str, Any]] = [
        {"secrets": {"token": f"{TOKEN} "}},
        {"secrets": {"token": [TOKEN]}},
        {"secrets": {"app_secret": secret}},
        {"secrets": TOKEN},
        {"secrets": {}, "settings": {"token": TOKEN}},
        {"secrets": {}, "settings": TOKEN},
        {"secrets": {}, "default_to": f"{TOKEN}\n"},
        {"secrets": {}, "enabled": secret},
        {"secrets": {}, "allow_chats": TOKEN},
        {"secrets": {TOKEN: "x"}},
        {"secrets": {}, TOKEN: "x"},
    ]
    for body in bodies:
        assert deployment.ask("PUT", account, body).status_code == httpx.codes.UNPROCESSABLE_ENTITY, body
    for value in (f"{CANARIES['job secret']}\n", [CANARIES["job secret"]], {"a": CANARIES["job secret"]}):
        assert deployment.ask("PUT", "/secrets/shop", {"value": value}).is_client_error
    for spec in ({"type": TOKEN}, {"type": "message.send", "inputs": {"text": "x", "channel": TOKEN}}):
        assert deployment.ask("POST", "/jobs", {"job_id": "bad", **spec}).is_client_error
    assert deployment.ask("GET", f"/connectors/telegram/accounts/{TOKEN}").is_client_error
    assert deployment.ask("GET", f"/{TOKEN}", params={"token": TOKEN}).is_client_error
    assert deployment.ask("GET", "/jobs", params={"limit": TOKEN}).is_client_error
    torn = f'{{"secrets": {{"token": "{TOKEN}"'
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {API_KEY}"}
    base = f"http://127.0.0.1:{deployment.installed.api_port}"
    answer = httpx.put(base + account, content=torn, headers=headers)
    assert answer.status_code == httpx.codes.BAD_REQUEST
    deployment.answers.append(answer.text)


def read_all(deployment: Deployment) -> None:
    """GET every route of the API, for every job, run and account that there is."""
    paths: Mapping[str, Any] = deployment.ask("GET", "/openapi.json").json()["paths"]
    jobs = [{"job_id": each["job_id"]} for each in deployment.ask("GET", "/jobs").json()]
    runs = [{"run_id": each["run_id"]} for each in deployment.ask("GET", "/runs").json()]
    accounts = [{"channel": channel, "account_id": name} for name, (channel, _) in ACCOUNTS.items()]
    assert (len(jobs), len(runs)) == (len(deployment.ran), len(deployment.ran))
    secrets = [{"secret_name": name} for name in ("shop", "echo", "query")]
    plan_id = deployment.ask("POST", "/planner/plan", {"prompt": "daily report at 7"}).json()["plan_id"]
    known = {"{job_id}": jobs, "{run_id}": runs, "{channel}": accounts, "{secret_name}": secrets}
    known["{plan_id}"] = [{"plan_id": plan_id}]
    for name, (path, field_name) in LISTED.items():
        listed = deployment.ask("GET", path).json()
        known[f"{{{name}}}"] = [{name: each[field_name]} for each in listed]
    readable = [path for path, methods in paths.items() if "get" in methods and path not in UNREAD]
    for path in readable:
        found = [values for name, values in known.items() if name in path]
        if path == MONITOR:
            found = [[{"job_id": each["job_id"]} for each in deployment.ask("GET", "/monitors").json()]]
        assert found or "{" not in path, path
        for value in found[0] if found else [dict[str, str]()]:
            deployment.read(path.format(**value))
    for words in (("audit",), ("secrets", "list")):
        assert deployment.type(*words) == 0
    for words in (("status",), ("doctor",), ("runs",), ("connect", "telegram", "good", "--no-test")):
        deployment.type(*words)


@pytest.fixture
async def link(deployment: Deployment) -> AsyncIterator[RedisLink]:
    at = {"redis_port": deployment.installed.redis_port, "redis_password": CANARIES["redis password"]}
    link = await open_link(Settings.model_validate(at))
    yield link
    await link.close()


async def test_secrets_stand_in_no_file_of_redis(deployment: Deployment, link: RedisLink) -> None:
    """Neither what was appended since the start, nor the log rewritten, nor an uncompressed snapshot."""
    data = deployment.installed.home / "runtime-data" / "redis"
    appended = hits_in_files(data, deployment.secrets)
    await link.call("CONFIG", "SET", "rdbcompression", "no")
    await link.call("BGREWRITEAOF")
    await wait_until_async(lambda: _is_rewritten(link), PATIENCE_SECONDS)
    await link.call("SAVE")
    assert [path.name for path in data.glob("*.rdb")] == ["dump.rdb"]
    assert appended + hits_in_files(data, deployment.secrets) == []


async def _is_rewritten(link: RedisLink) -> bool:
    return "aof_rewrite_in_progress:0" in await link.call("INFO", "persistence")


def test_secrets_stand_in_no_file_of_the_deployment(deployment: Deployment) -> None:
    """Logs at DEBUG, exports unpacked, what the supervisor keeps: nothing."""
    home = deployment.installed.home
    assert list((home / "runtime-data" / "files" / "exports").rglob("*.gz")), "nothing was exported"
    found = [
        each
        for name in ("runtime-logs", "runtime-data")
        for each in hits_in_files(home / name, deployment.secrets)
    ]
    assert found == []


def test_canaries_are_many(deployment: Deployment) -> None:
    """At least thirty of them, each another text."""
    assert len(set(deployment.secrets.values())) == len(deployment.secrets) >= 30


def test_secrets_stand_in_no_answer(deployment: Deployment) -> None:
    """Every answer of the API since the start, those to refused requests included."""
    assert hits_in_texts("answers", deployment.answers, deployment.secrets) == []


def test_secrets_are_printed_by_no_command(deployment: Deployment) -> None:
    """The output of the command line, except for a new key, which is shown once."""
    assert hits_in_texts("terminal", deployment.printed, deployment.secrets) == []


def test_secrets_stand_in_no_command_line(deployment: Deployment) -> None:
    """The command lines of all processes while all of this went on."""
    assert any(".services.connector.main" in line for line in deployment.ps.seen)
    assert hits_in_texts("ps", deployment.ps.seen, deployment.secrets) == []


def test_hunt_finds_what_is_there(tmp_path: Path) -> None:
    """The search itself: a whole secret, one of its ends, its URL-quoted form."""
    for text in (TOKEN, TOKEN[-14:], TOKEN.replace(":", "%3A")):
        (tmp_path / "log").write_text(f"a {text} b", "utf-8")
        assert len(hits_in_files(tmp_path, {"token": TOKEN})) == 1

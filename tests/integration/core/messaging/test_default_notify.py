"""The default recipient over HTTP, for messages, plans and the doctor."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from app.cli.direct import Deployment
from app.cli.doctor import work
from app.cli.doctor.channels import diagnose_channels
from app.cli.doctor.work import diagnose_jobs
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.errors import NonRetryableError
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.recipients import CACHED_SEC, DefaultNotify, RecipientRequest, Recipients
from app.core.models import JobSpec
from app.core.policies import Policies
from app.core.queue import Queue
from app.core.recipient import Recipient
from app.core.redis_client import RedisLink
from app.core.secrets.sealing import open_box
from app.core.storage.keys import Keys
from app.core.storage.scripts import Scripts
from app.core.storage.shards import Shard, ShardSet
from app.services.api.app import create_app
from app.services.api.schemas.connectors import DefaultNotifyBody
from app.services.api.services import Services
from tests.support.api.api_fakes import BASE_URL, JSON, NOW, fake_registry
from tests.support.api.in_process import in_process
from tests.support.channels.fake_telegram import TOKEN
from tests.support.fake_clock import FakeClock
from tests.support.planner.planner_fakes import planned
from tests.support.planner.planner_fixture import open_planner

PATH = "/settings/default-notify"
BOT: dict[str, Any] = {"channel": "telegram", "account_id": "bot_a01", "to": "-100123"}
VALUE = "telegram:bot_a01:-100123"
SAID = "sandbox:default:elsewhere"


@pytest.fixture
async def accounts(settings: Settings, link: RedisLink, scripts: Scripts, keys: Keys) -> AccountStore:
    """Give the account telegram:bot_a01."""
    store = AccountStore(link, scripts, keys, SystemClock(), open_box(settings))
    await store.put(AccountDraft("telegram", "bot_a01", secrets={"token": TOKEN}), "test")
    return store


@pytest.fixture
def platform(settings: Settings, link: RedisLink, accounts: AccountStore) -> Services:
    return Services(settings, SystemClock(), link, fake_registry(), Policies())


@pytest.fixture
async def client(platform: Services) -> AsyncIterator[httpx.AsyncClient]:
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as client:
        yield client


def default_of(link: RedisLink, keys: Keys, settings: Settings, **changes: Any) -> DefaultNotify:
    """Return the default as another process reads it."""
    return DefaultNotify(link, keys, SystemClock(), settings.model_copy(update=changes))


async def test_default_is_set_shown_and_cleared(client: httpx.AsyncClient) -> None:
    """Nothing, then what was stored and by whom, then nothing again; each answer is what holds now."""
    nothing = DefaultNotifyBody.model_validate_json((await client.get(PATH)).text)
    assert (nothing.value, nothing.source, nothing.sandbox, nothing.usable) == (None, "none", True, True)
    put = await client.put(PATH, json=BOT)
    body = DefaultNotifyBody.model_validate_json(put.text)
    assert (put.status_code, body.value, body.source, body.sandbox) == (200, VALUE, "stored", False)
    assert (body.usable, body.updated_by) == (True, "local")
    assert body.updated_at is not None
    assert (await client.get(PATH)).json() == put.json()
    for _ in range(2):
        cleared = await client.delete(PATH)
        assert (cleared.status_code, cleared.json()["source"]) == (200, "none")


async def test_default_of_an_account_that_has_gone_is_not_usable(client: httpx.AsyncClient) -> None:
    """It stays as it was set, and the answer says that no one is reached."""
    await client.put(PATH, json=BOT)
    await client.delete("/connectors/telegram/accounts/bot_a01")
    shown = (await client.get(PATH)).json()
    assert (shown["value"], shown["usable"]) == (VALUE, False)


async def test_changes_of_the_default_are_audited(client: httpx.AsyncClient) -> None:
    """Who, from what, to what; a refused one too."""
    await client.put(PATH, json=BOT)
    await client.put(PATH, json={**BOT, "to": "7"})
    await client.delete(PATH)
    await client.delete(PATH)
    acts = (await client.get("/audit", params={"target": "setting:default-notify"})).json()
    reported = [(each["action"], [(d["from"], d["to"]) for d in each["diff"]]) for each in reversed(acts)]
    seven = "telegram:bot_a01:7"
    assert reported == [
        ("put_default_notify", [(None, VALUE)]),
        ("put_default_notify", [(VALUE, seven)]),
        ("clear_default_notify", [(seven, None)]),
        ("clear_default_notify", []),
    ]


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"account_id": "nobody"}, "/account_id"),
        ({"account_id": "a:b"}, "/account_id"),
        ({"channel": "slack"}, "/account_id"),
        ({"to": "a\u0000"}, "/to"),
        ({"to": ""}, "/to"),
        ({"to": None}, "/to"),
        ({"color": "red"}, "/color"),
    ],
)
async def test_default_without_a_recipient_is_refused(
    client: httpx.AsyncClient, changes: dict[str, Any], pointer: str
) -> None:
    """The field is pointed at, and what was set before stays."""
    await client.put(PATH, json=BOT)
    answer = await client.put(PATH, json={**BOT, **changes})
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, pointer)
    assert (await client.get(PATH)).json()["value"] == VALUE


async def test_default_of_a_disabled_account_is_refused(
    client: httpx.AsyncClient, accounts: AccountStore
) -> None:
    """Nothing would be sent through it."""
    await accounts.put(AccountDraft("telegram", "bot_a01", enabled=False), "test")
    answer = await client.put(PATH, json=BOT)
    assert (answer.status_code, answer.json()["errors"][0]["pointer"]) == (422, "/account_id")


async def test_environment_wins_and_says_so(
    client: httpx.AsyncClient, settings: Settings, link: RedisLink
) -> None:
    """What was stored before counts no more; it cannot be set, but can be cleared away."""
    await client.put(PATH, json=BOT)
    reported = settings.model_copy(update={"default_notify": SAID})
    platform = Services(reported, SystemClock(), link, fake_registry(), Policies())
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL, headers=JSON) as other:
        shown = (await other.get(PATH)).json()
        assert (shown["value"], shown["source"], shown["sandbox"]) == (SAID, "environment", True)
        assert (shown["updated_by"], shown["updated_at"]) == (None, None)
        assert await platform.default_notify.current() == Recipient("sandbox", "default", "elsewhere")
        refused = await other.put(PATH, json=BOT)
        assert (refused.status_code, refused.json()["code"]) == (409, "set_by_environment")
        assert "DEFAULT_NOTIFY" in refused.json()["detail"]
        assert (await other.delete(PATH)).json()["source"] == "environment"
    assert (await client.get(PATH)).json()["source"] == "none"


async def test_messages_of_runs_go_to_the_stored_default(
    client: httpx.AsyncClient, accounts: AccountStore, link: RedisLink, keys: Keys, settings: Settings
) -> None:
    """Messages without a recipient; a message with one asks for no default."""
    recipients = Recipients(accounts, default_of(link, keys, settings).current)
    with pytest.raises(NonRetryableError, match="multi-job notify set"):
        await recipients.find(RecipientRequest())
    await client.put(PATH, json=BOT)
    fresh = Recipients(accounts, default_of(link, keys, settings).current)
    before = link.round_trips
    await fresh.find(RecipientRequest("telegram", "bot_a01", "7"))
    assert link.round_trips - before == 1
    for wanted in (
        RecipientRequest(),
        RecipientRequest(fallback_sandbox=True),
        RecipientRequest("telegram"),
        RecipientRequest(None, "bot_a01"),
    ):
        assert (await fresh.find(wanted)).recipient == Recipient("telegram", "bot_a01", "-100123")


async def test_stored_default_is_read_once_in_five_seconds(
    client: httpx.AsyncClient, link: RedisLink, keys: Keys, settings: Settings
) -> None:
    """A change reaches another process by then, and costs no reading a message."""
    clock = FakeClock(NOW)
    default = DefaultNotify(link, keys, clock, settings)
    assert await default.current() is None
    await client.put(PATH, json=BOT)
    before = link.round_trips
    assert await default.current() is None
    assert link.round_trips == before
    clock.advance(CACHED_SEC)
    assert await default.current() == Recipient("telegram", "bot_a01", "-100123")
    await client.delete(PATH)
    clock.advance(CACHED_SEC)
    assert await default.current() is None


async def test_planner_knows_the_stored_default(
    client: httpx.AsyncClient, settings: Settings, queue: Queue, platform: Services
) -> None:
    """At once if it was set in the same process: no plan warns of a missing recipient."""
    report, message = planned(), planned("message.send", text="halo")
    clock = SystemClock()
    silent = await open_planner(settings, clock, queue).preview(report, message)
    assert all(any("DEFAULT_NOTIFY" in each for each in job.warnings) for job in silent.jobs)
    assert await platform.default_notify.current() is None
    await client.put(PATH, json=BOT)
    reported = await open_planner(settings, clock, queue).preview(report, message)
    assert reported.warnings == ()
    answer = await client.post("/planner/plan", json={"prompt": 'kirim pesan "halo" jam 7 pagi'})
    assert answer.status_code == 200, answer.text
    assert not any("DEFAULT_NOTIFY" in each for each in answer.json()["warnings"])


async def test_doctor_knows_the_stored_default(
    client: httpx.AsyncClient, settings: Settings, platform: Services
) -> None:
    """A report without a recipient is delivered; if the account is gone, the error has the repair."""
    scripts = platform.queue.scripts
    at = Deployment(settings, SystemClock(), ShardSet([Shard(0, platform.link, platform.keys, scripts)]))
    await platform.jobs.create(JobSpec(job_id="daily", type="report.daily"), actor="t", origin="t")
    seen = {each.check: each for each in await diagnose_jobs(at)}
    assert "multi-job notify set" in seen["DEFAULT_NOTIFY"].remedy
    await client.put(PATH, json=BOT)
    seen = {each.check: each for each in await diagnose_jobs(at)}
    assert seen["DEFAULT_NOTIFY"].seen == f"stored: {VALUE}"
    assert "DEFAULT_NOTIFY" not in {each.check for each in await diagnose_channels(at)}
    await client.delete("/connectors/telegram/accounts/bot_a01")
    remedies = [each.remedy for each in await diagnose_channels(at) if each.check == "DEFAULT_NOTIFY"]
    assert remedies == ["multi-job connect telegram bot_a01"]


async def test_doctor_looks_at_every_job(
    settings: Settings, platform: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also at those that fit on no first page, and it counts them all."""
    monkeypatch.setattr(work, "JOBS_AT_ONCE", 2)
    scripts = platform.queue.scripts
    at = Deployment(settings, SystemClock(), ShardSet([Shard(0, platform.link, platform.keys, scripts)]))
    for number in range(5):
        await platform.jobs.create(JobSpec(job_id=f"j{number}", type="report.daily"), actor="t", origin="t")
    seen = {each.check: each for each in await diagnose_jobs(at)}
    assert seen["jobs"].seen == "5 switched on"
    assert all(f"j{number}" in seen["DEFAULT_NOTIFY"].seen for number in range(3))


async def test_doctor_reports_groups_in_which_no_person_may_act(
    client: httpx.AsyncClient, settings: Settings, platform: Services
) -> None:
    """An allowed group without a list is a hint with the command; a named person ends it."""
    scripts = platform.queue.scripts
    at = Deployment(settings, SystemClock(), ShardSet([Shard(0, platform.link, platform.keys, scripts)]))
    path = "/connectors/telegram/accounts/bot_a01"
    account = {"secrets": {"token": TOKEN}, "default_to": "-100", "commands": True, "allow_chats": ["-100"]}
    await client.put(path, json=account)
    [found] = [each for each in await diagnose_channels(at) if each.check == "chat-users"]
    assert "telegram:bot_a01: no person may act in groups" in found.seen
    assert found.remedy == "multi-job chat-users add telegram bot_a01 ID"
    await client.put(f"{path}/chat-users/42", json={})
    assert "chat-users" not in {each.check for each in await diagnose_channels(at)}
    await client.put(path, json={**account, "chat_users": [], "allow_chats": ["42"]})
    assert "chat-users" not in {each.check for each in await diagnose_channels(at)}

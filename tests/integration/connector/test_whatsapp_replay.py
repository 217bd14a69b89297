"""Signed webhook calls that come late or again: they pass the API and execute nothing."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from app.core.access.audit import Audit, AuditFilter
from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.connectors.updates import COMMAND_MAX_AGE_MS
from app.core.messaging.account_models import AccountDraft
from app.core.models import JobSpec
from app.core.policies import Policies
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.store import JobStore
from app.core.storage.scripts import Scripts
from app.services.api.app import create_app
from app.services.api.services import open_services
from tests.support.api.api_fakes import BASE_URL, fake_registry
from tests.support.api.in_process import in_process
from tests.support.channels.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID, FakeWhatsApp
from tests.support.channels.message_server import MessageServer
from tests.support.channels.webhook_calls import (
    APP_SECRET,
    call_whatsapp,
    now_sec,
    signed,
    whatsapp_body,
    whatsapp_text,
)
from tests.support.waiting import wait_until_async

SITI = "628110000"
NAME = "whatsapp:ops_01"
LATE_SEC = COMMAND_MAX_AGE_MS // 1000 + 60


@pytest.fixture
def whatsapp() -> Iterator[FakeWhatsApp]:
    with FakeWhatsApp() as whatsapp:
        yield whatsapp


@pytest.fixture
async def number(server: MessageServer, whatsapp: FakeWhatsApp, jobs: JobStore) -> MessageServer:
    """Give a connector that serves a number whose commands Siti may give, and a job to run."""
    spec = {"job_id": "kerja", "type": "simulation.load", "inputs": {"duration_ms": 1}}
    await jobs.create(JobSpec.model_validate(spec), actor="test", origin="test")
    secrets = {"access_token": ACCESS_TOKEN, "app_secret": APP_SECRET}
    settings = {"phone_number_id": NUMBER_ID}
    draft = AccountDraft("whatsapp", "ops_01", settings, secrets, allow_chats=(SITI,), commands=True)
    await server.accounts.put(draft, "test")
    server.fleet.start("connector", WHATSAPP_API_BASE=whatsapp.url)
    return server


@pytest.fixture
async def client(settings: Settings, number: MessageServer) -> AsyncIterator[httpx.AsyncClient]:
    """Give a client of an API with the data of the connector."""
    platform = await open_services(settings, SystemClock(), fake_registry(), Policies())
    transport = in_process(create_app(platform))
    async with httpx.AsyncClient(transport=transport, base_url=BASE_URL) as client:
        yield client
    await platform.notifier.close()
    await platform.link.close()


async def answers(whatsapp: FakeWhatsApp, count: int) -> list[str]:
    """Wait until Siti has got so many answers, and return them."""
    await wait_until_async(lambda: len(whatsapp.taken) >= count, 60, f"{count} answers")
    assert {to for to, _ in whatsapp.taken} == {SITI}
    return [text for _, text in whatsapp.taken]


async def test_signed_command_that_is_old_is_refused(
    number: MessageServer, client: httpx.AsyncClient, whatsapp: FakeWhatsApp, runs: RunStore, scripts: Scripts
) -> None:
    """A late delivery, a time that cannot be read, and one in the future: one reply and one entry each."""
    late = whatsapp_text("w1", "/run kerja", now_sec() - LATE_SEC)
    unreadable = {**whatsapp_text("w2", "/run kerja"), "timestamp": "soon"}
    missing = whatsapp_text("w3", "/run kerja")
    del missing["timestamp"]
    future = whatsapp_text("w4", "/run kerja", now_sec() + 300)
    words = ("11 menit lalu", "Waktu pengiriman", "Waktu pengiriman", "di masa depan")
    messages = (late, unreadable, missing, future)
    for count, (message, expected) in enumerate(zip(messages, words, strict=True), 1):
        body = whatsapp_body([message])
        for _turn in range(2):
            assert (await call_whatsapp(client, body)).status_code == 200
        assert expected in (await answers(whatsapp, count))[-1]
    assert (await runs.list(RunFilter(), None, 10)).items == []
    await call_whatsapp(client, whatsapp_body([whatsapp_text("w5", "/run kerja")]))
    assert "dijalankan" in (await answers(whatsapp, 5))[-1]
    assert len((await runs.list(RunFilter(), None, 10)).items) == 1
    audit = Audit(number.link, scripts, number.keys, SystemClock(), number.settings)
    acts = [each.act for each in (await audit.list(AuditFilter(actor=f"whatsapp:{SITI}"), None, 50)).items]
    reasons = [act.diff[0]["to"] for act in acts[::-1] if act.outcome == "refused"]
    assert reasons == ["too_old", "no_time", "no_time", "in_future"]


async def test_replayed_webhook_executes_nothing_after_its_id_is_forgotten(
    number: MessageServer, client: httpx.AsyncClient, whatsapp: FakeWhatsApp, runs: RunStore
) -> None:
    """The same bytes with the same signature: within the limit the id is known, later the age refuses it."""
    fresh = whatsapp_body([whatsapp_text("w1", "/run kerja")])
    assert (await client.post("/webhooks/whatsapp/ops_01", content=fresh, headers=signed(fresh))).json()[
        "stored"
    ] == 1
    await answers(whatsapp, 1)
    assert (await call_whatsapp(client, fresh)).json()["stored"] == 0
    captured = whatsapp_body([whatsapp_text("w0", "/run kerja", now_sec() - LATE_SEC)])
    # What 8 days do to the memory of ids.
    await number.link.call("DEL", number.keys.updates_seen(NAME))
    assert (await call_whatsapp(client, captured)).json()["stored"] == 1
    assert "11 menit lalu" in (await answers(whatsapp, 2))[-1]
    assert len((await runs.list(RunFilter(), None, 10)).items) == 1


async def test_command_in_a_whatsapp_group_is_not_answered(
    number: MessageServer, client: httpx.AsyncClient, whatsapp: FakeWhatsApp, runs: RunStore
) -> None:
    """The allowed number of its writer allows the private chat, not each group of that person."""
    in_group = {**whatsapp_text("w1", "/run kerja"), "group_id": "Y2FwaV9ncm91cDoxNzA1NTU1MDEz"}
    await call_whatsapp(client, whatsapp_body([in_group]))
    await call_whatsapp(client, whatsapp_body([whatsapp_text("w2", "/help")]))
    assert (await answers(whatsapp, 1))[0].startswith("Perintah:")
    assert (len(whatsapp.taken), (await runs.list(RunFilter(), None, 10)).items) == (1, [])

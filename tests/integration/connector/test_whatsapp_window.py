"""WhatsApp through a real connector: templates outside of the 24 hours, commands of allowed numbers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from app.core.clock import SystemClock
from app.core.connectors.updates import Update, Updates
from app.core.connectors.whatsapp.incoming import WhatsAppIncoming
from app.core.messaging.account_models import AccountDraft
from app.core.messaging.outbox import OutboxState
from app.core.models import JobSpec
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.search import JobFilter
from app.core.specs.store import JobStore
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_whatsapp import ACCESS_TOKEN, NUMBER_ID, FakeWhatsApp
from tests.support.channels.message_server import MessageServer
from tests.support.channels.webhook_calls import APP_SECRET, whatsapp_press, whatsapp_text
from tests.support.waiting import wait_until_async

OPS, SITI, STRANGER = "ops_01", "628110000", "628119999"
NAME = f"whatsapp:{OPS}"
DAY_MS = 86_400_000


@pytest.fixture
def whatsapp() -> Iterator[FakeWhatsApp]:
    with FakeWhatsApp() as whatsapp:
        yield whatsapp


@pytest.fixture
async def updates(server: MessageServer, scripts: Scripts) -> Updates:
    return Updates(server.link, scripts, server.keys)


@pytest.fixture
async def number(server: MessageServer, whatsapp: FakeWhatsApp) -> MessageServer:
    """Give a connector that serves a number with a template, whose commands Siti may give."""
    settings = {"phone_number_id": NUMBER_ID, "template_name": "alarm"}
    secrets = {"access_token": ACCESS_TOKEN, "app_secret": APP_SECRET}
    draft = AccountDraft("whatsapp", OPS, settings, secrets, allow_chats=(SITI,), commands=True)
    await server.accounts.put(draft, "test")
    server.fleet.start("connector", WHATSAPP_API_BASE=whatsapp.url)
    return server


async def send(server: MessageServer, text: str, to: str = SITI) -> Any:
    return await server.settled(await server.put(text, to=to, account_id=OPS, channel="whatsapp"))


async def test_known_window_decides_between_text_and_template(
    number: MessageServer, whatsapp: FakeWhatsApp, updates: Updates
) -> None:
    """Who wrote today gets text, who wrote two days ago the template at once, others what Meta takes."""
    now = number.clock.now_ms()
    await updates.store(
        NAME,
        [
            Update("w1", SITI, person=SITI, sent_at=now - 2 * DAY_MS, text="lama"),
            Update("w2", STRANGER, person=STRANGER, sent_at=now, text="baru"),
        ],
    )
    whatsapp.closed.update({SITI, "628117777"})
    for to in (SITI, STRANGER, "628117777"):
        assert (await send(number, "halo", to)).state is OutboxState.DELIVERED
    # The old message of Siti may be answered meanwhile.
    sent = [(to, text) for to, text in whatsapp.taken if text.endswith("halo")]
    assert sent == [(SITI, "alarm/id: halo"), (STRANGER, "halo"), ("628117777", "alarm/id: halo")]
    posts = [each for each in whatsapp.requests if each.method == "POST" and "halo" in str(each.body)]
    assert len(posts) == 4


async def test_text_that_meta_refuses_later_goes_out_as_a_template(
    number: MessageServer, whatsapp: FakeWhatsApp
) -> None:
    """Meta may take a text and report 131047 afterwards; it is sent once more, as the template."""
    entry = await send(number, "halo")
    value = {"metadata": {"phone_number_id": NUMBER_ID}, "statuses": [refused(entry.provider_id)]}
    body = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    [report] = WhatsAppIncoming().read({"phone_number_id": NUMBER_ID}, body).reports
    for _turn in range(2):
        await number.outbox.report("whatsapp", OPS, report, has_template=True)
    entry = await number.settled(entry.id)
    assert (entry.state, entry.provider_id, entry.attempts) == (OutboxState.DELIVERED, "wamid.2", 2)
    assert whatsapp.taken == [(SITI, "halo"), (SITI, "alarm/id: halo")]


def refused(provider_id: str | None) -> dict[str, Any]:
    """Return Meta's report on a text outside of the window."""
    errors = [{"code": 131047, "title": "Re-engagement message"}]
    return {"id": provider_id, "status": "failed", "timestamp": "1700000000", "errors": errors}


async def test_commands_of_an_allowed_number(
    number: MessageServer, whatsapp: FakeWhatsApp, updates: Updates, jobs: JobStore, runs: RunStore
) -> None:
    """The same commands as Telegram's, once for each message; a plan is confirmed with a button."""
    spec = {"job_id": "kerja", "type": "simulation.load", "inputs": {"duration_ms": 1}}
    await jobs.create(JobSpec.model_validate(spec), actor="test", origin="test")
    stranger = {**whatsapp_text("w0", "/run kerja"), "from": STRANGER}
    plan = whatsapp_text("w2", "/plan pantau telegram akun bot_a01 tiap 30 detik")
    for _turn in range(2):
        await write(updates, stranger, whatsapp_text("w1", "/run kerja"), plan)
    await wait_until_async(lambda: len(whatsapp.taken) >= 2, 60, "both commands are answered")
    [run] = (await runs.list(RunFilter(), None, 10)).items
    assert (run.source, run.actor) == ("whatsapp", f"whatsapp:{SITI}")
    assert {to for to, _ in whatsapp.taken} == {SITI}
    started, planned = sorted((text for _, text in whatsapp.taken), key=lambda text: "bot_a01" in text)
    assert started == f"kerja dijalankan: {run.run_id} (queued)"
    assert "monitor-telegram-bot_a01" in planned
    data, _, title = whatsapp.buttons[0].partition("=")
    press = whatsapp_press("w3", data, title)
    for _turn in range(2):
        await write(updates, press)
    await wait_until_async(lambda: len(whatsapp.taken) >= 3, 60, "the press is answered")
    assert whatsapp.taken[2][1].startswith("Rencana dijalankan:")
    assert whatsapp.read == ["w3"]
    found = await jobs.list(JobFilter(), None, 10)
    assert {job.spec.job_id for job in found.items} == {"kerja", "monitor-telegram-bot_a01"}
    # A note that Telegram shows at the button is a message here.
    await write(updates, whatsapp_press("w4", "plan:gone", "?"))
    await wait_until_async(lambda: len(whatsapp.taken) >= 4, 60, "the note is a message")
    assert "kedaluwarsa" in whatsapp.taken[3][1]
    # A plan that is too long to stand above a button is a text of its own.
    names = ", ".join(f"akun bot_dengan_nama_panjang_{number:02}" for number in range(14))
    await write(updates, whatsapp_text("w5", f"/plan pantau telegram {names} tiap 30 detik"))
    await wait_until_async(lambda: len(whatsapp.taken) >= 6, 60, "the plan and its button are sent")
    texts = sorted((text for _, text in whatsapp.taken[4:]), key=len)
    assert (texts[0], len(texts[1]) > 1_024) == ("Pilih:", True)
    assert [button.partition("=")[2] for button in whatsapp.shown_buttons[-1]] == ["Jalankan rencana ini"]


async def write(updates: Updates, *messages: dict[str, Any]) -> None:
    """Store messages as the webhook does."""
    sent = [{**message, "timestamp": str(SystemClock().now_ms() // 1_000)} for message in messages]
    value = {"metadata": {"phone_number_id": NUMBER_ID}, "messages": sent}
    body = {"entry": [{"changes": [{"field": "messages", "value": value}]}]}
    await updates.store(NAME, WhatsAppIncoming().read({"phone_number_id": NUMBER_ID}, body).updates)


async def test_number_without_a_webhook_says_that_no_commands_arrive(
    server: MessageServer, whatsapp: FakeWhatsApp
) -> None:
    """Sending works, so it is degraded, and the text has the command."""
    draft = AccountDraft(
        "whatsapp",
        OPS,
        {"phone_number_id": NUMBER_ID},
        {"access_token": ACCESS_TOKEN},
        allow_chats=(SITI,),
        commands=True,
    )
    await server.accounts.put(draft, "test")
    server.fleet.start("connector", WHATSAPP_API_BASE=whatsapp.url)
    answer = await server.check(OPS, "whatsapp")
    assert answer.state == "degraded"
    assert f"multi-job connect whatsapp {OPS} --set app_secret" in answer.detail

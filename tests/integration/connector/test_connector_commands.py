"""Commands in a chat: a real connector process, a real Redis, a Telegram on loopback that people write to."""

from __future__ import annotations

from collections import Counter
from typing import Any

import orjson
import pytest

from app.core.access.audit import Audit, AuditFilter
from app.core.clock import SystemClock
from app.core.connectors.telegram.incoming import read_update
from app.core.connectors.updates import Updates
from app.core.incidents.models import IncidentKind
from app.core.incidents.store import IncidentStore
from app.core.messaging.account_models import ChatUser
from app.core.messaging.outbox import OutboxState
from app.core.models import JobSpec, RunStatus
from app.core.queue import Queue
from app.core.redis_client import RedisLink
from app.core.runs.search import RunFilter
from app.core.runs.store import RunStore
from app.core.specs.search import JobFilter
from app.core.specs.store import JobStore
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_telegram import TOKEN, FakeTelegram, failure, too_many
from tests.support.channels.message_server import BOT, SOON_SEC, MessageServer
from tests.support.channels.webhook_calls import telegram_press, telegram_text
from tests.support.http.fake_remote import HANG, Reply
from tests.support.jobs.stored_monitors import store_monitor
from tests.support.queue.paused import Paused, job_scope
from tests.support.queue.queue_driver import QueueDriver
from tests.support.waiting import wait_until_async

BOT_NAME = f"telegram:{BOT}"
ANI, STRANGER, GROUP = 42, 666, -100
CHATS = (str(ANI), str(GROUP))
PLAN = "/plan pantau telegram akun bot_a01 tiap 30 detik"
WAIT_SEC = 60.0


@pytest.fixture
def own_settings() -> dict[str, Any]:
    """Return the settings of the connector that differ from those of the tests."""
    return {}


@pytest.fixture
async def chat(
    server: MessageServer, telegram: FakeTelegram, jobs: JobStore, queue: Queue, own_settings: dict[str, Any]
) -> MessageServer:
    """Give a connector that takes commands of Ani and of a group, and a job that may be run."""
    await make_job(jobs, "kerja")
    await server.set_up(token=TOKEN, commands=True, allow_chats=CHATS)
    # Ani's own chat names her; person 7 is named as well.
    await server.accounts.name_chat_user("telegram", BOT, ChatUser("7", "Budi"), "test")
    server.fleet.start("connector", **own_settings)
    await wait_until_async(lambda: telegram.polls > 0, WAIT_SEC, "updates are fetched")
    return server


async def make_job(jobs: JobStore, job_id: str, **fields: Any) -> None:
    about = {"job_id": job_id, "type": "simulation.load", "inputs": {"duration_ms": 1}}
    spec = JobSpec.model_validate({**about, **fields})
    await jobs.create(spec, actor="test", origin="test")


async def said(telegram: FakeTelegram, count: int, to: int = ANI) -> list[str]:
    """Wait until a chat has received so many messages, and return it."""

    def texts() -> list[str]:
        return [text for chat, text in telegram.taken if chat == str(to)]

    await wait_until_async(lambda: len(texts()) >= count, WAIT_SEC, f"{count} answers of {telegram.taken}")
    return texts()


async def all_treated(server: MessageServer, scripts: Scripts, telegram: FakeTelegram) -> None:
    """Wait until every update is fetched, confirmed and treated."""
    updates = Updates(server.link, scripts, server.keys)

    async def over() -> bool:
        return not telegram.updates and await updates.count(BOT_NAME) == 0

    await wait_until_async(over, WAIT_SEC, "every update is treated")


async def test_commands_answer_in_the_persons_language(chat: MessageServer, telegram: FakeTelegram) -> None:
    """Status, jobs and help: Indonesian for an app in Indonesian, English for all others."""
    telegram.write(telegram_text(1, "/status"), telegram_text(2, "/jobs"), telegram_text(3, "/help"))
    status, helping, jobs = sorted(await said(telegram, 3))
    assert status.startswith(
        "Layanan: scheduler tidak ada, worker tidak ada, connector 1\nAntrean: 0 menunggu"
    )
    assert (jobs, helping.splitlines()[0]) == ("• kerja (simulation.load), tidak terjadwal", "Perintah:")
    telegram.write(telegram_text(4, "/status@FAKE_123456789_BOT", language_code="de"))
    assert (await said(telegram, 4))[3].startswith("Services: scheduler missing")


async def test_run_makes_one_run_of_the_person(
    chat: MessageServer, telegram: FakeTelegram, runs: RunStore
) -> None:
    """The run says who asked for it; a job that is not there, or none, is said so."""
    telegram.write(
        telegram_text(1, "/run kerja"), telegram_text(2, "/run tidak-ada"), telegram_text(3, "/run")
    )
    unknown, unnamed, started = sorted(await said(telegram, 3))
    [run] = (await runs.list(RunFilter(), None, 10)).items
    assert (run.job_id, run.source, run.actor, run.status) == (
        "kerja",
        "telegram",
        "telegram:42",
        RunStatus.QUEUED,
    )
    assert started == f"kerja dijalankan: {run.run_id} (queued)"
    assert "'tidak-ada' tidak ada" in unknown
    assert unnamed.startswith("Tulis id job")


async def test_run_starts_no_export_with_secrets(
    chat: MessageServer, telegram: FakeTelegram, runs: RunStore, jobs: JobStore
) -> None:
    """A chat has no role: an admin's export stays an admin's."""
    sealed = {"job_id": "sealed", "type": "backup.export", "inputs": {"include_secrets": True}}
    await jobs.create(JobSpec.model_validate(sealed), actor="test", origin="test")
    telegram.write(telegram_text(1, "/run sealed"))
    (refused,) = await said(telegram, 1)
    assert "perlu peran admin" in refused
    assert (await runs.list(RunFilter(), None, 10)).items == []


async def test_why_explains_a_job(chat: MessageServer, telegram: FakeTelegram) -> None:
    """The words are those of the API, in the person's language; a monitor says its state first."""
    down = {"reason": "status", "detail": "503 Service Unavailable"}
    await store_monitor(chat.link, chat.keys, "kerja", state="down", seen=SystemClock().now_ms(), fields=down)
    telegram.write(telegram_text(1, "/why kerja"), telegram_text(2, "/why kerja", language_code="en"))
    telegram.write(telegram_text(3, "/jobs"))
    listed, english, indonesian = sorted(await said(telegram, 3), key=lambda text: (": 503" in text, text))
    assert english.startswith("• down since ")
    assert indonesian.startswith("• mati sejak ")
    assert all(": 503 Service Unavailable\n• " in text for text in (english, indonesian))
    assert listed.startswith("• kerja (")
    assert listed.endswith(", mati")


async def test_chat_that_is_not_allowed_is_not_answered(
    chat: MessageServer, telegram: FakeTelegram, runs: RunStore, scripts: Scripts
) -> None:
    """A stranger gets no answer, starts nothing, and is logged once."""
    telegram.write(*(telegram_text(number, "/run kerja", chat=STRANGER) for number in (1, 2, 3)))
    telegram.write(telegram_press(4, "plan:x", chat=STRANGER), telegram_text(5, "/help"))
    await said(telegram, 1)
    await all_treated(chat, scripts, telegram)
    assert [to for to, _ in telegram.taken] == [str(ANI)]
    assert telegram.pressed == []
    assert (await runs.list(RunFilter(), None, 10)).items == []
    lines = [line for line in chat.fleet.services[0].lines() if "not allowed" in line["event"]]
    assert [line["chat"] for line in lines] == [str(STRANGER)]


async def test_chat_that_is_allowed_by_its_name_gives_no_command(
    server: MessageServer, telegram: FakeTelegram, scripts: Scripts
) -> None:
    """An earlier version stored `@name`: its present owner is not heard, and health names the command."""
    await server.set_up(commands=True, allow_chats=(str(ANI),))
    stored = orjson.dumps(["@ani", str(ANI)]).decode()
    await server.link.call("HSET", server.keys.account(BOT_NAME), "allow_chats", stored)
    server.fleet.start("connector")
    stranger = telegram_text(1, "/help", chat=STRANGER, username="ani")
    stranger["message"]["chat"]["username"] = "ani"
    telegram.write(stranger, telegram_text(2, "/help"))
    await said(telegram, 1)
    await all_treated(server, scripts, telegram)
    assert {to for to, _ in telegram.taken} == {str(ANI)}
    answer = await server.check()
    assert (answer.state, "@ani" in answer.detail) == ("degraded", True)
    assert answer.command == f"multi-job connect telegram {BOT} --allow-chat ID"


async def test_group_is_answered_if_the_bot_is_meant(
    chat: MessageServer, telegram: FakeTelegram, scripts: Scripts
) -> None:
    """Other bots' commands and what people say to each other are none of ours."""
    group_texts = ("/help@other_bot", "halo semua", "/help@fake_123456789_bot")
    for number, text in enumerate(group_texts, 1):
        update = telegram_text(number, text, chat=GROUP)
        update["message"]["chat"]["type"] = "supergroup"
        telegram.write(update)
    telegram.write(telegram_text(9, "halo"))
    await said(telegram, 1)
    await said(telegram, 1, GROUP)
    await all_treated(chat, scripts, telegram)
    assert Counter(to for to, _ in telegram.taken) == {str(GROUP): 1, str(ANI): 1}


async def test_plan_is_executed_by_who_asked_and_once(
    chat: MessageServer, telegram: FakeTelegram, jobs: JobStore
) -> None:
    """A preview changes nothing; its button works for one person, and a second press changes nothing more."""
    telegram.write(telegram_text(1, PLAN, chat=GROUP, id=ANI))
    [preview] = await said(telegram, 1, GROUP)
    assert "monitor-telegram-bot_a01" in preview
    assert "· yakin" in preview
    assert [job.spec.job_id for job in (await jobs.list(JobFilter(), None, 9)).items] == ["kerja"]
    data = telegram.buttons[preview]
    telegram.write(
        telegram_press(2, data, chat=GROUP, person=7), telegram_press(3, data, chat=ANI, person=ANI)
    )
    await wait_until_async(lambda: len(telegram.pressed) == 2, WAIT_SEC)
    assert [text for _, text in telegram.pressed] == ["Hanya yang meminta dapat mengonfirmasi."] * 2
    for number in (4, 5):
        telegram.write(telegram_press(number, data, chat=GROUP, person=ANI))
    await wait_until_async(lambda: len(telegram.pressed) == 4, WAIT_SEC)
    outcome = (await said(telegram, 2, GROUP))[1]
    assert outcome.splitlines()[1] == "• monitor-telegram-bot_a01: dibuat"
    assert [version.actor for version in await jobs.versions("monitor-telegram-bot_a01")] == ["telegram:42"]
    telegram.write(telegram_press(6, "plan:" + "0" * 26, chat=GROUP, person=ANI))
    await wait_until_async(lambda: len(telegram.pressed) == 5, WAIT_SEC)
    assert telegram.pressed[-1][1].startswith("Rencana sudah kedaluwarsa")
    assert len(await said(telegram, 2, GROUP)) == 2


async def test_stored_job_is_managed_by_a_sentence(
    chat: MessageServer, telegram: FakeTelegram, jobs: JobStore, queue: Queue
) -> None:
    """The preview names the action, and the button applies it, as the person."""
    await make_job(jobs, "absensi", schedule={"cron": "0 7 * * *", "timezone": "Asia/Jakarta"})
    telegram.write(telegram_text(1, "/plan jeda absensi sampai besok"))
    [preview] = await said(telegram, 1)
    assert "• absensi (simulation.load): jeda, berikutnya" in preview
    telegram.write(telegram_press(2, telegram.buttons[preview]))
    assert "• absensi: dijeda" in (await said(telegram, 2))[1]
    (pause,) = (await queue.stats()).paused
    assert (pause.scope.text, pause.actor) == ("job:absensi", f"telegram:{ANI}")
    assert pause.until_ms is not None


async def test_chat_may_stop_and_not_start_an_export_of_secrets(
    chat: MessageServer, telegram: FakeTelegram, jobs: JobStore
) -> None:
    """A sentence has the rights of the other commands: such a job runs for an admin alone."""
    secret = {"job_id": "rahasia", "type": "backup.export", "inputs": {"include_secrets": True}}
    await jobs.create(JobSpec.model_validate(secret), actor="test", origin="test")
    for number, (sentence, outcome) in enumerate(
        (("jalankan rahasia", "• rahasia: gagal"), ("matikan rahasia", "• rahasia: dimatikan"))
    ):
        telegram.write(telegram_text(10 + number, f"/plan {sentence}"))
        preview = (await said(telegram, 2 * number + 1))[-1]
        telegram.write(telegram_press(20 + number, telegram.buttons[preview]))
        assert outcome in (await said(telegram, 2 * number + 2))[-1]
    assert not (await jobs.get("rahasia")).spec.enabled


async def test_plan_goes_on_in_the_chat(chat: MessageServer, telegram: FakeTelegram, jobs: JobStore) -> None:
    """A question is answered in words, the plan is changed, and its button executes the last one."""
    telegram.write(telegram_text(1, "/answer jam 8"), telegram_text(2, "/plan ingatkan saya bayar listrik"))
    none, question = await said(telegram, 2)
    assert none.startswith("Belum ada rencana")
    assert "Kapan?" in question
    telegram.write(telegram_text(3, "/jawab tiap hari jam 8"))
    [preview] = (await said(telegram, 3))[2:]
    assert "⚠ Sampai penerima diatur" in preview
    telegram.write(telegram_text(4, "/plan yang tadi jadiin jam 9"))
    [changed] = (await said(telegram, 4))[3:]
    assert preview != changed
    telegram.write(telegram_press(5, telegram.buttons[changed], chat=ANI, person=ANI))
    await said(telegram, 5)
    stored = [
        job.spec for job in (await jobs.list(JobFilter(), None, 9)).items if job.spec.type == "message.send"
    ]
    assert [spec.schedule.cron for spec in stored if spec.schedule] == ["0 9 * * *"]


async def test_choice_of_a_question_is_a_button(chat: MessageServer, telegram: FakeTelegram) -> None:
    """Its press is the answer, for the person who asked."""
    telegram.write(telegram_text(1, "/plan tadi pagi wa mati 5 menit", chat=GROUP, id=ANI))
    [question] = await said(telegram, 1, GROUP)
    data = telegram.buttons[question]
    telegram.write(telegram_press(2, data, chat=GROUP, person=7))
    await wait_until_async(lambda: len(telegram.pressed) == 1, WAIT_SEC)
    telegram.write(telegram_press(3, data, chat=GROUP, person=ANI))
    preview = (await said(telegram, 2, GROUP))[1]
    assert "monitor-whatsapp" in preview
    assert next(text for _, text in telegram.pressed) == "Hanya yang meminta dapat mengonfirmasi."


async def test_doubted_plan_has_no_button_that_executes_it(
    chat: MessageServer, telegram: FakeTelegram, jobs: JobStore
) -> None:
    """Its buttons are the readings; a press plans that reading and executes nothing."""
    telegram.write(telegram_text(1, "/plan pantau telegram akun bot_a atau bot_b tiap menit"))
    [question] = await said(telegram, 1)
    telegram.write(telegram_press(2, telegram.buttons[question], chat=ANI, person=ANI))
    preview = (await said(telegram, 2))[1]
    assert "monitor-telegram-bot_a" in preview
    kept = [job.spec.job_id for job in (await jobs.list(JobFilter(), None, 9)).items]
    assert not any(job_id.startswith("monitor-telegram-bot") for job_id in kept)


async def test_foreign_webhook_keeps_its_updates(server: MessageServer, telegram: FakeTelegram) -> None:
    """With a webhook set, nothing is fetched or changed; the account's health names the webhook."""
    telegram.webhook_url = "https://bots.example.org/hidden/4711"
    telegram.write(telegram_text(1, "/help"))
    await server.set_up(commands=True, allow_chats=CHATS)
    server.fleet.start("connector")

    async def webhook_is_reported() -> bool:
        return "bots.example.org" in (await server.check()).detail

    await wait_until_async(webhook_is_reported, WAIT_SEC, "the webhook is reported")
    answer = await server.check()
    assert (answer.state, "hidden" in answer.detail) == ("degraded", False)
    assert (telegram.polls, telegram.taken) == (0, [])


async def test_own_webhook_brings_commands(
    server: MessageServer, telegram: FakeTelegram, link: RedisLink, scripts: Scripts
) -> None:
    """What the API has stored is treated at once, each update once, and nothing is polled."""
    telegram.webhook_url = f"https://jobs.example.org/webhooks/telegram/{BOT}"
    await server.set_up(commands=True, allow_chats=CHATS)
    server.fleet.start("connector")
    await server.until_served(BOT_NAME)
    update = read_update(telegram_text(1, "/help"))
    assert update is not None
    for _ in range(2):
        await Updates(link, scripts, server.keys).store(BOT_NAME, [update])
    assert len(await said(telegram, 1)) == 1
    await all_treated_by_webhook(server, scripts)
    assert (telegram.polls, len(telegram.taken)) == (0, 1)
    assert (await server.check()).state == "up"


async def all_treated_by_webhook(server: MessageServer, scripts: Scripts) -> None:
    updates = Updates(server.link, scripts, server.keys)

    async def over() -> bool:
        return await updates.count(BOT_NAME) == 0

    await wait_until_async(over, WAIT_SEC, "every update is treated")


async def test_account_that_is_only_monitored_is_never_polled(
    server: MessageServer, telegram: FakeTelegram
) -> None:
    """Its owner's updates are its owner's; it is checked and sends, and asks for nothing else."""
    telegram.write(telegram_text(1, "/help"))
    await server.set_up(allow_chats=CHATS)
    server.fleet.start("connector")
    await server.until_served(BOT_NAME)
    sent = await server.put("halo")
    assert (await server.settled(sent)).state is OutboxState.DELIVERED
    methods = {request.path.rpartition("/")[2] for request in telegram.requests}
    assert methods == {"getMe", "sendMessage"}
    assert len(telegram.updates) == 1


@pytest.mark.parametrize("own_settings", [{"CHANNEL_TIMEOUT_SEC": SOON_SEC}], ids=[""])
@pytest.mark.parametrize(
    "trouble",
    [
        too_many(1),
        failure(500, "Internal Server Error"),
        HANG,
        Reply(200, b"no json"),
        Reply(200, {"ok": True, "result": [{"update_id": "odd"}]}),
    ],
    ids=["429", "500", "hang", "nonsense", "odd"],
)
async def test_polling_survives_a_bad_answer(
    chat: MessageServer, telegram: FakeTelegram, runs: RunStore, trouble: Reply
) -> None:
    """It waits as long as Telegram demands, asks again, and processes each update once."""
    telegram.poll_replies.extend([trouble, trouble])
    telegram.write(telegram_text(1, "/run kerja"))
    await said(telegram, 1)
    assert len((await runs.list(RunFilter(), None, 10)).items) == 1
    assert chat.fleet.services[0].code is None
    assert not chat.fleet.services[0].has_logged("account failed")
    assert (await chat.check()).state == "up"


async def test_update_fetched_again_is_done_once(
    chat: MessageServer, telegram: FakeTelegram, runs: RunStore, scripts: Scripts
) -> None:
    """A connector that dies before Telegram has heard of it finds the same updates again."""
    written: list[dict[str, Any]] = [telegram_text(number, "/run kerja") for number in (1, 2, 3)]
    telegram.write(*written)
    await said(telegram, 3)
    await all_treated(chat, scripts, telegram)
    chat.fleet.kill(chat.fleet.services[0])
    telegram.write(*written, telegram_text(4, "/help"))
    chat.fleet.start("connector")
    await said(telegram, 4)
    await all_treated(chat, scripts, telegram)
    assert len((await runs.list(RunFilter(), None, 10)).items) == 3
    assert len(telegram.taken) == 4


async def test_remedies_of_a_job_are_buttons_that_perform_them(
    chat: MessageServer, telegram: FakeTelegram, jobs: JobStore, scripts: Scripts
) -> None:
    """`/why` shows them; a press enables the job, resumes it or runs it, and the audit names the person."""
    await make_job(jobs, "malam", schedule={"interval_sec": 3600}, enabled=False)
    telegram.write(telegram_text(1, "/why malam"))
    (shown,) = await said(telegram, 1)
    assert telegram.buttons[shown] == "fix:enable:malam"
    telegram.write(telegram_press(2, "fix:enable:malam"), telegram_press(3, "fix:run_now:kerja"))
    await wait_until_async(lambda: len(telegram.pressed) == 2, WAIT_SEC, "both presses are confirmed")
    assert telegram.pressed[0][1] == "malam diaktifkan."
    assert (await jobs.find("malam")).spec.enabled
    page = await RunStore(chat.link, chat.keys).list(RunFilter(job_id="kerja"), None, 10)
    assert [run.source for run in page.items] == ["telegram"]
    audit = Audit(chat.link, scripts, chat.keys, SystemClock(), chat.settings)
    acts = [each.act for each in (await audit.list(AuditFilter(), None, 10)).items]
    assert [(act.actor, act.action, act.target, act.outcome) for act in acts] == [
        ("telegram:42", "chat run_now", "kerja", "ok"),
        ("telegram:42", "chat enable", "malam", "ok"),
    ]


async def test_press_of_a_pause_or_a_dead_letter_performs_its_remedy(
    chat: MessageServer, telegram: FakeTelegram, jobs: JobStore, queue: Queue
) -> None:
    """The pause of the job ends; the failed run is queued again; what is no target is refused."""
    driver, paused = QueueDriver(queue), Paused(QueueDriver(queue), jobs)
    failed = await driver.fail("kerja")
    await paused.pause(job_scope("kerja"))
    presses = (
        "fix:resume:job:kerja",
        "fix:redrive:abc",
        "fix:resume:job:",
        "fix:free_space:x",
        "fix:enable:a b",
    )
    telegram.write(*(telegram_press(number, data) for number, data in enumerate(presses, 1)))
    await wait_until_async(lambda: len(telegram.pressed) == len(presses), WAIT_SEC, "all are confirmed")
    assert [text for _, text in telegram.pressed[:2]] == [
        "job:kerja dilanjutkan.",
        "1 run masuk antrean lagi.",
    ]
    assert {text for _, text in telegram.pressed[2:]} == {"Tombol ini dari versi sebelumnya."}
    assert [run.run_id for run in (await driver.claim()).runs] == [failed.run_id]


async def test_a_remedy_of_an_incident_is_noted_in_it(
    chat: MessageServer, telegram: FakeTelegram, scripts: Scripts, queue: Queue
) -> None:
    """The button of a failing job, and that of a run; one of an unknown incident does nothing."""
    driver, incidents = QueueDriver(queue), IncidentStore(chat.link, scripts, chat.keys, SystemClock())
    failed = await driver.fail("kerja")
    incident_id = (await incidents.open_keys())["failing:abc"]
    press = f"inc:redrive:{incident_id}:abc"
    telegram.write(
        telegram_press(1, "inc:redrive:inc0:abc"),
        telegram_press(2, press),
        telegram_press(3, f"inc:run:{incident_id}"),
        telegram_press(4, f"inc:free_space:{incident_id}:x"),
    )
    await wait_until_async(lambda: len(telegram.pressed) == 4, WAIT_SEC, "all are confirmed")
    assert telegram.pressed[1][1] == "1 run masuk antrean lagi."
    assert telegram.pressed[3][1] == "Tombol ini dari versi sebelumnya."
    noted = [entry for entry in (await incidents.get(incident_id)).timeline if entry.what == "remedied"]
    assert [(entry.by, entry.text) for entry in noted] == [
        (f"telegram:{ANI}", "Run the failed runs again: abc"),
        (f"telegram:{ANI}", "Run now: kerja"),
    ]
    assert failed.run_id in [run.run_id for run in (await driver.claim()).runs]


async def test_incidents_are_listed_and_acknowledged_in_a_chat(
    chat: MessageServer, telegram: FakeTelegram, scripts: Scripts
) -> None:
    """The most severe first, with buttons; a press that comes twice is one act."""
    incidents = IncidentStore(chat.link, scripts, chat.keys, SystemClock())
    await incidents.open("a", IncidentKind.CLOCK_SKEW, severity="warning", subject="host", cause="full")
    await incidents.open("b", IncidentKind.REDIS_MEMORY, severity="critical", subject="", cause="full")
    ids = await incidents.open_keys()
    memory, skew = ids["b"], ids["a"]
    telegram.write(telegram_text(1, "/insiden"), telegram_text(2, "/status"))
    listing, status = sorted(await said(telegram, 2))
    assert "insiden terbuka:" in listing.splitlines()[0]
    # The alarms of this deployment reach no person, which is an incident of its own.
    assert listing.index(f"• {memory}: Redis hampir penuh") < listing.index(
        f"• {skew}: Jam di host tidak tepat"
    )
    assert status.startswith("• inc")
    telegram.write(telegram_press(3, f"inc:ack:{memory}"), telegram_press(4, f"inc:mute:{skew}"))
    await said(telegram, 4)
    await all_treated(chat, scripts, telegram)
    assert (await incidents.get(memory)).acknowledged_by == f"telegram:{ANI}"
    assert (await incidents.get(skew)).silenced_until is not None
    again = await incidents.acknowledge(memory, f"telegram:{ANI}", f"{BOT_NAME}:3")
    assert [entry.what.value for entry in again.timeline].count("acknowledged") == 1

"""A message goes out once: whatever becomes of the run that sends it, of its worker and of the connector."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from app.core.messaging.account_models import AccountDraft
from app.core.messaging.accounts import AccountStore
from app.core.messaging.outbox import Outbox, OutboxState
from app.core.models import RetryPolicy
from app.core.secrets.sealing import open_box
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_telegram import OTHER_TOKEN, TOKEN, FakeTelegram, failure, too_many
from tests.support.faults.deployment import FaultDeployment, Figures, MakeDeployment, every, span
from tests.support.faults.processes import PROJECT_ROOT, Service
from tests.support.http.fake_remote import HANG, RESET, Reply
from tests.support.waiting import wait_until_async

BOTS = {"bot_a01": TOKEN, "bot_b02": OTHER_TOKEN}
MAIL: dict[str, Any] = {
    "secret_key": "tests-only-Vb3Kq8Zt1Xw6Rn9Jm4Ld7Hf2Gs5Yc0Pu",
    "channel_timeout_sec": 2.0,
    "handler_modules": "tests.support.channels.message_handlers",
    "policies_file": PROJECT_ROOT / "tests/support/channels/message_policies.yaml",
}
SOON = RetryPolicy(max_retry=30, backoff_sec=[0.2]).model_dump_json()


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
async def mail(make_deployment: MakeDeployment, telegram: FakeTelegram) -> FaultDeployment:
    """Give a deployment with two bots."""
    deployment = await make_deployment(telegram_api_base=telegram.url, **MAIL)
    scripts = Scripts(deployment.link, deployment.keys)
    store = AccountStore(
        deployment.link, scripts, deployment.keys, deployment.clock, open_box(deployment.settings)
    )
    for bot, token in BOTS.items():
        await store.put(AccountDraft("telegram", bot, secrets={"token": token}), "test")
    return deployment


async def start(
    deployment: FaultDeployment, connectors: int = 1, workers: int = 1, **environment: str
) -> None:
    """Start the processes together: each takes a while to come up."""
    deployment.fleet.start("connector", connectors, wait=False, **environment)
    deployment.fleet.start("worker", workers, wait=False, **environment)
    # It brings runs that are to be tried again back into the queue.
    deployment.fleet.start("scheduler", 0 if deployment.fleet.alive("scheduler") else 1, wait=False)
    up = [each for each in deployment.fleet.services if each.code is None]
    await wait_until_async(lambda: all(each.has_logged("started") for each in up), 60, "all have started")


async def send(
    deployment: FaultDeployment, *texts: str, to: str = "1", retry: str = SOON, **inputs: Any
) -> str:
    """Enqueue a run that sends texts."""
    whole = {"account_id": "bot_a01", "to": to, "texts": texts, **inputs}
    (run_id,) = await deployment.submit([deployment.new_run("fault.mailing", inputs=whole, retry=retry)])
    return run_id


async def record(deployment: FaultDeployment, run_id: str) -> dict[str, str]:
    return (await deployment.hashes([run_id]))[0]


async def redrive(deployment: FaultDeployment, run_id: str) -> None:
    """Send a dead letter through once more, and wait for its end."""
    before = await record(deployment, run_id)
    await deployment.queue.redrive(run_id, int(before["attempt"]))
    await deployment.at_rest(60)
    assert int((await record(deployment, run_id))["attempt"]) > int(before["attempt"])


async def test_retry_of_a_run_sends_nothing_again(mail: FaultDeployment, telegram: FakeTelegram) -> None:
    """Three attempts fail after both messages were sent; the fourth finds them and their receipts."""
    await start(mail)
    run_id = await send(mail, "first", "second", then="retry", times=3)
    await mail.at_rest(60)
    stored = await record(mail, run_id)
    assert (stored["status"], stored["attempt"], stored["output"]) == ("success", "4", '["1","2"]')
    assert telegram.texts() == {"first": 1, "second": 1}


async def test_redelivery_of_a_run_sends_nothing_again(mail: FaultDeployment, telegram: FakeTelegram) -> None:
    """Its worker is killed once while it waits for the receipt and once after it; others take over."""
    # Late enough for the kill to come before it on a busy machine, and never too late for the connector.
    await start(mail, CHANNEL_TIMEOUT_SEC="30")
    taken = Reply(200, {"ok": True, "result": _message(77)}, delay_sec=2.5)
    telegram.plan(taken)
    run_id = await send(mail, "halo", then="crash", times=2)
    await wait_until_async(lambda: telegram.count("halo") == 1, 60)
    mail.fleet.kill(mail.fleet.alive("worker")[0])
    await start(mail, connectors=0)
    await wait_until_async(lambda: not mail.fleet.alive("worker"), 60, "the handler has ended its process")
    mail.fleet.note_death(_dead_worker(mail))
    await start(mail, connectors=0)
    await mail.at_rest(60)
    stored = await record(mail, run_id)
    assert (stored["status"], stored["output"]) == ("success", '["77"]')
    assert int(stored["crashes"]) == 2
    assert telegram.texts() == {"halo": 1}


async def test_redrive_of_a_run_sends_nothing_again(mail: FaultDeployment, telegram: FakeTelegram) -> None:
    """A dead letter had sent its message; redriven, it succeeds with the receipt of then."""
    await start(mail)
    run_id = await send(mail, "halo", then="dead")
    await mail.at_rest(60)
    assert (await record(mail, run_id))["dead"] == "1"
    await redrive(mail, run_id)
    stored = await record(mail, run_id)
    assert (stored["status"], stored["output"]) == ("success", '["1"]')
    assert telegram.texts() == {"halo": 1}


async def test_redrive_of_an_unknown_outcome_sends_nothing_again(
    mail: FaultDeployment, telegram: FakeTelegram
) -> None:
    """Telegram took it and never answered: the run fails for good, and a redrive does not send it either."""
    await start(mail)
    telegram.plan(HANG)
    run_id = await send(mail, "halo")
    await mail.at_rest(60)
    for _ in range(2):
        stored = await record(mail, run_id)
        assert (stored["status"], stored["dead"]) == ("failed", "1")
        assert "outcome_unknown" in stored["error"]
        await redrive(mail, run_id)
    assert telegram.texts() == {"halo": 1}


async def test_connector_killed_in_the_middle_sends_nothing_again(
    mail: FaultDeployment, telegram: FakeTelegram
) -> None:
    """Its message may have arrived: the run says so, and what waited behind it goes out once."""
    await start(mail, CHANNEL_TIMEOUT_SEC="30")
    telegram.plan(Reply(silent=True))
    runs = [await send(mail, f"text {number}", to=str(number), retry=SOON) for number in range(1, 5)]
    await wait_until_async(lambda: len(telegram.taken) >= 1, 60)
    mail.fleet.kill(mail.fleet.alive("connector")[0])
    await start(mail, workers=0)
    await mail.at_rest(60)
    statuses = Counter([(await record(mail, run_id))["status"] for run_id in runs])
    assert statuses["success"] + statuses["failed"] == 4
    assert statuses["failed"] >= 1
    assert max(telegram.texts().values()) == 1
    for run_id in runs:
        if (await record(mail, run_id)).get("dead"):
            await redrive(mail, run_id)
    assert max(telegram.texts().values()) == 1


async def test_redis_killed_in_the_middle_of_a_send_sends_nothing_again(
    mail: FaultDeployment, telegram: FakeTelegram
) -> None:
    """The answer comes while Redis is away: the connector keeps it and settles the message afterwards."""
    await start(mail, CHANNEL_TIMEOUT_SEC="30")
    telegram.plan(Reply(200, {"ok": True, "result": _message(77)}, delay_sec=1.5))
    run_id = await send(mail, "halo", then="retry", times=2)
    await wait_until_async(lambda: telegram.count("halo") == 1, 60)
    mail.redis.kill()
    await span(2.5)
    mail.redis.start()
    await mail.at_rest(60)
    stored = await record(mail, run_id)
    assert (stored["status"], stored["output"]) == ("success", '["77"]')
    assert telegram.texts() == {"halo": 1}


async def test_no_message_is_sent_twice_under_kills_and_bad_weather(
    mail: FaultDeployment, telegram: FakeTelegram, figures: Figures, full: bool
) -> None:
    """Fault 25: hangs, resets, 500, 429; workers and connectors killed at random; dead letters redriven."""
    runs, kills = (600, 60) if full else (60, 8)
    dice = random.Random(25)
    telegram.weather = lambda: _weather(dice)
    await start(mail, connectors=2, workers=2)
    sent: dict[str, tuple[str, ...]] = {}
    for number in range(1, runs + 1):
        texts = (f"run {number} first", f"run {number} second")
        bot, then = dice.choice(list(BOTS)), dice.choice(["", "retry", "dead"])
        run_id = await send(mail, *texts, to=str(number), account_id=bot, then=then, wait_ms=200)
        sent[run_id] = texts
    async for number in every(1.0, kills):
        name = ("connector", "worker")[number % 2]
        mail.fleet.kill(dice.choice(mail.fleet.alive(name)))
        mail.fleet.start(name, wait=False)
    await mail.at_rest(120)
    redriven = await _redrive_all(mail, list(sent))
    await mail.at_rest(120)
    await _check_once(mail, telegram, sent)
    outcomes = Counter(entry.state.value for entry in await _entries(mail, sent))
    shown = f"{runs} runs of 2 messages, {kills} kills, {redriven} redriven, {dict(outcomes)}"
    figures(f"{shown}, 0 second sends")


async def _redrive_all(deployment: FaultDeployment, run_ids: list[str]) -> int:
    count = 0
    for run_id, stored in zip(run_ids, await deployment.hashes(run_ids), strict=True):
        if stored.get("dead"):
            await deployment.queue.redrive(run_id, int(stored["attempt"]))
            count += 1
    return count


async def _check_once(
    deployment: FaultDeployment, telegram: FakeTelegram, sent: dict[str, tuple[str, ...]]
) -> None:
    """What is delivered was taken once, what has failed never, what is unknown at most once."""
    counts = telegram.texts()
    twice = {text: count for text, count in counts.items() if count > 1}
    assert not twice, twice
    for entry in await _entries(deployment, sent):
        if entry.state is OutboxState.DELIVERED:
            assert counts[entry.text] == 1, entry
        elif entry.state in {OutboxState.FAILED, OutboxState.PENDING}:
            assert counts[entry.text] == 0, entry
        else:
            assert entry.state is OutboxState.UNKNOWN, entry
    done = [stored for stored in await deployment.hashes(list(sent)) if stored["status"] == "success"]
    assert done, "no run succeeded in this weather"


async def _entries(deployment: FaultDeployment, sent: dict[str, tuple[str, ...]]) -> list[Any]:
    outbox = Outbox(
        deployment.link, Scripts(deployment.link, deployment.keys), deployment.keys, deployment.clock
    )
    ids = [f"{run_id}:{number}" for run_id in sent for number in (1, 2)]
    found = await asyncio.gather(*(outbox.get(entry_id) for entry_id in ids))
    return [entry for entry in found if entry is not None]


def _weather(dice: random.Random) -> Reply | None:
    choice = dice.random()
    if choice < 0.04:
        return HANG
    if choice < 0.07:
        return RESET
    if choice < 0.10:
        return failure(500, "Internal Server Error")
    if choice < 0.13:
        return too_many(1)
    return None


def _message(number: int) -> dict[str, Any]:
    return {"message_id": number, "date": 1_700_000_000, "chat": {"id": 1, "type": "private"}}


def _dead_worker(deployment: FaultDeployment) -> Service:
    return next(
        each
        for each in deployment.fleet.services
        if each.name == "worker" and each.code is not None and each.pid not in deployment.fleet.disturbed
    )

"""Alarms arrive: whatever becomes of the primary channel and of the processes that send."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from app.core.messaging.account_models import AccountDraft
from tests.support.channels.fake_telegram import TOKEN, UNKNOWN_TOKEN, FakeTelegram, failure, too_many
from tests.support.faults.alarms import FALLBACK, PRIMARY, AlarmDeployment, alarm_deployment
from tests.support.faults.deployment import Figures, MakeDeployment, every
from tests.support.http.fake_remote import Reply, Request
from tests.support.waiting import wait_until_async

MOST_SEC = 60
WAYS = ("500", "hang", "429", "revoked", "disabled", "missing")


class HalfDead(FakeTelegram):
    """Telegram, whose first bot fails in one way."""

    way = ""

    def answer(self, request: Request) -> Reply:
        is_primary = request.path.startswith(f"/bot{TOKEN}/sendMessage")
        if is_primary and self.way == "500":
            return failure(500, "Internal Server Error")
        if is_primary and self.way == "429":
            return too_many(900)
        if is_primary and self.way == "hang":
            return Reply(silent=True)
        return super().answer(request)


@pytest.fixture
def telegram() -> Iterator[HalfDead]:
    with HalfDead() as telegram:
        yield telegram


async def started(make_deployment: MakeDeployment, telegram: HalfDead, *services: str) -> AlarmDeployment:
    here = await alarm_deployment(make_deployment, telegram)
    for service in services:
        here.deployment.fleet.start(service)
    return here


async def break_primary(here: AlarmDeployment, telegram: HalfDead, way: str) -> None:
    """Let the primary channel fail in one way."""
    telegram.way = way if way in {"500", "hang", "429"} else ""
    if way == "missing":
        await here.accounts.delete("telegram", PRIMARY[0], "test")
    elif way in {"revoked", "disabled"}:
        secrets = {"token": UNKNOWN_TOKEN if way == "revoked" else TOKEN}
        draft = AccountDraft("telegram", PRIMARY[0], secrets=secrets, enabled=way != "disabled")
        await here.accounts.put(draft, "test")


async def seconds_until_told(here: AlarmDeployment, telegram: HalfDead, way: str, numbers: range) -> float:
    """Open incidents and return how long the fallback took to deliver the last of them."""
    await break_primary(here, telegram, way)
    start_ms = await here.deployment.redis_ms()
    for number in numbers:
        await here.open(number)

    async def all_told() -> bool:
        return not await here.undelivered(FALLBACK[0])

    await wait_until_async(all_told, 2 * MOST_SEC, f"the fallback has delivered, primary: {way}")
    return (await here.deployment.redis_ms() - start_ms) / 1000


async def test_the_fallback_delivers_within_a_minute(
    make_deployment: MakeDeployment, telegram: HalfDead, figures: Figures, full: bool
) -> None:
    """The primary channel is dead in each way; the small size has two that fail at once."""
    here = await started(make_deployment, telegram, "connector", "worker")
    ways = WAYS if full else ("revoked", "missing")
    took: dict[str, float] = {}
    for index, way in enumerate(ways):
        took[way] = await seconds_until_told(here, telegram, way, range(index, index + 1))
    figures(", ".join(f"{way} {seconds:.1f} s" for way, seconds in took.items()))
    assert max(took.values()) <= MOST_SEC
    assert set(here.seen(FALLBACK[1], "DOWN").values()) == {1}


@pytest.mark.parametrize(
    "service",
    [
        "worker",
        pytest.param("connector", marks=pytest.mark.full),
        pytest.param("scheduler", marks=pytest.mark.full),
    ],
)
async def test_alarms_flow_while_one_process_is_alive(
    make_deployment: MakeDeployment, telegram: HalfDead, service: str
) -> None:
    """The holder of the claim is killed; the others go on, and a connector delivers."""
    here = await started(make_deployment, telegram, service)
    await here.open(0)
    await wait_until_async(lambda: _notified(here), 60, "a message is laid in")
    here.deployment.fleet.kill(here.deployment.fleet.alive(service)[0])
    here.deployment.fleet.start("connector")
    await here.open(1)

    async def all_told() -> bool:
        return not await here.undelivered()

    await wait_until_async(all_told, 60, "both were delivered")
    assert here.seen(PRIMARY[1], "DOWN") == {"000": 1, "001": 1}


async def _notified(here: AlarmDeployment) -> bool:
    return all(record.deliveries for record in await here.records())


async def test_no_alarm_is_lost_or_sent_twice_under_kills(
    make_deployment: MakeDeployment, telegram: HalfDead, figures: Figures, full: bool
) -> None:
    """Connector, worker and scheduler are killed in turn while the primary channel dies and recovers."""
    count, kills = (200, 60) if full else (24, 6)
    dice = random.Random(14)
    here = await started(make_deployment, telegram, "connector", "worker", "scheduler")
    fleet, opened = here.deployment.fleet, 0
    async for number in every(1.0, kills):
        await break_primary(here, telegram, dice.choice(["", "500", "429"]))
        upto = count * (number + 1) // kills
        for each in range(opened, upto):
            await here.open(each)
        opened = upto
        name = ("connector", "worker", "scheduler")[number % 3]
        fleet.kill(dice.choice(fleet.alive(name)))
        fleet.start(name, wait=False)
    await break_primary(here, telegram, "")

    async def all_told() -> bool:
        return not await here.undelivered()

    await wait_until_async(all_told, 180, "each alarm has reached a person")
    records = await here.records()
    seen = [here.seen(chat, "DOWN") for _bot, chat in (PRIMARY, FALLBACK)]
    twice = [each for counter in seen for each in counter.items() if each[1] > 1]
    assert not twice, twice
    assert len(records) == count
    assert set(seen[0]) | set(seen[1]) == {f"{number:03}" for number in range(count)}
    waits = [
        min(each.at for each in record.deliveries if each.state == "delivered") - record.opened_at
        for record in records
    ]
    both = len(set(seen[0]) & set(seen[1]))
    figures(
        f"{count} incidents, {kills} kills: 0 lost, 0 twice on one channel, {both} on both channels, "
        f"the last recipient's message was laid in after {max(waits) / 1000:.1f} s at most"
    )

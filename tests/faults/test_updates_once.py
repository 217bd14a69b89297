"""A chat command takes effect once, even if the connector dies between update, effect and answer."""

from __future__ import annotations

import random
from collections.abc import Iterator

import pytest

from app.core.messaging.outbox import OutboxState
from tests.support.channels.fake_telegram import FakeTelegram
from tests.support.channels.webhook_calls import telegram_text
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.deployment import FaultDeployment, Figures, MakeDeployment
from tests.support.faults.proxy import FaultProxy, Weather
from tests.support.faults.telegram import all_treated, answer_state, deployment_with_bot, runs_made
from tests.support.waiting import wait_until_async

WAIT_SEC = 60.0


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


@pytest.fixture
async def deployment(make_deployment: MakeDeployment, telegram: FakeTelegram) -> FaultDeployment:
    """Give a deployment with one bot that takes commands, and a job that they may run."""
    return await deployment_with_bot(make_deployment, telegram)


@pytest.fixture
def slow_redis(redis: EmbeddedRedis) -> Iterator[FaultProxy]:
    """Give Redis a way that takes long enough for a kill to fall between two of a connector's steps."""
    with FaultProxy(redis.port) as proxy:
        proxy.set(Weather(delay_sec=0.01, jitter_sec=0.01))
        yield proxy


async def test_update_is_done_once_by_connectors_that_are_killed(
    deployment: FaultDeployment,
    telegram: FakeTelegram,
    slow_redis: FaultProxy,
    figures: Figures,
    *,
    full: bool,
) -> None:
    """Killed again and again while it works: each update makes one run, and no answer goes out twice."""
    count, kills = (400, 40) if full else (40, 4)
    dice, in_the_middle = random.Random(25), 0
    url = f"redis://127.0.0.1:{slow_redis.port}/0"
    telegram.write(*(telegram_text(number, "/run kerja") for number in range(1, count + 1)))
    deployment.fleet.start("connector", REDIS_URL=url)
    for kill in range(kills):
        wanted = min(await runs_made(deployment) + dice.randint(1, count // kills), count)
        await wait_until_async(
            lambda wanted=wanted: _reached(deployment, wanted), WAIT_SEC, f"kill {kill} is due"
        )
        deployment.fleet.kill(deployment.fleet.alive("connector")[0])
        in_the_middle += await runs_made(deployment) < count
        deployment.fleet.start("connector", REDIS_URL=url)
    await wait_until_async(lambda: _reached(deployment, count), WAIT_SEC, "every update is done")
    await wait_until_async(lambda: all_treated(deployment, telegram), WAIT_SEC, "every update is treated")
    assert await runs_made(deployment) == count
    states = [await answer_state(deployment, number) for number in range(1, count + 1)]
    assert OutboxState.FAILED not in states
    assert max(telegram.texts().values(), default=1) == 1
    figures(
        f"{count} updates, {in_the_middle} of {kills} kills in the middle, {await runs_made(deployment)} runs"
    )


async def _reached(deployment: FaultDeployment, wanted: int) -> bool:
    return await runs_made(deployment) >= wanted

"""An idle platform leaves Redis alone, also with incidents that are held and messages that were closed."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from typing import Any

import pytest

from app.core.alerting.rules import NotificationRule, NotificationRules, RuleStore
from app.core.errors import StateConflict
from app.core.messaging.outbox import Outbox
from app.core.messaging.recipients import DefaultNotify, Recipients
from app.core.models import Skip
from app.core.specs.calendars import CalendarStore
from app.core.storage.scripts import Scripts
from tests.support.channels.fake_telegram import FakeTelegram
from tests.support.embedded_redis import free_port
from tests.support.faults.alarms import PRIMARY, AlarmDeployment, alarm_deployment
from tests.support.faults.deployment import FaultDeployment, Figures, MakeDeployment, span
from tests.support.waiting import wait_until_async

HELD, CLOSED = 250, 20
# Long enough that a task of each minute does not decide.
WATCHED_SEC = 60.0
MOST_COMMANDS_A_SEC = 60.0
ALL_DAY = Skip(windows=["00:00-12:00", "12:00-24:00"])


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    with FakeTelegram() as telegram:
        yield telegram


async def test_an_idle_platform_sends_redis_few_commands(
    make_deployment: MakeDeployment, telegram: FakeTelegram, figures: Figures
) -> None:
    """All services, incidents in quiet hours, messages that were closed while they waited for their rate."""
    here = await alarm_deployment(partial(make_deployment, heartbeat_sec=5.0, lease_sec=30.0), telegram)
    deployment = here.deployment
    await _hold_all(here)
    for number in range(HELD):
        await here.open(number)
    for service in ("scheduler", "worker", "connector"):
        deployment.fleet.start(service)
    deployment.fleet.start_api(free_port())
    await wait_until_async(lambda: _all_held(here), 60, "each incident waits for the end of quiet hours")
    await _close_waiting(deployment, telegram)
    # A start reads the minutes of the last day once, up to a minute after it.
    await wait_until_async(lambda: _is_folded(deployment), 120, "the last day is folded")
    await span(5)
    before = await _commands(deployment)
    await span(WATCHED_SEC)
    sent = await _commands(deployment) - before
    a_sec = sent.total() / WATCHED_SEC
    figures(f"{a_sec:.0f} commands a second with {HELD} held incidents and {CLOSED} closed messages")
    assert a_sec <= MOST_COMMANDS_A_SEC, sent.most_common(12)


async def _hold_all(here: AlarmDeployment) -> None:
    deployment, clock = here.deployment, here.deployment.clock
    scripts = Scripts(deployment.link, deployment.keys)
    default = DefaultNotify(deployment.link, deployment.keys, clock, deployment.settings)
    rules = RuleStore(
        deployment.link,
        deployment.keys,
        clock,
        Recipients(here.accounts, default.current),
        CalendarStore(deployment.link, scripts, clock),
    )
    [rule] = (await rules.get()).rules.rules
    quiet: dict[str, Any] = {**rule.model_dump(), "hours": ALL_DAY}
    await rules.put(NotificationRules(rules=[NotificationRule.model_validate(quiet)]), "test")


async def _all_held(here: AlarmDeployment) -> bool:
    link, keys = here.deployment.link, here.deployment.keys
    found = await link.calls([("HGET", keys.incident(each.id), "held") for each in await here.records()])
    return len(found) == HELD and set(found) == {"quiet"}


async def _close_waiting(deployment: FaultDeployment, telegram: FakeTelegram) -> None:
    """Put messages to one chat, which wait for its rate, and close those that have not left."""
    scripts = Scripts(deployment.link, deployment.keys)
    outbox = Outbox(deployment.link, scripts, deployment.keys, deployment.clock)
    names = [f"message-{number}" for number in range(CLOSED)]
    for name in names:
        await outbox.put(name, "telegram", PRIMARY[0], "77", name)
    await wait_until_async(lambda: any(to == "77" for to, _text in telegram.taken), 60, "the first has left")
    for name in names[1:]:
        # One may be on its way, or have left, by now.
        with suppress(StateConflict):
            await outbox.close(name, "test")


async def _is_folded(deployment: FaultDeployment) -> bool:
    return await deployment.link.call("HEXISTS", deployment.keys.meta, "folded_quarter") == 1


async def _commands(deployment: FaultDeployment) -> Counter[str]:
    """Return how often each command was called, by clients and by scripts."""
    info: str = await deployment.link.call("INFO", "commandstats")
    found = re.findall(r"cmdstat_(\S+?):calls=(\d+)", info)
    return Counter({name: int(calls) for name, calls in found})

"""The budget of tokens a day: shared, reserved before a call, counted once."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from app.core.clock import SystemClock
from app.core.config import Settings
from app.core.redis_client import RedisLink
from app.core.statistics.prometheus import render_metrics
from app.core.storage.scripts import Scripts
from app.planner.ai.budget import TokenBudget
from app.planner.ai.models import AiFailure
from tests.support.fake_clock import FakeClock


def budget_of(settings: Settings, scripts: Scripts, clock: FakeClock, per_day: int) -> TokenBudget:
    return TokenBudget(settings.model_copy(update={"planner_ai_tokens_per_day": per_day}), scripts, clock)


async def test_a_call_beyond_the_budget_is_refused(settings: Settings, scripts: Scripts) -> None:
    """Two processes share the day; the reason names the setting, and the next day begins with nothing."""
    clock = FakeClock(SystemClock().now())
    one, other = (budget_of(settings, scripts, clock, 1_000) for _ in range(2))
    await one.reserve(600)
    with pytest.raises(AiFailure, match="600 of 1000"):
        await other.reserve(500)
    await other.reserve(400)
    clock.advance(timedelta(days=1).total_seconds())
    assert (await other.reserve(1_000)).tokens == 1_000


async def test_calls_at_once_stay_within_the_budget(settings: Settings, scripts: Scripts) -> None:
    """Of many calls at the same time only those that fit are made."""
    clock = FakeClock(SystemClock().now())
    budgets = [budget_of(settings, scripts, clock, 1_000) for _ in range(20)]
    found = await asyncio.gather(*(each.reserve(300) for each in budgets), return_exceptions=True)
    assert sum(isinstance(each, AiFailure) for each in found) == 17


async def test_a_call_counts_once_in_the_metric(
    settings: Settings, scripts: Scripts, link: RedisLink
) -> None:
    """A reservation gives way to the tokens that were used; a settlement sent again adds nothing."""
    budget = budget_of(settings, scripts, FakeClock(SystemClock().now()), 1_000)
    reservation = await budget.reserve(900)
    await budget.settle(reservation, 100)
    await budget.settle(reservation, 100)
    assert (await budget.reserve(900)).tokens == 900
    text = (await render_metrics(link, scripts.keys)).decode()
    assert "multi_job_planner_ai_tokens_total 100.0" in text


async def test_budget_without_a_limit_only_counts(
    settings: Settings, scripts: Scripts, link: RedisLink
) -> None:
    """0 lifts the limit."""
    budget = budget_of(settings, scripts, FakeClock(SystemClock().now()), 0)
    for _ in range(3):
        await budget.settle(await budget.reserve(10_000_000), 5_000)
    text = (await render_metrics(link, scripts.keys)).decode()
    assert "multi_job_planner_ai_tokens_total 15000.0" in text

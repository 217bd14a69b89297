"""Sends a monitor's pending notices: alarm and end, once each.

A notice is in the memory before it is sent and removed after it. If a process dies in between, the next check
sends it under the same message id, and the outbox keeps one message.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.core.clock import from_ms
from app.core.errors import NonRetryableError, Refused, RetryableError, Unavailable
from app.core.i18n import Message, _, in_both
from app.core.scheduling.skip_words import reason_words
from app.jobs.monitor.memory import MonitorMemory, Notice
from app.jobs.monitor.monitor import change_memory
from app.jobs.monitor.quiet import held_notices, quiet_hours
from app.jobs.monitor.state import without_notices
from app.jobs.notify import recipient

if TYPE_CHECKING:
    from app.core.execution.context import RunContext
    from app.core.models import Skip
    from app.jobs.notify import Notify

PATIENCE_SEC = 4.0
"""A finished check waits no longer for the receipt of an alarm; the next check asks again."""


async def send_alarms(
    ctx: RunContext, memory: MonitorMemory, notify: Notify | None, quiet: Skip | None = None
) -> str | None:
    """Send the pending notices; one that cannot be sent now stays for the next check.

    A failed message does not fail the check, whose result is known. Returns why they wait, in quiet hours.
    """
    if not memory.notices:
        return None
    zone = ZoneInfo(await ctx.platform.timezone())
    quiet_at = await quiet_hours(ctx, quiet, zone)
    pending, done = memory.notices, set[str]()
    if quiet_at is not None and (reason := quiet_at(ctx.started_at_ms)) is not None:
        return await _held(ctx, memory, reason_words(reason))
    if quiet_at is not None and any(quiet_at(notice.at_ms) for notice in pending):
        # Of what was held back, only the last notice still holds.
        pending = held_notices(memory.notices)[-1:]
        done.update(notice.key for notice in memory.notices if notice not in pending)
    for notice in pending:
        text = _text(ctx, memory, notice, zone)
        if not await _sent(ctx, notice, text, notify):
            break
        done.add(notice.key)
    if done:
        await change_memory(ctx, lambda stored: without_notices(stored or memory, frozenset(done)))
    return None


async def _held(ctx: RunContext, memory: MonitorMemory, reason: Message) -> str:
    """Keep of the notices those that say it all; none of them is sent."""
    for notice in memory.notices:
        ctx.log.info("the alarm waits: quiet hours", alarm=notice.key, reason=reason)
    kept = held_notices(memory.notices)
    gone = frozenset(notice.key for notice in memory.notices if notice not in kept)
    if gone:
        await change_memory(ctx, lambda stored: without_notices(stored or memory, gone))
    return reason


async def _sent(ctx: RunContext, notice: Notice, text: str, notify: Notify | None) -> bool:
    """Send one notice; False if another try may help."""
    try:
        async with asyncio.timeout(PATIENCE_SEC):
            receipt = await ctx.tools.messaging.alarm(notice.key, in_both(text), **recipient(notify))
    except (RetryableError, Unavailable, TimeoutError) as error:
        ctx.log.warning("the alarm waits for the next check", alarm=notice.key, reason=str(error))
        return False
    except (NonRetryableError, Refused) as error:
        # A line in the run's log needs no traceback.
        ctx.log.error(  # noqa: TRY400
            "the alarm was not delivered", alarm=notice.key, code=error.code, reason=error.message
        )
        return True
    ctx.log.info("alarm sent", alarm=notice.key, channel=receipt.channel, to=receipt.to)
    return True


def _text(ctx: RunContext, memory: MonitorMemory, notice: Notice, zone: ZoneInfo) -> str:
    """Return the message."""
    subject = memory.subject or ctx.job_id
    since, at = _time(notice.since_ms, zone), _time(notice.at_ms, zone)
    if notice.raised:
        fails, reason = notice.fails_in_a_row, notice.reason or "?"
        down = _("DOWN: {subject} since {since}, {fails} checks in a row ({reason}); job {job_id}.")
        degraded = _("DEGRADED: {subject} since {since}, {fails} checks in a row ({reason}); job {job_id}.")
        return (degraded if notice.state == "degraded" else down).fill(
            subject=subject,
            since=since,
            fails=fails,
            reason=reason,
            job_id=ctx.job_id,
        )
    lasted = _length(notice.at_ms - notice.since_ms)
    return _(
        "UP AGAIN: {subject} at {at}, after {lasted}; job {job_id}.",
        subject=subject,
        at=at,
        lasted=lasted,
        job_id=ctx.job_id,
    )


def _time(epoch_ms: int, zone: ZoneInfo) -> str:
    return f"{from_ms(epoch_ms).astimezone(zone):%Y-%m-%d %H:%M:%S %Z}"


def _length(ms: int) -> str:
    minutes, seconds = divmod(ms // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"

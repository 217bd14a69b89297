"""Quiet hours of a monitor's alarms: messages wait while a calendar or a window is closed.

The alarm itself is raised at once, as an event in the dashboard. Its message waits in the monitor's memory;
the first check after the quiet hours sends the last one, if what it says still holds.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from app.core.models import Skip
from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.skip_rules import closed_times
from app.core.scheduling.skipping import closed_at

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.core.execution.context import RunContext
    from app.core.scheduling.skip_rules import SkipReason
    from app.jobs.monitor.memory import Notice

Quiet = Annotated[
    Skip | None,
    Field(
        description="when alarms wait, as `skip` of a schedule has it (`windows`, `holidays`, `calendars`); "
        "the first check afterwards sends the last one that still holds"
    ),
]

QuietAt = Callable[[int], "SkipReason | None"]


async def quiet_hours(ctx: RunContext, quiet: Skip | None, zone: ZoneInfo) -> QuietAt | None:
    """Return the function that says why alarms wait at an instant; None without quiet hours.

    Quiet hours that cannot be computed hold nothing back: a calendar may have gone with a restore.
    """
    if quiet is None:
        return None
    calendars = await ctx.platform.calendars(quiet.calendars) if quiet.calendars else {}
    try:
        closed = closed_times(quiet, calendars)
    except ScheduleError as error:
        # A line in the run's log needs no traceback.
        ctx.log.error("quiet hours cannot be computed, alarms are sent", reason=error.message)  # noqa: TRY400
        return None
    return partial(closed_at, closed, zone)


def held_notices(notices: tuple[Notice, ...]) -> tuple[Notice, ...]:
    """Return the notices that say it all: the first and the last, or none if an alarm came and went.

    The first says whether the alarm of before was sent already: its end, if so, must be sent too.
    """
    if len(notices) < 2:  # noqa: PLR2004
        return notices
    first, last = notices[0], notices[-1]
    if first.raised and not last.raised:
        return ()
    return (last,) if first.raised == last.raised else (first, last)

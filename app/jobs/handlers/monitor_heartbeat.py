"""Watches an outside program by the pings that it sends."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.monitors.models import WatchState
from app.core.policies import Destination
from app.core.registry import handler
from app.jobs.monitor.monitor import DetailedOutput
from app.jobs.monitor.quiet import Quiet
from app.jobs.notify import Notify, notify_destination

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

MAX_PERIOD_SEC = 32 * 86_400


class MonitorHeartbeatInputs(BaseModel):
    """How often the program calls its ping URL, and the recipient of alarms."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period_sec: Annotated[
        int, Field(ge=10, le=MAX_PERIOD_SEC, examples=[86_400], description="time between two pings")
    ]
    # `lib/heartbeats.lua` has the same default.
    grace_sec: Annotated[
        int, Field(ge=1, le=MAX_PERIOD_SEC, description="a ping may come so much later; then it is down")
    ] = 60
    notify: Annotated[Notify | None, Field(description="who gets alarms; else DEFAULT_NOTIFY")] = None
    quiet: Quiet = None


class MonitorHeartbeatOutput(DetailedOutput):
    """The state at this moment, and its reason."""

    state: WatchState
    reason: str | None = None


def _destinations(inputs: MonitorHeartbeatInputs) -> Iterator[Destination]:
    yield from notify_destination(inputs.notify)


@handler(
    "monitor.heartbeat",
    inputs=MonitorHeartbeatInputs,
    timeout_ms=15_000,
    tools=("platform",),
    own_job_only=True,
    destinations=_destinations,
)
async def monitor_heartbeat(ctx: RunContext, inputs: MonitorHeartbeatInputs) -> MonitorHeartbeatOutput:
    """Expect a ping of an outside program in time; a run reports the present state."""
    _ = inputs
    found = await ctx.platform.monitor()
    if found is None:
        return MonitorHeartbeatOutput(state="unknown", reason="no_ping")
    return MonitorHeartbeatOutput(
        state=found.state, reason=found.reason or None, detail=found.last_error or ""
    )

"""Watches an account of a channel through the connector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.policies import Destination
from app.core.recipient import MessageChannel, account_name
from app.core.registry import handler
from app.jobs.monitor.monitor import AfterSec, FailAfter, MonitorOutput, count_failures
from app.jobs.monitor.quiet import Quiet
from app.jobs.monitor.state import Tolerance
from app.jobs.notify import AccountId, Notify, notify_destination

if TYPE_CHECKING:
    from app.core.connectors.base import AccountHealth
    from app.core.execution.context import RunContext


class MonitorChannelInputs(BaseModel):
    """The account, the tolerance, and the recipient of alarms."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    channel: MessageChannel
    account_id: AccountId
    notify: Annotated[Notify | None, Field(description="who gets alarms; else DEFAULT_NOTIFY")] = None
    quiet: Quiet = None
    fail_after: FailAfter = 3
    after_sec: AfterSec = None
    timeout_sec: Annotated[float, Field(gt=0, le=60, description="time that a check has")] = 10.0


class MonitorChannelOutput(MonitorOutput):
    """The connector's result; `command` sets up an account that is not configured."""

    command: str | None = None


def _destinations(inputs: MonitorChannelInputs) -> Iterator[Destination]:
    yield Destination("platform", "channels", inputs.channel, "/channel")
    yield from notify_destination(inputs.notify)


@handler(
    "monitor.channel",
    inputs=MonitorChannelInputs,
    timeout_ms=15_000,
    tools=("platform", "metrics"),
    own_job_only=True,
    destinations=_destinations,
)
async def monitor_channel(ctx: RunContext, inputs: MonitorChannelInputs) -> MonitorChannelOutput:
    """Ask the connector for a real call on an account, and report what it finds."""
    answer = await ctx.platform.check_channel(inputs.channel, inputs.account_id, inputs.timeout_sec)
    counted = "fail_after" in inputs.model_fields_set
    tolerance = Tolerance.of(inputs.fail_after, inputs.after_sec, counted=counted)
    name = account_name(inputs.channel, inputs.account_id)
    ctx.report_check(
        tolerance.report(answer, target=f"{inputs.channel} {inputs.account_id}", group=f"account:{name}")
    )
    fails = await count_failures(ctx, is_bad=answer.state in tolerance.bad)
    await _report(ctx, inputs, answer)
    return MonitorChannelOutput(**asdict(answer), fails_in_a_row=fails)


async def _report(ctx: RunContext, inputs: MonitorChannelInputs, answer: AccountHealth) -> None:
    if answer.state == "not_configured":
        ctx.log.warning("not set up", reason=answer.reason, command=answer.command)
        return
    labels = {"channel": inputs.channel, "account": inputs.account_id}
    await ctx.tools.metrics.gauge("channel_up", 0 if answer.state == "down" else 1, **labels)
    if answer.latency_ms is not None:
        await ctx.tools.metrics.gauge("channel_latency_ms", answer.latency_ms, **labels)

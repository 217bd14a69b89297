"""Watches an account of a channel through the connector."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

from pydantic import BaseModel, ConfigDict, Field

from app.core.policies import Destination
from app.core.recipient import MessageChannel, account_name
from app.core.registry import handler
from app.jobs.monitor.alarms import send_alarms
from app.jobs.monitor.monitor import AfterSec, FailAfter, MonitorOutput, observe
from app.jobs.monitor.quiet import Quiet
from app.jobs.monitor.state import MonitorCheck, Tolerance
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
    tools=("platform", "kv", "metrics", "messaging"),
    destinations=_destinations,
)
async def monitor_channel(ctx: RunContext, inputs: MonitorChannelInputs) -> MonitorChannelOutput:
    """Ask the connector for a real call on an account; alarm when it stays down, and when it is back."""
    answer = await ctx.platform.check_channel(inputs.channel, inputs.account_id, inputs.timeout_sec)
    counted = "fail_after" in inputs.model_fields_set
    tolerance = Tolerance.of(inputs.fail_after, inputs.after_sec, counted=counted)
    name = account_name(inputs.channel, inputs.account_id)
    ctx.report_check(
        tolerance.report(answer, target=f"{inputs.channel} {inputs.account_id}", group=f"account:{name}")
    )
    memory = await observe(ctx, _check(ctx, inputs, answer), tolerance)
    await _report(ctx, inputs, answer)
    held_back = await send_alarms(ctx, memory, _recipient(inputs), inputs.quiet)
    return MonitorChannelOutput(**asdict(answer), fails_in_a_row=memory.fails_in_a_row, held_back=held_back)


def _check(ctx: RunContext, inputs: MonitorChannelInputs, answer: AccountHealth) -> MonitorCheck:
    subject = f"{inputs.channel} {inputs.account_id}"
    return MonitorCheck(answer.state, answer.reason or "", ctx.started_at_ms, subject, answer.command or "")


def _recipient(inputs: MonitorChannelInputs) -> Notify | None:
    """Return the recipient; through the watched account itself if the same channel names no other."""
    notify = inputs.notify
    if notify is None or notify.account_id is not None or notify.channel != inputs.channel:
        return notify
    return notify.model_copy(update={"account_id": inputs.account_id})


async def _report(ctx: RunContext, inputs: MonitorChannelInputs, answer: AccountHealth) -> None:
    if answer.state == "not_configured":
        ctx.log.warning("not set up", reason=answer.reason, command=answer.command)
        return
    labels = {"channel": inputs.channel, "account": inputs.account_id}
    await ctx.tools.metrics.gauge("channel_up", 0 if answer.state == "down" else 1, **labels)
    if answer.latency_ms is not None:
        await ctx.tools.metrics.gauge("channel_latency_ms", answer.latency_ms, **labels)

"""Reports on a day, a week or a month of the platform."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, field_validator

from app.core.i18n import Language, _
from app.core.registry import handler
from app.jobs.notify import Notify, notify_destination
from app.jobs.report.models import DeliveryResult, ReportPeriod

if TYPE_CHECKING:
    from app.core.execution.context import RunContext


class ReportDailyInputs(BaseModel):
    """The period, the target, the zone, the language and the recipient."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    period: Annotated[
        ReportPeriod, Field(description="the day, week or month of its zone that ends at the slot")
    ] = "day"
    sla_percent: Annotated[
        float | None,
        Field(gt=0, le=100, description="the uptime that each monitor should reach", examples=[99.9]),
    ] = None
    timezone: Annotated[
        str | None,
        Field(max_length=64, description="IANA name; else the deployment's", examples=["Asia/Jakarta"]),
    ] = None
    language: Language = "id"
    notify: Annotated[Notify | None, Field(description="who gets it; else DEFAULT_NOTIFY")] = None

    @field_validator("timezone")
    @classmethod
    def _known(cls, timezone: str | None) -> str | None:
        if timezone is not None:
            try:
                ZoneInfo(timezone)
            except (KeyError, ValueError, OSError) as error:
                raise ValueError(_("use an IANA name such as Asia/Jakarta")) from error
        return timezone


class ReportDailyOutput(BaseModel):
    """The report in short and as Markdown, if it was delivered, and its files."""

    summary: str
    markdown: str
    period_from: str
    period_to: str
    delivered: DeliveryResult
    files: list[str]


@handler(
    "report.daily",
    inputs=ReportDailyInputs,
    timeout_ms=120_000,
    tools=("platform", "kv", "files", "messaging"),
    destinations=lambda inputs: notify_destination(inputs.notify),
)
async def report_daily(ctx: RunContext, inputs: ReportDailyInputs) -> ReportDailyOutput:
    """Report on the period that ends at the slot, or now, and deliver it.

    It has uptime, incidents, messages, runs and errors; those of a day and a week against the period before.
    """
    # Imported by a worker that makes a report: incidents, messages and figures take 2 MB.
    from app.jobs.report.delivery import deliver, write_files  # noqa: PLC0415
    from app.jobs.report.document import compose  # noqa: PLC0415
    from app.jobs.report.figures import collect  # noqa: PLC0415
    from app.jobs.report.messages import ReportLocale  # noqa: PLC0415
    from app.jobs.report.render import markdown  # noqa: PLC0415

    report = await collect(ctx, inputs.language, inputs.timezone, inputs.period, inputs.sla_percent)
    document = compose(report)
    files = await write_files(ctx, report, document)
    delivered = await deliver(ctx, document, inputs.notify)
    words = ReportLocale(report.language, report.timezone)
    return ReportDailyOutput(
        summary=" ".join(document.summary),
        markdown=markdown(document),
        period_from=words.iso(report.period.from_ms),
        period_to=words.iso(report.period.to_ms),
        delivered=delivered,
        files=files,
    )

"""Restore drills: proves that an export comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.core.errors import NonRetryableError
from app.core.i18n import _
from app.core.models import JOB_ID_PATTERN, RetryPolicy
from app.core.registry import handler
from app.core.secrets.store import SECRET_NAME_PATTERN

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

_MOST_NAMED = 5


class BackupVerifyInputs(BaseModel):
    """The export to restore, and the secret that opens it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    of_job: Annotated[
        str | None, Field(pattern=JOB_ID_PATTERN, description="the newest export of this job")
    ] = None
    export: Annotated[
        str | None, Field(min_length=3, max_length=200, description="or an export by its id (`GET /exports`)")
    ] = None
    passphrase: Annotated[
        str | None,
        Field(
            pattern=rf"^secret:{SECRET_NAME_PATTERN}$",
            description="of a full backup: `secret:NAME`, set with --backup",
        ),
    ] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.of_job is None) == (self.export is None):
            raise ValueError("name either `of_job` or `export`")
        return self


class BackupVerifyOutput(BaseModel):
    """The report of a drill in which everything came back as it was."""

    export: str
    created_at: str
    full: bool
    sections: dict[str, dict[str, int]]
    secrets_opened: int
    api_keys_valid: int
    audit_entries_verified: int


@handler(
    "backup.verify",
    inputs=BackupVerifyInputs,
    timeout_ms=3_600_000,
    retry_policy=RetryPolicy(max_retry=0),
    tools=("platform",),
)
async def backup_verify(ctx: RunContext, inputs: BackupVerifyInputs) -> BackupVerifyOutput:
    """Restore an export into a temporary Redis, compare it with the file, and fail on a difference."""
    report = await ctx.platform.verify_export(
        export=inputs.export or "",
        of_job=inputs.of_job or "",
        passphrase=(inputs.passphrase or "").removeprefix("secret:"),
    )
    for kind, section in report["sections"].items():
        ctx.log.info("compared", kind=kind, **section)
    if report["api_keys_not_valid"]:
        ctx.log.warning("API keys that the deployment had refused already", ids=report["api_keys_not_valid"])
    if not report["ok"]:
        raise NonRetryableError(_failure(report), code="drill_failed")
    return BackupVerifyOutput.model_validate(report)


def _failure(report: dict[str, Any]) -> str:
    unreadable = (f"{name} (cannot be opened)" for name in report["secrets_unreadable"])
    broken = (f"audit {place}" for place in report["audit_problems"])
    found = [*report["differences"], *unreadable, *broken]
    return _(
        "The restore drill of {export} failed; the log of this run has the counts. First: {found}",
        export=report["export"],
        found=", ".join(found[:_MOST_NAMED]),
    )

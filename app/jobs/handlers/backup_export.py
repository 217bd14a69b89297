"""Backups: everything in one file."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.backup.writer import ArchiveWriter
from app.core.clock import from_ms
from app.core.errors import LeaseLost, MultiJobError
from app.core.files.exports import FULL_KINDS, KINDS, SEALED_SUFFIX, SUFFIX, ExportHeader, Kind
from app.core.models import RetryPolicy
from app.core.registry import handler
from app.core.secrets.store import SECRET_NAME_PATTERN
from app.core.tools.platform import SealedPage

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

# The files of exports, named by job and instant.
#
# The path is `exports/<folder>/<job>@<instant>.jsonl.gz`, with `.age` if it is sealed; the newest of each job
# are kept.

ROOT = "exports"
KIND = "export"
_INSTANT = r"\d{4}-\d\d-\d\dT\d{9}Z"


def export_path(job_id: str, folder: str | None, at_ms: int, suffix: str = SUFFIX) -> str:
    """Return the path of an export that begins at an instant; paths of one job sort by time."""
    instant = from_ms(at_ms)
    return f"{ROOT}/{folder or job_id}/{job_id}@{instant:%Y-%m-%dT%H%M%S}{at_ms % 1000:03}Z{suffix}"


async def remove_old(ctx: RunContext, folder: str | None, keep: int) -> list[str]:
    """Remove all but the newest exports of this job and return their paths.

    A file that cannot be removed stays.
    """
    place = f"{ROOT}/{folder or ctx.job_id}/"
    endings = "|".join(map(re.escape, (SUFFIX, SEALED_SUFFIX)))
    ours = re.compile(re.escape(f"{place}{ctx.job_id}@") + f"{_INSTANT}({endings})")
    removed: list[str] = []
    try:
        paths = sorted(file.path for file in await ctx.tools.files.list(place) if ours.fullmatch(file.path))
        for path in paths[:-keep]:
            await ctx.tools.files.delete(path)
            await ctx.tools.files.withdraw(KIND, _name(path))
            removed.append(path)
    except LeaseLost:
        raise
    except MultiJobError as error:
        # The export itself is complete; a line in the run's log needs no traceback.
        ctx.log.error("old exports were not removed", code=error.code, reason=error.message)  # noqa: TRY400
    return removed


def _name(path: str) -> str:
    return path.rpartition("@")[2].removesuffix(SEALED_SUFFIX).removesuffix(SUFFIX)


SECRET = re.compile(rf"^secret:{SECRET_NAME_PATTERN}$")


class BackupExportInputs(BaseModel):
    """The content of the file, and how many files are kept."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    keep: Annotated[int, Field(ge=1, le=1_000, description="newest exports of this job that stay")] = 7
    include_secrets: Annotated[
        bool,
        Field(
            description="accounts with their secrets, sealed under SECRET_KEY; an admin's",
            json_schema_extra={"x-required-role": "admin"},
        ),
    ] = False
    full: Annotated[
        bool,
        Field(
            description="everything, also secrets, API keys and audit, sealed under `passphrase`; an admin's",
            json_schema_extra={"x-required-role": "admin"},
        ),
    ] = False
    passphrase: Annotated[
        str | None,
        Field(pattern=SECRET.pattern, description="of a full backup: `secret:NAME`, set with --backup"),
    ] = None
    include_logs: Annotated[bool, Field(description="runs with their logs")] = True
    folder: Annotated[
        str | None,
        Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$", description="below exports/; else the job's id"),
    ] = None

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.full and self.passphrase is None:
            raise ValueError("a full backup needs `passphrase`: secret:NAME, of `secrets set NAME --backup`")
        if self.passphrase is not None and not self.full:
            raise ValueError("set `full`: no other export has a passphrase")
        return self


class BackupExportOutput(BaseModel):
    """The file, its content, and the older files that were removed."""

    file: str
    bytes: int
    sha256: str
    counts: dict[Kind, int]
    unreadable: int
    removed: list[str]


@handler(
    "backup.export",
    inputs=BackupExportInputs,
    timeout_ms=3_600_000,
    # A full disk is not fixed within seconds.
    retry_policy=RetryPolicy(max_retry=2, backoff_sec=[60, 600]),
    # Compression needs much processor time; pages are read in the worker's loop, between other tasks.
    runs_in="thread",
    tools=("platform", "files"),
)
async def backup_export(ctx: RunContext, inputs: BackupExportInputs) -> BackupExportOutput:
    """Write every spec, version, account and run to one checked, compressed file, and keep the newest."""
    path = export_path(ctx.job_id, inputs.folder, ctx.started_at_ms, SEALED_SUFFIX if inputs.full else SUFFIX)
    pieces = _sealed(ctx, inputs) if inputs.full else _packed(ctx, inputs)
    planned, counts, digest = dict[Kind, int](), Counter[Kind](), hashlib.sha256()
    unreadable = 0
    async with ctx.tools.files.writer(path) as file:
        async for piece in pieces:
            await file.write(piece.content)
            digest.update(piece.content)
            planned = planned or piece.planned
            counts.update(piece.counts)
            unreadable += piece.unreadable
            done = sum(counts[kind] for kind in planned)
            ctx.progress({"done": done, "of": sum(planned.values())})
    published = await ctx.tools.files.publish(KIND, _name(path), [path])
    if published.reason:
        ctx.log.warning("the export is on this machine alone", reason=published.reason)
    if unreadable:
        ctx.log.warning("records were damaged, or removed meanwhile", count=unreadable)
    return BackupExportOutput(
        file=path,
        bytes=file.info.bytes,
        sha256=digest.hexdigest(),
        counts={kind: counts[kind] for kind in KINDS if kind not in FULL_KINDS or counts[kind]},
        unreadable=unreadable,
        removed=await remove_old(ctx, inputs.folder, inputs.keep),
    )


def _sealed(ctx: RunContext, inputs: BackupExportInputs) -> AsyncIterator[SealedPage]:
    """Return the pieces of a full backup, which the worker has sealed."""
    name = (inputs.passphrase or "").removeprefix("secret:")
    return ctx.platform.full_export(name, include_logs=inputs.include_logs)


async def _packed(ctx: RunContext, inputs: BackupExportInputs) -> AsyncIterator[SealedPage]:
    """Yield the pieces of an ordinary export; the first page is the header."""
    packer, planned = ArchiveWriter(), dict[Kind, int]()
    async for page in ctx.platform.export(
        include_secrets=inputs.include_secrets, include_logs=inputs.include_logs
    ):
        planned = planned or ExportHeader.model_validate_json(page.lines[0]).planned
        yield SealedPage(packer.add(page.lines, page.counts), page.counts, page.unreadable, planned)
    yield SealedPage(packer.finish(), {}, 0)

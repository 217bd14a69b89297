"""The files of exports, named by job and instant.

The path is `exports/<folder>/<job>@<instant>.jsonl.gz`; the newest of each job are kept.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from app.core.clock import from_ms
from app.core.errors import LeaseLost, MultiJobError
from app.core.files.exports import SUFFIX

if TYPE_CHECKING:
    from app.core.execution.context import RunContext

ROOT = "exports"
KIND = "export"
_INSTANT = r"\d{4}-\d\d-\d\dT\d{9}Z"


def export_path(job_id: str, folder: str | None, at_ms: int) -> str:
    """Return the path of an export that begins at an instant; paths of one job sort by time."""
    instant = from_ms(at_ms)
    return f"{ROOT}/{folder or job_id}/{job_id}@{instant:%Y-%m-%dT%H%M%S}{at_ms % 1000:03}Z{SUFFIX}"


async def publish(ctx: RunContext, path: str) -> None:
    """List an export on the artifacts page."""
    await ctx.tools.files.publish(KIND, _name(path), [path])


async def remove_old(ctx: RunContext, folder: str | None, keep: int) -> list[str]:
    """Remove all but the newest exports of this job and return their paths.

    A file that cannot be removed stays.
    """
    place = f"{ROOT}/{folder or ctx.job_id}/"
    ours = re.compile(re.escape(f"{place}{ctx.job_id}@") + _INSTANT + re.escape(SUFFIX))
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
    return path.rpartition("@")[2].removesuffix(SUFFIX)

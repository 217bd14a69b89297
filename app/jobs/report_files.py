"""A report as files: `reports/<job>/<end of its period>.{json,md,html}`, the newest 90 of each job."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import orjson

from app.core.clock import from_ms
from app.core.errors import LeaseLost, MultiJobError
from app.jobs.report_figures import as_json
from app.jobs.report_render import html, markdown

if TYPE_CHECKING:
    from app.core.run_context import RunContext
    from app.jobs.report_document import Document
    from app.jobs.report_figures import Report

KIND = "report"
KEPT = 90
FORMATS = ("json", "md", "html")


async def write_files(ctx: RunContext, report: Report, document: Document) -> list[str]:
    """Write the files and return their paths; a report that cannot be filed is still to be delivered."""
    try:
        written = await _write(ctx, report, document)
        await _prune(ctx)
    except LeaseLost:
        raise
    except MultiJobError as error:
        # A line of the run, whose reader needs no traceback.
        ctx.log.error("the report was not filed", code=error.code, reason=error.message)  # noqa: TRY400
        return []
    return written


async def _write(ctx: RunContext, report: Report, document: Document) -> list[str]:
    texts = {
        "json": orjson.dumps(as_json(report), option=orjson.OPT_INDENT_2).decode() + "\n",
        "md": markdown(document),
        "html": html(document),
    }
    stem = f"{_folder(ctx)}/{_name(report)}"
    for name, text in texts.items():
        await ctx.tools.files.write(f"{stem}.{name}", text)
    paths = [f"{stem}.{name}" for name in texts]
    await ctx.tools.files.publish(KIND, _name(report), paths)
    return paths


async def _prune(ctx: RunContext) -> None:
    paths = sorted(stat.path for stat in await ctx.tools.files.list(f"{_folder(ctx)}/"))
    stems = sorted({path.rpartition(".")[0] for path in paths})
    old = set(stems[:-KEPT])
    for path in paths:
        if path.rpartition(".")[0] in old:
            await ctx.tools.files.delete(path)
    for stem in sorted(old):
        await ctx.tools.files.withdraw(KIND, stem.rpartition("/")[2])


def _folder(ctx: RunContext) -> str:
    return f"reports/{ctx.job_id}"


def _name(report: Report) -> str:
    # Sortable, in the zone of the report, and to the second: runs by hand come in between.
    end = from_ms(report.period.to_ms).astimezone(ZoneInfo(report.timezone))
    return f"{end:%Y-%m-%dT%H%M%S}"

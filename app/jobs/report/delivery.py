"""Delivers a report once per run, as message and files.

Every attempt sends the text that the first one wrote.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, cast
from zoneinfo import ZoneInfo

import orjson

from app.core.clock import from_ms
from app.core.errors import LeaseLost, MultiJobError, RetryableError
from app.core.i18n import _
from app.jobs.notify import recipient
from app.jobs.report.figures import as_json
from app.jobs.report.models import DeliveryResult
from app.jobs.report.render import html, markdown, message

if TYPE_CHECKING:
    from app.core.execution.context import RunContext
    from app.jobs.notify import Notify
    from app.jobs.report.document import Document
    from app.jobs.report.figures import Report

DRAFTS_KEY = "drafts"
MAX_DRAFTS = 5
"""Texts of 3,500 characters, of 4 bytes at worst, that fit into one value of the kv tool."""
TRIES = 5


async def deliver(ctx: RunContext, document: Document, notify: Notify | None) -> DeliveryResult:
    """Send the report to `notify`, else DEFAULT_NOTIFY, else the sandbox inbox; raises as messaging does."""
    text = await _text_of_run(ctx, message(document))
    receipt = await ctx.tools.messaging.send(text, **recipient(notify), fallback_sandbox=True)
    return DeliveryResult.model_validate({**asdict(receipt), "note": receipt.note or None})


async def _text_of_run(ctx: RunContext, text: str) -> str:
    """Return the text of the run's first attempt; in the first attempt, this text.

    The figures change between attempts, and another text would be another message.
    """
    for _turn in range(TRIES):
        stored: Any = await ctx.tools.kv.get(DRAFTS_KEY)
        drafts = cast("list[list[str]]", stored) if isinstance(stored, list) else []
        known = next((kept for run_id, kept in drafts if run_id == ctx.run_id), None)
        if known is not None:
            return known
        kept = [*drafts, [ctx.run_id, text]][-MAX_DRAFTS:]
        if await ctx.tools.kv.compare_and_set(DRAFTS_KEY, stored, kept):
            return text
    raise RetryableError(_("other runs of this report are at work."))


# Report files: `reports/<job>/<end of its period>.{json,md,html}`, the newest 90 of each job.

KIND = "report"
KEPT = 90
FORMATS = ("json", "md", "html")


async def write_files(ctx: RunContext, report: Report, document: Document) -> list[str]:
    """Write the files and return their paths; the report is delivered even if this fails."""
    try:
        written = await _write(ctx, report, document)
        await _prune(ctx)
    except LeaseLost:
        raise
    except MultiJobError as error:
        # A line in the run's log needs no traceback.
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
    published = await ctx.tools.files.publish(KIND, _name(report), paths)
    if published.reason:
        ctx.log.warning("the report is on this machine alone", reason=published.reason)
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
    # Sortable, in the zone of the report, and to the second because manual runs may come in between.
    end = from_ms(report.period.to_ms).astimezone(ZoneInfo(report.timezone))
    return f"{end:%Y-%m-%dT%H%M%S}"

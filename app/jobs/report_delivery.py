"""Delivers a report, once a run: every attempt sends the text that the first one wrote."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from pydantic import BaseModel

from app.core.errors import RetryableError
from app.jobs.notify import FALLBACK_NOTE
from app.jobs.report_render import message

if TYPE_CHECKING:
    from app.core.run_context import RunContext
    from app.jobs.notify import Notify
    from app.jobs.report_document import Document

DRAFTS_KEY = "drafts"
MAX_DRAFTS = 5
"""Texts of 3,500 characters, of 4 bytes at worst, that fit into one value of the kv tool."""
TRIES = 5


class Delivered(BaseModel):
    """Where the report went."""

    entry_id: str
    channel: str
    account_id: str
    to: str
    state: str
    note: str | None = None
    """Set if the report went to the sandbox because no recipient is set."""


async def deliver(ctx: RunContext, document: Document, notify: Notify | None) -> Delivered:
    """Send the report to `notify`, else DEFAULT_NOTIFY, else the sandbox inbox; raises as messaging does."""
    receipt = await ctx.tools.messaging.send(
        await _text_of_run(ctx, message(document)),
        channel=notify.channel if notify else None,
        account_id=notify.account_id if notify else None,
        to=notify.to if notify else None,
        fallback_sandbox=True,
    )
    return Delivered(
        entry_id=receipt.entry_id,
        channel=receipt.channel,
        account_id=receipt.account_id,
        to=receipt.to,
        state=receipt.state,
        note=FALLBACK_NOTE if receipt.is_fallback else None,
    )


async def _text_of_run(ctx: RunContext, text: str) -> str:
    """Return what the run's first attempt was to send, this text where it is the first.

    The figures go on between attempts, and another text would be another message.
    """
    for _ in range(TRIES):
        stored: Any = await ctx.tools.kv.get(DRAFTS_KEY)
        drafts = cast("list[list[str]]", stored) if isinstance(stored, list) else []
        known = next((kept for run_id, kept in drafts if run_id == ctx.run_id), None)
        if known is not None:
            return known
        kept = [*drafts, [ctx.run_id, text]][-MAX_DRAFTS:]
        if await ctx.tools.kv.compare_and_set(DRAFTS_KEY, stored, kept):
            return text
    raise RetryableError("other runs of this report are at work. / Run lain dari laporan ini sedang bekerja.")

"""Reads a whole deployment for an export, page by page; `export_format.py` says what is in it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from app import __version__
from app.core.export_format import ExportHeader
from app.core.export_history import RunPages, figure_pages, message_pages
from app.core.export_pages import PageOfLines
from app.core.export_setup import JobPages, account_page
from app.core.outbox_records import OutboxState

if TYPE_CHECKING:
    from app.core.export_format import Kind
    from app.core.redis_client import Command, RedisLink
    from app.core.scripts import Scripts


class ExportReader:
    """One export. It only reads; the event loop is free between two pages."""

    def __init__(self, link: RedisLink, scripts: Scripts, *, secrets: bool, logs: bool) -> None:
        self._link = link
        self._scripts = scripts
        self._secrets = secrets
        self._logs = logs

    async def header(self) -> ExportHeader:
        """Return the first line; what is created from now on is not in the export."""
        keys = self._scripts.keys
        time, seq, purged = await self._link.calls(
            [("TIME",), ("GET", keys.seq), ("HGET", keys.meta, "purged_until")]
        )
        return ExportHeader(
            made_by=__version__,
            deployment=keys.namespace,
            created_at=int(time[0]) * 1000 + int(time[1]) // 1000,
            seq=int(seq or 0),
            purged_until=int(purged) if purged else None,
            logs=self._logs,
            secrets=self._secrets,
            planned=await self._planned(),
        )

    async def pages(self, header: ExportHeader) -> AsyncIterator[PageOfLines]:
        """Yield every record, in the order in which it is to be restored."""
        link, scripts, until = self._link, self._scripts, header.seq
        jobs = JobPages(link, scripts.keys, until)
        async for page in jobs.pages():
            yield page
        yield await account_page(link, scripts.keys, secrets=self._secrets)
        async for page in RunPages(link, scripts, until, logs=self._logs).pages(jobs.met):
            yield page
        # Later than the runs, and up to now: what one of them has sent must not be missing.
        async for page in message_pages(link, scripts, int(await link.call("GET", scripts.keys.seq) or 0)):
            yield page
        async for page in figure_pages(link, scripts, header.created_at):
            yield page

    async def _planned(self) -> dict[Kind, int]:
        keys = self._scripts.keys
        reads: list[Command] = [("ZCARD", keys.jobs), ("HLEN", keys.accounts), ("ZCARD", keys.runs)]
        reads += [("ZCARD", keys.outbox_state(state)) for state in OutboxState]
        jobs, accounts, runs, *messages = await self._link.calls(reads)
        return {"job": jobs, "account": accounts, "run": runs, "message": sum(messages)}

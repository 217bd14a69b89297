"""Reads the records of an export from Redis: jobs, runs, messages, figures."""

from __future__ import annotations

import itertools
from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING, Any

from app import __version__
from app.backup.writer import LinePage, ReadThrottle, by_seq, chunks
from app.core.connectors.messages import OutboxState
from app.core.errors import InvalidInput
from app.core.files.exports import ExportHeader
from app.core.log_lines import line_from_json, pack_log, unpack_log
from app.core.storage.connection import pairs, time_ms
from app.core.storage.index_scan import read_hashes, undamaged

if TYPE_CHECKING:
    from app.core.files.exports import Kind
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

RUNS_AT_ONCE, MESSAGES_AT_ONCE, FIGURES_AT_ONCE, JOBS_AT_ONCE = 100, 200, 100, 50
MINUTE_MS, DAY_MS, HOUR_MS = 60_000, 86_400_000, 3_600_000
# The lifetimes in `lua/lib/metrics.lua`, counted from the end of the period.
_KEPT_MS = {
    "minute": 25 * HOUR_MS,
    "quarter": 41 * DAY_MS,
    "durations": 41 * DAY_MS,
    "jobs": 41 * DAY_MS,
    "day": 401 * DAY_MS,
}


class RunPages:
    """The runs up to a `seq`, oldest first; then the versions of their deleted jobs."""

    def __init__(self, link: RedisLink, scripts: Scripts, until: int, *, logs: bool) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._until = until
        self._logs = "1" if logs else ""

    async def pages(self, known_jobs: set[str]) -> AsyncIterator[LinePage]:
        throttle = ReadThrottle(RUNS_AT_ONCE)
        gone: dict[str, None] = {}
        async for run_ids in by_seq(self._link, self._keys.runs, self._until, throttle):
            page = LinePage()
            found = await self._scripts.run("runs/export", *run_ids, with_logs=self._logs)
            for run_id, (flat, attempts, packed, rows) in zip(run_ids, found, strict=True):
                fields = pairs(flat)
                if not fields:
                    page.unreadable += 1
                    continue
                if fields["job"] not in known_jobs:
                    gone[fields["job"]] = None
                page.add("run", id=run_id, fields=fields, attempts=attempts, log=_whole_log(packed, rows))
            throttle.observe(page.size_bytes)
            yield page
        for some in chunks(list(gone), JOBS_AT_ONCE):
            yield await self._versions(some)

    async def _versions(self, job_ids: list[str]) -> LinePage:
        page = LinePage()
        saves = await read_hashes(self._link, [self._keys.versions(job_id) for job_id in job_ids])
        for job_id, fields in zip(job_ids, saves, strict=True):
            page.add_versions(job_id, fields)
        return page


def _whole_log(packed: str, rows: list[str]) -> str:
    return pack_log([*unpack_log(packed), *map(line_from_json, rows)]) if rows else packed


async def message_pages(link: RedisLink, scripts: Scripts, until: int) -> AsyncIterator[LinePage]:
    """Yield the outbox up to a `seq`."""
    keys, seen = scripts.keys, set[str]()
    # Twice through the indexes: a message may change its state between two reads.
    for state in (*OutboxState, *OutboxState):
        throttle = ReadThrottle(MESSAGES_AT_ONCE)
        async for ids in by_seq(link, keys.outbox_state(state), until, throttle):
            new = [entry_id for entry_id in ids if entry_id not in seen]
            seen.update(new)
            page = LinePage()
            hashes = await read_hashes(link, [keys.outbox(entry_id) for entry_id in new])
            for entry_id, fields in zip(new, hashes, strict=True):
                if fields:
                    page.add("message", id=entry_id, fields=fields)
                else:
                    page.unreadable += 1
            throttle.observe(page.size_bytes)
            yield page


async def figure_pages(link: RedisLink, scripts: Scripts, now_ms: int) -> AsyncIterator[LinePage]:
    """Yield the stored roll-ups."""
    keys = scripts.keys
    today = now_ms // DAY_MS
    days = [("day", str(day), keys.rollup_day(day), day) for day in _back(today, 401)]
    jobs = [("jobs", str(day), keys.rollup_jobs(day), day) for day in _back(today, 41)]
    minutes = [
        ("minute", str(minute), keys.rollup_minute(minute), minute)
        for minute in _back(now_ms // MINUTE_MS, _KEPT_MS["minute"] // MINUTE_MS)
    ]
    for some in chunks([*days, *jobs, *minutes], FIGURES_AT_ONCE):
        yield await _figures(link, some)
    for _, _, index, day in jobs:
        names = await link.call("HKEYS", index)
        of_jobs = [
            (family, f"{job}:{day}", key_of(job, day), day)
            for job in sorted(names)
            for family, key_of in (("quarter", keys.rollup_quarter), ("durations", keys.rollup_durations))
        ]
        for some in chunks(of_jobs, FIGURES_AT_ONCE):
            yield await _figures(link, some)


async def _figures(link: RedisLink, wanted: list[tuple[str, str, str, int]]) -> LinePage:
    page = LinePage()
    hashes = await read_hashes(link, [key for _, _, key, _ in wanted])
    for (family, name, _, period), fields in zip(wanted, hashes, strict=True):
        span_ms = MINUTE_MS if family == "minute" else DAY_MS
        page.add_figures(family, name, fields, (period + 1) * span_ms + _KEPT_MS[family])
    return page


def _back(newest: int, count: int) -> Iterable[int]:
    return range(newest - count, newest + 1)


# Jobs with their versions, metrics and values; accounts.

VALUES_AT_ONCE = 50
_SEALED = "secret:"


class JobPages:
    """The jobs up to a `seq`, each with its versions, metrics and values."""

    def __init__(self, link: RedisLink, keys: Keys, until: int) -> None:
        self._link = link
        self._keys = keys
        self._until = until
        self.met: set[str] = set()
        """The jobs that were read."""

    async def pages(self) -> AsyncIterator[LinePage]:
        throttle = ReadThrottle(JOBS_AT_ONCE)
        async for job_ids in by_seq(self._link, self._keys.jobs, self._until, throttle):
            page = await self._jobs(job_ids)
            throttle.observe(page.size_bytes)
            yield page
            for some in chunks(await self._values_of(job_ids), VALUES_AT_ONCE):
                yield await self._values(some)

    async def _jobs(self, job_ids: list[str]) -> LinePage:
        keys, page = self._keys, LinePage()
        hashes = await read_hashes(self._link, [keys.job(job_id) for job_id in job_ids])
        saves = await read_hashes(self._link, [keys.versions(job_id) for job_id in job_ids])
        metrics = await read_hashes(self._link, [keys.tool_metrics(job_id) for job_id in job_ids])
        fired = await undamaged(self._link, [("GET", keys.fired(job_id)) for job_id in job_ids])
        ledgers = await undamaged(self._link, [("LRANGE", keys.ledger(job_id), 0, -1) for job_id in job_ids])
        newest: list[int] = []
        for job_id, fields, slots, ledger in zip(job_ids, hashes, fired, ledgers, strict=True):
            newest.append(int(fields.get("version", 0)))
            if not fields:
                page.unreadable += 1
                continue
            self.met.add(job_id)
            fields.pop("slot", None)
            page.add("job", id=job_id, fields=fields, fired=slots or "", ledger=ledger or [])
        # Kind by kind, in the order of a restore. A version saved after its job was read is left out.
        for job_id, fields, last in zip(job_ids, saves, newest, strict=True):
            page.add_versions(job_id, fields, last)
        for job_id, fields in zip(job_ids, metrics, strict=True):
            page.add_figures("metrics", job_id, fields, None)
        return page

    async def _values_of(self, job_ids: list[str]) -> list[tuple[str, str, str]]:
        indexes = await undamaged(
            self._link, [("ZRANGE", self._keys.kv_index(job_id), 0, -1, "WITHSCORES") for job_id in job_ids]
        )
        return [
            (job_id, key, score)
            for job_id, index in zip(job_ids, indexes, strict=True)
            for key, score in pairs(index or []).items()
        ]

    async def _values(self, kept: list[tuple[str, str, str]]) -> LinePage:
        page = LinePage()
        found = await undamaged(self._link, [("GET", self._keys.kv(job_id, key)) for job_id, key, _ in kept])
        for (job_id, key, score), value in zip(kept, found, strict=True):
            if value is not None:
                lapses_at = None if score == "inf" else int(float(score))
                page.add("value", job=job_id, key=key, value=value, lapses_at=lapses_at)
        return page


async def account_page(link: RedisLink, keys: Keys, *, secrets: bool) -> LinePage:
    """Return the accounts; their secrets only on request, and then as they are stored."""
    page = LinePage()
    names = sorted(await link.call("HKEYS", keys.accounts))
    hashes = await read_hashes(link, [keys.account(name) for name in names])
    for name, stored in zip(names, hashes, strict=True):
        if not stored:
            page.unreadable += 1
            continue
        sealed = [each for each in stored if each.startswith(_SEALED) and not secrets]
        fields = {each: text for each, text in stored.items() if each not in sealed}
        page.add(
            "account", id=name, fields=fields, without=sorted(each.removeprefix(_SEALED) for each in sealed)
        )
    return page


# Reads a whole deployment for an export, page by page; the format is in `app/core/files/exports.py`.


class ExportReader:
    """One export. It only reads; the event loop is free between two pages."""

    def __init__(self, link: RedisLink, scripts: Scripts, *, secrets: bool, logs: bool) -> None:
        self._link = link
        self._scripts = scripts
        self._secrets = secrets
        self._logs = logs

    async def header(self) -> ExportHeader:
        """Return the first line; records created from now on are not in the export."""
        keys = self._scripts.keys
        time, seq, purged = await self._link.calls(
            [("TIME",), ("GET", keys.seq), ("HGET", keys.meta, "purged_until")]
        )
        return ExportHeader(
            made_by=__version__,
            deployment=keys.namespace,
            created_at=time_ms(time),
            seq=int(seq or 0),
            purged_until=int(purged) if purged else None,
            logs=self._logs,
            secrets=self._secrets,
            planned=await self._planned(),
        )

    async def pages(self, header: ExportHeader) -> AsyncIterator[LinePage]:
        """Yield every record, in the order in which it is to be restored."""
        link, scripts, until = self._link, self._scripts, header.seq
        jobs = JobPages(link, scripts.keys, until)
        async for page in jobs.pages():
            yield page
        yield await account_page(link, scripts.keys, secrets=self._secrets)
        async for page in RunPages(link, scripts, until, logs=self._logs).pages(jobs.met):
            yield page
        # Later than the runs, and up to now: a message that one of them has sent must not be missing.
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


# The export operation of the platform tool: open exports of one attempt.


class ToolExports:
    """Begins exports and returns their pages, as JSON values."""

    def __init__(self, link: RedisLink, scripts: Scripts) -> None:
        self._link = link
        self._scripts = scripts
        self._numbers = itertools.count(1)
        self._open: dict[int, AsyncIterator[LinePage]] = {}

    async def begin(self, secrets: bool, logs: bool) -> tuple[int, dict[str, Any]]:
        """Return the export's number and its first page: the header."""
        reader = ExportReader(self._link, self._scripts, secrets=secrets, logs=logs)
        header = await reader.header()
        number = next(self._numbers)
        self._open[number] = reader.pages(header)
        return number, {"lines": [header.model_dump_json()], "counts": {}, "unreadable": 0}

    async def page(self, number: int) -> dict[str, Any] | None:
        """Return the next page; None at the end."""
        pages = self._open.get(number)
        if pages is None:
            raise InvalidInput(f"there is no export {number} under way")
        page = await anext(pages, None)
        if page is None:
            del self._open[number]
            return None
        return {"lines": page.lines, "counts": page.counts, "unreadable": page.unreadable}

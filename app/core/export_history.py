"""Reads for an export what has happened: runs with attempts and logs, messages, figures."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import TYPE_CHECKING

from app.core.export_pages import Pace, PageOfLines, by_seq, chunks, pairs
from app.core.log_lines import line_from_json, pack_log, unpack_log
from app.core.outbox_records import OutboxState
from app.core.record_reads import read_hashes

if TYPE_CHECKING:
    from app.core.redis_client import RedisLink
    from app.core.scripts import Scripts

RUNS_AT_ONCE, MESSAGES_AT_ONCE, FIGURES_AT_ONCE, JOBS_AT_ONCE = 100, 200, 100, 50
MINUTE_MS, DAY_MS, HOUR_MS = 60_000, 86_400_000, 3_600_000
# As long as `lua/lib/metrics.lua` keeps them, counted from the end of what they are about.
_KEPT_MS = {
    "minute": 25 * HOUR_MS,
    "quarter": 41 * DAY_MS,
    "durations": 41 * DAY_MS,
    "jobs": 41 * DAY_MS,
    "day": 401 * DAY_MS,
}


class RunPages:
    """The runs up to a `seq`, oldest first; then the versions of those among their jobs that are gone."""

    def __init__(self, link: RedisLink, scripts: Scripts, until: int, *, logs: bool) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._until = until
        self._logs = "1" if logs else ""

    async def pages(self, known_jobs: set[str]) -> AsyncIterator[PageOfLines]:
        pace = Pace(RUNS_AT_ONCE)
        gone: dict[str, None] = {}
        async for run_ids in by_seq(self._link, self._keys.runs, self._until, pace):
            page = PageOfLines()
            found = await self._scripts.run("runs/export", self._logs, *run_ids)
            for run_id, (flat, attempts, packed, rows) in zip(run_ids, found, strict=True):
                fields = pairs(flat)
                if not fields:
                    page.unreadable += 1
                    continue
                if fields["job"] not in known_jobs:
                    gone[fields["job"]] = None
                page.add("run", id=run_id, fields=fields, attempts=attempts, log=_whole_log(packed, rows))
            pace.met(page.size_bytes)
            yield page
        for some in chunks(list(gone), JOBS_AT_ONCE):
            yield await self._versions(some)

    async def _versions(self, job_ids: list[str]) -> PageOfLines:
        page = PageOfLines()
        saves = await read_hashes(self._link, [self._keys.versions(job_id) for job_id in job_ids])
        for job_id, flat in zip(job_ids, saves, strict=True):
            page.add_versions(job_id, pairs(flat))
        return page


def _whole_log(packed: str, rows: list[str]) -> str:
    return pack_log([*unpack_log(packed), *map(line_from_json, rows)]) if rows else packed


async def message_pages(link: RedisLink, scripts: Scripts, until: int) -> AsyncIterator[PageOfLines]:
    """Yield the outbox up to a `seq`."""
    keys, seen = scripts.keys, set[str]()
    # Twice through the indexes: a message may move on, or back, between two of them.
    for state in (*OutboxState, *OutboxState):
        pace = Pace(MESSAGES_AT_ONCE)
        async for ids in by_seq(link, keys.outbox_state(state), until, pace):
            new = [entry_id for entry_id in ids if entry_id not in seen]
            seen.update(new)
            page = PageOfLines()
            hashes = await read_hashes(link, [keys.outbox(entry_id) for entry_id in new])
            for entry_id, flat in zip(new, hashes, strict=True):
                if flat:
                    page.add("message", id=entry_id, fields=pairs(flat))
                else:
                    page.unreadable += 1
            pace.met(page.size_bytes)
            yield page


async def figure_pages(link: RedisLink, scripts: Scripts, now_ms: int) -> AsyncIterator[PageOfLines]:
    """Yield the roll-ups that are kept."""
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


async def _figures(link: RedisLink, wanted: list[tuple[str, str, str, int]]) -> PageOfLines:
    page = PageOfLines()
    hashes = await read_hashes(link, [key for _, _, key, _ in wanted])
    for (family, name, _, period), flat in zip(wanted, hashes, strict=True):
        span_ms = MINUTE_MS if family == "minute" else DAY_MS
        page.add_figures(family, name, flat, (period + 1) * span_ms + _KEPT_MS[family])
    return page


def _back(newest: int, count: int) -> Iterable[int]:
    return range(newest - count, newest + 1)

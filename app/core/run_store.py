"""Reading runs: one, a page, its log. Nothing here writes."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any

import orjson
from redis.exceptions import ResponseError

from app.core.errors import Gone, RunNotFound
from app.core.ids import id_time_ms
from app.core.log_lines import line_from_json, unpack_log
from app.core.models import Priority, RetryPolicy, RunStatus, is_run_id
from app.core.records import AttemptRecord, LogLine, Page, RunBrief, RunRecord
from app.core.run_filter import RunFilter

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import Command, RedisLink

DEFAULT_MAX_RETRY = RetryPolicy().max_retry
SCAN_PAGE = 200
SCAN_PAGES = 25
"""A filter that no index answers looks at 5,000 runs a call at most; the cursor goes on from there."""


class RunStore:
    """The runs of one namespace."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys

    async def get(self, run_id: str) -> RunRecord:
        """Return a run with its attempts; Gone where retention has removed it."""
        if not is_run_id(run_id):
            raise RunNotFound(run_id)
        answers = await self._link.calls(
            [
                ("HGETALL", self._keys.run(run_id)),
                ("LRANGE", self._keys.attempts(run_id), 0, -1),
                ("HGET", self._keys.meta, "purged_until"),
            ]
        )
        if not answers[0]:
            raise _gone(run_id) if _is_purged(run_id, answers[2]) else RunNotFound(run_id)
        return run_record_of(run_id, _pairs(answers[0]), [orjson.loads(text) for text in answers[1]])

    async def list(self, wanted: RunFilter, after: int | None, limit: int) -> Page[RunRecord]:
        """Return runs, newest first, behind the cursor `after`."""
        index, exact = self._index(wanted)
        items: list[RunRecord] = []
        cursor = after
        for _ in range(SCAN_PAGES):
            size = limit + 1 - len(items) if exact else SCAN_PAGE
            page = await self._page(index, cursor, size)
            for run_id, seq, fields in page:
                if len(items) == limit:
                    return Page(items, cursor, await self._total(index) if exact else None)
                cursor = seq
                if fields and wanted.accepts(fields, run_id):
                    items.append(run_record_of(run_id, fields, []))
            if len(page) < size:
                cursor = None
                break
        return Page(items, cursor, await self._total(index) if exact else None)

    async def recent(self, job_ids: list[str], count: int) -> dict[str, list[RunBrief]]:
        """Return the newest runs of several jobs, in two round trips."""
        ranges: list[Command] = [("ZREVRANGE", self._keys.runs_job(job), 0, count - 1) for job in job_ids]
        ids = await self._link.calls(ranges) if ranges else []
        reads: list[Command] = [
            ("HMGET", self._keys.run(run_id), "status", "started", "ended") for runs in ids for run_id in runs
        ]
        answers = iter(await self._link.calls(reads) if reads else [])
        return {
            job: [brief for run_id in runs if (brief := _brief(run_id, next(answers)))]
            for job, runs in zip(job_ids, ids, strict=True)
        }

    async def logs(self, run_id: str) -> list[LogLine]:
        """Return the captured lines, oldest first; raise RunNotFound or Gone as `get` does."""
        packed, stream = await self._link.calls(
            [("GET", self._keys.log_packed(run_id)), ("XRANGE", self._keys.log(run_id), "-", "+")]
        )
        if not packed and not stream:
            await self.get(run_id)
        return [*unpack_log(packed or ""), *(line_from_json(fields[1]) for _, fields in stream)]

    def _index(self, wanted: RunFilter) -> tuple[str, bool]:
        plain = wanted.q is None and wanted.since_ms is None
        if wanted.job_id is not None:
            return self._keys.runs_job(wanted.job_id), plain and wanted.status is None
        if wanted.status is not None:
            return self._keys.runs_status(wanted.status), plain
        return self._keys.runs, plain

    async def _total(self, index: str) -> int:
        return await self._link.call("ZCARD", index)

    async def _page(self, index: str, after: int | None, size: int) -> list[tuple[str, int, dict[str, str]]]:
        newest = "+inf" if after is None else f"({after}"
        found = await self._link.call(
            *("ZREVRANGEBYSCORE", index, newest, "-inf", "WITHSCORES", "LIMIT", 0, size)
        )
        ids, seqs = found[::2], found[1::2]
        hashes = await read_hashes(self._link, [self._keys.run(run_id) for run_id in ids])
        return [
            (run_id, int(float(seq)), _pairs(values))
            for run_id, seq, values in zip(ids, seqs, hashes, strict=True)
        ]


async def read_hashes(link: RedisLink, keys: list[str]) -> list[list[str]]:
    """Return the content of hashes in one round trip; empty for one that is missing or damaged."""
    answers = await asyncio.gather(*(link.call("HGETALL", key) for key in keys), return_exceptions=True)
    found: list[list[str]] = []
    for answer in answers:
        if isinstance(answer, BaseException) and not isinstance(answer, ResponseError):
            raise answer
        found.append([] if isinstance(answer, BaseException) else answer)
    return found


def _pairs(values: list[str]) -> dict[str, str]:
    return dict(zip(values[::2], values[1::2], strict=True))


def _is_purged(run_id: str, purged_until: str | None) -> bool:
    made = int(run_id.rpartition("@")[2]) if "@" in run_id else id_time_ms(run_id)
    return purged_until is not None and made <= int(purged_until)


def _gone(run_id: str) -> Gone:
    return Gone(
        f"Run {run_id!r} was removed by the retention rules (age, runs per job, memory). / "
        f"Run {run_id!r} sudah dihapus oleh aturan retensi."
    )


def _brief(run_id: str, values: list[str | None]) -> RunBrief | None:
    status, started, ended = values
    if status is None:
        return None
    duration = int(ended) - int(started) if started and ended else None
    return RunBrief(run_id, RunStatus(status), duration)


def run_record_of(run_id: str, h: dict[str, str], earlier: list[dict[str, Any]]) -> RunRecord:
    """Return a run from the content of its hash and its earlier attempts."""
    status = RunStatus(h["status"])
    started, ended = _integer(h.get("started")), _integer(h.get("ended"))
    return RunRecord(
        run_id=run_id,
        seq=int(h["seq"]),
        rev=int(h["rev"]),
        job_id=h["job"],
        type=h["type"],
        version=int(h["version"]),
        status=status,
        source=h["source"],
        trace_id=h["trace"],
        priority=Priority(h["pri"]),
        inputs=_json(h["inputs"]),
        timeout_ms=int(h["timeout"]),
        max_retry=_max_retry(h.get("retry")),
        slot_ms=_integer(h.get("slot")),
        created_at=int(h["created"]),
        queued_at=_integer(h.get("queued")),
        due_at=_integer(h.get("due")),
        started_at=started,
        ended_at=ended,
        duration_ms=ended - started if started is not None and ended is not None else None,
        worker=h.get("worker", ""),
        attempt=int(h.get("attempt", 0)),
        failures=int(h.get("failures", 0)),
        crashes=int(h.get("crashes", 0)),
        releases=int(h.get("releases", 0)),
        progress=_json(h.get("progress")),
        output=_json(h.get("output")),
        error=_json(h.get("error")),
        dead_letter="dead" in h,
        cancel_requested="cancel" in h,
        waiting_for=h.get("waiting", ""),
        actor=h.get("actor", ""),
        attempts=[*(_attempt(entry) for entry in earlier), *_last_attempt(h, status, started, ended)],
    )


def _attempt(entry: dict[str, Any]) -> AttemptRecord:
    return AttemptRecord(
        attempt=entry["attempt"],
        worker=entry["worker"],
        started_at=entry.get("started"),
        ended_at=entry["ended"],
        outcome=entry["outcome"],
        error=_json(entry["error"]),
        calls=_json(entry["calls"]) or [],
    )


def _last_attempt(
    h: dict[str, str], status: RunStatus, started: int | None, ended: int | None
) -> list[AttemptRecord]:
    current = status is RunStatus.RUNNING or (status not in _WAITING and started is not None)
    if not current:
        return []
    return [
        AttemptRecord(
            attempt=int(h.get("attempt", 0)),
            worker=h.get("worker", ""),
            started_at=started,
            ended_at=ended,
            outcome=status.value,
            error=_json(h.get("error")) if status is RunStatus.FAILED else None,
            calls=_json(h.get("calls")) or [],
        )
    ]


_WAITING = frozenset({RunStatus.SCHEDULED, RunStatus.QUEUED, RunStatus.RETRYING})


def _integer(text: str | None) -> int | None:
    return int(text) if text else None


def _json(text: str | None) -> Any:
    return orjson.loads(text) if text else None


def _max_retry(retry: str | None) -> int:
    return orjson.loads(retry).get("max_retry", DEFAULT_MAX_RETRY) if retry else DEFAULT_MAX_RETRY

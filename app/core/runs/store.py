"""Reads runs: one, a page, its log. Read-only."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeAlias, get_type_hints

import orjson

from app.core.errors import Gone, RunNotFound
from app.core.i18n import _
from app.core.i18n.stored import read_error
from app.core.ids import id_time_ms, is_run_id
from app.core.log_lines import line_from_json, unpack_log
from app.core.models import TERMINAL, Priority, RunStatus
from app.core.records import AttemptRecord, LaneName, LogLine, Page, Progress, RunBrief, RunRecord
from app.core.runs.logs import LogPage, LogQuery, read_log
from app.core.runs.search import RunFilter, RunSearch, SearchPage
from app.core.runs.waiting import WaitPlace, read_place
from app.core.storage.connection import pairs
from app.core.storage.index_scan import page, read_hashes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

RECENT_JOBS = 25
"""Jobs whose newest runs one script reads: 1,000 runs, some two milliseconds of Redis."""

StoredRun: TypeAlias = "tuple[str, dict[str, str]]"
"""A run's id and the content of its hash."""
_PARTS = tuple(part.name for part in dataclasses.fields(RunFilter))


class RunStore:
    """The runs of one namespace."""

    def __init__(self, link: RedisLink, keys: Keys) -> None:
        self._link = link
        self._keys = keys
        self._scripts = link.scripts(keys)
        self._search = RunSearch(link, self._scripts, keys)

    async def get(self, run_id: str) -> RunRecord:
        """Return a run with its attempts; raises Gone if retention has removed it."""
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
            raise _absence(run_id, answers[2])
        return run_record_of(run_id, pairs(answers[0]), [orjson.loads(text) for text in answers[1]])

    async def absence(self, run_id: str) -> Gone | RunNotFound:
        """Return the error for a run as if it did not exist."""
        return _absence(run_id, await self._link.call("HGET", self._keys.meta, "purged_until"))

    async def place(self, run: RunRecord) -> WaitPlace | None:
        """Return the place of a run before a key or a rate; None if it waits for neither."""
        return await read_place(self._link, self._keys, run)

    async def list(self, run_filter: RunFilter, after: int | None, limit: int) -> Page[RunRecord]:
        """Return runs after the cursor `after`, newest first; a run whose id is `q` comes first.

        `total` is set if one index has exactly the matching runs. Otherwise one call reads a bounded number
        of records, so a page may be short or empty while `next_cursor` continues; `progress` has the number
        of records read.
        """
        found = await self.hashes(run_filter, after, limit)
        items = [run_record_of(run_id, h, []) for run_id, h in found.items]
        return Page(items, found.next_cursor, found.total, found.progress)

    async def hashes(self, run_filter: RunFilter, after: int | None, limit: int) -> Page[StoredRun]:
        """Return runs as `list` does, each as its id and its hash."""
        index = self._index(run_filter)
        if index is not None:
            return await page(self._link, [index], after, limit, self._load)
        found = await self.find(run_filter, after, limit)
        items = await self._matching(found.ids, run_filter)
        return Page([*items], found.next_cursor, progress=Progress(found.searched, found.total))

    async def _load(self, run_ids: list[str]) -> dict[str, StoredRun]:
        hashes = await read_hashes(self._link, [self._keys.run(run_id) for run_id in run_ids])
        return {run_id: (run_id, h) for run_id, h in zip(run_ids, hashes, strict=True) if h}

    async def purged_until(self) -> int | None:
        """Return the latest creation, epoch ms, among the runs that retention has removed; None if none."""
        text = await self._link.call("HGET", self._keys.meta, "purged_until")
        return None if text is None else int(text)

    async def find(self, run_filter: RunFilter, after: int | None, limit: int) -> SearchPage:
        """Return the ids of runs as `list` does, from a bounded number of records."""
        if after is not None or run_filter.run_id is None:
            return await self._search.find(run_filter, after, limit)
        first = [run.run_id for run in await self.some([run_filter.run_id], run_filter)]
        found = await self._search.find(run_filter, after, limit - len(first))
        found.ids = first + found.ids
        return found

    async def counts(self) -> dict[str, int]:
        """Return how many runs are in each status, and how many dead letters there are, in one round trip."""
        keys = self._keys
        indexes = {status.value: keys.runs_status(status.value) for status in RunStatus}
        indexes["dead_letters"] = keys.dead
        sizes = await self._link.calls([("ZCARD", key) for key in indexes.values()])
        return dict(zip(indexes, sizes, strict=True))

    async def recent(self, job_ids: list[str], count: int) -> dict[str, list[RunBrief]]:
        """Return the newest runs of several jobs, in one round trip."""
        parts = [job_ids[start : start + RECENT_JOBS] for start in range(0, len(job_ids), RECENT_JOBS)]
        answers = await asyncio.gather(
            *(self._scripts.run("runs/recent", *part, per_job=count) for part in parts)
        )
        found = [runs for part in answers for runs in part]
        return {job: [_brief(*run) for run in runs] for job, runs in zip(job_ids, found, strict=True)}

    async def logs(self, run_id: str) -> list[LogLine]:
        """Return the captured lines, oldest first; raise RunNotFound or Gone as `get` does."""
        packed, stream = await self._link.calls(
            [("GET", self._keys.log_packed(run_id)), ("XRANGE", self._keys.log(run_id), "-", "+")]
        )
        if not packed and not stream:
            await self.get(run_id)
        return [*unpack_log(packed or ""), *(line_from_json(fields[1]) for _, fields in stream)]

    async def read_log(self, run_id: str, query: LogQuery) -> LogPage:
        """Return a part of a run's log; raise RunNotFound or Gone as `get` does."""
        page = await read_log(self._link, self._keys, run_id, query) if is_run_id(run_id) else None
        if page is None:
            await self.get(run_id)
            raise RunNotFound(run_id)
        return page

    def _index(self, run_filter: RunFilter) -> str | None:
        """Return the index that has exactly the matching runs."""
        if run_filter.dead_group is not None:
            return self._keys.dead_group(run_filter.dead_group)
        given = {name for name in _PARTS if getattr(run_filter, name) not in (None, ())}
        if not given:
            return self._keys.runs
        if given == {"job_id"} and run_filter.exact_job is not None:
            return self._keys.runs_job(run_filter.exact_job)
        one_state = given <= {"status", "statuses"} and len(run_filter.states or ()) == 1
        return self._keys.runs_status((run_filter.states or ("",))[0]) if one_state else None

    async def some(self, run_ids: list[str], run_filter: RunFilter) -> list[RunRecord]:
        """Return those of the given runs that match, except for the tag."""
        found = await self._matching(run_ids, run_filter)
        return [run_record_of(run_id, h, []) for run_id, h in found]

    async def _matching(self, run_ids: list[str], run_filter: RunFilter) -> Sequence[StoredRun]:
        hashes = await read_hashes(self._link, [self._keys.run(run_id) for run_id in run_ids])
        found = zip(run_ids, hashes, strict=True)
        return [(run_id, h) for run_id, h in found if h and run_filter.accepts(h, run_id)]


def _absence(run_id: str, purged_until: str | None) -> Gone | RunNotFound:
    return _gone(run_id) if _is_purged(run_id, purged_until) else RunNotFound(run_id)


def _is_purged(run_id: str, purged_until: str | None) -> bool:
    made = int(run_id.rpartition("@")[2]) if "@" in run_id else id_time_ms(run_id)
    return purged_until is not None and made <= int(purged_until)


def _gone(run_id: str) -> Gone:
    return Gone(
        _("Run {run_id!r} was removed by the retention rules (age, runs per job, memory).", run_id=run_id)
    )


def _brief(run_id: str, status: str, started: str, ended: str) -> RunBrief:
    duration = int(ended) - int(started) if started and ended else None
    return RunBrief(run_id, RunStatus(status), duration)


def _stored_fields() -> list[tuple[str, str, Any, Callable[[str], Any]]]:
    """Return each stored field of a run: its name, its name in the hash, its default, and its reader."""
    readers: dict[Any, Callable[[str], Any]] = {
        int: int,
        int | None: int,
        str: str,
        str | None: str,
        bool: bool,
        RunStatus: RunStatus,
        Priority: Priority,
    }
    hints = get_type_hints(RunRecord, include_extras=True).items()
    marked = [
        (name, hint.__origin__, hint.__metadata__[0]) for name, hint in hints if hasattr(hint, "__metadata__")
    ]
    return [
        (name, mark.name, mark.absent, mark.read or readers.get(kind, orjson.loads))
        for name, kind, mark in marked
    ]


_FIELDS = _stored_fields()


def queued_text(h: Mapping[str, str]) -> str | None:
    """Return when a run became ready, as its hash has it; None if it has not."""
    # A run that was ready at once has no other instant than its creation.
    return h.get("queued") or (h.get("created") if "lane" in h else None)


def run_record_of(run_id: str, h: dict[str, str], earlier: list[dict[str, Any]]) -> RunRecord:
    """Return a run from the content of its hash and its earlier attempts."""
    values: dict[str, Any] = {}
    for name, stored, absent, read in _FIELDS:
        text = h.get(stored)
        if not text and absent is ...:
            raise KeyError(stored)
        values[name] = read(text) if text else absent
    values["queued_at"] = int(queued) if (queued := queued_text(h)) else None
    if values["status"] is RunStatus.QUEUED and not values["waiting_for"]:
        values["waiting_for"] = waiting_for_type(h.get("lane", ""))
    started, ended = values["started_at"], values["ended_at"]
    duration_ms = ended - started if started is not None and ended is not None else None
    return RunRecord(
        **values,
        run_id=run_id,
        duration_ms=duration_ms,
        attempts=[*map(_attempt, earlier), *_last_attempt(h, values["status"], started, ended)],
        result=_result(values, duration_ms) if values["status"] in TERMINAL else None,
    )


def waiting_for_type(lane: str) -> str:
    """Return what a queued run waits for in a lane of a job type; empty if the lane has none."""
    job_type = LaneName.parse(lane).type
    return f"type:{job_type}" if job_type else ""


def _result(values: dict[str, Any], duration_ms: int | None) -> dict[str, Any]:
    success = values["status"] is RunStatus.SUCCESS
    error = None if success else values["error"]
    return {"success": success, "output": values["output"], "error": error, "duration_ms": duration_ms}


def _attempt(entry: dict[str, Any]) -> AttemptRecord:
    return AttemptRecord(
        attempt=entry["attempt"],
        worker=entry["worker"],
        started_at=entry.get("started"),
        ended_at=entry["ended"],
        outcome=entry["outcome"],
        error=read_error(entry["error"]),
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
            error=read_error(h.get("error")) if status is RunStatus.FAILED else None,
            calls=_json(h.get("calls")) or [],
        )
    ]


_WAITING = frozenset({RunStatus.SCHEDULED, RunStatus.QUEUED, RunStatus.RETRYING})


def _json(text: str | None) -> Any:
    return orjson.loads(text) if text else None

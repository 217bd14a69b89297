"""Job specs: saving, reading, listing. Every save is a version and one script."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import orjson

from app.core.buckets import BUCKET_COUNT, percentile
from app.core.errors import FieldProblem, InvalidSpec, JobExists, JobNotFound, VersionConflict
from app.core.ids import new_id
from app.core.job_schedule import first_fire
from app.core.job_target import target_of
from app.core.models import JobSpec, NewRun, Overlap, RetryPolicy
from app.core.records import JobRecord, JobStats, JobVersion, LedgerRange, Page
from app.core.run_store import RunStore, read_hashes

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.clock import Clock
    from app.core.redis_client import Arg, Command, RedisLink
    from app.core.scripts import Scripts

RECENT_RUNS = 40
SCAN_PAGE = 200
SCAN_PAGES = 50
DAY_MS, QUARTER_MS = 86_400_000, 900_000


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Which jobs; all given parts must hold. `q` is part of an id or a description."""

    type: str | None = None
    enabled: bool | None = None
    tag: str | None = None
    q: str | None = None

    def accepts(self, spec: JobSpec) -> bool:
        """Tell whether a spec fits."""
        if self.type is not None and spec.type != self.type:
            return False
        if self.enabled is not None and spec.enabled != self.enabled:
            return False
        if self.tag is not None and self.tag not in spec.tags:
            return False
        q = (self.q or "").lower()
        return q in spec.job_id.lower() or q in spec.description.lower()


class JobStore:
    """The jobs of one namespace."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, default_timezone: str) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._clock = clock
        self._default_timezone = default_timezone
        self._runs = RunStore(link, scripts.keys)

    async def create(
        self, spec: JobSpec, *, actor: str, origin: str, save_id: str | None = None
    ) -> JobRecord:
        """Store a new job. Sent again with the same `save_id` it answers the first save."""
        answer = await self._save(spec, "0", actor, origin, save_id, must_fire=True)
        if answer[0] == "EXISTS":
            raise JobExists(spec.job_id)
        return await self.get(spec.job_id)

    async def replace(
        self,
        spec: JobSpec,
        *,
        expected_version: int | None,
        actor: str,
        origin: str,
        save_id: str | None = None,
    ) -> JobRecord:
        """Store a new version of a job; a changed schedule must have a future fire."""
        stored = await self.get(spec.job_id)
        expected = str(stored.version if expected_version is None else expected_version)
        changed = stored.spec.schedule != spec.schedule
        keeps = not changed and stored.spec.jitter_sec == spec.jitter_sec
        word, version = await self._save(
            spec, expected, actor, origin, save_id, must_fire=changed, keep_fire=keeps
        )
        if word == "MISSING":
            raise JobNotFound(spec.job_id)
        if word == "CONFLICT":
            raise VersionConflict(spec.job_id, int(expected), version)
        return await self.get(spec.job_id)

    async def _save(
        self,
        spec: JobSpec,
        expected: str,
        actor: str,
        origin: str,
        save_id: str | None,
        *,
        must_fire: bool,
        keep_fire: bool = False,
    ) -> tuple[str, int]:
        slot, score = first_fire(spec, self._default_timezone, self._clock.now_ms(), must_fire=must_fire)
        limit = spec.concurrency
        key = f"user:{limit.key}" if limit else ""
        enabled = "1" if spec.enabled else "0"
        arguments: list[Arg] = [spec.job_id, _dump(spec), spec.type, enabled, ",".join(spec.tags), expected]
        arguments += [save_id or new_id(self._clock), actor, origin, *_fire_texts(spec.enabled, slot, score)]
        arguments += [key, limit.limit if limit else "", "1" if keep_fire else ""]
        arguments += [target_of(spec.type, spec.inputs)]
        word, version = await self._scripts.run("save_job", *arguments)
        if word == "LIMIT":
            raise _two_limits(spec, version)
        return word, version

    async def get(self, job_id: str) -> JobRecord:
        """Return a job with its newest runs and the statistics of its last 24 hours."""
        values = await self._link.call("HGETALL", self._keys.job(job_id))
        if not values:
            raise JobNotFound(job_id)
        return (await self._with_history([record_of(values)]))[0]

    async def find(self, job_id: str) -> JobRecord:
        """Return a job alone, in one round trip: what an enqueue needs."""
        values = await self._link.call("HGETALL", self._keys.job(job_id))
        if not values:
            raise JobNotFound(job_id)
        return record_of(values)

    async def list(self, wanted: JobFilter, after: int | None, limit: int) -> Page[JobRecord]:
        """Return jobs, newest first, behind the cursor `after`."""
        index, exact = self._index(wanted)
        found: list[JobRecord] = []
        cursor = after
        for _ in range(SCAN_PAGES):
            size = limit + 1 - len(found) if exact else SCAN_PAGE
            page = await self._page(index, cursor, size)
            for seq, record in page:
                if len(found) == limit:
                    return Page(await self._with_history(found), cursor, await self._total(index, exact))
                cursor = seq
                if record is not None and (exact or wanted.accepts(record.spec)):
                    found.append(record)
            if len(page) < size:
                cursor = None
                break
        return Page(await self._with_history(found), cursor, await self._total(index, exact))

    async def set_enabled(self, job_id: str, enabled: bool) -> JobRecord:
        """Turn a job's firing on or off; its next fire counts from now."""
        while True:
            record = await self.find(job_id)
            spec = record.spec.model_copy(update={"enabled": enabled})
            slot, score = first_fire(spec, self._default_timezone, self._clock.now_ms(), must_fire=False)
            flag = "1" if enabled else "0"
            word = await self._scripts.run(
                "set_enabled", job_id, flag, *_fire_texts(enabled, slot, score), record.version
            )
            if word == "MISSING":
                raise JobNotFound(job_id)
            if word == "OK":
                return await self.get(job_id)

    async def delete(self, job_id: str, *, actor: str) -> None:
        """Forget a job: what waits of it is cancelled, running runs end, history stays."""
        word, cursor = "MORE", "0"
        while word == "MORE":
            word, _, cursor = await self._scripts.run("delete_job", job_id, cursor, actor)
        if word == "MISSING":
            raise JobNotFound(job_id)

    async def versions(self, job_id: str) -> list[JobVersion]:
        """Return every version, newest first."""
        values = await self._link.call("HGETALL", self._keys.versions(job_id))
        if not values:
            raise JobNotFound(job_id)
        pairs = zip(values[::2], values[1::2], strict=True)
        found = [_version(int(number), orjson.loads(text)) for number, text in pairs]
        return sorted(found, key=lambda version: -version.version)

    async def ledger(self, job_id: str, limit: int) -> list[LedgerRange]:
        """Return the slots that did not run, as ranges, newest first."""
        entries = await self._link.call("LRANGE", self._keys.ledger(job_id), -limit, -1)
        return [_ledger_range(entry) for entry in reversed(entries)]

    def new_run(
        self,
        record: JobRecord,
        *,
        source: str,
        actor: str,
        trace_id: str,
        inputs: Mapping[str, Any] | None = None,
        delay_ms: int = 0,
        run_id: str | None = None,
    ) -> NewRun:
        """Return a run of a job, with its spec's inputs unless others are given."""
        run_inputs = record.spec.inputs if inputs is None else inputs
        return run_of(
            record.spec,
            record.version,
            run_id=run_id or new_id(self._clock),
            source=source,
            actor=actor,
            trace_id=trace_id,
            inputs=orjson.dumps(run_inputs).decode(),
            delay_ms=delay_ms,
        )

    def _index(self, wanted: JobFilter) -> tuple[str, bool]:
        given = [wanted.type is not None, wanted.tag is not None, wanted.enabled is True]
        exact = wanted.q is None and wanted.enabled is not False and sum(given) <= 1
        if wanted.type is not None:
            return self._keys.jobs_type(wanted.type), exact
        if wanted.tag is not None:
            return self._keys.jobs_tag(wanted.tag), exact
        return (self._keys.jobs_enabled if wanted.enabled else self._keys.jobs), exact

    async def _total(self, index: str, exact: bool) -> int | None:
        return await self._link.call("ZCARD", index) if exact else None

    async def _page(self, index: str, after: int | None, size: int) -> list[tuple[int, JobRecord | None]]:
        newest = "+inf" if after is None else f"({after}"
        found = await self._link.call(
            *("ZREVRANGEBYSCORE", index, newest, "-inf", "WITHSCORES", "LIMIT", 0, size)
        )
        hashes = await read_hashes(self._link, [self._keys.job(job_id) for job_id in found[::2]])
        return [
            (int(float(seq)), record_of(values) if values else None)
            for seq, values in zip(found[1::2], hashes, strict=True)
        ]

    async def _with_history(self, records: list[JobRecord]) -> list[JobRecord]:
        ids = [record.spec.job_id for record in records]
        recent = await self._runs.recent(ids, RECENT_RUNS)
        stats = await self._stats(ids)
        return [
            replace(record, recent=recent[job_id], stats=stats[job_id])
            for job_id, record in zip(ids, records, strict=True)
        ]

    async def _stats(self, job_ids: list[str]) -> dict[str, JobStats]:
        now = self._clock.now_ms()
        today = now // DAY_MS
        reads: list[Command] = [
            ("HGETALL", self._keys.rollup_quarter(job_id, day))
            for job_id in job_ids
            for day in (today - 1, today)
        ]
        answers = await self._link.calls(reads) if reads else []
        since = (now - DAY_MS) // QUARTER_MS
        return {
            job_id: _job_stats({today - 1: answers[2 * i], today: answers[2 * i + 1]}, since)
            for i, job_id in enumerate(job_ids)
        }


def run_of(
    spec: JobSpec,
    version: int,
    *,
    run_id: str,
    source: str,
    trace_id: str,
    inputs: str,
    actor: str = "",
    delay_ms: int = 0,
) -> NewRun:
    """Return a run of one version of a spec."""
    return NewRun(
        run_id=run_id,
        job_id=spec.job_id,
        type=spec.type,
        version=version,
        inputs=inputs,
        source=source,
        trace_id=trace_id,
        priority=spec.priority,
        timeout_ms=spec.timeout_ms,
        delay_ms=delay_ms,
        retry="" if spec.retry_policy == _DEFAULT_RETRY else spec.retry_policy.model_dump_json(),
        overlap_key=spec.overlap in {Overlap.QUEUE, Overlap.CANCEL_RUNNING},
        key=spec.concurrency.key if spec.concurrency else "",
        actor=actor,
    )


_DEFAULT_RETRY = RetryPolicy()


def _dump(spec: JobSpec) -> str:
    return spec.model_dump_json(exclude_none=True)


def _fire_texts(enabled: bool, slot: int | None, score: int | None) -> tuple[Arg, Arg]:
    return ("", "") if not enabled or slot is None or score is None else (slot, score)


def _two_limits(spec: JobSpec, stored: int) -> InvalidSpec:
    key = spec.concurrency.key if spec.concurrency else ""
    message = f"key {key!r} has limit {stored} in another job; one key has one limit"
    return InvalidSpec(
        "The spec is not valid.", (FieldProblem("/concurrency/limit", message, "limit_conflict"),)
    )


@lru_cache(maxsize=4096)
def _parsed(text: str) -> JobSpec:
    # A spec is frozen, and nobody changes the inputs of a stored one: equal texts may share it.
    return JobSpec.model_validate_json(text)


def record_of(values: list[str]) -> JobRecord:
    """Return a job from the flat content of its hash."""
    h = dict(zip(values[::2], values[1::2], strict=True))
    spec = _parsed(h["spec"])
    enabled = h["enabled"] == "1"
    return JobRecord(
        spec=spec if spec.enabled == enabled else spec.model_copy(update={"enabled": enabled}),
        version=int(h["version"]),
        seq=int(h["seq"]),
        created_at=int(h["created"]),
        updated_at=int(h["updated"]),
        next_run_at=int(h["slot"]) if "slot" in h else None,
    )


def _version(number: int, stored: dict[str, Any]) -> JobVersion:
    spec = JobSpec.model_validate_json(stored["spec"])
    return JobVersion(number, spec, int(stored["at"]), stored["actor"], stored["origin"])


def _ledger_range(entry: str) -> LedgerRange:
    first, last, slots, reason, recorded = entry.split("|")
    return LedgerRange(int(first), int(last), int(slots), reason, int(recorded))


def _job_stats(days: dict[int, list[str]], since_quarter: int) -> JobStats:
    totals = {"success": 0, "failed": 0, "cancelled": 0}
    buckets = [0] * BUCKET_COUNT
    for day, values in days.items():
        for field, text in zip(values[::2], values[1::2], strict=True):
            quarter, name, *rest = field.split("|")
            if day * 96 + int(quarter) < since_quarter:
                continue
            if name == "duration":
                buckets[int(rest[0])] += int(text)
            elif name in totals:
                totals[name] += int(text)
    runs, decided = sum(totals.values()), totals["success"] + totals["failed"]
    return JobStats(
        runs=runs,
        success=totals["success"],
        failed=totals["failed"],
        success_rate=totals["success"] / decided if decided else None,
        p50_ms=percentile(buckets, 0.5),
        p95_ms=percentile(buckets, 0.95),
    )

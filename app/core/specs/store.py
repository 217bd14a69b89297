"""Stores job specs. Every save is a version and one script."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from app.core.clock import DAY_MS, QUARTER_MS, QUARTERS
from app.core.errors import FieldProblem, InvalidSpec, JobExists, JobNotFound, VersionConflict
from app.core.i18n import _
from app.core.ids import DEFAULT_QUEUE, new_id
from app.core.models import JobSpec
from app.core.records import JobRecord, JobStats, JobVersion, LedgerRange, Page
from app.core.runs.store import RunStore
from app.core.scheduling.schedule import first_fire, slots_between
from app.core.specs.calendars import CalendarStore, calendars_named
from app.core.specs.limits import check_limits, check_other_shards, two_limits
from app.core.specs.search import STEP, STEPS, JobFilter, JobSearch, target_of
from app.core.specs.validation import check_chains
from app.core.statistics.periods import Tally, fields_within, read_days
from app.core.storage.connection import pairs
from app.core.storage.index_scan import answers_of, page, read_hashes
from app.core.storage.limits import names_of_spec
from app.core.storage.scripts import flat, script_row

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.redis_client import Arg, RedisLink
    from app.core.storage.scripts import Scripts

RECENT_RUNS = 40
REFIRED_AT_ONCE = 50
SCOPED_AT_ONCE = 500
Chains = Mapping[str, Sequence[str]]
"""Jobs with the jobs that they start, as if they were saved."""


@script_row("calendars/refire")
class RefireRow(NamedTuple):
    """A job's next fire, as the script takes it."""

    job: str
    version: int
    old_slot: Arg
    next_slot: Arg
    next_score: Arg


class JobStore:
    """The jobs of one namespace."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, default_timezone: str) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._clock = clock
        self._default_timezone = default_timezone
        self._runs = RunStore(link, scripts.keys)
        self._search = JobSearch(link, scripts, scripts.keys)
        self.calendars = CalendarStore(link, scripts, clock)

    async def create(
        self, spec: JobSpec, *, actor: str, origin: str, save_id: str | None = None
    ) -> JobRecord:
        """Store a new job. A repeat with the same `save_id` returns the first save."""
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
        keeps_past: bool = False,
    ) -> JobRecord:
        """Store a new version of a job; a changed schedule must have a future fire unless `keeps_past`."""
        stored = await self.get(spec.job_id)
        expected = str(stored.version if expected_version is None else expected_version)
        changed = stored.spec.schedule != spec.schedule
        keeps = not changed and stored.spec.jitter_sec == spec.jitter_sec
        word, version = await self._save(
            spec, expected, actor, origin, save_id, must_fire=changed and not keeps_past, keep_fire=keeps
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
        await check_chains(spec, self._specs)
        await self.calendars.require(spec)
        if self._link.parts:
            # The script sees only its own shard. If two saves at once differ, the smaller limit holds.
            await check_other_shards(self._link, spec)
        slot, score = await self._first_fire(spec, must_fire=must_fire)
        limits = names_of_spec(spec)
        enabled = "1" if spec.enabled else "0"
        next_slot, next_score = _fire_texts(spec.enabled, slot, score)
        word, version = await self._scripts.run(
            "specs/save",
            job=spec.job_id,
            spec=_dump(spec),
            job_type=spec.type,
            enabled=enabled,
            tags=",".join(spec.tags),
            expected=expected,
            save_id=save_id or new_id(self._clock),
            actor=actor,
            origin=origin,
            next_slot=next_slot,
            next_score=next_score,
            key=",".join(limits),
            limit=",".join(limits.values()),
            keeps_fire="1" if keep_fire else "",
            target=target_of(spec.type, spec.inputs),
            has_cooldown="1" if spec.failure_cooldown_sec else "",
            calendars=",".join(calendars_named(spec)),
            queue="" if spec.queue == DEFAULT_QUEUE else spec.queue,
        )
        if word == "LIMIT":
            raise two_limits(str(version))
        if word == "QUEUES":
            raise _too_many_queues(spec, version)
        if word == "CALENDAR":
            # Deleted since it was read: the next reading names it.
            return await self._save(
                spec, expected, actor, origin, save_id, must_fire=must_fire, keep_fire=keep_fire
            )
        return word, version

    async def _first_fire(self, spec: JobSpec, *, must_fire: bool) -> tuple[int | None, int | None]:
        calendars = await self.calendars.of(spec.schedule)
        now_ms = self._clock.now_ms()
        return first_fire(spec, self._default_timezone, now_ms, must_fire=must_fire, calendars=calendars)

    async def check_save(self, spec: JobSpec, assumed: Chains) -> JobRecord | None:
        """Save nothing: return the stored job, None if this one is new; InvalidSpec if a save would fail."""
        stored = (await self.find_some([spec.job_id])).get(spec.job_id)

        async def find(job_ids: Sequence[str]) -> dict[str, JobSpec]:
            found = await self.find_some([name for name in job_ids if name not in assumed])
            specs = {name: record.spec for name, record in found.items()}
            return specs | {name: _as_if(assumed[name]) for name in job_ids if name in assumed}

        await check_chains(spec, find)
        changed = stored is None or stored.spec.schedule != spec.schedule
        await self.calendars.require(spec)
        await self._first_fire(spec, must_fire=changed)
        await check_other_shards(self._link, spec)
        await check_limits(self._link, self._keys, spec)
        return stored

    async def get(self, job_id: str) -> JobRecord:
        """Return a job with its newest runs and the statistics of its last 24 hours."""
        return (await self._with_history([await self.find(job_id)]))[0]

    async def find(self, job_id: str) -> JobRecord:
        """Return a job without runs and statistics, in one round trip, as an enqueue needs it."""
        fields = await self._link.hash(self._keys.job(job_id))
        if not fields:
            raise JobNotFound(job_id)
        return record_of(fields)

    async def find_some(self, job_ids: Sequence[str]) -> dict[str, JobRecord]:
        """Return jobs without runs and statistics, in one round trip, except missing or unreadable ones."""
        hashes = await read_hashes(self._link, [self._keys.job(job_id) for job_id in job_ids])
        found = zip(job_ids, hashes, strict=True)
        return {job_id: record for job_id, fields in found if (record := _readable(fields)) is not None}

    async def enabled(self, limit: int) -> list[JobRecord]:
        """Return enabled jobs, the newest ones, without runs and statistics; two round trips."""
        ids = await self._link.call("ZRANGE", self._keys.jobs_enabled, 0, limit - 1, "REV")
        return list((await self.find_some(ids)).values())

    async def scoped(self, job_filter: JobFilter, most: int) -> list[JobRecord]:
        """Return up to `most` matching jobs, the newest first, without runs and statistics.

        For filters that no index lists, such as a scope.
        """
        records: list[JobRecord] = []
        cursor, limit = None, most
        while limit > 0:
            found = await self._search.find(job_filter, cursor, min(limit, SCOPED_AT_ONCE))
            fitting = (await self.find_some(found.ids)).values()
            records += [record for record in fitting if job_filter.accepts(record.spec)]
            cursor, limit = found.next_cursor, most - len(records)
            if cursor is None:
                break
        return records

    async def _specs(self, job_ids: Sequence[str]) -> dict[str, JobSpec]:
        return {job_id: record.spec for job_id, record in (await self.find_some(job_ids)).items()}

    async def list(self, job_filter: JobFilter, after: int | None, limit: int) -> Page[JobRecord]:
        """Return jobs, newest first, after the cursor; `total` if one index has exactly the matching jobs."""
        index = job_filter.index(self._keys)
        if index is not None:
            found = await page(self._link, [index], after, limit, self.find_some)
            return Page(await self._with_history(found.items), found.next_cursor, found.total)
        found = await self._search.find(job_filter, after, limit)
        records = (await self.find_some(found.ids)).values()
        fitting = [record for record in records if job_filter.accepts(record.spec)]
        return Page(await self._with_history(fitting), found.next_cursor)

    async def set_enabled(self, job_id: str, enabled: bool, actor: str = "") -> JobRecord:
        """Enable or disable a job; its next fire counts from now, and passed slots are written off."""
        while True:
            record, now_ms = await self.find(job_id), self._clock.now_ms()
            spec = record.spec.model_copy(update={"enabled": enabled})
            slot, score = await self._first_fire(spec, must_fire=False)
            next_slot, next_score = _fire_texts(enabled, slot, score)
            passed = await self._passed(spec, record.off_at, now_ms) if enabled else ()
            word = await self._scripts.run(
                "specs/set_enabled",
                job=job_id,
                enabled="1" if enabled else "0",
                next_slot=next_slot,
                next_score=next_score,
                version=record.version,
                actor=actor,
                **dict(zip(("first", "last", "slots"), passed, strict=False)),
            )
            if word == "MISSING":
                raise JobNotFound(job_id)
            if word == "OK":
                return await self.get(job_id)

    async def _passed(
        self, spec: JobSpec, after_ms: int | None, until_ms: int
    ) -> tuple[int, int, int] | tuple[()]:
        calendars = await self.calendars.of(spec.schedule)
        return slots_between(spec, self._default_timezone, after_ms, until_ms, calendars)

    async def refire(self, job_ids: Sequence[str]) -> int:
        """Compute the next fires of jobs again, after a calendar has changed; return how many have moved.

        A slot that is due already stays: the scheduler decides by the calendars as they are then.
        """
        moved, ahead = 0, list(job_ids)
        while ahead:
            page, ahead = ahead[:REFIRED_AT_ONCE], ahead[REFIRED_AT_ONCE:]
            rows = [row for row in await self._refires(page) if row.next_slot != row.old_slot]
            words: list[str] = await self._scripts.run("calendars/refire", *flat(rows)) if rows else []
            moved += words.count("OK")
            ahead += [row.job for row, word in zip(rows, words, strict=True) if word == "LOST"]
        return moved

    async def _refires(self, job_ids: Sequence[str]) -> list[RefireRow]:
        rows: list[RefireRow] = []
        for job_id, record in (await self.find_some(job_ids)).items():
            due = record.next_run_at is not None and record.next_run_at <= self._clock.now_ms()
            if record.spec.enabled and not due:
                slot, score = _fire_texts(True, *await self._first_fire(record.spec, must_fire=False))
                old = "" if record.next_run_at is None else record.next_run_at
                rows.append(RefireRow(job_id, record.version, old, slot, score))
        return rows

    async def delete(self, job_id: str, *, actor: str) -> None:
        """Delete a job: its waiting runs are cancelled, running ones finish, history stays."""
        word, cursor = "MORE", "0"
        while word == "MORE":
            word, _, cursor = await self._scripts.run(
                "specs/delete", job=job_id, after_seq=cursor, actor=actor
            )
        if word == "MISSING":
            raise JobNotFound(job_id)

    async def versions(self, job_id: str) -> list[JobVersion]:
        """Return every version, newest first."""
        saves = await self._link.hash(self._keys.versions(job_id))
        if not saves:
            raise JobNotFound(job_id)
        found = [_version(int(number), orjson.loads(text)) for number, text in saves.items()]
        return sorted(found, key=lambda version: -version.version)

    async def ledger(self, job_id: str, limit: int) -> list[LedgerRange]:
        """Return the slots that did not run, as ranges, newest first."""
        entries = await self._link.call("LRANGE", self._keys.ledger(job_id), -limit, -1)
        return [ledger_range(entry) for entry in reversed(entries)]

    async def _with_history(self, records: list[JobRecord]) -> list[JobRecord]:
        ids = [record.spec.job_id for record in records]
        recent, stats = await asyncio.gather(self._runs.recent(ids, RECENT_RUNS), self._stats(ids))
        return [
            replace(record, recent=recent[job_id], stats=stats[job_id], cooling_until=self._ahead(record))
            for job_id, record in zip(ids, records, strict=True)
        ]

    def _ahead(self, record: JobRecord) -> int | None:
        until = record.cooling_until
        return until if until is not None and until > self._clock.now_ms() else None

    async def _stats(self, job_ids: list[str]) -> dict[str, JobStats]:
        now = self._clock.now_ms()
        today = now // DAY_MS
        days = await read_days(self._link, self._keys, job_ids, range(today - 1, today + 1))
        since = (now - DAY_MS) // QUARTER_MS
        return {job_id: _job_stats(days[job_id], since) for job_id in job_ids}


def _as_if(targets: Sequence[str]) -> JobSpec:
    # Only the targets matter. They are split over both lists, because each list holds at most 10.
    half = len(targets) // 2
    return JobSpec(
        job_id="assumed", type="assumed", on_success=list(targets[:half]), on_failure=list(targets[half:])
    )


def _dump(spec: JobSpec) -> str:
    # Twice in each job, as its spec and as its version: without defaults it takes a third of the memory.
    return spec.model_dump_json(exclude_defaults=True)


def _fire_texts(enabled: bool, slot: int | None, score: int | None) -> tuple[Arg, Arg]:
    return ("", "") if not enabled or slot is None or score is None else (slot, score)


def _too_many_queues(spec: JobSpec, most: int) -> InvalidSpec:
    message = _("there are {most} queues already: use one of them for {queue!r}", most=most, queue=spec.queue)
    return InvalidSpec(_("The spec is not valid."), (FieldProblem("/queue", message, "too_many_queues"),))


@dataclass(frozen=True, slots=True)
class JobsByTarget:
    """Stored jobs: for each target its jobs, oldest first, 20 at most; and which of the ids exist."""

    by_target: dict[str, tuple[JobRecord, ...]]
    taken: frozenset[str]


@dataclass(frozen=True, slots=True)
class JobCandidates:
    """Stored jobs, newest first; `more` if others fit and were not read. `paused` are ids of `records`."""

    records: tuple[JobRecord, ...]
    paused: frozenset[str]
    more: bool


MOST_CANDIDATES = 60
"""The jobs that one step of a search for candidates returns."""


class JobIndex:
    """Looks up jobs by target (`specs/search.py`), and by texts in them."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def look_up(self, targets: Sequence[str], job_ids: Sequence[str]) -> JobsByTarget:
        """Return the jobs of some targets, and which of some ids exist."""
        wanted, ids = list(dict.fromkeys(targets)), list(dict.fromkeys(job_ids))
        if not wanted and not ids:
            return JobsByTarget({}, frozenset())
        matches, taken = await self._scripts.run("specs/match", *wanted, *ids, target_count=len(wanted))
        about = {
            target: tuple(record_of(pairs(flat)) for flat in hashes)
            for target, hashes in zip(wanted, matches, strict=True)
        }
        return JobsByTarget(
            about, frozenset(job_id for job_id, there in zip(ids, taken, strict=True) if there)
        )

    async def candidates(self, job_type: str | None, texts: Sequence[str]) -> JobCandidates:
        """Return the jobs of a type, or of all, with one of the texts (in lower case) in their id or spec.

        Without texts every job fits. 10,000 jobs are looked at, in two round trips at most; each 500 of them
        give 60 at most.
        """
        if self._scripts.parts:
            return await self._of_parts(job_type, texts)
        index = "all" if job_type is None else f"type:{job_type}"

        async def look(before: str, offset: int) -> list[Any]:
            return await self._scripts.run(
                "specs/candidates",
                *texts,
                index_name=index,
                before_score=before,
                offset=offset,
                max_looked=STEP,
                max_jobs=MOST_CANDIDATES,
            )

        parts = [await look("+inf", 0)]
        looked, last = parts[0][:2]
        if looked >= STEP:
            # Below the last record seen, so records added meanwhile shift no offset.
            offsets = range(0, (STEPS - 1) * STEP, STEP)
            parts += await asyncio.gather(*(look(f"({last}", offset) for offset in offsets))
        records: dict[str, JobRecord] = {}
        paused: set[str] = set()
        for *_step, hashes, flags in parts:
            for fields, is_paused in zip(hashes, flags, strict=True):
                record = _readable(pairs(fields))
                if record is not None:
                    records[record.spec.job_id] = record
                    paused |= {record.spec.job_id} if is_paused else set()
        more = parts[-1][0] >= STEP or any(part[2] > len(part[3]) for part in parts)
        return JobCandidates(tuple(records.values()), frozenset(paused), more)

    async def _of_parts(self, job_type: str | None, texts: Sequence[str]) -> JobCandidates:
        """Return what all shards have."""
        looks = (JobIndex(part.scripts).candidates(job_type, texts) for part in self._scripts.parts)
        found = await answers_of(looks)
        records = sorted((record for each in found for record in each.records), key=lambda job: -job.seq)
        paused = frozenset[str]().union(*(each.paused for each in found))
        return JobCandidates(tuple(records), paused, any(each.more for each in found))


@lru_cache(maxsize=4096)
def _parsed(text: str) -> JobSpec:
    # A spec is frozen, and the inputs of a stored one are never changed: equal texts may share it.
    return JobSpec.model_validate_json(text)


def _readable(values: Mapping[str, str]) -> JobRecord | None:
    try:
        return record_of(values) if values else None
    except (KeyError, ValueError):
        return None


def record_of(h: Mapping[str, str]) -> JobRecord:
    """Return a job from its hash."""
    spec = _parsed(h["spec"])
    enabled = h["enabled"] == "1"
    return JobRecord(
        spec=spec if spec.enabled == enabled else spec.model_copy(update={"enabled": enabled}),
        version=int(h["version"]),
        seq=int(h["seq"]),
        created_at=int(h["created"]),
        updated_at=int(h["updated"]),
        next_run_at=int(h["slot"]) if "slot" in h else None,
        cooling_until=int(h["cool_until"]) if "cool_until" in h else None,
        off_at=int(h["off"]) if "off" in h else None,
        off_by=h.get("off_by", ""),
        save=f"{h['version']}:{h['save']}" if "save" in h else "",
    )


def _version(number: int, stored: dict[str, Any]) -> JobVersion:
    spec = JobSpec.model_validate_json(stored["spec"])
    return JobVersion(number, spec, int(stored["at"]), stored["actor"], stored["origin"])


def ledger_range(entry: str) -> LedgerRange:
    """Return a range from its text in the ledger."""
    first, last, slots, reason, recorded = entry.split("|")
    return LedgerRange(int(first), int(last), int(slots), reason, int(recorded))


def _job_stats(days: dict[int, dict[str, str]], since_quarter: int) -> JobStats:
    tally = Tally()
    for name, number in fields_within(days, range(since_quarter, (max(days) + 1) * QUARTERS)):
        tally.add(name, number)
    figures = tally.figures()
    return JobStats(
        runs=figures.runs,
        success=figures.success,
        failed=figures.failed,
        success_rate=figures.success_rate,
        p50_ms=figures.p50_ms,
        p95_ms=figures.p95_ms,
    )

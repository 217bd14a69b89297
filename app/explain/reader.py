"""Reads the facts of an explanation, in three round trips for any history, one more for calendars."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.core.activity.events import events_of, parse_event
from app.core.activity.heartbeat import DEAD_AFTER_BEATS, service_of
from app.core.errors import JobNotFound
from app.core.i18n.stored import read_error
from app.core.ids import DEFAULT_QUEUE, id_time_ms
from app.core.models import RunStatus
from app.core.queue.pauses import pause_record, scopes_of
from app.core.records import Scope
from app.core.redis_client import Command
from app.core.runs.store import run_record_of
from app.core.runs.waiting import read_place
from app.core.scheduling.cron import DAY_MS, ScheduleError
from app.core.scheduling.schedule import HistoryWindow, calendars_of, compile_schedule
from app.core.specs.calendars import read_calendars
from app.core.specs.store import ledger_range, record_of
from app.core.storage.connection import pairs, scores, time_ms
from app.core.storage.index_scan import undamaged
from app.explain.facts import JobFacts, QueueFact, WorkerFact

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.config import Settings
    from app.core.records import EventRecord, JobRecord, LedgerRange, PauseRecord, RunRecord
    from app.core.redis_client import RedisLink
    from app.core.runs.waiting import WaitPlace
    from app.core.scheduling.skip_rules import Calendars
    from app.core.scheduling.slots import CompiledSchedule
    from app.core.storage.keys import Keys

# The limits of retention per job. Slot ids contain their instant: no run is read to find those of a window.
_IDS, _LEDGER_RANGES = 1_000, 1_000
_RUNS, _NEWEST, _ACTIVE, _INSTANCES = 200, 20, 20, 50
# Events have no index by job: those around a range are found unless a busy deployment has pushed them far.
_EVENTS, _RANGES_WITH_EVENTS, _BEFORE_MS, _AFTER_MS = 100, 5, 600_000, 1_000
_HOLDERS, _FEEDERS = 5, 5
# Neither inputs nor output: they may be large, and are not needed here.
_RUN_FIELDS = (
    *("status", "seq", "rev", "job", "type", "version", "source", "trace", "pri", "timeout", "retry", "slot"),
    *("created", "due", "queued", "started", "ended", "attempt", "failures", "worker", "waiting", "dead"),
    "chain",
    "moved",
    "lane",
)
_TOLD_BY_EVENTS: Final = frozenset({"missed", "paused"})
_UNSUCCESSFUL: Final = frozenset({RunStatus.FAILED, RunStatus.RETRYING})


@dataclass(frozen=True, slots=True)
class _FirstRead:
    """The result of the first round trip."""

    now_ms: int
    window: HistoryWindow
    record: JobRecord
    ledger: tuple[LedgerRange, ...]
    run_ids: tuple[str, ...]
    alive: dict[str, int]
    """Instances by their last heartbeat."""


class Explainer:
    """Reads the facts of jobs in one namespace."""

    def __init__(self, link: RedisLink, keys: Keys, settings: Settings) -> None:
        self._link = link
        self._keys = keys
        self._settings = settings
        self._dead_after_ms = round(settings.heartbeat_sec * 1000) * DEAD_AFTER_BEATS

    async def facts(self, job_id: str, window: HistoryWindow | None = None, *, limit: int = 20) -> JobFacts:
        """Return the facts of a job; JobNotFound if there is none. Without a window: the last day."""
        seen = await self._first(job_id, window, limit)
        calendars = await read_calendars(self._link, self._keys, calendars_of(seen.record.spec.schedule))
        return await self._third(await self._second(seen, calendars))

    async def _first(self, job_id: str, window: HistoryWindow | None, limit: int) -> _FirstRead:
        keys = self._keys
        values, entries, ids, active, beats, time = await self._link.calls(
            [
                ("HGETALL", keys.job(job_id)),
                ("LRANGE", keys.ledger(job_id), -_LEDGER_RANGES, -1),
                ("ZREVRANGE", keys.runs_job(job_id), 0, _IDS - 1),
                ("SRANDMEMBER", keys.active(job_id), _ACTIVE),
                ("ZRANGE", keys.instances, 0, -1, "WITHSCORES"),
                ("TIME",),
            ]
        )
        if not values:
            raise JobNotFound(job_id)
        now_ms = time_ms(time)
        whole = window or last_day_window(now_ms, limit)
        ledger = [ledger_range(entry) for entry in reversed(entries)]
        wanted = tuple(entry for entry in ledger if whole.holds(entry.first, entry.last))[: whole.limit]
        run_ids = _run_ids(ids, active, whole, wanted)
        alive = {name: at for name, at in scores(beats).items() if now_ms - at <= self._dead_after_ms}
        return _FirstRead(now_ms, whole, record_of(pairs(values)), wanted, run_ids, alive)

    async def _second(self, seen: _FirstRead, calendars: Calendars) -> JobFacts:
        spec = seen.record.spec
        workers = [name for name in seen.alive if service_of(name) == "worker"][:_INSTANCES]
        schedulers = [at for name, at in seen.alive.items() if service_of(name) == "scheduler"]
        scopes = scopes_of(spec.job_id, spec.type, spec.queue)
        around = self._events_around(seen, is_silent=not schedulers)
        commands: list[Command] = [("HMGET", self._keys.pauses, *scopes)]
        commands += [("HMGET", self._keys.run(run_id), *_RUN_FIELDS) for run_id in seen.run_ids]
        commands += [("HGETALL", self._keys.instance(name)) for name in workers]
        answers = iter(await undamaged(self._link, [*commands, *around]))
        return JobFacts(
            now_ms=seen.now_ms,
            window=seen.window,
            record=seen.record,
            compiled=_compiled(seen.record, self._settings.timezone, calendars),
            zone=_zone(seen.record, self._settings.timezone),
            dead_after_ms=self._dead_after_ms,
            scheduler_beats=tuple(schedulers),
            pauses=_pauses(scopes, next(answers), seen.now_ms),
            runs=_runs(seen.run_ids, answers),
            workers=_workers(workers, answers),
            ledger=seen.ledger,
            events=_events(answers),
        )

    def _events_around(self, seen: _FirstRead, *, is_silent: bool) -> list[Command]:
        """Return the reads for the events before a range was written, and those before its first slot."""
        events, found = self._keys.events, list[Command]()
        if is_silent:
            found.append(("XREVRANGE", events, "+", "-", "COUNT", _EVENTS))
        entries = [entry for entry in seen.ledger if entry.reason in _TOLD_BY_EVENTS]
        for entry in entries[:_RANGES_WITH_EVENTS]:
            since = max(0, entry.first - _BEFORE_MS)
            bounds = (entry.recorded_at + _AFTER_MS, entry.first + self._dead_after_ms)
            found += [("XREVRANGE", events, bound, since, "COUNT", _EVENTS) for bound in bounds]
        return found

    async def _third(self, facts: JobFacts) -> JobFacts:
        """Add the errors of the runs in question, the awaited key's holders, and the last run's starter."""
        active = facts.active
        failed = [run for run in facts.runs if run.status in _UNSUCCESSFUL][: facts.window.limit + _NEWEST]
        parents = _distinct(run.parent_run_id for run in facts.runs if run.parent_run_id)[:_FEEDERS]
        commands: list[Command] = [("HGET", self._keys.run(run.run_id), "error") for run in failed]
        commands += [("HGET", self._keys.run(run_id), "job") for run_id in parents]
        commands += self._line(active) if active is not None else []
        answers = iter(await undamaged(self._link, commands))
        place = None if active is None else await read_place(self._link, self._keys, active)
        errors = {run.run_id: read_error(text) for run in failed if (text := next(answers))}
        feeders = _distinct(name for _ in parents if (name := next(answers)))
        return replace(
            facts,
            runs=tuple(replace(run, error=errors.get(run.run_id)) for run in facts.runs),
            feeders=tuple(feeders),
            line=QueueFact() if active is None else _line_of(answers, place),
        )

    def _line(self, run: RunRecord) -> list[Command]:
        keys, name = self._keys, run.waiting_for
        return [
            ("ZCOUNT", keys.runs_status(RunStatus.QUEUED), "-inf", f"({run.seq}"),
            ("SRANDMEMBER", keys.holders(name), _HOLDERS),
        ]


def last_day_window(now_ms: int, limit: int) -> HistoryWindow:
    """Return the window that ends now and began a day ago."""
    return HistoryWindow(now_ms - DAY_MS, now_ms, limit)


def _run_ids(
    ids: list[str], active: list[str], window: HistoryWindow, ledger: Iterable[LedgerRange]
) -> tuple[str, ...]:
    """Return the runs to read: the newest, the active, those of slots in the window or before a range."""
    slots = [run_id for run_id in ids if (slot := _slot(run_id)) is not None and window.holds(slot, slot)]
    found = dict.fromkeys([*ids[:_NEWEST], *active, *slots[:_RUNS]])
    for entry in ledger:
        if entry.reason in {"overlap", "cooling_down"}:
            before = (run_id for run_id in ids if _made_at(run_id) <= entry.last)
            found |= dict.fromkeys([run_id for run_id, _ in zip(before, range(3), strict=False)])
    return tuple(found)


def _slot(run_id: str) -> int | None:
    return int(run_id.rpartition("@")[2]) if "@" in run_id else None


def _made_at(run_id: str) -> int:
    slot = _slot(run_id)
    return id_time_ms(run_id) if slot is None else slot


def _compiled(record: JobRecord, timezone: str, calendars: Calendars) -> CompiledSchedule | None:
    schedule = record.spec.schedule
    try:
        return None if schedule is None else compile_schedule(schedule, timezone, calendars)
    except ScheduleError:
        return None


def _zone(record: JobRecord, timezone: str) -> str:
    schedule = record.spec.schedule
    return (schedule.timezone if schedule else None) or timezone


def _pauses(scopes: list[str], stored: list[str | None] | None, now_ms: int) -> tuple[PauseRecord, ...]:
    """Return the pauses that last, the narrowest scope first."""
    pairs_found = zip(scopes, stored or (), strict=False)
    found = [pause_record(Scope.parse(scope), text) for scope, text in pairs_found if text]
    return tuple(pause for pause in found if pause.lasts(now_ms))


def _runs(run_ids: tuple[str, ...], answers: Iterable[Any]) -> tuple[RunRecord, ...]:
    found = [_run(run_id, values) for run_id, values in zip(run_ids, answers, strict=False)]
    return tuple(sorted((run for run in found if run), key=lambda run: -run.seq))


def _run(run_id: str, values: list[str | None] | None) -> RunRecord | None:
    """Return a run without inputs and output; None if it is damaged, or was removed meanwhile."""
    fields = {name: text for name, text in zip(_RUN_FIELDS, values or (), strict=False) if text}
    try:
        return run_record_of(run_id, {**fields, "inputs": "null"}, [])
    except KeyError:
        return None


def _workers(names: list[str], answers: Iterable[Any]) -> tuple[WorkerFact, ...]:
    hashes = [pairs(flat or ()) for _, flat in zip(names, answers, strict=False)]
    # A hash may have expired meanwhile.
    return tuple(_worker(orjson.loads(fields["state"])) for fields in hashes if "state" in fields)


def _worker(state: dict[str, Any]) -> WorkerFact:
    types = state.get("types")
    return WorkerFact(
        concurrency=int(state.get("concurrency", 0)),
        running=len(state.get("running", ())),
        draining=bool(state.get("draining")),
        types=None if types is None else frozenset(types),
        queues=frozenset(state.get("queues") or (DEFAULT_QUEUE,)),
    )


def _events(answers: Iterable[Any]) -> tuple[EventRecord, ...]:
    entries = {entry_id: flat for page in answers for entry_id, flat in page or ()}
    events = [parse_event(event_id, text) for event_id, text in events_of(entries.items())]
    return tuple(sorted(events, key=lambda event: event.at))


def _line_of(answers: Iterable[Any], place: WaitPlace | None) -> QueueFact:
    older, holders = answers
    return QueueFact(older or 0, tuple(sorted(holders or ())), place)


def _distinct(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))

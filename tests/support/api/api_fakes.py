"""The API on fake stores: routes and guard, without a server."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Literal, cast, get_type_hints

import httpx
import orjson
from pydantic import BaseModel, ConfigDict, Field

from app.core.access.api_keys import ApiKey, Keyring, Role, key_of
from app.core.access.records import digest_of
from app.core.access.scope import closed_types
from app.core.access.sessions import Session
from app.core.activity.events import EventList
from app.core.activity.heartbeat import ProcessHealth
from app.core.activity.readiness import SERVICES, ReadinessCheck, ReadinessReport
from app.core.config import Settings
from app.core.errors import IdempotencyMismatch, JobExists, JobNotFound, RunNotFound, VersionConflict
from app.core.log_lines import LinePosition as LinePlace
from app.core.log_lines import NumberedLine
from app.core.models import TERMINAL, Priority, RunStatus
from app.core.policies import Policies
from app.core.queue import EnqueueResult
from app.core.records import (
    JobRecord,
    JobVersion,
    LaneStats,
    Page,
    PauseRecord,
    QueueStats,
    ResumeResult,
    RunRecord,
    Scope,
)
from app.core.registry import HandlerSpec, Registry
from app.core.runs.logs import LogPage, LogQuery
from app.core.scheduling.schedule import first_fire
from app.core.specs.runs import SpecCache
from app.core.specs.store import JobStore
from app.core.storage.keys import Keys
from app.services.api.app import create_app
from app.services.api.events.hub import EventHub
from app.services.api.http.audit import AuditWriter
from app.services.api.http.key_cache import ApiKeyCache
from app.services.api.http.key_lookup import KeyLookup
from app.services.api.http.limits import FailedKeys, RateLimiter, Refusals
from app.services.api.http.origin import OriginReader
from tests.support.api.dead_fakes import FakeCalls, FakeDead
from tests.support.api.in_process import in_process
from tests.support.fake_clock import FakeClock

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from fastapi import FastAPI

    from app.core.access.audit import AuditedAction
    from app.core.models import JobSpec, NewRun
    from app.core.queue import Idempotency
    from app.core.records import InstanceInfo, LedgerRange, LogLine
    from app.services.api.services import Services

NOW = datetime(2026, 1, 31, tzinfo=UTC)
BASE_URL = "http://127.0.0.1:8000"
PEPPER = b"pepper"
JSON = {"Content-Type": "application/json"}


class Place(BaseModel):
    model_config = ConfigDict(extra="forbid")

    city: str = "Bandung"


class LoadInputs(BaseModel):
    model_config = ConfigDict(extra="forbid")

    duration_ms: int = Field(default=0, ge=0)
    mode: Literal["even", "odd"] = "even"
    place: Place = Place()


async def _noop(_context: object, _inputs: object) -> None: ...


def fake_registry() -> Registry:
    """Return two types: one that takes a load, one that needs a tool without permission."""
    return Registry(
        [
            HandlerSpec("test.load", _noop, LoadInputs, timeout_ms=1234),
            HandlerSpec("test.tool", _noop, tools=("kv",)),
        ]
    )


class FakeCalendars:
    """A deployment without calendars."""

    async def of(self, _schedule: Any) -> dict[str, Any]:
        return {}

    async def require(self, _spec: Any) -> None:
        pass


@dataclass
class FakeJobs:
    clock: FakeClock
    stored: dict[str, JobRecord] = field(default_factory=dict[str, JobRecord])
    saves: dict[str, list[JobVersion]] = field(default_factory=dict[str, list[JobVersion]])
    ranges: list[LedgerRange] = field(default_factory=list["LedgerRange"])

    async def create(
        self, spec: JobSpec, *, actor: str, origin: str, save_id: str | None = None
    ) -> JobRecord:
        first_fire(spec, "Asia/Jakarta", self.clock.now_ms(), must_fire=True)
        if spec.job_id in self.stored:
            raise JobExists(spec.job_id)
        return self._save(spec, 1, actor, origin)

    async def replace(
        self, spec: JobSpec, *, expected_version: int | None, actor: str, origin: str, **_: Any
    ) -> JobRecord:
        stored = (await self.find(spec.job_id)).version
        if expected_version not in {None, stored}:
            raise VersionConflict(spec.job_id, expected_version or 0, stored)
        return self._save(spec, stored + 1, actor, origin)

    def _save(self, spec: JobSpec, version: int, actor: str, origin: str) -> JobRecord:
        now = self.clock.now_ms()
        slot, _ = first_fire(spec, "Asia/Jakarta", now, must_fire=False)
        record = JobRecord(spec, version, version, now, now, slot)
        self.stored[spec.job_id] = record
        self.saves.setdefault(spec.job_id, []).insert(0, JobVersion(version, spec, now, actor, origin))
        return record

    async def find(self, job_id: str) -> JobRecord:
        if job_id not in self.stored:
            raise JobNotFound(job_id)
        return self.stored[job_id]

    get = find
    check_save = JobStore.check_save
    _first_fire = JobStore._first_fire
    calendars = FakeCalendars()
    _default_timezone = "Asia/Jakarta"
    _link, _keys = SimpleNamespace(parts=()), Keys()
    """One shard; the specs of these tests have no limits."""

    @property
    def _clock(self) -> FakeClock:
        return self.clock

    async def find_some(self, job_ids: Sequence[str]) -> dict[str, JobRecord]:
        return {job_id: self.stored[job_id] for job_id in job_ids if job_id in self.stored}

    async def list(self, wanted: Any, after: int | None, limit: int) -> Page[JobRecord]:
        found = [record for record in self.stored.values() if wanted.accepts(record.spec)]
        start = after or 0
        more = start + limit if start + limit < len(found) else None
        return Page(found[start : start + limit], more, len(found))

    async def set_enabled(self, job_id: str, enabled: bool, actor: str = "") -> JobRecord:
        return self._save(
            (await self.find(job_id)).spec.model_copy(update={"enabled": enabled}), 1, actor, "api"
        )

    async def delete(self, job_id: str, *, actor: str) -> None:
        del self.stored[(await self.find(job_id)).spec.job_id]

    async def versions(self, job_id: str) -> list[JobVersion]:
        if job_id not in self.saves:
            raise JobNotFound(job_id)
        return self.saves[job_id]

    async def ledger(self, job_id: str, limit: int) -> list[LedgerRange]:
        return self.ranges[:limit]


@dataclass
class FakeQueue:
    enqueued: list[NewRun] = field(default_factory=list["NewRun"])
    known: dict[str, str] = field(default_factory=dict[str, str])
    cancel_word: str = "CANCELLED"
    fails_with: Exception | None = None

    async def enqueue(self, run: NewRun, idempotency: Idempotency | None = None) -> EnqueueResult:
        if self.fails_with is not None:
            raise self.fails_with
        if idempotency is not None:
            body = self.known.setdefault(idempotency.scope, idempotency.body_hash)
            if body != idempotency.body_hash:
                raise IdempotencyMismatch("another body")
        self.enqueued.append(run)
        return EnqueueResult("OK", run.run_id, 1, "scheduled" if run.delay_ms else "queued")

    async def cancel(self, run_id: str) -> str:
        return self.cancel_word

    async def stats(self) -> QueueStats:
        lanes = {name: LaneStats(1, 0, 5) for name in ("high", "normal", "low")}
        return QueueStats(lanes, 0, None, 0, 0, 0)


@dataclass
class FakePauses:
    clock: FakeClock
    stored: dict[Scope, PauseRecord] = field(default_factory=dict[Scope, PauseRecord])
    vouched: list[Scope] = field(default_factory=list[Scope])

    async def pause(
        self,
        scope: Scope,
        actor: str,
        reason: str = "",
        *,
        known: bool = False,
        until_ms: int | None = None,
    ) -> PauseRecord:
        self.vouched += [scope] if known else []
        if scope in self.stored:
            is_changed = self.stored[scope].until_ms != until_ms
            self.stored[scope] = replace(self.stored[scope], until_ms=until_ms)
            return replace(self.stored[scope], is_changed=is_changed)
        self.stored[scope] = PauseRecord(scope, self.clock.now_ms(), actor, reason, 0, until_ms)
        return replace(self.stored[scope], is_new=True, is_changed=True)

    async def resume(self, scope: Scope, actor: str, *, known: bool = False) -> ResumeResult:
        ended = self.stored.pop(scope, None)
        return ResumeResult(scope, ended, 0 if ended is None else 3)


def _hash_of(run: RunRecord) -> dict[str, str]:
    """Return a run of this module as it is stored: without a queue, a chain and a slot of its own."""
    found: dict[str, str] = {}
    for name, hint in get_type_hints(RunRecord, include_extras=True).items():
        for mark in getattr(hint, "__metadata__", ()):
            value = getattr(run, name)
            is_default = name in {"queue", "max_retry"} or value == mark.absent
            if not is_default:
                found[mark.name] = value if isinstance(value, str) else orjson.dumps(value).decode()
    return found


@dataclass
class FakeRuns:
    stored: list[RunRecord] = field(default_factory=list[RunRecord])
    lines: list[LogLine] = field(default_factory=list["LogLine"])

    async def get(self, run_id: str) -> RunRecord:
        found = [run for run in self.stored if run.run_id == run_id]
        if not found:
            raise RunNotFound(run_id)
        return found[0]

    async def absence(self, run_id: str) -> RunNotFound:
        return RunNotFound(run_id)

    async def place(self, run: RunRecord) -> None:
        """No run waits for a key or a rate."""

    async def list(self, wanted: Any, after: int | None, limit: int) -> Page[RunRecord]:
        return Page(self.stored[:limit], 7 if len(self.stored) > limit else None, len(self.stored))

    async def hashes(self, wanted: Any, after: int | None, limit: int) -> Page[tuple[str, dict[str, str]]]:
        """Return runs as their hashes."""
        found = await self.list(wanted, after, limit)
        return Page([(run.run_id, _hash_of(run)) for run in found.items], found.next_cursor, found.total)

    async def read_log(self, run_id: str, wanted: LogQuery) -> LogPage:
        await self.get(run_id)
        lines = [NumberedLine(LinePlace(line.attempt, n), line) for n, line in enumerate(self.lines, 1)]
        shown = [placed for placed in lines if placed.position > wanted.after][: wanted.limit]
        more = bool(shown) and shown[-1] != lines[-1]
        last = shown[-1].position if shown else wanted.after
        return LogPage(shown, last, more, complete=not more, truncated=False)


@dataclass
class FakeList:
    """Events or instances."""

    items: list[Any] = field(default_factory=list[Any])
    fails_with: Exception | None = None

    async def find(self, limit: int, **_: Any) -> EventList:
        return EventList(self.items[:limit], None)

    async def instances(self, service: str | None = None) -> list[InstanceInfo]:
        if self.fails_with is not None:
            raise self.fails_with
        return [each for each in self.items if service in {None, each.service}]


@dataclass
class FakeReadiness:
    """The checks that the fake returns."""

    found: dict[str, ReadinessCheck] = field(
        default_factory=lambda: {name: ReadinessCheck("ok", 1, 1) for name in ("redis", *SERVICES)}
    )
    fails_with: Exception | None = None

    async def check(self, _settings: Settings, _shard_patience_sec: float) -> ReadinessReport:
        if self.fails_with is not None:
            raise self.fails_with
        return ReadinessReport(self.found)


@dataclass
class FakeAudit:
    acts: list[AuditedAction] = field(default_factory=list["AuditedAction"])
    lost: list[int] = field(default_factory=list[int])
    fails_with: Exception | None = None

    async def write(self, act: AuditedAction, lost: int = 0) -> None:
        if self.fails_with is not None:
            raise self.fails_with
        self.acts.append(act)
        self.lost.append(lost)


@dataclass
class FakePlatform:
    """The stand-ins, and the application on them."""

    jobs: FakeJobs
    queue: FakeQueue
    pauses: FakePauses
    runs: FakeRuns
    dead: FakeDead
    events: FakeList
    heartbeats: FakeList
    readiness: FakeReadiness
    audit: FakeAudit
    clock: FakeClock
    app: FastAPI

    def client(self, base_url: str = BASE_URL, **headers: str) -> httpx.AsyncClient:
        """Return a client; its requests arrive at the socket address that the URL names."""
        transport = in_process(self.app, raise_app_exceptions=False)
        return httpx.AsyncClient(transport=transport, base_url=base_url, headers={**JSON, **headers})


def fake_platform(
    keys: tuple[ApiKey, ...] = (),
    planning: object = None,
    *,
    sessions: tuple[Session, ...] = (),
    incidents: object = None,
    **changes: Any,
) -> FakePlatform:
    """Return an API on stand-ins; `changes` are settings."""
    settings = Settings(_env_file=None, **changes)  # pyright: ignore[reportCallIssue]
    clock = FakeClock(NOW)
    jobs, queue, runs, events, beats = FakeJobs(clock), FakeQueue(), FakeRuns(), FakeList(), FakeList()
    audit = FakeAudit()
    pauses = FakePauses(clock)
    dead = FakeDead()
    readiness = FakeReadiness()
    parts: dict[str, Any] = {"jobs": jobs, "queue": queue, "pauses": pauses, "runs": runs, "events": events}
    platform = SimpleNamespace(
        settings=settings,
        clock=clock,
        keys=Keys(),
        link=cast("Any", None),
        hub=_closed_hub(),
        heartbeats=cast("Any", beats),
        readiness=cast("Any", readiness),
        health=ProcessHealth(clock),
        registry=fake_registry(),
        closed_types=closed_types(fake_registry().specs()),
        policies=Policies(),
        planning=cast("Any", planning),
        api_keys=cast("Any", None),
        incidents=cast("Any", incidents),
        sessions=cast("Any", None),
        key_cache=fake_key_cache(lambda: _keyring(keys, sessions), clock),
        spec_cache=SpecCache(cast("Any", jobs), cast("Any", queue)),
        limits=RateLimiter(settings, clock),
        refusals=Refusals(),
        failed_keys=FailedKeys(clock, lambda _: None),
        audit=AuditWriter(cast("Any", audit), clock, OriginReader(settings, clock)),
        secrets=cast("Any", None),
        calendars=cast("Any", jobs.calendars),
        dead_letters=cast("Any", dead),
        idempotency=cast("Any", FakeCalls(clock)),
        refusal=None,
        **parts,
    )
    app = create_app(cast("Services", platform))
    return FakePlatform(jobs, queue, pauses, runs, dead, events, beats, readiness, audit, clock, app)


def _closed_hub() -> EventHub:
    """Return one without a place: an answer that never ends is nothing for a stand-in."""
    return EventHub((), Keys().namespace, keep_alive_sec=15, max_clients=0)


def fake_key_cache(load: Callable[[], Awaitable[Keyring]], clock: FakeClock) -> ApiKeyCache:
    """Return a cache of the keys that `load` reads; their use is kept nowhere."""
    return ApiKeyCache(
        load,
        clock=clock,
        stamp=_nothing,
        mark_used=_nothing,
        touch=_nothing,
        looked=lambda _keyring: None,
        lookup=KeyLookup(_is_stored, clock),
    )


async def _is_stored(_token: str) -> bool:
    return False


async def _nothing(*_given: object) -> None: ...


async def _keyring(keys: tuple[ApiKey, ...], sessions: tuple[Session, ...] = ()) -> Keyring:
    return Keyring(PEPPER, keys, sessions)


def fake_key(role: Role) -> tuple[ApiKey, str]:
    """Return a key named for its role, and its text."""
    token = f"secret-of-a-{role}-with-enough-characters"
    return key_of(PEPPER, f"a-{role}", role, token), token


def fake_session(key: ApiKey) -> tuple[Session, str]:
    """Return a session that acts for a key, and its text."""
    session_id = digest_of(PEPPER, key.key_id)[:12].translate(str.maketrans("0189", "abcd"))
    token = f"mjs_{session_id}_{'S' * 43}"
    return Session(session_id, key.key_id, digest_of(PEPPER, token), 0, "127.0.0.1", "", 0), token


def fake_run(run_id: str, status: RunStatus = RunStatus.SUCCESS, slot_ms: int | None = None) -> RunRecord:
    """Return a run."""
    ended, success = status in TERMINAL, status is RunStatus.SUCCESS
    return RunRecord(
        run_id=run_id,
        seq=1,
        rev=3,
        job_id="a",
        type="test.load",
        version=1,
        status=status,
        source="schedule",
        trace_id="0" * 32,
        priority=Priority.NORMAL,
        inputs={},
        timeout_ms=1000,
        max_retry=3,
        slot_ms=slot_ms,
        created_at=slot_ms or 0,
        queued_at=0,
        due_at=None,
        started_at=1,
        ended_at=2,
        duration_ms=1,
        worker="w",
        attempt=1,
        failures=0,
        crashes=0,
        releases=0,
        progress=None,
        output={"n": 1},
        error=None,
        dead_letter=False,
        cancel_requested=False,
        waiting_for="",
        actor="local",
        result={"success": success, "output": {"n": 1}, "error": None, "duration_ms": 1} if ended else None,
    )

"""Readiness: whether each service gets work done, with a reason."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Literal, cast

from app.core.activity.shard_states import shard_states
from app.core.errors import ConfigurationError, RedisUnavailable, Unavailable
from app.core.i18n import _
from app.core.memory.usage import full_error, is_full, parse_server_memory
from app.core.records import InstanceInfo, LaneName, queues_of
from app.core.redis_client import whole_of
from app.core.storage.connection import pairs
from app.core.storage.shards import ShardSet

if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet

    from app.core.activity.heartbeat import Heartbeats
    from app.core.activity.shard_states import ShardState
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts
    from app.core.storage.shards import Shard

SERVICES = ("scheduler", "worker", "connector")
CheckWord = Literal["ok", "late", "missing", "busy", "stalled", "refusing"]
# Two beats may be lost or slow before a service counts as late.
LATE_AFTER_BEATS = 3
# Slots fire within a quarter of a second, even while schedulers are killed. Ten seconds are a fault.
OVERDUE_MS = 10_000
# A channel may answer after 30 s, and a message is tried again after that.
MAIL_OVERDUE_MS = 60_000
CLOCK_STEP = "*clock"
"""In place of a job: next fires and retries wait for a clock that went back. No job has this name."""


@dataclass(frozen=True, slots=True)
class ReadinessCheck:
    """The check of one part of the deployment. `blocks`: this status stops work."""

    status: CheckWord
    age_ms: int | None
    instances: int
    reason: str | None = None
    """None if all is well."""
    next_step: str | None = None
    """A command that helps or shows more."""
    blocks: bool = False


@dataclass(frozen=True, slots=True)
class ReadinessLimits:
    """Time limits of the checks."""

    late_ms: int
    wait_ms: int

    @classmethod
    def of(cls, settings: Settings) -> ReadinessLimits:
        """Return the limits of a deployment."""
        late_ms = round(settings.heartbeat_sec * 1000 * LATE_AFTER_BEATS)
        return cls(late_ms, round(settings.ready_wait_sec * 1000))


@dataclass(frozen=True, slots=True)
class WorkFacts:
    """Waiting work and its instants by Redis' clock (ms); None if nothing waits."""

    now: int
    waiting: int = 0
    running: int = 0
    ready_since: int | None = None
    last_start: int | None = None
    due_since: int | None = None
    due_job: str = ""
    mail_since: int | None = None
    mail_account: str = ""
    mail_moved: int | None = None
    lanes: str = ""
    """Lanes of normal runs with entries, one a line: name, how many wait, the oldest run's instant or -."""
    accounts_up: str = ""
    """Ids of enabled accounts that are up, one a line."""
    accounts_down: str = ""

    @classmethod
    def of(cls, flat: Sequence[str]) -> WorkFacts:
        """Read the answer of `work_facts`."""
        texts = pairs(flat)
        names = {"due_job", "mail_account", "lanes", "accounts_up", "accounts_down"}
        values: dict[str, Any] = {
            name: text if name in names else int(text) if text else None for name, text in texts.items()
        }
        facts = cls(**values)
        return facts.of_queues({lane.queue for lane in facts.lane_waits()})

    def lane_waits(self) -> dict[LaneName, tuple[int, int | None]]:
        """Return of each lane how many runs wait, and since when the oldest that may start does."""
        lines = [line.split(" ") for line in self.lanes.splitlines()]
        return {
            LaneName.parse(lane): (int(waiting), None if since == "-" else int(since))
            for lane, waiting, since in lines
        }

    def served_by(self, workers: Sequence[InstanceInfo]) -> WorkFacts:
        """Return the facts of the queues that these workers serve; of all queues if there are no workers."""
        if not workers or not self.lanes:
            return self
        served = {queue for worker in workers for queue in queues_of(worker)}
        return self.of_queues(served)

    def of_queues(self, queues: AbstractSet[str]) -> WorkFacts:
        """Return the facts with `waiting` and `ready_since` of some queues."""
        waits = [wait for lane, wait in self.lane_waits().items() if lane.queue in queues]
        since = min((since for _, since in waits if since is not None), default=None)
        return replace(self, waiting=sum(waiting for waiting, _ in waits), ready_since=since)

    def age_ms(self, instant: int | None) -> int | None:
        """Return how long ago an instant was."""
        return None if instant is None else max(0, self.now - instant)


def _redis(took_ms: int, refusal: str | None, states: Sequence[ShardState] = ()) -> ReadinessCheck:
    """Return the check of a Redis that answers; it may refuse new work, or a shard may be away."""
    down = [str(each.shard) for each in states if not each.is_up]
    if refusal is None and down:
        # Without addresses: this endpoint needs no key. The other shards go on.
        reason = _("Redis of shard {shards} does not answer: its jobs wait.", shards=", ".join(down))
        return ReadinessCheck("missing", took_ms, len(states) - len(down), reason, "multi-job doctor")
    if refusal is None:
        return ReadinessCheck("ok", took_ms, max(1, len(states)))
    return ReadinessCheck("refusing", took_ms, 1, refusal, "multi-job doctor", blocks=True)


def redis_missing(error: Exception) -> ReadinessCheck:
    """Return the check of a Redis that cannot be used."""
    if isinstance(error, ConfigurationError):
        reason = _("The settings do not fit this Redis; the API's log has the reason.")
        return ReadinessCheck("missing", None, 0, reason, "multi-job doctor", blocks=True)
    if isinstance(error, Unavailable) and not isinstance(error, RedisUnavailable):
        return ReadinessCheck("refusing", None, 0, error.message, "multi-job doctor", blocks=True)
    # Without an address: this endpoint needs no key.
    reason = _("Redis does not answer.")
    return ReadinessCheck("missing", None, 0, reason, "multi-job up", blocks=True)


def assess_worker(
    facts: WorkFacts, instances: Sequence[InstanceInfo], limits: ReadinessLimits
) -> ReadinessCheck:
    """Judge by the oldest waiting run and the last start of a run."""
    facts = facts.served_by(instances)
    waited_ms = facts.age_ms(facts.ready_since)
    absent = _absent("worker", instances, limits, blocks=waited_ms is not None, effect=_unstarted(facts))
    if absent is not None:
        return absent
    idle_ms = facts.age_ms(facts.last_start)
    is_stuck = waited_ms is not None and waited_ms > limits.wait_ms
    if not is_stuck or (idle_ms is not None and idle_ms <= limits.wait_ms):
        return _well(instances)
    assert waited_ms is not None  # noqa: S101 - is_stuck says so
    slots = sum(int(each.state.get("concurrency", 0)) for each in instances)
    taken = sum(len(each.state.get("running", ())) for each in instances)
    if slots and taken >= slots:
        return _busy(instances, slots, waited_ms)
    return _stalled(instances, facts, waited_ms)


def _busy(instances: Sequence[InstanceInfo], slots: int, waited_ms: int) -> ReadinessCheck:
    reason = _(
        "All {slots} slots are taken; the oldest run has waited {waited_ms} s and none has "
        "started meanwhile. Start another worker or raise WORKER_CONCURRENCY.",
        slots=slots,
        waited_ms=_sec(waited_ms),
    )
    return _troubled("busy", instances, reason, "multi-job runs --status running")


def _stalled(instances: Sequence[InstanceInfo], facts: WorkFacts, waited_ms: int) -> ReadinessCheck:
    number = max(1, facts.waiting)
    reason = _(
        "{number} ready runs wait, the oldest for {waited_ms} s, slots are free, and none "
        "starts. Restart the worker; its log has the details.",
        number=number,
        waited_ms=_sec(waited_ms),
    )
    return _troubled("stalled", instances, reason, "multi-job doctor")


def _unstarted(facts: WorkFacts) -> str:
    waited_ms = facts.age_ms(facts.ready_since)
    if waited_ms is None:
        return _("no run waits")
    number = max(1, facts.waiting)
    return _("{number} ready runs wait, the oldest for {sec} s", number=number, sec=_sec(waited_ms))


def assess_scheduler(
    facts: WorkFacts, instances: Sequence[InstanceInfo], limits: ReadinessLimits
) -> ReadinessCheck:
    """Judge by overdue work: slots, delayed runs, retries, chains."""
    overdue_ms = facts.age_ms(facts.due_since)
    is_stuck = overdue_ms is not None and overdue_ms > OVERDUE_MS
    effect = _("nothing is due")
    if overdue_ms is not None and facts.due_job == CLOCK_STEP:
        effect = _(
            "Redis' clock went back, and what was stored before is not corrected after {sec} s",
            sec=_sec(overdue_ms),
        )
    elif overdue_ms is not None:
        effect = _("{job} has been due for {sec} s", job=facts.due_job, sec=_sec(overdue_ms))
    absent = _absent("scheduler", instances, limits, blocks=is_stuck, effect=effect)
    if absent is not None:
        return absent
    if not is_stuck:
        return _well(instances)
    reason = _("The scheduler is alive, but {effect}. Restart it; its log has the details.", effect=effect)
    return _troubled("stalled", instances, reason, "multi-job doctor")


def assess_connector(
    facts: WorkFacts, instances: Sequence[InstanceInfo], limits: ReadinessLimits
) -> ReadinessCheck:
    """Judge by messages that are due while none is sent."""
    overdue_ms, still_ms = facts.age_ms(facts.mail_since), facts.age_ms(facts.mail_moved)
    is_overdue = overdue_ms is not None and overdue_ms > MAIL_OVERDUE_MS
    is_stuck = is_overdue and (still_ms is None or still_ms > MAIL_OVERDUE_MS)
    effect = _("no message waits")
    if overdue_ms is not None:
        effect = _(
            "messages of {account} have waited for {sec} s", account=facts.mail_account, sec=_sec(overdue_ms)
        )
    absent = _absent("connector", instances, limits, blocks=is_overdue, effect=effect)
    if absent is not None:
        return absent
    if not is_stuck:
        return _well(instances)
    reason = _(
        "The connector is alive, but {effect} and none is sent. Restart it; its log has the details.",
        effect=effect,
    )
    return _troubled("stalled", instances, reason, "multi-job messages --state pending")


_NAMES = {"scheduler": _("scheduler"), "worker": _("worker"), "connector": _("connector")}


def _absent(
    service: str, instances: Sequence[InstanceInfo], limits: ReadinessLimits, *, blocks: bool, effect: str
) -> ReadinessCheck | None:
    """Return the check of a service that is missing or late; None if its heartbeat is in time."""
    name = _NAMES[service]
    if not instances:
        reason = _("No {service} runs; {effect}.", service=name, effect=effect)
        return ReadinessCheck("missing", None, 0, reason, "multi-job up", blocks)
    age_ms = _age_ms(instances)
    if age_ms <= limits.late_ms:
        return None
    reason = _(
        "The last heartbeat of the {service} was {sec} s ago; {effect}.",
        service=name,
        sec=_sec(age_ms),
        effect=effect,
    )
    return ReadinessCheck("late", age_ms, len(instances), reason, "multi-job doctor", blocks)


def _well(instances: Sequence[InstanceInfo]) -> ReadinessCheck:
    return ReadinessCheck("ok", _age_ms(instances), len(instances))


def _troubled(
    word: CheckWord, instances: Sequence[InstanceInfo], reason: str, next_step: str
) -> ReadinessCheck:
    return ReadinessCheck(word, _age_ms(instances), len(instances), reason, next_step, blocks=True)


def _age_ms(instances: Sequence[InstanceInfo]) -> int:
    return min(each.age_ms for each in instances)


def _sec(milliseconds: int) -> int:
    return milliseconds // 1000


# The facts, and the report for them.

# Runs at the head of the queue may be held or wait for a key. The search for a run that may start ends
# after this number.
CHECK_SETTINGS = 64


class Status(StrEnum):
    """Status of the whole deployment."""

    READY = "ready"
    """Every service does its work."""
    DEGRADED = "degraded"
    """A service is late or missing, but nothing waits for it."""
    UNREADY = "unready"
    """Redis refuses writes or is out of reach, or work waits and nothing happens to it."""


@dataclass(frozen=True, slots=True)
class ReadinessReport:
    """The checks of all services at one instant."""

    checks: dict[str, ReadinessCheck]
    schema_version: int | None = None
    """The schema of the stored data; None if Redis does not answer or holds no version."""

    @property
    def status(self) -> Status:
        """Return the worst of all checks."""
        if any(check.blocks for check in self.checks.values()):
            return Status.UNREADY
        is_well = all(check.status == "ok" for check in self.checks.values())
        return Status.READY if is_well else Status.DEGRADED


class ReadinessProbe:
    """Reads the facts for readiness in two or three round trips, independent of the queue length."""

    def __init__(self, scripts: Scripts, link: RedisLink, heartbeats: Heartbeats, clock: Clock) -> None:
        self._scripts = scripts
        self._link = link
        self._heartbeats = heartbeats
        self._clock = clock

    async def check(self, settings: Settings, shard_patience_sec: float | None = None) -> ReadinessReport:
        """Return how Redis and each service are; Unavailable if Redis is out of reach.

        A shard that does not answer within `shard_patience_sec` is away.
        """
        asked = self._clock.monotonic()
        states = await shard_states(self._link.parts, self._clock, shard_patience_sec)
        link, scripts = self._without_those_away(states)
        # All of these are sent in one batch; only the heartbeats need a second one.
        refusal, full, facts, instances, schema = await asyncio.gather(
            _refusal(scripts),
            _full(link),
            _facts(scripts, settings.lease_ms),
            self._heartbeats.instances(),
            self._link.call("HGET", self._scripts.keys.schema, "version"),
        )
        took_ms = round((self._clock.monotonic() - asked) * 1000)
        limits = ReadinessLimits.of(settings)
        of = {name: [each for each in instances if each.service == name] for name in SERVICES}
        return ReadinessReport(
            {
                "redis": _redis(took_ms, refusal or full, states),
                "scheduler": assess_scheduler(facts, of["scheduler"], limits),
                "worker": assess_worker(facts, of["worker"], limits),
                "connector": assess_connector(facts, of["connector"], limits),
            },
            None if schema is None else int(schema),
        )

    def _without_those_away(self, states: Sequence[ShardState]) -> tuple[RedisLink, Scripts]:
        """Return the link and the scripts of the shards that answer: a call to another one would wait."""
        up = [each.shard for each in states if each.is_up]
        if len(up) == len(states):
            return self._link, self._scripts
        if 0 not in up:
            raise RedisUnavailable(states[0].reason)
        rest = whole_of(ShardSet([cast("Shard", self._link.parts[number]) for number in up]))
        return rest.link, rest.scripts


async def _facts(scripts: Scripts, lease_ms: int) -> WorkFacts:
    facts = await scripts.run("statistics/work_facts", page_size=CHECK_SETTINGS, lease_ms=lease_ms)
    return WorkFacts.of(facts)


async def _refusal(scripts: Scripts) -> str | None:
    """Return why Redis refuses a write; None if it accepts one."""
    try:
        await scripts.run("deployment/probe_write")
    except RedisUnavailable:
        raise
    except Unavailable as error:
        return error.message
    return None


async def _full(link: RedisLink) -> str | None:
    """Return why new runs are refused although Redis would still accept writes."""
    server = parse_server_memory(await link.call("INFO", "memory"))
    return full_error(server).message if is_full(server) else None


def away(error: Unavailable | TimeoutError | ConfigurationError) -> ReadinessReport:
    """Return the report for a Redis that is out of reach or must not be used."""
    reason = _("Unknown while Redis does not answer.")
    unknown = ReadinessCheck("missing", None, 0, reason, "multi-job up")
    return ReadinessReport({"redis": redis_missing(error), **dict.fromkeys(SERVICES, unknown)})

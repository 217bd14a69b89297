"""Estimates the Redis memory of this deployment by kind, from random samples.

Single keys and indexes are measured directly. For runs, jobs, roll-ups and messages, the average size of a
few dozen random members is multiplied by their count. A key that many members share (jobs of a type, the line
of a concurrency key) is counted through its members: each adds its part. Only families of many small keys
without an index (idempotency keys, plans) are counted through random keys of the database. An estimate takes
about 1,600 reads, 1 ms of Redis.
"""

from __future__ import annotations

import asyncio
import random
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from redis.exceptions import ResponseError

from app.core.connectors.messages import OutboxState
from app.core.memory.usage import HISTORY_FLOOR_MS, KINDS, RESEND_FLOOR_MS, MemoryUsage
from app.core.models import TERMINAL, RunStatus
from app.core.records import ArtifactKind
from app.core.storage.keys import GROUP
from app.core.storage.lane_directory import lanes_of, read_lanes
from app.core.storage.limits import names_of_run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys

RUNS, JOBS, VALUES, MESSAGES, ROLLUPS_A_DAY, RANDOM_KEYS = 40, 48, 3, 16, 4, 96
"""Sizes of the samples: runs a status, jobs, values a job, messages a state, roll-ups a day, any keys."""
WAITING_KEYS, CLAIMS, ACCOUNTS, PUBLISHED = 16, 16, 16, 16
"""Further samples: concurrency keys with a line, workers, accounts, artifacts of a kind."""
ROLLUP_DAYS, DAYS, FOLDED_DAYS, MINUTES = 42, 402, 9, 1_501
DAY_MS, MINUTE_MS = 86_400_000, 60_000
OTHER_WEIGHT = 0.3
"""Weight of the newest sample of random keys in the moving average: one sample errs by a fifth or more."""
# Families of many small keys, counted through random keys. One large key among them would make the sum of its
# kind wrong by a multiple. All other families are counted through their indexes.
_UNINDEXED = {
    **dict.fromkeys(
        ("idempotency", "plan", "plan_asker", "plan_last", "check", "pause_over", "instance"), "other"
    ),
    **dict.fromkeys(("account", "account_lease", "account_state", "account_hold", "health"), "other"),
    "receipts": "messages",
}


_RUN_FIELDS = ("job", "ended", "dead", "overlap", "key", "waiting")
PAUSED = "paused:"
"""What a run's field `waiting` begins with if a pause holds it (`pauses.lua`)."""
_Index = tuple[str, str]
"""The command that counts an index, and its key."""


@dataclass(slots=True)
class _Estimate:
    """Sums of one round."""

    kinds: defaultdict[str, float] = field(default_factory=lambda: defaultdict[str, float](float))
    removable: float = 0
    removable_now: float = 0
    ended: int = 0
    unindexed: Counter[str] = field(default_factory=Counter[str])


@dataclass(frozen=True, slots=True)
class _Sampled:
    """One run of a sample; it represents `weight` runs of its status."""

    run_id: str
    status: RunStatus
    weight: float

    @property
    def has_ended(self) -> bool:
        return self.status in TERMINAL


class MemoryEstimator:
    """Measures one namespace; keeps the moving average of the keys without an index."""

    def __init__(self, link: RedisLink, keys: Keys, generator: random.Random | None = None) -> None:
        self._link = link
        self._keys = keys
        self._random = generator or random.Random()  # noqa: S311  it picks samples
        self._unindexed: Counter[str] | None = None

    async def measure(self) -> MemoryUsage:
        """Read samples and return the estimate."""
        seconds, micros = await self._link.call("TIME")
        now_ms = int(seconds) * 1000 + int(micros) // 1000
        found = _Estimate()
        await asyncio.gather(
            self._contents(found),
            self._singles(found),
            self._jobs(found),
            self._runs(found, now_ms),
            self._rollups(found, now_ms),
            self._messages(found),
            self._accounts(found),
            self._claims(found),
            self._published(found),
            self._random_keys(found),
        )
        for kind, size in self._smoothed(found.unindexed).items():
            found.kinds[kind] += size
        return MemoryUsage(
            at_ms=now_ms,
            kinds={kind: round(found.kinds[kind]) for kind in KINDS},
            removable_bytes=round(found.removable),
            removable_now_bytes=round(found.removable_now),
            ended_runs=found.ended,
        )

    async def _sizes(self, names: Iterable[str], samples: int = 0) -> list[int]:
        reads: list[Command] = [("MEMORY", "USAGE", name, "SAMPLES", samples) for name in names]
        return [size or 0 for size in await self._link.calls(reads)] if reads else []

    async def _singles(self, found: _Estimate) -> None:
        """Measure single keys, by a few of their members if they are large."""
        keys = self._keys
        lanes = (await read_lanes(self._link, keys)).all
        named = {
            "jobs": [keys.jobs, keys.jobs_enabled, keys.schedule, keys.limits],
            "queue": [
                *map(keys.ready, lanes),
                *(keys.queues, keys.typed_lanes),
                *(keys.chains, keys.delayed, keys.pauses, keys.pause_ends, keys.waiting_keys),
            ],
            "history": [keys.dead, keys.dead, keys.dead, keys.dead_groups],
            "rollups": [keys.metrics],
            "logs": [
                *(keys.events, keys.audit("done"), keys.audit("refused"), keys.quarantine),
                *(keys.audit_log(log) for log in ("protected", "acts", "refused")),
            ],
            "messages": [*map(keys.outbox_state, OutboxState), keys.inbox],
            "other": [
                *(keys.meta, keys.api_keys, keys.accounts, keys.contacts, keys.secrets, keys.calendars),
                keys.instances,
                *map(keys.published_all, ArtifactKind),
            ],
            "artifacts": [keys.artifacts, keys.artifacts_doomed],
        }
        # `dead` counts three times: a dead letter also has an entry by job and one by error.
        for kind, names in named.items():
            found.kinds[kind] += sum(await self._sizes(names, 20))

    async def _jobs(self, found: _Estimate) -> None:
        keys = self._keys
        count, picked = await self._pick(keys.jobs, JOBS)
        if not picked:
            return
        families = (keys.job, keys.versions, keys.fired, keys.ledger, keys.kv_index, keys.tool_metrics)
        sizes = await self._sizes(family(job) for job in picked for family in families)
        total = sum(sizes) + await self._values(picked) + await self._job_index_sizes(picked)
        found.kinds["jobs"] += total * count / len(picked)

    async def _job_index_sizes(self, job_ids: list[str]) -> float:
        """Return these jobs' part of the indexes by type, tag, target and concurrency key."""
        keys = self._keys
        records: list[list[str | None]] = await self._link.calls(
            [("HMGET", keys.job(job), "type", "tags", "target", "key", "calendars") for job in job_ids]
        )
        parts = [
            [
                ("ZCARD", keys.jobs_type(job_type or "")),
                *(("ZCARD", keys.jobs_tag(tag)) for tag in (tags or "").split(",") if tag),
                *([("ZCARD", keys.jobs_target(target))] if target else []),
                *(("SCARD", keys.limit_jobs(name)) for name in (key or "").split(",") if name),
                *(("ZCARD", keys.jobs_calendar(name)) for name in (calendars or "").split(",") if name),
            ]
            for job_type, tags, target, key, calendars in records
        ]
        return sum(await self._parts(parts))

    async def _values(self, job_ids: list[str]) -> float:
        """Return the bytes of the values that these jobs' handlers keep."""
        total = 0.0
        for job_id, (count, picked) in zip(
            job_ids,
            await asyncio.gather(*(self._pick(self._keys.kv_index(job), VALUES) for job in job_ids)),
            strict=True,
        ):
            total += await self._average((count, picked), partial(self._keys.kv, job_id))
        return total

    async def _runs(self, found: _Estimate, now_ms: int) -> None:
        sampled: list[_Sampled] = []
        for status in RunStatus:
            count, picked = await self._pick(self._keys.runs_status(status), RUNS)
            sampled += [_Sampled(run_id, status, count / len(picked)) for run_id in picked]
            found.ended += count if status in TERMINAL else 0
        if not sampled:
            return
        records: list[list[str | None]] = await self._link.calls(
            [("HMGET", self._keys.run(each.run_id), *_RUN_FIELDS) for each in sampled]
        )
        indexes = [self._run_indexes(*pair) for pair in zip(sampled, records, strict=True)]
        own, parts = await asyncio.gather(self._run_sizes(sampled), self._parts(indexes))
        for each, record, (size, log_size), part in zip(sampled, records, own, parts, strict=True):
            found.kinds["logs"] += each.weight * log_size
            _add_run(found, each, each.weight * (size + part), record, now_ms)
        names = await self._pick(self._keys.waiting_keys, WAITING_KEYS, "SCARD", "SRANDMEMBER")
        found.kinds["queue"] += await self._average(names, self._keys.waiting_lines)

    async def _run_sizes(self, sampled: list[_Sampled]) -> list[tuple[int, int]]:
        """Return each run's own bytes and those of its log stream."""
        keys = self._keys
        families = (keys.run, keys.attempts, keys.log_packed, keys.tool_calls, keys.log)
        sizes = await self._sizes(family(each.run_id) for each in sampled for family in families)
        rows = [sizes[at : at + len(families)] for at in range(0, len(sizes), len(families))]
        return [(sum(row[:-1]), row[-1]) for row in rows]

    def _run_indexes(self, run: _Sampled, record: list[str | None]) -> list[_Index]:
        """Return the indexes that a run is in: all runs, its status, its job, its line or its places."""
        keys, (job, _, _, overlap, key, waiting) = self._keys, record
        found = [
            ("ZCARD", keys.runs),
            ("ZCARD", keys.runs_status(run.status)),
            ("ZCARD", keys.runs_job(job or "")),
        ]
        if run.has_ended:
            return found
        found.append(("SCARD", keys.active(job or "")))
        names = names_of_run(job or "", overlap, key)
        if waiting and waiting.startswith(PAUSED):
            found.append(("ZCARD", keys.paused(waiting.removeprefix(PAUSED))))
        elif waiting:
            found.append(("ZCARD", keys.waiting(",".join(names))))
        elif run.status is RunStatus.RUNNING:
            found += [("SCARD", keys.holders(name)) for name in names]
        return found

    async def _parts(self, members: list[list[_Index]]) -> list[float]:
        """Return each member's bytes in the indexes that it is in."""
        indexes = sorted({index for each in members for index in each})
        counts: list[int] = await self._link.calls([*indexes]) if indexes else []
        sizes = await self._sizes((name for _, name in indexes), 20)
        entry = {index: size / max(1, n) for index, size, n in zip(indexes, sizes, counts, strict=True)}
        return [sum(entry[index] for index in each) for each in members]

    async def _rollups(self, found: _Estimate, now_ms: int) -> None:
        keys, today = self._keys, now_ms // DAY_MS
        days = range(today - ROLLUP_DAYS + 1, today + 1)
        picked = await asyncio.gather(
            *(self._pick(keys.rollup_jobs(day), ROLLUPS_A_DAY, "HLEN", "HRANDFIELD") for day in days)
        )
        indexes = await self._sizes((keys.rollup_jobs(day) for day in days), 20)
        total = float(sum(indexes))
        for day, (count, jobs) in zip(days, picked, strict=True):
            sizes = await self._sizes(
                key(job, day) for job in jobs for key in (keys.rollup_quarter, keys.rollup_durations)
            )
            total += sum(sizes) * count / len(jobs) if jobs else 0
        minute = now_ms // MINUTE_MS
        total += await self._spread([keys.rollup_minute(minute - back) for back in range(MINUTES)], 40)
        total += await self._spread([keys.rollup_day(today - back) for back in range(DAYS)], 10)
        total += sum(await self._sizes((keys.rollup_all(today - back) for back in range(FOLDED_DAYS)), 20))
        found.kinds["rollups"] += total

    async def _spread(self, names: list[str], step: int) -> float:
        """Return the bytes of keys that may not exist, measured at equal steps."""
        sizes = await self._sizes(names[self._random.randrange(step) :: step])
        return sum(sizes) * step

    async def _messages(self, found: _Estimate) -> None:
        for state in OutboxState:
            picked = await self._pick(self._keys.outbox_state(state), MESSAGES)
            found.kinds["messages"] += await self._average(picked, self._keys.outbox)

    async def _accounts(self, found: _Estimate) -> None:
        keys = self._keys
        picked = await self._pick(keys.accounts, ACCOUNTS, "HLEN", "HRANDFIELD")
        found.kinds["messages"] += await self._average(picked, keys.chats, keys.updates, keys.updates_seen)

    async def _claims(self, found: _Estimate) -> None:
        """Measure the last claim of each worker; a claim has an id for each of its runs."""
        directory = await read_lanes(self._link, self._keys)
        answers = await asyncio.gather(*map(self._consumers, lanes_of(directory.queues)))
        workers = sorted({name for names in answers for name in names})
        picked = self._random.sample(workers, min(CLAIMS, len(workers)))
        found.kinds["other"] += await self._average((len(workers), picked), self._keys.claim)

    async def _consumers(self, lane: str) -> list[str]:
        try:
            answer = await self._link.call("XINFO", "CONSUMERS", self._keys.ready(lane), GROUP)
        except ResponseError:
            return []  # No run has used the lane yet, so it has no stream.
        return [fields[fields.index("name") + 1] for fields in answer]

    async def _published(self, found: _Estimate) -> None:
        keys = self._keys
        for kind in ArtifactKind:
            count, picked = await self._pick(keys.published_all(kind), PUBLISHED)
            if not picked:
                continue
            records = [keys.published(kind, name) for name in picked]
            jobs = await self._link.calls([("HGET", record, "job") for record in records])
            parts = await self._parts([[("ZCARD", keys.published_job(kind, job or ""))] for job in jobs])
            found.kinds["other"] += (sum(await self._sizes(records)) + sum(parts)) * count / len(picked)

    async def _contents(self, found: _Estimate) -> None:
        picked = await self._pick(self._keys.artifacts, PUBLISHED)
        found.kinds["artifacts"] += await self._average(picked, self._keys.artifact)

    async def _average(self, picked: tuple[int, list[str]], *families: Callable[[str], str]) -> float:
        """Return the bytes of these families' keys for all members of an index, from those picked."""
        count, names = picked
        sizes = await self._sizes(family(name) for name in names for family in families)
        return sum(sizes) * count / len(names) if names else 0

    async def _random_keys(self, found: _Estimate) -> None:
        size = await self._link.call("DBSIZE")
        if not size:
            return
        names: list[str | None] = await self._link.calls([("RANDOMKEY",)] * RANDOM_KEYS)
        specs = [(name, self._keys.declaration(name)) for name in names if name]
        ours = [(name, spec.name) for name, spec in specs if spec is not None and spec.name in _UNINDEXED]
        sizes = await self._sizes(name for name, _ in ours)
        for (_, family), each in zip(ours, sizes, strict=True):
            found.unindexed[_UNINDEXED[family]] += round(each * size / RANDOM_KEYS)

    def _smoothed(self, seen: Counter[str]) -> Counter[str]:
        before = self._unindexed
        if before is not None:
            kinds = {*before, *seen}
            mixed = {k: before[k] + OTHER_WEIGHT * (seen[k] - before[k]) for k in kinds}
            seen = Counter({kind: round(size) for kind, size in mixed.items()})
        self._unindexed = seen
        return seen

    async def _pick(
        self, index: str, most: int, count: str = "ZCARD", pick: str = "ZRANDMEMBER"
    ) -> tuple[int, list[str]]:
        """Return how many members an index has, and up to `most` random ones."""
        number, picked = await self._link.calls([(count, index), (pick, index, most)])
        return number, picked


def _add_run(found: _Estimate, run: _Sampled, size: float, record: list[str | None], now_ms: int) -> None:
    if not run.has_ended:
        found.kinds["queue"] += size
        return
    found.kinds["history"] += size
    _, ended, dead, *_ = record
    if dead or not ended:
        return
    age_ms = now_ms - int(ended)
    found.removable += size if age_ms > HISTORY_FLOOR_MS else 0
    found.removable_now += size if age_ms > RESEND_FLOOR_MS else 0

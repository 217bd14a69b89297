"""Multiplies a job that has fired: all of its keys, for any number of jobs and any times."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import orjson

from app.core.models import JobSpec, Overlap, Schedule
from benchmarks.subject import started, wait_until_ended

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.ours import Platform

_AT_ONCE = 1_000
_ID, _SECOND, _INTERVAL = "pattern", datetime(2025, 1, 1, 0, 0, 0, 123_000, tzinfo=UTC), 777
_TAG = "team"

# ARGV: the prefixes of a job, its versions, its fired slots; the indexes of all jobs, of enabled ones, of the
# type, of the tag, the successes and the schedule; first seq; JSON of the fields of a job and of its version;
# fired slots; then id, spec and slot of each job. The key in KEYS is for routing.
_CLONE_JOBS = """
local seq, fields, version = tonumber(ARGV[10]), cjson.decode(ARGV[11]), cjson.decode(ARGV[12])
for at = 14, #ARGV, 3 do
  local job, spec, slot = ARGV[at], ARGV[at + 1], ARGV[at + 2]
  redis.call('HSET', ARGV[1] .. job, 'spec', spec, 'seq', seq, 'slot', slot, unpack(fields))
  version.spec = spec
  redis.call('HSET', ARGV[2] .. job, '1', cjson.encode(version))
  redis.call('SET', ARGV[3] .. job, ARGV[13], 'EX', 86400)
  for index = 4, 7 do redis.call('ZADD', ARGV[index], seq, job) end
  redis.call('ZADD', ARGV[8], fields[2], job)
  redis.call('ZADD', ARGV[9], slot, job)
  seq = seq + 1
end
redis.call('SET', KEYS[1], seq)
"""


@dataclass(frozen=True, slots=True)
class JobPattern:
    """A real job after its first run."""

    spec: str
    fields: str
    version: str
    fired: str


async def real_pattern(platform: Platform) -> JobPattern:
    """Let a scheduler and a worker run a job once; return what is stored of it."""
    spec = JobSpec(
        job_id=_ID,
        type="bench.noop",
        description="A job among many.",
        schedule=Schedule(interval_sec=1),
        tags=[_TAG],
        overlap=Overlap.ALLOW,
        # A machine that is behind fires late; it records no missed slots.
        misfire_grace_sec=3_600,
    )
    await platform.jobs.create(spec, actor="bench", origin="bench")
    commands = [platform.scheduler_command(), platform.worker_command()]
    with started(commands, platform.environment()) as processes:
        await wait_until_ended(platform, 1, processes)
    link, keys = platform.link, platform.keys
    distant = spec.model_copy(update={"schedule": Schedule(interval_sec=_INTERVAL, start_at=_SECOND)})
    await platform.jobs.replace(distant, expected_version=None, actor="bench", origin="bench")
    fields: dict[str, str] = await link.hash(keys.job(_ID))
    saves: dict[str, str] = await link.hash(keys.versions(_ID))
    fired: str = await link.call("GET", keys.fired(_ID))
    await platform.jobs.delete(_ID, actor="bench")
    text = fields.pop("spec")
    fields |= {"version": "1"}
    kept = [("created", fields.pop("created")), *fields.items()]
    listed = [word for name, value in kept if name not in {"seq", "slot"} for word in (name, value)]
    return JobPattern(text, orjson.dumps(listed).decode(), saves["2"], fired)


async def clone_jobs(
    platform: Platform,
    pattern: JobPattern,
    numbers: range,
    *,
    interval_sec: int,
    start_ms: Callable[[int], int],
    slot_ms: Callable[[int], int] | None = None,
) -> None:
    """Store jobs `job-<number>` with an interval; `slot_ms` is the next slot, by default the start."""
    link, keys = platform.link, platform.keys
    targets = (
        *(keys.job(""), keys.versions(""), keys.fired("")),
        *(keys.jobs, keys.jobs_enabled, keys.jobs_type("bench.noop"), keys.jobs_tag(_TAG)),
        *(keys.successes, keys.schedule),
    )
    spec = pattern.spec.replace(f'"interval_sec":{_INTERVAL}', f'"interval_sec":{interval_sec}')
    head, found, tail = spec.partition(_instant(_SECOND))
    if not found or _quoted(_ID) not in head:
        raise SystemExit(f"benchmark failed: the stored spec is not as expected: {pattern.spec}")
    for first in range(numbers.start, numbers.stop, _AT_ONCE):
        rows: list[str | int] = []
        for number in range(first, min(numbers.stop, first + _AT_ONCE)):
            job, start = f"job-{number:07}", start_ms(number)
            slot = start if slot_ms is None else slot_ms(number)
            instant = _instant(datetime.fromtimestamp(start / 1000, UTC))
            named = head.replace(_quoted(_ID), _quoted(job))
            rows += (job, f"{named}{instant}{tail}", slot)
        seq = int(await link.call("GET", keys.seq)) + 1
        shared = (pattern.fields, pattern.version, pattern.fired)
        await link.call("EVAL", _CLONE_JOBS, 1, keys.seq, *targets, seq, *shared, *rows)


def _quoted(text: str) -> str:
    return f'"{text}"'


def _instant(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def now_ms() -> int:
    """Return this machine's time, which is the server's as well."""
    return time.time_ns() // 1_000_000

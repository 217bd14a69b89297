"""Fills a deployment with real records, multiplied by Redis."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from app.core.models import JobSpec, Schedule
from benchmarks.ours import Platform
from benchmarks.subject import started, wait_until_ended, wait_until_listening

_AT_ONCE = 1_000
_JOBS_AT_ONCE = 100
_DAY_MS, _HOURS = 86_400_000, 24
_QUARTER_MS, _QUARTERS, _DAYS = 900_000, 96, 92
_LATENCIES = "40:3 41:8 42:12 43:4 45:2 51:1"
"""Thirty checks of a quarter hour by fine bucket."""

# ARGV: four prefixes of keys (run, all runs, runs of a status, runs of a job), first seq, how many runs,
# how many jobs, then the fields of a real run. The key in KEYS is for routing.
_CLONE_RUNS = """
local first, jobs, fields = tonumber(ARGV[5]), tonumber(ARGV[7]), {unpack(ARGV, 8)}
for seq = first, first + tonumber(ARGV[6]) - 1 do
  local id, job = string.format('0BENCH%020d', seq), string.format('job-%05d', seq % jobs)
  redis.call('HSET', ARGV[1] .. id, 'job', job, 'seq', seq, unpack(fields))
  redis.call('ZADD', ARGV[2], seq, id)
  redis.call('ZADD', ARGV[3], seq, id)
  redis.call('ZADD', ARGV[4] .. job, seq, id)
end
redis.call('SET', KEYS[1], first + ARGV[6])
"""

# ARGV: prefix of the roll-ups, day, first job, last job, then the fields of a day.
_CLONE_ROLLUPS = """
local fields = {unpack(ARGV, 5)}
for number = tonumber(ARGV[3]), tonumber(ARGV[4]) do
  redis.call('HSET', string.format('%sjob-%05d:%s', ARGV[1], number, ARGV[2]), unpack(fields))
end
"""


@dataclass(frozen=True, slots=True)
class Template:
    """A finished run, and what its end added to the roll-up of its job."""

    run: list[str]
    rollup: list[str]
    durations: list[str]


async def real_template(services: Platform) -> Template:
    """Execute one run in a worker and read the records that it leaves."""
    await services.prepare()
    with started([services.worker_command()], services.environment()) as processes:
        await wait_until_listening(services, processes, 1)
        run_id = await services.submit("bench.noop", "{}")
        await wait_until_ended(services, 1, processes)
    keys, link = services.keys, services.link
    run: list[str] = await link.call("HGETALL", keys.run(run_id))
    fields = dict(zip(run[::2], run[1::2], strict=True))
    job, day = fields.pop("job"), int(fields["ended"]) // _DAY_MS
    rollup: list[str] = await link.call("HGETALL", keys.rollup_quarter(job, day))
    durations: list[str] = await link.call("HGETALL", keys.rollup_durations(job, day))
    del fields["seq"]
    return Template([text for pair in fields.items() for text in pair], _spread(rollup), _spread(durations))


def _spread(rollup: list[str]) -> list[str]:
    """Return the roll-up of a day with a run in each hour, from one with a run in a single quarter."""
    pairs = [(field.partition("|")[2], text) for field, text in zip(rollup[::2], rollup[1::2], strict=True)]
    return [text for n in range(_HOURS) for rest, value in pairs for text in (f"{4 * n}|{rest}", value)]


async def fill(services: Platform, template: Template, *, jobs: int, runs: int) -> None:
    """Store jobs, the same number of ended runs for each, and two days of roll-ups."""
    await make_jobs(services, jobs)
    await clone_runs(services, template, jobs=jobs, runs=runs)
    await _clone_rollups(services, template, jobs)


async def clone_runs(services: Platform, template: Template, *, jobs: int, runs: int) -> None:
    """Store ended runs of these jobs in turn."""
    keys, link = services.keys, services.link
    first = int(await link.call("GET", keys.seq)) + 1
    prefixes = (keys.run(""), keys.runs, keys.runs_status("success"), keys.runs_job(""))
    for start in range(first, first + runs, _AT_ONCE):
        count = min(_AT_ONCE, first + runs - start)
        await link.call(
            *("EVAL", _CLONE_RUNS, 1, keys.seq, *prefixes, start, count, jobs, *template.run),
        )


async def _clone_rollups(services: Platform, template: Template, jobs: int) -> None:
    today = services.now_ms() // _DAY_MS
    for day in (today - 1, today):
        for key_of, fields in (
            (services.keys.rollup_quarter, template.rollup),
            (services.keys.rollup_durations, template.durations),
        ):
            prefix = key_of("", day).partition(f":{day}")[0]
            for start in range(0, jobs, _AT_ONCE):
                last = min(start + _AT_ONCE, jobs) - 1
                where = ("EVAL", _CLONE_ROLLUPS, 1, services.keys.seq, prefix, day, start, last)
                await services.link.call(*where, *fields)


async def make_jobs(services: Platform, count: int) -> None:
    """Store jobs that are not due soon."""
    store = services.jobs
    for start in range(0, count, _JOBS_AT_ONCE):
        numbers = range(start, min(count, start + _JOBS_AT_ONCE))
        made: list[Any] = [store.create(_spec(number), actor="bench", origin="bench") for number in numbers]
        await asyncio.gather(*made)


def _spec(number: int) -> JobSpec:
    return JobSpec(
        job_id=f"job-{number:05}",
        type="bench.noop",
        description="A job among many. / Satu dari banyak job.",
        schedule=Schedule(interval_sec=3_600),
        tags=[f"team-{number % 20}"],
    )


async def fill_monitors(services: Platform, count: int) -> None:
    """Store monitors with a check each 30 s over the last day, and the uptimes of 92 days."""
    keys, now_ms = services.keys, services.now_ms()
    today, quarter = now_ms // _DAY_MS, now_ms // _QUARTER_MS
    state = {"state": "up", "since": now_ms - 3 * _DAY_MS, "seen": now_ms, "checked": now_ms, "gap": 30_000}
    days = dict.fromkeys(range(today - _DAYS + 1, today + 1), "86000000,0,400000")
    recent = {day: min(_QUARTERS, quarter + 1 - day * _QUARTERS) for day in (today - 1, today)}
    for number in range(count):
        job_id = f"monitor-{number:05}"
        about = {
            "type": "monitor.http",
            "target": f"https://example.org/{number}",
            "latency": 42,
            "changes": 3,
        }
        commands: list[Any] = [
            ("HSET", keys.job(job_id), "enabled", "1", "type", "monitor.http"),
            ("ZADD", keys.monitors, number + 1, job_id),
            ("HSET", keys.monitor(job_id), *_flat({**state, **about})),
            ("HSET", keys.monitor_days(job_id), *_flat(days)),
        ]
        for day, quarters in recent.items():
            times = _flat(dict.fromkeys(range(quarters), "890000,0,10000"))
            latencies = _flat(dict.fromkeys(range(quarters), _LATENCIES))
            commands.append(("HSET", keys.monitor_quarters(job_id, day), *times))
            commands.append(("HSET", keys.monitor_latency(job_id, day), *latencies))
        await services.link.calls(commands)


def _flat(fields: dict[Any, Any]) -> list[Any]:
    return [part for pair in fields.items() for part in pair]

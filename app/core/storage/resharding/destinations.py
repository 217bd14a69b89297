"""Where each key, and each element of a shared key, goes when data is divided again."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final

from app.core.storage.shards import job_of_run, shard_of_job

if TYPE_CHECKING:
    from app.core.storage.resharding.elements import Element
    from app.core.storage.shards import Shard

_MOST_KNOWN: Final = 200_000
_OF_PROCESSES: Final = "of processes, none of which runs"
_AGAIN: Final = "made again by the first round of the chore that uses it"
_MARKED: Final = "a counter or mark that the division sets itself"
LEFT_BEHIND: Final[Mapping[str, str]] = {
    **dict.fromkeys(("claim", "chore", "instance", "instances", "account_lease"), _OF_PROCESSES),
    **dict.fromkeys(("lost_workers", "checks", "check", "tool_calls", "restore_lock"), _OF_PROCESSES),
    **dict.fromkeys(("heal", "lease_clock", "memory", "limit_shares", "limit_grants"), _AGAIN),
    **dict.fromkeys(("seq", "meta", "fence", "incidents_ended"), _MARKED),
    "shard_layout": "of the division itself",
    "event_marks": "places in the former streams of events; a cursor is found without them",
    "chained": "runs of chains between shards, to make none of a run that retention has removed",
}
"""The families that a division does not copy, each with the reason."""
SUMMED: Final = frozenset({"metrics", "rollup_minute", "rollup_day", "rollup_all", "rollup_jobs"})
"""Counts of the deployment: their sums go into the first shard."""
TO_ALL: Final = frozenset(
    {
        "schema",
        "secret_key",
        "calendars",
        "queues",
        "pause_over",
        "alarm_recent",
        "starts",
        "rate_wakes",
        "awake",
    }
)
COPIES: Final = frozenset({"schema", "secret_key", "calendars", "alarm_recent", "awake"})
"""What each former shard has a copy of, with times of its own: that of the first one is taken."""
MERGED_STREAMS: Final = frozenset({"ready", "chains", "events", "quarantine", "inbox"})
DERIVED: Final = frozenset({"waiting_keys", "waiting_lines", "typed_lanes", "dead_groups", "limits"})
"""What each shard has because of other keys: found again from them."""
OF_JOBS: Final = frozenset(
    {
        *("jobs", "jobs_type", "jobs_tag", "jobs_enabled", "jobs_target", "jobs_queue", "jobs_calendar"),
        *("schedule", "successes", "success_due", "limit_jobs", "isolated", "monitors", "pings_due"),
        *("ping_tokens", "tool_metrics_jobs"),
    }
)
"""Shared keys whose elements begin with a job."""
OF_RUNS: Final = frozenset(
    {"runs", "runs_status", "delayed", "holders", "waiting", "paused", "dead", "dead_group"}
)
OF_SCOPES: Final = frozenset({"pauses", "pause_ends"})
OF_MESSAGES: Final = frozenset({"outbox_due", "outbox_sending", "outbox_state"})
OF_INCIDENTS: Final = frozenset({"incidents", "incidents_due"})
INCIDENT: Final = frozenset(
    {"incident", "incident_members", "incident_jobs", "incident_timeline", "incident_deliveries"}
)
_HOME: Final = (0,)


class Destinations:
    """Finds the shards, of a number of them, that records of one former shard go to."""

    def __init__(self, source: Shard, shards: int) -> None:
        self._link = source.link
        self._keys = source.keys
        self._shards = shards
        self._all = tuple(range(shards))
        self._is_home = source.index == 0
        self._runs: dict[str, int] = {}

    def of_job(self, job_id: str) -> int:
        """Return the shard of a job; of no job the first one."""
        return shard_of_job(job_id, self._shards) if job_id else 0

    async def of_runs(self, run_ids: Sequence[str]) -> list[int]:
        """Return the shards of runs; a run that is gone belongs to the first one."""
        found: dict[str, int] = {}
        unknown: list[str] = []
        for run_id in run_ids:
            job_id = job_of_run(run_id)
            if job_id is not None:
                found[run_id] = self.of_job(job_id)
            elif run_id in self._runs:
                found[run_id] = self._runs[run_id]
            else:
                unknown.append(run_id)
        jobs = await self._link.calls([("HGET", self._keys.run(each), "job") for each in unknown])
        if len(self._runs) > _MOST_KNOWN:
            self._runs.clear()
        for run_id, job_id in zip(unknown, jobs, strict=True):
            found[run_id] = self._runs[run_id] = self.of_job(job_id or "")
        return [found[run_id] for run_id in run_ids]

    async def _of_fields(self, keys: Sequence[str], field: str = "job") -> list[int]:
        jobs = await self._link.calls([("HGET", key, field) for key in keys])
        return [self.of_job(job_id or "") for job_id in jobs]

    async def of_messages(self, entry_ids: Sequence[str]) -> list[int]:
        """Return the shards of messages."""
        return await self._of_fields([self._keys.outbox(each) for each in entry_ids])

    async def of_incident(self, incident_id: str) -> tuple[int, ...]:
        """Return the shards of an incident: those of its jobs, so that each job can end its part of it.

        One about the platform is in the first shard, also if it names jobs.
        """
        if await self._is_of_platform(incident_id):
            return _HOME
        jobs = await self._link.call("ZRANGE", self._keys.incident_jobs(incident_id), 0, -1)
        return tuple(sorted({self.of_job(job_id) for job_id in jobs})) or _HOME

    async def _is_of_platform(self, incident_id: str) -> bool:
        return await self._link.call("HGET", self._keys.incident(incident_id), "kind") == "no_worker"

    async def of_key(self, family: str, rest: str) -> tuple[int, ...]:
        """Return the shards of a key that stays whole."""
        if family in TO_ALL:
            return self._all
        if family in INCIDENT:
            return await self.of_incident(rest)
        match family:
            case "outbox":
                places = await self.of_messages([rest])
            case "receipts":
                receipt = self._keys.receipts(*rest.rsplit(":", 1))
                places = await self.of_messages([await self._link.call("HGET", receipt, "message") or ""])
            case "published":
                places = await self._of_fields([self._keys.published(*rest.split(":", 1))])
            case "idempotency":
                return await self._of_key_of_a_call(rest)
            case "artifact":
                places = await self._of_content(rest)
            case _:
                places = _HOME
        return tuple(places)

    async def _of_key_of_a_call(self, scope: str) -> tuple[int, ...]:
        """Return the shards of an idempotency key: that of its run, where a repeat looks for it.

        If retention has removed the run, its job is unknown, so each shard has the key.
        """
        run_id = await self._link.call("HGET", self._keys.idempotency(scope), "run")
        if run_id is None:
            return _HOME
        if job_of_run(run_id) is None and not await self._link.call("EXISTS", self._keys.run(run_id)):
            return self._all
        return tuple(await self.of_runs([run_id]))

    async def _of_content(self, content: str) -> tuple[int, ...]:
        record = await self._link.call("HGET", self._keys.artifact(content), "of")
        return await self.of_key("published", record) if record else _HOME

    async def of_elements(self, family: str, rest: str, elements: Sequence[Element]) -> list[tuple[int, ...]]:
        """Return the shards of each element of a key that is divided."""
        names = [each[0] for each in elements]
        if family in OF_INCIDENTS:
            return await asyncio.gather(*map(self.of_incident, names))
        match family:
            case "incidents_open":
                return await asyncio.gather(*(self.of_incident(each[1]) for each in elements))
            case "incidents_job":
                own, of_platform = self.of_job(rest), await asyncio.gather(*map(self._is_of_platform, names))
                return [_HOME if each else (own,) for each in of_platform]
            case "artifacts":
                return await asyncio.gather(*map(self._of_content, names))
            case "pauses" | "pause_ends":
                return [self._of_scope(name) for name in names]
            case _:
                return [(place,) for place in await self._of_names(family, rest, elements)]

    async def _of_names(self, family: str, rest: str, elements: Sequence[Element]) -> list[int]:
        names = [each[0] for each in elements]
        if family in OF_JOBS:
            return [self.of_job(name) for name in names]
        if family in OF_RUNS:
            return await self.of_runs(names)
        if family in OF_MESSAGES:
            return await self.of_messages(names)
        if family == "ping_jobs":
            return [self.of_job(each[1]) for each in elements]
        if family == "published_all":
            return await self._of_fields([self._keys.published(rest, name) for name in names])
        return [0 for _ in names]

    def _of_scope(self, scope: str) -> tuple[int, ...]:
        kind, _, name = scope.partition(":")
        if kind == "job":
            return (self.of_job(name),)
        # Each former shard has it, with a time of its own.
        return self._all if self._is_home else ()


def is_divided(family: str) -> bool:
    """Return whether the elements of a key go to different shards."""
    return family in _DIVIDED


_DIVIDED: Final = (OF_JOBS | OF_RUNS | OF_SCOPES | OF_MESSAGES | OF_INCIDENTS) | {
    "incidents_open",
    "incidents_job",
    "ping_jobs",
    "published_all",
    "artifacts",
    "artifacts_doomed",
}

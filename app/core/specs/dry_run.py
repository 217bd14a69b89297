"""Validates a job spec without saving it (dry run)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from app.core.models import JobSpec
from app.core.scheduling.schedule import first_fire
from app.core.specs.store import two_limits, user_key
from app.core.specs.validation import check_chains

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.records import JobRecord
    from app.core.redis_client import RedisLink
    from app.core.specs.store import JobStore
    from app.core.storage.keys import Keys

Chains = Mapping[str, Sequence[str]]
"""Jobs with the jobs that they start, as if they were saved."""


class SaveDryRun:
    """Finds the problems for which `JobStore` would refuse a save."""

    def __init__(
        self, jobs: JobStore, link: RedisLink, keys: Keys, clock: Clock, default_timezone: str
    ) -> None:
        self._jobs = jobs
        self._link = link
        self._keys = keys
        self._clock = clock
        self._default_timezone = default_timezone

    async def run(self, spec: JobSpec, assumed: Chains) -> JobRecord | None:
        """Return the stored job, None if this one is new; InvalidSpec if a save would be refused."""
        stored = (await self._jobs.find_some([spec.job_id])).get(spec.job_id)

        async def find(job_ids: Sequence[str]) -> dict[str, JobSpec]:
            found = await self._jobs.find_some([name for name in job_ids if name not in assumed])
            specs = {name: record.spec for name, record in found.items()}
            return specs | {name: _as_if(assumed[name]) for name in job_ids if name in assumed}

        await check_chains(spec, find)
        changed = stored is None or stored.spec.schedule != spec.schedule
        first_fire(spec, self._default_timezone, self._clock.now_ms(), must_fire=changed)
        await self._check_limit(spec)
        return stored

    async def _check_limit(self, spec: JobSpec) -> None:
        """Raise the error of the saving script for a key with two limits."""
        if spec.concurrency is None:
            return
        key = user_key(spec.concurrency.key)
        owners = self._keys.limit_jobs(key)
        stored, count, own = await self._link.calls(
            [
                ("HGET", self._keys.limits, key),
                ("SCARD", owners),
                ("SISMEMBER", owners, spec.job_id),
            ]
        )
        if stored is not None and int(stored) != spec.concurrency.limit and count > own:
            raise two_limits(spec, int(stored))


def _as_if(targets: Sequence[str]) -> JobSpec:
    # Only the targets matter. They are split over both lists, because each list holds at most 10.
    half = len(targets) // 2
    return JobSpec(
        job_id="assumed", type="assumed", on_success=list(targets[:half]), on_failure=list(targets[half:])
    )

"""The shards of a deployment: parts of its jobs and runs, each with keys and a link of its own.

A job is in one shard, with its runs, logs, monitors, incidents and messages. What belongs to no job is in the
first shard, its home: access, secrets, settings, calendars, accounts, status pages, the audit log. A
deployment with one shard has all of it there. A script sees its own shard only, so what scripts read is in
each shard: heartbeats, calendars, and pauses of more than one job.
"""

from __future__ import annotations

import asyncio
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.storage.scripts import Scripts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from app.core.storage.keys import Keys
    from app.core.storage.link import RedisLink


@dataclass(frozen=True, slots=True)
class Shard:
    """One part: its number, and what stores need to work in it."""

    index: int
    link: RedisLink
    keys: Keys
    scripts: Scripts


def shard_of_link(link: RedisLink, keys: Keys) -> Shard:
    """Return the shard that a link leads to."""
    return Shard(keys.shard, link, keys, Scripts(link, keys))


def shard_of_job(job_id: str, shards: int) -> int:
    """Return the number of the shard that holds a job: the same on every machine and in every release."""
    return zlib.crc32(job_id.encode()) % shards


def job_of_run(run_id: str) -> str | None:
    """Return the job that a run id names; None if it names none, as after a submission."""
    job_id, at, _slot = run_id.rpartition("@")
    return job_id if at else None


class ShardSet:
    """All shards of a deployment, in their order."""

    def __init__(self, shards: Sequence[Shard]) -> None:
        self.shards = tuple(shards)
        self.home = self.shards[0]

    def __len__(self) -> int:
        return len(self.shards)

    def __iter__(self) -> Iterator[Shard]:
        return iter(self.shards)

    def __getitem__(self, index: int) -> Shard:
        return self.shards[index]

    def of_job(self, job_id: str) -> Shard:
        """Return the shard that holds a job and all that belongs to it."""
        return self.shards[shard_of_job(job_id, len(self.shards))] if len(self.shards) > 1 else self.home

    def of_run(self, run_id: str) -> Shard | None:
        """Return the shard of a run whose id names its job; None if any shard may hold it."""
        if len(self.shards) == 1:
            return self.home
        job_id = job_of_run(run_id)
        return None if job_id is None else self.of_job(job_id)

    async def close(self) -> None:
        """Wait for the answers of all calls and close the connections."""
        await asyncio.gather(*(shard.link.close() for shard in self.shards))

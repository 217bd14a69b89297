"""Runs that no live worker can take: of a job type that none has, or in a queue that none serves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from app.core.alerting.findings import WatchFinding
from app.core.i18n import _
from app.core.incidents.models import IncidentKind
from app.core.queue.depth import read_queue_stats
from app.core.records import LaneName, queues_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from app.core.records import InstanceInfo, QueueStats
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys

UNSERVED: Final = "no_worker:"
"""Starts the causes of these incidents: `no_worker:<type>`, `no_worker:queue:<queue>`."""
LASTING_SEC: Final = 15.0
"""A worker that is replaced, or a deploy in two steps, takes less."""
_MOST_WAITING: Final = 64
_MOST_JOBS: Final = 20


@dataclass(frozen=True, slots=True)
class Unserved:
    """A type of runs, or a whole queue, that waits although workers live."""

    queue: str
    type: str = ""

    @property
    def key(self) -> str:
        """Return the cause of its incident."""
        return f"{UNSERVED}{self.type or self.subject}"

    @property
    def subject(self) -> str:
        """Return the type, or `queue:<queue>`."""
        return self.type or f"queue:{self.queue}"


def unserved(
    stats: QueueStats, waiting: Sequence[tuple[str, str]], workers: Sequence[InstanceInfo]
) -> list[Unserved]:
    """Return what waits in vain; `waiting` are queues and types of runs. Nothing if no worker lives."""
    if not workers:
        return []
    served = {queue for worker in workers for queue in queues_of(worker)}
    found = [Unserved(each.queue) for each in stats.queues if each.waiting and each.queue not in served]
    aside = [(each.queue, job_type) for each in stats.queues for job_type in each.missing_types]
    for queue, job_type in sorted({*aside, *waiting}):
        serving = [worker for worker in workers if queue in queues_of(worker)]
        # A worker of an earlier version may not report its types.
        types = [worker.state.get("types") for worker in serving]
        if serving and all(each is not None and job_type not in each for each in types):
            found.append(Unserved(queue, job_type))
    return found


class UnservedWork:
    """Finds what waits in vain, and remembers since when."""

    def __init__(self, link: RedisLink, keys: Keys, monotonic: Callable[[], float]) -> None:
        self._link = link
        self._keys = keys
        self._monotonic = monotonic
        self._since = dict[str, float]()

    async def findings(self, workers: Sequence[InstanceInfo]) -> list[WatchFinding]:
        """Return the findings about what has waited in vain for a while."""
        found = unserved(await read_queue_stats(self._link, self._keys), await self._oldest(), workers)
        now = self._monotonic()
        self._since = {each.key: self._since.get(each.key, now) for each in found}
        lasting = [each for each in found if now - self._since[each.key] >= LASTING_SEC]
        return [await self._finding(each) for each in lasting]

    async def _oldest(self) -> list[tuple[str, str]]:
        """Return queue and type of the oldest waiting runs, which no worker may have read yet."""
        keys = self._keys
        run_ids = await self._link.call("ZRANGE", keys.runs_status("queued"), 0, _MOST_WAITING - 1)
        reads: list[Command] = [("HMGET", keys.run(run_id), "pri", "type") for run_id in run_ids]
        records: list[Any] = await self._link.calls(reads) if reads else []
        return [(LaneName.parse(lane).queue, job_type) for lane, job_type in records if lane and job_type]

    async def _finding(self, found: Unserved) -> WatchFinding:
        if found.type:
            index = self._keys.jobs_type(found.type)
            cause = _("Its runs wait, and no live worker has a handler for them. HANDLER_MODULES names more.")
        else:
            index = self._keys.jobs_queue(found.queue)
            cause = _(
                "Its runs wait, and no live worker serves it. WORKER_QUEUES names the queues of a worker."
            )
        jobs: list[str] = await self._link.call("ZRANGE", index, 0, _MOST_JOBS - 1)
        return WatchFinding(
            found.key, IncidentKind.NO_WORKER, "warning", cause, subject=found.subject, jobs=tuple(jobs)
        )

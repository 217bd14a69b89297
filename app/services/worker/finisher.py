"""Reports ends: one batched call at a time, whatever ended meanwhile travels in the next."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.coalescer import Coalescer
from app.core.errors import MultiJobError
from app.core.log_merge import with_earlier_lines
from app.core.models import Finish, Outcome
from app.core.observability import get_logger
from app.core.runner import StopReason

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.queue import Queue
    from app.core.runner import Execution, RunEnd, Stopped
    from app.services.worker.hands import Hands

log = get_logger(__name__)


class Finisher:
    """Takes the ends of executions to Redis and lets their runs go once Redis has answered."""

    def __init__(self, queue: Queue, hands: Hands) -> None:
        self._queue = queue
        self._hands = hands
        self._finishes: Coalescer[Finish, str] = Coalescer(queue.finish_many)
        self._releases: Coalescer[tuple[str, str], str] = Coalescer(queue.release)
        self._merging: set[asyncio.Task[None]] = set()

    def ended(self, execution: Execution, end: RunEnd) -> None:
        """Take one end; called in the event loop, once for each execution."""
        run = execution.run
        self._hands.ending(run)
        if not isinstance(end, Finish):
            self._stopped(run, end)
        elif run.logged and end.outcome is not Outcome.RETRY:
            task = asyncio.create_task(self._merge_and_finish(run, end))
            self._merging.add(task)
            task.add_done_callback(self._merging.discard)
        else:
            self._finish(run, end)

    def give_back(self, run: ClaimedRun) -> None:
        """Give back a run whose handler was not started."""
        self._hands.ending(run)
        self._release(run)

    async def drained(self) -> None:
        """Wait until every end has been answered or given up."""
        while self._merging:
            await asyncio.wait(self._merging)
        await self._finishes.drained()
        await self._releases.drained()

    def _finish(self, run: ClaimedRun, end: Finish) -> None:
        self._finishes.submit(end).add_done_callback(lambda answer: self._answered(run, answer))

    def _stopped(self, run: ClaimedRun, end: Stopped) -> None:
        if end.reason is StopReason.LOST:
            self._hands.gone(run)
            return
        self._release(run)

    def _release(self, run: ClaimedRun) -> None:
        self._releases.submit((run.run_id, run.lease_id)).add_done_callback(
            lambda answer: self._answered(run, answer)
        )

    async def _merge_and_finish(self, run: ClaimedRun, end: Finish) -> None:
        try:
            end = await with_earlier_lines(self._queue.link, self._queue.keys, run, end)
        except MultiJobError as error:
            log.warning("earlier log lines not merged", run_id=run.run_id, reason=error.message)
        self._finish(run, end)

    def _answered(self, run: ClaimedRun, answer: asyncio.Future[str]) -> None:
        self._hands.gone(run)
        if answer.cancelled():
            return
        error = answer.exception()
        word = "UNANSWERED" if error is not None else answer.result()
        if word not in {"OK", "CANCELLED"}:
            # LOST: another attempt owns the run. UNANSWERED: the lease lapses and the run is tried again.
            log.warning(
                "end not recorded", word=word, reason=str(error or ""), run_id=run.run_id, job_id=run.job_id
            )

"""Log lines for the start and the end of attempts."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, Any

import orjson

from app.core.models import AttemptOutcome, AttemptResult, RunStatus
from app.core.observability import get_logger

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.models import ClaimedRun
    from app.core.runner import RunEnd

log = get_logger(__name__)

# The statuses of a run after the attempt. An isolated run whose child crashed has failed.
STATUSES = {
    AttemptOutcome.SUCCESS: RunStatus.SUCCESS,
    AttemptOutcome.FAILED: RunStatus.FAILED,
    AttemptOutcome.CRASHED: RunStatus.FAILED,
    AttemptOutcome.RETRY: RunStatus.RETRYING,
    AttemptOutcome.CANCELLED: RunStatus.CANCELLED,
}
WINDOW_SEC = 1.0


class AttemptLog:
    """Writes a line for each start (debug) and each end (info) of an attempt.

    Every end is logged except successes beyond `most_per_sec` within a second. One line at the end of that
    second has their number. All methods belong to the event loop's thread.
    """

    def __init__(self, clock: Clock, most_per_sec: int) -> None:
        self._clock = clock
        self._most = most_per_sec
        self._log = log.bind()
        # Looked up once: a busy worker starts thousands of runs a second.
        self._debug = logging.getLogger(__name__).isEnabledFor(logging.DEBUG)
        self._window_ends = 0.0
        self._logged = 0
        self._left_out = 0

    def started(self, run: ClaimedRun) -> None:
        """Log the start of an attempt at debug level."""
        if self._debug:
            self._log.debug("run started", **_ids(run))

    def ended(self, run: ClaimedRun, end: RunEnd) -> None:
        """Log the end of an attempt, unless it is a success beyond the bound."""
        if not isinstance(end, AttemptResult):
            duration_ms = max(0, self._clock.now_ms() - run.started_at_ms)
            self._log.info("run ended", **_ids(run), status=f"stopped:{end.reason}", duration_ms=duration_ms)
        elif end.outcome is not AttemptOutcome.SUCCESS or self._is_within_bound():
            status = STATUSES[end.outcome]
            self._log.info(
                "run ended", **_ids(run), status=status, duration_ms=end.duration_ms, **_error_of(end)
            )

    def flush(self) -> None:
        """Log how many successes were left out since the last such line."""
        if self._left_out:
            self._log.info("successes left out of the log", runs=self._left_out, log_runs_per_sec=self._most)
            self._left_out = 0

    def _is_within_bound(self) -> bool:
        now = self._clock.monotonic()
        if now >= self._window_ends:
            self._window_ends = now + WINDOW_SEC
            self._logged = 0
        if self._logged < self._most:
            self._logged += 1
            return True
        if self._left_out == 0:
            asyncio.get_running_loop().call_later(self._window_ends - now, self.flush)
        self._left_out += 1
        return False


def _ids(run: ClaimedRun) -> dict[str, Any]:
    return {
        "job_id": run.job_id,
        "run_id": run.run_id,
        "trace_id": run.trace_id,
        "type": run.type,
        "attempt": run.attempt,
    }


def _error_of(end: AttemptResult) -> dict[str, Any]:
    if not end.error:
        return {}
    error: dict[str, Any] = orjson.loads(end.error)
    return {"code": error.get("code", ""), "error": error.get("message", "")}

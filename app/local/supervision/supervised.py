"""One service of the supervisor, and the pauses between its starts."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from app.core.i18n import concat
from app.local.processes import describe_exit, is_alive, last_lines
from app.local.services import ServiceSpec
from app.local.state import ServiceRecord

FIRST_DELAY_SECONDS = 0.2
LAST_DELAY_SECONDS = 10.0
STABLE_SECONDS = 60.0


@dataclass(slots=True)
class RestartBackoff:
    """The pause before the next start: doubling, reset after a service lived long enough."""

    delay_seconds: float = FIRST_DELAY_SECONDS

    def after_life_of(self, alive_seconds: float) -> float:
        if alive_seconds >= STABLE_SECONDS:
            self.delay_seconds = FIRST_DELAY_SECONDS
        delay = self.delay_seconds
        self.delay_seconds = min(delay * 2, LAST_DELAY_SECONDS)
        return delay


@dataclass(slots=True)
class SupervisedService:
    """One service of the supervisor; `child` is None if an earlier supervisor started it."""

    spec: ServiceSpec
    record: ServiceRecord
    child: subprocess.Popen[bytes] | None = None
    backoff: RestartBackoff = field(default_factory=RestartBackoff)
    started_at: float = 0.0
    next_start_at: float = 0.0
    restart_before: float = 0.0
    """It was asked to end, and is started again; killed if it is alive then. 0 if it was not asked."""
    hung_reason: str = ""
    """Set while a hung process is replaced."""
    may_drain_seconds: float = 0.0
    """The time that such a process gets if it comes back to life."""

    def is_alive(self) -> bool:
        if self.child is not None:
            return self.child.poll() is None
        return is_alive(self.record.process)

    def exit_reason(self) -> str:
        how = describe_exit(self.child.returncode if self.child else None)
        lines = last_lines(Path(self.record.log_file), 1, since=self.record.log_offset)
        return concat(how, *lines, separator=": ")

"""One service as the supervisor holds it, and how long it waits before it starts a dead one again."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass, field
from pathlib import Path

from app.local_process import describe_exit, is_alive, last_lines
from app.local_services import ServiceSpec
from app.local_state import ServiceRecord

FIRST_DELAY_SECONDS = 0.2
LAST_DELAY_SECONDS = 10.0
STABLE_SECONDS = 60.0


@dataclass(slots=True)
class Backoff:
    """How long to wait before the next start: doubling, from the first again once one lived long enough."""

    delay_seconds: float = FIRST_DELAY_SECONDS

    def after_life_of(self, alive_seconds: float) -> float:
        if alive_seconds >= STABLE_SECONDS:
            self.delay_seconds = FIRST_DELAY_SECONDS
        delay = self.delay_seconds
        self.delay_seconds = min(delay * 2, LAST_DELAY_SECONDS)
        return delay


@dataclass(slots=True)
class Service:
    """One service as the supervisor holds it; `child` is None where an earlier supervisor started it."""

    spec: ServiceSpec
    record: ServiceRecord
    child: subprocess.Popen[bytes] | None = None
    backoff: Backoff = field(default_factory=Backoff)
    started_at: float = 0.0
    next_start_at: float = 0.0

    def is_alive(self) -> bool:
        if self.child is not None:
            return self.child.poll() is None
        return is_alive(self.record.process)

    def exit_reason(self) -> str:
        how = describe_exit(self.child.returncode if self.child else None)
        return ": ".join([how, *last_lines(Path(self.record.log_file), 1, since=self.record.log_offset)])

"""Findings of the self-watch: conditions that hold now, and the incidents that they open and close."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from app.core.incidents.models import IncidentKind, Severity
    from app.core.incidents.store import IncidentStore


# A machine that just woke up, or a process that was stopped, reads one wrong value.
_IN_A_ROW = 2


@dataclass(frozen=True, slots=True)
class WatchFinding:
    """A condition that holds now; `key` names its cause."""

    key: str
    kind: IncidentKind
    severity: Severity
    cause: str
    """The reason for people."""
    subject: str = ""
    job_id: str = ""
    since_ms: int | None = None
    jobs: tuple[str, ...] = ()
    """Jobs of the incident, if it is about several."""


async def report(
    incidents: IncidentStore, found: Iterable[WatchFinding], is_covered: Callable[[str], bool]
) -> None:
    """Open the incidents of findings, and close those that are open without a finding.

    `is_covered` says of which causes the findings are all that there are.
    """
    findings = {finding.key: finding for finding in found}
    for key in await incidents.open_keys():
        if is_covered(key) and key not in findings:
            await incidents.close(key)
    for finding in findings.values():
        for job_id in finding.jobs or (finding.job_id,):
            await incidents.open(
                finding.key,
                finding.kind,
                severity=finding.severity,
                subject=finding.subject,
                cause=finding.cause,
                job_id=job_id,
                since_ms=finding.since_ms,
            )


class Debouncer:
    """Counts bad readings: two in a row are a condition, a good one ends it."""

    def __init__(self) -> None:
        self._bad = -1

    def debounce(self, *, bad: bool, good: bool) -> bool | None:
        """Return True if the condition begins, False if it ends, None if neither."""
        if bad:
            self._bad = max(self._bad, 0) + 1
            return True if self._bad == _IN_A_ROW else None
        if good and self._bad != 0:
            self._bad = 0
            return False
        return None

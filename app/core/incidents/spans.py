"""Incidents of a period, for reports."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.incidents.models import IncidentRecord
    from app.core.incidents.store import IncidentStore

MOST_READ = 2_000
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class IncidentSpan:
    """An incident and the time that its cause held, epoch ms; `to_ms` is None while it is open."""

    id: str
    kind: str
    subject: str
    state: str
    """That of a monitor; else empty."""
    severity: str
    from_ms: int
    to_ms: int | None

    @classmethod
    def of(cls, record: IncidentRecord) -> IncidentSpan:
        """Return the span of a stored incident."""
        state = str(record.data.get("state", ""))
        return cls(
            record.id,
            record.kind.value,
            record.subject,
            state,
            record.severity,
            record.since,
            record.closed_at,
        )

    def overlaps(self, from_ms: int, to_ms: int) -> bool:
        """Return whether it touches [from, to)."""
        return self.from_ms < to_ms and (self.to_ms is None or self.to_ms > from_ms)


async def incident_spans(incidents: IncidentStore, from_ms: int, to_ms: int) -> list[IncidentSpan]:
    """Return the incidents that touch a period, oldest first, among the newest 2,000."""
    found: list[IncidentSpan] = []
    cursor: int | None = None
    for _turn in range(MOST_READ // _AT_ONCE):
        page = await incidents.list(cursor=cursor, limit=_AT_ONCE)
        spans = map(IncidentSpan.of, page.items)
        found += [span for span in spans if span.overlaps(from_ms, to_ms)]
        cursor = page.next_cursor
        if cursor is None:
            break
    return sorted(found, key=lambda each: (each.from_ms, each.id))

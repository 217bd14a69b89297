"""The part of the events that a key with a scope sees: those of its jobs."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from app.core.activity.events import EventList
from app.core.specs.scoped import ids_in_scope

if TYPE_CHECKING:
    from app.core.access.scope import JobScope
    from app.core.activity.events import Events
    from app.core.records import EventRecord
    from app.core.specs.store import JobStore

HIDDEN_FAMILY: Final = "incident"
"""An incident may be about several jobs, and its events name only one of them."""
PAGE, PAGES = 500, 10
"""A call reads at most 5,000 events, as one with topics does."""


@dataclass(frozen=True, slots=True)
class ScopedEvents:
    """The events that one scope lets through, by the present tags of their jobs."""

    scope: JobScope
    jobs: JobStore

    async def among(self, job_ids: Iterable[str]) -> frozenset[str]:
        """Return those of these jobs whose events are shown."""
        return await ids_in_scope(self.jobs, self.scope, job_ids)

    async def find(
        self, events: Events, limit: int, after: str | None, before: str | None, topics: frozenset[str]
    ) -> EventList:
        """Return events as `Events.find` does, without those of other jobs.

        The topics are compared here, so that the place at which a call ends says nothing about other jobs.
        """
        forward = after is not None and before is None
        found: list[EventRecord] = []
        for _ in range(PAGES):
            page = await events.find(PAGE, after=after, before=before)
            mine = await self.among(event.job_id for event in page.items)
            shown = [event for event in page.items if event.job_id in mine and _is_wanted(event, topics)]
            ordered = shown if forward else shown[::-1]
            found += ordered[: limit - len(found)]
            if len(found) == limit:
                more = len(shown) > 0 and ordered[-1] is not found[-1]
                following = found[-1].id if more or page.next_id is not None else None
                return EventList(found if forward else found[::-1], following)
            if page.next_id is None:
                return EventList(found if forward else found[::-1], None)
            after, before = (page.next_id, before) if forward else (after, page.next_id)
        return EventList(found if forward else found[::-1], after if forward else before)


def _is_wanted(event: EventRecord, topics: frozenset[str]) -> bool:
    family = event.type.partition(".")[0]
    if family == HIDDEN_FAMILY:
        return False
    return not topics or not topics.isdisjoint({family, f"job:{event.job_id}", f"run:{event.run_id}"})

"""Incidents as they are stored: opened, closed, read, acknowledged.

Most are opened and closed by the script that sees their cause (`lua/lib/incidents.lua`); `open` and `close`
are for causes that a process finds out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, Literal, cast

import orjson

from app.core.errors import IncidentNotFound, StateConflict
from app.core.i18n import _
from app.core.i18n.stored import decoded, packed, read_text, take_message
from app.core.ids import new_id
from app.core.incidents.models import (
    IncidentDelivery,
    IncidentKind,
    IncidentRecord,
    IncidentState,
    IncidentSummary,
    Severity,
    TimelineEntry,
    TimelineKind,
)
from app.core.incidents.remedies import remedied_text
from app.core.incidents.titles import incident_remedies
from app.core.storage.connection import pairs
from app.core.storage.index_scan import page

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from app.core.clock import Clock
    from app.core.incidents.remedies import RemedyAction
    from app.core.records import Page
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

Act = Literal["acknowledged", "silenced", "comment", "remedied"]
KEPT_MS: Final = 90 * 86_400_000
PURGED_AT_ONCE: Final = 100
_PARTS = 4


class IncidentStore:
    """The incidents of a deployment."""

    _member = "cause"
    """The member that is added if none is named."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys, clock: Clock) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys
        self._clock = clock

    async def open(
        self,
        key: str,
        kind: IncidentKind,
        *,
        severity: Severity,
        subject: str,
        cause: str,
        member: str = "",
        job_id: str = "",
        since_ms: int | None = None,
        data: Mapping[str, Any] | None = None,
    ) -> bool:
        """Open the incident of a cause, or add a member to it; True if this opened it.

        Safe to repeat: a member that is in it already changes only the cause's text.
        """
        word, _id = await self._scripts.run(
            "incidents/open",
            key=key,
            member=member or self._member,
            kind=kind.value,
            severity=severity,
            subject=subject,
            cause=packed(await self._shown_cause(key, kind, cause)),
            job=job_id,
            since="" if since_ms is None else since_ms,
            data=orjson.dumps(data).decode() if data else "",
        )
        return word == "OPENED"

    async def _shown_cause(self, _key: str, _kind: IncidentKind, cause: str) -> str:
        return cause

    async def close(self, key: str, member: str = "", *, by: str = "", words: str = "") -> bool:
        """Take a member out of the incident of a cause, all by default; True if this closed it."""
        return bool(
            await self._scripts.run("incidents/close", key=key, member=member, by=by, words=packed(words))
        )

    async def purge(self) -> int:
        """Remove incidents that ended 90 days ago; return how many."""
        removed, after, before_ms = 0, "0", self._clock.now_ms() - KEPT_MS
        while after:
            count, after = await self._scripts.run(
                "incidents/purge", after_seq=after, page_size=PURGED_AT_ONCE, closed_before=before_ms
            )
            removed += count
        return removed

    async def open_keys(self) -> dict[str, str]:
        """Return the ids of open incidents by their causes."""
        return await self._link.hash(self._keys.incidents_open)

    async def list(
        self,
        state: IncidentState | None = None,
        *,
        job_id: str | None = None,
        kind: IncidentKind | None = None,
        cursor: int | None = None,
        limit: int = 50,
    ) -> Page[IncidentRecord]:
        """Return incidents, newest first, after the cursor; those of one job may be in both states."""
        if job_id is not None:
            indexes = [self._keys.incidents_job(job_id)]
        else:
            indexes = [self._keys.incidents(each) for each in ([state] if state else ("open", "closed"))]
        return await page(self._link, indexes, cursor, limit, lambda ids: self._records(ids, state, kind))

    async def summary(self) -> IncidentSummary:
        """Return how many are open and when one closed last, in one round trip."""
        count, ended = await self._link.calls(
            [("ZCARD", self._keys.incidents("open")), ("GET", self._keys.incidents_ended)]
        )
        return IncidentSummary(count, int(ended) if ended else None)

    async def get(self, incident_id: str) -> IncidentRecord:
        """Return one incident; raises IncidentNotFound."""
        found = await self._records([incident_id], None)
        if incident_id not in found:
            raise IncidentNotFound(incident_id)
        return found[incident_id]

    async def get_many(self, incident_ids: Sequence[str]) -> dict[str, IncidentRecord]:
        """Return those of these incidents that exist, in one round trip."""
        return await self._records(incident_ids, None)

    async def acknowledge(self, incident_id: str, by: str, act_id: str = "") -> IncidentRecord:
        """Note that a person deals with it, which ends escalation; IncidentNotFound, StateConflict.

        A repeat with the same `act_id` changes nothing.
        """
        return await self._act(incident_id, "acknowledged", by, act_id=act_id)

    async def silence(self, incident_id: str, by: str, until_ms: int, act_id: str = "") -> IncidentRecord:
        """Send nothing more about it until an instant. Raises IncidentNotFound, StateConflict."""
        return await self._act(incident_id, "silenced", by, until_ms=until_ms, act_id=act_id)

    async def comment(self, incident_id: str, by: str, words: str) -> IncidentRecord:
        """Add a person's words to the timeline. Raises IncidentNotFound."""
        return await self._act(incident_id, "comment", by, words=words)

    async def remedied(
        self, incident_id: str, by: str, action: RemedyAction, target: str, act_id: str = ""
    ) -> IncidentRecord:
        """Note that a person has used a remedy, which may have closed it already. Raises IncidentNotFound."""
        return await self._act(
            incident_id, "remedied", by, words=remedied_text(action, target), act_id=act_id
        )

    async def _act(
        self,
        incident_id: str,
        what: Act,
        by: str,
        *,
        until_ms: int | None = None,
        words: str = "",
        act_id: str = "",
    ) -> IncidentRecord:
        word = await self._scripts.run(
            "incidents/act",
            incident=incident_id,
            act_id=act_id or new_id(self._clock),
            what=what,
            by=by,
            silent_until="" if until_ms is None else until_ms,
            words=packed(words),
        )
        if word == "NOT_FOUND":
            raise IncidentNotFound(incident_id)
        if word == "CLOSED":
            raise StateConflict(_("Incident {incident_id!r} is closed already.", incident_id=incident_id))
        return await self.get(incident_id)

    async def _records(
        self, ids: Sequence[str], state: IncidentState | None, kind: IncidentKind | None = None
    ) -> dict[str, IncidentRecord]:
        reads: list[Command] = []
        for each in ids:
            reads += [
                ("HGETALL", self._keys.incident(each)),
                ("ZRANGE", self._keys.incident_jobs(each), 0, -1),
                ("LRANGE", self._keys.incident_timeline(each), 0, -1),
                ("HGETALL", self._keys.incident_deliveries(each)),
            ]
        answers = await self._link.calls(reads) if reads else []
        found: dict[str, IncidentRecord] = {}
        for at, each in enumerate(ids):
            flat, jobs, timeline, deliveries = answers[at * _PARTS : (at + 1) * _PARTS]
            if not flat:
                continue
            record = record_of(each, pairs(flat), jobs, timeline, pairs(deliveries))
            fits = state is None or record.is_open == (state == "open")
            if fits and (kind is None or record.kind is kind):
                found[each] = record
        return found


def record_of(
    incident_id: str,
    fields: Mapping[str, str],
    jobs: list[str],
    timeline: Sequence[str],
    deliveries: Mapping[str, str],
) -> IncidentRecord:
    """Return an incident from its stored form."""
    kind = IncidentKind(fields["kind"])
    origins: dict[str, str] = orjson.loads(fields.get("deliveries_origin") or "{}")
    closed = _instant(fields, "closed")
    return IncidentRecord(
        id=incident_id,
        seq=int(fields["seq"]),
        key=fields["key"],
        kind=kind,
        severity=cast("Severity", fields["severity"]),
        subject=fields["subject"],
        cause=read_text(fields, "cause"),
        data=orjson.loads(fields.get("data") or "{}"),
        since=int(fields["since"]),
        opened_at=int(fields["opened"]),
        closed_at=closed,
        last_at=int(fields["last"]),
        count=int(fields["count"]),
        acknowledged_by=fields.get("acknowledged_by"),
        acknowledged_at=_instant(fields, "acknowledged"),
        silenced_until=_instant(fields, "silenced"),
        maintenance=fields.get("maintenance") == "1",
        held=fields.get("held", ""),
        jobs=jobs,
        deliveries=sorted(
            (delivery_of(text, origins.get(name)) for name, text in deliveries.items()),
            key=lambda each: each.step,
        ),
        timeline=[timeline_entry_of(text) for text in timeline],
        actions=incident_remedies(kind, fields["key"], fields["subject"], jobs) if closed is None else [],
    )


def timeline_entry_of(text: str) -> TimelineEntry:
    """Return an entry of a timeline from its JSON."""
    entry = orjson.loads(text)
    words = take_message(entry, "text")
    return TimelineEntry(int(entry["at"]), TimelineKind(entry["what"]), entry["by"], words)


def delivery_of(text: str, origin: str | None) -> IncidentDelivery:
    """Return a delivery from its JSON, which has the fields of the record; `origin` is of its error."""
    delivery = IncidentDelivery(**orjson.loads(text))
    return replace(delivery, error=delivery.error and decoded(delivery.error, origin))


def _instant(fields: Mapping[str, str], name: str) -> int | None:
    return int(fields[name]) if fields.get(name) else None

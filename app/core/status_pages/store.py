"""Stores status pages, and reads what the public sees of one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.core.alerting.maintenance import windows_of
from app.core.errors import FieldProblem, InvalidInput, LimitExceeded, StatusPageNotFound
from app.core.i18n import _
from app.core.status_pages.figures import public_maintenance, public_status
from app.core.status_pages.models import SLUG_PATTERN, PublicStatus, StatusPage, StatusPageRecord

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.incidents.store import IncidentStore
    from app.core.monitors.store import MonitorStore
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys

MAX_PAGES: Final = 50
_SLUG = re.compile(SLUG_PATTERN)


class StatusPageStore:
    """The status pages of a deployment."""

    def __init__(
        self,
        link: RedisLink,
        keys: Keys,
        clock: Clock,
        *,
        monitors: MonitorStore,
        incidents: IncidentStore,
        timezone: str,
    ) -> None:
        self._link = link
        self._keys = keys
        self._clock = clock
        self._monitors = monitors
        self._incidents = incidents
        self._timezone = timezone

    async def all(self) -> list[StatusPageRecord]:
        """Return all pages by slug."""
        stored = await self._link.hash(self._keys.status_pages)
        return [page_record_of(slug, text) for slug, text in sorted(stored.items())]

    async def get(self, slug: str) -> StatusPageRecord:
        """Return a page; raises StatusPageNotFound."""
        text = await self._link.call("HGET", self._keys.status_pages, slug) if _SLUG.fullmatch(slug) else None
        if text is None:
            raise StatusPageNotFound(slug)
        return page_record_of(slug, text)

    async def put(self, slug: str, page: StatusPage, actor: str) -> StatusPageRecord:
        """Store a page, new or in place of an older one; InvalidInput for an unknown job, LimitExceeded.

        A job that the older one shows may be gone: else a page could not be taken back any more.
        """
        others, older = await self._link.calls(
            [("HLEN", self._keys.status_pages), ("HGET", self._keys.status_pages, slug)]
        )
        shown = [] if older is None else page_record_of(slug, older).page.monitors
        await self._require_jobs(page, {each.job_id for each in shown})
        if older is None and others >= MAX_PAGES:
            raise LimitExceeded(_("There are {most} status pages already; delete one first.", most=MAX_PAGES))
        record = StatusPageRecord(slug, page, self._clock.now_ms(), actor)
        fields = {"page": page.model_dump(mode="json"), "at": record.updated_at, "by": actor}
        await self._link.call("HSET", self._keys.status_pages, slug, orjson.dumps(fields).decode())
        return record

    async def delete(self, slug: str) -> None:
        """Delete a page; raises StatusPageNotFound."""
        if not await self._link.call("HDEL", self._keys.status_pages, slug):
            raise StatusPageNotFound(slug)

    async def public(self, slug: str) -> PublicStatus:
        """Return what readers see of a published page now; StatusPageNotFound if it is not published."""
        record = await self.get(slug)
        if not record.page.published:
            raise StatusPageNotFound(slug)
        found = await self._monitors.get_many(
            list(dict.fromkeys(each.job_id for each in record.page.monitors))
        )
        windows = windows_of(await self._link.hash(self._keys.maintenance), self._clock.now_ms())
        tags = await self._tags(record.page) if windows else {}
        ids = {each.incident_id for each in found if each.incident_id}
        incidents = await self._incidents.get_many(sorted(ids))
        monitors = {each.job_id: each for each in found}
        now_ms = self._clock.now_ms()
        maintenance = public_maintenance(record.page.monitors, windows, tags, self._timezone, now_ms)
        return public_status(record, monitors, incidents, self._timezone, now_ms, maintenance=maintenance)

    async def _tags(self, page: StatusPage) -> dict[str, set[str]]:
        job_ids = [each.job_id for each in page.monitors]
        found = await self._link.calls([("HGET", self._keys.job(job_id), "tags") for job_id in job_ids])
        return {job_id: set((tags or "").split(",")) for job_id, tags in zip(job_ids, found, strict=True)}

    async def _require_jobs(self, page: StatusPage, shown: set[str]) -> None:
        job_ids = [each.job_id for each in page.monitors]
        found = await self._link.calls([("EXISTS", self._keys.job(job_id)) for job_id in job_ids])
        problems = tuple(
            FieldProblem(f"/monitors/{at}/job_id", _("there is no such job"), "unknown_job")
            for at, exists in enumerate(found)
            if not exists and job_ids[at] not in shown
        )
        if problems:
            unknown = ", ".join(job_ids[int(each.pointer.split("/")[2])] for each in problems)
            raise InvalidInput(_("These jobs do not exist: {unknown}.", unknown=unknown), problems)


def page_record_of(slug: str, text: str) -> StatusPageRecord:
    """Return a page from its stored text."""
    fields: dict[str, Any] = orjson.loads(text)
    return StatusPageRecord(slug, StatusPage.model_validate(fields["page"]), fields["at"], fields["by"])

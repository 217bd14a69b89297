"""Reads for an export what people have set up: jobs with what belongs to them, accounts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from app.core.export_pages import Pace, PageOfLines, by_seq, chunks, pairs, read_each
from app.core.record_reads import read_hashes

if TYPE_CHECKING:
    from app.core.keys import Keys
    from app.core.redis_client import RedisLink

JOBS_AT_ONCE = 50
VALUES_AT_ONCE = 50
_SEALED = "secret:"


class JobPages:
    """The jobs up to a `seq`, each with its versions, metrics and values."""

    def __init__(self, link: RedisLink, keys: Keys, until: int) -> None:
        self._link = link
        self._keys = keys
        self._until = until
        self.met: set[str] = set()
        """The jobs that were there."""

    async def pages(self) -> AsyncIterator[PageOfLines]:
        pace = Pace(JOBS_AT_ONCE)
        async for job_ids in by_seq(self._link, self._keys.jobs, self._until, pace):
            page = await self._jobs(job_ids)
            pace.met(page.size_bytes)
            yield page
            for some in chunks(await self._values_of(job_ids), VALUES_AT_ONCE):
                yield await self._values(some)

    async def _jobs(self, job_ids: list[str]) -> PageOfLines:
        keys, page = self._keys, PageOfLines()
        hashes = await read_hashes(self._link, [keys.job(job_id) for job_id in job_ids])
        saves = await read_hashes(self._link, [keys.versions(job_id) for job_id in job_ids])
        metrics = await read_hashes(self._link, [keys.tool_metrics(job_id) for job_id in job_ids])
        fired = await read_each(self._link, [("GET", keys.fired(job_id)) for job_id in job_ids])
        ledgers = await read_each(self._link, [("LRANGE", keys.ledger(job_id), 0, -1) for job_id in job_ids])
        newest: list[int] = []
        for job_id, flat, slots, ledger in zip(job_ids, hashes, fired, ledgers, strict=True):
            fields = pairs(flat)
            newest.append(int(fields.get("version", 0)))
            if not fields:
                page.unreadable += 1
                continue
            self.met.add(job_id)
            fields.pop("slot", None)
            page.add("job", id=job_id, fields=fields, fired=slots or "", ledger=ledger or [])
        # Kind by kind, as they are restored. A version that was saved after its job was read is left out.
        for job_id, flat, last in zip(job_ids, saves, newest, strict=True):
            page.add_versions(job_id, pairs(flat), last)
        for job_id, flat in zip(job_ids, metrics, strict=True):
            page.add_figures("metrics", job_id, flat, None)
        return page

    async def _values_of(self, job_ids: list[str]) -> list[tuple[str, str, str]]:
        indexes = await read_each(
            self._link, [("ZRANGE", self._keys.kv_index(job_id), 0, -1, "WITHSCORES") for job_id in job_ids]
        )
        return [
            (job_id, key, score)
            for job_id, index in zip(job_ids, indexes, strict=True)
            for key, score in pairs(index or []).items()
        ]

    async def _values(self, kept: list[tuple[str, str, str]]) -> PageOfLines:
        page = PageOfLines()
        found = await read_each(self._link, [("GET", self._keys.kv(job_id, key)) for job_id, key, _ in kept])
        for (job_id, key, score), value in zip(kept, found, strict=True):
            if value is not None:
                lapses_at = None if score == "inf" else int(float(score))
                page.add("value", job=job_id, key=key, value=value, lapses_at=lapses_at)
        return page


async def account_page(link: RedisLink, keys: Keys, *, secrets: bool) -> PageOfLines:
    """Return the accounts; their secrets only where they are asked for, and then as they are stored."""
    page = PageOfLines()
    names = sorted(await link.call("HKEYS", keys.accounts))
    hashes = await read_hashes(link, [keys.account(name) for name in names])
    for name, flat in zip(names, hashes, strict=True):
        fields = pairs(flat)
        if not fields:
            page.unreadable += 1
            continue
        sealed = sorted(each.removeprefix(_SEALED) for each in fields if each.startswith(_SEALED))
        if not secrets:
            fields = {each: text for each, text in fields.items() if not each.startswith(_SEALED)}
        page.add("account", id=name, fields=fields, without=[] if secrets else sealed)
    return page

"""Job search without a matching index, and the target of a job."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, urlsplit

import orjson

from app.core.storage.index_scan import answers_of, newest

if TYPE_CHECKING:
    from app.core.access.scope import JobScope
    from app.core.models import JobSpec
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

STEP = 500
"""Jobs that a script reads at once: about a millisecond of Redis."""
STEPS = 20
"""A call reads 10,000 jobs at most; its cursor continues from there."""


@dataclass(frozen=True, slots=True)
class ScanPage:
    """Matching ids, newest first, and the cursor of the next page; None at the end."""

    ids: list[str]
    next_cursor: int | None
    seqs: list[int] = field(default_factory=list[int])


@dataclass(frozen=True, slots=True)
class JobFilter:
    """Conditions on jobs, combined with AND. `q` is part of an id or a description.

    `trouble`: jobs with dead letters, in a cool-down after failures, or whose fire is a minute late.
    """

    type: str | None = None
    enabled: bool | None = None
    tag: str | None = None
    q: str | None = None
    trouble: bool = False
    scope: JobScope | None = None
    """That of the caller's key; None for all jobs."""

    def accepts(self, spec: JobSpec) -> bool:
        """True if a spec matches; trouble is not in the spec."""
        if self.scope is not None and not self.scope.covers(spec):
            return False
        if self.type is not None and spec.type != self.type:
            return False
        if self.enabled is not None and spec.enabled != self.enabled:
            return False
        if self.tag is not None and self.tag not in spec.tags:
            return False
        q = (self.q or "").lower()
        return q in spec.job_id.lower() or q in spec.description.lower()

    def indexes(self, keys: Keys) -> dict[str, str]:
        """Return the indexes that cover all matching jobs, by their names in the script."""
        found = dict[str, str]()
        if self.type is not None:
            found[f"type:{self.type}"] = keys.jobs_type(self.type)
        if self.tag is not None:
            found[f"tag:{self.tag}"] = keys.jobs_tag(self.tag)
        if self.enabled:
            found["enabled"] = keys.jobs_enabled
        return found or {"all": keys.jobs}

    def index(self, keys: Keys) -> str | None:
        """Return the index that has exactly the matching jobs."""
        indexes = self.indexes(keys)
        exact = self.q is None and self.enabled is not False and not self.trouble and len(indexes) == 1
        return next(iter(indexes.values())) if exact and self.scope is None else None


class JobSearch:
    """Scans the smallest index that covers all matching jobs."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys

    async def find(self, job_filter: JobFilter, after: int | None, limit: int) -> ScanPage:
        """Return up to `limit` jobs after `after`, in three round trips at most.

        These are the sizes of the indexes, the first step, and all others at once if it has found too few.
        """
        if self._link.parts:
            return await self._of_parts(job_filter, after, limit)
        index = await self._smallest(job_filter)
        q = job_filter.q or ""
        scope = "" if job_filter.scope is None else orjson.dumps(job_filter.scope.filter).decode()
        enabled = "" if job_filter.enabled is None else str(int(job_filter.enabled))
        matching = {"job_type": job_filter.type or "", "tag": job_filter.tag or "", "enabled": enabled}
        matching["trouble"] = "1" if job_filter.trouble else ""

        async def look(behind: str, place: int) -> list[Any]:
            return await self._scripts.run(
                "specs/find",
                index_name=index,
                before_score=behind,
                offset=place,
                max_records=STEP,
                **matching,
                query=q.lower(),
                given=q,
                scope=scope,
            )

        parts = [await look("+inf" if after is None else f"({after}", 0)]
        looked, last, ended, rows = parts[0]
        if looked >= STEP and not ended and len(rows) <= limit:
            # Below the last record seen, so records added meanwhile shift no offset.
            offsets = range(0, (STEPS - 1) * STEP, STEP)
            parts += await asyncio.gather(*(look(f"({last}", offset) for offset in offsets))
        found, end, cursor = list[tuple[str, int]](), False, 0
        for looked, last, ended, rows in parts:
            found += [(name, int(seq)) for name, seq in rows]
            cursor = int(last) if last else cursor
            end = looked < STEP or bool(ended)
            if end:
                break
        if len(found) > limit:
            cursor, end = found[limit - 1][1], False
        shown = found[:limit]
        return ScanPage([name for name, _ in shown], None if end else cursor, [seq for _, seq in shown])

    async def _of_parts(self, job_filter: JobFilter, after: int | None, limit: int) -> ScanPage:
        """Return what searches of all shards find."""
        searches = (JobSearch(part.link, part.scripts, part.keys) for part in self._link.parts)
        pages = await answers_of(search.find(job_filter, after, limit) for search in searches)
        rows = [list(zip(page.ids, page.seqs, strict=True)) for page in pages]
        found, cursor = newest(rows, [page.next_cursor for page in pages], limit)
        return ScanPage([name for name, _ in found], cursor, [seq for _, seq in found])

    async def _smallest(self, job_filter: JobFilter) -> str:
        indexes = job_filter.indexes(self._keys)
        if len(indexes) == 1:
            return next(iter(indexes))
        sizes: list[Command] = [("ZCARD", key) for key in indexes.values()]
        sized = dict(zip(indexes, await self._link.calls(sizes), strict=True))
        return min(sized, key=lambda name: sized[name])


# The target of a job: two specs with one target do the same, with any ids and schedules.
#
# The planner finds the job of an earlier request by its target, and changes it instead of creating another. A
# type that is not listed below has all of its inputs as target.

TARGET_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "monitor.channel": ("channel", "account_id"),
    "monitor.http": ("url",),
    "report.daily": (),
    "backup.export": (),
    # The same chat id means another person on another channel.
    "message.send": ("channel", "to", "text"),
}
_DEFAULT_PORTS: Final = {"http": 80, "https": 443}


def target_of(job_type: str, inputs: Mapping[str, Any]) -> str:
    """Return the target as 32 hexadecimal digits; equal for equal targets."""
    fields = TARGET_FIELDS.get(job_type)
    about = dict(inputs) if fields is None else {field: _value(field, inputs.get(field)) for field in fields}
    text = orjson.dumps([job_type, about], option=orjson.OPT_SORT_KEYS)
    return blake2b(text, digest_size=16).hexdigest()


def _value(field: str, value: Any) -> Any:
    return same_url(value) if field == "url" and isinstance(value, str) else value


def same_url(url: str) -> str:
    """Return a URL in the canonical form of its equivalents: host in lower case, no default port."""
    try:
        parts = urlsplit(url.strip())
        host = _host(parts)
    except ValueError:
        return url
    return parts._replace(netloc=host, path=parts.path or "/", fragment="").geturl()


def _host(parts: SplitResult) -> str:
    login, at, _ = parts.netloc.rpartition("@")
    host = parts.hostname or ""
    host = f"[{host}]" if ":" in host else host
    port = "" if parts.port in {None, _DEFAULT_PORTS.get(parts.scheme)} else f":{parts.port}"
    return f"{login}{at}{host}{port}"

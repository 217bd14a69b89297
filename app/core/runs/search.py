"""Bounded search for runs that no single index lists."""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unicodedata import normalize

import orjson

from app.core.ids import is_run_id
from app.core.models import RunStatus
from app.core.storage.index_scan import answers_of, newest, undamaged

if TYPE_CHECKING:
    from app.core.access.scope import JobScope
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.scripts import Scripts

# Text search in stored JSON: unescaped, Unicode-normalised, caseless.

_UNICODE = re.compile(r"\\u([0-9a-fA-F]{4})")
_SHORT = {'\\"': '"', "\\/": "/", "\\b": "\b", "\\f": "\f", "\\n": "\n", "\\r": "\r", "\\t": "\t"}
_HARD = re.compile(r'["\\\x00-\x1f]')


def normalized(text: str) -> str:
    """Return a text in the form in which texts are compared (NFKC, case folded)."""
    if text.isascii():
        return text.lower()
    return normalize("NFKC", normalize("NFKC", text).casefold())


def unescaped(json_text: str) -> str:
    """Return stored JSON with unescaped strings; its punctuation stays."""
    if "\\" not in json_text:
        return json_text
    # Between escaped backslashes, each backslash begins an escape.
    return "\\".join(_without_escapes(part) for part in json_text.split("\\\\"))


def contains(json_text: str, wanted: str) -> bool:
    """Return whether stored JSON contains a text that `normalized` has returned."""
    return wanted in normalized(unescaped(json_text))


def is_literal(wanted: str) -> bool:
    """Return whether JSON writes a normalised text literally, or by a character's code."""
    return wanted.isascii() and _HARD.search(wanted) is None


def _without_escapes(part: str) -> str:
    for escape, character in _SHORT.items():
        part = part.replace(escape, character)
    if "\\u" not in part:
        return part
    text = _UNICODE.sub(lambda match: chr(int(match[1], 16)), part)
    # A character beyond the first 65,536 is written as two escapes.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


# Run filters: conditions, and the match of a record.

TEXTS = ("error", "inputs", "output")
"""The fields of a run's hash that `q` searches, all of them JSON."""


@dataclass(frozen=True, slots=True)
class RunFilter:
    """Conditions on runs, combined with AND; without conditions all runs match."""

    job_id: str | None = None
    """A job's id, or a pattern: `*` matches any characters."""
    status: RunStatus | None = None
    q: str | None = None
    """Part of a run id, job id, error, input or output, ignoring case; or a whole trace id or fingerprint."""
    since_ms: int | None = None
    """Created at this time or later."""
    dead_group: str | None = None
    """Dead letters with this error; cannot be combined with other conditions."""
    until_ms: int | None = None
    """Created before this time."""
    statuses: tuple[RunStatus, ...] = ()
    """Any of these, in addition to `status`."""
    type: str | None = None
    tag: str | None = None
    """A tag that the run's job has now."""
    trace_id: str | None = None
    scope: JobScope | None = None
    """That of the caller's key, by the present tags of the run's job; None for all runs."""

    @property
    def states(self) -> tuple[str, ...] | None:
        """Return the matching states, each once; None for any state."""
        wanted = dict.fromkeys(status.value for status in self.statuses)
        if self.status is None:
            return tuple(wanted) or None
        return (self.status.value,) if not wanted or self.status in wanted else ()

    @property
    def exact_job(self) -> str | None:
        """Return the job, if the filter names exactly one."""
        return None if self.job_id is None or "*" in self.job_id else self.job_id

    @property
    def run_id(self) -> str | None:
        """Return `q` if it is a whole run id, for which no search is needed; a tag or a scope needs one."""
        if self.q is None or self.tag is not None or self.scope is not None:
            return None
        return self.q if is_run_id(self.q) else None

    @property
    def text(self) -> str:
        """Return `q` in the form in which texts are compared; empty without `q`."""
        return normalized(self.q or "")

    def accepts(self, fields: dict[str, str], run_id: str) -> bool:
        """True if a run's hash matches, except for tag and scope, which need its job."""
        return self._fits_job(fields["job"]) and self._fits_fields(fields) and self._has_text(fields, run_id)

    def _fits_job(self, job_id: str) -> bool:
        if self.job_id is None:
            return True
        if "*" not in self.job_id:
            return job_id == self.job_id
        first, *middle, last = self.job_id.split("*")
        if not job_id.startswith(first) or len(job_id) < len(first) + len(last):
            return False
        at, end = len(first), len(job_id) - len(last)
        for part in middle:
            at = job_id.find(part, at, end)
            if at < 0:
                return False
            at += len(part)
        return job_id.endswith(last)

    def _fits_fields(self, fields: dict[str, str]) -> bool:
        created, states = int(fields["created"]), self.states
        return (
            (states is None or fields["status"] in states)
            and (self.type is None or fields.get("type") == self.type)
            and (self.trace_id is None or fields.get("trace") == self.trace_id)
            and (self.since_ms is None or created >= self.since_ms)
            and (self.until_ms is None or created < self.until_ms)
        )

    def _has_text(self, fields: dict[str, str], run_id: str) -> bool:
        if self.q is None:
            return True
        wanted = self.text
        return (
            wanted in run_id.lower()
            or wanted in fields["job"].lower()
            or wanted in (fields.get("trace"), fields.get("fingerprint"))
            or any(contains(fields.get(name, ""), wanted) for name in TEXTS)
        )


STEP = 500
"""Records per script call: some two milliseconds of Redis."""
STEP_BYTES = 131_072
"""Text per script call: some two milliseconds as well."""
MAX_RECORDS = 20_000
MAX_SEC = 0.2
"""A call reads at most MAX_RECORDS records, or for this long; its cursor continues from there."""
MAX_TAG_JOBS = 50
"""Up to this many jobs are searched through their own indexes."""
CHECK_BYTES = 262_144
"""Text that is read and compared at once: some milliseconds of the event loop."""

_NEWEST = 2**53
"""Above every seq: the cursor of a call that has read nothing yet."""


@dataclass(slots=True)
class SearchPage:
    """The matching runs among those read, newest first."""

    ids: list[str] = field(default_factory=list[str])
    seqs: list[int] = field(default_factory=list[int])
    next_cursor: int | None = None
    searched: int = 0
    """Records that this call has read."""
    total: int = 0
    """Records from this call's cursor to the end, those that it has read included."""


@dataclass(frozen=True, slots=True)
class _Range:
    """The indexes to scan, and the range in them that can match."""

    indexes: list[str]
    oldest: str
    behind: str
    count: int


@dataclass(frozen=True, slots=True)
class _Row:
    run_id: str
    seq: int
    unread_bytes: int
    """Text that the script could not check with certainty; 0 if the run matches without."""


class RunSearch:
    """Scans the smallest set of indexes that covers all matching runs."""

    def __init__(self, link: RedisLink, scripts: Scripts, keys: Keys) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = keys

    async def find(self, run_filter: RunFilter, after: int | None, limit: int) -> SearchPage:
        """Return up to `limit` runs after `after`, out of at most `MAX_RECORDS` records."""
        if self._link.parts:
            return await self._of_parts(run_filter, after, limit)
        found = SearchPage()
        part = await self._range(run_filter, after)
        if part.count == 0:
            return found
        loop = asyncio.get_running_loop()
        until, must, behind, ended = loop.time() + MAX_SEC, _must(run_filter), part.behind, False
        last = _NEWEST if after is None else after
        while not ended and len(found.ids) < limit and found.searched < MAX_RECORDS:
            size = min(STEP, MAX_RECORDS - found.searched)
            looked, seq, end, rows = await self._scripts.run(
                "runs/find",
                *part.indexes,
                before_seq=behind,
                oldest_seq=part.oldest,
                max_records=size,
                max_bytes=STEP_BYTES,
                max_found=limit - len(found.ids),
                filter=must,
            )
            found.searched += looked
            checked = await self._checked(run_filter, [_row(row) for row in rows])
            found.ids += [row.run_id for row in checked]
            found.seqs += [row.seq for row in checked]
            ended = bool(end)
            if looked:
                last, behind = int(float(seq)), f"({seq}"
            if loop.time() >= until:
                break
        left = 0 if ended else await self._left(part, behind)
        found.total = found.searched + left
        found.next_cursor = last if left else None
        return found

    async def _range(self, run_filter: RunFilter, after: int | None) -> _Range:
        """Return the smallest set of indexes that covers all matching runs."""
        sets = [["all"]]
        if run_filter.exact_job is not None:
            sets.append([f"job:{run_filter.exact_job}"])
        if run_filter.states is not None:
            sets.append([f"status:{status}" for status in run_filter.states])
        if run_filter.tag is not None:
            index = self._keys.jobs_tag(run_filter.tag)
            jobs = await self._link.call("ZRANGE", index, 0, MAX_TAG_JOBS)
            if len(jobs) <= MAX_TAG_JOBS:
                sets.append([f"job:{job}" for job in jobs])
        if run_filter.scope is not None and not run_filter.scope.prefixes:
            sets += await self._of_tags(run_filter.scope)
        oldest, behind, counts = await self._scripts.run(
            "runs/range",
            *(index for indexes in sets for index in indexes),
            created_from="" if run_filter.since_ms is None else run_filter.since_ms,
            created_before="" if run_filter.until_ms is None else run_filter.until_ms,
            before_seq="+inf" if after is None else f"({after}",
        )
        ranges: list[_Range] = []
        for indexes in sets:
            size, counts = sum(counts[: len(indexes)]), counts[len(indexes) :]
            ranges.append(_Range(indexes, oldest, behind, size))
        return min(ranges, key=lambda part: part.count)

    async def _of_tags(self, scope: JobScope) -> list[list[str]]:
        """Return the indexes of the jobs with the tags of a scope; none if these are too many."""
        tags = [self._keys.jobs_tag(tag) for tag in sorted(scope.tags)]
        found = await self._link.calls([("ZRANGE", index, 0, MAX_TAG_JOBS) for index in tags])
        jobs = {job for names in found for job in names}
        return [[f"job:{job}" for job in sorted(jobs)]] if len(jobs) <= MAX_TAG_JOBS else []

    async def _left(self, part: _Range, behind: str) -> int:
        keys = self._keys
        names = {"job": keys.runs_job, "status": keys.runs_status}
        sizes: list[Command] = []
        for index in part.indexes:
            kind, _, name = index.partition(":")
            key = keys.runs if kind == "all" else names[kind](name)
            sizes.append(("ZCOUNT", key, part.oldest, behind))
        return sum(await self._link.calls(sizes))

    async def _checked(self, run_filter: RunFilter, rows: list[_Row]) -> list[_Row]:
        """Return the runs that contain the text, including those that match without."""
        text, passed = run_filter.text, set[str]()
        for batch in _batches([row for row in rows if row.unread_bytes]):
            reads: list[Command] = [("HMGET", self._keys.run(row.run_id), *TEXTS) for row in batch]
            values = await undamaged(self._link, reads)
            passed |= {
                row.run_id
                for row, texts in zip(batch, values, strict=True)
                if any(each and contains(each, text) for each in texts)
            }
        return [row for row in rows if not row.unread_bytes or row.run_id in passed]

    async def _of_parts(self, run_filter: RunFilter, after: int | None, limit: int) -> SearchPage:
        """Return what searches of all shards find."""
        job_id = run_filter.exact_job
        parts = self._link.parts if job_id is None else (self._link.part_of(job_id),)
        searches = (RunSearch(part.link, part.scripts, part.keys) for part in parts)
        pages = await answers_of(search.find(run_filter, after, limit) for search in searches)
        rows = [list(zip(page.ids, page.seqs, strict=True)) for page in pages]
        found, cursor = newest(rows, [page.next_cursor for page in pages], limit)
        return SearchPage(
            ids=[run_id for run_id, _ in found],
            seqs=[seq for _, seq in found],
            next_cursor=cursor,
            searched=sum(page.searched for page in pages),
            total=sum(page.total for page in pages),
        )


def _must(run_filter: RunFilter) -> str:
    """Return the conditions for the script, without absent ones."""
    text = run_filter.text
    literal = is_literal(text)
    parts = {
        "job": None if run_filter.job_id is None else run_filter.job_id.split("*"),
        "states": None if run_filter.states is None else list(run_filter.states),
        "type": run_filter.type,
        "tag": run_filter.tag,
        "trace": run_filter.trace_id,
        "since": run_filter.since_ms,
        "until": run_filter.until_ms,
        "skip": run_filter.run_id,
        "scope": None if run_filter.scope is None else run_filter.scope.filter,
    }
    given = {name: value for name, value in parts.items() if value is not None}
    odd = text.isascii() and not literal
    return orjson.dumps({**given, "q": text, "literal": literal, "odd": odd}).decode()


def _row(row: list[Any]) -> _Row:
    run_id, seq, size = row
    return _Row(run_id, int(float(seq)), int(size))


def _batches(rows: list[_Row]) -> list[list[_Row]]:
    """Return rows in batches by text size; a larger row is a batch of its own."""
    batches: list[list[_Row]] = []
    room = 0
    for row in rows:
        if row.unread_bytes > room:
            batches.append([])
            room = CHECK_BYTES
        batches[-1].append(row)
        room -= row.unread_bytes
    return batches

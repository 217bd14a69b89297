"""Dead letters: filter, groups by error, and decisions in batches."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from app.core.errors import Unavailable
from app.core.i18n.stored import read_error
from app.core.ids import is_run_id
from app.core.incidents.remedies import Remedy, RemedyAction, remedies_of_error, remedy
from app.core.queue.base import MAX_BATCH
from app.core.records import Page
from app.core.storage.index_scan import read_fields

if TYPE_CHECKING:
    from app.core.queue import Queue

_FIELDS = ("attempt", "type", "ended", "seq", "dead", "status", "job")


@dataclass(frozen=True, slots=True)
class DeadLetterFilter:
    """Letters by id, by group, or all matching; `since_ms`, `until_ms` (exclusive) limit a run's end."""

    run_ids: list[str] | None = None
    fingerprint: str | None = None
    job_id: str | None = None
    type: str | None = None
    since_ms: int | None = None
    until_ms: int | None = None

    def accepts(self, letter: DeadLetter) -> bool:
        """True if a letter of the index matches."""
        return (
            self.type in {None, letter.type}
            and (self.since_ms is None or letter.ended_at >= self.since_ms)
            and (self.until_ms is None or letter.ended_at < self.until_ms)
        )


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """A dead letter as read; a decision about it is void once the run has another attempt."""

    run_id: str
    attempt: int
    type: str
    ended_at: int
    seq: int
    job_id: str = ""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A run without a decision, and the reason."""

    run_id: str
    code: str


def _dead_letter(run_id: str, row: dict[str, str]) -> DeadLetter | None:
    if "dead" not in row:
        return None
    return DeadLetter(
        run_id=run_id,
        attempt=int(row.get("attempt", 0)),
        type=row["type"],
        ended_at=int(row.get("ended", 0)),
        seq=int(row["seq"]),
        job_id=row.get("job", ""),
    )


# Groups by error, and decisions about many letters.

REGROUP_PAGE = 200
GROUPS_PAGE = 50
"""Groups per script call: some 30 commands each."""
_REMEDIED_JOBS = 3
_MOST_JOBS, _JOBS_OF = 5, 20
"""Jobs that a group names, of so many of its newest letters."""
NO_FINGERPRINT = "none"
"""The group of letters whose error has no fingerprint."""
_CODES = {
    "STALE": "changed",
    "NOT_DEAD": "no_dead_letter",
    "NOT_FOUND": "run_not_found",
    "ERROR": "damaged_record",
}


@dataclass(frozen=True, slots=True)
class DeadLetterGroup:
    """Dead letters of one error; instants in epoch milliseconds, of the newest and the oldest run's end."""

    fingerprint: str
    error: dict[str, Any] | None
    """Of the newest."""
    count: int
    jobs: list[str]
    """At most five, of the 20 newest letters."""
    first_at: int | None
    last_at: int | None
    run_ids: list[str]
    """The five newest."""

    @property
    def remedies(self) -> list[Remedy]:
        """Return what a person can do about the error, then to run its letters again."""
        error = self.error or {}
        code, message = str(error.get("code", "")), error.get("message", "")
        return [
            *remedies_of_error(code, message, self.jobs[:_REMEDIED_JOBS]),
            remedy(RemedyAction.REDRIVE, self.fingerprint),
        ]


NAMED_RUNS = 100
"""Ids that the result of a decision has."""


@dataclass(slots=True)
class DecisionResult:
    """The result of a decision: how many letters it moved, and which it could not."""

    done: int = 0
    run_ids: list[str] = field(default_factory=list[str])
    """The first NAMED_RUNS of those that it moved."""
    failed: list[Rejected] = field(default_factory=list[Rejected])
    last_due_at: int | None = None
    """When the last one is due; None if all were queued at once."""


class DeadLetters:
    """The dead letters of one namespace."""

    def __init__(self, queue: Queue) -> None:
        self._queue = queue
        self._link = queue.link
        self._keys = queue.keys

    async def groups(self, fingerprint: str | None, after: int | None, limit: int) -> Page[DeadLetterGroup]:
        """Return groups, the one with the newest letter first; `total` counts letters."""
        found: list[Any] = []
        total, grouped, wanted = 0, "1", limit + 1
        behind = "+inf" if after is None else f"({after}"
        while len(found) < wanted:
            size = min(GROUPS_PAGE, wanted - len(found))
            total, grouped, page = await self._queue.scripts.run(
                "dead_letters/groups", before_score=behind, max_groups=size, only_group=fingerprint or ""
            )
            found += page
            if len(page) < size or fingerprint is not None:
                break
            behind = f"({page[-1][1]}"
        if not grouped:
            await self.regroup()
            return await self.groups(fingerprint, after, limit)
        following = int(found[limit - 1][1]) if len(found) > limit else None
        return Page([_group(row) for row in found[:limit]], following, total)

    async def groups_of_job(self, job_id: str, fingerprint: str | None) -> list[DeadLetterGroup]:
        """Return all of a job's dead letters by error, the newest letter's group first."""
        return await self.groups_of_jobs([job_id], fingerprint)

    async def groups_of_jobs(self, job_ids: Sequence[str], fingerprint: str | None) -> list[DeadLetterGroup]:
        """Return all dead letters of some jobs by error, the newest letter's group first."""
        groups: dict[str, list[tuple[str, dict[str, str]]]] = {}
        for run_id, row in await self._rows_of(job_ids):
            group = row.get("fingerprint", NO_FINGERPRINT)
            if fingerprint in {None, group}:
                groups.setdefault(group, []).append((run_id, row))
        return [_group_of_rows(group, members) for group, members in groups.items()]

    async def runs_of_jobs(self, job_ids: Sequence[str], fingerprint: str) -> list[str]:
        """Return the dead letters of some jobs that have an error, newest first."""
        rows = await self._rows_of(job_ids)
        return [run_id for run_id, row in rows if row.get("fingerprint", NO_FINGERPRINT) == fingerprint]

    async def _rows_of(self, job_ids: Sequence[str]) -> list[tuple[str, dict[str, str]]]:
        lists = await self._link.calls(
            [("ZREVRANGE", self._keys.dead_job(job_id), 0, -1) for job_id in job_ids]
        )
        ids = [run_id for found in lists for run_id in found]
        keys = [self._keys.run(run_id) for run_id in ids]
        rows = await read_fields(self._link, keys, "fingerprint", "ended", "error", "job")
        found = list(zip(ids, rows, strict=True))
        if len(job_ids) > 1:
            found.sort(key=lambda item: -int(item[1].get("ended", 0)))
        return found

    async def regroup(self) -> int:
        """Add letters of an older version to the index by error; return how many letters were read."""
        looked, start = 0, "0"
        while start:
            count, start = await self._queue.scripts.run(
                "dead_letters/regroup", after_seq=start, page_size=REGROUP_PAGE
            )
            looked += count
        return looked

    async def letters(
        self, criteria: DeadLetterFilter, until_ms: int | None = None
    ) -> tuple[list[DeadLetter], list[Rejected]]:
        """Return the matching letters, oldest first, and named runs that are none.

        Runs that ended after `until_ms` are left alone: they failed again since the caller's first request.
        """
        named = criteria.run_ids is not None
        ids = list(dict.fromkeys(criteria.run_ids or ())) if named else await self._listed(criteria)
        possible = [run_id for run_id in ids if is_run_id(run_id)]
        letters: list[DeadLetter] = []
        refused = [Rejected(run_id, "run_not_found") for run_id in ids if not is_run_id(run_id)]
        rows = await read_fields(self._link, [self._keys.run(run_id) for run_id in possible], *_FIELDS)
        for run_id, row in zip(possible, rows, strict=True):
            letter = _dead_letter(run_id, row)
            if letter is None:
                refused.append(Rejected(run_id, "no_dead_letter" if "status" in row else "run_not_found"))
            elif until_ms is not None and letter.ended_at > until_ms:
                refused.append(Rejected(run_id, "changed"))
            elif named or criteria.accepts(letter):
                letters.append(letter)
        letters.sort(key=lambda letter: letter.seq)
        return letters, refused if named else []

    async def _listed(self, criteria: DeadLetterFilter) -> list[str]:
        if criteria.fingerprint is not None:
            index = self._keys.dead_group(criteria.fingerprint)
        else:
            index = self._keys.dead if criteria.job_id is None else self._keys.dead_job(criteria.job_id)
        return await self._link.call("ZRANGE", index, 0, -1)

    async def redrive(self, letters: list[DeadLetter], rate_per_sec: float | None) -> DecisionResult:
        """Queue letters again, each once; with a rate they become due one after another, the first now."""
        gap_ms = 0.0 if rate_per_sec is None else 1000 / rate_per_sec
        delays = {letter.run_id: round(number * gap_ms) for number, letter in enumerate(letters)}
        now_ms = self._queue.clock.now_ms()

        async def send(batch: list[DeadLetter]) -> list[str]:
            return await self._queue.redrive_many(
                [(letter.run_id, letter.attempt, delays[letter.run_id]) for letter in batch]
            )

        decided = await _in_batches(letters, send)
        if letters and delays[letters[-1].run_id]:
            decided.last_due_at = now_ms + delays[letters[-1].run_id]
        return decided

    async def discard(self, letters: list[DeadLetter]) -> DecisionResult:
        """Take letters off the list; their runs stay in history."""

        async def send(batch: list[DeadLetter]) -> list[str]:
            return await self._queue.discard_many([letter.run_id for letter in batch])

        return await _in_batches(letters, send)


async def _in_batches(
    letters: list[DeadLetter], send: Callable[[list[DeadLetter]], Awaitable[list[str]]]
) -> DecisionResult:
    """Decide 256 at a time.

    The first batch may raise; an error of a later one is reported for its letters.
    """
    decided = DecisionResult()
    for start in range(0, len(letters), MAX_BATCH):
        batch = letters[start : start + MAX_BATCH]
        try:
            words = await send(batch)
        except Unavailable as error:
            if start == 0:
                raise
            decided.failed += [Rejected(letter.run_id, error.code) for letter in letters[start:]]
            break
        moved = [letter.run_id for letter, word in zip(batch, words, strict=True) if word == "OK"]
        decided.done += len(moved)
        decided.run_ids += moved[: NAMED_RUNS - len(decided.run_ids)]
        decided.failed += [
            Rejected(letter.run_id, _CODES[word])
            for letter, word in zip(batch, words, strict=True)
            if word != "OK"
        ]
    return decided


def _group(row: list[Any]) -> DeadLetterGroup:
    fingerprint, _, count, error, last, first, run_ids, jobs = row
    ends = _instant(first), _instant(last)
    return DeadLetterGroup(fingerprint, read_error(error), count, jobs, *ends, run_ids)


def _group_of_rows(group: str, members: list[tuple[str, dict[str, str]]]) -> DeadLetterGroup:
    newest, oldest = members[0][1], members[-1][1]
    return DeadLetterGroup(
        fingerprint=group,
        error=read_error(newest.get("error")),
        count=len(members),
        jobs=list(dict.fromkeys(row["job"] for _, row in members[:_JOBS_OF] if "job" in row))[:_MOST_JOBS],
        first_at=_instant(oldest.get("ended")),
        last_at=_instant(newest.get("ended")),
        run_ids=[run_id for run_id, _ in members[:5]],
    )


def _instant(text: str | None) -> int | None:
    return int(text) if text else None

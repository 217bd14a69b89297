"""Reads what an export has, part by part: records as they are stored, a page after the other."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import orjson

from app.core.export_pace import Pace
from app.core.log_lines import line_from_json, pack_log, unpack_log
from app.core.outbox_records import OutboxState
from app.core.run_store import read_hashes

if TYPE_CHECKING:
    from app.core.export_format import Kind
    from app.core.redis_client import RedisLink
    from app.core.scripts import Scripts

JOBS_AT_ONCE = 50
MESSAGES_AT_ONCE = 200
RUNS_AT_ONCE = 100
VALUES_AT_ONCE = 50

_SECRET, _HINT = "secret:", "hint:"


@dataclass(slots=True)
class PageOfLines:
    """Some records as JSON lines. `unreadable`: named by an index, but damaged, or removed meanwhile."""

    lines: list[str] = field(default_factory=list[str])
    counts: dict[Kind, int] = field(default_factory=dict["Kind", int])
    unreadable: int = 0

    def add(self, kind: Kind, **parts: Any) -> None:
        """Append a record."""
        self.lines.append(orjson.dumps({"kind": kind, **parts}).decode())
        self.counts[kind] = self.counts.get(kind, 0) + 1

    @property
    def size(self) -> int:
        return sum(map(len, self.lines))


class Sections:
    """The parts of one export; jobs and runs up to `until`, the `seq` at which it began."""

    def __init__(self, link: RedisLink, scripts: Scripts, until: int) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._until = until
        self._jobs: set[str] = set()
        self._forgotten: dict[str, None] = {}

    async def jobs(self) -> AsyncIterator[PageOfLines]:
        """Yield the jobs, each with its versions, values and metrics."""
        async for page in self._by_seq(self._keys.jobs, Pace(JOBS_AT_ONCE)):
            lines = PageOfLines()
            job_ids = [job_id for job_id, _ in page]
            self._jobs.update(job_ids)
            await self._add_jobs(lines, job_ids)
            yield lines
            async for values in self._values(job_ids):
                yield values

    async def _add_jobs(self, lines: PageOfLines, job_ids: list[str]) -> None:
        keys = self._keys
        hashes = await read_hashes(self._link, [keys.job(job_id) for job_id in job_ids])
        saves = await read_hashes(self._link, [keys.versions(job_id) for job_id in job_ids])
        figures = await read_hashes(self._link, [keys.tool_metrics(job_id) for job_id in job_ids])
        fired = await self._link.calls([("GET", keys.fired(job_id)) for job_id in job_ids])
        ledgers = await self._link.calls([("LRANGE", keys.ledger(job_id), 0, -1) for job_id in job_ids])
        for i, job_id in enumerate(job_ids):
            fields = _pairs(hashes[i])
            if not fields:
                lines.unreadable += 1
                continue
            fields.pop("slot", None)
            lines.add("job", id=job_id, fields=fields, fired=fired[i] or "", ledger=ledgers[i])
            # One that was saved after the job was read belongs to a state that is not here.
            _add_versions(lines, job_id, _pairs(saves[i]), int(fields["version"]))
            if figures[i]:
                _add_figures(lines, "metrics", job_id, _pairs(figures[i]), None)

    async def _values(self, job_ids: list[str]) -> AsyncIterator[PageOfLines]:
        indexes = await self._link.calls(
            [("ZRANGE", self._keys.kv_index(job_id), 0, -1, "WITHSCORES") for job_id in job_ids]
        )
        kept = [
            (job_id, key, score)
            for job_id, index in zip(job_ids, indexes, strict=True)
            for key, score in zip(index[::2], index[1::2], strict=True)
        ]
        for some in _chunks(kept, VALUES_AT_ONCE):
            found = await self._link.calls([("GET", self._keys.kv(job_id, key)) for job_id, key, _ in some])
            lines = PageOfLines()
            for (job_id, key, score), value in zip(some, found, strict=True):
                if value is not None:
                    lapses_at = None if score == "inf" else int(float(score))
                    lines.add("value", job=job_id, key=key, value=value, lapses_at=lapses_at)
            yield lines

    async def accounts(self, *, secrets: bool) -> AsyncIterator[PageOfLines]:
        """Yield the accounts in one page; of their secrets what is asked for, as they are stored."""
        names = sorted(await self._link.call("HKEYS", self._keys.accounts))
        hashes = await read_hashes(self._link, [self._keys.account(name) for name in names])
        lines = PageOfLines()
        for name, flat in zip(names, hashes, strict=True):
            fields = _pairs(flat)
            sealed = sorted(each for each in fields if each.startswith((_SECRET, _HINT)))
            without = [] if secrets else [f.removeprefix(_SECRET) for f in sealed if f.startswith(_SECRET)]
            if not secrets:
                fields = {each: value for each, value in fields.items() if each not in sealed}
            if fields:
                lines.add("account", id=name, fields=fields, without=without)
            else:
                lines.unreadable += 1
        yield lines

    async def runs(self, *, logs: bool) -> AsyncIterator[PageOfLines]:
        """Yield the runs, oldest first; each is read in one moment."""
        pace = Pace(RUNS_AT_ONCE)
        async for page in self._by_seq(self._keys.runs, pace):
            run_ids = [run_id for run_id, _ in page]
            found = await self._scripts.run("export_runs", "1" if logs else "", *run_ids)
            lines = PageOfLines()
            for run_id, (flat, attempts, packed, rows) in zip(run_ids, found, strict=True):
                fields = _pairs(flat)
                if not fields:
                    lines.unreadable += 1
                    continue
                if fields["job"] not in self._jobs:
                    self._forgotten[fields["job"]] = None
                log = pack_log([*unpack_log(packed), *map(line_from_json, rows)]) if rows else packed
                lines.add("run", id=run_id, fields=fields, attempts=attempts, log=log)
            pace.met(lines.size)
            yield lines

    async def forgotten_versions(self) -> AsyncIterator[PageOfLines]:
        """Yield the versions of jobs that are gone and whose runs, met by then, are kept."""
        for some in _chunks(list(self._forgotten), JOBS_AT_ONCE):
            saves = await read_hashes(self._link, [self._keys.versions(job_id) for job_id in some])
            lines = PageOfLines()
            for job_id, flat in zip(some, saves, strict=True):
                _add_versions(lines, job_id, _pairs(flat), None)
            yield lines

    async def messages(self) -> AsyncIterator[PageOfLines]:
        """Yield the outbox. It comes after the runs: what one of them has sent must not be missing."""
        seen: set[str] = set()
        # Forwards along its life: a message that moves on meanwhile is met again, not missed.
        for state in OutboxState:
            async for page in self._by_seq(self._keys.outbox_state(state), Pace(MESSAGES_AT_ONCE), None):
                ids = [entry_id for entry_id, _ in page if entry_id not in seen]
                seen.update(ids)
                hashes = await read_hashes(self._link, [self._keys.outbox(entry_id) for entry_id in ids])
                lines = PageOfLines()
                for entry_id, flat in zip(ids, hashes, strict=True):
                    if flat:
                        lines.add("message", id=entry_id, fields=_pairs(flat))
                    else:
                        lines.unreadable += 1
                yield lines

    async def _by_seq(
        self, index: str, pace: Pace, until: int | None = -1
    ) -> AsyncIterator[list[tuple[str, int]]]:
        """Yield an index upwards in pages, up to this export's `until` unless another is given."""
        end = "+inf" if until is None else self._until
        start = "-inf"
        while True:
            flat = await self._link.call(
                *("ZRANGE", index, start, end, "BYSCORE", "LIMIT", 0, pace.size, "WITHSCORES")
            )
            if not flat:
                return
            yield [(member, int(float(seq))) for member, seq in zip(flat[::2], flat[1::2], strict=True)]
            start = f"({flat[-1]}"


def _add_versions(lines: PageOfLines, job_id: str, saves: dict[str, str], newest: int | None) -> None:
    for number in sorted(map(int, saves)):
        if newest is None or number <= newest:
            lines.add("version", job=job_id, number=number, text=saves[str(number)])


def _add_figures(
    lines: PageOfLines, family: str, name: str, fields: dict[str, str], lapses_at: int | None
) -> None:
    if fields:
        lines.add("figures", family=family, name=name, fields=fields, lapses_at=lapses_at)


def _pairs(flat: list[str]) -> dict[str, str]:
    return dict(zip(flat[::2], flat[1::2], strict=True))


def _chunks(items: list[Any], size: int) -> Iterable[list[Any]]:
    return (items[start : start + size] for start in range(0, len(items), size))

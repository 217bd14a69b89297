"""Reads a whole deployment for an export, page by page; the format is in `app/core/files/exports.py`."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from app import __version__
from app.backup.writer import LinePage, chunks, pages_by_seq
from app.core.connectors.messages import OutboxState
from app.core.files.exports import ExportHeader
from app.core.log_lines import line_from_json, pack_log, unpack_log
from app.core.records import ArtifactKind
from app.core.storage.connection import pairs, time_ms
from app.core.storage.index_scan import read_hashes, undamaged

if TYPE_CHECKING:
    from app.backup.full_reader import FullReader
    from app.core.files.exports import Kind
    from app.core.redis_client import Command, RedisLink
    from app.core.storage.scripts import Scripts

RUNS_AT_ONCE, MESSAGES_AT_ONCE, FIGURES_AT_ONCE, JOBS_AT_ONCE, VALUES_AT_ONCE = 100, 200, 100, 50, 50
INCIDENTS_AT_ONCE, QUARTER_DAYS = 50, 10
REPORTS_AT_ONCE = 5
"""A record has up to 32 MB."""
MINUTE_MS, DAY_MS, HOUR_MS = 60_000, 86_400_000, 3_600_000
# The lifetimes of `keys.py`, counted from the end of the period.
_KEPT_MS = {
    "minute": 25 * HOUR_MS,
    "quarter": 41 * DAY_MS,
    "durations": 41 * DAY_MS,
    "jobs": 41 * DAY_MS,
    "day": 401 * DAY_MS,
    "all": 9 * DAY_MS,
}
_SEALED = "secret:"

Rollup = tuple[str, str, str, int]
"""The family of a roll-up, its name, its key, and the number of its minute or day."""


class ExportReader:
    """One export. It only reads; the event loop is free between two pages."""

    def __init__(
        self,
        link: RedisLink,
        scripts: Scripts,
        *,
        secrets: bool,
        logs: bool,
        full: FullReader | None = None,
    ) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._secrets = secrets or full is not None
        self._logs = logs
        self._full = full
        self._met: set[str] = set()
        """The jobs that were read."""

    async def header(self) -> ExportHeader:
        """Return the first line; records created from now on are not in the export."""
        keys = self._keys
        time, seq, purged = await self._link.calls(
            [("TIME",), ("GET", keys.seq), ("HGET", keys.meta, "purged_until")]
        )
        return ExportHeader(
            made_by=__version__,
            deployment=keys.namespace,
            created_at=time_ms(time),
            seq=int(seq or 0),
            purged_until=int(purged) if purged else None,
            logs=self._logs,
            secrets=self._secrets,
            planned=await self._planned() | ({} if self._full is None else await self._full.planned()),
            full=self._full is not None,
            environment=[] if self._full is None else self._full.environment,
        )

    async def pages(self, header: ExportHeader) -> AsyncIterator[LinePage]:
        """Yield every record, in the order in which it is to be restored."""
        parts = (
            *(self._jobs(header.seq), self._accounts(), self._contacts(), self._calendars()),
            self._settings(),
            *(self._runs(header.seq), self._messages(), self._figures(header.created_at)),
            *(self._incidents(header.seq), self._monitors(header.seq)),
            self._reports(header.seq),
        )
        if self._full is not None:
            # API keys come before everything that they protect.
            parts = (self._full.first_pages(), *parts, self._full.last_pages())
        for part in parts:
            async for page in part:
                yield page

    async def _planned(self) -> dict[Kind, int]:
        keys = self._keys
        reads: list[Command] = [("ZCARD", keys.jobs), ("HLEN", keys.accounts), ("HLEN", keys.contacts)]
        reads += [("HLEN", keys.calendars), ("ZCARD", keys.runs)]
        reads += [("HLEN", key) for key in (keys.settings, keys.maintenance, keys.status_pages)]
        reads += [("ZCARD", keys.incidents(state)) for state in ("open", "closed")]
        reads += [("ZCARD", keys.monitors), ("ZCARD", keys.published_all(ArtifactKind.REPORT))]
        reads += [("ZCARD", keys.outbox_state(state)) for state in OutboxState]
        (
            jobs,
            accounts,
            contacts,
            calendars,
            runs,
            settings,
            windows,
            pages,
            is_open,
            closed,
            monitors,
            reports,
            *messages,
        ) = await self._link.calls(reads)
        counts: dict[Kind, int] = {"job": jobs, "account": accounts, "contact": contacts}
        counts = {**counts, "calendar": calendars, "run": runs, "message": sum(messages)}
        counts |= {"setting": settings + windows + pages}
        return {**counts, "incident": is_open + closed, "monitor": monitors, "report": reports}

    async def _jobs(self, until: int) -> AsyncIterator[LinePage]:
        """Yield the jobs up to a `seq`, each with its versions, metrics and values."""
        pages = pages_by_seq(self._link, self._keys.jobs, until, JOBS_AT_ONCE, self._job_page)
        async for job_ids, page in pages:
            yield page
            for some in chunks(await self._values_of(job_ids), VALUES_AT_ONCE):
                yield await self._value_page(some)

    async def _job_page(self, job_ids: list[str]) -> LinePage:
        keys, page = self._keys, LinePage()
        hashes = await read_hashes(self._link, [keys.job(job_id) for job_id in job_ids])
        saves = await read_hashes(self._link, [keys.versions(job_id) for job_id in job_ids])
        metrics = await read_hashes(self._link, [keys.tool_metrics(job_id) for job_id in job_ids])
        fired = await undamaged(self._link, [("GET", keys.fired(job_id)) for job_id in job_ids])
        ledgers = await undamaged(self._link, [("LRANGE", keys.ledger(job_id), 0, -1) for job_id in job_ids])
        for job_id, fields, slots, ledger in zip(job_ids, hashes, fired, ledgers, strict=True):
            fields.pop("slot", None)
            if page.add_hash("job", job_id, fields, fired=slots or "", ledger=ledger or []):
                self._met.add(job_id)
        # Kind by kind, in the order of a restore. A version saved after its job was read is left out.
        for job_id, fields, texts in zip(job_ids, hashes, saves, strict=True):
            page.add_versions(job_id, texts, int(fields.get("version", 0)))
        for job_id, fields in zip(job_ids, metrics, strict=True):
            page.add_figures("metrics", job_id, fields, None)
        return page

    async def _values_of(self, job_ids: list[str]) -> list[tuple[str, str, str]]:
        indexes = await undamaged(
            self._link, [("ZRANGE", self._keys.kv_index(job_id), 0, -1, "WITHSCORES") for job_id in job_ids]
        )
        return [
            (job_id, key, score)
            for job_id, index in zip(job_ids, indexes, strict=True)
            for key, score in pairs(index or []).items()
        ]

    async def _value_page(self, kept: list[tuple[str, str, str]]) -> LinePage:
        page = LinePage()
        found = await undamaged(self._link, [("GET", self._keys.kv(job_id, key)) for job_id, key, _ in kept])
        for (job_id, key, score), value in zip(kept, found, strict=True):
            if value is not None:
                lapses_at = None if score == "inf" else int(float(score))
                page.add("value", job=job_id, key=key, value=value, lapses_at=lapses_at)
        return page

    async def _accounts(self) -> AsyncIterator[LinePage]:
        """Yield the accounts; their secrets only on request, and then as they are stored."""
        page = LinePage()
        names = sorted(await self._link.call("HKEYS", self._keys.accounts))
        hashes = await read_hashes(self._link, [self._keys.account(name) for name in names])
        for name, stored in zip(names, hashes, strict=True):
            sealed = [each for each in stored if each.startswith(_SEALED) and not self._secrets]
            fields = {each: text for each, text in stored.items() if each not in sealed}
            without = sorted(each.removeprefix(_SEALED) for each in sealed)
            page.add_hash("account", name, fields, without=without)
        yield page

    async def _contacts(self) -> AsyncIterator[LinePage]:
        """Yield the address book."""
        page = LinePage()
        for key, text in sorted((await self._link.hash(self._keys.contacts)).items()):
            page.add("contact", id=key, text=text)
        yield page

    async def _calendars(self) -> AsyncIterator[LinePage]:
        """Yield the calendars."""
        page = LinePage()
        for name, text in sorted((await self._link.hash(self._keys.calendars)).items()):
            page.add("calendar", id=name, text=text)
        yield page

    async def _settings(self) -> AsyncIterator[LinePage]:
        """Yield the settings, maintenance windows and status pages."""
        page, keys = LinePage(), self._keys
        for family in (keys.settings, keys.maintenance, keys.status_pages):
            for name, text in sorted((await self._link.hash(family)).items()):
                page.add("setting", family=family.removeprefix(keys.prefix), name=name, text=text)
        yield page

    async def _runs(self, until: int) -> AsyncIterator[LinePage]:
        """Yield the runs up to a `seq`, oldest first; then the versions of their deleted jobs."""
        gone: dict[str, None] = {}

        async def read(run_ids: list[str]) -> LinePage:
            page = LinePage()
            found = await self._scripts.run("runs/export", *run_ids, with_logs="1" if self._logs else "")
            for run_id, (flat, attempts, packed, rows) in zip(run_ids, found, strict=True):
                fields, log = pairs(flat), _whole_log(packed, rows)
                added = page.add_hash("run", run_id, fields, attempts=attempts, log=log)
                if added and fields["job"] not in self._met:
                    gone[fields["job"]] = None
            return page

        async for _, page in pages_by_seq(self._link, self._keys.runs, until, RUNS_AT_ONCE, read):
            yield page
        for job_ids in chunks(list(gone), JOBS_AT_ONCE):
            page = LinePage()
            saves = await read_hashes(self._link, [self._keys.versions(job_id) for job_id in job_ids])
            for job_id, texts in zip(job_ids, saves, strict=True):
                page.add_versions(job_id, texts)
            yield page

    async def _messages(self) -> AsyncIterator[LinePage]:
        """Yield the outbox."""
        # Later than the runs, and up to now: a message that one of them has sent must not be missing.
        until = int(await self._link.call("GET", self._keys.seq) or 0)
        seen = set[str]()

        async def read(entry_ids: list[str]) -> LinePage:
            page, new = LinePage(), [entry_id for entry_id in entry_ids if entry_id not in seen]
            seen.update(new)
            hashes = await read_hashes(self._link, [self._keys.outbox(entry_id) for entry_id in new])
            for entry_id, fields in zip(new, hashes, strict=True):
                page.add_hash("message", entry_id, fields)
            return page

        # Twice through the indexes: a message may change its state between two reads.
        for state in (*OutboxState, *OutboxState):
            index = self._keys.outbox_state(state)
            async for _, page in pages_by_seq(self._link, index, until, MESSAGES_AT_ONCE, read):
                yield page

    async def _incidents(self, until: int) -> AsyncIterator[LinePage]:
        """Yield the incidents up to a `seq`, each with all that belongs to it."""
        keys, seen = self._keys, set[str]()

        async def read(ids: list[str]) -> LinePage:
            page, new = LinePage(), [each for each in ids if each not in seen]
            seen.update(new)
            hashes = await read_hashes(self._link, [keys.incident(each) for each in new])
            deliveries = await read_hashes(self._link, [keys.incident_deliveries(each) for each in new])
            reads: list[Command] = []
            for each in new:
                reads.append(("ZRANGE", keys.incident_jobs(each), 0, -1, "WITHSCORES"))
                reads.append(("SMEMBERS", keys.incident_members(each)))
                reads.append(("LRANGE", keys.incident_timeline(each), 0, -1))
            parts = await undamaged(self._link, reads)
            for at, (each, fields) in enumerate(zip(new, hashes, strict=True)):
                jobs, members, timeline = parts[3 * at : 3 * at + 3]
                page.add_hash(
                    "incident",
                    each,
                    fields,
                    jobs=pairs(jobs or []),
                    members=sorted(members or []),
                    deliveries=deliveries[at],
                    timeline=timeline or [],
                )
            return page

        # An incident may be closed between two reads: the closed ones come last.
        for state in ("open", "closed"):
            index = keys.incidents(state)
            async for _, page in pages_by_seq(self._link, index, until, INCIDENTS_AT_ONCE, read):
                yield page

    async def _monitors(self, until: int) -> AsyncIterator[LinePage]:
        """Yield the monitors up to a `seq`. Latencies are left out: they are kept for three days."""
        keys = self._keys

        async def read(ids: list[str]) -> LinePage:
            page = LinePage()
            hashes, days, pings = [
                await read_hashes(self._link, [family(each) for each in ids])
                for family in (keys.monitor, keys.monitor_days, keys.ping)
            ]
            recent = [sorted(map(int, each))[-QUARTER_DAYS:] for each in days]
            places = [(job, day) for job, some in zip(ids, recent, strict=True) for day in some]
            quarters = dict(
                zip(
                    places,
                    await read_hashes(self._link, [keys.monitor_quarters(*place) for place in places]),
                    strict=True,
                )
            )
            tokens = await self._link.hash(keys.ping_tokens) if self._secrets else {}
            reads: list[Command] = [("LRANGE", keys.monitor_ranges(each), 0, -1) for each in ids]
            reads += [("ZSCORE", keys.monitors, each) for each in ids]
            parts = await undamaged(self._link, reads)
            for at, job in enumerate(ids):
                page.add_hash(
                    "monitor",
                    job,
                    hashes[at],
                    seq=int(float(parts[len(ids) + at] or 0)),
                    days=days[at],
                    quarters={
                        f"{day}:{quarter}": time
                        for day in recent[at]
                        for quarter, time in quarters[job, day].items()
                    },
                    ping=pings[at],
                    token=tokens.get(job, ""),
                    ranges=parts[at] or [],
                )
            return page

        async for _, page in pages_by_seq(self._link, keys.monitors, until, JOBS_AT_ONCE, read):
            yield page

    async def _reports(self, until: int) -> AsyncIterator[LinePage]:
        """Yield the records of reports up to a `seq`, with their files as far as they are in Redis."""
        keys = self._keys

        async def read(ids: list[str]) -> LinePage:
            page = LinePage()
            records = [keys.published(ArtifactKind.REPORT, each) for each in ids]
            hashes = await read_hashes(self._link, records)
            contents = [fields.get("content", "") for fields in hashes]
            stored = await read_hashes(self._link, [keys.artifact(each) for each in contents if each])
            pieces = dict(zip(filter(None, contents), stored, strict=True))
            for record, fields, content in zip(ids, hashes, contents, strict=True):
                found = {name: text for name, text in pieces.get(content, {}).items() if ":" in name}
                page.add_hash("report", record, fields, pieces=found)
            return page

        index = keys.published_all(ArtifactKind.REPORT)
        async for _, page in pages_by_seq(self._link, index, until, REPORTS_AT_ONCE, read):
            yield page

    async def _figures(self, now_ms: int) -> AsyncIterator[LinePage]:
        """Yield the stored roll-ups."""
        keys, minute, today = self._keys, now_ms // MINUTE_MS, now_ms // DAY_MS
        job_days = range(today - 41, today + 1)
        rollups = [("day", str(day), keys.rollup_day(day), day) for day in range(today - 401, today + 1)]
        rollups += [("all", str(day), keys.rollup_all(day), day) for day in range(today - 8, today + 1)]
        rollups += [("jobs", str(day), keys.rollup_jobs(day), day) for day in job_days]
        rollups += [
            ("minute", str(number), keys.rollup_minute(number), number)
            for number in range(minute - 25 * 60, minute + 1)
        ]
        for some in chunks(rollups, FIGURES_AT_ONCE):
            yield await self._figure_page(some)
        for day in job_days:
            of_jobs: list[Rollup] = []
            for job in sorted(await self._link.call("HKEYS", keys.rollup_jobs(day))):
                of_jobs.append(("quarter", f"{job}:{day}", keys.rollup_quarter(job, day), day))
                of_jobs.append(("durations", f"{job}:{day}", keys.rollup_durations(job, day), day))
            for some in chunks(of_jobs, FIGURES_AT_ONCE):
                yield await self._figure_page(some)

    async def _figure_page(self, wanted: list[Rollup]) -> LinePage:
        page = LinePage()
        hashes = await read_hashes(self._link, [key for _, _, key, _ in wanted])
        for (family, name, _, period), fields in zip(wanted, hashes, strict=True):
            span_ms = MINUTE_MS if family == "minute" else DAY_MS
            page.add_figures(family, name, fields, (period + 1) * span_ms + _KEPT_MS[family])
        return page


def _whole_log(packed: str, rows: list[str]) -> str:
    return pack_log([*unpack_log(packed), *map(line_from_json, rows)]) if rows else packed

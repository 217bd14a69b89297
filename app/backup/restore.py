"""Restores an export: verifies it, compares it with the stored data, then writes.

- Jobs, versions, accounts, contacts, calendars, settings, values, messages, incidents, monitors and ended
  runs are restored with their content, including ids, `seq` and instants. A run that had not ended is
  restored as cancelled, with the error code `restored`; a message that was in flight as `unknown`. Neither
  ever replaces a stored record.
- A full backup also brings API keys, secrets of jobs and the audit log. Its secrets open with the keys in the
  file and are sealed under the key of this machine. Before anything is written, this machine is closed to
  requests without a key, and API keys are the first records.
- Next fires are set at the very end, counted from then, and firing is held until then: no slot fires twice
  or late.
- If it is run again, after a crash or for a second time, it finds the existing records and does the rest.
- If the deployment has other records, or others under the same ids, it needs `overwrite`: the file's records
  replace those of the same id, all others stay, and the file's get a `seq` after all existing ones.
  Retention by age then reaches restored runs only once the runs before them are due.
- It writes no events: a dashboard has to reload.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from itertools import count, islice
from typing import TYPE_CHECKING, Literal

from app.backup.audit_entries import AuditPartWriter, is_of_audit
from app.backup.format import JobLine
from app.backup.full_items import FullItems, FullKeys
from app.backup.full_parts import FullLine
from app.backup.full_reader import set_names
from app.backup.items import RestoreItems
from app.backup.report import RestoreCounts, RestoreOutcome, RestoreReport
from app.core.access.key_store import KeysRequired
from app.core.activity.heartbeat import is_service_alive
from app.core.connectors.messages import OutboxState
from app.core.errors import InvalidSpec, RestoreRefused, Unavailable
from app.core.files.exports import FULL_KINDS, KINDS, Kind
from app.core.i18n import _, concat, number
from app.core.ids import new_id
from app.core.records import ArtifactKind
from app.core.scheduling.schedule import first_fire
from app.core.scheduling.skip_rules import Calendars
from app.core.secret_keys import deployment_secrets
from app.core.secrets.sealing import SecretBox
from app.core.secrets.store import read_sealing_key, sealing_key
from app.core.specs.calendars import CalendarStore

if TYPE_CHECKING:
    from app.backup.format import Line
    from app.backup.items import RestoreNotes
    from app.backup.reader import Contents, ExportFile
    from app.core.clock import Clock
    from app.core.config import Settings
    from app.core.files.exports import ExportHeader
    from app.core.redis_client import Arg, RedisLink
    from app.core.storage.scripts import Scripts

# The lock of a restore: one at a time, and no schedule fires while it is held.

LOCK_MS = 60_000
"""Also in `lua/lib/restore.lua`: each page of a restore renews it.

After a crash it expires and firing resumes.
"""


@asynccontextmanager
async def restore_lock(scripts: Scripts, clock: Clock) -> AsyncGenerator[str]:
    """Hold the lock and yield its owner; RestoreRefused if another restore has it."""
    owner = new_id(clock)
    if await scripts.run("restore/lock", owner=owner, lock_ms=LOCK_MS, action="take") != "YES":
        raise RestoreRefused(
            _("Another restore is under way, or ended a moment ago without saying so: try again in a minute.")
        )
    try:
        yield owner
    finally:
        # Without Redis the lock expires.
        with suppress(Unavailable):
            await scripts.run("restore/lock", owner=owner, lock_ms=LOCK_MS, action="give")


# Reasons against a restore, as text with the fix.

SCHEDULER_ALIVE = _("A scheduler is alive: hold its firing meanwhile with --pause, or stop it.")
LOCK_LOST = _(
    "This restore was silent for a minute and has lost its lock: run it again, it goes on from here."
)
KEY_ROTATES = _("The secret key is being rotated: end that first with `multi-job secrets rotate-key`.")


OWN_KEYS = _(
    "This deployment has API keys of its own, which stop working with those of the backup: --overwrite "
    "removes them and restores the backup's."
)
OTHER_PEPPER = "access api_keys_pepper pepper"


def in_the_way(found: RestoreReport, *, overwrite: bool) -> str | None:
    """Return the reason against a restore after the comparison; None if there is none."""
    names = found.tally.names
    if limits := names.get(RestoreOutcome.LIMIT):
        return _(
            "A concurrency key has one limit, and stored jobs give it another than {limits}: "
            "change or delete one of them.",
            limits=", ".join(limits),
        )
    if damaged := names.get(RestoreOutcome.ERROR):
        return _("What is stored is damaged: {damaged}.", damaged=", ".join(damaged))
    if overwrite:
        return None
    different = names.get(RestoreOutcome.DIFFERENT)
    if different and OTHER_PEPPER in different:
        return OWN_KEYS
    if different:
        return _different(found.tally.total(RestoreOutcome.DIFFERENT), different)
    others = {kind: count for kind, count in found.others.items() if count}
    return _others(others) if others else None


def _different(count: int, names: list[str]) -> str:
    listed = ", ".join(names) + (", …" if count > len(names) else "")
    return _(
        "{count:,} records are stored with another content ({listed}); --overwrite puts the "
        "file's in their place.",
        count=count,
        listed=listed,
    )


def _others(others: Mapping[str, int]) -> str:
    parts = [concat(number(count), f" × {kind}") for kind, count in others.items()]
    listed = concat(*parts, separator=", ")
    return _(
        "This deployment has records that the file does not have ({listed}); "
        "--overwrite keeps them and restores the others.",
        listed=listed,
    )


Phase = Literal["verify", "compare", "write", "arm"]
Mode = Literal["look", "add", "replace"]
OnProgress = Callable[[Phase, int, int | None], None]
"""Called with a phase, the number of processed records, and the total, None if it is unknown."""

RECORDS_AT_ONCE, BYTES_AT_ONCE = 64, 1_048_576
"""A script of 64 runs blocks Redis for some six milliseconds: running workers may wait for it."""


@dataclass(frozen=True, slots=True)
class RestoreOptions:
    """Options of a restore. `pause` allows a live scheduler: its firing is held meanwhile."""

    dry_run: bool = False
    pause: bool = False
    overwrite: bool = False


def no_progress(_phase: Phase, _done: int, _of: int | None) -> None:
    """Ignore the progress."""


class Restore:
    """One restore into one deployment."""

    def __init__(
        self,
        link: RedisLink,
        scripts: Scripts,
        clock: Clock,
        settings: Settings,
        on_progress: OnProgress = no_progress,
        *,
        other_keys: Sequence[bytes] = (),
    ) -> None:
        self._link = link
        self._scripts = scripts
        self._keys = scripts.keys
        self._clock = clock
        self._settings = settings
        self._on_progress = on_progress
        self._other_keys = other_keys
        """Keys that may open secrets in the file, beside those of this machine and of the file."""
        self._key_id = ""
        self._full_keys: FullKeys | None = None

    async def run(self, file: ExportFile, options: RestoreOptions) -> RestoreReport:
        """Restore, or compare only; raises ExportDamaged and RestoreRefused before anything is written."""
        done = count(1)
        contents = file.verify(lambda: self._on_progress("verify", next(done), None))
        self._key_id = await sealing_key(self._link, self._keys)
        if contents.header.full:
            pepper = await self._link.call("GET", self._keys.api_keys_pepper)
            archived = [*contents.secret_keys, *self._other_keys]
            self._full_keys = FullKeys(deployment_secrets(self._settings), archived, pepper)
        if options.dry_run:
            report = await self._compare(file, contents, "")
            return replace(report, refused=await self._reason(report, options))
        async with restore_lock(self._scripts, self._clock) as owner:
            await self._refuse_during_rotation()
            await self._refuse_while_scheduler_runs(options)
            found = await self._compare(file, contents, owner)
            if reason := in_the_way(found, overwrite=options.overwrite):
                raise RestoreRefused(reason)
            return await self._write(file, contents, owner, found)

    async def _reason(self, report: RestoreReport, options: RestoreOptions) -> str | None:
        try:
            await self._refuse_while_scheduler_runs(options)
        except RestoreRefused as refused:
            return refused.message
        return in_the_way(report, overwrite=options.overwrite)

    async def _refuse_during_rotation(self) -> None:
        # A rotation does not begin while the restore's lock is held.
        if (await read_sealing_key(self._link, self._keys)).previous_id:
            raise RestoreRefused(KEY_ROTATES)

    async def _refuse_while_scheduler_runs(self, options: RestoreOptions) -> None:
        if not options.pause and await is_service_alive(self._link, self._keys, "scheduler"):
            raise RestoreRefused(SCHEDULER_ALIVE)

    async def _compare(self, file: ExportFile, contents: Contents, owner: str) -> RestoreReport:
        """Compare every record with the stored one; nothing is written."""
        items = self._items(contents)
        tally = await self._go_through(file, contents, items, "look", owner)
        others = await self._others(tally, contents.header)
        return RestoreReport(contents.header, tally, items.notes, others)

    async def _write(
        self, file: ExportFile, contents: Contents, owner: str, found: RestoreReport
    ) -> RestoreReport:
        if contents.counts["api_key"]:
            # Before the first record: this machine never serves what follows without a key.
            KeysRequired(self._settings).require(self._clock.now())
        mixed = any(found.others.values())
        later_by = int(await self._link.call("GET", self._keys.seq) or 0) if mixed else 0
        items = self._items(contents, later_by)
        header = contents.header
        # First: records created meanwhile must come after all of the file's.
        purged: Arg = "" if header.purged_until is None else header.purged_until
        marks: dict[str, Arg] = {"seq": header.seq + later_by, "purged_until": purged}
        _owned(await self._scripts.run("restore/marks", mode="add", owner=owner, **marks))
        replaces = found.tally.total(RestoreOutcome.DIFFERENT) > 0
        tally = await self._go_through(file, contents, items, "replace" if replaces else "add", owner)
        armed = await self._arm(file, owner, contents.counts["job"], items.notes)
        return RestoreReport(header, tally, items.notes, found.others, armed)

    def _items(self, contents: Contents, later_by: int = 0) -> RestoreItems:
        header, settings = contents.header, self._settings
        full = None if self._full_keys is None else FullItems(self._full_keys, self._key_id)
        items = RestoreItems(
            header, self._open_box, later_by, self._key_id, shards=settings.shards, full=full
        )
        missing = set(header.environment) - set(set_names(settings))
        items.notes.missing_settings = sorted(missing)
        return items

    def _open_box(self) -> SecretBox:
        return SecretBox(load=lambda: [*deployment_secrets(self._settings), *self._other_keys])

    async def _go_through(
        self, file: ExportFile, contents: Contents, items: RestoreItems, mode: Mode, owner: str
    ) -> RestoreCounts:
        tally, done = RestoreCounts(), 0
        phase: Phase = "compare" if mode == "look" else "write"
        audit = AuditPartWriter(
            *(self._link, self._scripts, self._clock, self._settings), writes=mode != "look"
        )
        for batch in _batches(file.records(), items):
            words = await self._words(batch, audit, mode, owner)
            for name, word in zip(batch.names, words, strict=True):
                tally.add(batch.kind, name, RestoreOutcome(word))
            done += len(batch.names)
            self._on_progress(phase, done, contents.records)
        await audit.finish()
        return tally

    async def _words(self, batch: _Batch, audit: AuditPartWriter, mode: Mode, owner: str) -> list[str]:
        """Restore a batch, or compare it, and return the outcome of each record."""
        if not batch.audit:
            script = _script_of(batch.kind)
            return _owned(await self._scripts.run(script, *batch.values, mode=mode, owner=owner))
        if mode != "look":
            # The audit has scripts of its own, which do not renew the lock.
            taken = await self._scripts.run("restore/lock", owner=owner, lock_ms=LOCK_MS, action="take")
            _owned("LOST" if taken != "YES" else taken)
        return [*await audit.words([line.text for line in batch.audit])]

    async def _others(self, tally: RestoreCounts, header: ExportHeader) -> dict[Kind, int]:
        keys = self._keys
        states = [("ZCARD", keys.outbox_state(state)) for state in OutboxState]
        states += [("ZCARD", keys.incidents(state)) for state in ("open", "closed")]
        states += [("ZCARD", keys.monitors), ("ZCARD", keys.published_all(ArtifactKind.REPORT))]
        hashes = [("HLEN", keys.accounts), ("HLEN", keys.contacts), ("HLEN", keys.calendars)]
        jobs, runs, accounts, contacts, calendars, *rest = await self._link.calls(
            [("ZCARD", keys.jobs), ("ZCARD", keys.runs), *hashes, *states]
        )
        stored: dict[Kind, int] = {"job": jobs, "run": runs, "account": accounts, "contact": contacts}
        stored |= {"calendar": calendars, "message": sum(rest[:-4]), "incident": sum(rest[-4:-2])}
        stored |= {"monitor": rest[-2], "report": rest[-1]}
        if header.full:
            secrets, api_keys = await self._link.calls([("HLEN", keys.secrets), ("HLEN", keys.api_keys)])
            stored |= {"secret": secrets, "api_key": api_keys}
        return {kind: max(0, count - tally.stored(kind)) for kind, count in stored.items()}

    async def _arm(self, file: ExportFile, owner: str, jobs: int, notes: RestoreNotes) -> int:
        """Set the next fires, after all records are restored, counted from this moment."""
        armed, calendars = 0, await CalendarStore(self._link, self._scripts, self._clock).rules()
        lines = (line for line in file.records() if isinstance(line, JobLine))
        for done in range(0, jobs, RECORDS_AT_ONCE):
            some = list(islice(lines, min(RECORDS_AT_ONCE, jobs - done)))
            values = [value for line in some for value in self._next_fire(line, notes, calendars)]
            armed += _owned(
                await self._scripts.run("restore/set_next_fire", *values, mode="add", owner=owner)
            ).count("ARMED")
            self._on_progress("arm", done + len(some), jobs)
        return armed

    def _next_fire(self, line: JobLine, notes: RestoreNotes, calendars: Calendars) -> list[Arg]:
        if line.fields["enabled"] != "1":
            return []
        now_ms = self._clock.now_ms()
        try:
            slot, score = first_fire(
                line.spec, self._settings.timezone, now_ms, must_fire=False, calendars=calendars
            )
        except InvalidSpec:
            # For example a zone that this machine does not have: the job is restored, and a save fixes it.
            notes.never_firing.append(line.id)
            return []
        return [] if slot is None or score is None else [4, line.id, line.fields["version"], slot, score]


def _script_of(kind: Kind) -> str:
    return "restore/full" if kind in FULL_KINDS else f"restore/{kind}"


@dataclass(slots=True)
class _Batch:
    kind: Kind
    names: list[str]
    values: list[Arg]
    size_bytes: int = 0
    audit: list[FullLine] = field(default_factory=list["FullLine"])
    """Records of the audit log, which no script of a restore takes."""

    def takes(self, line: Line) -> bool:
        """Return whether a record belongs to this batch."""
        return self.kind == line.kind and bool(self.audit) == is_of_audit(line) and not self.full

    @property
    def full(self) -> bool:
        return len(self.names) >= RECORDS_AT_ONCE or self.size_bytes >= BYTES_AT_ONCE


def _batches(lines: Iterator[Line], items: RestoreItems) -> Iterator[_Batch]:
    """Yield items of one kind together, as many as one script takes."""
    batch = _Batch(KINDS[0], [], [])
    for line in lines:
        if batch.names and not batch.takes(line):
            yield batch
            batch = _Batch(line.kind, [], [])
        batch.kind = line.kind
        batch.names.append(line.id)
        if isinstance(line, FullLine) and is_of_audit(line):
            batch.audit.append(line)
            continue
        values = items.item(line)
        batch.values += values
        batch.size_bytes += sum(len(value) for value in values if isinstance(value, str))
    if batch.names:
        yield batch


def _owned(answer: list[str] | str) -> list[str]:
    if answer == "LOST":
        raise RestoreRefused(LOCK_LOST)
    return [answer] if isinstance(answer, str) else answer

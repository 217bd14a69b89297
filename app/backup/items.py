"""Converts the records of an export to arguments of the restore scripts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import orjson

from app.backup.format import (
    AccountLine,
    CalendarLine,
    ContactLine,
    FiguresLine,
    IncidentLine,
    JobLine,
    Line,
    MessageLine,
    MonitorLine,
    ReportLine,
    RunLine,
    SettingLine,
    ValueLine,
    VersionLine,
)
from app.backup.full_items import FullItems
from app.backup.full_parts import FullLine
from app.core.alerting.platform_incidents import members_here
from app.core.connectors.messages import OutboxState
from app.core.errors import SecretUnreadable
from app.core.i18n import _
from app.core.i18n.stored import encoded, with_message
from app.core.models import RunStatus
from app.core.monitors.pings import ping_context
from app.core.secrets.sealing import sealing_key_of
from app.core.specs.literal_credentials import literal_problems
from app.core.storage.limits import names_of_spec
from app.core.storage.shards import shard_of_job

if TYPE_CHECKING:
    from app.core.files.exports import ExportHeader
    from app.core.redis_client import Arg
    from app.core.secrets.sealing import SecretBox

RESTORED = "restored"
"""The error code of runs that had not ended when they were read."""

# Fields of an attempt or a wait that is over.
_PASSING = frozenset({"lease", "entry", "lane", "due", "waiting", "cancel", "alone", "final"})


@dataclass(slots=True)
class RestoreNotes:
    """Notes for people on a restore, in addition to its counts."""

    cancelled: int = 0
    """Runs that had not ended."""
    messages_unknown: int = 0
    """Messages that were in flight."""
    without_secrets: list[str] = field(default_factory=list[str])
    """Accounts whose secrets are not in the file, or are sealed under another SECRET_KEY."""
    other_keys: list[str] = field(default_factory=list[str])
    """Fingerprints of keys that the file's secrets need and this machine does not have."""
    never_firing: list[str] = field(default_factory=list[str])
    """Jobs whose schedule cannot be computed here."""
    literal_credentials: list[str] = field(default_factory=list[str])
    """Jobs whose spec holds a credential, which a save would refuse; they are restored unchanged."""
    unreadable: list[str] = field(default_factory=list[str])
    """Secrets and API keys of a full backup that its own keys do not open; they are restored as they are."""
    missing_settings: list[str] = field(default_factory=list[str])
    """Settings that the machine of a full backup had set, and this one has not."""


class RestoreItems:
    """Makes the arguments. `later_by` is added to every `seq`, so that no two deployments share one.

    Secrets are re-sealed if another key than `key_id` has sealed them; empty leaves them as they are. An
    incident keeps no member that could not end it in this deployment of so many `shards`. `full` is for the
    parts of a full backup, whose values open with the keys in the file.
    """

    def __init__(
        self,
        header: ExportHeader,
        open_box: Callable[[], SecretBox],
        later_by: int = 0,
        key_id: str = "",
        *,
        shards: int = 1,
        full: FullItems | None = None,
    ) -> None:
        self._header = header
        self._full = full
        self._key_id = key_id if full is None else full.key_id
        self._open_box = open_box if full is None else lambda: full.keys.box
        self._box: SecretBox | None = None
        self._later_by = later_by
        self._shards = shards
        self.notes = RestoreNotes()
        if full is not None:
            self.notes.unreadable = full.unreadable

    def item(self, line: Line) -> list[Arg]:
        """Return a record's values, preceded by their number."""
        match line:
            case JobLine():
                values = self._job(line)
            case AccountLine():
                values = self._account(line)
            case ContactLine() | CalendarLine() | FullLine():
                values = self._full_values(line) if isinstance(line, FullLine) else [line.id, line.text]
            case RunLine():
                values = self._run(line)
            case MessageLine() | ReportLine():
                values = self._message(line) if isinstance(line, MessageLine) else self._report(line)
            case MonitorLine() | IncidentLine():
                values = self._incident(line) if isinstance(line, IncidentLine) else self._monitor(line)
            case VersionLine() | SettingLine():
                values = [*line.place, line.text]
            case ValueLine():
                values = [line.job, line.key, line.value, _instant(line.lapses_at)]
            case FiguresLine():
                values = [line.family, line.name, _instant(line.lapses_at), *_fields(line.fields)]
        return [len(values), *values]

    def _full_values(self, line: FullLine) -> list[Arg]:
        if self._full is None:
            raise ValueError("a part of a full backup needs the keys of the file")
        return self._full.values(line)

    def _job(self, line: JobLine) -> list[Arg]:
        if literal_problems(line.spec.model_dump(mode="json")):
            self.notes.literal_credentials.append(line.id)
        limits = ",".join(names_of_spec(line.spec).values())
        fields = {**line.fields, "seq": self._seq(line.seq)}
        return [line.id, line.fired, limits, *_fields(fields), *line.ledger]

    def _account(self, line: AccountLine) -> list[Arg]:
        fields, whole = line.fields, not line.without
        if whole:
            resealed = self._resealed(line)
            whole = resealed is not None
            bare = {name: text for name, text in fields.items() if not name.startswith("secret:")}
            fields = {**bare, **(resealed or {})}
        if not whole:
            self.notes.without_secrets.append(line.id)
        return [line.id, "1" if whole else "", *_fields(fields)]

    def _resealed(self, line: AccountLine) -> dict[str, str] | None:
        """Return the account's secrets sealed under this deployment's key; None if one cannot be opened."""
        found: dict[str, str] = {}
        for name, sealed in line.secrets.items():
            box = self._box = self._box or self._open_box()
            try:
                found[f"secret:{name}"] = self._own_seal(box, sealed, f"{line.id}:{name}")
            except SecretUnreadable:
                key_id = sealing_key_of(sealed)
                if key_id and key_id not in [*box.key_ids(), *self.notes.other_keys]:
                    self.notes.other_keys.append(key_id)
                return None
        return found

    def _own_seal(self, box: SecretBox, sealed: str, context: str) -> str:
        if self._key_id and not box.opens_under(sealed, context, self._key_id):
            return box.reseal(sealed, context, self._key_id)
        box.open(sealed, context)
        return sealed

    def _run(self, line: RunLine) -> list[Arg]:
        self.notes.cancelled += not line.ended
        cut, logs = "" if line.ended else "1", "1" if self._header.logs else ""
        fields = {**self.ended_fields(line), "seq": self._seq(line.seq)}
        return [line.id, cut, logs, line.log, *_fields(fields), *line.attempts]

    def ended_fields(self, line: RunLine) -> dict[str, str]:
        """Return the fields that a restored run has."""
        return line.fields if line.ended else self._ended(line.fields)

    def _ended(self, fields: dict[str, str]) -> dict[str, str]:
        """Return a run that had not ended as cancelled; the same each time, so that it is restored once."""
        begun = [int(fields[name]) for name in ("created", "queued", "started") if fields.get(name)]
        ended = max(self._header.created_at, *begun)
        error = {"kind": "cancelled", "code": RESTORED, "retryable": False, "at": ended}
        return {
            **{name: text for name, text in fields.items() if name not in _PASSING},
            "status": RunStatus.CANCELLED.value,
            "rev": str(int(fields["rev"]) + 1),
            "ended": str(ended),
            "error": orjson.dumps({**error, **with_message("message", _WHY)}).decode(),
        }

    def _message(self, line: MessageLine) -> list[Arg]:
        self.notes.messages_unknown += not line.settled
        fields = {**settled_fields(line), "seq": self._seq(line.seq)}
        return [line.id, "" if line.settled else "1", *_fields(fields)]

    def _report(self, line: ReportLine) -> list[Arg]:
        fields = {**line.fields, "seq": self._seq(line.seq)}
        return [line.id, self._seq(line.seq), *_fields(fields), *_fields(line.pieces)]

    def _incident(self, line: IncidentLine) -> list[Arg]:
        fields = {**line.fields, "seq": self._seq(line.seq)}
        members = members_here(line.members, self._shards)
        owner = next((job for job in line.jobs if f"job:{job}" in members), "")
        # It is in the shard of its first job here. The end of a job of another shard would not reach it.
        jobs = {owner: line.jobs[owner], **line.jobs} if owner else line.jobs
        here = [each for each in members if not owner or self._shares_shard(owner, each)]
        parts = (fields, jobs, dict.fromkeys(here, ""), line.deliveries)
        return [line.id, *(value for part in parts for value in _fields(part)), *line.timeline]

    def _shares_shard(self, owner: str, member: str) -> bool:
        """Return whether a member of an incident is no job, or a job in the shard of its owner."""
        job_id = member.removeprefix("job:")
        return job_id == member or shard_of_job(job_id, self._shards) == shard_of_job(owner, self._shards)

    def _monitor(self, line: MonitorLine) -> list[Arg]:
        token = ""
        if line.token:
            box = self._box = self._box or self._open_box()
            try:
                token = self._own_seal(box, line.token, ping_context(line.id))
            except SecretUnreadable:
                token = ""
        parts = (line.fields, line.days, line.quarters, line.ping)
        values = [value for part in parts for value in _fields(part)]
        return [line.id, self._seq(line.seq), token, *values, *line.ranges]

    def _seq(self, seq: int) -> str:
        return str(seq + self._later_by)


_WHY = _("Restored from an export, in which this run had not ended.")
_MAY_BE_SENT = _("Restored from an export, in which this was on its way: it may have been sent since.")


def settled_fields(line: MessageLine) -> dict[str, str]:
    """Return the fields that a restored message has."""
    if line.settled:
        return line.fields
    kept = {name: text for name, text in line.fields.items() if name not in {"send", "due"}}
    error = {"error": str(_MAY_BE_SENT), "error_origin": orjson.dumps(encoded(_MAY_BE_SENT)).decode()}
    return {**kept, **error, "state": OutboxState.UNKNOWN.value, "code": RESTORED}


def _fields(fields: dict[str, str]) -> list[Arg]:
    return [2 * len(fields), *(part for pair in fields.items() for part in pair)]


def _instant(at_ms: int | None) -> Arg:
    return "" if at_ms is None else at_ms

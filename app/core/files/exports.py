"""The format of an export: a gzip file of JSON lines.

The first line is the header, the last the trailer, with the SHA-256 of every byte before it; the checksum
finds damage, it does not prove who wrote the file. Each line in between is one record, by `kind`:

- `job`: its spec, version, author and enabled flag, its ranges of fired slots, its ledger. Limits of
  concurrency keys are part of the specs. `version`: one save of a spec, also of a deleted job whose runs
  are stored.
- `account`: settings and recipients. Secrets only if they were asked for, and then as they are stored:
  sealed with AES-256-GCM under the key derived from SECRET_KEY, never opened on the way. Without them
  `without` names the secrets that are left out.
- `contact`: a name of the address book. `calendar`: days and times that schedules leave out.
- `setting`: the default recipient, the notification rules, a maintenance window, or a status page.
- `run`: its record, its ended attempts, and, if asked for, its log, packed. Inputs and results are there
  as they are. `message`: an entry of the outbox, so that a redriven run finds its earlier messages.
- `report`: its record in the list, and its files if they are in Redis.
- `incident`: its record, jobs, members, messages and timeline. A restored one makes no message due.
- `value`: the `kv` values of a job's handlers. `figures`: roll-ups, and the metrics of jobs.

A full backup also has these (`app/backup/full_parts.py`), and is always sealed under a passphrase:

- `secret_key`: the keys that seal. A restore opens with them and seals with those of its own machine.
- `access`: the pepper behind digests of API keys, their last uses. `api_key`: API keys and people, with the
  digests of their secrets. Sessions are not included: browsers sign in again.
- `secret`: secrets of jobs with their hosts. `audit`: the audit log, as it is stored.

Not included elsewhere: API keys (a revoked one would come back). Never included: pauses (they are temporary;
a job that is off permanently says so in its spec), the list of exports (their files stay), sessions, files of
reports outside of Redis, unacknowledged updates of channels, the list of chats that wrote recently, events,
the sandbox's inbox, stored plans, idempotency records, heartbeats, the counters behind `/metrics`, the
quarantine, and all data that is rebuilt automatically: queues, leases, indexes, next fires. A
run that a pause held is restored like every run that had not ended.

An export may be taken while work goes on. Records created after it began are not in it. Every record is as it
was at its reading, and each page is read at another moment. A run that ended meanwhile is in its state at
reading; a message or a roll-up that belongs to its end may be older or newer.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from app.core.errors import AdminRequired
from app.core.i18n import _

FORMAT = 1
SUFFIX = ".jsonl.gz"
SEALED_SUFFIX = ".jsonl.gz.age"
"""Of a full backup: the same format, sealed under a passphrase (`app/backup/sealed_file.py`)."""
SEALED_MAGIC = b"age-encryption.org/v1\n"
MAX_LINE_BYTES = 67_108_864
"""A run with the largest result and log that settings allow is smaller; a longer line is not ours."""

Kind = Literal[
    "job",
    "version",
    "account",
    "contact",
    "calendar",
    "setting",
    "value",
    "figures",
    "run",
    "message",
    "incident",
    "monitor",
    "report",
    "secret_key",
    "access",
    "api_key",
    "secret",
    "audit",
]
FULL_KINDS: Final[tuple[Kind, ...]] = ("secret_key", "access", "api_key", "secret", "audit")
"""Only a full backup has these."""
KINDS: Final[tuple[Kind, ...]] = (
    *("job", "version", "account", "contact", "calendar", "setting", "value", "figures", "run", "message"),
    "incident",
    "monitor",
    "report",
    *FULL_KINDS,
)
Count = Annotated[int, Field(ge=0, strict=True)]


def _is_unset(value: object) -> bool:
    return not value


_OnlyIfSet = Field(exclude_if=_is_unset)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class ExportHeader(_Strict):
    """The first line. Instants in epoch milliseconds of Redis' clock."""

    kind: Literal["header"] = "header"
    format: int = FORMAT
    made_by: str
    """The release that wrote it."""
    deployment: str
    """The namespace."""
    created_at: Annotated[int, Field(ge=0)]
    seq: Annotated[int, Field(ge=0, lt=2**53)]
    """Jobs and runs with a later `seq` are not in the file."""
    purged_until: int | None
    """The creation of the newest run that retention had removed."""
    logs: bool
    secrets: bool
    planned: dict[Kind, Count]
    """The approximate number of records, from the indexes."""
    full: Annotated[bool, _OnlyIfSet] = False
    """A full backup. An earlier release does not know this field, and reads every other export."""
    environment: Annotated[list[str], _OnlyIfSet] = Field(default_factory=list[str])
    """The names of the settings that the machine had set, for the report of a restore. Never values."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """Return the kinds of records that such an export may have."""
        return KINDS if self.full else tuple(kind for kind in KINDS if kind not in FULL_KINDS)


class ExportTrailer(_Strict):
    """The last line."""

    kind: Literal["trailer"] = "trailer"
    counts: dict[Kind, Count]
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]


# The rights on exports with secrets, by inputs and by file.

EXPORT_TYPE = "backup.export"
INPUT, FULL_INPUT = "include_secrets", "full"
HEAD_BYTES = 65_536
"""A header has some hundred bytes and is at the very beginning of the compressed file."""
_GZIP = 31


def exports_secrets(job_type: str, inputs: Mapping[str, Any]) -> bool:
    """True if a run with these inputs makes an export with secrets. Only `false` excludes them."""
    return job_type == EXPORT_TYPE and any(
        inputs.get(name, False) is not False for name in (INPUT, FULL_INPUT)
    )


def require_export_right(is_admin: bool, job_type: str, inputs: Mapping[str, Any]) -> None:
    """Raise AdminRequired if the inputs ask for secrets and the caller is not an admin."""
    if is_admin or not exports_secrets(job_type, inputs):
        return
    raise AdminRequired(
        _(
            "An export with secrets (`{input}`, `{full}`) needs the role admin; without them, operator is "
            "enough.",
            input=INPUT,
            full=FULL_INPUT,
        )
    )


def export_header(head: bytes) -> ExportHeader | None:
    """Return the header of an export from the first bytes of its file; None if it is not an export."""
    try:
        first, _, _ = zlib.decompressobj(_GZIP).decompress(head, HEAD_BYTES).partition(b"\n")
        return ExportHeader.model_validate_json(first)
    except (zlib.error, ValidationError):
        return None


def holds_secrets(head: bytes) -> bool:
    """True if an export's file contains secrets; an unreadable file counts as one that may."""
    header = export_header(head)
    return header is None or header.secrets

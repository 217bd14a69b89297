"""The record types of an export, one per line, with their validation."""

from __future__ import annotations

import base64
import re
import zlib
from typing import Annotated, Literal, Self, get_args

import orjson
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, model_validator

from app.backup.full_parts import FullLine
from app.core.alerting.maintenance import window_of
from app.core.alerting.rules import FIELD as RULES_FIELD
from app.core.alerting.rules import rules_of
from app.core.connectors.channels import CHANNELS
from app.core.connectors.messages import SETTLED, OutboxState, entry_of
from app.core.files.artifacts import record_of as record_of_artifact
from app.core.files.artifacts import unpacked
from app.core.i18n import Language
from app.core.ids import DEFAULT_QUEUE, is_run_id
from app.core.incidents.store import record_of as record_of_incident
from app.core.log_lines import line_from_json
from app.core.messaging.account_models import chat_user_problems
from app.core.messaging.chat_users import FIELD, read_chat_users
from app.core.messaging.contact_models import Contact, name_key
from app.core.messaging.contacts import ContactDraft
from app.core.messaging.recipients import DEFAULT_FIELD, stored_default_of
from app.core.models import CALENDAR_PATTERN, JOB_ID_PATTERN, TERMINAL, JobSpec, RunStatus
from app.core.recipient import ACCOUNT_ID_PATTERN, is_recipient
from app.core.runs.store import run_record_of
from app.core.specs.calendars import calendar_record, calendars_named
from app.core.specs.store import record_of
from app.core.status_pages.models import SLUG_PATTERN
from app.core.status_pages.store import page_record_of
from app.core.storage.limits import names_of_spec

MAX_LOG_BYTES = 268_435_456
"""Unpacked size; it bounds a log that is a compression bomb."""

FieldName = Annotated[str, Field(min_length=1, max_length=400)]
Fields = dict[FieldName, str]
JobId = Annotated[str, Field(pattern=JOB_ID_PATTERN)]
Instant = Annotated[int, Field(ge=0, lt=2**53)]
_TIMES, _QUARTER = re.compile(r"\d{1,16},\d{1,16},\d{1,16}"), re.compile(r"\d{1,8}:\d{1,2}")
_PIECE = re.compile(r"\d:\d{1,4}")
_RANGE = re.compile(r"[a-z_]{1,32}\|\d{1,16}\|\d{1,16}\|[a-z_]{0,64}")
_HASH_FIELD = re.compile(r"[a-z_]{1,32}")
_FIRED = re.compile(r"(\d{1,16}-\d{1,16}(,\d{1,16}-\d{1,16}){0,15})?")
_LEDGER_RANGE = re.compile(r"\d{1,16}\|\d{1,16}\|\d{1,16}\|(?:[a-z_]{1,64}|skip[>@:][^|]{1,200})\|\d{1,16}")
_TARGET = re.compile(r"([0-9a-f]{32})?")


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class JobLine(_Line):
    """A job as it is stored, except for its next fire."""

    kind: Literal["job"] = "job"
    id: JobId
    fields: Fields
    fired: str
    ledger: Annotated[list[str], Field(max_length=1_000)]

    @model_validator(mode="after")
    def _holds(self) -> Self:
        _check_names(self.fields)
        record = record_of(self.fields)
        spec = record.spec
        fields = [self.fields[name] for name in ("type", "tags", "key")] + [
            self.fields.get(name, "") for name in ("calendars", "queue")
        ]
        key = ",".join(names_of_spec(spec))
        expected = [spec.type, ",".join(spec.tags), key, ",".join(calendars_named(spec))]
        expected.append("" if spec.queue == DEFAULT_QUEUE else spec.queue)
        _require(spec.job_id == self.id and fields == expected, "its fields are not those of its spec")
        _require(record.version >= 1 and record.seq >= 1, "version and seq count from 1")
        _require(self.fields["enabled"] in {"0", "1"}, "enabled is 0 or 1")
        _require(_TARGET.fullmatch(self.fields.get("target", "")), "its target is no digest")
        _require(_FIRED.fullmatch(self.fired), "its fired slots are no ranges")
        _require(all(map(_LEDGER_RANGE.fullmatch, self.ledger)), "its ledger has no ranges")
        return self

    @property
    def spec(self) -> JobSpec:
        return record_of(self.fields).spec

    @property
    def seq(self) -> int:
        return int(self.fields["seq"])


class VersionLine(_Line):
    """One save of a spec."""

    kind: Literal["version"] = "version"
    job: JobId
    number: Annotated[int, Field(ge=1, lt=2**31)]
    text: str

    @model_validator(mode="after")
    def _holds(self) -> Self:
        saved = orjson.loads(self.text)
        _require(isinstance(saved["at"], int), "it has no instant")
        _require(isinstance(saved["actor"], str) and isinstance(saved["origin"], str), "it has no author")
        _require(JobSpec.model_validate_json(saved["spec"]).job_id == self.job, "its spec is another job's")
        return self

    @property
    def id(self) -> str:
        return f"{self.job} {self.number}"

    @property
    def place(self) -> tuple[str, int]:
        return self.job, self.number


class AccountLine(_Line):
    """An account of a channel; `without` names the secrets that the export leaves out."""

    kind: Literal["account"] = "account"
    id: Annotated[str, Field(pattern=rf"^[a-z][a-z0-9_]{{0,31}}:{ACCOUNT_ID_PATTERN[1:]}")]
    fields: Fields
    without: list[str]

    @model_validator(mode="after")
    def _holds(self) -> Self:
        fields = self.fields
        settings, chats = orjson.loads(fields["settings"]), orjson.loads(fields["allow_chats"])
        _require(
            isinstance(settings, dict) and isinstance(chats, list), "settings or chats have another form"
        )
        _require({fields["commands"], fields["enabled"]} <= {"0", "1"}, "a flag is neither 0 nor 1")
        _require(
            min(int(fields[name]) for name in ("revision", "created", "updated")) >= 0, "a number is less"
        )
        _require({"actor", "default_to", "save"} <= fields.keys(), "a field is missing")
        kind = CHANNELS.get(self.id.partition(":")[0])
        _require(isinstance(orjson.loads(fields.get(FIELD, "[]")), list), "its chat users are no list")
        users = read_chat_users(fields) or ()
        _require(kind is None or not chat_user_problems(kind, users), "a chat user does not fit")
        return self

    @property
    def secrets(self) -> dict[str, str]:
        """Return the sealed secrets by name."""
        return {
            name.removeprefix("secret:"): value
            for name, value in self.fields.items()
            if name.startswith("secret:")
        }


class ContactLine(_Line):
    """A contact of the address book; `id` is the folded name."""

    kind: Literal["contact"] = "contact"
    id: Annotated[str, Field(min_length=1, max_length=1_000)]
    text: str

    @model_validator(mode="after")
    def _holds(self) -> Self:
        contact = Contact.of(self.text)
        draft = ContactDraft(contact.name, contact.channel, contact.to, contact.account_id)
        _require(not draft.problems(), "a field does not hold")
        _require(name_key(contact.name) == self.id, "its name is another one")
        _require(contact.updated_by.isprintable() and contact.updated_at >= 0, "it has no author")
        return self


class CalendarLine(_Line):
    """A calendar of the deployment; `id` is its name."""

    kind: Literal["calendar"] = "calendar"
    id: Annotated[str, Field(pattern=CALENDAR_PATTERN)]
    text: str

    @model_validator(mode="after")
    def _holds(self) -> Self:
        record = calendar_record(self.id, self.text)
        _require(record.updated_by.isprintable() and record.updated_at >= 0, "it has no author")
        return self


class SettingLine(_Line):
    """A field of the settings, a maintenance window, or a status page."""

    kind: Literal["setting"] = "setting"
    family: Literal["settings", "maintenance", "status_pages"]
    name: Annotated[str, Field(min_length=1, max_length=100)]
    text: str

    @model_validator(mode="after")
    def _holds(self) -> Self:
        match self.family:
            case "settings":
                self._require_setting()
            case "maintenance":
                window = window_of(self.name, self.text)
                _require(window.has_valid_times(), "its rule is none")
                _require_author(window.created_by, window.created_at)
            case "status_pages":
                _require(re.fullmatch(SLUG_PATTERN, self.name), "its slug is none")
                page = page_record_of(self.name, self.text)
                _require_author(page.updated_by, page.updated_at)
        return self

    def _require_setting(self) -> None:
        if self.name == RULES_FIELD:
            stored = rules_of(self.text)
            _require_author(stored.updated_by, stored.updated_at)
            return
        _require(self.name == DEFAULT_FIELD, "there is no such setting")
        default = stored_default_of(self.text)
        if default is None or not is_recipient(default.recipient.to):
            raise ValueError("it has no recipient")
        _require(default.language in {None, *get_args(Language)}, "its language is none")
        _require_author(default.updated_by, default.updated_at)

    @property
    def id(self) -> str:
        return f"{self.family} {self.name}"

    @property
    def place(self) -> tuple[str, str]:
        return self.family, self.name


class ValueLine(_Line):
    """A value that a job's handlers store."""

    kind: Literal["value"] = "value"
    job: JobId
    key: Annotated[str, Field(min_length=1, max_length=1_000)]
    value: str
    lapses_at: Instant | None

    @property
    def id(self) -> str:
        return f"{self.job} {self.key}"


class FiguresLine(_Line):
    """A roll-up (of a minute, a job's day by quarter hours, the jobs of a day, a day), or a job's metrics."""

    kind: Literal["figures"] = "figures"
    family: Literal["minute", "quarter", "durations", "jobs", "day", "all", "metrics"]
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,100}$")]
    fields: Annotated[Fields, Field(min_length=1)]
    lapses_at: Instant | None

    @model_validator(mode="after")
    def _holds(self) -> Self:
        if self.family != "metrics":
            _require(all(map(str.isdecimal, self.fields.values())), "a figure is no number")
        return self

    @property
    def id(self) -> str:
        return f"{self.family} {self.name}"


class RunLine(_Line):
    """A run as it is stored, with its ended attempts and its packed log."""

    kind: Literal["run"] = "run"
    id: str
    fields: Fields
    attempts: Annotated[list[str], Field(max_length=1_000)]
    log: str

    @model_validator(mode="after")
    def _holds(self) -> Self:
        _check_names(self.fields)
        _require(is_run_id(self.id), "its id is none")
        record = run_record_of(self.id, self.fields, [orjson.loads(text) for text in self.attempts])
        _require(re.fullmatch(JOB_ID_PATTERN, record.job_id), "its job's id is none")
        _require(1 <= record.seq < 2**53, "its seq is none")
        _require(
            not record.dead_letter or record.status is RunStatus.FAILED, "only a failed run is a dead letter"
        )
        if record.status in TERMINAL:
            _require(record.ended_at is not None, "it has ended, and never did")
        _check_log(self.log)
        return self

    @property
    def ended(self) -> bool:
        return self.fields["status"] in TERMINAL

    @property
    def seq(self) -> int:
        return int(self.fields["seq"])


class MessageLine(_Line):
    """An entry of the outbox."""

    kind: Literal["message"] = "message"
    id: Annotated[str, Field(pattern=r"^[!-~]{1,200}$")]
    fields: Fields

    @model_validator(mode="after")
    def _holds(self) -> Self:
        _check_names(self.fields)
        _require(entry_of(self.id, self.fields).seq >= 1, "its seq is none")
        return self

    @property
    def settled(self) -> bool:
        return OutboxState(self.fields["state"]) in SETTLED

    @property
    def seq(self) -> int:
        return int(self.fields["seq"])


class IncidentLine(_Line):
    """An incident; `jobs` have the instants of their first failures, `deliveries` their places."""

    kind: Literal["incident"] = "incident"
    id: Annotated[str, Field(pattern=r"^inc\d{1,16}$")]
    fields: Fields
    jobs: dict[JobId, str]
    members: list[FieldName]
    deliveries: Fields
    timeline: Annotated[list[str], Field(max_length=1_000)]

    @model_validator(mode="after")
    def _holds(self) -> Self:
        _check_names(self.fields)
        _require(all(map(str.isdecimal, self.jobs.values())), "an instant of a job is no number")
        jobs = list(self.jobs)
        record = record_of_incident(self.id, self.fields, jobs, self.timeline, self.deliveries)
        _require(1 <= record.seq < 2**53 and record.key, "its seq or its cause is none")
        _require(record.is_open or not self.members, "a closed incident has no members")
        return self

    @property
    def seq(self) -> int:
        return int(self.fields["seq"])


class MonitorLine(_Line):
    """A monitor: its record, ranges, time by state of UTC days and of quarter hours (`day:quarter`).

    `ping` is the last ping of a heartbeat, `token` its sealed ping token.
    """

    kind: Literal["monitor"] = "monitor"
    id: JobId
    seq: Annotated[int, Field(ge=1, lt=2**53)]
    fields: Fields
    days: Fields
    quarters: Fields
    ping: Fields
    token: str
    ranges: Annotated[list[str], Field(max_length=1_000)]

    @model_validator(mode="after")
    def _holds(self) -> Self:
        _check_names(self.fields)
        numbers = (self.fields.get("since", ""), self.fields.get("seen", ""), *self.days)
        _require(
            "state" in self.fields and all(map(str.isdecimal, numbers)), "its state or an instant is none"
        )
        times = (*self.days.values(), *self.quarters.values())
        _require(all(map(_TIMES.fullmatch, times)), "a time by state cannot be read")
        _require(all(map(_QUARTER.fullmatch, self.quarters)), "a quarter hour cannot be read")
        _require(all(map(_RANGE.fullmatch, self.ranges)), "a range cannot be read")
        return self


class ReportLine(_Line):
    """A report in the list: its record, and the pieces of its files if they are in Redis."""

    kind: Literal["report"] = "report"
    id: Annotated[str, Field(min_length=3, max_length=200)]
    fields: Fields
    pieces: Fields

    @model_validator(mode="after")
    def _holds(self) -> Self:
        _check_names(self.fields)
        record = record_of_artifact(self.id, self.fields)
        _require(record.files and self.id.startswith(f"{record.job_id}@"), "it is another job's, or empty")
        _require(all(map(_PIECE.fullmatch, self.pieces)), "a piece has no number")
        _require(record.content or not self.pieces, "it has pieces and no content")
        for text in self.pieces.values():
            unpacked(text)
        return self

    @property
    def seq(self) -> int:
        return int(self.fields["seq"])


Line = (
    JobLine
    | VersionLine
    | AccountLine
    | ContactLine
    | CalendarLine
    | SettingLine
    | ValueLine
    | FiguresLine
    | RunLine
    | MessageLine
    | IncidentLine
    | MonitorLine
    | ReportLine
    | FullLine
)
LINES: TypeAdapter[Line] = TypeAdapter(Annotated[Line, Field(discriminator="kind")])
_CLASSES: dict[str, type[Line]] = {
    kind: each for each in get_args(Line) for kind in get_args(each.model_fields["kind"].annotation)
}


def known_line(text: bytes) -> Line:
    """Return a record that was validated before, without validating it again."""
    fields = orjson.loads(text)
    return _CLASSES[fields["kind"]].model_construct(**fields)


def _require(holds: object, why: str) -> None:
    if not holds:
        raise ValueError(why)


def _require_author(by: str | None, at_ms: int | None) -> None:
    _require(by and by.isprintable() and at_ms is not None and at_ms >= 0, "it has no author")


def _check_names(fields: Fields) -> None:
    _require(all(map(_HASH_FIELD.fullmatch, fields)), "a field's name is none")


def _check_log(packed: str) -> None:
    if not packed:
        return
    unpacker = zlib.decompressobj()
    text = unpacker.decompress(base64.b64decode(packed, validate=True), MAX_LOG_BYTES)
    _require(unpacker.eof, "its log is not whole, or too long")
    for row in text.split(b"\n"):
        line_from_json(row)

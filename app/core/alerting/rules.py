"""Notification rules: which incidents go to whom, at which hours, and who is next."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, cast

import orjson
from pydantic import BaseModel, ConfigDict, Field, model_validator

from app.core.errors import FieldProblem, InvalidInput, NonRetryableError
from app.core.i18n import Language, _
from app.core.incidents.models import SEVERITIES, IncidentKind, Severity
from app.core.messaging.recipients import RecipientRequest
from app.core.models import Skip
from app.core.recipient import ACCOUNT_ID_PATTERN, MAX_TO_CHARS, MessageChannel, is_recipient
from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.skip_rules import closed_times

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.incidents.models import IncidentRecord
    from app.core.messaging.recipients import Recipients
    from app.core.redis_client import RedisLink
    from app.core.specs.calendars import CalendarStore
    from app.core.storage.keys import Keys

MAX_RULES, MAX_STEPS, MAX_MINUTES = 50, 10, 1_440
FIELD: Final = "notification_rules"
"""The field of the settings in Redis."""
Minutes = Annotated[int | None, Field(ge=1, le=MAX_MINUTES)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class AlarmRecipient(_Strict):
    """A recipient of alarms; what is left out comes from the account, as for other messages."""

    channel: MessageChannel
    account_id: Annotated[str | None, Field(pattern=ACCOUNT_ID_PATTERN)] = None
    to: Annotated[str | None, Field(min_length=1, max_length=MAX_TO_CHARS, examples=["123456789"])] = None
    language: Annotated[
        Language | None, Field(description="else that of the contact, of the default recipient, or of all")
    ] = None

    @property
    def request(self) -> RecipientRequest:
        """Return the recipient as other messages name it."""
        return RecipientRequest(self.channel, self.account_id, self.to)


class NotificationRule(_Strict):
    """Which incidents go to whom. Empty `kinds` and `tags` are all."""

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}$", examples=["shop"])]
    kinds: Annotated[list[IncidentKind], Field(max_length=50)] = Field(default_factory=list[IncidentKind])
    tags: Annotated[
        list[Annotated[str, Field(min_length=1, max_length=64)]],
        Field(max_length=20, description="one of the incident's jobs has one of these"),
    ] = Field(default_factory=list[str])
    min_severity: Severity = "warning"
    hours: Annotated[
        Skip | None,
        Field(description="when the rule is off, as `skip` of a schedule has it; another rule may fit then"),
    ] = None
    to: Annotated[
        list[AlarmRecipient],
        Field(min_length=1, max_length=MAX_STEPS, description="the first gets the alarm; the others follow"),
    ]
    escalate_after_min: Annotated[
        Minutes, Field(description="minutes until the next gets it, if no person has acknowledged it")
    ] = None
    digest_min: Annotated[
        Minutes, Field(description="minutes between two messages; what comes meanwhile is one digest")
    ] = None

    def fits(self, incident: IncidentRecord, tags: Iterable[str]) -> bool:
        """Return whether an incident, whose jobs have these tags, goes to this rule's recipients."""
        return (
            (not self.kinds or incident.kind in self.kinds)
            and (not self.tags or not set(self.tags).isdisjoint(tags))
            and SEVERITIES.index(incident.severity) >= SEVERITIES.index(self.min_severity)
        )


class NotificationRules(_Strict):
    """The rules of a deployment, in order: the first that fits, and is not off, decides."""

    rules: Annotated[list[NotificationRule], Field(max_length=MAX_RULES)] = Field(
        default_factory=list[NotificationRule]
    )

    @model_validator(mode="before")
    @classmethod
    def _without_read_only_fields(cls, raw: Any) -> Any:
        # Taken back and ignored, so that GET, edit, PUT works.
        read_only = {"updated_at", "updated_by"}
        if not isinstance(raw, dict):
            return raw
        fields = cast("dict[str, Any]", raw)
        return {name: value for name, value in fields.items() if name not in read_only}


@dataclass(frozen=True, slots=True)
class StoredRules:
    """The stored rules; `updated_at` in epoch milliseconds, None if none were ever stored."""

    rules: NotificationRules
    updated_at: int | None = None
    updated_by: str | None = None


def rules_of(text: str | None) -> StoredRules:
    """Return the rules from their stored text."""
    if not text:
        return StoredRules(NotificationRules())
    fields: dict[str, Any] = orjson.loads(text)
    rules = NotificationRules.model_validate({"rules": fields["rules"]})
    return StoredRules(rules, fields["at"], fields["by"])


class RuleStore:
    """Reads, checks and stores the notification rules."""

    def __init__(
        self, link: RedisLink, keys: Keys, clock: Clock, recipients: Recipients, calendars: CalendarStore
    ) -> None:
        self._link = link
        self._keys = keys
        self._clock = clock
        self._recipients = recipients
        self._calendars = calendars

    async def get(self) -> StoredRules:
        """Return the rules."""
        return rules_of(await self._link.call("HGET", self._keys.settings, FIELD))

    async def put(self, rules: NotificationRules, actor: str) -> StoredRules:
        """Replace the rules; InvalidInput names each recipient, calendar and name that does not fit."""
        problems = [
            *_doubled(rules),
            *[problem for index, rule in enumerate(rules.rules) for problem in await self._of(index, rule)],
        ]
        if problems:
            listed = "; ".join(f"{each.pointer}: {each.message}" for each in problems[:3])
            raise InvalidInput(_("The rules do not fit. {listed}", listed=listed), tuple(problems))
        stored = StoredRules(rules, self._clock.now_ms(), actor)
        fields = {**rules.model_dump(mode="json"), "at": stored.updated_at, "by": actor}
        await self._link.call("HSET", self._keys.settings, FIELD, orjson.dumps(fields).decode())
        return stored

    async def _of(self, index: int, rule: NotificationRule) -> list[FieldProblem]:
        problems: list[FieldProblem] = []
        if rule.hours is not None:
            try:
                closed_times(rule.hours, await self._calendars.rules())
            except ScheduleError as error:
                pointer = f"/rules/{index}/hours{error.field.removeprefix('skip')}"
                problems.append(FieldProblem(pointer, error.message, error.code))
        for step, recipient in enumerate(rule.to):
            pointer = f"/rules/{index}/to/{step}"
            if recipient.to is not None and not is_recipient(recipient.to):
                text = _("1 to {max_to_chars} printable characters", max_to_chars=MAX_TO_CHARS)
                problems.append(FieldProblem(f"{pointer}/to", text, "invalid"))
                continue
            try:
                await self._recipients.find(recipient.request)
            except NonRetryableError as error:
                problems.append(FieldProblem(pointer, error.message, error.code))
        return problems


def _doubled(rules: NotificationRules) -> list[FieldProblem]:
    names = [rule.name for rule in rules.rules]
    return [
        FieldProblem(f"/rules/{index}/name", _("another rule has this name"), "invalid")
        for index, name in enumerate(names)
        if name in names[:index]
    ]

"""Reviews planned jobs: validity, missing set-up, and reasons for refusals."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from app.core.errors import FieldProblem, InvalidInput, InvalidSpec, MultiJobError, NonRetryableError
from app.core.i18n import Message, _, concat, ngettext
from app.core.incidents.remedies import Remedy, RemedyAction, account_remedies, remedy
from app.core.messaging.lateness import expires_after
from app.core.messaging.recipients import MAX_NAMED, RecipientRequest, ResolvedRecipient
from app.core.net.urls import url_problem
from app.core.recipient import account_name
from app.core.scheduling.schedule import NO_CALENDARS, first_fire
from app.core.specs.validation import check_spec
from app.planner.models import DeclaredType, Note, NoteKind

if TYPE_CHECKING:
    from app.core.messaging.accounts import AccountStore
    from app.core.messaging.recipients import Recipients
    from app.core.models import JobSpec
    from app.core.policies import Policies
    from app.core.registry import HandlerSpec, Phrases, Registry
    from app.core.scheduling.skip_rules import Calendars

T = TypeVar("T")

# Job types that notify people, and the name of the message.
_TELL: Final = {
    "monitor.channel": _("alarms"),
    "monitor.http": _("alarms"),
    "monitor.heartbeat": _("alarms"),
    "report.daily": _("the report"),
    "message.send": _("the message"),
}
_MESSAGE: Final = "message.send"
_HOUR_SEC: Final = 3_600
_MINUTE_SEC: Final = 60


_WATCHED: Final = frozenset({"monitor.channel"})


class SetupReview:
    """Checks the accounts and recipients that planned jobs send through, the default recipient included."""

    def __init__(self, accounts: AccountStore, recipients: Recipients) -> None:
        self._accounts = accounts
        self._recipients = recipients

    async def review(
        self, specs: Sequence[JobSpec], concurrent_with: Awaitable[T]
    ) -> tuple[T, list[tuple[Note, ...]]]:
        """Return the result of `concurrent_with`, and notes on each job, in one round trip.

        They say what set-up is missing, and when a message is not sent any more.
        """
        checks = ((_WATCHED, self._watched), (_TELL, self._told))
        looks = [[look(spec) for types, look in checks if spec.type in types] for spec in specs]
        # Concurrent and not nested: requests of the same turn of the loop share a round trip.
        given, *answers = await asyncio.gather(concurrent_with, *chain.from_iterable(looks))
        notes = iter(cast("list[Note | None]", answers))
        return cast("T", given), [
            tuple(dict.fromkeys(filter(None, islice(notes, len(each))))) for each in looks
        ]

    async def _watched(self, spec: JobSpec) -> Note | None:
        channel, account_id = str(spec.inputs["channel"]), str(spec.inputs["account_id"])
        info = await self._accounts.info(channel, account_id)
        if info is not None and info.enabled:
            return None
        missing, disabled = (
            _("Account {name} is not set up: {command}"),
            _("Account {name} is disabled: {command}"),
        )
        command = f"multi-job connect {channel} {account_id}"
        problem = missing if info is None else disabled
        return _missing(problem.fill(name=account_name(channel, account_id), command=command))

    async def _told(self, spec: JobSpec) -> Note | None:
        """Return why a notification reaches no one, that the sandbox gets it, or when it expires."""
        request = _wanted(spec)
        try:
            found = await self._recipients.find(request)
        except NonRetryableError as error:
            return _missing(error.message)
        if found.is_fallback:
            return _missing(_fallback_text(_TELL[spec.type], request, found))
        return _expiry(spec, found) if spec.type == _MESSAGE else None


def _missing(text: str) -> Note:
    return Note(NoteKind.ENVIRONMENT, text, actions=tuple(setup_remedies(text)))


def _expiry(spec: JobSpec, found: ResolvedRecipient) -> Note:
    """Return until when a late message is sent."""
    given = spec.inputs.get("expires_after_sec")
    sec = expires_after(given, to_others=found.to_others)
    if sec is None:
        return Note(NoteKind.ASSUMPTION, _("A late message is sent however late it is, and says so."))
    over = _("A message that is over {time} late is not sent.", time=_length(sec))
    return Note(NoteKind.ASSUMPTION, over)


def _length(sec: int) -> Message:
    if sec % _HOUR_SEC == 0:
        return ngettext("{count} hour", "{count} hours", sec // _HOUR_SEC)
    if sec % _MINUTE_SEC == 0:
        return ngettext("{count} minute", "{count} minutes", sec // _MINUTE_SEC)
    return ngettext("{count} second", "{count} seconds", sec)


def _fallback_text(what: str, request: RecipientRequest, found: ResolvedRecipient) -> str:
    if found.choices:
        names = ", ".join(found.choices[:MAX_NAMED])
        return _(
            "Which account of {channel} is meant: {names}? Name one; until then the sandbox inbox "
            "gets {what}.",
            channel=request.channel,
            names=names,
            what=what,
        )
    remedy = _("multi-job notify set, or DEFAULT_NOTIFY=channel:account:to")
    if found.account:
        remedy = _("multi-job connect {account} --to RECIPIENT", account=found.account.replace(":", " ", 1))
    return _(
        "Until a recipient is set, the sandbox inbox (GET /connectors/sandbox/messages) gets "
        "{what}: {remedy}.",
        what=what,
        remedy=remedy,
    )


def setup_remedies(missing: str) -> list[Remedy]:
    """Return what ends a missing set-up, one of the texts of `SetupReview`."""
    fields: Mapping[str, Any] = missing.fields if isinstance(missing, Message) else {}
    if "names" in fields:
        return []
    step = fields.get("remedy")
    if step is None:
        return account_remedies(missing)
    account = str(step.fields.get("account", "")) if isinstance(step, Message) else ""
    if account:
        return [remedy(RemedyAction.SET_UP_ACCOUNT, account.replace(" ", ":", 1))]
    return [remedy(RemedyAction.SET_RECIPIENT)]


def _wanted(spec: JobSpec) -> RecipientRequest:
    is_message = spec.type == _MESSAGE
    place: Any = spec.inputs if is_message else spec.inputs.get("notify")
    said = dict(cast("dict[str, Any]", place)) if isinstance(place, dict) else {}
    if said and spec.type == "monitor.channel" and said.get("channel") == spec.inputs.get("channel"):
        # A monitor sends its alarm through the account that it watches, if the channel is the same.
        said["account_id"] = said.get("account_id") or spec.inputs.get("account_id")
    to = said.get("to")
    fallback = not is_message or to is None
    return RecipientRequest(said.get("channel"), said.get("account_id"), to, fallback_sandbox=fallback)


# Validates planned jobs: the checks of every spec, and a fire that is still to come.

MONITOR_HTTP: Final = "monitor.http"


@dataclass(frozen=True)
class PlanValidator:
    """Validates specs against the deployment's job types and settings."""

    registry: Registry
    policies: Policies
    default_timezone: str
    opened: frozenset[str] = frozenset()
    """Private addresses that the operator has opened (HTTP_ALLOW_PRIVATE)."""

    @cached_property
    def declared(self) -> tuple[DeclaredType, ...]:
        """Return the job types whose handlers declare the words of sentences."""
        return tuple(_declared(each, each.phrases) for each in self.registry.specs() if each.phrases)

    def spec(self, raw: Mapping[str, Any]) -> JobSpec:
        """Return the spec of `raw`; raises InvalidSpec or UnknownJobType, as in every save."""
        return check_spec(raw, self.registry, self.policies, self.default_timezone)

    def new_spec(self, raw: Mapping[str, Any], now_ms: int, calendars: Calendars = NO_CALENDARS) -> JobSpec:
        """Return the spec of a new job. If it has a schedule, the schedule must fire again."""
        spec = self.spec(raw)
        first_fire(spec, self.default_timezone, now_ms, must_fire=True, calendars=calendars)
        return spec

    def proposed_spec(self, raw: Mapping[str, Any], now_ms: int) -> JobSpec:
        """Return the spec of a job that a model proposes; its destinations must be within reach as well."""
        spec = self.new_spec(raw, now_ms)
        problem = self.url_problem(spec)
        if problem is not None:
            raise InvalidSpec(problem, (FieldProblem("/inputs/url", problem, "url_refused"),))
        return spec

    def url_problem(self, spec: JobSpec) -> str | None:
        """Return why the URL of a job is out of reach, and the setting that would allow it."""
        return url_problem(str(spec.inputs["url"]), self.opened) if spec.type == MONITOR_HTTP else None


def _declared(handler: HandlerSpec, phrases: Phrases) -> DeclaredType:
    schema = handler.input_schema()
    fields: dict[str, Any] = schema.get("properties", {})
    return DeclaredType(
        handler.type,
        phrases.all,
        tuple((slot.field, slot.words) for slot in phrases.slots),
        frozenset(name for name, each in fields.items() if each.get("type") in {"integer", "number"}),
        frozenset(schema.get("required", ())),
        tuple((phrases.schedule or {}).items()),
    )


# Reasons for refused jobs, as text.

_SHOWN: Final = 5


def why(error: MultiJobError) -> str:
    """Return what is wrong: each refused field with its reason, or the error's own sentence."""
    if isinstance(error, InvalidInput) and error.problems:
        shown = (concat(each.pointer, ": ", each.message) for each in error.problems[:_SHOWN])
        return concat(*shown, separator="; ")
    return error.message

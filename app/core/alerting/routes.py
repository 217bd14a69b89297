"""Routes of an incident: the recipients of its alarm, one after the other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, cast

import orjson
from pydantic import ValidationError

from app.core.incidents.models import SEVERITIES, IncidentKind
from app.core.messaging.recipients import RecipientRequest
from app.core.models import Skip
from app.core.recipient import SANDBOX_INBOX

if TYPE_CHECKING:
    from app.core.alerting.hours import ClosedUntil
    from app.core.alerting.rules import NotificationRule
    from app.core.i18n import Language
    from app.core.incidents.models import IncidentRecord
    from app.core.recipient import Recipient

LEAST_SEVERITY: Final = "warning"
"""Without rules, less severe incidents send nothing."""
OF_ALARMS: Final = frozenset({IncidentKind.ALARM_UNDELIVERED, IncidentKind.NO_RECIPIENT})
"""Incidents of alarms: people cannot be reached, so they go to the sandbox alone."""
NO_RECIPIENT, UNDELIVERED = "no_recipient", "alarm_undelivered"
"""The causes of these incidents."""
MINUTE_MS: Final = 60_000
_SANDBOX: Final = RecipientRequest(SANDBOX_INBOX.channel, SANDBOX_INBOX.account_id, SANDBOX_INBOX.to)


@dataclass(frozen=True, slots=True)
class JobNotice:
    """The fields of a job that decide about alarms."""

    tags: tuple[str, ...] = ()
    notify: RecipientRequest | None = None
    quiet: Skip | None = None


@dataclass(frozen=True, slots=True)
class RouteStep:
    """A recipient as it is named, before its account is looked up."""

    request: RecipientRequest
    language: Language | None = None
    is_last_resort: bool = False
    """The sandbox's inbox after all others: it reaches no person."""


@dataclass(frozen=True, slots=True)
class Route:
    """The recipients of an alarm, from the first to the last resort."""

    steps: tuple[RouteStep, ...]
    held_until: int | None = None
    """Quiet hours: nothing is sent before this instant, ms."""
    escalate_after_ms: int | None = None
    digest_ms: int = 0


def notice_of(spec: str | None) -> JobNotice:
    """Return what a job's stored spec says about alarms; nothing if the job is gone."""
    if not spec:
        return JobNotice()
    fields: dict[str, Any] = orjson.loads(spec)
    inputs: dict[str, Any] = fields.get("inputs") or {}
    return JobNotice(
        tuple(fields.get("tags") or ()), _notify(fields.get("type", ""), inputs), _quiet(inputs.get("quiet"))
    )


def _notify(job_type: str, inputs: Mapping[str, Any]) -> RecipientRequest | None:
    if not isinstance(inputs.get("notify"), dict):
        return None
    notify = cast("dict[str, Any]", inputs["notify"])
    channel, account_id = notify.get("channel"), notify.get("account_id")
    # A monitor of an account reports over this account if its recipient is on the same channel.
    if account_id is None and job_type == "monitor.channel" and inputs.get("channel") == channel:
        account_id = inputs.get("account_id")
    return None if channel is None else RecipientRequest(channel, account_id, notify.get("to"))


def _quiet(raw: object) -> Skip | None:
    try:
        return None if raw is None else Skip.model_validate(raw)
    except ValidationError:
        return None


def routes_of(
    incident: IncidentRecord,
    jobs: Sequence[JobNotice],
    rules: Sequence[NotificationRule],
    default: Recipient | None,
    closed_until: ClosedUntil,
) -> list[Route]:
    """Return the routes of an incident, one for each recipient that its jobs name; none if it sends nothing.

    A route is the job's own recipient, then the rule's, the default, and the sandbox's inbox.
    """
    if incident.kind in OF_ALARMS:
        return [Route((RouteStep(_SANDBOX, is_last_resort=True),))]
    rule, rule_opens = _rule(incident, jobs, rules, closed_until)
    if rule is None and SEVERITIES.index(incident.severity) < SEVERITIES.index(LEAST_SEVERITY):
        return []
    rest = [] if rule is None else [RouteStep(each.request, each.language) for each in rule.to]
    if default is not None:
        rest.append(RouteStep(RecipientRequest(default.channel, default.account_id, default.to)))
    rest.append(RouteStep(_SANDBOX, is_last_resort=True))
    return [
        Route(
            steps=_distinct(([] if notify is None else [RouteStep(notify)]) + rest),
            held_until=_latest(rule_opens, _quiet_until(quiets, closed_until)),
            escalate_after_ms=_ms(rule.escalate_after_min) if rule else None,
            digest_ms=(_ms(rule.digest_min) if rule else None) or 0,
        )
        for notify, quiets in _by_recipient(jobs).items()
    ]


def _rule(
    incident: IncidentRecord,
    jobs: Sequence[JobNotice],
    rules: Sequence[NotificationRule],
    closed_until: ClosedUntil,
) -> tuple[NotificationRule | None, int | None]:
    """Return the first rule that fits and is open; else the one that opens first, and when."""
    tags = {tag for job in jobs for tag in job.tags}
    closed: list[tuple[int, NotificationRule]] = []
    for rule in rules:
        if not rule.fits(incident, tags):
            continue
        opens = None if rule.hours is None else closed_until(rule.hours)
        if opens is None:
            return rule, None
        closed.append((opens, rule))
    if not closed:
        return None, None
    opens, rule = min(closed, key=lambda each: each[0])
    return rule, opens


def _by_recipient(jobs: Sequence[JobNotice]) -> dict[RecipientRequest | None, list[Skip | None]]:
    """Return the quiet hours of the jobs by their own recipient; an incident without jobs has one route."""
    found: dict[RecipientRequest | None, list[Skip | None]] = {}
    for job in jobs or [JobNotice()]:
        found.setdefault(job.notify, []).append(job.quiet)
    return found


def _quiet_until(quiets: Iterable[Skip | None], closed_until: ClosedUntil) -> int | None:
    """Return until when all of the jobs are quiet; None if one of them is not."""
    ends = [None if quiet is None else closed_until(quiet) for quiet in quiets]
    known = [end for end in ends if end is not None]
    return min(known) if len(known) == len(ends) else None


def _latest(one: int | None, other: int | None) -> int | None:
    return max(filter(None, (one, other)), default=None)


def _distinct(steps: Iterable[RouteStep]) -> tuple[RouteStep, ...]:
    """Return the first step of each recipient."""
    first: dict[RecipientRequest, RouteStep] = {}
    for step in steps:
        first.setdefault(step.request, step)
    return tuple(first.values())


def _ms(minutes: int | None) -> int | None:
    return None if minutes is None else minutes * MINUTE_MS

"""Decides what an incident needs now: a message, a wait, or nothing. Pure functions; instants in ms."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from app.core.i18n import Language
    from app.core.incidents.models import DeliveryPhase, IncidentDelivery, IncidentRecord

PATIENCE_MS: Final = 20_000
"""A message that waits longer than this is followed by the next recipient's."""
HELD_LOOK_MS: Final = 60_000
"""Quiet hours and windows may be changed while a message waits for their end."""
REPORTED_MS: Final = 120_000
"""How long a channel that reports later may still say that a message has failed."""
_SOON_MS, _SLOW_MS, _SLOWEST_MS = 1_000, 3_000, 60_000
_GIVEN_UP_MS = 86_400_000
_ON_ITS_WAY = frozenset({"pending", "sending"})


@dataclass(frozen=True, slots=True)
class AlarmTarget:
    """A recipient whose account was looked up."""

    account: str
    to: str
    language: Language
    error: str = ""
    """Why nothing can be sent to it: its account is missing, disabled or unclear."""
    is_last_resort: bool = False
    has_reports: bool = False
    """The channel reports later whether a message has arrived."""

    @property
    def place(self) -> tuple[str, str]:
        """Return the account and the address: what makes it one recipient."""
        return self.account, self.to


@dataclass(frozen=True, slots=True)
class TargetRoute:
    """A route whose recipients are looked up."""

    targets: tuple[AlarmTarget, ...]
    held_until: int | None = None
    escalate_after_ms: int | None = None
    digest_ms: int = 0


@dataclass(frozen=True, slots=True)
class PlannedSend:
    """A message that is due."""

    phase: DeliveryPhase
    target: AlarmTarget
    digest_ms: int = 0


@dataclass(slots=True)
class AlarmDecision:
    """What an incident needs now."""

    sends: list[PlannedSend] = field(default_factory=list[PlannedSend])
    stale: list[str] = field(default_factory=list[str])
    """Messages that still wait and would be wrong now."""
    due: int | None = None
    """When it is looked at again; None if nothing is to come."""
    held: str = ""
    """Why its message waits: `quiet` or `maintenance`."""
    is_undelivered: bool = False
    """No person could be reached."""
    is_unaddressed: bool = False
    """There is no person to be reached."""

    def wait_until(self, instant: int) -> None:
        """Look at it again at an instant, if nothing else is earlier."""
        self.due = instant if self.due is None else min(self.due, instant)


def decide(
    incident: IncidentRecord,
    routes: Sequence[TargetRoute],
    now: int,
    target_of: Callable[[IncidentDelivery], AlarmTarget],
    *,
    maintenance_until: int | None = None,
    is_superseded: bool = False,
) -> AlarmDecision:
    """Return what an incident needs.

    `target_of` returns the recipient of an earlier message. `maintenance_until`: it opened in a maintenance
    window that ends then. `is_superseded`: its cause has another incident by now.
    """
    decision = AlarmDecision()
    for delivery in incident.deliveries:
        if (next_look := _next_look(delivery, routes, now)) is not None:
            decision.wait_until(next_look)
    if not routes:
        return decision
    if maintenance_until is not None and maintenance_until > now and not _alarms(incident):
        decision.held = "maintenance"
        if incident.is_open:
            decision.wait_until(min(maintenance_until, now + HELD_LOOK_MS))
        return decision
    if incident.silenced_until is not None and incident.silenced_until > now:
        if incident.is_open or _alarms(incident):
            decision.wait_until(incident.silenced_until)
    elif incident.is_open:
        _alarm(decision, incident, routes, now)
    else:
        _recover(decision, incident, routes, now, target_of, is_superseded=is_superseded)
    return decision


def _alarms(incident: IncidentRecord) -> dict[tuple[str, str], IncidentDelivery]:
    return {(each.account, each.to): each for each in incident.deliveries if not each.is_recovery}


def _recoveries(incident: IncidentRecord) -> dict[tuple[str, str], IncidentDelivery]:
    return {(each.account, each.to): each for each in incident.deliveries if each.is_recovery}


def _next_look(delivery: IncidentDelivery, routes: Iterable[TargetRoute], now: int) -> int | None:
    """Return when the state of a message is read again; None if it cannot change any more."""
    age = now - delivery.at
    if delivery.state in _ON_ITS_WAY:
        if age > _GIVEN_UP_MS:
            return None
        each = _SOON_MS if age < PATIENCE_MS // 4 else _SLOW_MS if age < 2 * PATIENCE_MS else _SLOWEST_MS
        return now + each
    reports = any(
        target.has_reports and target.place == (delivery.account, delivery.to)
        for route in routes
        for target in route.targets
    )
    return now + _SLOW_MS if reports and delivery.state == "delivered" and age < REPORTED_MS else None


def _alarm(
    decision: AlarmDecision, incident: IncidentRecord, routes: Sequence[TargetRoute], now: int
) -> None:
    if incident.acknowledged_at is not None:
        return
    sent = _alarms(incident)
    for route in routes:
        if route.held_until is not None and route.held_until > now:
            decision.held = "quiet"
            decision.wait_until(min(route.held_until, now + HELD_LOOK_MS))
        else:
            _walk(decision, route, sent, "opened", now)


def _walk(
    decision: AlarmDecision,
    route: TargetRoute,
    sent: dict[tuple[str, str], IncidentDelivery],
    phase: DeliveryPhase,
    now: int,
) -> None:
    """Find the first recipient of a route that is not over, and send to it if it is new."""
    people = [target for target in route.targets if not target.is_last_resort]
    decision.is_unaddressed = decision.is_unaddressed or not people
    is_reached = False
    for target in route.targets:
        if target.is_last_resort and is_reached:
            return
        if target.is_last_resort and people:
            decision.is_undelivered = True
        delivery = sent.get(target.place)
        if delivery is None:
            if target.place not in {each.target.place for each in decision.sends}:
                decision.sends.append(PlannedSend(phase, target, route.digest_ms))
            return
        if delivery.state in _ON_ITS_WAY and now < delivery.at + PATIENCE_MS:
            return
        if delivery.state == "delivered":
            is_reached = True
            if route.escalate_after_ms is None or phase == "recovered":
                return
            if now < delivery.at + route.escalate_after_ms:
                decision.wait_until(delivery.at + route.escalate_after_ms)
                return
            phase = "escalated"


def _recover(
    decision: AlarmDecision,
    incident: IncidentRecord,
    routes: Sequence[TargetRoute],
    now: int,
    target_of: Callable[[IncidentDelivery], AlarmTarget],
    *,
    is_superseded: bool,
) -> None:
    """Say that it is over to those who got the alarm; if they still wait for it, it is taken back."""
    alarms, recoveries = _alarms(incident), _recoveries(incident)
    if is_superseded and (incident.held or incident.silenced_until):
        # Its recovery would come after the alarm of the next one.
        return
    if any(each.state in _ON_ITS_WAY and now < each.at + PATIENCE_MS for each in alarms.values()):
        # Its result decides who is to be informed.
        return
    decision.stale = [each.message_id for each in alarms.values() if each.state == "pending"]
    held = [route.held_until for route in routes if route.held_until is not None and route.held_until > now]
    if held and len(held) == len(routes):
        if alarms:
            decision.held = "quiet"
            decision.wait_until(min(*held, now + HELD_LOOK_MS))
        return
    reached = [each for each in alarms.values() if each.state == "delivered"]
    if reached:
        gaps = {target.place: route.digest_ms for route in routes for target in route.targets}
        for alarm in reached:
            target = target_of(alarm)
            if target.place not in recoveries:
                decision.sends.append(PlannedSend("recovered", target, gaps.get(target.place, 0)))
    elif alarms or not (incident.held or incident.acknowledged_at or incident.silenced_until):
        # It was over before anyone got the alarm; this says both.
        for route in routes:
            _walk(decision, route, recoveries, "recovered", now)

"""What an incident needs now: a message, a wait, or nothing."""

from __future__ import annotations

from typing import Any

import pytest

from app.core.alerting.decision import (
    HELD_LOOK_MS,
    PATIENCE_MS,
    AlarmDecision,
    AlarmTarget,
    TargetRoute,
    decide,
)
from app.core.incidents.models import IncidentDelivery, IncidentRecord
from tests.support.incident_samples import DOWN_AT_MS, delivery, incident

NOW = DOWN_AT_MS + 3_600_000
FIRST, SECOND = (AlarmTarget("telegram:bot", to, "en") for to in ("1", "2"))
INBOX = AlarmTarget("sandbox:default", "inbox", "en", is_last_resort=True)
CHAIN = (FIRST, SECOND, INBOX)


def target_of(sent: IncidentDelivery) -> AlarmTarget:
    return AlarmTarget(sent.account, sent.to, "en")


def decided(record: IncidentRecord, *routes: TargetRoute, **changes: Any) -> AlarmDecision:
    return decide(record, routes or (TargetRoute(CHAIN),), NOW, target_of, **changes)


def sent_to(decision: AlarmDecision) -> list[tuple[str, str]]:
    return [(each.phase, each.target.to) for each in decision.sends]


def test_the_first_recipient_gets_the_alarm() -> None:
    """Nothing was sent before."""
    assert sent_to(decided(incident())) == [("opened", "1")]


@pytest.mark.parametrize(
    ("state", "age_ms", "sent"),
    [
        ("pending", PATIENCE_MS - 1, []),
        ("pending", PATIENCE_MS, [("opened", "2")]),
        ("sending", PATIENCE_MS, [("opened", "2")]),
        ("failed", 0, [("opened", "2")]),
        ("unknown", 0, [("opened", "2")]),
        ("delivered", PATIENCE_MS, []),
    ],
)
def test_the_next_recipient_follows_one_that_does_not_get_it(
    state: str, age_ms: int, sent: list[tuple[str, str]]
) -> None:
    """At once if the message has failed, else after 20 s."""
    record = incident(deliveries=[delivery(state=state, at=NOW - age_ms)])
    assert sent_to(decided(record)) == sent


def test_no_person_is_left() -> None:
    """The sandbox's inbox gets it, and the decision says so."""
    failed = [delivery("1", "failed"), delivery("2", "unknown")]
    decision = decided(incident(deliveries=failed))
    assert sent_to(decision) == [("opened", "inbox")]
    assert decision.is_undelivered
    assert not decision.is_unaddressed


def test_there_is_no_person() -> None:
    """The only recipient is the sandbox's inbox."""
    decision = decided(incident(), TargetRoute((INBOX,)))
    assert sent_to(decision) == [("opened", "inbox")]
    assert (decision.is_undelivered, decision.is_unaddressed) == (False, True)


@pytest.mark.parametrize(("age_ms", "sent"), [(299_999, []), (300_000, [("escalated", "2")])])
def test_the_next_recipient_follows_without_an_acknowledgement(
    age_ms: int, sent: list[tuple[str, str]]
) -> None:
    """After the minutes of the rule."""
    record = incident(deliveries=[delivery(at=NOW - age_ms)])
    assert sent_to(decided(record, TargetRoute(CHAIN, escalate_after_ms=300_000))) == sent


def test_escalation_ends_with_the_last_person() -> None:
    """The sandbox's inbox acknowledges nothing."""
    record = incident(deliveries=[delivery("1", at=1), delivery("2", at=1)])
    assert not decided(record, TargetRoute(CHAIN, escalate_after_ms=300_000)).sends


def test_what_is_acknowledged_goes_no_further() -> None:
    """Not even if the message has failed: a person deals with it."""
    record = incident(acknowledged_at=NOW, deliveries=[delivery(state="failed")])
    assert not decided(record).sends


def test_two_routes_share_a_recipient() -> None:
    """It gets the alarm once."""
    other = AlarmTarget("telegram:bot", "3", "en")
    failed = [delivery("1", "failed"), delivery("3", "failed")]
    routes = TargetRoute(CHAIN), TargetRoute((other, SECOND, INBOX))
    assert sent_to(decided(incident(deliveries=failed), *routes)) == [("opened", "2")]


def test_quiet_hours_hold_the_alarm() -> None:
    """They may be changed meanwhile, so the next look is within a minute."""
    decision = decided(incident(), TargetRoute(CHAIN, held_until=NOW + 3_600_000))
    assert (decision.sends, decision.held, decision.due) == ([], "quiet", NOW + HELD_LOOK_MS)


def test_one_rule_in_quiet_hours_withholds_the_recovery_from_nobody() -> None:
    """A rule without quiet hours has a route of its own; if all routes have them, the recovery waits."""
    held, other = TargetRoute((SECOND,), held_until=NOW + 3_600_000), TargetRoute((FIRST,))
    record = incident(closed_at=NOW, deliveries=[delivery("1")])
    assert sent_to(decided(record, held, other)) == [("recovered", "1")]
    decision = decided(record, held)
    assert (decision.sends, decision.held, decision.due) == ([], "quiet", NOW + HELD_LOOK_MS)


def test_a_window_after_the_alarm_holds_back_no_recovery() -> None:
    """Before the alarm it holds both back, for a minute at a time."""
    until = NOW + 3_600_000
    alarmed = incident(closed_at=NOW, deliveries=[delivery("1")])
    assert sent_to(decided(alarmed, maintenance_until=until)) == [("recovered", "1")]
    decision = decided(incident(), maintenance_until=until)
    assert (decision.sends, decision.held, decision.due) == ([], "maintenance", NOW + HELD_LOOK_MS)


def test_those_who_got_the_alarm_get_the_recovery() -> None:
    """One whose message has failed does not."""
    record = incident(closed_at=NOW, deliveries=[delivery("1", "failed"), delivery("2")])
    assert sent_to(decided(record)) == [("recovered", "2")]


def test_a_recovery_is_sent_once() -> None:
    """It was sent before, whatever has become of it."""
    both = [delivery("2"), delivery("2", "failed", phase="recovered")]
    assert not decided(incident(closed_at=NOW, deliveries=both)).sends


def test_a_recovery_waits_for_the_alarm_on_its_way() -> None:
    """Whether it arrives decides who is to be informed."""
    record = incident(closed_at=NOW, deliveries=[delivery(state="sending", at=NOW - 1)])
    decision = decided(record)
    assert not decision.sends
    assert decision.due is not None


def test_an_alarm_that_waits_is_taken_back_at_the_end() -> None:
    """Its account is dead; the next recipient reads of both."""
    record = incident(closed_at=NOW, deliveries=[delivery(state="pending", at=NOW - PATIENCE_MS)])
    decision = decided(record)
    assert decision.stale == ["m:opened:1"]
    assert sent_to(decision) == [("recovered", "1")]


def test_what_was_over_before_anyone_knew_is_said_once() -> None:
    """No process sent alarms in that time."""
    assert sent_to(decided(incident(closed_at=NOW))) == [("recovered", "1")]


@pytest.mark.parametrize("changes", [{"held": "quiet"}, {"acknowledged_at": 1}, {"silenced_until": 1}])
def test_what_was_over_within_its_quiet_hours_is_not_said(changes: dict[str, Any]) -> None:
    """Nor if a person knows already."""
    assert not decided(incident(closed_at=NOW, **changes)).sends


@pytest.mark.parametrize("waited", [{"held": "quiet"}, {"silenced_until": NOW - 1}])
def test_a_held_recovery_is_dropped_if_the_cause_is_back(waited: dict[str, Any]) -> None:
    """Its new incident sends the message that holds."""
    record = incident(closed_at=NOW, deliveries=[delivery()], **waited)
    assert not decided(record, is_superseded=True).sends
    assert sent_to(decided(record)) == [("recovered", "1")]


def test_a_silence_holds_all_messages() -> None:
    """The next look is when it ends."""
    for changes in ({}, {"closed_at": NOW, "deliveries": [delivery()]}):
        decision = decided(incident(silenced_until=NOW + 5, **changes))
        assert (decision.sends, decision.due) == ([], NOW + 5)

"""The recipients of an incident: the job's own, the rule's, the default, the sandbox."""

from __future__ import annotations

from collections.abc import Sequence

import orjson
import pytest

from app.core.alerting.routes import JobNotice, Route, notice_of, routes_of
from app.core.alerting.rules import AlarmRecipient, NotificationRule
from app.core.incidents.models import IncidentKind
from app.core.messaging.recipients import RecipientRequest
from app.core.models import Skip
from app.core.recipient import Recipient
from tests.support.incident_samples import incident

DEFAULT = Recipient("telegram", "bot", "default")
NIGHT, DAY = Skip(windows=["22:00-06:00"]), Skip(windows=["06:00-22:00"])


def at_night(skip: Skip) -> int | None:
    """Return the end of the night for hours that are closed at night."""
    return 6 if skip == NIGHT else None


def rule(name: str, **changes: object) -> NotificationRule:
    to = [AlarmRecipient(channel="telegram", to=name)]
    return NotificationRule.model_validate({"name": name, "to": to, **changes})


def routes(
    *rules: NotificationRule, jobs: Sequence[JobNotice] = (JobNotice(),), **changes: object
) -> list[Route]:
    return routes_of(incident(**changes), jobs, rules, DEFAULT, at_night)


def names(route: Route) -> list[str | None]:
    return [step.request.to for step in route.steps]


def test_without_rules_the_default_gets_it() -> None:
    """The sandbox's inbox is the last resort."""
    [route] = routes()
    assert names(route) == ["default", "inbox"]
    assert [step.is_last_resort for step in route.steps] == [False, True]


def test_the_jobs_own_recipient_comes_first() -> None:
    """Then the rule's, then the default; each once."""
    job = JobNotice(notify=RecipientRequest("telegram", None, "owner"))
    assert [names(each) for each in routes(rule("ops"), jobs=[job])] == [["owner", "ops", "default", "inbox"]]
    same = JobNotice(notify=RecipientRequest("telegram", "bot", "default"))
    assert [names(each) for each in routes(jobs=[same])] == [["default", "inbox"]]


def test_jobs_with_two_recipients_are_two_routes() -> None:
    """A job without one goes to the default."""
    jobs = [JobNotice(notify=RecipientRequest("telegram", None, each)) for each in "aba"]
    assert [names(each)[0] for each in routes(jobs=[*jobs, JobNotice()])] == ["a", "b", "default"]


@pytest.mark.parametrize(
    ("changes", "fits"),
    [
        ({}, True),
        ({"kinds": [IncidentKind.MONITOR_DOWN]}, True),
        ({"kinds": [IncidentKind.JOB_FAILING]}, False),
        ({"tags": ["shop", "other"]}, True),
        ({"tags": ["other"]}, False),
        ({"min_severity": "critical"}, True),
    ],
)
def test_the_first_rule_that_fits_decides(changes: dict[str, object], fits: bool) -> None:
    """What no rule fits goes as without rules."""
    [route] = routes(rule("first", **changes), jobs=[JobNotice(tags=("shop",))])
    assert names(route)[0] == ("first" if fits else "default")


def test_an_incident_below_the_severity_goes_as_without_rules() -> None:
    """An info without a rule is sent to no one."""
    assert names(routes(rule("ops", min_severity="critical"), severity="warning")[0])[0] == "default"
    assert routes(rule("ops"), severity="info") == []
    assert names(routes(rule("ops", min_severity="info"), severity="info")[0])[0] == "ops"


def test_a_rule_that_is_off_leaves_it_to_the_next() -> None:
    """If all that fit are off, the message waits for the first that is on."""
    [route] = routes(rule("day", hours=NIGHT), rule("night", hours=DAY))
    assert (names(route)[0], route.held_until) == ("night", None)
    [route] = routes(rule("day", hours=NIGHT))
    assert (names(route)[0], route.held_until) == ("day", 6)


def test_a_route_is_quiet_if_all_of_its_jobs_are() -> None:
    """One job without quiet hours is enough to send."""
    assert routes(jobs=[JobNotice(quiet=NIGHT)])[0].held_until == 6
    assert routes(jobs=[JobNotice(quiet=NIGHT), JobNotice()])[0].held_until is None


def test_incidents_of_alarms_go_to_the_inbox_alone() -> None:
    """People cannot be reached, which is what they are about."""
    [route] = routes(rule("ops"), kind=IncidentKind.ALARM_UNDELIVERED)
    assert names(route) == ["inbox"]


def test_a_monitor_of_an_account_reports_over_it() -> None:
    """Unless its recipient names an account, or another channel."""
    inputs = {"channel": "telegram", "account_id": "bot_b", "notify": {"channel": "telegram", "to": "1"}}
    spec = {"type": "monitor.channel", "tags": ["x"], "inputs": inputs}
    notice = notice_of(orjson.dumps(spec).decode())
    assert notice == JobNotice(("x",), RecipientRequest("telegram", "bot_b", "1"))
    assert notice_of(None) == JobNotice()

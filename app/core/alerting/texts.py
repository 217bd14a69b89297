"""The texts of alarms, recoveries and digests, in one language each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from app.core.clock import from_ms
from app.core.connectors.messages import Button
from app.core.i18n import Message, _, concat, ngettext, render
from app.core.incidents.models import IncidentKind
from app.core.incidents.remedies import INCIDENT_PRESS, RemedyAction, incident_press_data
from app.core.incidents.titles import record_title

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.core.i18n import Language
    from app.core.incidents.models import DeliveryPhase, IncidentRecord

SILENCE_MIN: Final = 60
_MOST_JOBS, _MAX_CAUSE = 5, 500
_MAX_DIGEST_CHARS: Final = 3_500
"""The channels take about 4,000."""
_MONITORS = frozenset({IncidentKind.MONITOR_DOWN, IncidentKind.ACCOUNT_DOWN, IncidentKind.HEARTBEAT_SILENT})
_DOWN: Final = {
    "down": _("DOWN: {subject} since {since}{cause}{checks}.{jobs}"),
    "degraded": _("DEGRADED: {subject} since {since}{cause}{checks}.{jobs}"),
}
_SILENT: Final = _("NO SIGNAL: {subject} since {since}{cause}.{jobs}")
_OTHER: Final = _("PROBLEM: {title}, since {since}{cause}.{jobs}")
_UP_AGAIN: Final = _("UP AGAIN: {subject} at {at}, after {lasted}.{jobs}")
_NOT_WATCHED: Final = _("NO LONGER WATCHED: {subject} since {at}{cause}.{jobs}")
_OVER: Final = _("OVER: {title}, until {at}, after {lasted}.{jobs}")


def alarm_text(
    incident: IncidentRecord, phase: DeliveryPhase, language: Language, zone: ZoneInfo, now_ms: int
) -> str:
    """Return the message about one incident."""
    if phase == "recovered":
        return render(_recovery(incident, language, zone), language)
    message = _alarm(incident, language, zone, now_ms)
    if phase == "escalated":
        message = _("{alarm} No one has acknowledged it yet.", alarm=message)
    return render(message, language)


def digest_text(
    incidents: Sequence[IncidentRecord], phase: DeliveryPhase, language: Language, zone: ZoneInfo, now_ms: int
) -> str:
    """Return one message about several incidents."""
    count = len(incidents)
    head = (
        ngettext("{count} incident is over:", "{count} incidents are over:", count)
        if phase == "recovered"
        else ngettext("{count} new incident:", "{count} new incidents:", count)
    )
    lines: list[str] = []
    for each in incidents:
        line = f"• {alarm_text(each, phase, language, zone, now_ms)}"
        if sum(map(len, lines)) + len(line) > _MAX_DIGEST_CHARS:
            break
        lines.append(line)
    more = count - len(lines)
    rest = [render(_("… and {count} more", count=more), language)] if more else []
    return "\n".join([render(head, language), *lines, *rest])


def alarm_buttons(incident: IncidentRecord, language: Language) -> tuple[Button, ...]:
    """Return the buttons below an alarm."""
    acts = [("ack", _("Acknowledge")), ("mute", _("Silence for 1 h"))]
    if incident.jobs:
        acts.append(("run", _("Run now")))
    buttons = [Button(render(text, language), f"{INCIDENT_PRESS}{act}:{incident.id}") for act, text in acts]
    # Runs have their button above.
    remedies = [each for each in incident.actions if each.action is not RemedyAction.RUN_NOW]
    pressable = [(each, data) for each in remedies if (data := incident_press_data(each, incident.id))]
    return (*buttons, *(Button(render(each.label, language), data) for each, data in pressable))


def _alarm(incident: IncidentRecord, language: Language, zone: ZoneInfo, now_ms: int) -> Message:
    parts = {
        "since": _instant(incident.since, zone, now_ms),
        "cause": _reason(incident.cause, language),
        "jobs": _jobs(incident),
    }
    if incident.kind is IncidentKind.HEARTBEAT_SILENT:
        return _SILENT.fill(subject=incident.subject, **parts)
    if incident.kind in _MONITORS:
        state = str(incident.data.get("state", "down"))
        return _DOWN.get(state, _DOWN["down"]).fill(
            subject=incident.subject, checks=_checks(incident), **parts
        )
    return _OTHER.fill(title=record_title(incident), **parts)


def _recovery(incident: IncidentRecord, language: Language, zone: ZoneInfo) -> Message:
    ended = incident.closed_at or incident.last_at
    at, jobs = _instant(ended, zone, ended), _jobs(incident)
    if incident.kind in _MONITORS and incident.end_words:
        # It was paused, deleted or changed: whether it works again is unknown.
        cause = _reason(incident.end_words, language)
        return _NOT_WATCHED.fill(subject=incident.subject, at=at, cause=cause, jobs=jobs)
    parts = {"at": at, "lasted": _length(ended - incident.since), "jobs": jobs}
    if incident.kind in _MONITORS:
        return _UP_AGAIN.fill(subject=incident.subject, **parts)
    return _OVER.fill(title=record_title(incident), **parts)


def _reason(text: str, language: Language) -> str:
    # Stored in English; it is translated if it is one of our texts.
    cause = render(text, language)[:_MAX_CAUSE].rstrip(". ")
    return f": {cause}" if cause else ""


def _checks(incident: IncidentRecord) -> Message:
    checks = incident.data.get("checks")
    if not isinstance(checks, int):
        return concat()
    return concat(" (", ngettext("{count} check", "{count} checks", checks), ")")


def _jobs(incident: IncidentRecord) -> Message:
    names, more = incident.jobs[:_MOST_JOBS], len(incident.jobs) - _MOST_JOBS
    if not names:
        return concat()
    listed = ", ".join(names)
    if more > 0:
        return concat(" ", _("Jobs {jobs} and {count} more.", jobs=listed, count=more))
    if len(names) == 1:
        return concat(" ", _("Job {job_id}.", job_id=listed))
    return concat(" ", _("Jobs {jobs}.", jobs=listed))


def _instant(at_ms: int, zone: ZoneInfo, now_ms: int) -> str:
    """Return `14:02 (Asia/Jakarta)`, with the date if it is another day than now."""
    at, now = from_ms(at_ms).astimezone(zone), from_ms(now_ms).astimezone(zone)
    form = "%H:%M" if at.date() == now.date() else "%Y-%m-%d %H:%M"
    return f"{at.strftime(form)} ({zone.key})"


def _length(ms: int) -> str:
    minutes, seconds = divmod(max(0, ms) // 1000, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}"

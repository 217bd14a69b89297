"""Describes skipped days and times in words, in both languages: rules, reasons, notes on holidays."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.i18n import Message, _, concat, join_list
from app.core.models import OnSkip
from app.core.scheduling.cron_words import WEEKDAY_NAMES
from app.core.scheduling.holiday_dates import INDONESIA, holidays_of, is_estimated, is_published

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from app.core.models import Skip, SkipRules
    from app.core.scheduling.holiday_dates import HolidayChoice
    from app.core.scheduling.skip_rules import ClosedTimes, SkipReason

_MAX_SHOWN: Final = 5
_MOVES: Final = {
    OnSkip.BEFORE: _("moved to the nearest day before"),
    OnSkip.AFTER: _("moved to the nearest day after"),
}


def skip_words(skip: Skip, on_skip: OnSkip) -> Message:
    """Return `not on public holidays (ID), moved to the nearest day before`."""
    parts = _rules(skip)
    if skip.calendars:
        parts.append(_("not when calendar {names} is closed", names=join_list(skip.calendars)))
    if on_skip in _MOVES:
        parts.append(_MOVES[on_skip])
    return concat(*parts, separator=", ")


def rules_words(rules: SkipRules) -> Message:
    """Return the rules of a calendar in words; empty if it has none."""
    return concat(*_rules(rules), separator=", ")


def reason_words(reason: SkipReason) -> Message:
    """Return why a slot is skipped: `holiday: Hari Raya Natal`, `calendar leave: 2026-12-24`."""
    words = _calendar_reason(reason) if reason.calendar else _own_reason(reason)
    if reason.moved_to:
        return _("moved to {date}, {reason}", date=reason.moved_to, reason=words)
    return words


def holiday_notes(closed: ClosedTimes, years: Sequence[int]) -> list[Message]:
    """Return what is not sure about the holidays of some years: not published, or estimated dates."""
    choices = dict.fromkeys(rules.holidays for rules in closed.days if rules.holidays is not None)
    return [note for choice in choices for year in years if (note := _note(choice, year)) is not None]


def _rules(rules: SkipRules) -> list[Message]:
    days: list[str] = []
    if rules.holidays is not None:
        days.append(_holidays(rules, rules.holidays))
    days += [WEEKDAY_NAMES[(day - 1) % 7] for day in sorted(rules.weekdays, key=lambda day: (day - 1) % 7)]
    days += [_("day {day} of the month", day=day) for day in sorted(rules.days_of_month)[:_MAX_SHOWN]]
    days += rules.dates[:_MAX_SHOWN]
    more = max(0, len(rules.dates) - _MAX_SHOWN) + max(0, len(rules.days_of_month) - _MAX_SHOWN)
    if more:
        days.append(_("{count} more", count=more))
    parts = [_("not on {days}", days=join_list(days))] if days else []
    if rules.windows:
        parts.append(_("not at {windows}", windows=join_list(rules.windows)))
    return parts


def _holidays(rules: SkipRules, country: str) -> Message:
    if rules.names:
        return _("the holidays {names} ({country})", names=join_list(rules.names), country=country)
    if rules.cuti_bersama:
        return _("public holidays and joint leave days (ID)")
    if country == INDONESIA:
        return _("public holidays (ID)")
    return _("public holidays ({country})", country=country)


def _own_reason(reason: SkipReason) -> Message:
    match reason.kind:
        case "date":
            return _("date {date}", date=_dates(reason.detail))
        case "window":
            return _("window {window}", window=reason.detail)
        case _:
            return _detail(reason)


def _calendar_reason(reason: SkipReason) -> Message:
    return _("calendar {name}: {reason}", name=reason.calendar, reason=_detail(reason))


def _detail(reason: SkipReason) -> Message:
    match reason.kind:
        case "holiday":
            return _("holiday: {name}", name=reason.detail)
        case "date":
            return _dates(reason.detail)
        case "weekday":
            return WEEKDAY_NAMES[(int(reason.detail) - 1) % 7]
        case "day_of_month":
            return _("day {day} of the month", day=reason.detail)
        case "several":
            return _("several reasons")
        case _:
            return concat(reason.detail)


def _dates(detail: str) -> Message:
    first, dots, last = detail.partition("..")
    return _("{first} to {last}", first=first, last=last) if dots else concat(first)


def _note(choice: HolidayChoice, year: int) -> Message | None:
    if not is_published(choice.country, year):
        note = _(
            "The holidays of {year} ({country}) are not published yet: dates marked as estimated may change.",
            year=year,
            country=choice.country,
        )
        if choice.cuti_bersama:
            unknown = _("The joint leave days of {year} are not known.", year=year)
            return concat(note, unknown, separator=" ")
        return note
    return _estimated(choice, holidays_of(choice, year).items())


def _estimated(choice: HolidayChoice, days: Iterable[tuple[object, str]]) -> Message | None:
    unsure = [f"{day} {name}" for day, name in days if is_estimated(choice.country, name)]
    if not unsure:
        return None
    return _("These dates are estimated: {dates}.", dates=join_list(unsure))

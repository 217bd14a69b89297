"""Maintenance windows: once, recurring, and which jobs they cover."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from app.core.alerting.maintenance import MaintenanceDraft, MaintenanceWindow, covered_until
from app.core.clock import to_ms

ZONE = "Asia/Jakarta"


def at(day: int, hour: int, minute: int = 0) -> int:
    """Return an instant of November 2026, UTC."""
    return to_ms(datetime(2026, 11, day, hour, minute, tzinfo=UTC))


def window(**fields: object) -> MaintenanceWindow:
    return MaintenanceWindow("w", MaintenanceDraft.model_validate({"scope": "all", **fields}), "ani", 0)


ONCE = window(starts_at="2026-11-08T02:00:00+07:00", ends_at="2026-11-08T04:00:00+07:00")
SUNDAYS = window(rrule="FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0", duration_min=120)


@pytest.mark.parametrize("each", [ONCE, SUNDAYS])
def test_a_window_has_its_start_and_not_its_end(each: MaintenanceWindow) -> None:
    """Sunday at 02:00 in Jakarta is Saturday at 19:00 UTC."""
    assert each.period_at(at(7, 18, 59), ZONE) is None
    assert each.period_at(at(7, 19), ZONE) == (at(7, 19), at(7, 21))
    assert each.period_at(at(7, 21), ZONE) is None
    assert each.next_start(at(7, 12), ZONE) == at(7, 19)


def test_a_recurring_window_has_a_zone_of_its_own() -> None:
    """Else it has that of the deployment."""
    makassar = window(**SUNDAYS.draft.model_dump(exclude_none=True), timezone="Asia/Makassar")
    assert makassar.period_at(at(7, 18), ZONE) == (at(7, 18), at(7, 20))


def test_windows_that_touch_are_one() -> None:
    """The second begins when the first ends."""
    later = window(starts_at="2026-11-08T04:00:00+07:00", ends_at="2026-11-08T05:00:00+07:00")
    assert covered_until([ONCE, later], {"shop": ()}, at(7, 20), ZONE) == at(7, 22)


def test_all_jobs_must_be_covered() -> None:
    """By their ids or by their tags; an incident without jobs needs a window of all."""
    fields = ONCE.draft.model_dump()
    by_job, by_tag = window(**{**fields, "scope": "job:shop"}), window(**{**fields, "scope": "tag:site"})
    assert covered_until([by_job], {"shop": (), "api": ("site",)}, at(7, 20), ZONE) is None
    assert covered_until([by_job, by_tag], {"shop": (), "api": ("site",)}, at(7, 20), ZONE) == at(7, 21)
    assert covered_until([by_job], {}, at(7, 20), ZONE) is None
    assert covered_until([ONCE], {}, at(7, 20), ZONE) == at(7, 21)


@pytest.mark.parametrize(
    "fields",
    [
        {"scope": "everything", "starts_at": "2026-11-08T02:00:00Z", "ends_at": "2026-11-08T03:00:00Z"},
        {"starts_at": "2026-11-08T02:00:00Z"},
        {"starts_at": "2026-11-08T02:00:00Z", "ends_at": "2026-11-08T01:00:00Z"},
        {"rrule": "FREQ=DAILY"},
        {"rrule": "FREQ=DAILY", "duration_min": 5, "ends_at": "2026-11-08T01:00:00Z"},
    ],
)
def test_a_window_that_is_neither_is_refused(fields: dict[str, object]) -> None:
    """It is once, with a later end, or recurring, with a length."""
    with pytest.raises(ValidationError):
        window(**fields)

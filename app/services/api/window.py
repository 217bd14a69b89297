"""The window of a job's history that a query asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.clock import to_ms
from app.core.errors import FieldProblem
from app.core.slot_window import DAY_MS, Window
from app.services.api.problems import HttpProblem

if TYPE_CHECKING:
    from datetime import datetime

# From 1970 to the year 9000: no schedule has a slot before, and calendars end soon after.
_FIRST_MS: Final = 0
_LAST_MS: Final = 221_845_392_000_000


def window_of(
    now_ms: int, since: datetime | None, until: datetime | None, limit: int, *, ahead_ms: int
) -> Window:
    """Return the window that a query asks for: by default the last day and `ahead_ms` from now on."""
    from_ms = now_ms - DAY_MS if since is None else to_ms(since)
    to = now_ms + ahead_ms if until is None else to_ms(until)
    if from_ms > to:
        message = "`from` must not be later than `to` / `from` tidak boleh setelah `to`"
        raise HttpProblem(
            "invalid_request", message, [FieldProblem("/query/from", message, "invalid_window")]
        )
    return Window(_within(from_ms), _within(to), limit)


def _within(instant_ms: int) -> int:
    return min(max(instant_ms, _FIRST_MS), _LAST_MS)

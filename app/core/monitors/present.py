"""The state of a monitor at this moment, from its hash, its job and the pauses."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, cast

import orjson

from app.core.clock import HOUR_MS
from app.core.i18n import Message, _
from app.core.i18n.stored import read_text
from app.core.monitors.models import COUNTED_STATES, NO_TIME, StateRange, Times, WatchState
from app.core.storage.connection import pairs

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SILENT_MS, MUCH_LONGER = 300_000, 3
"""A check that comes later than these after the last one leaves unknown time behind (`lib/monitors.lua`)."""
SILENT: Final = "silent"
"""The reason of a heartbeat that is late."""
STOPPED: Final = "stopped"
"""The reason of a heartbeat whose ping may have been lost in a stop of the platform."""
_WORDS: Final[dict[str, Message]] = {
    "not_watched": _("no check came"),
    "check_failed": _("the last check failed"),
    "no_ping": _("no ping came yet"),
    SILENT: _("no ping came in time"),
    STOPPED: _("the platform was stopped when a ping was due"),
}


def present_state(
    job_id: str, fields: Mapping[str, str], pauses: Mapping[str, int], now_ms: int
) -> tuple[WatchState, int, str]:
    """Return the state of a monitor at this moment, since when, and the code of its reason.

    A monitor that is switched off or paused is `paused`; one without a check for too long is `unknown`.
    `fields` may have `late`: when a heartbeat is late, if the platform was stopped since its last ping.
    """
    stored = cast("WatchState", fields["state"])
    since, seen, gap = int(fields["since"]), int(fields["seen"]), int(fields.get("gap") or 0)
    reason = fields.get("reason", "")
    if fields["enabled"] != "1":
        return "paused", since if stored == "paused" else int(fields["off"] or now_ms), "disabled"
    paused = [
        pauses[scope]
        for scope in ("all", f"type:{fields.get('type', '')}", f"job:{job_id}")
        if scope in pauses
    ]
    if paused:
        return "paused", since if stored == "paused" else min(paused), "paused"
    if stored == "paused":
        # Nothing came since the pause.
        return "unknown", since, "no_ping" if "due" in fields else "not_watched"
    if "due" in fields:
        return _heartbeat_state(fields, stored, now_ms)
    if stored in COUNTED_STATES and now_ms - seen > max(SILENT_MS, MUCH_LONGER * gap):
        return "unknown", seen, "not_watched"
    return stored, since, reason


def _heartbeat_state(
    fields: Mapping[str, str], stored: WatchState, now_ms: int
) -> tuple[WatchState, int, str]:
    """Return the state of a heartbeat, which says when it is late. A scheduler stores that, if one runs."""
    since, reason, due = int(fields["since"]), fields.get("reason", ""), int(fields["due"])
    late = int(fields.get("late", due))
    if stored != "down" and reason != SILENT and now_ms > late:
        return "down", late, SILENT
    is_unknown = stored == "up" and due < late and now_ms > due
    return ("unknown", due, STOPPED) if is_unknown else (stored, since, reason)


def error_words(fields: Mapping[str, str], state: WatchState, reason: str) -> str | None:
    """Return the reason of a state for people, English; None if all is well."""
    if state in ("up", "paused"):
        return None
    if reason in _WORDS:
        return _WORDS[reason]
    return read_text(fields, "detail") or reason or None


def paused_scopes(flat: Sequence[str], now_ms: int) -> dict[str, int]:
    """Return the scopes that are paused, each with its start, from the hash of the pauses."""
    scopes: dict[str, int] = {}
    for scope, text in pairs(flat).items():
        pause = orjson.loads(text)
        if pause.get("ends") is None or now_ms < int(pause["ends"]):
            scopes[scope] = int(pause.get("since", now_ms))
    return scopes


def range_of(text: str) -> StateRange:
    """Return a stored range, `state|from|to|reason`."""
    state, from_ms, to_ms, reason = text.split("|", 3)
    return StateRange(cast("WatchState", state), int(from_ms), int(to_ms), reason)


def live_time(fields: Mapping[str, str], state: WatchState, now_ms: int, from_ms: int = 0) -> Times:
    """Return the time since the last check, which the roll-ups do not have yet; that from an instant on.

    Stops of the platform count as nothing: `stops` of the fields has their beginnings and ends.
    """
    if state != fields["state"] or state not in COUNTED_STATES:
        return NO_TIME
    first = max(from_ms, int(fields["seen"]))
    ends = [min(max(int(end), first), now_ms) for end in fields.get("stops", "").split()]
    live = max(0, now_ms - first - sum(ends[1::2]) + sum(ends[::2]))
    return (live, 0, 0) if state == "up" else (0, live, 0) if state == "degraded" else (0, 0, live)


def counted_until(fields: Mapping[str, str], now_ms: int) -> int:
    """Return an instant before which no time and no latency will be counted any more.

    A paused or unknown monitor counts none until its next check, which may be under way for a while.
    """
    seen = int(fields["seen"])
    return seen if fields["state"] in COUNTED_STATES else max(seen, now_ms - HOUR_MS)

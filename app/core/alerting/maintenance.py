"""Maintenance windows: times in which the incidents of some jobs, or of all, send nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any, Final, Self
from zoneinfo import ZoneInfo

import orjson
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator

from app.core.clock import to_ms
from app.core.errors import FieldProblem, InvalidInput, LimitExceeded, MaintenanceNotFound
from app.core.i18n import _, concat
from app.core.ids import new_id
from app.core.models import JOB_ID_PATTERN
from app.core.scheduling.cron import ScheduleError
from app.core.scheduling.rrule import parse_rrule
from app.core.scheduling.timezone import WallClockSlots

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.redis_client import RedisLink
    from app.core.storage.scripts import Scripts

MAX_WINDOWS: Final = 200
MAX_DURATION_MIN: Final = 31 * 24 * 60
MINUTE_MS: Final = 60_000
_JOB: Final = JOB_ID_PATTERN.removeprefix("^").removesuffix("$")
_SCOPE: Final = re.compile(rf"all|tag:[^\s:]{{1,64}}|job:{_JOB}")
_MOST_CHAINED: Final = 50


class MaintenanceDraft(BaseModel):
    """A window to be saved: once, from `starts_at` to `ends_at`, or again and again by `rrule`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scope: Annotated[
        str, Field(max_length=128, examples=["tag:shop"], description="`all`, `tag:TAG` or `job:JOB`.")
    ]
    starts_at: Annotated[
        AwareDatetime | None, Field(description="Its start; of an `rrule`, the first start that counts.")
    ] = None
    ends_at: AwareDatetime | None = None
    rrule: Annotated[
        str | None,
        Field(min_length=1, max_length=300, examples=["FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0"]),
    ] = None
    duration_min: Annotated[
        int | None, Field(ge=1, le=MAX_DURATION_MIN, description="How long each window of an `rrule` is.")
    ] = None
    timezone: Annotated[
        str | None, Field(max_length=64, description="Of an `rrule`; else the deployment's.")
    ] = None
    reason: Annotated[str, Field(max_length=500, examples=["Database upgrade"])] = ""

    @model_validator(mode="after")
    def _one_kind(self) -> Self:
        if _SCOPE.fullmatch(self.scope) is None:
            raise ValueError(_("a scope is `all`, `tag:TAG` or `job:JOB`"))
        if self.rrule is None:
            if self.starts_at is None or self.ends_at is None or self.starts_at >= self.ends_at:
                raise ValueError(_("a window has a start and a later end, or an rrule with duration_min"))
            if self.duration_min is not None or self.timezone is not None:
                raise ValueError(_("duration_min and timezone belong to an rrule"))
        elif self.duration_min is None or self.ends_at is not None:
            raise ValueError(_("an rrule needs duration_min in place of ends_at"))
        return self


@dataclass(frozen=True, slots=True)
class MaintenanceWindow:
    """A stored window."""

    id: str
    draft: MaintenanceDraft
    created_by: str
    created_at: int
    """Epoch milliseconds."""

    def period_at(self, instant_ms: int, default_zone: str) -> tuple[int, int] | None:
        """Return the start and the end of the window that an instant is in, ms; None if it is in none."""
        draft = self.draft
        if draft.rrule is None:
            if draft.starts_at is None or draft.ends_at is None:
                return None
            start, end = to_ms(draft.starts_at), to_ms(draft.ends_at)
            return (start, end) if start <= instant_ms < end else None
        length_ms = (draft.duration_min or 0) * MINUTE_MS
        start = _slots(draft, default_zone).previous_or_at(instant_ms)
        return None if start is None or instant_ms >= start + length_ms else (start, start + length_ms)

    def next_start(self, after_ms: int, default_zone: str) -> int | None:
        """Return the next start after an instant, ms; None if there is none."""
        draft = self.draft
        if draft.rrule is not None:
            return _slots(draft, default_zone).next_after(after_ms)
        start = None if draft.starts_at is None else to_ms(draft.starts_at)
        return start if start is not None and start > after_ms else None

    def has_valid_times(self) -> bool:
        """Return whether its rule and its time zone can be read."""
        try:
            self.next_start(0, "UTC")
        except (ScheduleError, KeyError, ValueError, OSError):
            return False
        return True

    def is_over(self, now_ms: int) -> bool:
        """Return whether it ended for good more than a day ago."""
        return self.draft.ends_at is not None and to_ms(self.draft.ends_at) < now_ms - 86_400_000

    def covers(self, job_id: str, tags: Iterable[str]) -> bool:
        """Return whether a job is in its scope; '' stands for the deployment."""
        kind, _colon, name = self.draft.scope.partition(":")
        return kind == "all" or (kind == "job" and name == job_id) or (kind == "tag" and name in tags)


def _slots(draft: MaintenanceDraft, default_zone: str) -> WallClockSlots:
    zone = ZoneInfo(draft.timezone or default_zone)
    return WallClockSlots(parse_rrule(draft.rrule or "", zone, draft.starts_at), zone)


def covered_until(
    windows: Sequence[MaintenanceWindow],
    jobs: Mapping[str, Iterable[str]],
    opened_at_ms: int,
    default_zone: str,
) -> int | None:
    """Return until when maintenance covers all jobs (with their tags) of what began at an instant, ms.

    None if one of them is not covered then. Windows that touch are one. Without jobs only windows of all do.
    """
    ends: list[int] = []
    for job_id, tags in (jobs or {"": ()}).items():
        own = [window for window in windows if window.covers(job_id, set(tags))]
        end = _end_of(own, opened_at_ms, default_zone)
        if end is None:
            return None
        ends.append(end)
    return min(ends)


def _end_of(windows: Sequence[MaintenanceWindow], instant_ms: int, default_zone: str) -> int | None:
    reached = instant_ms
    for _turn in range(_MOST_CHAINED):
        periods = [window.period_at(reached, default_zone) for window in windows]
        end = max((period[1] for period in periods if period is not None), default=reached)
        if end == reached:
            break
        reached = end
    return reached if reached > instant_ms else None


class MaintenanceStore:
    """The maintenance windows of a deployment."""

    def __init__(self, link: RedisLink, scripts: Scripts, clock: Clock, default_zone: str) -> None:
        self._link = link
        self._scripts = scripts
        self._key = scripts.keys.maintenance
        self._clock = clock
        self.default_zone = default_zone

    async def list(self) -> list[MaintenanceWindow]:
        """Return the windows, oldest first; those that ended a day ago are left out."""
        return windows_of(await self._link.hash(self._key), self._clock.now_ms())

    async def create(self, draft: MaintenanceDraft, actor: str, window_id: str = "") -> MaintenanceWindow:
        """Store a window; InvalidInput for a rule that is not valid, LimitExceeded for too many windows."""
        if draft.rrule is not None:
            try:
                zone = ZoneInfo(draft.timezone or self.default_zone)
            except (KeyError, ValueError, OSError):
                text = _("{name!r} is no IANA time zone.", name=draft.timezone)
                raise _refused("/timezone", text, "timezone_unknown") from None
            try:
                parse_rrule(draft.rrule, zone, draft.starts_at)
            except ScheduleError as error:
                raise _refused("/rrule", error.message, error.code) from error
        now_ms = self._clock.now_ms()
        window = MaintenanceWindow(window_id or new_id(self._clock), draft, actor, now_ms)
        gone = [each.id for each in _all(await self._link.hash(self._key)) if each.is_over(now_ms)]
        word = await self._scripts.run(
            "incidents/save_maintenance", *gone, window=window.id, record=_text(window), most=MAX_WINDOWS
        )
        if word == "FULL":
            raise LimitExceeded(_("There are {most} windows already; delete one first.", most=MAX_WINDOWS))
        return window

    async def delete(self, window_id: str) -> MaintenanceWindow:
        """Remove a window and return it; MaintenanceNotFound."""
        text = await self._link.call("HGET", self._key, window_id)
        if text is None:
            raise MaintenanceNotFound(window_id[:64])
        await self._link.call("HDEL", self._key, window_id)
        return window_of(window_id, text)


def windows_of(stored: Mapping[str, str], now_ms: int) -> list[MaintenanceWindow]:
    """Return the windows from their stored texts, oldest first, without those that are over."""
    return [window for window in _all(stored) if not window.is_over(now_ms)]


def _all(stored: Mapping[str, str]) -> list[MaintenanceWindow]:
    return [window_of(window_id, text) for window_id, text in sorted(stored.items())]


def window_of(window_id: str, text: str) -> MaintenanceWindow:
    """Return a window from its stored text."""
    fields: dict[str, Any] = orjson.loads(text)
    return MaintenanceWindow(
        window_id, MaintenanceDraft.model_validate(fields["window"]), fields["by"], fields["at"]
    )


def _text(window: MaintenanceWindow) -> str:
    stored = window.draft.model_dump(mode="json")
    return orjson.dumps({"window": stored, "by": window.created_by, "at": window.created_at}).decode()


def _refused(pointer: str, message: str, code: str) -> InvalidInput:
    listed = concat(pointer, message, separator=": ")
    return InvalidInput(
        _("The window does not fit. {listed}", listed=listed), (FieldProblem(pointer, message, code),)
    )

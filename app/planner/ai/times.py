"""Turns words for a time into a schedule, with the rules' own reader: a model never writes a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from app.core.i18n import Message, _, concat
from app.planner.ai.answer import MAX_TIME_CHARS
from app.planner.models import Note

if TYPE_CHECKING:
    from app.planner.models import Draft, PlannedJob, PlanRequest

_PROBES: Final = {
    "monitor.channel": "pantau telegram akun bot_a {}",
    "monitor.http": "cek https://a.example {}",
    "report.daily": "laporan {}",
    "message.send": 'kirim wa ke 0811 {}: "x"',
}
"""A sentence of each type without doubt, because types have defaults of their own."""
_OTHERS: Final = "backup {}"
_ZONE: Final = "timezone"


@dataclass(frozen=True, slots=True)
class ResolvedTime:
    """The schedule that words mean, the assumptions in it, and a time zone that was said."""

    schedule: dict[str, Any] | None
    notes: tuple[Note, ...]
    slot: str
    zone: str | None


class UnreadableTimeError(Exception):
    """The words are no time; `message` has the reason."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class TimeResolver:
    """Reads the words of times within one request."""

    read: Callable[[PlanRequest], Draft]
    request: PlanRequest
    _drafts: dict[str, Draft] = field(default_factory=dict[str, "Draft"], init=False, repr=False)

    def resolve(self, expression: str | None, job_type: str = "") -> ResolvedTime:
        """Return what an expression means for a job type; None is no time. Raises UnreadableTimeError."""
        words = " ".join((expression or "").split())
        if len(words) > MAX_TIME_CHARS:
            raise UnreadableTimeError(_("it is too long for a time"))
        probe = _PROBES.get(job_type, _OTHERS)
        plain = self._read(probe.format("")).jobs
        if not plain:
            raise UnreadableTimeError(_("it is not understood as a time"))
        if not words:
            return _resolved(plain[0], None)
        draft = self._read(probe.format(words))
        doubts = [note.text for note in draft.notes if note.kind in draft.doubts]
        if doubts:
            raise UnreadableTimeError(concat(*doubts, separator=" "))
        if len(draft.jobs) > 1:
            raise UnreadableTimeError(_("it means several schedules: one job for each"))
        is_time = any(span.role == "time" for span in draft.explain)
        if not draft.jobs or not is_time or _without_zone(draft.jobs[0]) != _without_zone(plain[0]):
            raise UnreadableTimeError(_("it is not understood as a time"))
        return _resolved(draft.jobs[0], draft.jobs[0].inputs.get(_ZONE))

    def _read(self, probe: str) -> Draft:
        if probe not in self._drafts:
            self._drafts[probe] = self.read(replace(self.request, prompt=probe))
        return self._drafts[probe]


def _without_zone(job: PlannedJob) -> tuple[str, dict[str, Any]]:
    return job.type, {name: value for name, value in job.inputs.items() if name != _ZONE}


def _resolved(job: PlannedJob, zone: str | None) -> ResolvedTime:
    # Their places are those of the probe.
    notes = tuple(replace(note, span=None) for note in job.notes)
    return ResolvedTime(job.schedule, notes, job.slot, zone)

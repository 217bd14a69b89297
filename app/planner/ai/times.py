"""Turns words for a time into a schedule, with the rules' own reader: a model never writes a schedule."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from app.core.i18n import Message, _, concat
from app.planner.ai.answer import MAX_TIME_CHARS, shown
from app.planner.models import Note, PromptSpan

if TYPE_CHECKING:
    from app.planner.models import Draft, PlanRequest

_PROBES: Final = {
    "monitor.channel": "pantau telegram akun bot_a {}",
    "monitor.http": "cek https://a.example {}",
    "report.daily": "laporan {}",
    "message.send": 'kirim wa ke 0811 {}: "x"',
}
"""A sentence of each type without doubt, because types have defaults of their own."""
_OTHERS: Final = "backup {}"
_ZONE: Final = "timezone"


class ResolvedTime(NamedTuple):
    """The schedule that words mean, the assumptions in it, and a time zone that was said."""

    schedule: dict[str, Any] | None = None
    notes: tuple[Note, ...] = ()
    slot: str = ""
    zone: str | None = None


class UngroundedError(Exception):
    """The prompt does not say what a job holds; `message` has the reason, `span` the words in question."""

    def __init__(self, message: Message, span: PromptSpan | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.span = span


@dataclass(frozen=True)
class TimeResolver:
    """Reads the words of times within one request."""

    read: Callable[[PlanRequest], Draft]
    request: PlanRequest
    _drafts: dict[str, Draft] = field(default_factory=dict[str, "Draft"], init=False, repr=False)

    def resolve(self, expression: str, job_type: str) -> ResolvedTime:
        """Return what an expression means for a job type; it may be empty. Raises UngroundedError."""
        words = " ".join(expression.split())
        if len(words) > MAX_TIME_CHARS:
            raise UngroundedError(_("it is too long for a time"))
        probe = _PROBES.get(job_type, _OTHERS)
        plain, draft = self._read(probe.format("")), self._read(probe.format(words))
        doubts = [note.text for note in draft.notes if note.kind in draft.doubts]
        is_time = not words or any(span.role == "time" for span in draft.explain)
        if doubts:
            unread = concat(*doubts, separator=" ")
        elif len(draft.jobs) > 1:
            unread = _("it means several schedules: one job for each")
        elif not (plain.jobs and draft.jobs and is_time) or _target(draft) != _target(plain):
            unread = _("it is not understood as a time")
        else:
            job = draft.jobs[0]
            # Their places are those of the probe.
            notes = tuple(replace(note, span=None) for note in job.notes)
            return ResolvedTime(job.schedule, notes, job.slot, job.inputs.get(_ZONE))
        raise UngroundedError(_('the time "{words}" is not used: {why}', words=shown(expression), why=unread))

    def _read(self, probe: str) -> Draft:
        if probe not in self._drafts:
            self._drafts[probe] = self.read(replace(self.request, prompt=probe))
        return self._drafts[probe]


def _target(draft: Draft) -> tuple[str, dict[str, Any]]:
    job = draft.jobs[0]
    return job.type, {name: value for name, value in job.inputs.items() if name != _ZONE}

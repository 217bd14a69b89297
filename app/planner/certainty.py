"""The certainty of the jobs of a plan, and the fields that a person should check."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from app.planner.models import HOLDS, Certainty, TextSpan, fields_to_check

if TYPE_CHECKING:
    from app.planner.models import JobChange, Note


def with_certainty(changes: Sequence[JobChange], general: Collection[Note]) -> list[JobChange]:
    """Return changes with their final certainty; `general` are the notes about the whole sentence."""
    is_held = any(note.kind in HOLDS for note in general)
    return [_with_certainty(change, general, is_held=is_held) for change in changes]


def _with_certainty(change: JobChange, general: Collection[Note], *, is_held: bool) -> JobChange:
    fields = fields_to_check((*general, *change.notes))
    if is_held or change.certainty is Certainty.ASK or any(note.kind in HOLDS for note in change.notes):
        return replace(change, certainty=Certainty.ASK, check=())
    return replace(change, certainty=Certainty.CHECK if fields else Certainty.CERTAIN, check=fields)


def spans_of_plan(spans: Iterable[TextSpan], ids: dict[str, str]) -> tuple[TextSpan, ...]:
    """Return the spans of a draft with the ids of the jobs in place of their keys."""
    return tuple(span if span.job is None else replace(span, job=ids.get(span.job)) for span in spans)

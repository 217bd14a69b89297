"""The certainty of the jobs of a plan, the fields to check, and what is applied without a confirmation."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from app.core.i18n import Message, _, join_list, pgettext
from app.planner.models import HOLDS, Certainty, Change, NoteKind, fields_to_check

if TYPE_CHECKING:
    from app.planner.models import JobChange, Note, Plan


_CERTAIN: Final = pgettext("plan", "certain")
_ANSWER: Final = _("needs an answer")
_CONFIRM: Final = _("needs your confirmation")
_INTERVAL: Final = pgettext("check", "the interval")
_FIELDS: Final[dict[str, Message]] = {
    "schedule": pgettext("check", "the time"),
    "to": pgettext("check", "the recipient"),
    "channel": pgettext("check", "the channel"),
    "account_id": pgettext("check", "the account"),
    "text": pgettext("check", "the message"),
    "url": pgettext("check", "the address"),
    "period": pgettext("check", "the period"),
    "job": pgettext("check", "which job it is"),
}


def with_certainty(change: JobChange, general: Collection[Note]) -> JobChange:
    """Return a change with its final certainty; `general` are the notes about the whole sentence."""
    notes = (*general, *change.notes)
    if change.certainty is Certainty.ASK or any(note.kind in HOLDS for note in notes):
        return replace(change, certainty=Certainty.ASK, check=())
    fields = fields_to_check(notes)
    return replace(change, certainty=Certainty.CHECK if fields else Certainty.CERTAIN, check=fields)


def certainty_text(
    certainty: str, check: Iterable[str], change: str, *, is_interval: bool, is_asked: bool
) -> Message:
    """Return the certainty of a job in words.

    `check` are the fields to look at; `is_interval`: its schedule is an interval; `is_asked`: the plan has a
    question about it. A deletion needs a confirmation even if it is certain.
    """
    if is_asked:
        return _ANSWER
    if certainty == "ask" or change == "delete":
        return _CONFIRM
    if certainty == "certain":
        return _CERTAIN
    fields = [_INTERVAL if is_interval and field == "schedule" else _FIELDS[field] for field in check]
    return _("check {fields}", fields=join_list(fields))


def held_jobs(plan: Plan) -> frozenset[str]:
    """Return the ids of the jobs that need a confirmation.

    A job that is asked about holds every job that is chained with it. A deletion always needs a confirmation,
    because it cannot be undone.
    """
    return _with_chained(plan, lambda job: job.certainty is Certainty.ASK or job.change is Change.DELETE)


def asked_jobs(plan: Plan) -> frozenset[str]:
    """Return the ids of the jobs that a question is about, which no confirmation answers.

    A question about the whole sentence is about each of its jobs.
    """
    asked = [note for note in plan.notes if note.kind is NoteKind.QUESTION]
    general = any(note.job is None for note in asked)
    return _with_chained(plan, lambda job: general or any(note in job.notes for note in asked))


def _with_chained(plan: Plan, holds: Callable[[JobChange], bool]) -> frozenset[str]:
    held = {job.spec.job_id for job in plan.jobs if holds(job)}
    links = [{job.spec.job_id, *job.spec.on_success, *job.spec.on_failure} for job in plan.jobs]
    spread = True
    while spread:
        before = len(held)
        held.update(job_id for link in links if link & held for job_id in link)
        spread = len(held) > before
    return frozenset(job.spec.job_id for job in plan.jobs if job.spec.job_id in held)

"""Chains between the jobs of a plan: their ids once they are chosen, and the order of saving."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from app.core.i18n import _
from app.planner.models import MAX_CHOICES, Note, NoteKind, PromptSpan

if TYPE_CHECKING:
    from app.core.models import JobSpec
    from app.planner.models import JobChange, PlannedJob

Edges = Mapping[str, Sequence[str]]


def with_chains(
    job: PlannedJob, change: JobChange, ids: Mapping[str, str], edges: Edges
) -> tuple[dict[str, Any], list[Note]]:
    """Return the chain fields of a change, stored ones included; {} if it starts no job of the plan.

    A link that leads back to its own job is left out, with a note.
    """
    job_id, found, notes = change.spec.job_id, dict[str, Any](), list[Note]()
    for link in (each for each in job.chains if each.key in ids):
        other = ids[link.key]
        if leads_to(other, job_id, edges):
            circle = _("{job_id} cannot start {other}: the chain would lead back to it.")
            text = circle.fill(job_id=job_id, other=other)
            notes.append(Note(NoteKind.REFUSAL, text, job=job_id))
        else:
            before = found.get(link.outcome, getattr(change.spec, link.outcome))
            found[link.outcome] = [*dict.fromkeys([*before, other])]
    return found, notes


def leads_to(start: str, end: str, edges: Edges) -> bool:
    """True if a job is another one, or starts it through others."""
    seen = [start]
    for job_id in seen:  # which grows by what each of them starts
        seen += [each for each in edges.get(job_id, ()) if each not in seen]
    return end in seen


def edges_of(specs: Iterable[JobSpec]) -> dict[str, list[str]]:
    """Return the jobs that each job starts."""
    return {spec.job_id: [*spec.on_success, *spec.on_failure] for spec in specs}


def saving_order(edges: Edges) -> list[str]:
    """Return the ids of jobs in the order in which they are saved: a job after those that it starts."""
    order: list[str] = []
    left = set(edges)
    while left:
        ready = [job_id for job_id in edges if job_id in left and not left & {*edges[job_id]} - {job_id}]
        order += ready or left
        left = left.difference(order)
    return order


def unnamed_note(job: PlannedJob, stored: Sequence[str]) -> Note:
    """Return the question for the job that another one shall follow: none is stored, or several are."""
    # The answer, an id or a time, goes right after the noun: "kalau backup jam 3 gagal …".
    end = max((span.end for span in job.spans), default=0)
    place = PromptSpan(end, end)
    which = _("Which job is followed: {names}?", names=", ".join(stored))
    when = _("When does the first job run ({type})? None is stored, and the sentence does not say.")
    question = which if stored else when.fill(type=job.type)
    return Note(NoteKind.QUESTION, question, place, choices=tuple(stored[:MAX_CHOICES]), lead=" ")


def without_followers(jobs: Sequence[PlannedJob], dropped: Iterable[PlannedJob]) -> list[PlannedJob]:
    """Return the jobs without the dropped ones and those that only these start."""
    gone = {id(job) for job in dropped}
    started = {link.key for job in jobs if id(job) in gone for link in job.chains}
    kept = [job for job in jobs if id(job) not in gone]
    held = {link.key for job in kept for link in job.chains}
    return [job for job in kept if job.key not in started or job.key in held]

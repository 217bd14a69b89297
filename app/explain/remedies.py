"""What a person can do about a cause: typed actions. No I/O."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.incidents.remedies import Remedy, RemedyAction, remedies_of_error, remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.explain.facts import Cause

_ENABLE: Final = (RemedyAction.ENABLE, "{job}")
_RUN: Final = (RemedyAction.RUN_NOW, "{job}")
_QUEUE: Final = (RemedyAction.LET_QUEUE, "{job}")
_RESUME: Final = (RemedyAction.RESUME, "{scope}")
_REDRIVE: Final = (RemedyAction.REDRIVE, "{run}")
_WORKER: Final = (RemedyAction.START_SERVICE, "worker")
_QUEUE_WORKER: Final = (RemedyAction.START_SERVICE, "worker:queue:{queue}")
_TYPE_WORKER: Final = (RemedyAction.START_SERVICE, "worker:type:{type}")
_SCHEDULER: Final = (RemedyAction.START_SERVICE, "scheduler")

# By the words of the cause, the best first; a cause that is missing here needs no action, or none is typed.
ACTIONS: Final[Mapping[str, tuple[tuple[RemedyAction, str], ...]]] = {
    "ran.failed": (_RUN,),
    "ran.dead": (_REDRIVE,),
    "ran.cancelled": (_RUN,),
    "paused.run": (_RESUME,),
    "paused.run.until": (_RESUME,),
    "no_worker": (_WORKER,),
    "no_worker.queue": (_QUEUE_WORKER,),
    "unknown_type.waiting": (_TYPE_WORKER,),
    "policy.line": (_RUN,),
    "policy": (_RUN,),
    "missed.run_once": (_RUN,),
    "missed.run_all": (_RUN,),
    "misfire_skip": (_RUN,),
    "overlap.active": (_QUEUE,),
    "overlap.ended": (_QUEUE,),
    "overlap.unknown": (_QUEUE,),
    "overlap.next": (_QUEUE,),
    "paused.slots": (_RESUME, _RUN),
    "paused.slots.until": (_RESUME, _RUN),
    "paused.by_person": (_RUN,),
    "paused.past": (_RUN,),
    "paused.next": (_RESUME,),
    "paused.next.until": (_RESUME,),
    "cooling_down.slots": (_RUN,),
    "cooling_down.unknown": (_RUN,),
    "cooling_down.next": (_RUN,),
    "disabled.slots": (_ENABLE,),
    "disabled.next": (_ENABLE, _RUN),
    "disabled.past": (_RUN,),
    "skip.slots": (_RUN,),
    "skip.calendar": (_RUN,),
    "skip.next": (_RUN,),
    "scheduler_down.slots": (_SCHEDULER,),
    "scheduler_down.next": (_SCHEDULER,),
    "scheduler_down.since": (_SCHEDULER,),
    "no_schedule": (_RUN,),
    "no_schedule.chain": (_RUN,),
    "done": (_RUN,),
    "done.none": (_RUN,),
}


def cause_remedies(cause: Cause, job_id: str) -> list[Remedy]:
    """Return what a person can do about a cause of a job, first about the error of its run."""
    values = {"job": job_id, **{name: str(value) for name, value in cause.values.items()}}
    of_error = remedies_of_error(values.get("code", ""), values.get("error", ""), [job_id])
    of_cause = [remedy(action, target.format_map(values)) for action, target in ACTIONS.get(cause.words, ())]
    return [*of_error, *of_cause]

"""Plans as JSON text, written from their records.

The fields are those of PlanBody, in its order. To make the models between would take four times as long.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from app.core.clock import rfc3339
from app.core.i18n import for_reader
from app.planner.models import SHARES
from app.services.api.schemas.common import spec_view
from app.services.api.schemas.planner import fire_view

if TYPE_CHECKING:
    from app.core.incidents.remedies import Remedy
    from app.planner.models import JobChange, Note, Plan


def plan_json(plan: Plan) -> bytes:
    """Return a plan as the API sends it."""
    return orjson.dumps(
        {
            "prompt": plan.prompt,
            "normalized_prompt": plan.normalized_prompt,
            "summary": plan.summary,
            "planner_source": plan.source,
            "language": plan.language,
            "assumptions": plan.assumptions,
            "warnings": plan.warnings,
            "notes": [*map(_note, plan.notes)],
            "explain": plan.explain,
            "jobs": [*map(_job, plan.jobs)],
            "plan_id": plan.plan_id,
        }
    )


def _note(note: Note) -> dict[str, Any]:
    span = note.span
    return {
        "kind": note.kind,
        "text": note.text,
        "span": None if span is None else {"start": span.start, "end": span.end},
        "job": note.job,
        "choices": note.choices,
        "actions": [*map(_action, note.actions)],
    }


def _action(remedy: Remedy) -> dict[str, Any]:
    return {
        "action": remedy.action,
        "target": remedy.target,
        "label": for_reader(remedy.label),
        "role": remedy.role,
        "command": remedy.command,
    }


def _job(change: JobChange) -> dict[str, Any]:
    return {
        "reason": change.reason,
        "assumptions": change.assumptions,
        "warnings": change.warnings,
        "notes": [*map(_note, change.notes)],
        "certainty": change.certainty,
        "check": change.check,
        "confidence": float(SHARES[change.certainty]),
        "job_spec": spec_view(change.spec),
        "change": change.change,
        "until": None if change.until is None else rfc3339(change.until),
        "diff": change.diff,
        "next_runs": [{**fire_view(each), "utc": rfc3339(each.at_ms)} for each in change.next_runs],
    }

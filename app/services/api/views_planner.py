"""Plans and executions as the API shows them: plain values of the shapes in `schemas_planner.py`."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from app.core.clock import from_ms
from app.services.api.reply import instant
from app.services.api.views import spec_view

if TYPE_CHECKING:
    from app.core.field_changes import Change
    from app.planner.execute import Execution
    from app.planner.models import Fire, JobChange, Plan


def plan_view(plan: Plan) -> dict[str, Any]:
    return {
        "prompt": plan.prompt,
        "normalized_prompt": plan.normalized_prompt,
        "summary": plan.summary,
        "planner_source": plan.source.value,
        "language": plan.language,
        "assumptions": list(plan.assumptions),
        "warnings": list(plan.warnings),
        "explain": [asdict(span) for span in plan.explain],
        "jobs": [_job_view(job) for job in plan.jobs],
        "plan_id": plan.plan_id,
    }


def _job_view(job: JobChange) -> dict[str, Any]:
    return {
        "reason": job.reason,
        "assumptions": list(job.assumptions),
        "warnings": list(job.warnings),
        "confidence": job.confidence,
        "job_spec": spec_view(job.spec),
        "change": job.change.value,
        "diff": [asdict(difference) for difference in job.diff],
        "next_runs": [_fire_view(fire) for fire in job.next_runs],
    }


def _fire_view(fire: Fire) -> dict[str, Any]:
    local = from_ms(fire.at_ms).astimezone(ZoneInfo(fire.timezone))
    return {"local": local.isoformat(), "timezone": fire.timezone, "utc": instant(fire.at_ms)}


def execution_view(execution: Execution) -> dict[str, Any]:
    plan = execution.plan
    return {
        "planner_source": plan.source.value,
        "summary": plan.summary,
        "assumptions": list(plan.assumptions),
        "warnings": list(plan.warnings),
        "results": [asdict(result) for result in execution.results],
    }


def execution_change(result: dict[str, Any]) -> Change:
    """Return what the audit says of one job of an execution."""
    return {"path": f"/jobs/{result['job_id']}", "from": None, "to": result["create_status"]}

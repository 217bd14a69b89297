"""Specs before they are saved."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.field_changes import field_changes
from app.core.save_check import SaveCheck
from app.core.spec_check import check_spec
from app.services.api.body import read_model
from app.services.api.deps import call_of, platform_of
from app.services.api.export_rights import require_spec_right
from app.services.api.openapi import operation_id, problems, takes
from app.services.api.reply import json_reply
from app.services.api.schemas_checks import CheckRequest, SpecCheckBody
from app.services.api.spec_secrets import require_secrets
from app.services.api.views import spec_view

if TYPE_CHECKING:
    from app.core.models import JobSpec
    from app.core.records import JobRecord

router = APIRouter(tags=["jobs"], generate_unique_id_function=operation_id)


@router.post(
    "/jobs/check",
    response_model=SpecCheckBody,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(CheckRequest),
)
async def check_job(request: Request) -> Response:
    """Return what saving a spec would change, or refuse it as the save would; nothing is changed."""
    at, call = platform_of(request), call_of(request)
    wanted = read_model(CheckRequest, call.body)
    spec = check_spec(wanted.spec, at.registry, at.policies, at.settings.timezone)
    await require_secrets(at, spec)
    await require_spec_right(at, call, spec)
    check = SaveCheck(at.jobs, at.link, at.keys, at.clock, at.settings.timezone)
    return json_reply(_view(spec, await check.run(spec, wanted.assume)))


def _view(spec: JobSpec, stored: JobRecord | None) -> dict[str, Any]:
    after = spec_view(spec)
    if stored is None:
        # Of a new job what it says itself; its defaults are the same for each.
        plain = spec.model_dump(mode="json", exclude_defaults=True)
        return {
            "change": "created",
            "version": None,
            "changes": field_changes({}, plain),
            "spec": after,
        }
    changes = field_changes(spec_view(stored.spec), after)
    return {
        "change": "updated" if changes else "unchanged",
        "version": stored.version,
        "changes": changes,
        "spec": after,
    }

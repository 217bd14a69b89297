"""What job types may do: the tool policy as it counts, type by type."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.services.api.dependencies import services_of
from app.services.api.http.responses import json_reply
from app.services.api.openapi.document import operation_id, problems
from app.services.api.schemas.settings import PolicyBody, policy_view

router = APIRouter(tags=["access"], generate_unique_id_function=operation_id)


@router.get("/policies", response_model=list[PolicyBody], responses=problems())
async def list_policies(request: Request) -> Response:
    """Return what each job type may do with its tools, and which rule says so."""
    services = services_of(request)
    return json_reply([policy_view(handler, services.policies) for handler in services.registry.specs()])

"""Who the caller is."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.services.api.deps import call_of
from app.services.api.openapi import operation_id, problems
from app.services.api.reply import json_reply
from app.services.api.schemas_access import MeBody
from app.services.api.views_access import me_view

router = APIRouter(tags=["access"], generate_unique_id_function=operation_id)


@router.get("/me", response_model=MeBody, responses=problems())
async def get_me(request: Request) -> Response:
    """Return who the caller is and what its role allows; nothing is asked of Redis for it."""
    return json_reply(me_view(call_of(request).actor))

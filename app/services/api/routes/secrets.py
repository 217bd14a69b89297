"""Secrets that jobs name as `secret:NAME`: they go in and never come out."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.secrets import MASKED
from app.services.api.body import read_model
from app.services.api.deps import call_of, platform_of
from app.services.api.openapi import operation_id, problems, takes
from app.services.api.reply import json_reply
from app.services.api.schemas_access import SecretBody, SecretDeleted, SecretRequest
from app.services.api.views_access import secret_view

router = APIRouter(tags=["access"], generate_unique_id_function=operation_id)
SECRET = "/secrets/{secret_name}"  # noqa: S105  a path


@router.get("/secrets", response_model=list[SecretBody], responses=problems())
async def list_secrets(request: Request) -> Response:
    """Return the names of all secrets, who set them and when."""
    return json_reply([secret_view(info) for info in await platform_of(request).secrets.list()])


@router.get(SECRET, response_model=SecretBody, responses=problems(404))
async def get_secret(request: Request, secret_name: str) -> Response:
    """Return whether a secret is there, never its value."""
    return json_reply(secret_view(await platform_of(request).secrets.info(secret_name)))


@router.put(
    SECRET,
    response_model=SecretBody,
    responses=problems(400, 422, write=True),
    openapi_extra=takes(SecretRequest),
)
async def put_secret(request: Request, secret_name: str) -> Response:
    """Set a secret; runs that start from now on get the new value."""
    call = call_of(request)
    value = read_model(SecretRequest, call.body).value
    info, is_new = await platform_of(request).secrets.put(secret_name, value, call.actor.name)
    call.note(diff=[{"path": "/value", "from": None if is_new else MASKED, "to": MASKED}])
    return json_reply(secret_view(info))


@router.delete(SECRET, response_model=SecretDeleted, responses=problems(404, write=True))
async def delete_secret(request: Request, secret_name: str) -> Response:
    """Forget a secret; a run that names it fails, and is not tried again."""
    await platform_of(request).secrets.delete(secret_name)
    call_of(request).note(diff=[{"path": "/value", "from": MASKED, "to": None}])
    return json_reply({"name": secret_name, "status": "deleted"})

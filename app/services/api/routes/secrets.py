"""Secrets that jobs name as `secret:NAME`: they go in and never come out."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.field_changes import Change, field_changes
from app.core.secret_store import SecretDraft, SecretSaved
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
    responses=problems(400, 409, 422, write=True),
    openapi_extra=takes(SecretRequest),
)
async def put_secret(request: Request, secret_name: str) -> Response:
    """Set a secret or its hosts; calls that are made from now on use them."""
    call = call_of(request)
    wanted = read_model(SecretRequest, call.body)
    draft = SecretDraft(secret_name, wanted.value, wanted.hosts)
    saved = await platform_of(request).secrets.put(draft, call.actor.name)
    call.note(diff=_changes(saved, value_given=wanted.value is not None))
    return json_reply(secret_view(saved.info))


def _changes(saved: SecretSaved, *, value_given: bool) -> list[Change]:
    """Return the changes for the audit: the hosts as they are, of the value only that it was given."""
    before = None if saved.before is None else list(saved.before.hosts)
    changes = field_changes({"hosts": before}, {"hosts": list(saved.info.hosts)})
    if value_given:
        changes.append({"path": "/value", "from": None if saved.before is None else MASKED, "to": MASKED})
    return changes


@router.delete(SECRET, response_model=SecretDeleted, responses=problems(404, write=True))
async def delete_secret(request: Request, secret_name: str) -> Response:
    """Forget a secret; a run that names it fails, and is not tried again."""
    await platform_of(request).secrets.delete(secret_name)
    call_of(request).note(diff=[{"path": "/value", "from": MASKED, "to": None}])
    return json_reply({"name": secret_name, "status": "deleted"})

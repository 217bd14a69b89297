"""API keys: make, list, rotate and revoke them.

A key's text is shown once and not stored.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.api_keys import Role, fixed_keys, made_diff
from app.core.session_records import DAY_MS, HOUR_MS
from app.services.api.body import model_of, read_object
from app.services.api.deps import call_of, platform_of
from app.services.api.idempotency import key_of, record_of
from app.services.api.openapi import IDEMPOTENCY_KEY, operation_id, problems, takes
from app.services.api.reply import json_reply
from app.services.api.schemas_access import KeyBody, KeyCreated, KeyRequest, KeyRevoked, KeyRotation
from app.services.api.views_access import key_view

if TYPE_CHECKING:
    from app.core.api_keys import ApiKey
    from app.services.api.deps import Platform

router = APIRouter(tags=["access"], generate_unique_id_function=operation_id)
CREATE = "POST /keys"


@router.get("/keys", response_model=list[KeyBody], responses=problems())
async def list_keys(request: Request) -> Response:
    """Return all keys, oldest first, behind those of API_KEYS; never their text."""
    at = platform_of(request)
    used = await at.api_keys.last_used()
    now_ms = at.clock.now_ms()
    views = [key_view(key, used.get(key.key_id), now_ms, fixed=True) for key in fixed_keys(at.settings)]
    views += [key_view(key, used.get(key.key_id), now_ms) for key in await at.api_keys.list()]
    return json_reply(views)


@router.post(
    "/keys",
    status_code=201,
    response_model=KeyCreated,
    responses={
        200: {"model": KeyCreated, "description": "Made before by this request; `key` is null."},
        **problems(400, 409, 422, write=True),
    },
    openapi_extra=takes(KeyRequest, IDEMPOTENCY_KEY),
)
async def create_key(request: Request) -> Response:
    """Make a key and show it, once; the first one must be an admin's.

    Sent again it is not made again, and its text is gone: revoke it then.
    """
    at, call = platform_of(request), call_of(request)
    key, raw = key_of(request), read_object(call.body)
    wanted = model_of(KeyRequest, raw)
    once = None if key is None else record_of(call.actor, CREATE, key, raw)
    made, token = await at.api_keys.create(
        *(wanted.name, Role(wanted.role), call.actor.name, once),
        expires_in_ms=_days_ms(wanted.expires_in_days),
    )
    await at.key_watch.refresh()
    call.note(target=f"key:{made.key_id}", diff=[] if token is None else made_diff(made))
    return json_reply(_created(at, made, token), 200 if token is None else 201)


@router.post(
    "/keys/{key_id}/rotate",
    status_code=201,
    response_model=KeyCreated,
    responses={
        200: {"model": KeyCreated, "description": "Made before by this request; `key` is null."},
        **problems(400, 404, 409, 422, write=True),
    },
    openapi_extra=takes(KeyRotation, IDEMPOTENCY_KEY, required=False),
)
async def rotate_key(request: Request, key_id: str) -> Response:
    """Make a successor of the same name and role, shown once; the old key is refused after the overlap."""
    at, call = platform_of(request), call_of(request)
    key, raw = key_of(request), read_object(call.body, optional=True)
    wanted = model_of(KeyRotation, raw)
    once = None if key is None else record_of(call.actor, f"POST /keys/{key_id}/rotate", key, raw)
    made, token = await at.api_keys.rotate(
        *(key_id, call.actor.name, round(wanted.overlap_hours * HOUR_MS), once),
        expires_in_ms=_days_ms(wanted.expires_in_days),
    )
    await at.key_watch.refresh()
    call.note(diff=[] if token is None else [{"path": "/successor", "from": None, "to": made.key_id}])
    return json_reply(_created(at, made, token), 200 if token is None else 201)


@router.delete("/keys/{key_id}", response_model=KeyRevoked, responses=problems(404, 409, write=True))
async def revoke_key(request: Request, key_id: str) -> Response:
    """Revoke a key: refused here at once, by every replica within two seconds; not the last admin's.

    Its sessions and event streams end with it.
    """
    at = platform_of(request)
    gone = await at.api_keys.revoke(key_id)
    await at.key_watch.refresh()
    call_of(request).note(diff=[{"path": "/name", "from": gone.name, "to": None}])
    return json_reply({"id": key_id, "status": "revoked"})


def _days_ms(days: float | None) -> int:
    return 0 if days is None else max(1, round(days * DAY_MS))


def _created(at: Platform, made: ApiKey, token: str | None) -> dict[str, Any]:
    return {**key_view(made, None, at.clock.now_ms()), "key": token}

"""Sessions: sign in, list signed-in browsers, sign one out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.api_keys import Role, fixed_keys
from app.core.errors import Conflict, KeyNotFound, SessionNotFound
from app.services.api.deps import call_of, platform_of
from app.services.api.openapi import operation_id, problems
from app.services.api.reply import json_reply
from app.services.api.schemas_sessions import SessionBody, SessionCreated, SessionEnded
from app.services.api.views_access import session_view

if TYPE_CHECKING:
    from app.core.session_records import Session
    from app.services.api.auth import Actor

router = APIRouter(tags=["access"], generate_unique_id_function=operation_id)
CURRENT = "current"


@router.get("/sessions", response_model=list[SessionBody], responses=problems())
async def list_sessions(request: Request) -> Response:
    """Return the sessions of the caller's key, an admin's of all keys; the last used first."""
    at, actor = platform_of(request), call_of(request).actor
    keyring = await at.key_watch.current()
    views = [
        session_view(session, owner, at.sessions.limits, current=session.session_id == actor.session_id)
        for session in await at.sessions.live()
        if _may(actor, session) and (owner := keyring.owner(session.key_id)) is not None
    ]
    return json_reply(views)


@router.post(
    "/sessions", status_code=201, response_model=SessionCreated, responses=problems(404, 409, write=True)
)
async def create_session(request: Request) -> Response:
    """Sign in: make a session for the API key that was sent; its token is sent like a key from then on."""
    at, call = platform_of(request), call_of(request)
    actor = call.actor
    if not actor.key_id or actor.session_id:
        raise Conflict(
            "A session is made with an API key: send one as `Authorization: Bearer KEY`. / "
            "Sesi dibuat dengan kunci API: kirim kuncinya."
        )
    origin = at.audit.origins.of(request.scope)
    is_fixed = any(key.key_id == actor.key_id for key in fixed_keys(at.settings))
    made, token = await at.sessions.create(
        actor.key_id, origin, request.headers.get("User-Agent", ""), fixed=is_fixed
    )
    owner = (await at.key_watch.refresh()).owner(actor.key_id)
    if owner is None:
        raise KeyNotFound(actor.key_id)
    call.note(target=f"session:{made.session_id}")
    view = session_view(made, owner, at.sessions.limits, current=False)
    return json_reply({**view, "token": token}, 201)


@router.delete("/sessions/{session_id}", response_model=SessionEnded, responses=problems(404, write=True))
async def end_session(request: Request, session_id: str) -> Response:
    """Sign out a session, `current` for the one of this request; an admin any, others those of their key.

    It is refused here at once, and by every replica within two seconds; its event streams end too.
    """
    at, call = platform_of(request), call_of(request)
    wanted = call.actor.session_id if session_id == CURRENT else session_id
    known = (await at.key_watch.current()).sessions.get(wanted)
    if known is None or not _may(call.actor, known):
        raise SessionNotFound(session_id)
    call.note(target=f"session:{wanted}")
    await at.sessions.end(wanted)
    await at.key_watch.refresh()
    return json_reply({"id": wanted, "status": "ended"})


def _may(actor: Actor, session: Session) -> bool:
    return actor.role is Role.ADMIN or session.key_id == actor.key_id

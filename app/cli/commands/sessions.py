"""`multi-job sessions`: list and revoke signed-in browsers, in Redis directly."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.direct import Deployment, audited, run_direct
from app.cli.options import Json
from app.cli.output import Columns, at, show, show_list
from app.core.access.api_keys import ApiKey, fixed_keys
from app.core.access.sessions import Session, Sessions
from app.core.clock import from_ms
from app.core.i18n import _

sessions = typer.Typer(no_args_is_help=True, help="List and revoke the sessions of signed-in browsers.")
SessionId = Annotated[str, typer.Argument(help="The id from `sessions list`.")]


@sessions.command(name="list")
def list_sessions(*, _json: Json = False) -> None:
    """List signed-in browsers, the most recently used first."""

    async def read(deployment: Deployment) -> list[dict[str, Any]]:
        found = [*await deployment.api_keys().list(), *fixed_keys(deployment.settings)]
        owners, sessions = {key.key_id: key for key in found}, _sessions(deployment)
        return [
            _session_row(each, owners[each.key_id], each.ends_at(sessions.limits))
            for each in await sessions.live()
            if each.key_id in owners
        ]

    columns: Columns = {"id": "id", "key": "name", "role": "role", "address": "address", "device": "device"}
    times: Columns = {"since": at("created_at"), "last seen": at("last_seen_at"), "ends": at("expires_at")}
    show_list(run_direct(read), {**columns, **times}, _("no browser is signed in"))


@sessions.command()
def revoke(session_id: SessionId, *, _json: Json = False) -> None:
    """Sign a browser out; the API refuses it within two seconds."""

    async def end(deployment: Deployment) -> Session:
        gone = await _sessions(deployment).end(session_id)
        await audited(deployment, "end_session", f"session:{session_id}")
        return gone

    gone = run_direct(end)
    show({"id": gone.session_id, "status": "ended"}, _("{session_id}: revoked", session_id=gone.session_id))


def _sessions(deployment: Deployment) -> Sessions:
    store = deployment.api_keys().store
    return Sessions(deployment.link, deployment.scripts, deployment.clock, deployment.settings, store)


def _session_row(session: Session, owner: ApiKey, ends_at: int) -> dict[str, Any]:
    return {
        "id": session.session_id,
        "key_id": session.key_id,
        "name": owner.name,
        "role": owner.role,
        "address": session.address,
        "device": session.device,
        "created_at": from_ms(session.created_at).isoformat(),
        "last_seen_at": from_ms(session.last_seen).isoformat(),
        "expires_at": from_ms(min(ends_at, owner.expires_at or ends_at)).isoformat(),
    }

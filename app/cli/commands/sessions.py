"""`multi-job sessions`: list and revoke signed-in browsers, in Redis directly."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from app.cli.direct import Deployment, audited, run_direct
from app.cli.options import Json
from app.cli.output import instant, print_json, say, table
from app.core.clock import from_ms
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.access.api_keys import ApiKey, ApiKeys
    from app.core.access.sessions import Session, Sessions

app = typer.Typer(no_args_is_help=True, help="List and revoke the sessions of signed-in browsers.")
SessionId = Annotated[str, typer.Argument(help="The id from `sessions list`.")]


@app.command(name="list")
def list_sessions(*, as_json: Json = False) -> None:
    """List signed-in browsers, the most recently used first."""
    from app.core.access.api_keys import fixed_keys  # noqa: PLC0415

    async def read(deployment: Deployment) -> list[dict[str, Any]]:
        api_keys = _keys(deployment)
        owners = {key.key_id: key for key in [*await api_keys.list(), *fixed_keys(deployment.settings)]}
        sessions = _sessions(deployment, api_keys)
        return [
            _session_row(each, owners[each.key_id], each.ends_at(sessions.limits))
            for each in await sessions.live()
            if each.key_id in owners
        ]

    found = run_direct(read)
    if as_json:
        print_json(found)
        return
    rows = [
        (
            *(each["id"], each["name"], each["role"], each["address"], each["device"]),
            *(instant(each[name]) for name in ("created_at", "last_seen_at", "expires_at")),
        )
        for each in found
    ]
    table(
        ("id", "key", "role", "address", "device", "since", "last seen", "ends"),
        rows,
        _("no browser is signed in"),
    )


@app.command()
def revoke(session_id: SessionId, *, as_json: Json = False) -> None:
    """Sign a browser out; the API refuses it within two seconds."""

    async def end(deployment: Deployment) -> Session:
        gone = await _sessions(deployment, _keys(deployment)).end(session_id)
        await audited(deployment, "end_session", f"session:{session_id}")
        return gone

    gone = run_direct(end)
    if as_json:
        print_json({"id": gone.session_id, "status": "ended"})
    else:
        say(_("{session_id}: revoked", session_id=gone.session_id))


def _keys(deployment: Deployment) -> ApiKeys:
    # Imported here, as in `direct`: most commands need no Redis client.
    from app.core.access.api_keys import ApiKeys  # noqa: PLC0415

    return ApiKeys(deployment.link, deployment.scripts, deployment.clock, deployment.settings)


def _sessions(deployment: Deployment, api_keys: ApiKeys) -> Sessions:
    from app.core.access.sessions import Sessions  # noqa: PLC0415

    return Sessions(
        deployment.link, deployment.scripts, deployment.clock, deployment.settings, api_keys.store
    )


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

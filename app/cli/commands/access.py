"""`multi-job keys`, `sessions`, in Redis directly, and `login`, `logout` of the person at the terminal."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.direct import Deployment, audited, os_actor, run_direct
from app.cli.login import login, logout
from app.cli.options import Json, as_json, length_ms
from app.cli.output import CliError, Columns, at, say, show, show_list
from app.cli.sign_in import key, link, open  # noqa: A004  the names of the commands
from app.core.access.api_keys import MAX_LIFE_DAYS, ApiKey, Role, creation_diff, fixed_keys
from app.core.access.key_store import KeysRequired
from app.core.access.sessions import Session, Sessions
from app.core.clock import from_ms
from app.core.i18n import _

__all__ = ["key", "keys", "login", "logout", "open", "sessions"]

keys = typer.Typer(
    no_args_is_help=True, help="Create, rotate, list and revoke API keys, and sign-in links of people."
)
keys.command(name="link")(link)
Name = Annotated[str, typer.Argument(help="The person or program that uses it.")]
RoleOption = Annotated[
    Role,
    typer.Option(
        "--role", "-r", help="metrics reads /metrics alone, viewer all, operator runs jobs, admin configures."
    ),
]
KeyId = Annotated[str, typer.Argument(help="The id from `keys list`.")]
Expires = Annotated[
    str | None,
    typer.Option("--expires", help="Refuse it after this time, such as 90d or 12h; never by default."),
]
Overlap = Annotated[str, typer.Option("--overlap", help="How long the old key stays valid: 24h, 0m, 7d.")]
EvenLast = Annotated[
    bool, typer.Option("--even-last", help="Even if no admin key without an expiry would remain.")
]
ScopeOption = Annotated[
    list[str] | None,
    typer.Option(
        "--scope", help="Only jobs with this tag (tag:NAME) or this start of the id (job:PREFIX); repeatable."
    ),
]
AddressOption = Annotated[
    list[str] | None,
    typer.Option("--address", help="Accept it only from this address or network (CIDR); repeatable."),
]
_STATES = {
    "active": "",
    "expired": _("expired"),
    "not_valid": _("not made by this deployment"),
}


@keys.command()
def create(
    name: Name,
    *,
    role: RoleOption = Role.VIEWER,
    expires: Expires = None,
    scope: ScopeOption = None,
    address: AddressOption = None,
    even_last: EvenLast = False,
    _json: Json = False,
) -> None:
    """Create a key and print it once. From then on every request needs a key; the first is an admin key."""
    life_ms = _life_ms(expires)

    async def make(deployment: Deployment) -> tuple[ApiKey, str | None]:
        made, token = await deployment.api_keys().create(
            *(name, role, os_actor()),
            expires_in_ms=life_ms,
            even_last=even_last,
            scope=scope or (),
            addresses=address or (),
        )
        await audited(deployment, "create_key", f"key:{made.key_id}", creation_diff(made))
        return made, token

    _show_created(*run_direct(make))


@keys.command()
def rotate(
    key_id: KeyId,
    *,
    overlap: Overlap = "24h",
    expires: Expires = None,
    even_last: EvenLast = False,
    _json: Json = False,
) -> None:
    """Create a key with the same name and rights, and print it once; the old key ends after the overlap."""
    overlap_ms = length_ms(overlap, "--overlap", most_days=365, least_ms=0)
    life_ms = _life_ms(expires)

    async def make(deployment: Deployment) -> tuple[ApiKey, str | None]:
        made, token = await deployment.api_keys().rotate(
            key_id, os_actor(), overlap_ms, expires_in_ms=life_ms, even_last=even_last
        )
        diff = [{"path": "/successor", "from": None, "to": made.key_id}]
        await audited(deployment, "rotate_key", f"key:{key_id}", diff)
        return made, token

    _show_created(*run_direct(make))


@keys.command(name="list")
def list_keys(*, _json: Json = False) -> None:
    """List the keys and the people; the secrets of keys are not stored."""

    async def read(deployment: Deployment) -> list[dict[str, Any]]:
        api_keys, now_ms = deployment.api_keys(), deployment.clock.now_ms()
        used, found = await api_keys.last_used(), [*await api_keys.list(), *fixed_keys(deployment.settings)]
        return [_key_row(key, used.get(key.key_id), now_ms) for key in found]

    columns: Columns = {
        "id": "id",
        "name": "name",
        "role": "role",
        "kind": "kind",
        "created": at("created_at"),
    }
    times: Columns = {"last used": at("last_used_at"), "expires": at("expires_at")}
    limits: Columns = {
        "scope": lambda key: " ".join(key["scope"]),
        "addresses": lambda key: " ".join(key["addresses"]),
    }
    empty = _("no keys; `multi-job doctor` says whether they are required")
    show_list(run_direct(read), {**columns, **times, **limits, "": lambda key: _STATES[key["state"]]}, empty)


@keys.command()
def revoke(key_id: KeyId, *, _json: Json = False) -> None:
    """Revoke a key or remove a person; the API refuses it, its sessions and its streams at once."""

    async def remove(deployment: Deployment) -> tuple[ApiKey, bool]:
        # The last admin key may be revoked here, because this command works without any key.
        gone = await deployment.api_keys().revoke(key_id, even_last=True)
        await audited(
            deployment, "revoke_key", f"key:{key_id}", [{"path": "/name", "from": gone.name, "to": None}]
        )
        return gone, not await _left(deployment)

    gone, is_last = run_direct(remove)
    show(_key_row(gone, None, 0), _("{key_id} {name}: revoked", key_id=gone.key_id, name=gone.name))
    if is_last and not as_json.get():
        say(
            _(
                "Keys stay required, and none is left: `multi-job keys create NAME --role admin` "
                "makes one, `multi-job keys reopen` serves this machine without keys."
            )
        )


@keys.command()
def reopen(*, _json: Json = False) -> None:
    """Serve this machine without keys again: stop requiring keys. Refused while keys exist."""

    async def forget(deployment: Deployment) -> bool:
        left = await _left(deployment)
        if left:
            raise CliError(
                _(
                    "There are {left} keys: revoke each first (`multi-job keys list`, `multi-job "
                    "keys revoke ID`), also those of API_KEYS.",
                    left=left,
                )
            )
        marker = KeysRequired(deployment.settings)
        was = marker.exists()
        marker.forget()
        await audited(deployment, "reopen", "keys")
        return was

    was = run_direct(forget)
    show(
        {"was_required": was},
        _(
            "Keys are no longer required: start the services again (`multi-job down`, "
            "`multi-job up`), then direct requests from this machine are served without a key."
        )
        if was
        else _("Keys were not required on this machine."),
    )


async def _left(deployment: Deployment) -> int:
    """Return the number of remaining records, invalid ones included: none of them may become valid later."""
    return len(await deployment.api_keys().list()) + len(fixed_keys(deployment.settings))


def _life_ms(expires: str | None) -> int:
    return 0 if expires is None else length_ms(expires, "--expires", most_days=MAX_LIFE_DAYS)


def _show_created(made: ApiKey, token: str | None) -> None:
    show({**_key_row(made, None, 0), "key": token}, token or "")


def _key_row(key: ApiKey, used_ms: int | None, now_ms: int) -> dict[str, Any]:
    return {
        "id": key.key_id,
        "name": key.name,
        "role": key.role,
        "kind": key.kind,
        "provider": key.provider or None,
        "created_at": _instant(key.created_at),
        "last_used_at": _instant(used_ms or 0),
        "expires_at": _instant(key.expires_at),
        "state": key.state(now_ms),
        "scope": list(key.scope),
        "addresses": list(key.addresses),
    }


def _instant(at_ms: int) -> str | None:
    return from_ms(at_ms).isoformat() if at_ms else None


# `multi-job sessions`: signed-in browsers.

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

    columns: Columns = {
        "id": "id",
        "name": "name",
        "role": "role",
        "way": "way",
        "address": "address",
        "device": "device",
    }
    times: Columns = {"since": at("created_at"), "last seen": at("last_seen_at"), "ends": at("expires_at")}
    show_list(run_direct(read), {**columns, **times}, _("no browser is signed in"))


@sessions.command(name="revoke")
def end_session(session_id: SessionId, *, _json: Json = False) -> None:
    """Sign a browser out; the API refuses it at once."""

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
        "way": session.way,
        "address": session.address,
        "device": session.device,
        "created_at": from_ms(session.created_at).isoformat(),
        "last_seen_at": from_ms(session.last_seen).isoformat(),
        "expires_at": from_ms(min(ends_at, owner.expires_at or ends_at)).isoformat(),
    }

"""`multi-job keys`: make, list and revoke API keys; in Redis directly, since the first one locks the API."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from app.cli.direct import Deployment, audited, os_actor, run_direct
from app.cli.options import Json
from app.cli.output import instant, print_json, say, table
from app.core.api_keys import ApiKey, ApiKeys, Role, fixed_keys
from app.core.clock import from_ms

app = typer.Typer(no_args_is_help=True, help="Make, list and revoke API keys.")
Name = Annotated[str, typer.Argument(help="Who or what will use it.")]
RoleOption = Annotated[Role, typer.Option("--role", "-r", help="viewer reads, operator runs, admin sets up.")]
KeyId = Annotated[str, typer.Argument(help="The id that `keys list` shows.")]


@app.command()
def create(name: Name, *, role: RoleOption = Role.VIEWER, as_json: Json = False) -> None:
    """Make a key and print it, once. From then on every request needs a key."""

    async def make(at: Deployment) -> tuple[ApiKey, str | None]:
        made, token = await ApiKeys(at.link, at.scripts, at.clock, at.settings).create(name, role, os_actor())
        diff = [{"path": "/role", "from": None, "to": role}, {"path": "/name", "from": None, "to": name}]
        await audited(at, "create_key", f"key:{made.key_id}", diff)
        return made, token

    made, token = run_direct(make)
    if as_json:
        print_json({**_shown(made), "key": token})
    else:
        say(token or "")


@app.command(name="list")
def list_keys(*, as_json: Json = False) -> None:
    """List the keys; their text is not kept anywhere."""

    async def read(at: Deployment) -> list[ApiKey]:
        stored = await ApiKeys(at.link, at.scripts, at.clock, at.settings).list()
        return [*stored, *fixed_keys(at.settings)]

    found = [_shown(key) for key in run_direct(read)]
    if as_json:
        print_json(found)
    else:
        rows = [(key["id"], key["name"], key["role"], instant(key["created_at"])) for key in found]
        table(("id", "name", "role", "created"), rows, "Belum ada kunci / no keys: loopback alone is served")


@app.command()
def revoke(key_id: KeyId, *, as_json: Json = False) -> None:
    """Take a key back; the API refuses it within two seconds."""

    async def remove(at: Deployment) -> ApiKey:
        # The way back in is here, on the machine: the last admin key may go.
        gone = await ApiKeys(at.link, at.scripts, at.clock, at.settings).revoke(key_id, even_last=True)
        await audited(at, "revoke_key", f"key:{key_id}", [{"path": "/name", "from": gone.name, "to": None}])
        return gone

    gone = run_direct(remove)
    if as_json:
        print_json(_shown(gone))
    else:
        say(f"{gone.key_id} {gone.name}: dicabut / revoked")


def _shown(key: ApiKey) -> dict[str, Any]:
    created_at = from_ms(key.created_at).isoformat() if key.created_at else None
    return {"id": key.key_id, "name": key.name, "role": key.role, "created_at": created_at}

"""`multi-job keys link`: a sign-in link for a person who has no key."""

from __future__ import annotations

from typing import Annotated

import typer

from app.cli.commands.sign_in import sign_in_link
from app.cli.direct import Deployment, audited, os_actor, run_direct
from app.cli.options import Json, length_ms
from app.cli.output import show
from app.core.access.api_keys import Role, creation_diff
from app.core.access.sign_in_codes import SignInCodes
from app.core.access.users import UserChange, Users
from app.core.fields import json_diff

Person = Annotated[str, typer.Argument(help="The person's name: made if it is new.")]
LinkRole = Annotated[
    Role | None,
    typer.Option("--role", "-r", help="The person's role: viewer for a new one; else it stays as it is."),
]
LinkExpires = Annotated[str, typer.Option("--expires", help="How long the link can be used, at most 24h.")]


def link(name: Person, *, role: LinkRole = None, expires: LinkExpires = "15m", _json: Json = False) -> None:
    """Print a link that signs a person in at the dashboard once. The person needs no key."""
    life_ms = length_ms(expires, "--expires", most_days=1)

    async def make(deployment: Deployment) -> tuple[UserChange, str]:
        api_keys = deployment.api_keys()
        users = Users(api_keys, deployment.scripts, deployment.clock, deployment.settings)
        change = await users.linked(name, role, os_actor())
        await _audit(deployment, change)
        codes = SignInCodes(deployment.link, deployment.keys, deployment.clock, api_keys.store)
        code = await codes.create(change.user.key_id, life_ms)
        return change, sign_in_link(deployment.settings, code)

    change, address = run_direct(make)
    user = change.user
    row = {"id": user.key_id, "name": user.name, "role": user.role, "is_new": change.is_new}
    show({**row, "link": address, "expires_in_sec": life_ms // 1_000}, address)


async def _audit(deployment: Deployment, change: UserChange) -> None:
    target = f"key:{change.user.key_id}"
    if change.is_new:
        await audited(deployment, "create_user", target, creation_diff(change.user))
    elif change.role_before != change.user.role:
        diff = json_diff({"role": change.role_before}, {"role": change.user.role})
        await audited(deployment, "set_user_role", target, diff)
    await audited(deployment, "create_sign_in_link", target)

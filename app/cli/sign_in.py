"""Sign-in links: `multi-job open` and `key` before there is an API key, `keys link` for people after it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

from app.cli.direct import Deployment, audited, os_actor, run_direct
from app.cli.options import Json, length_ms
from app.cli.output import CliError, show
from app.core.access.api_keys import Role, creation_diff
from app.core.access.local_owner import LOCAL_ID, LocalKey
from app.core.access.sign_in_codes import OPEN_LIFE_MS, SignInCodes
from app.core.access.users import UserChange, Users
from app.core.fields import json_diff
from app.core.i18n import _
from app.local.settings import load_settings

if TYPE_CHECKING:
    from app.core.config import Settings


def open(*, _json: Json = False) -> None:  # noqa: A001  the name of the command
    """Print a link that signs a browser in to the dashboard once, within five minutes."""

    async def make(deployment: Deployment) -> str:
        await _require_no_keys(deployment)
        codes = SignInCodes(deployment.link, deployment.keys, deployment.clock, deployment.api_keys().store)
        code = await codes.create(LOCAL_ID, OPEN_LIFE_MS)
        await audited(deployment, "open", "sessions")
        return sign_in_link(deployment.settings, code)

    link = run_direct(make)
    # It is not opened from here: other users of this machine see the arguments of programs.
    show({"link": link, "expires_in_sec": OPEN_LIFE_MS // 1_000}, link)


def key(*, _json: Json = False) -> None:
    """Print the local key, for programs on this machine; it works until the first key is created."""

    async def read(deployment: Deployment) -> str:
        await _require_no_keys(deployment)
        local = LocalKey(deployment.settings)
        _require_owner(deployment.settings)
        found = local.ensure()
        if found is None:
            raise CliError(
                _(
                    "{path} cannot be made or is not private: make its folder writable for its owner alone, "
                    "and run `chmod 600 {path}`.",
                    path=local.path,
                )
            )
        return found

    found = run_direct(read)
    show({"key": found}, found)


def sign_in_link(settings: Settings, code: str) -> str:
    """Return the dashboard's page that takes a code; the code is in no request line and no log."""
    address = settings.public_url or load_settings(os.environ).ui_url
    return f"{address}/open#{code}"


async def _require_no_keys(deployment: Deployment) -> None:
    store = deployment.api_keys().store
    found = await store.read()
    if found.keys or store.required.is_required():
        raise CliError(
            _(
                "This deployment has keys: sign in with one. `multi-job keys create NAME` makes a key, and "
                "`multi-job keys link NAME` a sign-in link for a person."
            )
        )


def _require_owner(settings: Settings) -> None:
    """Refuse to make a file that the services could not read."""
    folder = settings.data_dir
    if os.name != "posix" or not folder.exists():
        return
    owner = folder.stat().st_uid
    if owner != os.geteuid():
        raise CliError(
            _(
                "{folder} belongs to another user ({uid}): run this command as that user.",
                folder=folder,
                uid=owner,
            )
        )


# `multi-job keys link`: a sign-in link for a person who has no key.

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

"""`multi-job open`, `key`: the owner of this machine signs in before there is an API key."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from app.cli.direct import Deployment, audited, run_direct
from app.cli.options import Json
from app.cli.output import CliError, show
from app.core.access.local_owner import LOCAL_ID, LocalKey
from app.core.access.sign_in_codes import OPEN_LIFE_MS, SignInCodes
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

"""`multi-job login`, `logout`: the address of an API and the key that is sent to it alone."""

from __future__ import annotations

import sys
from typing import Annotated, Any

import httpx
import typer

from app.cli.client import Client
from app.cli.options import Json
from app.cli.output import CliError, UsageError, ask, show
from app.core.i18n import _
from app.core.net.api_address import AddressSource, find_address
from app.core.net.login import StoredLogin, login_file, remove_login, store_login

Url = Annotated[
    str | None, typer.Argument(metavar="[URL]", help="The address of the API, such as https://host/rest.")
]


def login(url: Url = None, *, _json: Json = False) -> None:
    """Store the address of an API with the key for it, which is asked for or read from stdin.

    Commands, the Python client and the MCP server use both from then on; MULTI_JOB_URL and MULTI_JOB_API_KEY
    in the environment win. The key is sent to this address alone. Only you can read its file.
    """
    target = _target(url)
    key = ask(_("API key for {url}", url=target), hidden=True) if sys.stdin.isatty() else sys.stdin.read()
    if not key.strip():
        raise UsageError(_("No key was given: `multi-job keys create NAME` on the machine makes one."))
    client = Client(url=target, key=key)
    me: dict[str, Any] = client.get("/me")
    try:
        file = store_login(StoredLogin(target, client.access.key or ""))
    except OSError as error:
        raise CliError(
            _("{file} cannot be written: {error}", file=login_file(), error=error.strerror or error)
        ) from error
    found = {"url": target, "name": me["name"], "role": me["role"], "file": str(file)}
    show(found, _("{url}: signed in as {name} ({role}); stored in {file}", **found))


def logout(*, _json: Json = False) -> None:
    """Remove the stored address and its key. The key stays valid: `multi-job keys revoke` ends it."""
    try:
        removed = remove_login()
    except OSError as error:
        raise CliError(
            _("{file} cannot be removed: {error}", file=login_file(), error=error.strerror or error)
        ) from error
    file = login_file()
    show(
        {"removed": removed, "file": str(file)},
        _("removed: {file}", file=file) if removed else _("no login is stored"),
    )


def _target(url: str | None) -> str:
    """Return the address to store: the one given, or the one that commands use now."""
    address = find_address(url)
    if address.source is AddressSource.FOLDER:
        raise CliError(
            _(
                "{file} names the address {url}. If you want it: `multi-job login {url}`.",
                file=address.file,
                url=address.url,
            )
        )
    try:
        parsed = httpx.URL(address.url)
    except httpx.InvalidURL as error:
        raise UsageError(_("{url} is no address ({error}).", url=address.url, error=error)) from error
    if parsed.scheme not in {"http", "https"} or not parsed.host or parsed.userinfo or parsed.query:
        raise UsageError(
            _("{url!r}: write an address such as https://jobs.example.com/rest.", url=address.url)
        )
    return address.url.rstrip("/")

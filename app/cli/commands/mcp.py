"""`multi-job mcp`: the platform for AI assistants, through the Model Context Protocol."""

from __future__ import annotations

import asyncio
import re
from importlib.util import find_spec
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import typer

from app.cli.client import known_access
from app.cli.options import Lang
from app.cli.output import CliError, UsageError, warn
from app.core.errors import ConfigurationError
from app.core.i18n import _, reader_language
from app.core.net.api_address import address_for_callers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.cli.mcp.http_server import Address

Http = Annotated[
    str | None,
    typer.Option(
        "--http",
        metavar="[HOST:]PORT",
        help="Serve streamable HTTP there, by default on loopback; without it, stdio.",
    ),
]
Allow = Annotated[
    list[str] | None,
    typer.Option(
        "--allow", metavar="ACT", help="Do this act without asking the person: run, cancel or redrive."
    ),
]
Hosts = Annotated[
    list[str] | None,
    typer.Option("--allow-host", metavar="NAME", help="A host name under which HTTP requests may come."),
]
Origins = Annotated[
    list[str] | None,
    typer.Option("--allow-origin", metavar="ORIGIN", help="A web page that may send HTTP requests."),
]
Zone = Annotated[
    str | None, typer.Option("--timezone", help="IANA time zone of the person; by default the platform's.")
]
PACKAGE = "mcp>=2.3,<3"
"""The requirement of the extra `mcp`."""
_ADDRESS = re.compile(r"(?:(?P<host>\[[0-9A-Fa-f:.]+\]|[^:\[\]\s]+):)?(?P<port>[0-9]{1,5})")
_LOOPBACK = "127.0.0.1"
_MOST_PORT = 65_535
_ACTS = ("run", "cancel", "redrive")


def mcp(
    *,
    http: Http = None,
    allow: Allow = None,
    allow_host: Hosts = None,
    allow_origin: Origins = None,
    timezone: Zone = None,
    _lang: Lang = None,
) -> None:
    """Serve the platform to AI assistants (Model Context Protocol). A person confirms each act."""
    if find_spec("mcp") is None:
        raise CliError(
            _(
                "The package `mcp` is not installed. Install it into the same environment: {command}",
                command=f"pip install '{PACKAGE}'",
            )
        )
    for act in allow or ():
        if act not in _ACTS:
            raise UsageError(
                _("--allow {act!r}: the acts that can be allowed are run, cancel and redrive.", act=act)
            )
    _require_zone(timezone)
    from app.cli.mcp.http_server import serve  # noqa: PLC0415  the SDK takes a second to load
    from app.cli.mcp.server import Options, build_server  # noqa: PLC0415

    if allow:
        warn(
            _(
                "Without a confirmation: {acts}. A text in a job can make an assistant do these.",
                acts=", ".join(allow),
            )
        )
    _require_address(is_http=http is not None)
    server = build_server(
        Options(frozenset(allow or ()), timezone, reader_language.get(), is_shared=http is not None)
    )
    if http is None:
        asyncio.run(server.run_stdio_async())
        return
    address = read_address(http, allow_host or (), allow_origin or ())
    if not address.is_loopback:
        warn(_("Keys travel unencrypted: put a proxy with TLS in front, and name it with --allow-host."))
    asyncio.run(serve(server, address))


def _require_address(*, is_http: bool) -> None:
    """Raise CliError if keys must not go to the API's address: over HTTP those of the callers."""
    known_access()
    if is_http:
        try:
            address_for_callers()
        except ConfigurationError as error:
            raise CliError(error.message) from error


def read_address(text: str, hosts: Sequence[str], origins: Sequence[str]) -> Address:
    """Return where to listen; UsageError if the text is no address."""
    from app.cli.mcp.http_server import Address  # noqa: PLC0415

    found = _ADDRESS.fullmatch(text)
    if found is None or not 0 < int(found["port"]) <= _MOST_PORT:
        raise UsageError(_("--http {text!r}: write PORT or HOST:PORT, such as 127.0.0.1:8765.", text=text))
    host = (found["host"] or _LOOPBACK).strip("[]")
    return Address(host, int(found["port"]), tuple(hosts), tuple(origins))


def _require_zone(name: str | None) -> None:
    try:
        _zone = ZoneInfo(name) if name else None
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise UsageError(
            _("--timezone {name!r}: this zone is unknown; write one such as Asia/Jakarta.", name=name)
        ) from error

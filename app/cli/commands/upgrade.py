"""`multi-job upgrade`: whether a newer release exists, and the commands that install it."""

from __future__ import annotations

import os
from typing import Annotated

import typer
from dotenv import dotenv_values

from app import __version__
from app.cli.options import Json
from app.cli.output import UnreachableError, printed_json, say
from app.cli.releases import UnknownReleasesError, install_command, read_releases
from app.core.home.places import own_env_file
from app.core.i18n import _
from app.local.output import start_command, stop_command

Check = Annotated[bool, typer.Option("--check", help="Look for a newer release first.")]


def upgrade(*, check: Check = False, _json: Json = False) -> None:
    """Show the commands of an upgrade; with --check, whether a newer release exists.

    Nothing is installed. Exit code 2 if the releases could not be found out.
    """
    newer, source = _newer() if check else ("", "")
    steps = _steps()
    found = {"installed": __version__, "newer": newer or None, "source": source or None, "steps": steps}
    if printed_json(found):
        return
    if newer:
        say(
            _(
                "{installed} is installed, {newer} is available: {source}",
                installed=__version__,
                newer=newer,
                source=source,
            )
        )
    elif check:
        say(_("{installed} is the newest: {source}", installed=__version__, source=source))
        return
    for step in steps:
        say(step)


def _newer() -> tuple[str, str]:
    file = own_env_file()
    given = {**(dotenv_values(file) if file else {}), **os.environ}
    try:
        releases = read_releases(given)
    except UnknownReleasesError as error:
        raise UnreachableError(
            _("{installed} is installed. Newer releases are unknown: {why}", installed=__version__, why=error)
        ) from error
    return releases.newer_than(__version__), releases.source


def _steps() -> list[str]:
    return ["multi-job export --out backup.jsonl.gz", stop_command(), install_command(), start_command()]

"""The passphrase of a full backup: from a file, the environment, or a terminal; never an argument."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.backup.sealed_file import MIN_PASSPHRASE_CHARS, check_passphrase
from app.cli.output import CliError, ask
from app.core.errors import InvalidInput
from app.core.i18n import _

VARIABLE = "MULTI_JOB_BACKUP_PASSPHRASE"
_STDIN = "-"
_MAX_BYTES = 8_192
PassphraseFile = Annotated[
    str | None,
    typer.Option(
        "--passphrase-file",
        help="A file with the passphrase in its first line; - reads stdin.",
    ),
]


def new_passphrase(file: str | None) -> str:
    """Return a passphrase to seal with; on a terminal it is asked for twice."""
    given = _given(file)
    if given is None:
        given = _asked(
            _("Passphrase of the backup (at least {chars} characters)", chars=MIN_PASSPHRASE_CHARS)
        )
        if ask(_("Again"), hidden=True) != given:
            raise CliError(_("The two passphrases differ. Nothing was written."))
    require_strong(given)
    return given


def require_strong(passphrase: str) -> None:
    """Raise CliError unless a passphrase may seal a backup."""
    try:
        check_passphrase(passphrase)
    except InvalidInput as error:
        raise CliError(error.message) from error


def known_passphrase(file: str | None) -> str:
    """Return the passphrase of a file that is to be opened."""
    given = _given(file)
    return _asked(_("Passphrase of the backup")) if given is None else given


def _given(file: str | None) -> str | None:
    if file is None:
        return os.environ.get(VARIABLE) or None
    try:
        with sys.stdin.buffer if file == _STDIN else Path(file).open("rb") as source:
            text = source.readline(_MAX_BYTES).decode()
    except (OSError, ValueError) as error:
        raise CliError(_("{file} cannot be read: {error}.", file=file, error=error)) from error
    return text.rstrip("\r\n")


def _asked(question: str) -> str:
    if not sys.stdin.isatty():
        raise CliError(
            _(
                "The backup needs a passphrase: --passphrase-file FILE, {variable}, or a terminal.",
                variable=VARIABLE,
            )
        )
    return ask(question, hidden=True)

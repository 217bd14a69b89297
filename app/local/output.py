"""Output of the launchers: escaped lines, errors, commands of this installation."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import IO

from app.core.i18n import Message, _, for_reader
from app.core.text import visible

_ROOT = Path(__file__).resolve().parents[2]


def print_line(*lines: object, file: IO[str] | None = None) -> None:
    """Print lines on stdout or `file` in the reader's language; control characters are written out."""
    target = sys.stdout if file is None else file
    shown = (for_reader(line if isinstance(line, str) else str(line)) for line in lines)
    target.write("".join(f"{visible(line)}\n" for line in shown))
    target.flush()


ERROR_MARK = "ERROR: "


class LocalError(Exception):
    """A reason to stop, printed to people as it is."""

    def __init__(self, message: str, *, details: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.message = message
        self.details = tuple(details)


_OF_PLACES = frozenset(
    {*(errno.EROFS, errno.EACCES, errno.EPERM, errno.ENOSPC), *(errno.ENOENT, errno.ENOTDIR, errno.EDQUOT)}
)


def file_problem(error: OSError) -> Message | None:
    """Return what is wrong with a folder or a file, such as a read-only home; None for any other error."""
    if error.filename is None or error.errno not in _OF_PLACES:
        return None
    return _("{place} cannot be used: {reason}", place=error.filename, reason=os.strerror(error.errno))


# The commands of this installation: `multi-job`, or in the folder of a checkout its scripts.


def start_command() -> str:
    return _command("start", "up")


def status_command() -> str:
    return _command("status", "status")


def stop_command() -> str:
    return _command("stop", "down")


def restart_command() -> str:
    """Return the command that applies changed settings; Windows PowerShell 5.1 has no `&&`.

    In a checkout the start also installs what a new version needs.
    """
    if not has_scripts():
        return "multi-job restart"
    separator = "; " if sys.platform == "win32" else " && "
    return separator.join((stop_command(), start_command()))


def what_next() -> str:
    """Return the line that ends a start."""
    line = _("Status: {status}   Stop: {stop}", stop=stop_command(), status=status_command())
    return f"{line}   multi-job: {_multi_job()}" if has_scripts() else line


def has_scripts() -> bool:
    """Return whether the working directory is a checkout with its launcher scripts; a wheel has none."""
    return Path.cwd() == _ROOT and (_ROOT / _script("start")).is_file()


def _command(script: str, word: str) -> str:
    if not has_scripts():
        return f"multi-job {word}"
    return f".\\{_script(script)}" if sys.platform == "win32" else f"./{_script(script)}"


def _script(name: str) -> str:
    return f"{name}-local.{'ps1' if sys.platform == 'win32' else 'sh'}"


def _multi_job() -> str:
    return ".venv\\Scripts\\multi-job" if sys.platform == "win32" else ".venv/bin/multi-job"

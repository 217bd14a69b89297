"""The commands of this installation: a checkout's scripts or `multi-job`."""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]


def start_command() -> str:
    return _command("start", "up")


def status_command() -> str:
    return _command("status", "status")


def stop_command() -> str:
    return _command("stop", "down")


def restart_command() -> str:
    """Return the command that applies changed settings; Windows PowerShell 5.1 has no `&&`."""
    separator = "; " if sys.platform == "win32" else " && "
    return separator.join((stop_command(), start_command()))


def what_next() -> str:
    """Return the line that ends a start."""
    line = f"Status: {status_command()}   Berhenti / stop: {stop_command()}"
    return f"{line}   multi-job: {_multi_job()}" if has_scripts() else line


def has_scripts() -> bool:
    """Return whether this is a checkout with its launcher scripts; a wheel has `multi-job` only."""
    return (_ROOT / _script("start")).is_file()


def _command(script: str, word: str) -> str:
    if not has_scripts():
        return f"multi-job {word}"
    return f".\\{_script(script)}" if sys.platform == "win32" else f"./{_script(script)}"


def _script(name: str) -> str:
    return f"{name}-local.{'ps1' if sys.platform == 'win32' else 'sh'}"


def _multi_job() -> str:
    return ".venv\\Scripts\\multi-job" if sys.platform == "win32" else ".venv/bin/multi-job"

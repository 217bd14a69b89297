"""The command `multi-job` in `.venv`, where requirements are installed and the project itself is not."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

# -P: a folder `app` where somebody happens to stand is not taken for ours.
_POSIX = """\
#!/bin/sh
PYTHONPATH={root}${{PYTHONPATH:+:$PYTHONPATH}} exec {python} -P -m app.cli "$@"
"""
_WINDOWS = """\
@echo off
setlocal
set "PYTHONPATH=%~dp0..\\.."
"%~dp0python.exe" -P -m app.cli %*
exit /b %ERRORLEVEL%
"""


def add_command(root: Path, python: Path, *, windows: bool) -> Path:
    """Put `multi-job` beside the interpreter, unless there is one; return where it is."""
    command = python.with_name("multi-job.cmd" if windows else "multi-job")
    if command.exists() or command.with_suffix(".exe").exists():
        return command
    text = (
        _WINDOWS if windows else _POSIX.format(root=shlex.quote(str(root)), python=shlex.quote(str(python)))
    )
    # Under another name first: a start beside this one never sees half of it.
    staged = command.with_name(f"{command.name}.{os.getpid()}")
    staged.write_text(text, "utf-8", newline="\r\n" if windows else "\n")
    staged.chmod(0o755)
    staged.replace(command)
    return command

"""Installs the requirements and the command `multi-job` into `.venv`."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

from app.core.i18n import _, concat, reader_language, terminal_language
from app.local.lock import file_lock
from app.local.output import ERROR_MARK, LocalError, print_line

# -P: a folder `app` in the working directory is not imported.
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
    """Put `multi-job` next to the interpreter, unless there is one; return its path."""
    command = python.with_name("multi-job.cmd" if windows else "multi-job")
    if command.exists() or command.with_suffix(".exe").exists():
        return command
    text = (
        _WINDOWS if windows else _POSIX.format(root=shlex.quote(str(root)), python=shlex.quote(str(python)))
    )
    # Written under another name first: a concurrent start never sees half of it.
    staged = command.with_name(f"{command.name}.{os.getpid()}")
    staged.write_text(text, "utf-8", newline="\r\n" if windows else "\n")
    staged.chmod(0o755)
    staged.replace(command)
    return command


def add_modules(root: Path) -> None:
    """Let the Python of `.venv` import this checkout, as programs and tests of job types do."""
    folder = root / ".venv"
    for packages in (*folder.glob("lib/python3*/site-packages"), *folder.glob("Lib/site-packages")):
        file = packages / "multi-job.pth"
        # Relative: Python 3.11 reads the file in the system's encoding, and the folder may be moved.
        text = f"{os.path.relpath(root, packages)}\n"
        if not file.is_file() or file.read_text("ascii") != text:
            file.write_text(text, "ascii")


# Create `.venv` with the locked dependencies, on a bare interpreter: standard library only.

_ROOT = Path(__file__).resolve().parents[2]
# A first installation on a slow connection takes minutes; a second start waits for it.
_LOCK_SECONDS = 1_800.0
_OLDEST = (3, 11)


class Installation:
    """The virtual environment in `root`, updated once for each content of a requirements file."""

    def __init__(self, root: Path, requirements: str) -> None:
        self.folder = root / ".venv"
        self.requirements = root / requirements
        self.marker = self.folder / f".installed-{requirements}"
        # Left behind by an interrupted installation, whose packages may be incomplete. It is outside of the
        # environment, because creating that again empties the folder.
        self.unfinished = root / "runtime-data" / "installing"

    @property
    def python(self) -> Path:
        return self.folder / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def digest(self) -> str:
        return hashlib.sha256(self.requirements.read_bytes()).hexdigest()

    def is_current(self) -> bool:
        """True if the last installation finished and used the same file."""
        if self.unfinished.exists() or not self.marker.is_file():
            return False
        return self.marker.read_text("ascii").strip() == self.digest() and self.runs()

    def runs(self) -> bool:
        """True if the interpreter in `.venv` starts and is new enough."""
        check = f"import sys; sys.exit(sys.version_info < {_OLDEST})"
        try:
            return (
                subprocess.run([self.python, "-c", check], check=False, capture_output=True).returncode == 0
            )
        except OSError:
            return False

    def bring_up_to_date(self) -> None:
        """Install the file's packages; an unfinished or broken environment is created again."""
        if self.is_current():
            return
        print_line(_("Installing {name} …", name=self.requirements.name))
        fresh = self.unfinished.exists() or not self.runs()
        self.unfinished.parent.mkdir(exist_ok=True)
        self.unfinished.touch()
        if fresh:
            self._create()
        self._install()
        self.marker.write_text(f"{self.digest()}\n", "ascii")
        self.unfinished.unlink()

    def _create(self) -> None:
        if importlib.util.find_spec("ensurepip") is not None:
            venv.create(self.folder, clear=True, with_pip=True, symlinks=sys.platform != "win32")
        elif not _run(["uv", "venv", "--quiet", "--clear", "--python", sys.executable, str(self.folder)]):
            raise LocalError(
                _("this Python cannot make virtual environments: apt-get install python3-venv"),
            )

    def _install(self) -> None:
        locked = ["--quiet", "--require-hashes", "-r", str(self.requirements)]
        if _run(["uv", "pip", "install", "--python", str(self.python), *locked]):
            return
        pip = [str(self.python), "-m", "pip", "install", "--disable-pip-version-check", "--no-input"]
        if not _run([*pip, *locked]):
            raise LocalError(
                _("could not install {name}; the next start tries again", name=self.requirements.name),
            )


def _run(command: Sequence[str]) -> bool:
    """Return whether the program exists and succeeded."""
    return shutil.which(command[0]) is not None and subprocess.run(command, check=False).returncode == 0


def main(arguments: Sequence[str]) -> int:
    """Install a requirements file into `.venv`, and `multi-job`; 1 with a reason if that fails."""
    reader_language.set(terminal_language())
    installation = Installation(_ROOT, arguments[0])
    try:
        if not installation.is_current():
            with file_lock(_ROOT / "runtime-data" / "install.lock", wait_seconds=_LOCK_SECONDS):
                installation.bring_up_to_date()
        add_command(_ROOT, installation.python, windows=sys.platform == "win32")
        add_modules(_ROOT)
    except (LocalError, OSError, subprocess.SubprocessError) as error:
        why = error.message if isinstance(error, LocalError) else str(error)
        print_line(concat(ERROR_MARK, why), file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

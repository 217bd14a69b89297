"""Node.js as this machine has it: it serves the dashboard, and its npm builds it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from app.local_errors import LocalError
from app.local_hints import start_command
from app.local_windows import npm_name

OLDEST = (20, 9)
_ANSWER_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Node:
    path: str
    npm: str
    """Empty where npm is not installed: a dashboard that is built already is served all the same."""
    version: tuple[int, int, int]

    @property
    def major(self) -> int:
        return self.version[0]

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return an environment in which this Node.js is the one that npm and its scripts find."""
        search = os.pathsep.join([str(Path(self.path).parent), *filter(None, [base.get("PATH")])])
        return {**base, "PATH": search}


def find_node(environment: Mapping[str, str]) -> Node:
    """Return the Node.js on PATH; LocalError says what to do where it is missing or too old."""
    search = environment.get("PATH", "")
    path = shutil.which("node", path=search)
    if path is None:
        raise _unfit("there is none on PATH", "belum terpasang")
    version = _version(path)
    if version is None:
        raise _unfit(f"{path} does not tell its version", "tidak bisa dijalankan")
    if version < OLDEST:
        shown = ".".join(map(str, version))
        raise _unfit(f"{path} is {shown}", f"versinya {shown}")
    npm = shutil.which(npm_name(windows=sys.platform == "win32"), path=search)
    return Node(path, npm or "", version)


def _version(path: str) -> tuple[int, int, int] | None:
    try:
        done = subprocess.run(
            [path, "--version"],
            check=False,
            capture_output=True,
            text=True,
            timeout=_ANSWER_SECONDS,
            stdin=subprocess.DEVNULL,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.match(r"v(\d+)\.(\d+)\.(\d+)", done.stdout.strip())
    return (int(match[1]), int(match[2]), int(match[3])) if match and done.returncode == 0 else None


def _unfit(english: str, indonesian: str) -> LocalError:
    oldest = ".".join(map(str, OLDEST))
    again = start_command()
    return LocalError(
        f"needs Node.js {oldest} or newer, and {english}: install it, then {again} again",
        f"perlu Node.js {oldest} atau lebih baru, dan {indonesian}: pasang, lalu {again} lagi",
    )

"""The environment of each peer: a venv or an npm folder with pinned versions, made on first use.

They are in the user's cache folder. The name has a digest of the pins and of the interpreter, so a changed
version makes a new one. Packages come from the registries that pip and npm are configured for.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from app.local.lock import file_lock
from benchmarks.peers.catalogue import PROGRAMS, Peer

KIT = PROGRAMS.parent / "kit"
THIS_PYTHON = Path(sys.executable)
_DONE = "complete"
_MODULE = ("-m", "peer")
_INSTALL_SEC, _LOCK_SEC = 600.0, 1_200.0
_LAST_LINES = 3


class PeerError(Exception):
    """A peer cannot be installed or run; the text is for the table."""


@dataclass(frozen=True, slots=True)
class Environment:
    """The words that start a peer's program, and the variables that it needs."""

    command: tuple[str, ...]
    variables: dict[str, str]


def cache_folder() -> Path:
    """Return the folder of all environments."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "multi-job" / "peers"


def environment_of(peer: Peer, python: Path = THIS_PYTHON, *, fresh: bool = False) -> Environment:
    """Return a peer's environment, made with an interpreter; raises PeerError if it cannot be made."""
    python_path = [str(peer.program.parent), str(KIT)]
    if peer.kind == "tree":
        root = str(PROGRAMS.parents[2])
        path = os.pathsep.join((*python_path, root))
        return Environment((sys.executable, *_MODULE), {"PYTHONPATH": path})
    folder = _made(peer, python, fresh=fresh)
    if peer.kind == "node":
        # An import of Node.js is resolved from the importing file's folder, so the program is copied there.
        for source in (peer.program, KIT / "peer.mjs"):
            copy = folder / source.relative_to(PROGRAMS.parent)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, copy)
        return Environment(("node", str(folder / peer.program.relative_to(PROGRAMS.parent))), {})
    return Environment(
        (str(folder / "bin" / "python"), *_MODULE), {"PYTHONPATH": os.pathsep.join(python_path)}
    )


def environment_folder(peer: Peer, python: Path, pins: bytes) -> Path:
    """Return the folder of a peer's environment; its name depends on the versions and the interpreter."""
    made_of = f"{sys.version if python == THIS_PYTHON else python}".encode() + pins
    return cache_folder() / f"{peer.name}-{hashlib.sha256(made_of).hexdigest()[:12]}"


def _made(peer: Peer, python: Path, *, fresh: bool) -> Path:
    folder = environment_folder(peer, python, peer.pins.read_bytes())
    with file_lock(cache_folder() / f"{peer.name}.lock", wait_seconds=_LOCK_SEC):
        if fresh or not (folder / _DONE).is_file():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            _install(peer, python, folder)
            (folder / _DONE).touch()
    return folder


def _install(peer: Peer, python: Path, folder: Path) -> None:
    if peer.kind == "node":
        shutil.copyfile(peer.pins, folder / "package.json")
        _run("npm", "install", "--no-audit", "--no-fund", "--prefix", str(folder))
        return
    _run(str(python), "-m", "venv", str(folder))
    pip = (str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    _run(*pip, "-r", str(peer.pins))


def _run(*command: str) -> None:
    try:
        ended = subprocess.run(
            command,
            check=False,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_INSTALL_SEC,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
    except (OSError, subprocess.TimeoutExpired) as error:
        raise PeerError(f"cannot install: {error}") from error
    if ended.returncode != 0:
        raise PeerError(f"cannot install: {last_lines(ended.stdout)}")


def last_lines(text: str) -> str:
    """Return the end of an output in one line."""
    return " / ".join(line.strip() for line in text.strip().splitlines()[-_LAST_LINES:]) or "no output"

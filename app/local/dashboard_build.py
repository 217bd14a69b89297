"""Builds the dashboard once for each content of `ui/`."""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from app.core.i18n import _
from app.local.environment import process_environment
from app.local.lock import file_lock
from app.local.output import LocalError, print_line, start_command
from app.local.state import write_atomically

# Node.js of this machine: it serves the dashboard, and its npm builds it.

OLDEST = (20, 9)
_ANSWER_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Node:
    path: str
    npm: str
    """Empty if npm is not installed: an existing build is served all the same."""
    version: tuple[int, int, int]

    @property
    def mark(self) -> str:
        """Return a text that differs if a build for another one cannot be served."""
        return f"{self.version[0]} {sys.platform}-{platform.machine()}"

    def environment(self, base: Mapping[str, str]) -> dict[str, str]:
        """Return an environment in which npm and its scripts find this Node.js."""
        search = os.pathsep.join([str(Path(self.path).parent), *filter(None, [base.get("PATH")])])
        return {**base, "PATH": search}


def find_node(environment: Mapping[str, str]) -> Node:
    """Return the Node.js on PATH; LocalError has the repair if it is missing or too old."""
    search = environment.get("PATH", "")
    path = shutil.which("node", path=search)
    if path is None:
        raise _unfit(_("there is none on PATH"))
    version = _version(path)
    if version is None:
        raise _unfit(_("{path} does not print its version", path=path))
    if version < OLDEST:
        shown = ".".join(map(str, version))
        raise _unfit(_("{path} is {version}", path=path, version=shown))
    npm = shutil.which("npm.cmd" if sys.platform == "win32" else "npm", path=search)
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


def _unfit(why: str) -> LocalError:
    oldest = ".".join(map(str, OLDEST))
    again = start_command()
    return LocalError(
        _(
            "needs Node.js {oldest} or newer, and {why}: install it, then {again} again",
            oldest=oldest,
            why=why,
            again=again,
        )
    )


# A first build on a slow connection takes minutes; a second start waits for it.
_LOCK_SECONDS = 1_800.0
_KEPT_BUILDS = 3
# The sources of a build. It does not need the packages of tests, and leftovers of tools are not sources.
SOURCES = frozenset(
    {
        "src",
        "public",
        "scripts",
        "package.json",
        "package-lock.json",
        ".npmrc",
        "next.config.ts",
        "postcss.config.mjs",
        "tsconfig.json",
    }
)
NO_SOURCES = (".test.ts", ".test.tsx")


PACKAGED = Path(__file__).resolve().parents[1] / "dashboard"
"""The build in a wheel; a checkout has no such folder."""


class DashboardBuild:
    """The builds of one checkout, shared by all its installations: `runtime-data/ui/<digest>`."""

    def __init__(self, root: Path, node: Node) -> None:
        self.source = root / "ui"
        self.folder = root / "runtime-data" / "ui"
        self._node = node
        self.work = self.folder / "work"
        self._newest = self.folder / "newest"

    def finished(self) -> Path | None:
        """Return the build of the current sources, or the packaged one; None if there is none yet."""
        if PACKAGED.is_dir():
            return PACKAGED
        # Sources that change during the read have no build.
        with suppress(OSError):
            return self._existing(digest_of(self.source, self._node))
        return None

    def newest(self) -> Path | None:
        """Return the last build, whose sources may be older."""
        with suppress(OSError):
            return self._existing(self._newest.read_text("ascii").strip())
        return None

    def make(self) -> Path:
        """Return the build of the current sources, made if it is missing; else the reason."""
        if (found := self.finished()) is not None:
            return found
        print_line(_("Waiting for another build, if there is one …"))
        try:
            with file_lock(self.folder / "build.lock", wait_seconds=_LOCK_SECONDS):
                return self._make()
        except OSError as error:
            raise LocalError(_("the dashboard could not be built: {error}", error=error)) from error

    def _make(self) -> Path:
        self._take_sources()
        digest = digest_of(self.work, self._node)
        if self._existing(digest) is None:
            self._build()
            self._keep(digest)
        write_atomically(self._newest, digest)
        self._remove_old(keep=digest)
        return self.folder / digest

    def _existing(self, digest: str) -> Path | None:
        # It got its name after it was complete.
        build = self.folder / digest
        return build if digest and (build / "serve.mjs").is_file() else None

    def _take_sources(self) -> None:
        """Copy the sources, so that the build matches the digest even if they are edited meanwhile."""
        self.work.mkdir(parents=True, exist_ok=True)
        for entry in self.work.iterdir():
            if entry.name not in {"node_modules", ".next"}:
                _remove(entry)
        for relative in _sources(self.source):
            target = self.work / relative
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(self.source / relative, target)

    def _build(self) -> None:
        if not self._node.npm:
            raise LocalError(
                _(
                    "npm is missing, and without it the dashboard cannot be built: install it, "
                    "then {value} again",
                    value=start_command(),
                ),
            )
        self._install()
        if not self._npm("run", "build"):
            raise LocalError(
                _("the dashboard could not be built (npm run build); the log says why"),
            )

    def _install(self) -> None:
        """Install the locked packages, unless the same ones are installed."""
        stamp = self.work / "node_modules" / ".installed"
        wanted = _digest([self._node.mark, *(self._text(name) for name in ("package-lock.json", ".npmrc"))])
        if stamp.is_file() and stamp.read_text("ascii").strip() == wanted:
            return
        if not self._npm("ci", "--omit=dev"):
            raise LocalError(
                _(
                    "the dashboard's packages could not be installed (npm ci): is this machine "
                    "online? {value} tries again",
                    value=start_command(),
                ),
            )
        # npm ci first removes the folder, and the stamp with it. Without dependencies it creates none.
        stamp.parent.mkdir(exist_ok=True)
        stamp.write_text(wanted, "ascii")

    def _npm(self, *words: str) -> bool:
        environment = process_environment("build", self._node.environment(os.environ))
        environment["NEXT_TELEMETRY_DISABLED"] = "1"
        # A NODE_ENV of "development" from the shell would end up in the build.
        environment.pop("NODE_ENV", None)
        if not sys.stdout.isatty():
            environment.pop("FORCE_COLOR", None)
            environment["NO_COLOR"] = "1"
        print_line(f"npm {' '.join(words)} …")
        command = [self._node.npm, *words]
        try:
            done = subprocess.run(
                command, check=False, cwd=self.work, env=environment, stdin=subprocess.DEVNULL
            )
        except OSError as error:
            print_line(error)
            return False
        return done.returncode == 0

    def _keep(self, digest: str) -> None:
        staged = self.folder / "staged"
        _remove(staged)
        # On Windows only some users may create symbolic links.
        shutil.copytree(self.work / ".next" / "standalone", staged, symlinks=sys.platform != "win32")
        # The copy has the age of its original, but the time of the build counts.
        os.utime(staged)
        staged.rename(self.folder / digest)

    def _remove_old(self, *, keep: str) -> None:
        """Remove builds beyond the last few, but none that is being served."""
        builds = [each for each in self.folder.iterdir() if (each / "serve.mjs").is_file()]
        builds.sort(key=lambda build: build.stat().st_mtime, reverse=True)
        old = [build for build in builds[_KEPT_BUILDS:] if build.name != keep]
        for build in old:
            if not _is_served(build):
                _remove(build)

    def _text(self, name: str) -> str:
        path = self.work / name
        return path.read_text("utf-8") if path.is_file() else ""


def digest_of(source: Path, node: Node) -> str:
    """Return a digest of `ui/`, the Node.js version and the machine type of a build."""
    files = {each.as_posix(): hashlib.sha256((source / each).read_bytes()) for each in _sources(source)}
    return _digest([node.mark, *(f"{name}\0{digest.hexdigest()}" for name, digest in files.items())])[:16]


def _sources(folder: Path) -> list[Path]:
    present = (folder / name for name in SOURCES)
    files = (each for entry in present for each in (entry, *entry.rglob("*")) if each.is_file())
    return sorted(each.relative_to(folder) for each in files if not each.name.endswith(NO_SOURCES))


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _is_served(build: Path) -> bool:
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if any(str(build) in word for word in process.cmdline()):
                return True
    return False


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)

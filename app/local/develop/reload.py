"""`multi-job dev`: runs the job types of a folder, and restarts what loads them when a file changes."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable, Collection, Generator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from app.core.i18n import _, concat
from app.core.registry import ENTRY_POINT_GROUP
from app.local.lock import file_lock
from app.local.output import LocalError, print_line
from app.local.probes import read_readiness
from app.local.processes import is_alive
from app.local.services import API
from app.local.settings import LocalSettings, differences, load_settings, settings_of
from app.local.state import StateFiles, write_atomically

RELOADED = (API, "worker", "connector")
"""The services that load job types and policies."""
_GENERATED = frozenset({"__pycache__", "node_modules", "runtime-data", "site-packages"})
_READY_SECONDS = 60.0
_CHECK_SECONDS = 60.0
_SHOWN_LINES = 12
# In a process of its own: a module is imported once, and a broken one must not end this process.
_CHECK = """
import json, os, sys, traceback
from pathlib import Path
from types import ModuleType
from pydantic import ValidationError
from app.core.config import Settings, settings_problems
from app.core.errors import MultiJobError
from app.core.home.places import PACKAGE_FOLDER
from app.core.policies import load_policies
from app.core.registry import load_handlers
ours = (f"{PACKAGE_FOLDER}{os.sep}", "<")
try:
    settings = Settings()
    load_handlers(settings), load_policies(settings)
except ValidationError as error:
    sys.exit(settings_problems(error))
except MultiJobError as error:
    cause = error.__cause__
    # The message of a policy file has its places already; a module has more to show.
    if isinstance(cause, Exception) and not isinstance(cause, MultiJobError | ValidationError):
        frames = traceback.extract_tb(cause.__traceback__)
        own = [
            each for each in frames
            if not each.filename.startswith(ours) and "importlib" not in Path(each.filename).parts
        ]
        sys.stderr.writelines(traceback.format_list(own[-1:]))
        sys.stderr.writelines(traceback.format_exception_only(cause))
    sys.exit(error.message)
modules = [vars(each) for each in list(sys.modules.values()) if isinstance(each, ModuleType)]
files = [each["__file__"] for each in modules if isinstance(each.get("__file__"), str)]
packages = [place for each in modules for place in each.get("__path__") or () if isinstance(place, str)]
print()
print(json.dumps({"files": files, "packages": packages}))
"""


@dataclass(frozen=True, slots=True)
class Project:
    """A folder with job types."""

    folder: Path
    modules: tuple[str, ...]


def find_project(folder: Path) -> Project | None:
    """Return the project of a folder: the handler modules that its `pyproject.toml` declares; or None."""
    file = folder / "pyproject.toml"
    if not file.is_file():
        return None
    try:
        found: Any = tomllib.loads(file.read_text("utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise LocalError(_("{file} cannot be read: {error}", file=file, error=error)) from error
    points: dict[str, str] = found.get("project", {}).get("entry-points", {}).get(ENTRY_POINT_GROUP, {})
    modules = tuple(str(value).partition(":")[0].strip() for value in points.values())
    return Project(folder, modules) if modules else None


def dev_environment(environment: Mapping[str, str], project: Project | None) -> dict[str, str]:
    """Return the environment in which the services find the project's job types and policies.

    Runs are released after a second, so that a reload does not wait for long ones.
    """
    if project is None:
        if not environment.get("HANDLER_MODULES"):
            raise LocalError(
                _("no job type is declared here: `multi-job new job shop.hello` makes a package with one")
            )
        return {"DRAIN_SEC": "1", **environment}
    folders = [str(each) for each in (project.folder / "src", project.folder) if each.is_dir()]
    known = [each for each in environment.get("HANDLER_MODULES", "").split(",") if each]
    policies = project.folder / "policies.yaml"
    return {
        "DRAIN_SEC": "1",
        **({"POLICIES_FILE": str(policies)} if policies.is_file() else {}),
        **environment,
        "PYTHONPATH": os.pathsep.join([*folders, *filter(None, [environment.get("PYTHONPATH")])]),
        "HANDLER_MODULES": ",".join(dict.fromkeys([*known, *project.modules])),
    }


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that the processes load, by their real paths."""

    files: frozenset[Path]
    packages: frozenset[Path]
    """Folders of packages: a new module in one of them counts too."""
    are_broken: bool = False
    """The last check failed: any Python file can be the one that it needs."""

    def has(self, path: Path) -> bool:
        """Return whether a change of this file needs a reload; a test does not, unless it is loaded."""
        if path in self.files:
            return True
        if path.suffix != ".py" or path.name.startswith("test_") or path.name == "conftest.py":
            return False
        folder = path.parent.parent if path.name == "__init__.py" else path.parent
        return self.are_broken or bool({folder, path.parent} & self.packages)


def check_code(environment: Mapping[str, str], folder: Path | None = None) -> Sources:
    """Return the files of the job types; LocalError has the reason if they or the policies are broken.

    `folder` is the working directory of the services; without it, that of this process.
    """
    done = subprocess.run(
        [sys.executable, "-P", "-c", _CHECK],
        env=dict(environment),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=_CHECK_SECONDS,
        check=False,
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()][-_SHOWN_LINES:]
        raise LocalError(_("the job types cannot be loaded"), details=lines)
    # A module may print while it is imported.
    found: dict[str, list[str]] = json.loads(done.stdout.splitlines()[-1])
    files, packages = (frozenset(map(_real, found[name])) for name in ("files", "packages"))
    return Sources(files, packages)


@contextmanager
def only_one(settings: LocalSettings) -> Generator[None]:
    """Refuse a second `multi-job dev` of this installation: LocalError says which one runs."""
    files = StateFiles(settings)
    with ExitStack() as held:
        try:
            held.enter_context(file_lock(files.dev_lock, wait_seconds=0))
        except LocalError as error:
            state = files.load()
            at = settings if state is None else state.at_its_addresses(settings)
            modules = "" if state is None else state.settings.get("HANDLER_MODULES", "")
            raise LocalError(
                _(
                    "`multi-job dev` runs already in another terminal ({modules}, {api_url}). It loads "
                    "changes there, and Ctrl-C there stops it. Nothing was started or stopped here.",
                    modules=modules or "?",
                    api_url=at.api_url,
                )
            ) from error
        yield


class Reloader:
    """Checks and loads changes of job types, policies and `.env` in a folder, until KeyboardInterrupt.

    `restart(before, after)` stops the platform and starts it with other settings. Raises LocalError at once
    if the job types cannot be loaded.
    """

    def __init__(
        self,
        settings: LocalSettings,
        environment: Mapping[str, str],
        folder: Path,
        restart: Callable[[LocalSettings, LocalSettings], None],
    ) -> None:
        self.settings = settings
        self._environment = environment
        self._folder = folder
        self._restart = restart
        self._sources = check_code(environment)

    def run(self) -> None:
        """Watch the folder."""
        # Loaded here: no other command needs it.
        watchfiles: Any = importlib.import_module("watchfiles")
        print_line(_("Reloads on change of {folder}; Ctrl-C stops everything.", folder=self._folder))
        for changes in watchfiles.watch(self._folder, watch_filter=self.wants):
            self.reload({Path(path) for _change, path in changes})

    def wants(self, _change: object, path: str) -> bool:
        """Return whether a change of this file is loaded: a module, the policies, or `.env`."""
        real = _real(path)
        return real in self._other_files or (self._sources.has(real) and not self._is_generated(Path(path)))

    def reload(self, changed: Collection[Path]) -> None:
        """Check changed files, then restart the services that load them."""
        names = ", ".join(sorted(_relative(path, self._folder) for path in changed))
        print_line(_("{names}: changed, it is checked and loaded …", names=names))
        start = time.monotonic()
        try:
            asked = load_settings(self._environment)
            differ = differences(settings_of(self.settings), settings_of(asked))
            self._sources = check_code(self._environment)
        except LocalError as error:
            self._sources = replace(self._sources, are_broken=True)
            details = (concat("  ", line) for line in error.details)
            print_line(
                _(
                    "{names}: not reloaded, the running processes go on: {reason}",
                    names=names,
                    reason=error.message,
                ),
                *details,
            )
            return
        if differ:
            print_line(*(concat("  ", line) for line in differ))
            before, self.settings = self.settings, asked
            self._restart(before, asked)
        elif not restart_services(self.settings):
            print_line(_("{names}: reloaded, but not everything is ready: multi-job status", names=names))
            return
        print_line(_("{names}: reloaded in {seconds:.1f} s", names=names, seconds=time.monotonic() - start))

    @property
    def _other_files(self) -> set[Path]:
        policies = self.settings.values.get("POLICIES_FILE", "")
        named = [self._folder / policies] if policies else []
        return {_real(path) for path in (self.settings.root / ".env", *named)}

    def _is_generated(self, path: Path) -> bool:
        parts = Path(_relative(path, self._folder)).parts
        return any(part.startswith(".") or part in _GENERATED for part in parts)


def restart_services(settings: LocalSettings) -> bool:
    """Have the supervisor restart what loads job types; True once all of it is ready."""
    files = StateFiles(settings)
    before = _processes(files)
    write_atomically(files.command, f"restart {' '.join(RELOADED)}")
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline:
        now = _processes(files)
        if now.keys() == before.keys() and not set(now.values()) & set(before.values()):
            readiness = read_readiness(settings)
            if readiness.ready or readiness.is_started:
                return True
        time.sleep(0.1)
    return False


def _processes(files: StateFiles) -> dict[str, object]:
    state = files.load()
    if state is None:
        return {}
    records = state.services.values()
    return {each.name: each.process for each in records if each.name in RELOADED and is_alive(each.process)}


def _relative(path: Path, folder: Path) -> str:
    return str(path.relative_to(folder)) if path.is_relative_to(folder) else str(path)


def _real(path: str | Path) -> Path:
    return Path(os.path.realpath(path))

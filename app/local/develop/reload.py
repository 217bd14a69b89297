"""`multi-job dev`: runs the job types of a folder, and restarts what loads them when a file changes."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys
import time
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from app.core.i18n import _, concat
from app.core.registry import ENTRY_POINT_GROUP
from app.local.output import LocalError, print_line
from app.local.probes import read_readiness
from app.local.processes import is_alive
from app.local.services import API
from app.local.settings import LocalSettings
from app.local.state import StateFiles, write_atomically

RELOADED = (API, "worker", "connector")
"""The services that load job types and policies."""
_SUFFIXES = (".py", ".yaml", ".yml")
_READY_SECONDS = 60.0
_CHECK_SECONDS = 60.0
_SHOWN_LINES = 12
# In a process of its own: a module is imported once, and a broken one must not end this process.
_CHECK = """
import sys, traceback
from pathlib import Path
from app.core.config import Settings
from app.core.errors import MultiJobError
from app.core.policies import load_policies
from app.core.registry import load_handlers
try:
    settings = Settings()
    load_handlers(settings), load_policies(settings)
except MultiJobError as error:
    cause = error.__cause__
    if isinstance(cause, Exception) and not isinstance(cause, MultiJobError):
        frames = traceback.extract_tb(cause.__traceback__)
        own = [
            each for each in frames
            if not each.filename.startswith("<") and not {"importlib", "app"} & set(Path(each.filename).parts)
        ]
        sys.stderr.writelines(traceback.format_list(own[-1:]))
        sys.stderr.writelines(traceback.format_exception_only(cause))
    sys.exit(error.message)
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


def check_code(environment: Mapping[str, str]) -> None:
    """Raise LocalError with the reason unless the job types and policies can be loaded."""
    done = subprocess.run(
        [sys.executable, "-P", "-c", _CHECK],
        env=dict(environment),
        capture_output=True,
        text=True,
        timeout=_CHECK_SECONDS,
        check=False,
    )
    if done.returncode:
        lines = [line for line in done.stderr.splitlines() if line.strip()][-_SHOWN_LINES:]
        raise LocalError(_("the job types cannot be loaded"), details=lines)


def reload_on_change(settings: LocalSettings, environment: Mapping[str, str], folder: Path) -> None:
    """Check and load each change of a file, until KeyboardInterrupt."""
    # Loaded here: no other command needs it.
    watchfiles: Any = importlib.import_module("watchfiles")
    print_line(_("Reloads on change of {folder}; Ctrl-C stops everything.", folder=folder))
    for changes in watchfiles.watch(folder, watch_filter=partial(is_source, folder)):
        _reload(settings, environment, sorted({Path(path) for _change, path in changes}), folder)


def is_source(folder: Path, _change: object, path: str) -> bool:
    """Return whether a file can change job types: Python or YAML, outside of hidden and generated folders."""
    parts = Path(_relative(Path(path), folder)).parts
    return path.endswith(_SUFFIXES) and not any(
        part.startswith(".") or part in {"__pycache__", "node_modules", "runtime-data"} for part in parts
    )


def _reload(
    settings: LocalSettings, environment: Mapping[str, str], changed: Iterable[Path], folder: Path
) -> None:
    names = ", ".join(_relative(path, folder) for path in changed)
    try:
        check_code(environment)
    except LocalError as error:
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
    start = time.monotonic()
    if restart_services(settings):
        print_line(_("{names}: reloaded in {seconds:.1f} s", names=names, seconds=time.monotonic() - start))
    else:
        print_line(_("{names}: reloaded, but not everything is ready: multi-job status", names=names))


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

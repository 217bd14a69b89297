"""Doctor checks of `.env` files and of the modules that they name; nothing of them is imported."""

from __future__ import annotations

import sys
from importlib.machinery import PathFinder
from pathlib import Path
from typing import TYPE_CHECKING

from dotenv import dotenv_values

from app.cli.doctor.findings import Finding, failed, ok, warning
from app.core.home.ownership import why_foreign
from app.core.home.places import ENV_FILE, own_env_file, own_folder
from app.core.home.unknown_settings import unknown_settings
from app.core.i18n import _

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.config import Settings
    from app.core.i18n import Message

_CHECK = ".env"


def diagnose_env_files() -> list[Finding]:
    """Warn of a `.env` of this folder, or of the deployment, that the doctor and clients do not use."""
    own, folder = own_env_file(), own_folder()
    places = dict.fromkeys(place / ENV_FILE for place in (Path.cwd(), folder) if place is not None)
    return [
        _unused(file, folder) for file in places if file.is_file() and (own is None or not file.samefile(own))
    ]


def diagnose_unknown_settings() -> list[Finding]:
    """Warn of names in the `.env` in use, and in the environment, that are no settings."""
    file = own_env_file()
    stored = {} if file is None else dotenv_values(file, interpolate=False)
    remedy = _("correct the name, or remove it")
    return [warning("settings", each.described, remedy) for each in unknown_settings(file, stored)]


def _unused(file: Path, folder: Path | None) -> Finding:
    reason: Message | None = why_foreign(file)
    if reason is not None:
        remedy = _("chown and chmod go-w the file if it is yours, or set the variables in the environment")
        return warning(_CHECK, _("{file} is not used: {reason}", file=file, reason=reason), remedy)
    if folder is None:
        seen = _("{file} is not used: no platform of yours was started in this folder yet", file=file)
        return warning(_CHECK, seen, _("multi-job up, or set the variables in the environment"))
    seen = _("{file} is not used: your platform has its settings in {folder}", file=file, folder=folder)
    return warning(_CHECK, seen, _("set the variables in the environment if they shall count here"))


def diagnose_modules(settings: Settings) -> list[Finding]:
    """Look for the modules of HANDLER_MODULES without importing them: only services execute them."""
    names = settings.handler_modules
    if not names:
        return []
    # As for the services: the folder of the deployment is searched last.
    missing = [name for name in names if not _exists(name, [*sys.path, str(Path.cwd())])]
    if missing:
        seen = _("not found: {names}", names=", ".join(missing))
        return [failed("handler modules", seen, _("correct HANDLER_MODULES"))]
    return [ok("handler modules", _("{names}: found; the services import them", names=", ".join(names)))]


def _exists(name: str, path: Iterable[str]) -> bool:
    """Return whether a module is there. `find_spec` would import the packages above it."""
    places: list[str] | None = list(path)
    for part in name.split("."):
        found = PathFinder.find_spec(part, places) if places else None
        if found is None:
            return False
        places = list(found.submodule_search_locations or ())
    return True

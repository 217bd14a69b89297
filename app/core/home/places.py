"""Folders of this installation and of its user."""

from __future__ import annotations

import os
from pathlib import Path

from app.core.home.ownership import why_foreign

PACKAGE_FOLDER = Path(__file__).resolve().parents[2]
"""The folder of this code: `app` of a checkout; a wheel has it below `multi_job`."""
PROJECT_ROOT = PACKAGE_FOLDER.parent
IS_CHECKOUT = any((PROJECT_ROOT / f"start-local.{kind}").is_file() for kind in ("sh", "ps1"))
"""Whether this code is a checkout of the project; else it is an installed package."""
ENV_FILE = ".env"
_STARTED_IN = "started-in"
_MOST_FOLDERS = 20
_PACKAGE = "multi-job"


def default_home() -> Path:
    """Return the folder of runtime-data: the checkout, or the user's data folder for a package."""
    if IS_CHECKOUT:
        return PROJECT_ROOT
    # A checkout and a container with MULTI_JOB_HOME do not need it.
    from platformdirs import user_data_path  # noqa: PLC0415

    return user_data_path(_PACKAGE, appauthor=False)


def config_folder() -> Path:
    """Return the folder of the user's own settings, such as `~/.config/multi-job`."""
    from platformdirs import user_config_path  # noqa: PLC0415

    return user_config_path(_PACKAGE, appauthor=False)


def own_folder() -> Path | None:
    """Return the folder whose `.env` belongs to this deployment: the checkout, or that of a package's start.

    Of several, it is the current one, else the last. None if a package was not started yet. A `.env`
    elsewhere is data of a stranger for a client.
    """
    if IS_CHECKOUT:
        return PROJECT_ROOT
    known = _started_in(Path(os.environ.get("MULTI_JOB_HOME") or default_home()).expanduser())
    here = Path.cwd()
    return here if here in known else next(iter(known), None)


def remember_folder(home: Path, folder: Path) -> None:
    """Record in a data folder that its user has started the platform in this folder; raises OSError."""
    record, known = _record(home), [folder.resolve(), *_started_in(home)]
    record.parent.mkdir(parents=True, exist_ok=True)
    staged = record.with_name(f"{record.name}.{os.getpid()}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.writelines(f"{path}\n" for path in list(dict.fromkeys(known))[:_MOST_FOLDERS])
    staged.replace(record)


def own_env_file() -> Path | None:
    """Return the `.env` of `own_folder`; None if there is none, or if other users may change it."""
    folder = own_folder()
    file = None if folder is None else folder / ENV_FILE
    return file if file is not None and file.is_file() and why_foreign(file) is None else None


def _started_in(home: Path) -> list[Path]:
    """Return the recorded folders, the last one first; none if somebody else may have written the record."""
    record = _record(home)
    try:
        return [] if why_foreign(record) else [Path(line) for line in record.read_text("utf-8").splitlines()]
    except (OSError, UnicodeDecodeError):
        return []


def _record(home: Path) -> Path:
    return home / "runtime-data" / _STARTED_IN

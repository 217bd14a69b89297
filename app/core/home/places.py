"""Folders of this installation and of its user."""

from __future__ import annotations

import os
from pathlib import Path

from app.core.home.ownership import why_foreign

PROJECT_ROOT = Path(__file__).resolve().parents[3]
IS_CHECKOUT = any((PROJECT_ROOT / f"start-local.{kind}").is_file() for kind in ("sh", "ps1"))
"""Whether this code is a checkout of the project; else it is an installed package."""
ENV_FILE = ".env"
_STARTED_IN = "started-in"
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

    None if a package was not started yet. A `.env` elsewhere is data of a stranger for a client.
    """
    if IS_CHECKOUT:
        return PROJECT_ROOT
    record = _record(Path(os.environ.get("MULTI_JOB_HOME") or default_home()).expanduser())
    try:
        text = None if why_foreign(record) else record.read_text("utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return None
    return Path(text) if text else None


def remember_folder(home: Path, folder: Path) -> None:
    """Record in the deployment's data that its services were started in this folder."""
    record = _record(home)
    record.parent.mkdir(parents=True, exist_ok=True)
    staged = record.with_name(f"{record.name}.{os.getpid()}")
    with os.fdopen(
        os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(f"{folder}\n")
    staged.replace(record)


def own_env_file() -> Path | None:
    """Return the `.env` of `own_folder`; None if there is none, or if other users may change it."""
    folder = own_folder()
    file = None if folder is None else folder / ENV_FILE
    return file if file is not None and file.is_file() and why_foreign(file) is None else None


def _record(home: Path) -> Path:
    return home / "runtime-data" / _STARTED_IN

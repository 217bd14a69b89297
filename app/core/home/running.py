"""The running platform of an installation, as its supervisor recorded it."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, cast

import psutil
from dotenv import dotenv_values

from app.core.home.ownership import why_foreign
from app.core.home.places import default_home, own_env_file

STATE_FILE: Final = "supervisor.json"
_HOME: Final = "MULTI_JOB_HOME"
_WILDCARDS: Final = {"0.0.0.0": "127.0.0.1", "::": "::1", "": "127.0.0.1"}  # noqa: S104 - compared, not bound


@dataclass(frozen=True, slots=True)
class RunningPlatform:
    """The folder and the settings of a platform that runs on this machine; secrets are digests."""

    home: Path
    settings: dict[str, str]

    @property
    def api_url(self) -> str:
        """Return the address of its API."""
        host = self.settings.get("API_HOST", "127.0.0.1")
        shown = _WILDCARDS.get(host, host)
        return f"http://{f'[{shown}]' if ':' in shown else shown}:{self.settings['API_PORT']}"


def own_home() -> Path:
    """Return the data folder of the installation that commands in this folder talk to."""
    file = own_env_file()
    named = os.environ.get(_HOME) or (None if file is None else dotenv_values(file).get(_HOME))
    home = Path(named or default_home()).expanduser()
    return home if home.is_absolute() or file is None else file.parent / home


def running_platform(home: Path | None = None) -> RunningPlatform | None:
    """Return the running platform of a data folder, by default our own; None if none runs there."""
    home = home or own_home()
    file = home / "runtime-data" / STATE_FILE
    try:
        if why_foreign(file) is not None:
            return None
        stored = cast("dict[str, Any]", json.loads(file.read_text("utf-8")))
        settings = {str(name): str(value) for name, value in stored["settings"].items()}
        processes = [stored["supervisor"], *(each["process"] for each in stored["services"].values())]
        is_running = any(psutil.pid_exists(int(each["pid"])) for each in processes if each)
    except (OSError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return RunningPlatform(home, settings) if is_running and "API_PORT" in settings else None


def another_platform() -> RunningPlatform | None:
    """Return the platform that runs in the usual folder while our own folder is another one."""
    usual = default_home()
    return None if usual.resolve() == own_home().resolve() else running_platform(usual)

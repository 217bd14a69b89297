"""One registration with the service manager of this machine: its file and its commands."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_NAME = "multi-job"
STOP_SECONDS = 150
"""Longer than the slowest orderly stop of all services."""


@dataclass(frozen=True, slots=True)
class StartAtBoot:
    """What a service manager starts, and as whom."""

    name: str
    system: bool
    """For the machine, started at its boot; else for the user."""
    user: str
    """The account that the platform runs as."""
    user_home: Path
    root: Path
    """The working directory, which holds `.env`."""
    home: Path
    """The folder of runtime-data and runtime-logs."""
    environment: Mapping[str, str]
    options: Sequence[str] = ()
    writable: Sequence[Path] = ()
    """Further folders that the platform writes to."""
    owns_account: bool = False
    """Whether `user` is the account that an installation makes for itself."""
    former_home: Path | None = None
    """The data folder of an installation that ran as the caller, if another one is used now."""
    python: str = field(default_factory=lambda: sys.executable)

    @property
    def arguments(self) -> list[str]:
        """Return the words after the interpreter; `serve` stays in the foreground."""
        return [*self.launcher, "serve", *self.options]

    @property
    def launcher(self) -> list[str]:
        return ["-m", "app.local"]

    @property
    def data_dir(self) -> Path:
        return self.home / "runtime-data"

    @property
    def logs_dir(self) -> Path:
        return self.home / "runtime-logs"


@dataclass(frozen=True, slots=True)
class Registration:
    """A file for a service manager, and the commands that make it known, remove it and show it."""

    file: Path
    content: bytes
    install: Sequence[Sequence[str]]
    remove: Sequence[Sequence[str]]
    show: Sequence[str]
    reload: Sequence[Sequence[str]] = ()
    """Commands after the file is gone."""

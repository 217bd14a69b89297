"""The supervisor's last written state: `runtime-data/supervisor.json`."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from pydantic import TypeAdapter

from app.core.i18n import Message
from app.core.i18n.stored import BESIDE, decoded, with_message
from app.local.processes import Identity
from app.local.settings import LocalSettings


class ServiceState(StrEnum):
    WAITING = "waiting"
    """Not started yet: one of its dependencies is not ready."""
    RUNNING = "running"
    BACKOFF = "backoff"
    """Died; started again after a pause."""
    STOPPED = "stopped"
    BUILDING = "building"
    """The dashboard, until its build is complete."""
    FAILED = "failed"
    """The build failed, or it cannot listen; `note` has the reason."""
    ABSENT = "absent"
    """Requested, but this machine has no Node.js for it."""


@dataclass(slots=True)
class ServiceRecord:
    name: str
    command: list[str]
    log_file: str
    state: ServiceState = ServiceState.WAITING
    process: Identity | None = None
    restarts: int = 0
    last_exit: str = ""
    log_offset: int = 0
    """Offset of this process' first line in the log."""
    note: str = ""
    """A message for people about the state."""
    url: str = ""
    """The dashboard's address."""
    answers: str = ""
    """The request that the dashboard's state answers."""
    watched: bool = False
    """Whether this process has shown that it lives; from then on its silence means that it hangs."""
    replaced: int = 0
    """How many of the restarts replaced a hung process."""

    @property
    def how_it_ended(self) -> str:
        """Return the last exit without the last line of the log behind it."""
        if isinstance(self.last_exit, Message) and "part0" in self.last_exit.fields:
            return self.last_exit.fields["part0"]
        return self.last_exit.partition(": ")[0]


@dataclass(slots=True)
class SupervisorState:
    settings: dict[str, str]
    """The settings of the start, secrets as digests; an earlier version kept none."""
    embedded_redis: bool
    supervisor: Identity | None = None
    stopping: bool = False
    services: dict[str, ServiceRecord] = field(default_factory=dict[str, ServiceRecord])

    def at_its_addresses(self, settings: LocalSettings) -> LocalSettings:
        """Return the settings with the addresses of the start, whose shell may have had others."""
        at = self.settings
        if "API_HOST" not in at:
            return settings
        host, port, redis_port = at["API_HOST"], int(at["API_PORT"]), int(at["REDIS_PORT"])
        return replace(settings, api_host=host, api_port=port, redis_port=redis_port)


_STATE = TypeAdapter(SupervisorState)
_TEXTS = ("last_exit", "note")
"""Texts of a service that may be messages of the platform."""


class StateFiles:
    """The files shared by `start`, `status`, `stop` and the supervisor."""

    def __init__(self, settings: LocalSettings) -> None:
        self.state = settings.data_dir / "supervisor.json"
        self.lock = settings.data_dir / "start.lock"
        self.supervisor_lock = settings.data_dir / "supervisor.lock"
        self.dev_lock = settings.data_dir / "dev.lock"
        self.command = settings.data_dir / "supervisor.command"
        self.log = settings.logs_dir / "supervisor.log"

    def load(self) -> SupervisorState | None:
        """Return the last state; None if there is none or it cannot be parsed."""
        try:
            stored = json.loads(self.state.read_text("utf-8"))
            state = _STATE.validate_python({"settings": {}, **stored})
        except (OSError, ValueError, TypeError):
            return None
        for name, record in state.services.items():
            for text in _TEXTS:
                setattr(
                    record, text, decoded(getattr(record, text), stored["services"][name].get(text + BESIDE))
                )
        return state

    def save(self, state: SupervisorState) -> None:
        """Replace the file atomically, so that no reader sees half of it."""
        stored = asdict(state)
        for name, record in state.services.items():
            for text in _TEXTS:
                stored["services"][name] |= with_message(text, getattr(record, text))
        write_atomically(self.state, json.dumps(stored, indent=1))

    def take_command(self) -> str:
        """Return and remove the supervisor's command; empty if there is none.

        It is `stop`, `retry`, `dashboard`, or `restart` and the names of services.
        """
        try:
            text = self.command.read_text("ascii").strip()
            self.command.unlink()
        except (OSError, ValueError):
            return ""
        return text


def write_atomically(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    staged = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(staged, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(text)
    staged.replace(path)

"""Restart of single services, also of hung ones, while the others go on."""

from __future__ import annotations

import sys
import time
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Final

from app.core.i18n import _
from app.local.dashboard import DASHBOARD, DesiredDashboardFile
from app.local.lock import file_lock
from app.local.output import LocalError, print_line, start_command
from app.local.processes import Identity, is_alive, last_lines
from app.local.services import API, BACKGROUND, DEFAULT_STOP_SECONDS, REDIS, STOP_SECONDS
from app.local.settings import LocalSettings
from app.local.start import LOCK_SECONDS, start
from app.local.state import ServiceRecord, ServiceState, StateFiles, SupervisorState, write_atomically

SERVICES: Final = (REDIS, API, *BACKGROUND, DASHBOARD)
_START_SECONDS: Final = 60.0
_LOOK_SECONDS: Final = 0.1
_SHOWN_LOG_LINES: Final = 8


def restart_services(settings: LocalSettings, environment: Mapping[str, str], names: Collection[str]) -> None:
    """Restart services of a running platform and wait for their first sign of life; start a stopped platform.

    Raises LocalError if one of them is not part of this installation, ends at its start, or gives no sign.
    """
    if unknown := [name for name in names if name not in SERVICES]:
        raise LocalError(
            _(
                "no service {names}: there are {services}",
                names=", ".join(unknown),
                services=", ".join(SERVICES),
            )
        )
    files = StateFiles(settings)
    with file_lock(files.lock, wait_seconds=LOCK_SECONDS):
        state = files.load()
        if state is not None and is_alive(state.supervisor):
            _restart(files, state, names)
            return
    print_line(_("Nothing runs here: everything is started."))
    start(settings, environment, with_dashboard=DesiredDashboardFile(settings).load() is not None)


def _restart(files: StateFiles, state: SupervisorState, names: Collection[str]) -> None:
    if foreign := [name for name in names if not _has(state, name)]:
        raise LocalError(
            _(
                "{names} is not started here: this installation has {services}",
                names=", ".join(foreign),
                services=", ".join(state.services),
            )
        )
    before = {name: state.services[name] for name in names}
    write_atomically(files.command, f"restart {' '.join(names)}")
    seconds = _START_SECONDS + max(STOP_SECONDS.get(name, DEFAULT_STOP_SECONDS) for name in names)
    deadline = time.monotonic() + seconds
    waiting = list(names)
    while waiting:
        now = files.load()
        for name in tuple(waiting):
            record = now.services[name] if now else before[name]
            _check_alive(record, before[name])
            if _is_new(record, before[name].process):
                waiting.remove(name)
                print_line(_("{name}: restarted", name=name))
        if time.monotonic() > deadline:
            logs = [f"log: {before[name].log_file}" for name in waiting]
            raise LocalError(
                _("not restarted after {seconds:.0f} s: {names}", seconds=seconds, names=", ".join(waiting)),
                details=logs,
            )
        time.sleep(_LOOK_SECONDS)


def _has(state: SupervisorState, name: str) -> bool:
    record = state.services.get(name)
    return record is not None and bool(record.command)


def _is_new(record: ServiceRecord, before: Identity | None) -> bool:
    is_new = record.state is ServiceState.RUNNING and record.process != before and is_alive(record.process)
    # On Windows the supervisor gets no signs of life.
    return is_new and (record.watched or sys.platform == "win32")


def _check_alive(record: ServiceRecord, before: ServiceRecord) -> None:
    """Raise LocalError if a service has died since, other than by the replacement of a hung process."""
    if record.restarts - record.replaced > before.restarts - before.replaced:
        lines = last_lines(Path(record.log_file), _SHOWN_LOG_LINES, since=record.log_offset)
        how = record.how_it_ended
        raise LocalError(
            _(
                "{name} died at start ({how}), log {log_file}",
                name=record.name,
                how=how,
                log_file=record.log_file,
            ),
            details=lines or [start_command()],
        )

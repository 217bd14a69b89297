"""Stops services in order, with or without their supervisor."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Final

from app.core.i18n import _
from app.local.processes import Identity, is_alive, kill, marked, request_stop, stop, wait_gone
from app.local.services import DEFAULT_STOP_SECONDS, STOP_ORDER, STOP_SECONDS
from app.local.settings import LocalSettings
from app.local.state import ServiceRecord, ServiceState, StateFiles, SupervisorState, write_atomically

# Between its ticks a healthy supervisor may wait 2 s for an HTTP answer.
_HEED_SECONDS = 8.0
_LONGEST_STOP_SECONDS = sum(STOP_SECONDS.get(name, DEFAULT_STOP_SECONDS) for name in STOP_ORDER)
_STRAY_SECONDS = 5.0
_SWEEPS = 5
STOPPED: Final = _("stopped")
_NEVER_RAN = frozenset({ServiceState.ABSENT, ServiceState.FAILED})

Report = Callable[[ServiceRecord], None]


def stop_services(records: Iterable[ServiceRecord], report: Report) -> None:
    """Stop the living services in the order of STOP_ORDER, one after the other, and report each."""
    by_name = {record.name: record for record in records}
    for name in STOP_ORDER:
        record = by_name.get(name)
        if record is None or record.state in _NEVER_RAN:
            continue
        if record.process is not None and record.state is ServiceState.BUILDING:
            # A build has nothing to drain; a finished one is kept.
            kill(record.process)
            record.last_exit = _("stopped while building")
        elif record.process is not None and is_alive(record.process):
            seconds = STOP_SECONDS.get(name, DEFAULT_STOP_SECONDS)
            drained = stop(record.process, seconds)
            record.last_exit = STOPPED if drained else _("killed after {seconds:.0f} s", seconds=seconds)
        record.state, record.process = ServiceState.STOPPED, None
        report(record)


def stop_everything(settings: LocalSettings, report: Report) -> bool:
    """Stop the supervisor and all services of this installation; True if anything was running."""
    files = StateFiles(settings)
    state = files.load()
    found = False
    if state is not None:
        found = _through_supervisor(files, state, report)
        found = _by_ourselves(files, report) or found
    return sweep(settings) or found


def sweep(settings: LocalSettings, *, keep: Iterable[int] = ()) -> bool:
    """End processes with our mark but no record: a supervisor died between start and record."""
    kept = frozenset(keep)
    found = False
    # Again, because such a process may have started another one meanwhile.
    for _attempt in range(_SWEEPS):
        strays = marked(settings.instance, besides=kept)
        if not strays:
            break
        found = True
        _end(strays)
    return found


def _end(strays: Sequence[Identity]) -> None:
    for stray in strays:
        request_stop(stray)
    deadline = time.monotonic() + _STRAY_SECONDS
    for stray in strays:
        if not wait_gone(stray, max(0.0, deadline - time.monotonic())):
            kill(stray)
            wait_gone(stray, _STRAY_SECONDS)


def _through_supervisor(files: StateFiles, state: SupervisorState, report: Report) -> bool:
    """Ask a living supervisor to stop all; kill it if it does not respond or takes too long."""
    supervisor = state.supervisor
    if supervisor is None or not is_alive(supervisor):
        return False
    write_atomically(files.command, "stop")
    patience = _HEED_SECONDS
    started, reported = time.monotonic(), set[str]()
    while is_alive(supervisor) and time.monotonic() - started < patience:
        current = files.load()
        if current is not None and current.stopping:
            patience = _HEED_SECONDS + _LONGEST_STOP_SECONDS
            _report_stopped(current, reported, report)
        time.sleep(0.05)
    # Without its children: those are then stopped in order.
    kill(supervisor, with_children=False)
    wait_gone(supervisor, _STRAY_SECONDS)
    with suppress(OSError):
        files.command.unlink()
    current = files.load()
    if current is not None and current.stopping:
        _report_stopped(current, reported, report)
    return True


def _report_stopped(state: SupervisorState, reported: set[str], report: Report) -> None:
    # Several may have stopped since the last check: report them in their order.
    ordered = (state.services[name] for name in STOP_ORDER if name in state.services)
    for record in ordered:
        if record.state is ServiceState.STOPPED and record.name not in reported:
            reported.add(record.name)
            report(record)


def _by_ourselves(files: StateFiles, report: Report) -> bool:
    state = files.load()
    if state is None:
        return False
    left = [record for record in state.services.values() if is_alive(record.process)]
    if left:
        stop_services(left, report)
        files.save(state)
    return bool(left)

"""The start: checks, starts the supervisor, waits, cleans up after a failure."""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from http import HTTPStatus
from pathlib import Path
from typing import Final

from app.core.home.places import ENV_FILE, IS_CHECKOUT, default_home, remember_folder
from app.core.home.unknown_settings import unknown_settings
from app.core.i18n import _, concat
from app.local.dashboard import (
    DASHBOARD,
    DesiredDashboardFile,
    ask_for_dashboard,
    print_dashboard,
    request_dashboard,
    running_address,
)
from app.local.lock import file_lock
from app.local.log_rotation import rotate
from app.local.output import LocalError, print_line, restart_command
from app.local.private_files import make_private, warn_of_open_folders
from app.local.probes import api_is_healthy, check_api_port, http_get, read_readiness
from app.local.processes import SUPERVISOR_FLAGS, family_of, is_alive, last_lines, spawn
from app.local.redis_choice import choose_redis
from app.local.services import API, REDIS
from app.local.settings import (
    DASHBOARD_NAMES,
    LocalSettings,
    differences,
    parse_env_file,
    settings_of,
)
from app.local.state import ServiceRecord, ServiceState, StateFiles, SupervisorState, write_atomically
from app.local.status import missing_checks
from app.local.stop import stop_everything, sweep

LOCK_SECONDS = 120.0
_READY_SECONDS = 60.0
_SHOWN_LOG_LINES = 8


class SettingsDifferError(LocalError):
    """The platform runs with other settings; `details` has a line for each of them."""


def start(settings: LocalSettings, environment: Mapping[str, str], *, with_dashboard: bool) -> None:
    """Return when all is ready, or raise LocalError after stopping everything that was started.

    `with_dashboard` also requests the dashboard; its state is printed, and its build is not waited for.
    """
    files = StateFiles(settings)
    warn_of_open_folders(make_private(settings))
    warn_of_unknown_settings(settings)
    with file_lock(files.lock, wait_seconds=LOCK_SECONDS):
        state = files.load()
        if state is not None and is_alive(state.supervisor):
            _join(settings, files, state, with_dashboard=with_dashboard)
            desired = ask_for_dashboard(settings, environment) if with_dashboard else None
        else:
            desired = request_dashboard(settings, environment) if with_dashboard else None
            survivors, embedded = prepare(settings, state, with_dashboard=with_dashboard)
            _launch(settings, files, survivors, environment, embedded=embedded)
    if desired is not None:
        print_dashboard(settings, desired)


def warn_of_unknown_settings(settings: LocalSettings) -> None:
    """Name settings without effect: one wrong letter, and a default is used in silence."""
    file = settings.root / ENV_FILE
    stored = parse_env_file(file.read_text("utf-8")) if file.is_file() else {}
    for each in unknown_settings(file, stored):
        print_line(_("attention: {what}", what=each.described))


def _join(
    settings: LocalSettings, files: StateFiles, state: SupervisorState, *, with_dashboard: bool
) -> None:
    """A supervisor is running: have it start dead services at once, and wait."""
    _check_same_settings(settings, state, with_dashboard=with_dashboard)
    if _is_ready(settings, state):
        print_line(_("Already running: {api_url}", api_url=settings.api_url))
        return
    write_atomically(files.command, "retry")
    _wait_ready(settings, files, baseline=state.services)
    print_line(_("Ready again: {api_url}", api_url=settings.api_url))


def _check_same_settings(settings: LocalSettings, state: SupervisorState, *, with_dashboard: bool) -> None:
    """Raise LocalError with each setting whose running value differs, and the command that applies it."""
    address = running_address(settings, state.services.get(DASHBOARD))
    # A dashboard that is not running yet takes the address of the latest start.
    free = frozenset[str]() if address else frozenset({"UI_HOST", "UI_PORT"})
    left_out = free if with_dashboard else DASHBOARD_NAMES
    asked = {name: value for name, value in settings_of(settings).items() if name not in left_out}
    if changed := differences(state.settings | address, asked):
        again = restart_command()
        raise SettingsDifferError(
            _("already running with other settings; this applies yours: {again}", again=again),
            details=changed,
        )


def prepare(
    settings: LocalSettings, state: SupervisorState | None, *, with_dashboard: bool
) -> tuple[dict[str, ServiceRecord], bool]:
    """Return the services to adopt, and whether to start the embedded Redis, if no supervisor runs.

    Ends stray processes. Raises LocalError without a usable Redis or if the API's port is taken.
    """
    if not with_dashboard:
        DesiredDashboardFile(settings).remove()
        # Not in the record either, so that it is stopped.
        state = replace(state, services=_platform(state)) if state else None
    survivors = _survivors(settings, state)
    processes = [each.process for each in survivors.values() if each.process]
    sweep(settings, keep={pid for each in processes for pid in family_of(each)})
    embedded = REDIS in survivors or choose_redis(settings)
    if API not in survivors:
        check_api_port(settings)
    if not IS_CHECKOUT:
        remember_start(settings)
    return survivors, embedded


def remember_start(settings: LocalSettings) -> None:
    """From now on, commands of this user take the `.env` of this folder for the deployment's own."""
    # If `.env` moves the data, a command finds out by the usual place.
    usual = () if os.environ.get("MULTI_JOB_HOME") else (default_home(),)
    for home in dict.fromkeys((settings.home, *usual)):
        try:
            remember_folder(home, settings.root)
        except OSError as error:
            print_line(
                _(
                    "attention: {home} cannot be written ({error}): commands in this folder send a key only "
                    "if MULTI_JOB_URL is in the environment",
                    home=home,
                    error=error.strerror or error,
                )
            )


def _launch(
    settings: LocalSettings,
    files: StateFiles,
    survivors: Mapping[str, ServiceRecord],
    environment: Mapping[str, str],
    *,
    embedded: bool,
) -> None:
    supervisor = _start_supervisor(settings, files, environment, embedded=embedded)
    try:
        _wait_ready(settings, files, baseline=survivors, supervisor=supervisor)
    except BaseException:
        # Also on Ctrl-C: half a start must not remain.
        stop_everything(settings, lambda _record: None)
        supervisor.kill()
        supervisor.wait()
        raise
    print_line(_("All ready: {api_url}", api_url=settings.api_url))


def _survivors(settings: LocalSettings, state: SupervisorState | None) -> dict[str, ServiceRecord]:
    """Return services of a dead supervisor, to be adopted; with other settings they are stopped instead."""
    if state is None:
        return {}
    alive = {
        name: record
        for name, record in state.services.items()
        if is_alive(record.process) and record.state is not ServiceState.BUILDING
    }
    asked = {name: value for name, value in settings_of(settings).items() if name not in DASHBOARD_NAMES}
    if alive and (state.stopping or differences(state.settings, asked)):
        stop_everything(settings, lambda _record: None)
        return {}
    return alive


def _start_supervisor(
    settings: LocalSettings, files: StateFiles, environment: Mapping[str, str], *, embedded: bool
) -> subprocess.Popen[bytes]:
    command = supervisor_command(files, embedded=embedded)
    rotate(files.log)
    child_environment = settings.child_environment(environment)
    return spawn(command, files.log, child_environment, settings.root, flags=SUPERVISOR_FLAGS)


def supervisor_command(files: StateFiles, *, embedded: bool) -> list[str]:
    """Return the command of a new supervisor, which ignores commands for an earlier one."""
    files.command.unlink(missing_ok=True)
    redis = "embedded" if embedded else "external"
    return [sys.executable, "-m", "app.local", "watch", "--redis", redis]


def _wait_ready(
    settings: LocalSettings,
    files: StateFiles,
    *,
    baseline: Mapping[str, ServiceRecord],
    supervisor: subprocess.Popen[bytes] | None = None,
) -> None:
    """Wait for /readyz and living services; a death after `baseline` ends the wait with its last lines."""
    # A hung process that is replaced meanwhile is no failed start.
    deaths = {name: record.restarts - record.replaced for name, record in baseline.items()}
    deadline = time.monotonic() + _READY_SECONDS
    reported = False
    while time.monotonic() < deadline:
        _check_supervisor(files, supervisor)
        state = _own_state(files, supervisor)
        if state is not None:
            _check_deaths(state, deaths)
            reported = reported or _print_api(settings, state)
            if _is_ready(settings, state):
                _print_troubles(settings)
                return
        time.sleep(0.1)
    raise _not_ready(settings, files)


def _own_state(files: StateFiles, supervisor: subprocess.Popen[bytes] | None) -> SupervisorState | None:
    """Return the state of our supervisor, not of an earlier one."""
    state = files.load()
    if supervisor is None or state is None or state.supervisor is None:
        return state
    # On Windows the interpreter of a virtual environment runs as a child of the started process.
    known = {supervisor.pid} if sys.platform != "win32" else {supervisor.pid, state.supervisor.pid}
    return state if state.supervisor.pid in known else None


def _check_supervisor(files: StateFiles, supervisor: subprocess.Popen[bytes] | None) -> None:
    if supervisor is not None and supervisor.poll() is not None:
        lines = last_lines(files.log, _SHOWN_LOG_LINES)
        raise LocalError(_("the supervisor ended at once"), details=lines)


def _check_deaths(state: SupervisorState, deaths: Mapping[str, int]) -> None:
    for name, record in _platform(state).items():
        if record.restarts - record.replaced > deaths.get(name, 0):
            lines = last_lines(Path(record.log_file), _SHOWN_LOG_LINES, since=record.log_offset)
            how = record.how_it_ended
            place = record.log_file
            raise LocalError(
                _("{name} died at start ({how}), log {log_file}", name=name, how=how, log_file=place),
                details=lines,
            )


def _print_api(settings: LocalSettings, state: SupervisorState) -> bool:
    """The API is ready before the rest: report it once."""
    api = state.services.get(API)
    if api is None or not is_alive(api.process) or not api_is_healthy(settings):
        return False
    if state.embedded_redis:
        print_line(_("Redis ready: embedded, 127.0.0.1:{port}", port=settings.redis_port))
    else:
        print_line(_("Redis ready: {where}", where="REDIS_URL"))
    redis = state.services.get(REDIS)
    if redis is not None and redis.note:
        print_line(concat("  ", redis.note))
    print_line(_("API ready: {api_url}", api_url=settings.api_url))
    return True


def _is_ready(settings: LocalSettings, state: SupervisorState) -> bool:
    running = all(
        record.state is ServiceState.RUNNING and is_alive(record.process)
        for record in _platform(state).values()
    )
    # A full queue or a full Redis does not fail a start: `_print_troubles` reports it.
    return running and bool(state.services) and read_readiness(settings).is_started


def _print_troubles(settings: LocalSettings) -> None:
    for name, reason in read_readiness(settings).reasons.items():
        print_line(_("attention: {name}: {reason}", reason=reason, name=name))


def _not_ready(settings: LocalSettings, files: StateFiles) -> LocalError:
    missing = missing_checks(read_readiness(settings))
    state = files.load()
    logs = [record.log_file for record in state.services.values()] if state else []
    return LocalError(
        _("not ready after {ready_seconds:.0f} s: {missing}", ready_seconds=_READY_SECONDS, missing=missing),
        details=[f"log: {name}" for name in logs],
    )


def _platform(state: SupervisorState) -> dict[str, ServiceRecord]:
    """Return the services that a successful start needs."""
    return {name: record for name, record in state.services.items() if name != DASHBOARD}


# The first start at a terminal asks once for the recipient of alarms.

ANSWER_SEC: Final = 30.0
"""A start that no one watches goes on after this."""
_ASKED: Final = "asked-for-recipient"
"""The file in the data folder that says that the question was asked."""
_YES: Final = frozenset({"y", "yes", "ya", "iya"})


def ask_for_recipient(settings: LocalSettings, environment: Mapping[str, str]) -> None:
    """Ask where alarms shall go, if none is set, a person is at the terminal, and it was never asked."""
    if not is_interactive(environment):
        return
    asked = settings.data_dir / _ASKED
    status, found = http_get(f"{settings.api_url}/settings/default-notify")
    if asked.exists() or status != HTTPStatus.OK or found.get("source") != "none":
        return
    with suppress(OSError):
        asked.touch()
    print_line(
        _("Where shall I reach you? Until you say it, alarms and reminders are in the sandbox inbox."),
        _("Set it up now? multi-job notify set does it later. [y/N]"),
    )
    if read_answer(ANSWER_SEC).strip().lower() in _YES:
        command = [sys.executable, "-m", "app.cli", "notify", "set"]
        child = settings.child_environment({**environment, "MULTI_JOB_URL": settings.api_url})
        subprocess.run(command, env=child, check=False)


def wants_restart(environment: Mapping[str, str], error: SettingsDifferError) -> bool:
    """Ask a person at the terminal whether the changed settings shall be applied now; False without one."""
    if not is_interactive(environment):
        return False
    print_line(
        _("Already running with other settings:"),
        *(concat("  ", line) for line in error.details),
        _("Restart with these settings now? Runs in progress end or are released first. [y/N]"),
    )
    return read_answer(ANSWER_SEC).strip().lower() in _YES


def is_interactive(environment: Mapping[str, str]) -> bool:
    """Return whether a person can answer; on Windows a read of the console cannot be given up."""
    return (
        sys.platform != "win32" and not environment.get("CI") and sys.stdin.isatty() and sys.stdout.isatty()
    )


def read_answer(seconds: float) -> str:
    """Return the line that is typed within this time; '' if none is."""
    readable = select.select([sys.stdin], [], [], seconds)[0]
    return os.read(sys.stdin.fileno(), 200).decode(errors="replace") if readable else ""

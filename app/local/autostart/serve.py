"""The start by a service manager: in the foreground, so that it sees and ends the supervisor."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping

from app.core.i18n import _
from app.local.dashboard import request_dashboard
from app.local.lock import file_lock
from app.local.output import LocalError, stop_command
from app.local.private_files import make_private, warn_of_open_folders
from app.local.processes import is_alive
from app.local.settings import LocalSettings
from app.local.start import (
    LOCK_SECONDS,
    prepare,
    start,
    supervisor_command,
    warn_of_unknown_settings,
)
from app.local.state import StateFiles


def serve(settings: LocalSettings, environment: Mapping[str, str], *, with_dashboard: bool) -> None:
    """Become the supervisor; LocalError if one runs already. On Windows: start one, and return.

    There an orderly stop needs a console that the services share, and a task has none.
    """
    if sys.platform == "win32":
        _print_into_log(settings)
        start(settings, environment, with_dashboard=with_dashboard)
        return
    files = StateFiles(settings)
    warn_of_open_folders(make_private(settings))
    warn_of_unknown_settings(settings)
    with file_lock(files.lock, wait_seconds=LOCK_SECONDS):
        state = files.load()
        if state is not None and is_alive(state.supervisor):
            raise LocalError(_("already running without a service manager: {stop}", stop=stop_command()))
        if with_dashboard:
            request_dashboard(settings, environment)
        _survivors, embedded = prepare(settings, state, with_dashboard=with_dashboard)
        command = supervisor_command(files, embedded=embedded)
        os.chdir(settings.root)
        # The lock ends with this image of the process; the supervisor has a lock of its own.
        os.execve(command[0], command, settings.child_environment(environment))  # noqa: S606  our own interpreter


def _print_into_log(settings: LocalSettings) -> None:
    """Give the output a file: `pythonw.exe` has none."""
    settings.logs_dir.mkdir(parents=True, exist_ok=True)
    log = (settings.logs_dir / "service.log").open("a", encoding="utf-8")
    sys.stdout = sys.stderr = log

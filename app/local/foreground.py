"""One service in the foreground, for a window of `start-local.cmd`."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping

from app.core.i18n import _
from app.local.dashboard import DASHBOARD, server_command, server_environment
from app.local.dashboard_build import DashboardBuild, find_node
from app.local.environment import process_environment
from app.local.output import LocalError, print_line
from app.local.probes import check_api_port, check_ui_port, read_readiness
from app.local.redis_choice import NO_REDIS_DETAILS, choose_redis
from app.local.services import API, BACKGROUND, service_specs
from app.local.settings import LocalSettings
from app.local.status import missing_checks

FOREGROUND = (API, *BACKGROUND, DASHBOARD)
_READY_SECONDS = 60.0


def check(settings: LocalSettings) -> None:
    """Raise LocalError unless a usable Redis answers and the API's port is free."""
    if choose_redis(settings):
        raise LocalError(_("no Redis answers, and no window starts one"), details=NO_REDIS_DETAILS)
    check_api_port(settings)


def run(settings: LocalSettings, environment: Mapping[str, str], service: str) -> int:
    """Become this service and return its exit code; it carries our mark, so that stop finds it."""
    if service == DASHBOARD:
        command, environment = _dashboard(settings, environment)
    else:
        specs = service_specs(settings, embedded=False)
        command = next(spec.command for spec in specs if spec.name == service)
    child_environment = process_environment(service, settings.child_environment(environment))
    os.chdir(settings.root)
    print_line(f"Multi-Job Platform: {service}")
    if sys.platform != "win32":
        os.execve(command[0], command, child_environment)  # noqa: S606  our own interpreter
    # On Windows exec starts a second process and ends this one, so the window would return at once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    return subprocess.call(command, env=child_environment)


def _dashboard(
    settings: LocalSettings, environment: Mapping[str, str]
) -> tuple[list[str], Mapping[str, str]]:
    """Build it first if requested; LocalError without Node.js or a free port."""
    node = find_node(environment)
    check_ui_port(settings)
    build = DashboardBuild(settings.root, node).make()
    print_line(f"Dashboard: {settings.ui_url}")
    return server_command(node, build), server_environment(settings, environment)


def wait(settings: LocalSettings, seconds: float = _READY_SECONDS) -> None:
    """Return once all is ready; LocalError names the missing services after the time-out."""
    deadline = time.monotonic() + seconds
    while not ((readiness := read_readiness(settings)).ready or readiness.is_started):
        if time.monotonic() > deadline:
            raise LocalError(
                _(
                    "not ready after {seconds:.0f} s: {readiness}; the windows say why",
                    seconds=seconds,
                    readiness=missing_checks(readiness),
                ),
            )
        time.sleep(0.1)
    print_line(_("All ready: {api_url}", api_url=settings.api_url))

"""The supervisor's part in the dashboard: builds it, and reports obstacles."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from app.core.i18n import _
from app.local.dashboard import DASHBOARD, DesiredDashboard, server_command, server_environment
from app.local.dashboard_build import DashboardBuild, Node
from app.local.environment import process_environment
from app.local.log_rotation import rotate
from app.local.output import ERROR_MARK, LocalError
from app.local.probes import check_ui_port
from app.local.processes import (
    SERVICE_FLAGS,
    describe_exit,
    identify,
    kill,
    last_lines,
    lower_priority,
    spawn,
)
from app.local.settings import LocalSettings
from app.local.state import ServiceRecord, ServiceState

_REASON_LINES = 40


class DashboardKeeper:
    """Prepares the dashboard's record until its command can start; the supervisor starts and watches it."""

    def __init__(self, settings: LocalSettings, record: ServiceRecord) -> None:
        self._base = settings
        self._desired: DesiredDashboard | None = None
        self._command: list[str] = []
        self._builder: subprocess.Popen[bytes] | None = None
        self._build_asked = False
        self._build_log_offset = 0
        self.record = record
        self.log = settings.logs_dir / f"{DASHBOARD}.log"
        self.build_log = settings.logs_dir / f"{DASHBOARD}-build.log"

    def take_up(self, desired: DesiredDashboard) -> None:
        """Accept the settings of a start; the record shows the progress at once."""
        self._desired = desired
        self.record.answers, self.record.note = desired.name, ""
        if desired.node is None:
            self._settle(ServiceState.ABSENT, desired.problem, self.log)
        elif (build := self._builds(desired.node).finished()) is not None:
            self._use(desired.node, build)
        elif self._builder is None:
            self._build_asked = True
            self._settle(ServiceState.BUILDING, _("being built"), self.build_log)

    def tick(self, may_build: Callable[[], bool]) -> bool:
        """Start the build or poll it; return True if the record has changed."""
        if self._builder is not None:
            code = self._builder.poll()
            if code is None:
                return False
            self._builder = None
            self._after_build(code)
            return True
        if self._build_asked and may_build():
            self._start_builder()
            return True
        return False

    def end_build(self) -> None:
        """Kill a running build and its child processes: it has nothing to drain."""
        builder = identify(self._builder.pid) if self._builder else None
        if builder is not None:
            kill(builder)

    @property
    def is_outdated(self) -> bool:
        """True if the running build or its address differs from the wanted one."""
        record = self.record
        if record.state is not ServiceState.RUNNING or not self._command:
            return False
        return record.command != self._command or record.url != self._settings.ui_url

    def renew(self) -> None:
        """Point the record at the wanted build; the process of the previous one has ended."""
        record = self.record
        record.command, record.url = self._command, self._settings.ui_url
        record.log_file = str(self.log)
        record.state, record.process, record.note = ServiceState.WAITING, None, ""

    def environment(self, base: dict[str, str]) -> dict[str, str]:
        return server_environment(self._settings, base)

    def port_problem(self) -> str:
        """Name the process that holds the dashboard's port; empty if the port is free."""
        try:
            check_ui_port(self._settings)
        except LocalError as error:
            return str(error)
        return ""

    @property
    def _settings(self) -> LocalSettings:
        return self._desired.settings(self._base) if self._desired else self._base

    def _builds(self, node: Node) -> DashboardBuild:
        return DashboardBuild(self._base.root, node)

    def _use(self, node: Node, build: Path) -> None:
        self._command = server_command(node, build)
        if self.record.state is not ServiceState.RUNNING:
            self.renew()

    def _settle(self, state: ServiceState, note: str, log: Path) -> None:
        record = self.record
        record.note = note
        # The running server goes on, whatever the outcome of the next build.
        if record.state is not ServiceState.RUNNING:
            record.state, record.process, record.log_file = state, None, str(log)

    def _start_builder(self) -> None:
        self._build_asked = False
        node = self._desired.node if self._desired else None
        if node is None:
            return
        self.build_log.parent.mkdir(parents=True, exist_ok=True)
        self._build_log_offset = rotate(self.build_log)
        environment = process_environment("build", node.environment(self._base.child_environment(os.environ)))
        command = [sys.executable, "-m", "app.local", "build"]
        try:
            self._builder = spawn(command, self.build_log, environment, self._base.root, flags=SERVICE_FLAGS)
        except OSError as error:
            self._settle(ServiceState.FAILED, _("could not be built: {error}", error=error), self.build_log)
            return
        # People and the other services have priority.
        lower_priority(self._builder.pid)
        if self.record.state is ServiceState.BUILDING:
            self.record.process = identify(self._builder.pid)

    def _after_build(self, code: int) -> None:
        node = self._desired.node if self._desired else None
        builds = self._builds(node) if node else None
        build = (builds.finished() or builds.newest()) if builds and code == 0 else None
        self.record.note = ""
        if node and build:
            self._use(node, build)
        else:
            self._settle(ServiceState.FAILED, self._build_reason(code), self.build_log)

    def _build_reason(self, code: int) -> str:
        lines = last_lines(self.build_log, _REASON_LINES, since=self._build_log_offset)
        errors = [line.partition(ERROR_MARK)[2] for line in lines if line.startswith(ERROR_MARK)]
        return errors[-1] if errors else _("could not be built ({code})", code=describe_exit(code))

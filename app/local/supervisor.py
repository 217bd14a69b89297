"""The supervisor: starts services in order and restarts dead and hung ones."""

from __future__ import annotations

import faulthandler
import logging
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Collection
from pathlib import Path
from urllib.parse import urlsplit

from app.core.activity.watchdog import (
    ALIVE,
    HUNG_STOP_SEC,
    READY,
    STOPPING,
    notify,
    take_supervisor,
    write_stacks_on_signal,
)
from app.core.i18n import _
from app.core.system import PREVIOUS_END
from app.local.dashboard import DASHBOARD, DesiredDashboardFile
from app.local.dashboard_keeper import DashboardKeeper
from app.local.environment import process_environment
from app.local.lock import file_lock
from app.local.log_rotation import rotate, rotate_open
from app.local.probes import api_is_healthy
from app.local.processes import (
    SERVICE_FLAGS,
    identify,
    is_alive,
    kill,
    request_stop,
    spawn,
    stop,
)
from app.local.redis_choice import prepare_password
from app.local.redis_probe import ProbeState, probe
from app.local.redis_server import EmbeddedRedisError, choose_server
from app.local.services import (
    API,
    DEFAULT_STOP_SECONDS,
    REDIS,
    STOP_SECONDS,
    ServiceSpec,
    dashboard_spec,
    service_specs,
)
from app.local.settings import LocalSettings, settings_of
from app.local.state import ServiceRecord, ServiceState, StateFiles, SupervisorState
from app.local.stop import stop_services
from app.local.supervision.supervised import SupervisedService
from app.local.supervision.watchdog import ServiceWatch, write_stacks

_TICK_SECONDS = 0.1
# Seconds between checks of a port that another process holds.
_PORT_SECONDS = 5.0
_LOG_SECONDS = 5.0
"""Seconds between checks of the log files' sizes."""
_NOTIFY_SECONDS = 10.0
"""Seconds between messages to a service manager, which waits for a minute."""
_NOT_TO_BE_STARTED = frozenset({ServiceState.BUILDING, ServiceState.ABSENT})

_log = logging.getLogger("supervisor")


class Supervisor:
    """Runs the services until a stop; if it dies they go on, and the next supervisor adopts them."""

    def __init__(self, settings: LocalSettings, *, embedded: bool) -> None:
        self._settings = settings
        self._files = StateFiles(settings)
        self._stop_asked = threading.Event()
        self._ready_once: set[str] = set()
        self._ready_checks: dict[str, Callable[[], bool]] = {
            REDIS: lambda: probe(settings.embedded_address).state is ProbeState.READY,
            API: lambda: api_is_healthy(settings),
        }
        self._state = SupervisorState(
            settings_of(settings),
            embedded,
            supervisor=identify(os.getpid()),
        )
        self._watch = ServiceWatch(settings, self._state.settings)
        self._services = [self._adopt(spec) for spec in service_specs(settings, embedded=embedded)]
        self._keeper: DashboardKeeper | None = None
        self._logs_due_at = 0.0
        # Not for the services: they have this process as their supervisor.
        self._manager = take_supervisor(os.environ)
        self._notify_due_at = 0.0

    def run(self) -> None:
        self._state.services = {service.spec.name: service.record for service in self._services}
        self._watch.open()
        notify(READY, self._manager)
        self._files.take_command()
        self._take_up_dashboard()
        self._save()
        while not self._stop_asked.is_set():
            self.tick()
            self._stop_asked.wait(_TICK_SECONDS)
        self._shut_down()
        self._watch.close()

    def request_stop(self) -> None:
        self._stop_asked.set()

    def tick(self) -> None:
        """Execute a command, then check each service once."""
        self._notify_manager()
        self._rotate_logs()
        command = self._files.take_command()
        if command == "stop":
            self.request_stop()
            return
        word, _space, names = command.partition(" ")
        if word == "restart":
            self._begin_restart(names.split())
        if command == DASHBOARD:
            self._take_up_dashboard()
            self._save()
        self._look_for_life()
        for service in self._services:
            if command == "retry":
                service.next_start_at = 0.0
            self._supervise(service)

    def _notify_manager(self) -> None:
        if time.monotonic() >= self._notify_due_at:
            self._notify_due_at = time.monotonic() + _NOTIFY_SECONDS
            notify(ALIVE, self._manager)

    def _look_for_life(self) -> None:
        """Take in the signs of life; a process that gave one is watched, by the next supervisor too."""
        alive = self._watch.look({each.spec.name: each.record.process for each in self._services})
        for service in self._services:
            record = service.record
            if record.name not in alive:
                continue
            if not record.watched:
                record.watched = True
                self._save()
            if service.hung_reason and service.may_drain_seconds:
                # It was stopped and goes on: it has the time of an orderly stop.
                service.restart_before = time.monotonic() + service.may_drain_seconds
                service.may_drain_seconds = 0.0

    def _replace_hung(self, service: SupervisedService, silent_sec: float) -> None:
        """End a hung process; one that comes back to life stops in order."""
        record = service.record
        if record.process is None:
            return
        service.hung_reason = _("did not answer for {seconds:.0f} s", seconds=silent_sec)
        service.restart_before = time.monotonic() + HUNG_STOP_SEC
        service.may_drain_seconds = STOP_SECONDS.get(record.name, DEFAULT_STOP_SECONDS)
        _log.error("%s, pid %d, %s: it is replaced", record.name, record.process.pid, service.hung_reason)
        write_stacks(record.name, record.process)
        request_stop(record.process)

    def _begin_restart(self, names: Collection[str]) -> None:
        """Ask services to end; each starts again as soon as it has drained."""
        for service in self._services:
            if service.spec.name not in names:
                continue
            process = service.record.process
            service.next_start_at = 0.0
            # A second signal would end a draining worker at once.
            if process is not None and not service.restart_before:
                seconds = STOP_SECONDS.get(service.spec.name, DEFAULT_STOP_SECONDS)
                service.restart_before = time.monotonic() + seconds
                _log.info("%s restarts", service.spec.name)
                request_stop(process)

    def _continue_restart(self, service: SupervisedService) -> None:
        process = service.record.process
        if service.is_alive():
            if process is not None and time.monotonic() > service.restart_before:
                kill(process)
            return
        service.child, service.restart_before = None, 0.0
        if service.hung_reason:
            reason, service.hung_reason = service.hung_reason, ""
            service.record.replaced += 1
            self._schedule(service, reason, alive_seconds=time.monotonic() - service.started_at)
            return
        service.next_start_at = 0.0
        service.record.state, service.record.process = ServiceState.WAITING, None
        self._save()

    def _rotate_logs(self) -> None:
        if time.monotonic() < self._logs_due_at:
            return
        self._logs_due_at = time.monotonic() + _LOG_SECONDS
        rotate_open(self._files.log)
        for service in self._services:
            if rotate_open(Path(service.record.log_file)):
                service.record.log_offset = 0
                self._save()

    def _take_up_dashboard(self) -> None:
        """Apply the dashboard settings of the last start, if there are any."""
        desired = DesiredDashboardFile(self._settings).load()
        if desired is None:
            return
        service = next((each for each in self._services if each.spec.name == DASHBOARD), None)
        if service is None:
            service = self._adopt(dashboard_spec())
            self._services.append(service)
            self._state.services[DASHBOARD] = service.record
            self._keeper = DashboardKeeper(self._settings, service.record)
        if self._keeper is not None:
            self._keeper.take_up(desired)
        service.next_start_at = 0.0

    def _supervise_dashboard(self, service: SupervisedService, keeper: DashboardKeeper) -> None:
        if keeper.tick(may_build=lambda: self._may_start(service)):
            _log.info("%s: %s %s", DASHBOARD, service.record.state, service.record.note)
            self._save()
        if not keeper.is_outdated:
            return
        if service.record.process is not None:
            stop(service.record.process, DEFAULT_STOP_SECONDS)
        if service.child is not None:
            service.child.wait()
            service.child = None
        _log.info("%s gives way to another build or address", DASHBOARD)
        keeper.renew()

    def _supervise(self, service: SupervisedService) -> None:
        if self._keeper is not None and service.record is self._keeper.record:
            self._supervise_dashboard(service, self._keeper)
        if service.restart_before:
            self._continue_restart(service)
        elif service.record.state is ServiceState.RUNNING:
            if not service.is_alive():
                alive_seconds = time.monotonic() - service.started_at
                self._schedule(service, service.exit_reason(), alive_seconds=alive_seconds)
            elif (silent_sec := self._watch.hung_sec(service.record.name)) is not None:
                self._replace_hung(service, silent_sec)
        elif service.record.state in _NOT_TO_BE_STARTED or not service.record.command:
            return
        elif time.monotonic() >= service.next_start_at and self._may_start(service):
            self._start(service)

    def _may_start(self, service: SupervisedService) -> bool:
        """Return whether its dependency was ready once; later outages are the service's own concern."""
        for name in service.spec.waits_for:
            if name not in self._ready_once:
                if not self._ready_checks[name]():
                    return False
                self._ready_once.add(name)
        return True

    def _start(self, service: SupervisedService) -> None:
        record = service.record
        log_file = Path(record.log_file)
        if service.spec.name == REDIS:
            prepare_password(self._settings)
        if service.spec.name == DASHBOARD and not self._has_port(service):
            return
        record.log_offset = rotate(log_file)
        try:
            environment = self._settings.service_environment(os.environ)
            # Without the log's last line after the colon, because every reader may see the event.
            environment[PREVIOUS_END] = str(record.how_it_ended)
            if service.spec.name == DASHBOARD and self._keeper is not None:
                environment = self._keeper.environment(environment)
            environment = process_environment(service.spec.name, environment)
            if service.spec.name == REDIS:
                environment = self._choose_server(record, environment)
            environment |= self._watch.environment(record.name)
            self._watch.started(record.name)
            service.child = spawn(
                record.command, log_file, environment, self._settings.root, flags=SERVICE_FLAGS
            )
        except (OSError, EmbeddedRedisError) as error:
            service.child = None
            self._schedule(service, f"could not start: {error}", alive_seconds=0)
            return
        record.process, record.state = identify(service.child.pid), ServiceState.RUNNING
        record.watched = False
        service.started_at = time.monotonic()
        self._probe(record)
        self._save()
        _log.info("%s started, pid %d", service.spec.name, service.child.pid)

    def _probe(self, record: ServiceRecord) -> None:
        """Have a server asked that sends no messages itself."""
        if record.name == REDIS:
            at = self._settings.embedded_address
            self._watch.probe(REDIS, at.host, at.port, b"PING\r\n")
        elif record.name == DASHBOARD and record.url:
            place = urlsplit(record.url)
            request = f"GET /healthz HTTP/1.1\r\nHost: {place.netloc}\r\nConnection: close\r\n\r\n"
            self._watch.probe(DASHBOARD, place.hostname or "", place.port or 80, request.encode())

    def _choose_server(self, record: ServiceRecord, environment: dict[str, str]) -> dict[str, str]:
        """Record the server and its memory allocator; return the environment that selects them."""
        server = choose_server(self._settings.redis_dir, environment)
        record.command = [str(server.binary.path), *record.command[1:]]
        record.note = _(
            "{server}, at most {megabytes:,} MB",
            server=server.label,
            megabytes=self._settings.redis_maxmemory_mb,
        )
        _log.info("%s: %s", record.name, record.note)
        return server.environment(environment)

    def _has_port(self, service: SupervisedService) -> bool:
        """Return whether the dashboard's port is free; if it is not, report it and try again later."""
        problem = self._keeper.port_problem() if self._keeper else ""
        if problem:
            service.next_start_at = time.monotonic() + _PORT_SECONDS
            if problem != service.record.note:
                service.record.state, service.record.note = ServiceState.FAILED, problem
                _log.warning("%s: %s", DASHBOARD, problem)
                self._save()
        else:
            service.record.note = ""
        return not problem

    def _schedule(self, service: SupervisedService, reason: str, *, alive_seconds: float) -> None:
        record = service.record
        delay = service.backoff.after_life_of(alive_seconds)
        service.next_start_at = time.monotonic() + delay
        record.state, record.process = ServiceState.BACKOFF, None
        record.last_exit = reason
        record.restarts += 1
        self._save()
        _log.warning("%s died (%s), starting again in %.1f s", service.spec.name, reason, delay)

    def _adopt(self, spec: ServiceSpec) -> SupervisedService:
        """Adopt the services of an earlier supervisor; all others start."""
        previous = self._files.load()
        old = previous.services.get(spec.name) if previous else None
        if old is not None and old.state is not ServiceState.BUILDING and is_alive(old.process):
            _log.info("%s adopted, pid %d", spec.name, old.process.pid if old.process else 0)
            old.state = ServiceState.RUNNING
            self._probe(old)
            if old.watched:
                self._watch.adopt(spec.name)
            return SupervisedService(spec, old, started_at=time.monotonic())
        log_file = self._settings.logs_dir / f"{spec.name}.log"
        return SupervisedService(spec, ServiceRecord(spec.name, spec.command, str(log_file)))

    def _shut_down(self) -> None:
        _log.info("stopping")
        self._state.stopping = True
        notify(STOPPING, self._manager)
        self._save()
        if self._keeper is not None:
            self._keeper.end_build()
        stop_services([service.record for service in self._services], self._report_stopped)
        for service in self._services:
            if service.child is not None:
                service.child.wait()

    def _report_stopped(self, record: ServiceRecord) -> None:
        _log.info("%s: %s", record.name, record.last_exit or "was not running")
        notify(ALIVE, self._manager)
        self._save()

    def _save(self) -> None:
        self._files.save(self._state)


# The supervisor's process: `python -m app.local watch`.


def watch(settings: LocalSettings, *, embedded: bool) -> int:
    """Run the supervisor of this installation; a second one exits at once."""
    write_stacks_on_signal()
    # systemd ends a hung supervisor with SIGABRT, and the journal has its stacks then.
    faulthandler.enable()
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    with file_lock(StateFiles(settings).supervisor_lock, wait_seconds=5):
        supervisor = Supervisor(settings, embedded=embedded)
        for name in ("SIGTERM", "SIGINT", "SIGBREAK"):
            if hasattr(signal, name):
                signal.signal(getattr(signal, name), lambda _number, _frame: supervisor.request_stop())
        supervisor.run()
    return 0

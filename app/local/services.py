"""Services of one machine: commands, dependencies, and the order of stopping."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.core.i18n import _
from app.local.dashboard import DASHBOARD
from app.local.lock import file_lock
from app.local.output import LocalError
from app.local.processes import last_lines, spawn
from app.local.redis_probe import ProbeState, probe
from app.local.redis_server import choose_binary, choose_server, read_formats, server_arguments
from app.local.settings import LocalSettings
from app.local.state import StateFiles

REDIS = "redis"
API = "api"
BACKGROUND = ("scheduler", "worker", "connector")
# Producers first, so that the worker drains a queue that no longer grows; Redis last, with all data. The
# dashboard before all others: its open event streams would block the API's stop.
STOP_ORDER = (DASHBOARD, "scheduler", "connector", "worker", API, REDIS)
# The worker drains for 25 s and then returns its runs, the connector waits 10 s for messages in flight; the
# others only close connections.
STOP_SECONDS: Mapping[str, float] = {"worker": 30, "connector": 20, REDIS: 15}
DEFAULT_STOP_SECONDS = 10.0
_LOCK_SECONDS, _ANSWER_SECONDS, _LOOK_SECONDS = 5.0, 60.0, 0.05


@dataclass(frozen=True, slots=True)
class ServiceSpec:
    name: str
    command: list[str]
    waits_for: tuple[str, ...] = field(default=())


def service_specs(settings: LocalSettings, *, embedded: bool) -> list[ServiceSpec]:
    """Return the services in the order of their start."""
    redis = [ServiceSpec(REDIS, redis_command(settings))] if embedded else []
    first = (REDIS,) if embedded else ()
    api = ServiceSpec(API, api_command(settings), waits_for=first)
    others = [
        ServiceSpec(name, [sys.executable, "-m", f"app.services.{name}.main"], waits_for=(*first, API))
        for name in BACKGROUND
    ]
    return [*redis, api, *others]


def dashboard_spec() -> ServiceSpec:
    """Return the dashboard's service, which gets its command after a build."""
    return ServiceSpec(DASHBOARD, [], waits_for=(API,))


def api_command(settings: LocalSettings) -> list[str]:
    where = ["--host", settings.api_host, "--port", str(settings.api_port)]
    return [sys.executable, "-m", "app.services.api", *where]


def redis_command(settings: LocalSettings) -> list[str]:
    """Return the embedded server's command line; the password's digest is in a file."""
    limit = ("--maxmemory", f"{settings.redis_maxmemory_mb}mb")
    arguments = server_arguments(settings.redis_port, settings.redis_dir, *limit)
    return [
        *(str(choose_binary(settings.redis_dir).path), str(settings.redis_dir / "secret.conf")),
        *arguments,
    ]


@contextmanager
def included_redis(settings: LocalSettings, environment: Mapping[str, str]) -> Generator[None]:
    """Run the embedded server meanwhile if it has data here and is stopped: for work while no service runs.

    Raises LocalError if a start is at work, or if the server does not answer within 60 s.
    """
    is_stopped = probe(settings.embedded_address).state is ProbeState.SILENT
    if not (settings.may_embed and is_stopped and read_formats(settings.redis_dir)):
        yield
        return
    with file_lock(StateFiles(settings).lock, wait_seconds=_LOCK_SECONDS):
        log_file = settings.logs_dir / f"{REDIS}.log"
        server = choose_server(settings.redis_dir, environment)
        child = spawn(redis_command(settings), log_file, server.environment(environment), settings.root)
        try:
            _wait_for_answer(settings, child, log_file)
            yield
        finally:
            # It writes its data, as at each stop.
            child.terminate()
            child.wait()


def _wait_for_answer(settings: LocalSettings, child: subprocess.Popen[bytes], log_file: Path) -> None:
    until = time.monotonic() + _ANSWER_SECONDS
    while probe(settings.embedded_address).state is not ProbeState.READY:
        if child.poll() is not None or time.monotonic() > until:
            raise LocalError(_("The included Redis does not start."), details=last_lines(log_file, 3))
        time.sleep(_LOOK_SECONDS)

"""Services of one machine: commands, dependencies, and the order of stopping."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from app.core.config import IS_CHECKOUT
from app.local.dashboard import DASHBOARD
from app.local.redis_server import choose_binary, server_arguments
from app.local.settings import LocalSettings

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
# Otherwise an open event stream would hold the API until it is killed.
_API_GRACE_SECONDS = 3


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
    grace = ["--timeout-graceful-shutdown", str(_API_GRACE_SECONDS)]
    # By default uvicorn searches the working directory first. For a package that may hold a folder `app`; the
    # logs' folder holds no module.
    search = [] if IS_CHECKOUT else ["--app-dir", str(settings.logs_dir)]
    return [sys.executable, "-m", "uvicorn", "app.services.api.main:app", *where, *grace, *search]


def redis_command(settings: LocalSettings) -> list[str]:
    """Return the embedded server's command line; the password's digest is in a file."""
    limit = ("--maxmemory", f"{settings.redis_maxmemory_mb}mb")
    arguments = server_arguments(settings.redis_port, settings.redis_dir, *limit)
    return [
        *(str(choose_binary(settings.redis_dir).path), str(settings.redis_dir / "secret.conf")),
        *arguments,
    ]

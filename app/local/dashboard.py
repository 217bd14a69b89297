"""The dashboard's settings at a start, and its server process."""

from __future__ import annotations

import json
import secrets
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from http import HTTPStatus
from pathlib import Path

from pydantic import TypeAdapter

from app.core.home.places import IS_CHECKOUT
from app.core.i18n import _
from app.local.dashboard_build import PACKAGED, Node, find_node
from app.local.output import LocalError, print_line, status_command
from app.local.probes import http_get
from app.local.processes import is_alive, shown_path
from app.local.settings import LocalSettings
from app.local.state import ServiceRecord, ServiceState, StateFiles, write_atomically

DASHBOARD = "dashboard"


@dataclass(frozen=True, slots=True)
class DesiredDashboard:
    """The dashboard's settings, read in the shell of the start and stored for the supervisor."""

    host: str
    port: int
    node: Node | None = None
    problem: str = ""
    """The reason if there is no dashboard."""
    name: str = field(default_factory=lambda: secrets.token_hex(8))

    def settings(self, settings: LocalSettings) -> LocalSettings:
        return replace(settings, ui_host=self.host, ui_port=self.port)


class DesiredDashboardFile:
    """`runtime-data/dashboard.json`: exists while the dashboard is wanted."""

    def __init__(self, settings: LocalSettings) -> None:
        self.path = settings.data_dir / "dashboard.json"

    def save(self, desired: DesiredDashboard) -> None:
        write_atomically(self.path, json.dumps(asdict(desired), indent=1))

    def remove(self) -> None:
        self.path.unlink(missing_ok=True)

    def load(self) -> DesiredDashboard | None:
        try:
            return TypeAdapter(DesiredDashboard).validate_json(self.path.read_text("utf-8"))
        except (OSError, ValueError):
            return None


def desired_dashboard(settings: LocalSettings, environment: Mapping[str, str]) -> DesiredDashboard:
    """Find Node.js and the dashboard's settings in this shell."""
    desired = DesiredDashboard(settings.ui_host, settings.ui_port)
    if not IS_CHECKOUT and not PACKAGED.is_dir():
        return replace(desired, problem=_("this package was built without it"))
    if IS_CHECKOUT and not (settings.root / "ui" / "package.json").is_file():
        return replace(desired, problem=_("there is no folder ui here"))
    try:
        return replace(desired, node=find_node(environment))
    except LocalError as error:
        return replace(desired, problem=str(error))


def server_command(node: Node, build: Path) -> list[str]:
    return [node.path, str(build / "serve.mjs")]


def server_environment(settings: LocalSettings, base: Mapping[str, str]) -> dict[str, str]:
    """Return the server's environment: its address, the API's address, and the secret of its cookies."""
    own = {
        "API_BASE_URL": settings.api_url,
        "UI_HOST": settings.ui_host,
        "UI_PORT": str(settings.ui_port),
        "UI_ALLOWED_HOSTS": settings.ui_allowed_hosts,
        "UI_SESSION_SECRET": settings.ui_session_secret,
        # Created once if none is set, so that sessions survive a restart.
        "UI_SESSION_SECRET_FILE": str(settings.data_dir / "ui-session.key"),
    }
    # The API reads these from `.env` itself; both must use the same values to decide which requests are
    # served.
    shared = {name: settings.values[name] for name in ("AUTH", "TRUSTED_PROXIES") if name in settings.values}
    return {**base, **shared, **own}


def is_healthy(url: str) -> bool:
    """Ask the dashboard's /healthz, which does not ask the API."""
    status, body = http_get(f"{url}/healthz")
    return status == HTTPStatus.OK and body.get("service") == "dashboard"


# A start's part in the dashboard: stores the settings, then reports the state.

# A built server answers within a second; a busy machine takes longer.
_PATIENCE_SECONDS = 15.0


def request_dashboard(settings: LocalSettings, environment: Mapping[str, str]) -> DesiredDashboard:
    """Store the settings for the supervisor that is about to start."""
    desired = desired_dashboard(settings, environment)
    DesiredDashboardFile(settings).save(desired)
    return desired


def ask_for_dashboard(settings: LocalSettings, environment: Mapping[str, str]) -> DesiredDashboard:
    """Store the settings for the running supervisor; a running dashboard keeps its address."""
    files, wish_file = StateFiles(settings), DesiredDashboardFile(settings)
    earlier, record = wish_file.load(), _record(files)
    desired = desired_dashboard(settings, environment)
    if earlier is not None and record is not None and is_alive(record.process):
        desired = replace(desired, host=earlier.host, port=earlier.port)
    wish_file.save(desired)
    write_atomically(files.command, DASHBOARD)
    return desired


def running_address(settings: LocalSettings, record: ServiceRecord | None) -> dict[str, str]:
    """Return UI_HOST and UI_PORT of a running dashboard; nothing if a start may choose others."""
    desired = DesiredDashboardFile(settings).load()
    runs = record is not None and record.state is ServiceState.RUNNING and is_alive(record.process)
    return {"UI_HOST": desired.host, "UI_PORT": str(desired.port)} if desired and runs else {}


def print_dashboard(settings: LocalSettings, desired: DesiredDashboard) -> None:
    """Print one line: the address, that it is being built, or why there is none."""
    files = StateFiles(settings)
    url = desired.settings(settings).ui_url
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (line := _line(_record(files), desired, url)) is None:
        if time.monotonic() > deadline:
            status = status_command()
            line = _("Dashboard does not answer yet: {url} ({status})", url=url, status=status)
            break
        time.sleep(0.05)
    print_line(line)
    if _needs_sign_in(settings):
        print_line(_("Sign in to the dashboard: `multi-job open` prints a link that works once."))


def _needs_sign_in(settings: LocalSettings) -> bool:
    """Return whether the owner has to sign in although there is no key: nothing proves who it is."""
    auth = settings.values.get("AUTH", "auto")
    is_proved = auth == "auto" and sys.platform.startswith("linux")
    return auth != "off" and not is_proved and not (settings.data_dir / "keys-required").exists()


def _line(record: ServiceRecord | None, desired: DesiredDashboard, url: str) -> str | None:
    """Return the line; None until the supervisor has decided."""
    if record is None or record.answers != desired.name:
        return None
    log = shown_path(Path(record.log_file))
    if record.state is ServiceState.BUILDING:
        return _("Dashboard being built: {url} (log: {log})", log=log, url=url)
    if record.state is ServiceState.ABSENT:
        return _("Dashboard: {note} (all else runs)", note=record.note)
    if record.state is ServiceState.FAILED:
        return _("Dashboard: {note} (all else runs; log: {log})", log=log, note=record.note)
    if record.state is ServiceState.RUNNING and is_healthy(record.url):
        return _("Dashboard ready: {url}", url=record.url)
    return None


def _record(files: StateFiles) -> ServiceRecord | None:
    state = files.load()
    return state.services.get(DASHBOARD) if state else None

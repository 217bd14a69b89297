"""Output of `status`: one line a service, and one overall word."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import psutil

from app.core.clock import Clock, SystemClock
from app.core.i18n import Message, _, concat
from app.local.dashboard import DASHBOARD, is_healthy
from app.local.output import LocalError, print_line, start_command
from app.local.probes import ReadinessAnswer, read_health, read_readiness
from app.local.processes import Identity, is_alive, shown_path
from app.local.redis_choice import redis_address
from app.local.redis_probe import ProbeState, probe
from app.local.services import API, BACKGROUND, REDIS
from app.local.settings import LocalSettings
from app.local.state import ServiceRecord, ServiceState, StateFiles, SupervisorState

# A silent server is asked twice: plainly, and with TLS.
_PROBE_SECONDS = 0.7
EXIT_READY = 0
EXIT_NOT_READY = 1
EXIT_NOT_RUNNING = 3
# A dashboard without a build or Node.js does not affect the rest.
_WELL = frozenset({"running", "external", "building", "absent"})
_HEADER = ("SERVICE", "STATE", "PID", "UPTIME", "READY", "RESTARTS", "LOG")


@dataclass(frozen=True, slots=True)
class StatusRow:
    service: str
    state: str
    pid: str = "-"
    uptime: str = "-"
    ready: str = "-"
    restarts: str = "0"
    log: str = "-"
    last_exit: str = ""
    note: str = ""
    reason: str = ""

    @property
    def cells(self) -> tuple[str, ...]:
        return (self.service, self.state, self.pid, self.uptime, self.ready, self.restarts, self.log)


def status(settings: LocalSettings) -> int:
    """Print the table; 0 if all is ready, 1 if something is not, 3 if nothing runs."""
    files = StateFiles(settings)
    state = files.load()
    if state is None or not _anything_alive(state):
        print_line(_("not running — {start}", start=start_command()))
        return EXIT_NOT_RUNNING
    settings = state.at_its_addresses(settings)
    rows = collect(settings, state, SystemClock())
    print_line(*render(rows))
    for line in troubles(rows):
        print_line(line)
    ready = all(row.ready in {"ok", "-"} and row.state in _WELL for row in rows)
    print_line(concat(_("ready") if ready else _("not ready"), f": {settings.api_url}"))
    return EXIT_READY if ready else EXIT_NOT_READY


def collect(settings: LocalSettings, state: SupervisorState, clock: Clock) -> list[StatusRow]:
    """Ask all at once, so that a hung one delays the answer by its own time-out alone."""
    with ThreadPoolExecutor() as pool:
        asked = pool.submit(read_readiness, settings)
        health = pool.submit(read_health, settings)
        dashboard = pool.submit(_dashboard_word, state.services.get(DASHBOARD))
        redis = pool.submit(_redis_word, settings)
    readiness, (is_healthy_api, unwell) = asked.result(), health.result()
    words = {API: "stalled" if unwell else "ok" if is_healthy_api else "missing"}
    words |= {name: readiness.checks.get(name, "missing") for name in BACKGROUND}
    words |= dashboard.result()
    # The API has the address and password of the start; this shell may have others, so they come last.
    words[REDIS] = readiness.checks.get(REDIS) or redis.result()
    rows = [_supervisor_row(settings, state, clock)]
    if not state.embedded_redis:
        rows.append(StatusRow(REDIS, "external", ready=words[REDIS]))
    rows += [_row(record, words, clock) for record in state.services.values()]
    reasons = {API: unwell, **readiness.reasons}
    return [replace(row, reason=reasons.get(row.service, "")) for row in rows]


def is_running_at(settings: LocalSettings, url: str) -> bool:
    """Return whether the platform of this installation runs, with its API at this address."""
    state = StateFiles(settings).load()
    return state is not None and _anything_alive(state) and state.at_its_addresses(settings).api_url == url


def render(rows: Sequence[StatusRow]) -> list[str]:
    table = [_HEADER, *(row.cells for row in rows)]
    widths = [max(len(line[column]) for line in table) for column in range(len(_HEADER))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in table]
    exits = [_about(row, row.last_exit) for row in rows if row.last_exit]
    notes = [_about(row, row.note) for row in rows if row.note]
    sections = [*_section(_("last exits:"), exits), *_section(_("notes:"), notes)]
    return [*(line.rstrip() for line in lines), *sections]


def troubles(rows: Sequence[StatusRow]) -> list[str]:
    """Return the reasons of services with a problem, each with the next step."""
    return _section(_("reasons:"), [_about(row, row.reason) for row in rows if row.reason])


def _section(title: str, lines: Sequence[str]) -> list[str]:
    return [title, *lines] if lines else []


def _about(row: StatusRow, *parts: str) -> Message:
    return concat("  ", row.service, ": ", *parts)


def _dashboard_word(record: ServiceRecord | None) -> dict[str, str]:
    if record is None or record.state is not ServiceState.RUNNING:
        return {}
    return {DASHBOARD: "ok" if is_healthy(record.url) else "missing"}


def describe_uptime(seconds: float) -> str:
    whole = max(0, round(seconds))
    minutes, hours, days = whole // 60, whole // 3_600, whole // 86_400
    if days:
        return f"{days}d {hours % 24}h"
    if hours:
        return f"{hours}h {minutes % 60:02d}m"
    return f"{minutes}m {whole % 60:02d}s" if minutes else f"{whole}s"


def _anything_alive(state: SupervisorState) -> bool:
    return is_alive(state.supervisor) or any(is_alive(each.process) for each in state.services.values())


def _supervisor_row(settings: LocalSettings, state: SupervisorState, clock: Clock) -> StatusRow:
    log = shown_path(StateFiles(settings).log)
    if not is_alive(state.supervisor):
        gone = _("gone; {start} starts a new one", start=start_command())
        return StatusRow("supervisor", "dead", log=log, last_exit=gone)
    name = "stopping" if state.stopping else "running"
    return StatusRow("supervisor", name, _pid(state.supervisor), _uptime(state.supervisor, clock), log=log)


def _row(record: ServiceRecord, words: Mapping[str, str], clock: Clock) -> StatusRow:
    alive = is_alive(record.process)
    state = str(record.state) if alive or record.state != "running" else "dead"
    return StatusRow(
        record.name,
        state,
        pid=_pid(record.process) if alive else "-",
        uptime=_uptime(record.process, clock) if alive else "-",
        ready=words.get(record.name, "-") if alive or record.state is ServiceState.ABSENT else "missing",
        restarts=str(record.restarts),
        log=shown_path(Path(record.log_file)),
        last_exit=record.last_exit,
        note=record.note or record.url,
    )


def _pid(identity: Identity | None) -> str:
    return str(identity.pid) if identity else "-"


def _uptime(identity: Identity | None, clock: Clock) -> str:
    try:
        started = psutil.Process(identity.pid).create_time() if identity else None
    except psutil.Error:
        return "-"
    return describe_uptime(clock.now().timestamp() - started) if started else "-"


def _redis_word(settings: LocalSettings) -> str:
    try:
        address = redis_address(settings)
    except LocalError:
        return "missing"
    if address is None:
        return "-"
    return "ok" if probe(address, timeout_seconds=_PROBE_SECONDS).state is ProbeState.READY else "missing"


def missing_checks(readiness: ReadinessAnswer) -> str:
    """Name the parts that are not ready, as /readyz does."""
    reasons = {name: f" ({reason})" for name, reason in readiness.reasons.items() if reason}
    words = [
        f"{name} {word}{reasons.get(name, '')}" for name, word in readiness.checks.items() if word != "ok"
    ]
    return ", ".join(words) or "api"

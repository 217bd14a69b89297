"""A start's part in the dashboard: it says what is wanted, and then what has become of it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from app.local_dashboard import DASHBOARD, Wish, WishFile, is_healthy, wish_of
from app.local_hints import status_command
from app.local_print import tell
from app.local_process import is_alive, shown_path
from app.local_settings import LocalSettings
from app.local_state import ServiceRecord, ServiceState, StateFiles, write_atomically

# A server that is built already answers within a second; a busy machine takes longer.
_PATIENCE_SECONDS = 15.0


def leave_wish(settings: LocalSettings, environment: Mapping[str, str]) -> Wish:
    """Say what is wanted to the supervisor that is about to be started."""
    wish = wish_of(settings, environment)
    WishFile(settings).save(wish)
    return wish


def drop_wish(settings: LocalSettings) -> None:
    WishFile(settings).remove()


def ask_for_dashboard(settings: LocalSettings, environment: Mapping[str, str]) -> Wish:
    """Say what is wanted to the supervisor at work; a dashboard that runs keeps its address."""
    files, wish_file = StateFiles(settings), WishFile(settings)
    earlier, record = wish_file.load(), _record(files)
    wish = wish_of(settings, environment)
    if earlier is not None and record is not None and is_alive(record.process):
        wish = replace(wish, host=earlier.host, port=earlier.port)
    wish_file.save(wish)
    write_atomically(files.command, DASHBOARD)
    return wish


def running_address(settings: LocalSettings, record: ServiceRecord | None) -> dict[str, str]:
    """Return UI_HOST and UI_PORT of a dashboard that runs; nothing if a start may choose others."""
    wish = WishFile(settings).load()
    runs = record is not None and record.state is ServiceState.RUNNING and is_alive(record.process)
    return {"UI_HOST": wish.host, "UI_PORT": str(wish.port)} if wish and runs else {}


def tell_dashboard(settings: LocalSettings, wish: Wish) -> None:
    """Print one line: where it is, that it is being built, or why there is none."""
    files = StateFiles(settings)
    url = wish.settings(settings).ui_url
    deadline = time.monotonic() + _PATIENCE_SECONDS
    while (line := _line(_record(files), wish, url)) is None:
        if time.monotonic() > deadline:
            status = status_command()
            line = f"Dashboard: belum menjawab / does not answer yet: {url} ({status})"
            break
        time.sleep(0.05)
    tell(line)


def _line(record: ServiceRecord | None, wish: Wish, url: str) -> str | None:
    """Return what there is to say; None while the supervisor has not come to an answer."""
    if record is None or record.answers != wish.name:
        return None
    log = shown_path(Path(record.log_file))
    if record.state is ServiceState.BUILDING:
        return f"Dashboard sedang dibangun / being built: {url} (log: {log})"
    if record.state is ServiceState.ABSENT:
        return f"Dashboard: {record.note} (yang lain berjalan / all else runs)"
    if record.state is ServiceState.FAILED:
        return f"Dashboard: {record.note} (yang lain berjalan / all else runs; log: {log})"
    if record.state is ServiceState.RUNNING and is_healthy(record.url):
        return f"Dashboard siap / ready: {record.url}"
    return None


def _record(files: StateFiles) -> ServiceRecord | None:
    state = files.load()
    return state.services.get(DASHBOARD) if state else None

"""Start, watch, show and stop the whole platform on one machine: `python -m app.local start`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from app.local_errors import LocalError
from app.local_lock import file_lock
from app.local_settings import LocalSettings, load_settings
from app.local_start import start
from app.local_state import ServiceRecord, StateFiles
from app.local_status import status
from app.local_stop import stop_everything
from app.local_supervisor import watch

# Longer than the slowest orderly stop, so that a start waits for a stop that is at work.
_STOP_LOCK_SECONDS = 120.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code; a LocalError is one line on stderr."""
    options = _parser().parse_args(arguments)
    try:
        return _run(options, load_settings(os.environ))
    except LocalError as error:
        print(f"GAGAL / ERROR: {error}", *error.details, sep="\n  ", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("Dibatalkan / cancelled", file=sys.stderr)
        return 130


def _run(options: argparse.Namespace, settings: LocalSettings) -> int:
    if options.command == "watch":
        return watch(settings, embedded=options.redis == "embedded")
    if options.command == "status":
        return status(settings)
    return _stop(settings) if options.command == "stop" else _start(settings, no_ui=options.no_ui)


def _start(settings: LocalSettings, *, no_ui: bool) -> int:
    start(settings, os.environ)
    if not no_ui and not (settings.root / "ui" / "package.json").is_file():
        print("Dashboard: belum ada di versi ini / not part of this version")
    print("Status: ./status-local.sh   Berhenti / stop: ./stop-local.sh")
    return 0


def _stop(settings: LocalSettings) -> int:
    with file_lock(StateFiles(settings).lock, wait_seconds=_STOP_LOCK_SECONDS):
        found = stop_everything(settings, _tell_stopped)
    print("Semua berhenti / all stopped" if found else "Tidak berjalan / not running")
    return 0


def _tell_stopped(record: ServiceRecord) -> None:
    print(f"{record.name} berhenti / {record.last_exit or 'stopped'}", flush=True)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.local", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    start_parser = commands.add_parser("start", help="start what is not running", allow_abbrev=False)
    start_parser.add_argument("--no-ui", action="store_true", help="without the dashboard")
    commands.add_parser("status", help="show each service", allow_abbrev=False)
    commands.add_parser("stop", help="stop in order, drained", allow_abbrev=False)
    watch_parser = commands.add_parser("watch", help="the supervisor itself (internal)", allow_abbrev=False)
    watch_parser.add_argument("--redis", choices=["embedded", "external"], required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())

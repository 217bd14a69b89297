"""Command line of the launcher: `python -m app.local start|stop|restart|dev|status`."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from app.core.i18n import _, concat, reader_language, terminal_language
from app.local.autostart.serve import serve
from app.local.dashboard_build import DashboardBuild, find_node
from app.local.demo import demo
from app.local.develop.reload import Reloader, check_code, dev_environment, find_project, only_one
from app.local.foreground import FOREGROUND, check, run, wait
from app.local.lock import file_lock
from app.local.outage_story import DemoPage
from app.local.output import (
    ERROR_MARK,
    LocalError,
    file_problem,
    has_scripts,
    print_line,
    stop_command,
    what_next,
)
from app.local.private_files import create_private_files
from app.local.settings import DEMO_PORT, LocalSettings, load_settings
from app.local.start import SettingsDifferError, ask_for_recipient, start, wants_restart
from app.local.state import ServiceRecord, StateFiles
from app.local.status import status
from app.local.stop import STOPPED, stop_everything
from app.local.supervision.restart import restart_services
from app.local.supervisor import watch

# Longer than the slowest orderly stop, so that a start waits for a running stop.
_STOP_LOCK_SECONDS = 120.0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand and return its exit code; a LocalError is one line on stderr."""
    options = _parser().parse_args(arguments)
    reader_language.set(terminal_language())
    create_private_files()
    try:
        if getattr(options, "home", None):
            os.environ["MULTI_JOB_HOME"] = options.home
        return _run(options, load_settings(os.environ))
    except LocalError as error:
        details = (concat("  ", each) for each in error.details)
        print_line(concat(ERROR_MARK, error.message), *details, file=sys.stderr)
        return 1
    except BrokenPipeError:
        # The reader closed the pipe early, as `| grep -q` does; the final flush must not fail either.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        if (words := file_problem(error)) is None:
            raise
        print_line(concat(ERROR_MARK, words), file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print_line(_("Cancelled"), file=sys.stderr)
        return 130


def _run(options: argparse.Namespace, settings: LocalSettings) -> int:
    commands: dict[str, Callable[[], int | None]] = {
        "start": lambda: _start(settings, no_ui=options.no_ui, with_demo=options.demo),
        "status": lambda: status(settings),
        "stop": lambda: _stop(settings),
        "restart": lambda: _restart(settings, options.services, no_ui=options.no_ui),
        "dev": lambda: _dev(no_ui=options.no_ui),
        "watch": lambda: watch(settings, embedded=options.redis == "embedded"),
        "check": lambda: check(settings),
        "run": lambda: run(settings, os.environ, options.service),
        "serve": lambda: serve(settings, os.environ, with_dashboard=not options.no_ui),
        "wait": lambda: wait(settings),
        "build": lambda: _build(settings),
    }
    return commands[options.command]() or 0


def _start(settings: LocalSettings, *, no_ui: bool, with_demo: bool) -> None:
    if with_demo:
        with DemoPage(settings.data_dir) as page:
            # Jobs may call this page of the machine, and no other.
            _start_or_restart(settings, {**os.environ, DEMO_PORT: str(page.port)}, no_ui=no_ui)
            demo(settings, page)
    else:
        _start_or_restart(settings, os.environ, no_ui=no_ui)
    if not has_scripts():
        print_line(_("Data and logs: {home}", home=settings.home))
    print_line(what_next())
    ask_for_recipient(settings, os.environ)


def _start_or_restart(settings: LocalSettings, environment: Mapping[str, str], *, no_ui: bool) -> None:
    """Start; if the platform runs with other settings, offer to restart it."""
    try:
        start(settings, environment, with_dashboard=not no_ui)
    except SettingsDifferError as error:
        if not wants_restart(environment, error):
            raise
        _stop_to_restart(settings, environment)
        start(settings, environment, with_dashboard=not no_ui)


def _restart(settings: LocalSettings, services: Sequence[str], *, no_ui: bool) -> None:
    if services:
        restart_services(settings, os.environ, list(dict.fromkeys(services)))
        return
    _stop_to_restart(settings, os.environ)
    _start(settings, no_ui=no_ui, with_demo=False)


def _stop_to_restart(settings: LocalSettings, environment: Mapping[str, str]) -> None:
    """Stop everything; LocalError, before anything is stopped, if the job types or policies are broken."""
    check_code(settings.child_environment(environment), settings.root)
    _stop(settings)


def _dev(*, no_ui: bool) -> None:
    """Run the platform with the job types of the working directory until Ctrl-C.

    Stops nothing before it has started or joined the platform. At a terminal a platform with other settings
    is taken over after a yes; otherwise LocalError says how to stop it.
    """
    environment = dev_environment(os.environ, find_project(Path.cwd()))
    prepared = load_settings(environment)

    def restart(before: LocalSettings, after: LocalSettings) -> None:
        _stop(before)
        start(after, environment, with_dashboard=not no_ui)

    with only_one(prepared):
        reloader = Reloader(prepared, environment, Path.cwd(), restart)
        try:
            _start_or_restart(prepared, environment, no_ui=no_ui)
        except SettingsDifferError as error:
            raise LocalError(
                _(
                    "the platform runs already, with other settings; it goes on. Stop it with {stop}, then "
                    "start again: multi-job dev",
                    stop=stop_command(),
                ),
                details=error.details,
            ) from error
        try:
            reloader.run()
        except KeyboardInterrupt:
            print_line("")
        finally:
            _stop(reloader.settings)


def _build(settings: LocalSettings) -> None:
    build = DashboardBuild(settings.root, find_node(os.environ)).make()
    print_line(_("Dashboard built: {build}", build=build))


def _stop(settings: LocalSettings) -> int:
    with file_lock(StateFiles(settings).lock, wait_seconds=_STOP_LOCK_SECONDS):
        found = stop_everything(settings, _print_stopped)
    print_line(_("All stopped") if found else _("Not running"))
    return 0


def _print_stopped(record: ServiceRecord) -> None:
    how = record.last_exit
    print_line(concat(record.name, ": ", _("stopped") if how in {"", STOPPED} else how))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m app.local", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    start_parser = commands.add_parser("start", help="start what is not running", allow_abbrev=False)
    start_parser.add_argument("--demo", action="store_true", help="then send a sentence and show its runs")
    start_parser.add_argument("--no-ui", action="store_true", help="without the dashboard")
    commands.add_parser("status", help="show each service", allow_abbrev=False)
    commands.add_parser("stop", help="stop in order, drained", allow_abbrev=False)
    for name, text in (("restart", "stop, then start"), ("dev", "run, and reload changed job types")):
        each = commands.add_parser(name, help=text, allow_abbrev=False)
        each.add_argument("--no-ui", action="store_true", help="without the dashboard")
        if name == "restart":
            each.add_argument("services", nargs="*", help="only these")
    commands.add_parser("build", help="build the dashboard, unless it is built", allow_abbrev=False)
    commands.add_parser("check", help="tell whether Redis answers and the port is free", allow_abbrev=False)
    commands.add_parser("wait", help="wait until all is ready", allow_abbrev=False)
    serve_parser = commands.add_parser("serve", help="start as a service manager's child", allow_abbrev=False)
    serve_parser.add_argument("--no-ui", action="store_true", help="without the dashboard")
    serve_parser.add_argument("--home", help="MULTI_JOB_HOME, for a service manager without an environment")
    run_parser = commands.add_parser("run", help="be one service, in this window", allow_abbrev=False)
    run_parser.add_argument("service", choices=FOREGROUND)
    watch_parser = commands.add_parser("watch", help="the supervisor itself (internal)", allow_abbrev=False)
    watch_parser.add_argument("--redis", choices=["embedded", "external"], required=True)
    return parser


if __name__ == "__main__":
    sys.exit(main())

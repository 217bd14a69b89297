"""`multi-job service`: the platform starts after a reboot."""

from __future__ import annotations

import os
import shlex
import sys
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from app.cli.options import Json
from app.cli.output import printed_json, say, warn
from app.core.i18n import _
from app.local.autostart import manager, systemd
from app.local.autostart.entry import DEFAULT_NAME, StartAtBoot
from app.local.private_files import create_private_files
from app.local.settings import LocalSettings, load_settings

service = typer.Typer(help="Start after a reboot: by systemd, launchd or the Windows Task Scheduler.")
System = Annotated[
    bool, typer.Option("--system", help="For the machine, at its boot; else for you. Needs an administrator.")
]
ServiceName = Annotated[str, typer.Option("--name", help="For a second installation on this machine.")]
RunAs = Annotated[
    str,
    typer.Option(
        "--run-as",
        help="With --system, the account. Default: the caller of sudo, else one named multi-job.",
    ),
]
WithoutUi = Annotated[bool, typer.Option("--no-ui", help="Without the dashboard.")]

_NOT_INSTALLED = 3


@service.command(name="install")
def install(
    *,
    system: System = False,
    name: ServiceName = DEFAULT_NAME,
    run_as: RunAs = "",
    no_ui: WithoutUi = False,
    _json: Json = False,
) -> None:
    """Start the platform now and after each reboot; a running one is stopped and started again.

    Settings come from `.env` in this directory. The service manager starts the platform again if it fails.
    With --system in a shell of root, the account multi-job is made if it is missing, and runs the service.
    """
    create_private_files()
    settings, entry = _entry(system=system, name=name, run_as=run_as, no_ui=no_ui)
    if names := manager.only_in_shell(settings, os.environ):
        warn(
            _(
                "only this shell has {names}: write them into {file}, or the service does not use them",
                names=", ".join(names),
                file=settings.root / ".env",
            )
        )
    if system and entry.user == "root":
        warn(_("it runs as root: --run-as NAME names another account"))
    file = manager.install(replace(settings, home=entry.home), entry)
    if printed_json({"installed": str(file), "user": entry.user, "home": str(entry.home)}):
        return
    say(_("Installed: {file}", file=file))
    if entry.owns_account:
        say(_("It runs as the account {user}. Data and logs: {home}", user=entry.user, home=entry.home))
        say(_("Its commands: {command}", command=_command_as(entry)))
    _say_linger(entry)


@service.command(name="remove")
def remove(*, system: System = False, name: ServiceName = DEFAULT_NAME, _json: Json = False) -> None:
    """Stop the platform and do not start it after a reboot any more; data stay."""
    entry = _installed(system=system, name=name)
    file = manager.remove(entry)
    if not printed_json({"removed": str(file)}):
        say(_("Removed: {file}", file=file))
        if entry.owns_account:
            say(
                _(
                    "The account {user} and its data in {home} stay. To remove the account: {command}",
                    user=entry.user,
                    home=entry.home,
                    command=f"userdel {entry.user}",
                )
            )


@service.command(name="status")
def service_status(*, system: System = False, name: ServiceName = DEFAULT_NAME, _json: Json = False) -> None:
    """Show what the service manager says; exit code 0 if it runs, 1 if it does not, 3 if not installed."""
    entry = _installed(system=system, name=name)
    found = manager.look(entry)
    if not printed_json({"file": str(found.file), "installed": found.installed, "active": found.active}):
        say(str(found.file) if found.installed else _("not installed: multi-job service install"))
        say(found.shown)
        if found.installed:
            _say_linger(entry)
    raise typer.Exit(_NOT_INSTALLED if not found.installed else int(not found.active))


def _entry(
    *, system: bool, name: str, run_as: str = "", no_ui: bool = False
) -> tuple[LocalSettings, StartAtBoot]:
    settings = load_settings(os.environ)
    return settings, manager.entry_of(settings, name, system=system, run_as=run_as, with_dashboard=not no_ui)


def _installed(*, system: bool, name: str) -> StartAtBoot:
    """Return the data of an installed service: its account is the one that the installation chose."""
    account = manager.registered_account(name, system=system)
    _settings, entry = _entry(system=system, name=name, run_as=account)
    return entry


def _command_as(entry: StartAtBoot) -> str:
    """Return how root calls a command as the account of the service; its HOME would still be root's."""
    command = Path(entry.python).with_name("multi-job")
    words = ("runuser", "-u", entry.user, "--", "env", f"MULTI_JOB_HOME={entry.home}", str(command), "status")
    return f"cd {shlex.quote(str(entry.root))} && {shlex.join(words)}"


def _say_linger(entry: StartAtBoot) -> None:
    """Say what a unit of a user lacks: without lingering it ends with the user's last session."""
    if sys.platform == "linux" and not entry.system and not systemd.lingers(entry.user):
        command = f"sudo loginctl enable-linger {entry.user}"
        say(_("It ends when you sign out, and does not start at boot, until: {command}", command=command))

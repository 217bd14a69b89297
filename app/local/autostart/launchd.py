"""Agents and daemons of launchd (macOS)."""

from __future__ import annotations

import os
import plistlib
import sys
from pathlib import Path

from app.local.autostart.entry import STOP_SECONDS, Registration, StartAtBoot

SYSTEM_FOLDER = Path("/Library/LaunchDaemons")


def registration(entry: StartAtBoot) -> Registration:
    """Return the property list and the calls of launchctl."""
    folder = SYSTEM_FOLDER if entry.system else entry.user_home / "Library" / "LaunchAgents"
    # Windows has no user ids, and the tests of this module run there as well.
    domain = "system" if entry.system or sys.platform == "win32" else f"gui/{os.getuid()}"
    file = folder / f"{entry.name}.plist"
    return Registration(
        file=file,
        content=plistlib.dumps(_properties(entry)),
        install=(["launchctl", "bootstrap", domain, str(file)],),
        remove=(["launchctl", "bootout", f"{domain}/{entry.name}"],),
        show=["launchctl", "print", f"{domain}/{entry.name}"],
    )


def account(name: str) -> str:
    """Return the account of an installed daemon; '' if there is none."""
    file = SYSTEM_FOLDER / f"{name}.plist"
    properties: dict[str, object] = plistlib.loads(file.read_bytes()) if file.exists() else {}
    return str(properties.get("UserName", ""))


def _properties(entry: StartAtBoot) -> dict[str, object]:
    log = str(entry.logs_dir / "service.log")
    return {
        "Label": entry.name,
        "ProgramArguments": [entry.python, *entry.arguments],
        "WorkingDirectory": str(entry.root),
        "EnvironmentVariables": dict(entry.environment),
        "RunAtLoad": True,
        # After `multi-job down`, which ends it with code 0, it stays down.
        "KeepAlive": {"SuccessfulExit": False},
        "ExitTimeOut": STOP_SECONDS,
        "Umask": 0o077,
        "StandardOutPath": log,
        "StandardErrorPath": log,
        **({"UserName": entry.user} if entry.system else {}),
    }

"""Tasks of the Windows Task Scheduler."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import PureWindowsPath
from typing import Any, cast
from xml.etree import ElementTree as ET

from app.local.autostart.entry import Registration, StartAtBoot

NAMESPACE = "http://schemas.microsoft.com/windows/2004/02/mit/task"


def registration(entry: StartAtBoot) -> Registration:
    """Return the task and the calls of schtasks."""
    file = entry.data_dir / f"{entry.name}.task.xml"
    return Registration(
        file=file,
        content=task(entry),
        install=(
            ["schtasks", "/Create", "/F", "/TN", entry.name, "/XML", str(file)],
            ["schtasks", "/Run", "/TN", entry.name],
        ),
        remove=(["schtasks", "/Delete", "/F", "/TN", entry.name],),
        show=["schtasks", "/Query", "/FO", "LIST", "/TN", entry.name],
    )


def task(entry: StartAtBoot) -> bytes:
    """Return the task as XML in UTF-16, which schtasks expects."""
    # A task has no environment of its own, so what others set there is an argument. Without a console there
    # is no window.
    python = PureWindowsPath(entry.python).with_name("pythonw.exe")
    safe_path = ["-P"] if "PYTHONSAFEPATH" in entry.environment else []
    words = [*safe_path, *entry.arguments, "--home", str(entry.home)]
    trigger, logon = ("BootTrigger", "S4U") if entry.system else ("LogonTrigger", "InteractiveToken")
    fields = {
        "RegistrationInfo": {"Description": "Multi-Job Platform"},
        "Triggers": {trigger: {"Enabled": "true"} | ({} if entry.system else {"UserId": entry.user})},
        "Principals": {"Principal": {"UserId": entry.user, "LogonType": logon, "RunLevel": "LeastPrivilege"}},
        "Settings": {
            "MultipleInstancesPolicy": "IgnoreNew",
            "DisallowStartIfOnBatteries": "false",
            "StopIfGoingOnBatteries": "false",
            "StartWhenAvailable": "true",
            # No limit: the services run until they are stopped.
            "ExecutionTimeLimit": "PT0S",
            "RestartOnFailure": {"Interval": "PT1M", "Count": "10"},
        },
        "Actions": {
            "Exec": {
                "Command": str(python),
                "Arguments": subprocess.list2cmdline(words),
                "WorkingDirectory": str(entry.root),
            }
        },
    }
    root = ET.Element("Task", {"version": "1.2", "xmlns": NAMESPACE})
    _add(root, fields)
    for principal in root.iter("Principal"):
        principal.set("id", "Author")
    for actions in root.iter("Actions"):
        actions.set("Context", "Author")
    return ET.tostring(root, encoding="utf-16")


def _add(parent: ET.Element, fields: Mapping[str, Any]) -> None:
    for name, value in fields.items():
        child = ET.SubElement(parent, name)
        if isinstance(value, Mapping):
            _add(child, cast("Mapping[str, Any]", value))
        else:
            child.text = str(value)

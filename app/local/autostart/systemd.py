"""Units of systemd, for a user or for the machine."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from app.local.autostart.entry import STOP_SECONDS, Registration, StartAtBoot

WATCHDOG_SECONDS = 60
SYSTEM_FOLDER = Path("/etc/systemd/system")
LINGER_FOLDER = Path("/var/lib/systemd/linger")
# These work in a unit of a user as well, which may not change its view of the file system. Node.js compiles
# code at run time, so memory that is both writable and executable stays allowed.
_HARDENING = (
    "NoNewPrivileges=yes",
    "LockPersonality=yes",
    "RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6 AF_NETLINK",
    "RestrictRealtime=yes",
    "RestrictSUIDSGID=yes",
    "SystemCallArchitectures=native",
    "UMask=0077",
)
_SYSTEM_HARDENING = (
    "AmbientCapabilities=",
    "CapabilityBoundingSet=",
    "PrivateDevices=yes",
    "PrivateTmp=yes",
    "ProtectClock=yes",
    "ProtectControlGroups=yes",
    "ProtectHome=read-only",
    "ProtectHostname=yes",
    "ProtectKernelLogs=yes",
    "ProtectKernelModules=yes",
    "ProtectKernelTunables=yes",
    "ProtectProc=invisible",
    "ProtectSystem=strict",
    "RestrictNamespaces=yes",
    "SystemCallFilter=@system-service",
    "SystemCallErrorNumber=EPERM",
)


def registration(entry: StartAtBoot) -> Registration:
    """Return the unit and the calls of systemctl."""
    control = ["systemctl"] if entry.system else ["systemctl", "--user"]
    folder = SYSTEM_FOLDER if entry.system else entry.user_home / ".config" / "systemd" / "user"
    return Registration(
        file=folder / f"{entry.name}.service",
        content=unit(entry).encode(),
        install=([*control, "daemon-reload"], [*control, "enable", "--now", f"{entry.name}.service"]),
        remove=([*control, "disable", "--now", f"{entry.name}.service"],),
        show=[*control, "status", "--no-pager", "--lines=0", f"{entry.name}.service"],
        reload=([*control, "daemon-reload"],),
    )


def unit(entry: StartAtBoot) -> str:
    """Return the text of the unit."""
    lines = [
        "[Unit]",
        "Description=Multi-Job Platform",
        *(("Wants=network-online.target", "After=network-online.target") if entry.system else ()),
        "StartLimitIntervalSec=0",
        "",
        "[Service]",
        # The supervisor drains and stops the services in order; the rest is killed only after that.
        *("Type=notify", "KillMode=mixed", f"TimeoutStopSec={STOP_SECONDS}"),
        # Before it says that it is ready, it may wait for another start or stop of this installation.
        "TimeoutStartSec=300",
        # The supervisor says each 10 s that it lives. A hung one is ended; its services start again with it.
        *(f"WatchdogSec={WATCHDOG_SECONDS}", "TimeoutAbortSec=10"),
        *("Restart=on-failure", "RestartSec=5", "LimitNOFILE=65536"),
        *(_account(entry) if entry.system else ()),
        f"WorkingDirectory={_specifier(str(entry.root))}",
        *(f"Environment={_quoted(f'{name}={value}')}" for name, value in entry.environment.items()),
        f"ExecStart={' '.join(_argument(word) for word in (entry.python, *entry.arguments))}",
        *_HARDENING,
        *(_SYSTEM_HARDENING if entry.system else ()),
        *(f"ReadWritePaths={_quoted(str(path))}" for path in _writable(entry)),
        "",
        "[Install]",
        f"WantedBy={'multi-user.target' if entry.system else 'default.target'}",
        "",
    ]
    return "\n".join(lines)


def lingers(user: str) -> bool:
    """Return whether the user's units start at boot and outlive the user's last session."""
    return (LINGER_FOLDER / user).exists()


def account(name: str) -> str:
    """Return the account of an installed unit of the machine; '' if there is none."""
    file = SYSTEM_FOLDER / f"{name}.service"
    lines = file.read_text("utf-8").splitlines() if file.exists() else []
    return next((line.removeprefix("User=") for line in lines if line.startswith("User=")), "")


def _account(entry: StartAtBoot) -> Iterable[str]:
    """Return the lines with the account. Without a group systemd takes the account's main one."""
    return (f"User={entry.user}", *((f"Group={entry.user}",) if entry.owns_account else ()))


def _writable(entry: StartAtBoot) -> Iterable[Path]:
    """Return the folders that a unit of the machine may write to; a unit of a user has no such limit."""
    # npm keeps its cache in the home of the account while it builds the dashboard of a checkout.
    own_home = (entry.user_home,) if entry.owns_account else ()
    return dict.fromkeys((entry.home, *entry.writable, *own_home)) if entry.system else ()


def _argument(word: str) -> str:
    """Quote a word of a command line, in which `$` also has a meaning."""
    return _quoted(word.replace("$", "$$"))


def _quoted(text: str) -> str:
    """Quote a value as `systemd.syntax` wants it."""
    escaped = _specifier(text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _specifier(text: str) -> str:
    return text.replace("%", "%%")

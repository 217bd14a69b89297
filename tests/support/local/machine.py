"""A machine of its own: a real systemd as process 1, in namespaces without units of this machine."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil

from tests.support.waiting import wait_until

_SYSTEMD = Path("/usr/lib/systemd/systemd")
_NAMESPACES = ("--pid", "--mount", "--cgroup", "--net")
# Nothing that is enabled here starts there, and systemd does not change the kernel's settings or the disks.
_BOOT = """\
set -e
mount --make-rprivate /
mount -t tmpfs tmpfs /run
mkdir -p /run/lock
umount -l /sys/fs/cgroup
mount -t cgroup2 none /sys/fs/cgroup
ip link set lo up
mount --bind "$2" /etc
mount --bind "$3" /var/lib
mount --bind "$1" /etc/systemd/system
for target in sysinit multi-user sockets timers local-fs; do
    wants="/usr/lib/systemd/system/$target.target.wants"
    [ ! -d "$wants" ] || mount -t tmpfs tmpfs "$wants"
done
export container=other
exec {systemd} --system --unit=multi-user.target --log-target=console --show-status=no
"""


class Machine:
    """Boots, runs commands, and loses its power. Its /etc and /var/lib survive, with `units` for systemd."""

    def __init__(self, folder: Path) -> None:
        self.units = folder / "units"
        self.units.mkdir()
        # The files of the test are in /tmp.
        for name in ("systemd-remount-fs.service", "tmp.mount"):
            (self.units / name).symlink_to("/dev/null")
        # Accounts that a test makes are none of this machine.
        self._settings, self.state = folder / "etc", folder / "lib"
        subprocess.run(["cp", "-a", "/etc", str(self._settings)], check=True)
        self.state.mkdir()
        self._group = _cgroup2() / f"machine-{os.getpid()}"
        self._log = folder / "boot.log"
        self._booted: subprocess.Popen[bytes] | None = None

    def boot(self) -> None:
        """Return when all enabled units were started."""
        self._group.mkdir(exist_ok=True)
        # Its control group becomes the root of the new ones.
        enter = f'echo $$ > "{self._group}/cgroup.procs"; exec "$@"'
        words = ["unshare", *_NAMESPACES, "--fork", "--mount-proc", "--kill-child", "bash", "-c"]
        with self._log.open("wb") as log:
            self._booted = subprocess.Popen(
                [
                    "bash",
                    "-c",
                    enter,
                    "boot",
                    *words,
                    _BOOT.format(systemd=_SYSTEMD),
                    "boot",
                    str(self.units),
                    str(self._settings),
                    str(self.state),
                ],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        wait_until(self._is_up, 60, message=f"it has booted; {self._log}")

    def run(
        self, *command: str, folder: Path, environment: Mapping[str, str] | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command there, with little more than PATH in its environment."""
        return subprocess.run(
            ["nsenter", "--target", str(self._first()), *_NAMESPACES, f"--wdns={folder}", *command],
            env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", **(environment or {})},
            check=False,
            capture_output=True,
            text=True,
            timeout=150,
        )

    def cut_power(self) -> None:
        """Kill everything at once."""
        if self._booted is not None:
            with suppress(ProcessLookupError):
                os.kill(self._first(), signal.SIGKILL)
            self._booted.kill()
            self._booted.wait(30)
            self._booted = None
        # Its systemd made groups below it; they are empty once its processes are gone.
        groups = [Path(parent) for parent, _names, _files in os.walk(self._group, topdown=False)]
        wait_until(lambda: all(_is_removed(each) for each in groups), 60, message="its groups are removed")

    def _first(self) -> int:
        """Return process 1 of the machine, as this system numbers it."""
        assert self._booted is not None
        found = [each.pid for each in psutil.Process(self._booted.pid).children(recursive=False)]
        return found[0] if found else self._booted.pid

    def _is_up(self) -> bool:
        state = self.run("systemctl", "is-active", "multi-user.target", folder=Path("/"))
        return state.stdout.strip() == "active"


def _is_removed(group: Path) -> bool:
    with suppress(OSError):
        group.rmdir()
    return not group.exists()


def why_no_machine() -> str:
    """Return why no systemd can be started here; '' if one can."""
    if sys.platform != "linux" or os.geteuid() != 0:
        return "needs root on Linux"
    missing = [name for name in ("unshare", "nsenter", "ip", "systemctl") if shutil.which(name) is None]
    if missing or not _SYSTEMD.exists():
        return f"not installed: {', '.join(missing) or 'systemd'}"
    tried = subprocess.run(
        [
            "unshare",
            *_NAMESPACES,
            "--fork",
            "sh",
            "-c",
            "mount --make-rprivate / && mount -t tmpfs none /mnt",
        ],
        check=False,
        capture_output=True,
        text=True,
    )
    if tried.returncode:
        return f"this system allows no namespaces: {tried.stderr.strip()}"
    return "" if os.access(_cgroup2(), os.W_OK) else "no writable cgroup2"


def _cgroup2() -> Path:
    """Return where this system has mounted cgroup2."""
    mounts = (line.split() for line in Path("/proc/mounts").read_text("utf-8").splitlines())
    return next((Path(fields[1]) for fields in mounts if fields[2] == "cgroup2"), Path("/sys/fs/cgroup"))

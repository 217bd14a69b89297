"""Machines as network namespaces: each has an address, and processes that reach the others by it alone."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Generator, Mapping
from pathlib import Path

import pytest

from tests.support.faults.processes import PROJECT_ROOT, die_with_parent

# Several test runs may use one machine at the same time.
_MARK = os.getpid()
_NET = f"10.213.{_MARK % 254}"
GATEWAY = f"{_NET}.1"
"""The address of the test itself, on which Redis listens."""
_BRIDGE = f"mjb{_MARK}"


class Machine:
    """One namespace with its processes and its data folder."""

    def __init__(self, number: int, folder: Path) -> None:
        self.name = _name_of(number)
        self.address = f"{_NET}.{10 + number}"
        self.home = folder / self.name
        self.home.mkdir()
        self._processes: list[subprocess.Popen[bytes]] = []

    def start(self, module: str, environment: Mapping[str, str], *arguments: str) -> None:
        """Start a process in this namespace; its log is in the machine's folder."""
        # A host name of its own, as each machine has.
        named = ["unshare", "--uts", "sh", "-c", 'hostname "$0" && exec "$@"', self.name]
        command = ["ip", "netns", "exec", self.name, *named, sys.executable, "-m", module, *arguments]
        with (self.home / f"{len(self._processes)}-{module}.log").open("ab") as log:
            process = subprocess.Popen(
                command,
                cwd=PROJECT_ROOT,
                env={**environment, "MULTI_JOB_HOME": str(self.home)},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                # One system call and no lock: safe between fork and exec.
                preexec_fn=die_with_parent,  # noqa: PLW1509
            )
        self._processes.append(process)

    def kill(self) -> None:
        """End all its processes at once, as a power cut does."""
        for process in self._processes:
            # Each command becomes the next one: the group has nothing else in it.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, 9)
        for process in self._processes:
            process.wait(10)

    def tail(self) -> str:
        """Return the end of each log, for a test that failed."""
        texts = [f"--- {log}\n{log.read_text('utf-8', 'replace')[-1500:]}" for log in self.home.glob("*.log")]
        return "\n".join(texts)


@contextlib.contextmanager
def network(count: int, folder: Path) -> Generator[list[Machine]]:
    """Yield machines on one bridge with the test; without root or iproute2 the test is skipped."""
    _require_namespaces()
    with contextlib.ExitStack() as stack:
        stack.callback(_remove, count)
        _ip("link", "add", _BRIDGE, "type", "bridge")
        _ip("addr", "add", f"{GATEWAY}/24", "dev", _BRIDGE)
        _ip("link", "set", _BRIDGE, "up")
        machines = [Machine(number, folder) for number in range(count)]
        for number, machine in enumerate(machines):
            _ip("netns", "add", machine.name)
            _ip(
                "link",
                "add",
                f"mjv{_MARK}-{number}",
                "type",
                "veth",
                "peer",
                "name",
                "eth0",
                "netns",
                machine.name,
            )
            _ip("link", "set", f"mjv{_MARK}-{number}", "master", _BRIDGE, "up")
            for words in (
                ("addr", "add", f"{machine.address}/24", "dev", "eth0"),
                ("link", "set", "eth0", "up"),
                ("link", "set", "lo", "up"),
            ):
                _ip("-n", machine.name, *words)
            stack.callback(machine.kill)
        yield machines


def _require_namespaces() -> None:
    if sys.platform != "linux" or shutil.which("ip") is None:
        reason = "needs network namespaces: Linux with iproute2"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    # A container without the right cannot get it by installing anything.
    if os.geteuid() != 0 or subprocess.run(["unshare", "-nu", "true"], check=False).returncode != 0:
        pytest.skip("needs the right to make network namespaces")


def _remove(count: int) -> None:
    """Remove what this test has made."""
    for number in range(count):
        subprocess.run(["ip", "netns", "del", _name_of(number)], check=False, capture_output=True)
    subprocess.run(["ip", "link", "del", _BRIDGE], check=False, capture_output=True)


def _name_of(number: int) -> str:
    return f"mj-{_MARK}-{number}"


def _ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)

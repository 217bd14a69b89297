"""`multi-job service` under a real systemd: installed, after a power cut, removed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.local.installation import copy_project
from tests.support.local.machine import Machine, why_no_machine
from tests.support.waiting import wait_until

WHY_NOT = why_no_machine()
# The unit's text is checked by tests/unit/local/test_local_autostart.py as well, without a running systemd.
pytestmark = [
    pytest.mark.skipif(bool(WHY_NOT), reason=f"no systemd can be started here: {WHY_NOT}"),
]


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    machine.boot()
    yield machine
    machine.cut_power()


@pytest.fixture
def shop(tmp_path: Path, machine: Machine) -> Path:
    """A checkout. The units of this machine may not hide /tmp, which holds it."""
    (machine.units / "multi-job.service.d").mkdir()
    (machine.units / "multi-job.service.d" / "tmp.conf").write_text("[Service]\nPrivateTmp=no\n", "utf-8")
    return copy_project(tmp_path / "shop")


def test_service_of_the_machine_survives_a_power_cut(machine: Machine, shop: Path) -> None:
    """It is hardened, starts at boot, ends in order, and leaves nothing behind."""
    command = [str(shop / ".venv" / "bin" / "python"), "-m", "app.cli", "service"]
    installed = machine.run(*command, "install", "--system", "--no-ui", folder=shop)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert "Installed: /etc/systemd/system/multi-job.service" in installed.stdout
    machine.cut_power()
    machine.boot()
    ready = ["curl", "--silent", "--fail", "http://127.0.0.1:8000/readyz"]
    wait_until(lambda: machine.run(*ready, folder=shop).returncode == 0, 60, message="ready after the boot")
    shown = machine.run(*command, "status", "--system", "--json", folder=shop)
    assert json.loads(shown.stdout)["active"] is True, shown.stdout + shown.stderr
    supervisor = machine.run("systemctl", "show", "--value", "-p", "MainPID", "multi-job", folder=shop)
    status = f"/proc/{supervisor.stdout.strip()}/status"
    limits = machine.run("grep", "-E", "^(CapBnd|NoNewPrivs|Seccomp):", status, folder=shop)
    assert [line.split()[1] for line in limits.stdout.splitlines()] == ["0000000000000000", "1", "2"]
    removed = machine.run(*command, "remove", "--system", folder=shop)
    assert removed.returncode == 0, removed.stdout + removed.stderr
    last = (shop / "runtime-logs" / "worker.log").read_text("utf-8").splitlines()[-1]
    assert json.loads(last)["event"] == "stopped"
    assert machine.run(*command, "status", "--system", folder=shop).returncode == 3
    assert [path.name for path in machine.units.rglob("multi-job.service")] == []
    assert machine.run(*ready, folder=shop).returncode != 0

"""`multi-job service` under a real systemd: installed, after a power cut, removed."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.local.install import add_command
from tests.support.local.installation import copy_project
from tests.support.local.machine import Machine, why_no_machine
from tests.support.local.package import bare_wheel, install_wheel, shared_folder
from tests.support.waiting import wait_until

WHY_NOT = why_no_machine()
# The unit's text is checked by tests/unit/local/test_local_autostart.py as well, without a running systemd.
pytestmark = [
    # One of the tests installs a wheel.
    pytest.mark.checkout,
    pytest.mark.skipif(bool(WHY_NOT), reason=f"no systemd can be started here: {WHY_NOT}"),
]
READY = ("curl", "--silent", "--fail", "http://127.0.0.1:8000/readyz")
JOB = {"job_id": "kept", "type": "simulation.load", "inputs": {"duration_ms": 1}}


def python_of(shop: Path) -> str:
    return str(shop / ".venv" / "bin" / "python")


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    machine = Machine(tmp_path)
    # The units of this machine may not hide /tmp, which holds the checkout.
    (machine.units / "multi-job.service.d").mkdir()
    (machine.units / "multi-job.service.d" / "tmp.conf").write_text("[Service]\nPrivateTmp=no\n", "utf-8")
    machine.boot()
    yield machine
    machine.cut_power()


@pytest.fixture
def shop() -> Iterator[Path]:
    """A checkout that every account can read."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        shop = copy_project(Path(folder) / "shop")
        add_command(shop, Path(python_of(shop)), windows=False)
        yield shop


def service(shop: Path) -> list[str]:
    return [python_of(shop), "-m", "app.cli", "service"]


def as_account(machine: Machine, shop: Path, *command: str) -> str:
    done = machine.run("runuser", "-u", "multi-job", "--", *command, folder=shop)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def owners(machine: Machine, shop: Path, *places: Path) -> set[str]:
    """Return the accounts that own something in these places; a link is not followed."""
    words = ["find", *map(str, places), "-printf", "%u\\n"]
    return set(machine.run(*words, folder=shop).stdout.split())


def test_service_of_the_machine_survives_a_power_cut(machine: Machine, shop: Path) -> None:
    """It has an account of its own, is hardened, starts at boot, ends in order, and leaves data alone."""
    command = service(shop)
    installed = machine.run(*command, "install", "--system", "--no-ui", folder=shop)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert "Installed: /etc/systemd/system/multi-job.service" in installed.stdout
    assert "It runs as the account multi-job." in installed.stdout
    machine.cut_power()
    machine.boot()
    wait_until(lambda: machine.run(*READY, folder=shop).returncode == 0, 60, message="ready after the boot")
    [shown_command] = [line for line in installed.stdout.splitlines() if line.startswith("Its commands: ")]
    status = machine.run("bash", "-c", shown_command.removeprefix("Its commands: "), folder=Path("/"))
    assert status.returncode == 0, status.stdout + status.stderr
    shown = machine.run(*command, "status", "--system", "--json", folder=shop)
    assert json.loads(shown.stdout)["active"] is True, shown.stdout + shown.stderr
    supervisor = machine.run("systemctl", "show", "--value", "-p", "MainPID", "multi-job", folder=shop)
    process = f"/proc/{supervisor.stdout.strip()}/status"
    limits = machine.run("grep", "-E", "^(CapBnd|NoNewPrivs|Seccomp):", process, folder=shop)
    assert [line.split()[1] for line in limits.stdout.splitlines()] == ["0000000000000000", "1", "2"]
    number, group = (as_account(machine, shop, "id", kind).strip() for kind in ("-u", "-g"))
    ids = machine.run("grep", "-E", "^(Uid|Gid|Groups):", process, folder=shop).stdout.splitlines()
    assert [line.split()[1:] for line in ids] == [[number] * 4, [group] * 4, [group]]
    assert int(number) != 0
    folders = (shop / "runtime-data", shop / "runtime-logs")
    assert owners(machine, shop, *folders) == {"multi-job"}
    assert [folder.stat().st_mode & 0o777 for folder in folders] == [0o700, 0o700]
    removed = machine.run(*command, "remove", "--system", folder=shop)
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert f"The account multi-job and its data in {shop} stay" in removed.stdout
    last = (shop / "runtime-logs" / "worker.log").read_text("utf-8").splitlines()[-1]
    assert json.loads(last)["event"] == "stopped"
    assert machine.run(*command, "status", "--system", folder=shop).returncode == 3
    assert [path.name for path in machine.units.rglob("multi-job.service")] == []
    assert machine.run(*READY, folder=shop).returncode != 0
    assert as_account(machine, shop, "id", "-un").strip() == "multi-job"


def test_service_takes_over_what_root_started(machine: Machine, shop: Path) -> None:
    """Root's platform ends, its data change their owner, and a link to a file of root is not followed."""
    started = machine.run(python_of(shop), "-m", "app.local", "start", "--no-ui", folder=shop)
    assert started.returncode == 0, started.stdout + started.stderr
    saved = machine.run(
        *("curl", "--silent", "--fail", "-H", "Content-Type: application/json", "-d", json.dumps(JOB)),
        "http://127.0.0.1:8000/jobs",
        folder=shop,
    )
    assert saved.returncode == 0, saved.stdout + saved.stderr
    (shop / "runtime-data" / "link").symlink_to(shop / "pyproject.toml")
    assert owners(machine, shop, shop / "runtime-data") == {"root"}
    installed = machine.run(*service(shop), "install", "--system", "--no-ui", folder=shop)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    assert owners(machine, shop, shop / "runtime-data", shop / "runtime-logs") == {"multi-job"}
    assert (shop / "pyproject.toml").owner() == "root"
    kept = as_account(machine, shop, "curl", "--silent", "--fail", "http://127.0.0.1:8000/jobs/kept")
    assert json.loads(kept)["job_id"] == "kept"
    again = machine.run(*service(shop), "install", "--system", "--no-ui", folder=shop)
    assert again.returncode == 0, again.stdout + again.stderr


def test_package_keeps_its_data_in_the_home_of_the_account(
    machine: Machine, shop: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A wheel: root's own folder is refused, and one that every account can read is not."""
    environment = shop.parent / "environment"
    install_wheel(environment, bare_wheel(shared_folder(tmp_path_factory)))
    work = shop.parent / "work"
    (work / "app").mkdir(mode=0o755, parents=True)
    (work / "app" / "__init__.py").write_text("raise SystemExit('the wrong app')\n", "utf-8")
    command = [str(environment / "bin" / "multi-job"), "service"]
    refused = machine.run(*command, "install", "--system", "--no-ui", folder=Path("/root"))
    assert refused.returncode == 1, refused.stdout + refused.stderr
    assert "multi-job has no access to /root: /root is closed to it" in refused.stderr
    assert "cd /var/lib/multi-job && " in refused.stderr
    installed = machine.run(*command, "install", "--system", "--no-ui", folder=work)
    assert installed.returncode == 0, installed.stdout + installed.stderr
    home = machine.state / "multi-job"
    assert owners(machine, work, Path("/var/lib/multi-job")) == {"multi-job"}
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "runtime-data" / "supervisor.json").exists()
    removed = machine.run(*command, "remove", "--system", folder=work)
    assert removed.returncode == 0, removed.stdout + removed.stderr
    assert "its data in /var/lib/multi-job stay" in removed.stdout
    assert (home / "runtime-data" / "redis").is_dir()


@pytest.mark.parametrize("closed", ["shop", ".env"])
def test_service_that_could_not_start_is_not_installed(machine: Machine, shop: Path, closed: str) -> None:
    """A checkout or settings that the account can't read are named, with the next step."""
    (shop / ".env").write_text("TIMEZONE=Asia/Jakarta\n", "utf-8")
    (shop / ".env").chmod(0o644)
    (shop if closed == "shop" else shop / closed).chmod(0o700)
    refused = machine.run(*service(shop), "install", "--system", "--no-ui", folder=shop)
    assert refused.returncode == 1, refused.stdout + refused.stderr
    path = shop if closed == "shop" else shop / ".env"
    assert f"multi-job has no access to {path}: {path} is closed to it" in refused.stderr
    step = f"mv {shop} /opt/multi-job" if closed == "shop" else f"chgrp multi-job {path} && chmod 640 {path}"
    assert step in refused.stderr
    assert [path.name for path in machine.units.rglob("multi-job.service")] == []
    assert not (shop / "runtime-data").exists()

"""The account that a service of the machine gets, and the data of root that it takes over."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest

from app.local.autostart import access, account, launchd, manager, systemd
from app.local.autostart.entry import StartAtBoot
from app.local.output import LocalError
from app.local.settings import load_settings

if sys.platform == "win32":
    pytest.skip("accounts of POSIX", allow_module_level=True)

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
OTHER = "nobody"


def always(value: object) -> Callable[[object], object]:
    """Return a function of one argument that returns the same for all."""

    def function(_argument: object) -> object:
        return value

    return function


def entry(tmp_path: Path, **changes: object) -> StartAtBoot:
    made = StartAtBoot(
        name="multi-job",
        system=True,
        user=OTHER,
        user_home=tmp_path / "user",
        root=tmp_path / "work",
        home=tmp_path / "home",
        environment={},
        owns_account=True,
    )
    return replace(made, **changes)  # pyright: ignore[reportArgumentType]


@pytest.fixture
def root_shell(monkeypatch: pytest.MonkeyPatch) -> None:
    """A shell of root, without sudo, and no account multi-job on the machine."""
    monkeypatch.setattr(manager.os, "geteuid", lambda: 0)
    monkeypatch.setattr(manager, "_own_name", lambda: "root")
    monkeypatch.setattr(account, "_home", always(None))
    monkeypatch.delenv("SUDO_USER", raising=False)


@pytest.mark.usefixtures("root_shell")
@pytest.mark.parametrize("caller", ["", "root"])
def test_shell_of_root_gets_an_account_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caller: str
) -> None:
    """Its data are in the home of the account, and root's own folder is remembered."""
    monkeypatch.setattr(manager, "IS_CHECKOUT", False)
    monkeypatch.setenv("SUDO_USER", caller)
    before = Path.home() / ".local" / "share" / "multi-job"
    settings = replace(load_settings({}, tmp_path), home=before)
    made = manager.entry_of(settings, "multi-job", system=True, run_as="", with_dashboard=True)
    assert (made.user, made.home, made.former_home) == ("multi-job", Path("/var/lib/multi-job"), before)
    unit = systemd.unit(made)
    assert "\nUser=multi-job\nGroup=multi-job\n" in unit
    assert '\nReadWritePaths="/var/lib/multi-job"\n' in unit


@pytest.mark.usefixtures("root_shell")
def test_named_account_is_used_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`--run-as root` is a decision of a person, and no account is made."""
    settings = load_settings({}, tmp_path)
    made = manager.entry_of(settings, "multi-job", system=True, run_as="root", with_dashboard=True)
    assert (made.user, made.owns_account) == ("root", False)
    monkeypatch.setenv("SUDO_USER", OTHER)
    made = manager.entry_of(settings, "multi-job", system=True, run_as="", with_dashboard=True)
    assert (made.user, made.owns_account) == (OTHER, False)


def test_account_of_a_person_with_this_name_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its home is another one, so the text asks for a name."""
    monkeypatch.setattr(account, "_home", always(Path("/home/multi-job")))
    with pytest.raises(LocalError, match=r"another account, with the home /home/multi-job: .*--run-as"):
        account.is_service_account("multi-job")


@pytest.mark.skipif(sys.platform != "linux", reason="accounts of Linux")
@pytest.mark.parametrize("present", ["useradd", "systemd-sysusers", "adduser", ""])
def test_account_is_made_by_what_the_machine_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, present: str
) -> None:
    """A program that fails, or a machine without any, is an error with the command to call."""
    called = tmp_path / "called"
    if present:
        program = tmp_path / "bin" / present
        program.parent.mkdir()
        program.write_text(f'#!/bin/sh\necho "$0 $*" > {called}\necho no more ids >&2\nexit 1\n', "utf-8")
        program.chmod(0o755)
    monkeypatch.setattr(account, "_home", always(None))
    monkeypatch.setattr(account, "_search", lambda: str(tmp_path / "bin"))
    with pytest.raises(LocalError, match="could not be made") as refused:
        account.make_account()
    assert (present or "useradd --system --user-group") in refused.value.message
    if present:
        assert refused.value.details == ("no more ids",)
        assert "multi-job" in called.read_text("utf-8")


def test_installed_service_keeps_its_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`status` and `remove` look for the account in the unit, because `--run-as` is not repeated."""
    monkeypatch.setattr(systemd, "SYSTEM_FOLDER", tmp_path)
    monkeypatch.setattr(launchd, "SYSTEM_FOLDER", tmp_path)
    assert (systemd.account("multi-job"), launchd.account("multi-job")) == ("", "")
    (tmp_path / "multi-job.service").write_text(systemd.unit(entry(tmp_path, user="jobs")), "utf-8")
    (tmp_path / "multi-job.plist").write_bytes(launchd.registration(entry(tmp_path, user="jobs")).content)
    assert (systemd.account("multi-job"), launchd.account("multi-job")) == ("jobs", "jobs")


def test_data_out_of_reach_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A package that ran as root has its data in root's home: nothing is installed there."""
    former = tmp_path / "root"
    (former / "runtime-data").mkdir(parents=True)
    made = entry(tmp_path, former_home=former)
    file = tmp_path / "multi-job.service"
    monkeypatch.setattr(manager, "_registration", always(SimpleNamespace(file=file)))
    monkeypatch.setattr(manager, "make_account", lambda: None)
    with pytest.raises(LocalError, match=f"{former} has the data .* ran as root") as refused:
        manager.install(load_settings({}, tmp_path), made)
    assert refused.value.details[0].endswith("multi-job down")
    assert refused.value.details[1] == (f"mv {former}/runtime-data {former}/runtime-logs {made.home}/")
    file.write_text(f"Environment=MULTI_JOB_HOME={former}", "utf-8")
    with pytest.raises(LocalError, match="ran as root") as refused:
        manager.install(load_settings({}, tmp_path), made)
    assert refused.value.details[0].endswith("multi-job service remove --system")
    assert not made.home.exists()


@as_root
def test_handed_over_data_are_the_accounts_alone(tmp_path: Path) -> None:
    """Each file and folder changes its owner; the target of a link does not."""
    made, outside = entry(tmp_path), tmp_path / "outside"
    outside.write_text("of root", "utf-8")
    (made.data_dir / "redis").mkdir(parents=True)
    (made.data_dir / "redis" / "dump.rdb").write_text("x", "utf-8")
    (made.data_dir / "link").symlink_to(outside)
    (made.data_dir / "folder").symlink_to(tmp_path)
    made.logs_dir.mkdir()
    assert access.has_roots_data(made)
    access.hand_over(made)
    changed = [made.data_dir, made.logs_dir, *made.data_dir.rglob("*")]
    assert {path.lstat().st_uid for path in changed} == {65_534}
    assert (outside.owner(), tmp_path.owner()) == ("root", "root")
    assert made.data_dir.stat().st_mode & 0o777 == 0o700
    assert not access.has_roots_data(made)


@as_root
@pytest.mark.parametrize("kind", ["second name", "third account", "link", "open"])
def test_data_that_may_be_more_are_not_handed_over(tmp_path: Path, kind: str) -> None:
    """Nothing has changed its owner after the refusal, and the path is named."""
    made = entry(tmp_path)
    made.home.mkdir()
    if kind == "link":
        (tmp_path / "elsewhere").mkdir()
        made.data_dir.symlink_to(tmp_path / "elsewhere")
    else:
        made.data_dir.mkdir()
    named = made.data_dir if kind in {"link", "open"} else made.data_dir / "file"
    (tmp_path / "shadow").write_text("of root", "utf-8")
    if kind == "second name":
        named.hardlink_to(tmp_path / "shadow")
    elif kind == "third account":
        named.write_text("x", "utf-8")
        os.chown(named, 12_345, 12_345)
    elif kind == "open":
        made.data_dir.chmod(0o777)
    with pytest.raises(LocalError, match=str(named)) as refused:
        access.hand_over(made)
    assert any(line.startswith("chown -R nobody") for line in refused.value.details)
    assert made.data_dir.lstat().st_uid == 0
    assert (tmp_path / "shadow").owner() == "root"

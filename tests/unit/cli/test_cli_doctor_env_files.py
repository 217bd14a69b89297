"""The doctor and `.env` files: which one counts, and that nothing of any is executed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from app.cli.commands import doctor as doctor_command
from app.cli.doctor.env_files import diagnose_env_files, diagnose_modules
from app.cli.doctor.findings import Finding, FindingLevel
from app.core.config import Settings
from app.core.home import places
from app.core.home.places import remember_folder


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of a package's start, with a `.env`; the current one is another."""
    for name in ("MULTI_JOB_URL", "MULTI_JOB_API_KEY", "API_PORT", "HANDLER_MODULES", "POLICIES_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(places, "IS_CHECKOUT", False)
    monkeypatch.setenv("MULTI_JOB_HOME", str(tmp_path / "home"))
    own, here = tmp_path / "own", tmp_path / "here"
    for path in (own, here):
        path.mkdir()
        (path / ".env").write_text(f"NAMESPACE={path.name}\nPOLICIES_FILE=policies.yaml\n", "utf-8")
    (own / "policies.yaml").write_text("types:\n  shop.*:\n    allow:\n      kv: {calls: 1}\n", "utf-8")
    remember_folder(tmp_path / "home", own)
    monkeypatch.chdir(here)
    return own


def without_findings(_local: object) -> list[Finding]:
    return []


def modules_of(folder: Path, *names: str) -> list[Finding]:
    given: dict[str, Any] = {"handler_modules": list(names)}
    return diagnose_modules(Settings(_env_file=None, multi_job_home=folder, **given))  # pyright: ignore[reportCallIssue]


def test_doctor_uses_the_file_of_the_deployment_in_any_folder(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its relative paths begin at its own folder; the `.env` of the current one is named and not used."""
    seen: list[Settings] = []

    def looked(settings: Settings) -> list[Finding]:
        seen.append(settings)
        return []

    monkeypatch.setattr(doctor_command, "diagnose_redis", looked)
    monkeypatch.setattr(doctor_command, "diagnose_api", without_findings)
    found = {each.check: each for each in doctor_command.run_checks()}
    assert [settings.namespace for settings in seen] == ["own"]
    assert found["policies"].verdict is FindingLevel.OK
    assert found[".env"].verdict is FindingLevel.WARN
    assert found[".env"].seen.startswith(f"{tmp_path / 'here' / '.env'} is not used: your platform has")
    assert Path.cwd() == tmp_path / "here"
    monkeypatch.chdir(folder)
    assert diagnose_env_files() == []


@pytest.mark.skipif(sys.platform == "win32", reason="modes of POSIX")
def test_doctor_names_a_file_that_others_may_change(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not used, with the reason."""
    monkeypatch.chdir(folder)
    (folder / ".env").chmod(0o666)
    (finding,) = diagnose_env_files()
    assert "other users may change it (mode 666)" in finding.seen
    assert "chmod go-w" in finding.remedy


def test_doctor_says_that_no_platform_was_started_here(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first start no `.env` is the deployment's."""
    monkeypatch.setenv("MULTI_JOB_HOME", str(tmp_path / "another"))
    (finding,) = diagnose_env_files()
    assert "no platform of yours was started in this folder yet" in finding.seen
    assert str(folder) not in finding.seen


def test_modules_are_found_without_an_import(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A module, a package, a module in it, and one in a folder without `__init__.py`: none is executed."""
    monkeypatch.chdir(folder)
    for name in ("alone_m.py", "pack_m/__init__.py", "pack_m/jobs.py", "space_m/deep/jobs.py"):
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("raise SystemExit(99)\n", "utf-8")
    names = ("alone_m", "pack_m", "pack_m.jobs", "space_m.deep.jobs", "json.decoder")
    (found,) = modules_of(folder, *names)
    assert (found.verdict, found.check) == (FindingLevel.OK, "handler modules")
    (missing,) = modules_of(folder, "pack_m.none", "alone_m.jobs", "nothing_m", "space_m.none", "pack_m")
    assert missing.verdict is FindingLevel.FAILED
    assert missing.seen == "not found: pack_m.none, alone_m.jobs, nothing_m, space_m.none"
    assert not {name for name in sys.modules if name.split(".")[0] in {"alone_m", "pack_m", "space_m"}}
    assert modules_of(folder) == []

"""The commands that texts name exist for this installation."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.core.i18n import terminal_language
from app.local import output

ROOT = Path(__file__).resolve().parents[3]


def test_checkout_has_its_scripts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each that is named is there, for either system."""
    monkeypatch.chdir(ROOT)
    for platform, mark in (("linux", "./"), ("win32", ".\\")):
        monkeypatch.setattr(sys, "platform", platform)
        words = f"{output.what_next()} {output.restart_command()}".replace(";", "")
        scripts = {word.removeprefix(mark) for word in words.split() if "-local." in word}
        assert len(scripts) == 3
        assert all((ROOT / script).is_file() for script in scripts)
    assert ".venv\\Scripts\\multi-job" in output.what_next()


def test_wheel_has_one_command(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without the scripts every hint is a word of `multi-job`."""
    monkeypatch.setattr(output, "_ROOT", tmp_path)
    assert output.what_next() == "Status: multi-job status   Stop: multi-job down"
    assert output.start_command() == "multi-job up"
    assert output.restart_command() == "multi-job restart"


def test_scripts_of_a_checkout_are_not_named_elsewhere(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A developer types `multi-job` in the folder of a job type, which has no scripts."""
    monkeypatch.chdir(tmp_path)
    assert output.stop_command() == "multi-job down"
    assert output.restart_command() == "multi-job restart"


def test_no_text_names_a_script_by_itself() -> None:
    """Only `output` knows them, so that a wheel never names a file that it lacks."""
    script = re.compile(r"[\"'(` ](?:\.[/\\])?(?:start|stop|status)-local\.(?:sh|ps1)")
    sources = [path for path in (ROOT / "app").rglob("*.py") if path.name != "output.py"]
    assert {path.name for path in sources if script.search(path.read_text("utf-8"))} == set()


@pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")
@pytest.mark.parametrize("name", ["LC_ALL", "LC_MESSAGES", "LANG"])
@pytest.mark.parametrize(
    "locale", ["", "C", "id_ID.UTF-8", "id", "in_ID", "ind", "Indonesian_id", "idx", "en_ID"]
)
def test_shell_scripts_choose_the_same_language(name: str, locale: str) -> None:
    """`say` works without Python, because it reports that there is none."""
    environment = {name: locale}
    script = ". scripts/language.sh; say en id"
    done = subprocess.run(
        ["/bin/sh", "-c", script], env=environment, cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == terminal_language(environment)


@pytest.mark.skipif(not Path("/proc/sys").is_dir(), reason="a folder that takes no files")
@pytest.mark.parametrize("program", [["app.cli", "up"], ["app.cli", "down"], ["app.local", "start"]])
def test_home_that_takes_no_files_is_one_line(program: list[str], tmp_path: Path) -> None:
    """The folder is named, without a traceback."""
    env = {**os.environ, "MULTI_JOB_HOME": "/proc/sys/home", "HOME": str(tmp_path), "LANG": "C"}
    command = [sys.executable, "-m", *program]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert re.fullmatch(r"(ERROR: )?/proc/sys/home cannot be used: .*\n", done.stderr)


def test_new_job_needs_no_valid_settings(tmp_path: Path) -> None:
    """It reads none of them."""
    env = {**os.environ, "RETENTION_DAYS": "abc", "PYTHONPATH": str(ROOT), "LANG": "C"}
    command = [sys.executable, "-m", "app.cli", "new", "job", "shop.hello"]
    done = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")

"""`multi-job new job`: the package that it makes passes its own test."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from app.cli.commands import new
from app.cli.output import CliError
from app.core.i18n import reader_language
from app.core.policies import read_policy_file

ROOT = Path(__file__).resolve().parents[3]
FILES = [
    "README.md",
    "job.yaml",
    "policies.yaml",
    "pyproject.toml",
    "shop_hello/jobs.py",
    "tests/test_jobs.py",
]


def type_in(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8"}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


def test_new_job_makes_a_package_that_passes_its_test(tmp_path: Path) -> None:
    """The files are whole, and the test in them succeeds with nothing changed."""
    done = type_in(tmp_path, "-m", "app.cli", "new", "job", "shop.hello")
    assert done.returncode == 0, done.stderr
    folder = tmp_path / "shop-hello"
    made = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    assert made == FILES
    assert [line for line in done.stdout.splitlines() if line.endswith("jobs.py")]
    tested = type_in(folder, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert tested.returncode == 0, tested.stdout + tested.stderr
    assert "2 passed" in tested.stdout
    assert list(read_policy_file(folder / "policies.yaml").types) == ["shop.hello"]
    assert not any("$" in path.read_text("utf-8") for path in folder.rglob("*.*") if path.suffix != ".pyc")


def test_handler_of_a_new_job_is_short() -> None:
    """The handler that a developer starts from has ten lines."""
    text = (ROOT / "app" / "cli" / "new_job" / "jobs.py.template").read_text("utf-8")
    assert len([line for line in text.splitlines() if line.strip()]) <= 10


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working directory."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_new_job_speaks_indonesian(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The README and the messages are in the language of the reader."""
    reader_language.set("id")
    new.new_job("shop.hello")
    assert "Berikutnya: `cd shop-hello`" in capsys.readouterr().out
    assert "Tipe job `shop.hello`" in (folder / "shop-hello" / "README.md").read_text("utf-8")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Shop Hello", "such as shop.hello"),
        ("Shop-Stock", "such as shop.stock"),
        ("shop..stock", "such as shop.stock"),
        ("../evil", "such as evil"),
        ("9", "such as shop.hello"),
        ("json", "such as shop.json"),
        ("class", "such as shop.class"),
        ("monitor.http", "there is a job type 'monitor.http' already"),
    ],
)
def test_new_job_refuses_a_name_and_offers_another(folder: Path, name: str, said: str) -> None:
    """A name that cannot be a type's, or that is taken, makes no folder."""
    with pytest.raises(CliError) as refused:
        new.new_job(name)
    assert said in str(refused.value.message)
    assert list(folder.iterdir()) == []


def test_new_job_leaves_an_existing_folder_alone(folder: Path) -> None:
    """Nothing in it is overwritten."""
    (folder / "shop-hello").mkdir()
    with pytest.raises(CliError, match="shop-hello exists already"):
        new.new_job("shop.hello")
    assert list((folder / "shop-hello").iterdir()) == []


def test_new_job_names_its_function_like_no_builtin(folder: Path) -> None:
    """A type whose last word is a keyword or a builtin gets a function with another name."""
    new.new_job("shop.import")
    source = (folder / "shop-import" / "shop_import" / "jobs.py").read_text("utf-8")
    assert "async def import_job(" in source

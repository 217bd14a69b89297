"""`./test-local.sh` names failed tests that pass alone: the real script, with a project of one test file."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PYTHON = f"""#!/bin/sh
case "$*" in
    *" tests/{{suite}} "* | *"import json"* | *"import sys"* | *ensurepip*) exec {sys.executable} "$@" ;;
esac
"""
CONFTEST = """
def pytest_addoption(parser):
    parser.addoption("--alone")
"""
TESTS = """
from pathlib import Path
import pytest

@pytest.mark.parametrize("number", range({count}))
def test_it(number):
    seen = Path(__file__).with_name(f"seen{{number}}")
    runs = int(seen.read_text()) + 1 if seen.exists() else 1
    seen.write_text(str(runs))
    assert runs > {failures}

def test_another():
    Path(__file__).with_name("another").open("a").write("x")
"""


def run_all(home: Path, suite: str, *, failures: int, count: int = 1) -> subprocess.CompletedProcess[str]:
    """Run all suites of a project, of which only one has tests: these fail so often."""
    shutil.copy(ROOT / "test-local.sh", home)
    shutil.copytree(ROOT / "scripts", home / "scripts")
    programs = home / ".venv/bin"
    programs.mkdir(parents=True)
    # A Node.js that is too old leaves out the dashboard.
    bodies = {"python": PYTHON.format(suite=suite), "node": "#!/bin/sh\nexit 1\n"}
    for name in ("python", "node", "ruff", "pyright"):
        (programs / name).write_text(bodies.get(name, "#!/bin/sh\n"))
        (programs / name).chmod(0o755)
    tests = home / "tests" / suite
    tests.mkdir(parents=True)
    (home / "tests/conftest.py").write_text(CONFTEST)
    (tests / "test_it.py").write_text(TESTS.format(count=count, failures=failures))
    environment = {name: value for name, value in os.environ.items() if name not in {"CI", "PYTEST_ADDOPTS"}}
    environment |= {"PATH": f"{programs}:{os.environ['PATH']}", "PYTHON": str(programs / "python")}
    environment |= {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "PYTEST_PLUGINS": "xdist.plugin"}
    return subprocess.run(
        ["./test-local.sh"],
        check=False,
        cwd=home,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.parametrize("suite", ["integration", "faults"])
def test_a_test_that_passes_alone_is_named(tmp_path: Path, suite: str) -> None:
    """The others of its file do not run again, and the run has failed."""
    run = run_all(tmp_path, suite, failures=1)
    assert run.stdout.endswith(
        f"Failed, but passed when run again alone:\ntests/{suite}/test_it.py::test_it[0]\nFAILED: {suite}\n"
    )
    assert run.returncode == 1
    assert (tmp_path / f"tests/{suite}/another").read_text() == "x"


@pytest.mark.parametrize(
    ("failures", "count", "runs"), [(2, 1, "2"), (1, 4, "1")], ids=["fails_again", "too_many"]
)
def test_a_test_that_fails_again_is_not_named(tmp_path: Path, failures: int, count: int, runs: str) -> None:
    """More than three failed tests do not run again."""
    run = run_all(tmp_path, "integration", failures=failures, count=count)
    assert run.stdout.endswith("FAILED: integration\n")
    assert "passed when run again" not in run.stdout
    assert run.returncode == 1
    assert (tmp_path / "tests/integration/seen0").read_text() == runs

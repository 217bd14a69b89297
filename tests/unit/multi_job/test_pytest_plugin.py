"""The pytest plugin: its fixtures in a test run of its own, and the cost of its import."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
PLUGIN = "multi_job.testing.pytest_plugin"
TESTS = """
from multi_job import job
from multi_job.testing import run_job

@job("plugin.count", tools=("kv",))
async def count(ctx) -> int:
    return await ctx.tools.kv.incr("n", ttl_sec=60)

def test_tools_keep_their_values(job_tools, job_clock):
    assert [run_job(count, tools=job_tools).output for _ in range(2)] == [1, 2]
    job_clock.advance(61)
    assert run_job(count, tools=job_tools).output == 1
"""


def test_fixtures_serve_a_project_of_its_own(tmp_path: Path) -> None:
    """A test file of a developer gets tools and clock from the plugin."""
    (tmp_path / "test_count.py").write_text(TESTS, "utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", PLUGIN, "-p", "no:cacheprovider", str(tmp_path)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "1 passed" in done.stdout


def test_import_of_the_plugin_loads_no_library() -> None:
    """Pytest imports it in each project of the environment, also in those without a job."""
    program = (
        f"import sys, pytest; before = set(sys.modules); import {PLUGIN}; "
        "print(sorted(name for name in set(sys.modules) - before if '.' not in name))"
    )
    found = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "['multi_job']"


def test_plugin_is_an_entry_point() -> None:
    """An installed package is found by pytest without a word in the project."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"multi_job": PLUGIN}

"""The workflow for the outside: few rights, pinned actions, and commands whose files exist."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / ".github" / "workflows" / "ci.yml"


@pytest.fixture(scope="module")
def workflow() -> dict[Any, Any]:
    return cast("dict[Any, Any]", yaml.safe_load(FILE.read_text("utf-8")))


def steps(workflow: dict[Any, Any]) -> list[dict[str, Any]]:
    return [step for job in workflow["jobs"].values() for step in job["steps"]]


def test_workflow_only_reads(workflow: dict[Any, Any]) -> None:
    """No job takes more rights, no checkout keeps its token, and no step reads a secret."""
    assert workflow["permissions"] == {"contents": "read"}
    assert all("permissions" not in job for job in workflow["jobs"].values())
    checkouts = [step for step in steps(workflow) if step.get("uses", "").startswith("actions/checkout@")]
    assert len(checkouts) == len(workflow["jobs"])
    assert all(step["with"]["persist-credentials"] is False for step in checkouts)
    assert "secrets." not in FILE.read_text("utf-8")
    # `on` is a boolean of YAML. pull_request_target would run the code of strangers with rights.
    assert set(workflow[True]) == {"push", "pull_request", "workflow_dispatch"}


def test_actions_are_pinned_and_jobs_end(workflow: dict[Any, Any]) -> None:
    """Actions of GitHub alone, by major version; each job has a limit of time."""
    used = [step["uses"] for step in steps(workflow) if "uses" in step]
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", each) for each in used), used
    assert all(job["timeout-minutes"] <= 90 for job in workflow["jobs"].values())


def test_workflow_runs_on_three_systems(workflow: dict[Any, Any]) -> None:
    """Everything on Linux as root in the Debian of .ci/run; unit tests and launchers on the others."""
    jobs = workflow["jobs"]
    assert jobs["linux"]["container"]["image"] == "debian:13"
    assert ".ci/run" in [step.get("run") for step in jobs["linux"]["steps"]]
    matrix = jobs["unit"]["strategy"]["matrix"]
    assert matrix["os"] == ["windows-latest", "macos-latest"]
    least = re.search(r'requires-python = ">=([\d.]+)"', (ROOT / "pyproject.toml").read_text("utf-8"))
    assert least is not None
    assert least[1] in matrix["python"]
    for job, commands in {
        "launchers-macos": ("./start-local.sh", "./status-local.sh", "./stop-local.sh"),
        "launchers-windows": ("start-local.ps1", "status-local.ps1", "stop-local.ps1"),
    }.items():
        text = " ".join(step.get("run", "") for step in jobs[job]["steps"])
        assert all(command in text for command in commands)


def test_files_of_the_workflow_exist(workflow: dict[Any, Any]) -> None:
    """Scripts, locks of the caches, and folders of tests."""
    text = FILE.read_text("utf-8")
    named = {
        *re.findall(r"(?:requirements[\w-]*\.txt|ui/package-lock\.json)", text),
        *re.findall(r"[\w-]+-local\.(?:sh|ps1)", text),
        *re.findall(r"\btests/[\w/]+(?:\.py)?", text),
        ".ci/run",
    }
    assert len(named) >= 11
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []
    options = {
        option for step in steps(workflow) for option in re.findall(r" -(?:Demo|NoUi)\b", step.get("run", ""))
    }
    parameters = (ROOT / "start-local.ps1").read_text("utf-8")
    assert all(f"${option.strip(' -')}" in parameters for option in options)
    assert options

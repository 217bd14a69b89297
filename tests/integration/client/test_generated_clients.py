"""Clients that other tools generate from `docs/openapi.json` work on a real platform."""

from __future__ import annotations

import importlib
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.client.client_platform import ClientPlatform
from tests.support.documents.documents import Document
from tests.support.faults.processes import PROJECT_ROOT
from tests.support.waiting import wait_until

DOCUMENT = PROJECT_ROOT / "docs/openapi.json"
# It requires an older typer than the command line has, so requirements-dev.txt cannot have it.
REQUIREMENTS = PROJECT_ROOT / "tests/support/client/requirements-generator.txt"
PAGE, SECTION = Document("docs/python-client.md"), "## Clients that you generate"


def install(folder: Path) -> None:
    """Install the generator into a folder; skip outside of CI if that is impossible."""
    target = ["install", "--quiet", "--no-deps", "--require-hashes", "--target", str(folder)]
    installer = ["uv", "pip"] if shutil.which("uv") else [sys.executable, "-m", "pip"]
    command = [*installer, *target, "-r", str(REQUIREMENTS)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode and not os.environ.get("CI"):
        pytest.skip(f"openapi-python-client cannot be installed: {done.stderr[-300:]}")
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package that openapi-python-client generates with the documented settings, without a warning."""
    folder = tmp_path_factory.mktemp("generated")
    install(folder / "generator")
    settings = folder / "client.yaml"
    # The hooks only sort and format the files.
    (documented,) = [block.text for block in PAGE.blocks(SECTION) if block.language == "yaml"]
    settings.write_text(documented + "post_hooks: []\n", "utf-8")
    command = [sys.executable, "-m", "openapi_python_client", "generate", "--meta", "none"]
    command += ["--path", str(DOCUMENT), "--config", str(settings), "--fail-on-warning"]
    package = folder / "generated_multi_job"
    done = subprocess.run(
        [*command, "--output-path", str(package)],
        env={**os.environ, "PYTHONPATH": str(folder / "generator")},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "arning" not in done.stdout + done.stderr
    return package


def test_generated_python_client_has_every_operation(package: Path) -> None:
    """Each operation is a module named by its operationId."""
    paths = json.loads(DOCUMENT.read_text("utf-8"))["paths"]
    wanted = {each["operationId"] for operations in paths.values() for each in operations.values()}
    modules = {path.stem for path in package.glob("api/*/*.py")} - {"__init__"}
    assert modules == wanted


def test_generated_python_client_creates_runs_and_reads(
    package: Path, platform: ClientPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It creates a job, runs it and reads the run."""
    monkeypatch.setattr(sys, "path", [str(package.parent), *sys.path])

    def operation(name: str) -> Any:
        return importlib.import_module(f"generated_multi_job.api.{name}").sync

    models = importlib.import_module("generated_multi_job.models")
    client_class = importlib.import_module("generated_multi_job").AuthenticatedClient
    with client_class(platform.url, platform.key) as client:
        spec = {"job_id": "generated", "type": "test.echo", "inputs": {"word": "halo"}}
        job = operation("jobs.create_job")(client=client, body=models.JobSpecInput.from_dict(spec))
        assert (job.job_id, job.version) == ("generated", 1)
        asked = models.RunRequest.from_dict({"inputs": {"word": "apa kabar"}})
        accepted = operation("jobs.run_job")("generated", client=client, body=asked)

        def run() -> Any:
            return operation("runs.get_run")(accepted.run_id, client=client)

        wait_until(lambda: run().result is not None, 60, "the run has ended")
        assert run().result.output == {"word": "apa kabar"}

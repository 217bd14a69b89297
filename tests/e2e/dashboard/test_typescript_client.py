"""A TypeScript client with types from `docs/openapi.json` works on a real platform."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.client.client_platform import client_platform
from tests.support.embedded_redis import EmbeddedRedis
from tests.support.faults.processes import PROJECT_ROOT
from tests.support.local.node import needs_node

PACKAGES = PROJECT_ROOT / "ui/node_modules"
PROGRAM = PROJECT_ROOT / "tests/support/client/run_job.mts"
GENERATOR = PACKAGES / "openapi-typescript/bin/cli.js"
COMPILER = PACKAGES / "typescript/bin/tsc"
# As docs/python-client.md has them: a field with a default may be left out of a body.
OPTIONS = ("--default-non-nullable=false", "--output", "schema.d.ts")
STRICT = ("--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--skipLibCheck")

pytestmark = [
    needs_node,
    # With CI set, ./test-local.sh has installed them.
    pytest.mark.skipif(
        not (GENERATOR.exists() or os.environ.get("CI")), reason="the packages of ui/ are not installed"
    ),
]


def run(folder: Path, command: Sequence[str], **environment: str) -> str:
    """Run a program of Node.js in a folder; return its output."""
    done = subprocess.run(
        ["node", *command],
        cwd=folder,
        env={**os.environ, **environment},
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "warning" not in (done.stdout + done.stderr).lower()
    return done.stdout


def test_typescript_client_creates_runs_and_reads(tmp_path: Path) -> None:
    """The types are generated, a program with them type-checks, creates a job, runs it and reads the run."""
    (tmp_path / "node_modules").symlink_to(PACKAGES, target_is_directory=True)
    (tmp_path / "package.json").write_text('{"type": "module"}', "utf-8")
    (tmp_path / PROGRAM.name).write_bytes(PROGRAM.read_bytes())
    run(tmp_path, [str(GENERATOR), str(PROJECT_ROOT / "docs/openapi.json"), *OPTIONS])
    compiled = ("--module", "nodenext", "--target", "es2022", "--types", "node", PROGRAM.name)
    run(tmp_path, [str(COMPILER), *STRICT, *compiled])
    with (
        EmbeddedRedis(data_dir=tmp_path / "redis") as server,
        client_platform(server.url, tmp_path) as platform,
    ):
        printed = run(tmp_path, ["run_job.mjs"], MULTI_JOB_URL=platform.url, MULTI_JOB_API_KEY=platform.key)
    assert json.loads(printed) == {"status": "success", "output": {"word": "apa kabar"}}

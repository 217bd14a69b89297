"""The whole stack in containers, if a Docker engine is available."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "compose" / "run.sh"
NOTHING_TESTED = 77


def _engine_answers() -> bool:
    if shutil.which("docker") is None or shutil.which("docker-compose") is None:
        return False
    return subprocess.run(["docker", "info"], check=False, capture_output=True).returncode == 0


@pytest.mark.checkout
@pytest.mark.timeout(1500)
def test_compose_stack_survives_a_kill_and_a_restart(request: pytest.FixtureRequest) -> None:
    """The sentence, a killed worker, down and up: nothing is lost. With --full it starts its own engine."""
    own = [] if _engine_answers() else ["--own-engine"]
    if own and not request.config.getoption("--full"):
        pytest.skip("no Docker engine answers; tests/e2e/compose/run.sh --own-engine starts one as root")
    project = {**os.environ, "COMPOSE_PROJECT_NAME": f"mj-test-{os.getpid()}", "LEASE_SEC": "10"}
    done = subprocess.run([str(SCRIPT), *own], check=False, capture_output=True, text=True, env=project)
    if done.returncode == NOTHING_TESTED:
        pytest.skip(done.stderr.strip())
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert "PASSED" in done.stdout

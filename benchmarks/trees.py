"""The measured source tree: this one, or an earlier commit."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import orjson

from benchmarks.measure import Figures
from tests.support.embedded_redis import EmbeddedRedis

ROOT = Path(__file__).resolve().parents[1]
LONGEST_SEC = 600


@dataclass(frozen=True, slots=True)
class Subject:
    """A column of the table."""

    title: str
    kind: str
    """`ours` or `bare`."""
    tree: Path


@contextlib.contextmanager
def stage_of() -> Generator[Path]:
    """Return a folder with these benchmarks and no `app`, so that PYTHONPATH selects the measured `app`."""
    with tempfile.TemporaryDirectory(prefix="multi-job-bench-") as folder:
        (Path(folder) / "benchmarks").symlink_to(ROOT / "benchmarks")
        yield Path(folder)


@contextlib.contextmanager
def work_tree(revision: str) -> Generator[Path]:
    """Check out an earlier commit's files during the block."""
    with tempfile.TemporaryDirectory(prefix="multi-job-tree-") as folder:
        tree = Path(folder) / "tree"
        _git("worktree", "add", "--detach", str(tree), revision)
        try:
            yield tree
        finally:
            _git("worktree", "remove", "--force", str(tree))


def _git(*arguments: str) -> None:
    subprocess.run(["git", "-C", str(ROOT), *arguments], check=True, stdout=subprocess.DEVNULL)


def run_once(stage: Path, subject: Subject, scenario: str, *, quick: bool) -> Figures:
    """Measure one workload on one subject, on a server of its own."""
    with EmbeddedRedis() as server:
        size = "quick" if quick else "full"
        child = subprocess.Popen(
            [
                *(sys.executable, "-m", "benchmarks.child"),
                *(scenario, subject.kind, server.url, str(server.pid), size),
            ],
            cwd=stage,
            env={**os.environ, "PYTHONPATH": os.pathsep.join((str(stage), str(subject.tree)))},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        try:
            output, _ = child.communicate(timeout=LONGEST_SEC)
        finally:
            # Its workers are in its session: none outlives it, whatever the outcome.
            with contextlib.suppress(ProcessLookupError):
                os.killpg(child.pid, signal.SIGKILL)
    if child.returncode != 0:
        raise SystemExit(f"{scenario} on {subject.title}:\n{output[-6000:]}")
    figures: Figures = orjson.loads(output.splitlines()[-1])
    return figures

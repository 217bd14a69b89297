"""Compares the counts of a run with the recorded ones: `python -m benchmarks gate [--record]`."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import orjson

from app.core.config import Settings
from app.local.redis_server import BOUNDED_CACHE
from benchmarks.gate.measure import Figures

RECORD = Path(__file__).with_name("gate.toml")
ROOT = Path(__file__).resolve().parents[2]
TOLERANCE = 0.03
RECORD_COMMAND = "python -m benchmarks gate --record"
_HEAD = f"""# The cost of one run and of one enqueue, counted: written by `{RECORD_COMMAND}`.
# A test fails if a count differs by more than {TOLERANCE:.0%}.
"""


def measured() -> Figures:
    """Return this tree's counts, from a process of its own."""
    # The default settings and glibc's allocator, whose pieces are closest to what was asked for.
    environment = {
        name: text for name, text in os.environ.items() if name.lower() not in Settings.model_fields
    }
    environment |= {"GLIBC_TUNABLES": BOUNDED_CACHE, "LD_PRELOAD": ""}
    child = subprocess.run(
        [sys.executable, "-m", "benchmarks.gate.measure"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    if child.returncode != 0:
        raise RuntimeError(f"the counts could not be measured:\n{child.stdout}{child.stderr}")
    figures: Figures = orjson.loads(child.stdout.splitlines()[-1])
    return figures


def recorded() -> Figures:
    """Return the counts in `gate.toml`."""
    return tomllib.loads(RECORD.read_text("utf-8"))


def record(figures: Figures) -> None:
    """Write the counts into `gate.toml`. Those within the tolerance stay, so many small steps add up."""
    known = recorded() if RECORD.is_file() else {}
    lines = [
        f"{name} = {known[name] if name in known and not problem(name, value, known) else round(value, 6)}"
        for name, value in figures.items()
    ]
    RECORD.write_text(_HEAD + "\n".join(lines) + "\n", "utf-8")


def problem(name: str, value: float, known: Figures) -> str:
    """Return how a count differs from the recorded one; empty if it is within the tolerance."""
    if name not in known:
        return f"{name} is {value:,.4g} and not recorded. Record it: {RECORD_COMMAND}"
    before = known[name]
    change = value / before - 1
    figures = f"{name}: {before:,.4g} is recorded, {value:,.4g} was counted ({change:+.1%})."
    if change > TOLERANCE:
        return f"{figures} Find the cause; if the growth is wanted, record it: {RECORD_COMMAND}"
    if change < -TOLERANCE:
        return f"{figures} This is a gain. Record it, so that it stays: {RECORD_COMMAND}"
    return ""


def main(*, write: bool) -> None:
    """Print the counts and the recorded ones; exit with 1 if one differs, unless they are recorded."""
    figures, known = measured(), recorded() if RECORD.is_file() else {}
    for name, value in figures.items():
        before = known.get(name)
        ratio = f"{value / before:6.3f}" if before else "   new"
        print(f"{name:36} {value:12,.4f} {before or 0:12,.4f} {ratio}")
    if write:
        record(figures)
        sys.exit(0)
    problems = [text for name, value in figures.items() if (text := problem(name, value, known))]
    print("\n".join(problems))
    sys.exit(1 if problems else 0)

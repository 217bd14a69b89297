"""`python -m benchmarks growth`: prints the table, and writes it as JSON."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import os
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
import uvloop

from benchmarks.growth.fires import fires
from benchmarks.growth.jobs import jobs
from benchmarks.growth.line import Line, Lines
from benchmarks.growth.payloads import logs, payloads
from benchmarks.growth.queued import queued
from benchmarks.growth.resharding import resharding
from benchmarks.growth.runs import runs
from benchmarks.growth.scale import Scale
from benchmarks.growth.streams import streams
from benchmarks.growth.workers import workers
from benchmarks.trees import ROOT

if TYPE_CHECKING:
    from collections.abc import Callable, Coroutine, Sequence

SUBJECTS: dict[str, Callable[[Scale, Lines], Coroutine[None, None, None]]] = {
    "jobs": jobs,
    "fires": fires,
    "runs": runs,
    "queued": queued,
    "payloads": payloads,
    "logs": logs,
    "streams": streams,
    "workers": workers,
    "resharding": resharding,
}


FAILED = "not measured: "


def main(arguments: Sequence[str]) -> None:
    """Measure the named subjects, all by default; exit with 1 if one could not be measured."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks growth", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"{', '.join(SUBJECTS)}; all by default")
    parser.add_argument("--quick", action="store_true", help="smaller sizes")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures")
    chosen = parser.parse_args(arguments)
    target: Path | None = chosen.json and chosen.json.absolute()
    unknown = set(chosen.names) - set(SUBJECTS)
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join(SUBJECTS)}")
    with tempfile.TemporaryDirectory(prefix="multi-job-growth-") as home, contextlib.chdir(home):
        # The processes of the platform find this tree, and write into the temporary folder.
        os.environ["PYTHONPATH"] = str(ROOT)
        found, notes = _measured(chosen.names or list(SUBJECTS), Scale(chosen.quick))
    print(table(found))
    print("\n".join(["", *notes]))
    print(f"load of this machine: {os.getloadavg()[0]:.1f}")
    if target:
        rows = [{**asdict(line), "slope": line.slope, "verdict": line.verdict} for line in found]
        target.write_bytes(orjson.dumps(rows, option=orjson.OPT_INDENT_2 | orjson.OPT_NON_STR_KEYS))
    if any(FAILED in note for note in notes):
        raise SystemExit(1)


def _measured(names: Sequence[str], scale: Scale) -> tuple[list[Line], list[str]]:
    found: list[Line] = []
    notes: list[str] = []
    for name in names:
        lines = Lines(name, lambda text: print(text, file=sys.stderr, flush=True))
        try:
            with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
                runner.run(SUBJECTS[name](scale, lines))
        except SystemExit as error:
            # What was measured until then is shown.
            lines.note(f"{FAILED}{error}")
        found += lines.all
        notes += lines.notes
    return found, notes


def table(lines: Sequence[Line]) -> str:
    """Return a line for each figure: its cost at each size, its slope, its verdict."""
    rows: list[str] = []
    subject = ""
    for line in lines:
        if line.subject != subject:
            subject = line.subject
            rows.append(f"\n{subject}")
        costs = "  ".join(f"{size:,}: {cost:,.{line.digits}f}" for size, cost in line.costs.items())
        slope = "" if line.slope is None else f"slope {line.slope:+.2f}, {line.verdict}"
        rows.append(f"  {line.title} ({line.unit})  {costs}  {slope}".rstrip())
    return "\n".join(rows).lstrip("\n")

"""`python -m benchmarks planner_variants`: how the planner reads variants of worked cases."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path

import orjson

from benchmarks.planner import CASES
from tests.support.planner.memory_planner import CasePlanner
from tests.support.planner.variants.measure import measured, report_of


def main(arguments: Sequence[str]) -> None:
    """Plan all variants of the cases in some files, and print the shares and the faults."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks planner_variants", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[CASES], help="cases, one JSON object a line")
    parser.add_argument(
        "--share", type=float, default=1.0, help="the part of the variants that is planned (1)"
    )
    parser.add_argument("--examples", type=int, default=3, help="examples of each kind of fault (3)")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every fault, one JSON object a line")
    chosen = parser.parse_args(arguments)
    cases = [orjson.loads(line) for file in chosen.files for line in file.read_bytes().splitlines() if line]
    with CasePlanner() as planner:
        measurement = measured(planner, cases, chosen.share)
    print(report_of(measurement, chosen.examples))
    if chosen.json:
        rows = [each.row for each in measurement.results if each.is_fault]
        chosen.json.write_bytes(b"".join(orjson.dumps(row, option=orjson.OPT_APPEND_NEWLINE) for row in rows))

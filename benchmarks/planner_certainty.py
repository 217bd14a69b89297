"""`python -m benchmarks planner_certainty`: the share of right jobs of each certainty."""

from __future__ import annotations

import argparse
import random
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any, Final

import orjson

from app.planner.models import HOLDS, SHARES, Certainty
from benchmarks.planner import CASES
from tests.support.planner.memory_planner import CasePlanner
from tests.support.planner.model_scoring import wrong_jobs

FOLDS: Final = 10
_SEED: Final = 7
Counts = Counter[tuple[Certainty, bool]]
"""How many jobs have a certainty, and are right or wrong."""


def main(arguments: Sequence[str]) -> None:
    """Plan the cases of some files, and print the shares with their errors on cases that were left out."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks planner_certainty", description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, default=[CASES], help="cases, one JSON object a line")
    parser.add_argument("--folds", type=int, default=FOLDS, help=f"parts that are left out in turn ({FOLDS})")
    chosen = parser.parse_args(arguments)
    cases = [orjson.loads(line) for file in chosen.files for line in file.read_bytes().splitlines() if line]
    cases = [case for case in cases if "then" not in case]
    random.Random(_SEED).shuffle(cases)
    counts, doubted = _counted(cases)
    print(f"{'certainty':10}{'jobs':>7}{'wrong':>7}{'share':>8}{'left out':>10}{'constant':>10}")
    for certainty in Certainty:
        right, wrong = (sum(each[certainty, is_right] for each in counts) for is_right in (True, False))
        error = _error(certainty, [_summed(counts[start :: chosen.folds]) for start in range(chosen.folds)])
        share = share_of(certainty, counts)
        print(f"{certainty:10}{right + wrong:7}{wrong:7}{share:8.3f}{error:10.3f}{SHARES[certainty]:10.3f}")
    print(f"plans of right jobs that are doubted: {sum(doubted)} of {len(doubted)}")


def share_of(certainty: Certainty, counts: Iterable[Counts]) -> float:
    """Return the share of right jobs, by the rule of succession: no share is 1 for want of cases."""
    total = _summed(counts)
    right, wrong = total[certainty, True], total[certainty, False]
    return (right + 1) / (right + wrong + 2)


def _error(certainty: Certainty, folds: Sequence[Counts]) -> float:
    """Return how far the shares of the other parts are from a part's own, on average over its jobs."""
    errors: list[float] = []
    for index, fold in enumerate(folds):
        jobs = fold[certainty, True] + fold[certainty, False]
        if jobs:
            others = share_of(certainty, [*folds[:index], *folds[index + 1 :]])
            errors += [abs(others - fold[certainty, True] / jobs)] * jobs
    return sum(errors) / max(1, len(errors))


def _counted(cases: Iterable[dict[str, Any]]) -> tuple[list[Counts], list[bool]]:
    """Return the jobs of each case by certainty, and whether each plan of right jobs is doubted."""
    counts: list[Counts] = []
    doubted: list[bool] = []
    with CasePlanner() as planner:
        for case in cases:
            plan = planner.plan(case)
            wrong = wrong_jobs(case, plan)
            counts.append(Counter((job.certainty, job not in wrong) for job in plan.jobs))
            if plan.jobs and not wrong and not (case.get("warns") or case.get("ask")):
                doubted.append(bool(plan.doubts & HOLDS))
    return counts, doubted


def _summed(counts: Iterable[Counts]) -> Counts:
    total: Counts = Counter()
    for each in counts:
        total.update(each)
    return total

"""`python -m benchmarks`: measures the platform against a bare stream worker."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from pathlib import Path

import orjson

from benchmarks import hostile, planner_certainty, planner_variants, soak
from benchmarks.access import command as key_changes
from benchmarks.gate import record as gate
from benchmarks.growth import command as growth
from benchmarks.measure import Figures, medians
from benchmarks.peers import command as peers
from benchmarks.report import table
from benchmarks.scenarios import NAMES
from benchmarks.shards import command as shards
from benchmarks.trees import ROOT, Subject, run_once, stage_of, work_tree

# Steady work, hostile requests, counts, other queues, larger sizes, several servers, keys, changed sentences,
# shares of right jobs; not by default.
SOAK, HOSTILE, GATE, PEERS, GROWTH = "soak", "hostile", "gate", "peers", "growth"
SHARDS, KEY_CHANGES, VARIANTS = "shards", "key_changes", "planner_variants"
CERTAINTY = "planner_certainty"
ALONE = (SOAK, HOSTILE, GATE, PEERS, GROWTH, SHARDS, KEY_CHANGES, VARIANTS, CERTAINTY)
OWN_OPTIONS = {
    PEERS: peers.main,
    GROWTH: growth.main,
    SHARDS: shards.main,
    KEY_CHANGES: key_changes.main,
    VARIANTS: planner_variants.main,
    CERTAINTY: planner_certainty.main,
}


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help=f"which: {', '.join(NAMES)}; all by default; or one of {', '.join(ALONE)}",
    )
    parser.add_argument("--quick", action="store_true", help="a quarter of the work, one round")
    parser.add_argument("--rounds", type=int, help="how often each subject has its turn (3; --quick: 1)")
    parser.add_argument("--against", metavar="REV", help="an earlier commit as a further subject")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures of all rounds")
    parser.add_argument("--minutes", type=float, default=30, help="soak: how long")
    parser.add_argument("--rate", type=int, default=40, help="soak: runs a second")
    parser.add_argument("--record", action="store_true", help="gate: write the counts into gate.toml")
    chosen = parser.parse_args()
    unknown = set(chosen.names) - {*NAMES, *ALONE}
    if unknown:
        parser.error(f"unknown: {', '.join(sorted(unknown))}; there are {', '.join((*NAMES, *ALONE))}")
    if {*ALONE} & set(chosen.names) and len(chosen.names) > 1:
        parser.error(f"each of {', '.join(ALONE)} runs alone")
    return chosen


def main() -> None:
    """Measure the selected workloads in turns, and print the medians."""
    if (command := OWN_OPTIONS.get("".join(sys.argv[1:2]))) is not None:
        command(sys.argv[2:])
        return
    chosen = _arguments()
    if chosen.names == [SOAK]:
        soak.main(chosen.minutes, chosen.rate)
    if chosen.names == [GATE]:
        gate.main(write=chosen.record)
    rounds = chosen.rounds or (1 if chosen.quick else 3)
    if chosen.names == [HOSTILE]:
        hostile.main(rounds)
    with contextlib.ExitStack() as stack:
        stage = stack.enter_context(stage_of())
        subjects = [Subject("ours", "ours", ROOT), Subject("bare stream", "bare", ROOT)]
        if chosen.against:
            tree = stack.enter_context(work_tree(chosen.against))
            subjects.append(Subject(chosen.against, "ours", tree))
        found = _measured(stage, subjects, chosen.names or NAMES, rounds, quick=chosen.quick)
    results = {
        title: {name: medians(figures) for name, figures in scenarios.items() if figures[0]}
        for title, scenarios in found.items()
    }
    print(table(results, [subject.title for subject in subjects]))
    if chosen.json:
        chosen.json.write_bytes(
            orjson.dumps({"medians": results, "rounds": found}, option=orjson.OPT_INDENT_2)
        )


def _measured(
    stage: Path, subjects: list[Subject], names: tuple[str, ...], rounds: int, *, quick: bool
) -> dict[str, dict[str, list[Figures]]]:
    found: dict[str, dict[str, list[Figures]]] = {subject.title: {} for subject in subjects}
    for name in names:
        for turn in range(rounds):
            # In turns, so that other load of this machine affects all subjects alike.
            for subject in subjects:
                print(
                    f"{name} {turn + 1}/{rounds}: {subject.title}",
                    end="\033[K\r",
                    file=sys.stderr,
                    flush=True,
                )
                figures = run_once(stage, subject, name, quick=quick)
                found[subject.title].setdefault(name, []).append(figures)
    print(f"load of this machine: {os.getloadavg()[0]:.1f}\033[K", file=sys.stderr)
    return found


if __name__ == "__main__":
    main()

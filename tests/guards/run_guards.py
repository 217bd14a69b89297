"""Takes one guard at a time out of the Lua scripts and demands that its test notices.

    python -m tests.guards.run_guards [name …]

A name is a guard (`queue/claim.lua:32`), a script (`queue/claim.lua`) or a test; without names all guards
are tried.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from tests.support.guards import WITHOUT_GUARD, Guard, all_guards

ROOT = Path(__file__).resolve().parents[2]
AT_ONCE = 2
# A script that stumbles over a missing name fails for a reason that says nothing about the guard.
_STUMBLES = ("nonexistent global variable", "Error compiling script", "attempt to call a nil value")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a guard's test without the guard."""

    guard: Guard
    noticed: bool
    text: str


def chosen_guards(names: Sequence[str]) -> list[Guard]:
    """Return the guards with these names; all guards if no name is given."""
    guards = all_guards()
    if not names:
        return guards
    return [guard for guard in guards if {guard.name, guard.file, guard.test} & set(names)]


def try_without(guard: Guard) -> Verdict:
    """Run a guard's test without the guard."""
    command = [sys.executable, "-m", "pytest", str(_file_of(guard.test)), "-k", guard.test, "-x", "-q"]
    command += ["-p", "no:randomly", "-p", "no:cacheprovider"]
    environment = {**os.environ, WITHOUT_GUARD: guard.name}
    done = subprocess.run(
        command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True, timeout=120
    )
    stumbled = next((text for text in _STUMBLES if text in done.stdout), "")
    if done.returncode == 1 and not stumbled:
        return Verdict(guard, noticed=True, text=_reason(done.stdout))
    said = {0: "passes without it", 1: f"fails by accident: {stumbled}"}
    return Verdict(
        guard, noticed=False, text=said.get(done.returncode, done.stdout[-300:] + done.stderr[-300:])
    )


def try_all(guards: Sequence[Guard]) -> list[Verdict]:
    """Try guards, two at a time, in their order."""
    with ThreadPoolExecutor(AT_ONCE) as pool:
        return list(pool.map(try_without, guards))


def table(verdicts: Sequence[Verdict]) -> str:
    """Return one line a guard."""
    width = max((len(verdict.guard.name) for verdict in verdicts), default=0)
    return "\n".join(
        f"{'ok  ' if v.noticed else 'MISS'}  {v.guard.name:<{width}}  {v.guard.test}: {v.text}"
        for v in verdicts
    )


def _file_of(test: str) -> Path:
    definition = re.compile(rf"def {test}\b")
    files = sorted((ROOT / "tests").rglob("test_*.py"))
    return next(path for path in files if definition.search(path.read_text("utf-8")))


def _reason(output: str) -> str:
    lines = [line[1:].strip() for line in output.splitlines() if line.startswith("E ")]
    return lines[0][:90] if lines else "failed"


def main(names: Sequence[str]) -> int:
    verdicts = try_all(chosen_guards(names))
    noticed = sum(verdict.noticed for verdict in verdicts)
    sys.stdout.write(f"{table(verdicts)}\n{noticed} of {len(verdicts)} guards are noticed by their tests\n")
    return 0 if verdicts and noticed == len(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

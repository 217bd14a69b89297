"""The README's examples against a running installation: each command, and the answer that stands below it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from tests.support.installation import MakeInstalled
from tests.support.readme_examples import Example, differences, examples
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.timeout(240),
    pytest.mark.skipif(sys.platform == "win32", reason="these are the POSIX launchers"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]

# What a run that was just asked for needs until it has ended, on a busy machine.
PATIENCE_SECONDS = 30
# Placeholders of the README, and the field of an earlier answer that fills them in.
PLACEHOLDERS = {"RUN_ID": "run_id", "PLAN_ID": "plan_id"}
# Nobody outside is asked: no key of the developer's, and no Telegram behind the example's token.
LONELY = {"OPENAI_API_KEY": "", "PLANNER_AI_MODEL": "", "TELEGRAM_API_BASE": "http://127.0.0.1:9"}


@dataclass(slots=True)
class Reader:
    """Somebody who types the README's commands one after the other."""

    address: str
    known: dict[str, str] = field(default_factory=dict[str, str])
    found: list[str] = field(default_factory=list[str])

    def follow(self, example: Example) -> None:
        """Run a command; what only looks is asked until it answers as shown, or the patience is over."""
        if example.is_read:
            try:
                wait_until(lambda: not self._try(example), PATIENCE_SECONDS)
            except AssertionError:
                self._tell(example, self._try(example))
        else:
            self._tell(example, self._try(example))

    def _tell(self, example: Example, problems: list[str]) -> None:
        self.found += [f"{example}\n    {problem}" for problem in problems]

    def _try(self, example: Example) -> list[str]:
        command = example.command(self.address, self.known)
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        text, _, status = done.stdout.rpartition("\n")
        problems = _of_status(example.answer, int(status), text)
        if example.answer is not None and not problems:
            problems = differences(example.answer, json.loads(text))
        if not problems:
            self._remember(text)
        return problems

    def _remember(self, text: str) -> None:
        for name, source in PLACEHOLDERS.items():
            ids = re.findall(rf'"{source}":"([^"]+)"', text)
            if ids:
                self.known[name] = ids[0]


def _of_status(shown: Any, status: int, text: str) -> list[str]:
    """Compare the status: what is shown as a problem says its own, all else succeeds."""
    wanted = cast("dict[str, Any]", shown).get("status") if isinstance(shown, dict) else None
    if isinstance(wanted, int):
        return [] if status == wanted else [f"{status} in place of {wanted}: {text}"]
    return [] if 200 <= status < 300 else [f"{status}: {text}"]


def test_examples_answer_as_documented(install: MakeInstalled) -> None:
    """Typed in their order into a fresh installation, every example answers what the README shows."""
    installed = install(**LONELY)
    installed.up()
    reader = Reader(f"http://127.0.0.1:{installed.api_port}")
    for example in examples():
        reader.follow(example)
    assert reader.found == [], "\n".join(reader.found)

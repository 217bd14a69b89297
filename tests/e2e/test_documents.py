"""The documents' commands, typed in their order into one running installation, and the answers they show."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from tests.support.api.command_server import CommandServer
from tests.support.channels.fake_telegram import FakeTelegram
from tests.support.documents.document_examples import Example, differences, examples, missing_lines
from tests.support.documents.documents import Document, executed_documents, other_proof
from tests.support.local.installation import PROJECT_ROOT, Installed, MakeInstalled, MakeTree
from tests.support.waiting import wait_until

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="these are the POSIX launchers"),
    pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed"),
]

# The longest time that a new run needs to end on a busy machine.
PATIENCE_SECONDS = 60
# The documents' placeholders, and the pattern that finds their value in an answer or an output.
PLACEHOLDERS = {
    "RUN_ID": re.compile(r'"run_id":"([^"]+)"|^([0-9A-HJKMNP-TV-Z]{26}) success'),
    "PLAN_ID": re.compile(r'"plan_id":"([^"]+)"'),
    "EXPORT_ID": re.compile(r"^(backup-nightly@\S+)", re.MULTILINE),
    "KEY": re.compile(r"^(mj_(?!localkey)[\w-]+)$", re.MULTILINE),
    "KEY_ID": re.compile(r"^(\w+) +ana ", re.MULTILINE),
}
# Its commands are processes of their own; those of the other documents are forks of one that has loaded.
REAL = "README.md"
DEVELOPMENT = Document("docs/development.md")
TOKEN = "123456789:AAF-the-token-of-BotFather"
# No model and no provider outside is called.
ALONE = {"OPENAI_API_KEY": "", "PLANNER_AI_MODEL": ""}


@dataclass(slots=True)
class Reader:
    """A person who types the commands one after the other."""

    installed: Installed
    server: CommandServer
    known: dict[str, str] = field(default_factory=dict[str, str])
    problems: list[str] = field(default_factory=list[str])

    def follow(self, example: Example) -> None:
        """Run a command; one that only reads is repeated until its answer is the one that is shown."""
        if example.is_read:
            try:
                wait_until(lambda: not self._call(example), PATIENCE_SECONDS)
            except AssertionError:
                self._note(example, self._call(example))
        elif example.is_curl:
            self._note(example, self._call(example))
        else:
            self._note(example, self._run(example))

    def _note(self, example: Example, problems: list[str]) -> None:
        self.problems += [f"{example}\n    {problem}" for problem in problems]

    def _call(self, example: Example) -> list[str]:
        command = example.curl(f"http://127.0.0.1:{self.installed.api_port}", self.known)
        done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
        text, _, status = done.stdout.rpartition("\n")
        problems = _of_status(example.answer, int(status), text)
        if example.answer is not None and not problems:
            problems = differences(example.answer, json.loads(text))
        if not problems:
            self._remember(text)
        return problems

    def _run(self, example: Example) -> list[str]:
        """Run a command in the project's folder; its standard input is the token that it may ask for."""
        words = example.command(self.known)
        own = {"MULTI_JOB_API_KEY": self.known["KEY"]} if "KEY" in self.known else {}
        if example.document.startswith("docs/id/"):
            own["LC_ALL"] = "id_ID.UTF-8"
        if words[0] == "multi-job" and example.document != REAL:
            done = self.server.run(words, own, f"{TOKEN}\n")
            code, printed = done.returncode, done.stdout + done.stderr
        else:
            code, printed = self._run_process(words, own)
        if code:
            return [f"exit code {code}: {printed}"]
        self._remember(printed)
        missing = missing_lines(example.output, printed)
        return [f"not printed: {line!r} in\n{printed}" for line in missing]

    def _run_process(self, words: Sequence[str], own: Mapping[str, str]) -> tuple[int, str]:
        done = subprocess.run(
            words,
            cwd=self.installed.root,
            env={**_shell(self.installed), **own},
            input=f"{TOKEN}\n",
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=60,
            # Without a terminal, a hidden question reads standard input.
            start_new_session=True,
        )
        return done.returncode, done.stdout

    def _remember(self, text: str) -> None:
        for name, pattern in PLACEHOLDERS.items():
            # The first key is the admin's, and stays the reader's.
            if (match := pattern.search(text)) and (name != "KEY" or name not in self.known):
                self.known[name] = next(group for group in match.groups() if group)


def _shell(installed: Installed) -> dict[str, str]:
    """Return the environment of a shell in which `. .venv/bin/activate` was typed."""
    path = os.pathsep.join([str(installed.root / ".venv" / "bin"), os.environ["PATH"]])
    return {**installed.environment, "PATH": path, "LANG": "en_US.UTF-8"}


def _of_status(shown: Any, status: int, text: str) -> list[str]:
    """Compare the status: a problem shows its own, any other answer is a success."""
    wanted = cast("dict[str, Any]", shown).get("status") if isinstance(shown, dict) else None
    if isinstance(wanted, int):
        return [] if status == wanted else [f"{status} in place of {wanted}: {text}"]
    return [] if 200 <= status < 300 else [f"{status}: {text}"]


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    """A Telegram on loopback that knows the bot of the documents."""
    with FakeTelegram((TOKEN,)) as remote:
        yield remote


def _job_type_of_the_documents(tree: Path) -> dict[str, str]:
    """Write the job type of the documents and its policy into a tree; return the settings that name them."""
    module, *_others = [
        block for block in DEVELOPMENT.blocks("## Write a job type") if block.language == "python"
    ]
    [policy] = [block for block in DEVELOPMENT.blocks("## Write a job type") if block.language == "yaml"]
    (tree / "my").mkdir()
    (tree / "my" / "module.py").write_text(module.text, "utf-8")
    (tree / "my" / "policies.yaml").write_text(policy.text, "utf-8")
    return {"HANDLER_MODULES": "my.module", "POLICIES_FILE": str(tree / "my" / "policies.yaml")}


def test_examples_answer_as_documented(
    install: MakeInstalled, make_tree: MakeTree, telegram: FakeTelegram, tmp_path: Path
) -> None:
    """In a fresh installation, every command of every document succeeds and answers as its document shows."""
    # A tree of its own, because commands write files into it.
    tree = make_tree(tmp_path / "tree")
    settings = {**_job_type_of_the_documents(tree), "TELEGRAM_API_BASE": telegram.url, **ALONE}
    installed = install(tree, **settings)
    # The documents apply examples of a checkout.
    shutil.copytree(PROJECT_ROOT / "app/jobs/specs", tree / "app/jobs/specs", dirs_exist_ok=True)
    installed.up()
    executed = 0
    with installed.command_server(_shell(installed)) as server:
        reader = Reader(installed, server)
        for document in executed_documents():
            for example in examples(document):
                if other_proof(example.words) is None:
                    reader.follow(example)
                    executed += 1
    assert reader.problems == [], "\n".join(reader.problems)
    assert executed >= 80
    assert telegram.checks

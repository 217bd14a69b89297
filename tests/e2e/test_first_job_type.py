"""The guide "a job type in five minutes": its commands are typed, and its code is run."""

from __future__ import annotations

import json
import os
import shlex
import signal
import subprocess
import sys
from collections.abc import Callable, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from multi_job.testing.processes import foreign_environment
from tests.support.documents.documents import ROOT, Document
from tests.support.embedded_redis import free_port
from tests.support.local.installation import Installed
from tests.support.waiting import wait_until

GUIDE = Document("docs/first-job-type.md")
TRANSLATED = Document("docs/id/tipe-job-pertama.md")
PAIRS = (("Make it", "Buat"), ("Test it", "Uji"), ("Run it", "Jalankan"), ("Keep it", "Pakai seterusnya"))
# A busy machine.
READY_SEC = 60.0


_RUN = """
import json, time
from multi_job import Client
client = Client()
client.jobs.create(job_id="long", type="simulation.load", inputs={"duration_ms": 8000})
run = client.jobs.run("long")
while run.refresh().status != "running":
    time.sleep(0.1)
print("running", flush=True)
record = run.wait(90).record
print(json.dumps({name: record[name] for name in ("status", "attempt", "failures")}))
"""


class Reader:
    """A person in a terminal, with `multi-job` and `python` on the path."""

    def __init__(self, home: Path, project: Installed | None) -> None:
        """`project` has a wheel; without one, the commands are those of this checkout."""
        self.folder = home / "work"
        commands = home / "bin"
        for each in (self.folder, commands):
            each.mkdir(parents=True)
        python = [sys.executable] if project is None else [str(project.python)]
        command = [*python, "-P", "-m", "app.cli"] if project is None else project.command
        for name, words in {"multi-job": command, "python": python}.items():
            file = commands / name
            file.write_text(f'#!/bin/sh\nexec {shlex.join(words)} "$@"\n', "utf-8")
            file.chmod(0o755)
        port = str(free_port())
        self.environment = {
            **foreign_environment(),
            "PATH": f"{commands}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(ROOT if project is None else project.root),
            "MULTI_JOB_HOME": str(home / "data"),
            "API_PORT": port,
            "REDIS_PORT": str(free_port()),
            "MULTI_JOB_URL": f"http://127.0.0.1:{port}",
            "LC_ALL": "C.UTF-8",
        }
        self.dev_log = home / "dev.log"

    def type(self, command: str) -> str:
        """Type a command that must succeed, and return what it prints."""
        words = shlex.split(command)
        if words[0] == "cd":
            self.folder /= words[1]
            return ""
        done = self.run(command)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}{self.dev_text()}"
        return done.stdout

    def run(self, command: str) -> subprocess.CompletedProcess[str]:
        """Type a command and return how it ended."""
        return subprocess.run(
            shlex.split(command),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=100,
            check=False,
        )

    def dev_text(self) -> str:
        return self.dev_log.read_text("utf-8") if self.dev_log.exists() else ""

    def wait_for(self, text: str, count: int = 1) -> None:
        """Wait until `multi-job dev` has printed a text so often."""
        wait_until(lambda: self.dev_text().count(text) >= count, READY_SEC, f"{text!r} in\n{self.dev_text()}")

    @contextmanager
    def second_terminal(self, command: str) -> Generator[None]:
        """Have `multi-job dev` run; Ctrl-C ends it."""
        # The build of the dashboard has tests of its own.
        words = [*shlex.split(command), "--no-ui"]
        with self.dev_log.open("wb") as log:
            process = subprocess.Popen(
                words, cwd=self.folder, env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        try:
            self.wait_for("Reloads on change")
            yield
        finally:
            process.send_signal(signal.SIGINT)
            assert process.wait(READY_SEC) == 0, self.dev_text()

    @contextmanager
    def run_in_progress(self) -> Generator[Callable[[], Any]]:
        """Have a run of some seconds in progress; yields a function that waits for its end."""
        process = subprocess.Popen(
            ["python", "-c", _RUN], cwd=self.folder, env=self.environment, stdout=subprocess.PIPE, text=True
        )
        assert process.stdout is not None
        with process:
            assert process.stdout.readline() == "running\n"
            yield lambda: json.loads(process.communicate(timeout=100)[0])

    def output(self, command: str) -> Any:
        """Type a command that prints the end of a run, and return the run's output."""
        return json.loads(self.type(command).splitlines()[-1].partition(" success · ")[2])


@pytest.fixture
def reader(tmp_path: Path, request: pytest.FixtureRequest) -> Reader:
    """A person with an empty folder."""
    if not request.config.getoption("--wheel"):
        return Reader(tmp_path, None)
    return Reader(tmp_path, Installed(request.getfixturevalue("tree"), tmp_path / "data"))


def _python(document: Document, heading: str) -> list[str]:
    return [block.text for block in document.blocks(f"## {heading}") if block.language == "python"]


def test_guide_makes_a_job_type_and_changes_it(reader: Reader) -> None:
    """Every command in its order: the package, its test, the platform, a run, a change, a mistake."""
    for command in (*GUIDE.commands("## Make it"), *GUIDE.commands("## Test it")):
        reader.type(command)
    handler = reader.folder / "shop_hello" / "jobs.py"
    assert _python(GUIDE, "Make it") == [handler.read_text("utf-8")]
    dev, apply, run, again = GUIDE.commands("## Run it")
    assert run == again
    with reader.second_terminal(dev):
        reader.type(apply)
        assert reader.output(run) == {"greeting": "halo Budi", "count": 1}
        text = handler.read_text("utf-8")
        handler.write_text("def (\n", "utf-8")
        reader.wait_for("not reloaded, the running processes go on")
        assert reader.output(run) == {"greeting": "halo Budi", "count": 2}
        with reader.run_in_progress() as end:
            handler.write_text(text.replace('"halo {name}"', '"hai {name}"'), "utf-8")
            reader.wait_for(": reloaded in ")
            # Released by the old worker, and started again by the new one.
            assert end() == {"status": "success", "attempt": 2, "failures": 0}
        assert reader.output(again) == {"greeting": "hai Budi", "count": 3}
        [program] = _python(GUIDE, "Run it")
        assert "{'greeting': 'hai Siti', 'count': 4}" in reader.type(shlex.join(["python", "-c", program]))
    assert "All stopped" in reader.dev_text()
    assert "SyntaxError: invalid syntax" in reader.dev_text()
    _restarts(reader)


def _restarts(reader: Reader) -> None:
    """A restart starts everything; a start with other settings says which differ, and how to apply them."""
    [restart] = GUIDE.commands("## Keep it")
    try:
        assert "All ready" in reader.type(f"{restart} --no-ui")
        reader.environment["LEASE_SEC"] = "20"
        refused = reader.run("multi-job up --no-ui")
        assert refused.returncode == 1
        assert "LEASE_SEC: running 30.0, asked 20.0" in refused.stderr
        assert "already running with other settings; this applies yours: " in refused.stderr
    finally:
        assert "All stopped" in reader.type("multi-job down")


def test_tests_and_tool_of_the_guide_work(reader: Reader) -> None:
    """The examples of the test kit pass, and the example tool is used with the shown policy."""
    reader.type("multi-job new job shop.hello")
    reader.type("cd shop-hello")
    kit, _platform = _python(GUIDE, "Tests without a server")
    (reader.folder / "tests" / "test_kit.py").write_text(kit, "utf-8")
    [tool] = _python(GUIDE, "A tool of your own")
    (reader.folder / "shop_hello" / "ledger.py").write_text(tool, "utf-8")
    toml, rules = (block.text for block in GUIDE.blocks("## A tool of your own")[1:])
    assert toml.splitlines()[1] == 'ledger = "shop_hello.ledger:LedgerTool"'
    (reader.folder / "ledger.yaml").write_text(rules, "utf-8")
    (reader.folder / "tests" / "test_ledger.py").write_text(
        "from multi_job import job\nfrom multi_job.testing import FakeTools, run_job\n"
        "from shop_hello.ledger import LedgerTool\n\n"
        "@job('shop.hello', tools=('ledger',))\n"
        "async def read(ctx, book: str) -> int:\n    return await ctx.tools.ledger.balance(book)\n\n"
        "def test_ledger():\n"
        "    tools = FakeTools(custom={'ledger': LedgerTool})\n"
        "    options = {'tools': tools, 'policies': 'ledger.yaml'}\n"
        "    assert run_job(read, {'book': 'kas'}, **options).assert_success() == 3\n"
        "    run_job(read, {'book': 'x'}, **options).assert_failed('policy_denied')\n",
        "utf-8",
    )
    assert "5 passed" in reader.type("python -m pytest -q -p no:cacheprovider")


def test_platform_fixture_of_the_guide_is_the_real_one() -> None:
    """The example of `job_platform` uses what the plugin and the platform have."""
    _kit, example = _python(GUIDE, "Tests without a server")
    names = {"job_platform_settings", "job_platform.create_job", "job_platform.run_job"}
    assert all(name in example for name in names)
    compile(example, "example", "exec")


def test_guide_in_indonesian_has_the_same_commands_and_code() -> None:
    """Both languages lead through the same steps."""
    for english, indonesian in PAIRS:
        assert GUIDE.commands(f"## {english}") == TRANSLATED.commands(f"## {indonesian}")
        assert _python(GUIDE, english) == _python(TRANSLATED, indonesian)

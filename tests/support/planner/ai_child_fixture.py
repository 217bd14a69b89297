"""The planner's child processes without the wait: they are forked from one that has the libraries imported.

Each runs the child's own `main` over pipes of its own, as one that was started afresh would.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Generator, Mapping
from dataclasses import dataclass

from app.core.execution.parent import die_with_parent
from app.planner.ai import child as ai_child
from app.planner.ai.models import ModelChoice
from app.planner.ai.process import MAX_LINE_BYTES, environment_of

PROVIDERS = ("OPENAI_API_BASE",)
# The libraries import these when they are first used.
_LIBRARIES = ("litellm", "litellm.main", "openai.resources.chat.completions")


class ForkedChild:
    """A forked child, as far as its parent talks with one."""

    def __init__(self, stdin: asyncio.StreamWriter, stdout: asyncio.StreamReader) -> None:
        self.stdin, self.stdout = stdin, stdout
        self.calls = 0

    async def end(self) -> int | None:
        self.stdin.close()
        with contextlib.suppress(ConnectionError):
            await self.stdin.wait_closed()
        return -1


@dataclass(frozen=True, slots=True)
class AiChildren:
    """Starts the children; `start` replaces `start_child` of the planner."""

    port: int

    async def start(self, environment: Mapping[str, str]) -> ForkedChild:
        # A forked child has the variables of the process that it is forked from, but for the provider's.
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=MAX_LINE_BYTES)
        base = {"is": "variables", **{name: environment[name] for name in PROVIDERS if name in environment}}
        writer.write(json.dumps(base).encode() + b"\n")
        return ForkedChild(writer, reader)


@contextlib.contextmanager
def open_ai_children() -> Generator[AiChildren]:
    """Import the libraries in a process of their own, and kill all that came from it at the end."""
    environment = environment_of(os.environ, ModelChoice("openai/m", None, None, ()))
    command = (sys.executable, "-m", "tests.support.planner.ai_child_fixture")
    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=environment,
        start_new_session=True,
    ) as process:
        assert process.stdout is not None
        try:
            yield AiChildren(int(process.stdout.readline()))
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def main() -> None:
    for name in _LIBRARIES:
        importlib.import_module(name)
    # The children are not waited for here.
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)  # noqa: T201  read by who started it
        while True:
            talk, _ = listener.accept()
            if os.fork() == 0:
                listener.close()
                _be_a_child(talk)
            talk.close()


def _be_a_child(talk: socket.socket) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    ai_children = os.getppid()

    def die_with_parent_process(parent_pid: int) -> None:
        """Its parent is the ai_children, not the one that asks."""
        die_with_parent(ai_children)

    ai_child.die_with_parent = die_with_parent_process
    first = b""
    while not first.endswith(b"\n"):
        first += talk.recv(1)
    os.environ.update({name: value for name, value in json.loads(first).items() if name in PROVIDERS})
    for descriptor in (0, 1):
        os.dup2(talk.fileno(), descriptor)
    talk.close()
    ai_child.main()


if __name__ == "__main__":
    main()

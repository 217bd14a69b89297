"""`multi-job` as somebody at a terminal in an installation's folder types it."""

from __future__ import annotations

import json
import subprocess
from typing import Any

from tests.support.api.command_server import CommandServer
from tests.support.local.installation import Installed


class Terminal:
    """A shell in the installation's folder; `key` is its MULTI_JOB_API_KEY.

    With a server, each command is a fork of its process; without one, a process that loads everything.
    """

    def __init__(self, installed: Installed, key: str = "", server: CommandServer | None = None) -> None:
        self.installed = installed
        self.key = key
        self._server = server

    def type(self, *words: str, typed: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a command to its end; `typed` are the answers to what it asks, a line each."""
        key = {"MULTI_JOB_API_KEY": self.key} if self.key else {}
        if self._server is not None:
            return self._server.run(["multi-job", *words], key, typed or "")
        return subprocess.run(
            [*self.installed.command, *words],
            cwd=self.installed.root,
            env={**self.installed.environment, **key},
            input=typed,
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
            # Hidden prompts would read from the terminal that runs the tests.
            start_new_session=True,
        )

    def ok(self, *words: str, typed: str | None = None) -> str:
        """Run a command that succeeds and return what it prints."""
        done = self.type(*words, typed=typed)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def read(self, *words: str, typed: str | None = None) -> Any:
        """Run a command that succeeds and return its JSON."""
        return json.loads(self.ok(*words, "--json", typed=typed))

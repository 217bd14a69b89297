"""Runs `multi-job` commands in forks of a process that has loaded the command line already.

Loading takes ten times as long as a command. Each line on stdin is a JSON request: `words`, `folder`,
`environment` (added to the own one), `input` (the text on the command's stdin), `output` and `errors` (files
for what it prints). Each line on stdout is the exit code.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import traceback
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any, Self


class CommandServer:
    """The process, as its test uses it; `main` is the module of the commands, found from `folder`."""

    def __init__(
        self, python: Path, folder: Path, environment: Mapping[str, str], main: str = "app.cli.main"
    ) -> None:
        self._command = [str(python), __file__, main]
        self._folder = folder
        self._environment = {**environment, "PYTHONPATH": str(folder)}

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            self._command,
            cwd=self._folder,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            # Without a terminal, a hidden question reads standard input.
            start_new_session=True,
        )
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._process.communicate(timeout=30)

    def run(
        self, words: Sequence[str], environment: Mapping[str, str], text: str, folder: Path | None = None
    ) -> subprocess.CompletedProcess[str]:
        """Run a command to its end, in another folder if one is given."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with (
            tempfile.NamedTemporaryFile(mode="r", encoding="utf-8") as printed,
            tempfile.NamedTemporaryFile(mode="r", encoding="utf-8") as errors,
        ):
            request = {
                "words": words,
                "folder": str(folder or self._folder),
                "environment": environment,
                "input": text,
                "output": printed.name,
                "errors": errors.name,
            }
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            code = int(self._process.stdout.readline())
            return subprocess.CompletedProcess(words, code, printed.read(), errors.read())


def _serve(module: str) -> None:
    # The parent of the forks loads what commands load, and no importer of this module does.
    from typer.main import get_group  # noqa: PLC0415

    commands = import_module(module)
    dict(get_group(commands.app).commands)
    for line in sys.stdin:
        request: dict[str, Any] = json.loads(line)
        child = os.fork()
        if child == 0:
            _become(request)
            os._exit(_code_of(commands.main))
        _, status = os.waitpid(child, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


def _become(request: dict[str, Any]) -> None:
    """Turn a fork into the process of one command."""
    sys.argv = request["words"]
    os.chdir(request["folder"])
    os.environ.update(request["environment"])
    with tempfile.TemporaryFile("w+", encoding="utf-8") as given:
        given.write(request["input"])
        given.seek(0)
        os.dup2(given.fileno(), 0)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115  the command's own
    for name, descriptor in (("output", 1), ("errors", 2)):
        os.dup2(os.open(request[name], os.O_WRONLY), descriptor)


def _code_of(main: Any) -> int:
    """Run a command as the interpreter would; return its exit code."""
    try:
        main()
    except SystemExit as exit_:
        code = exit_.code if isinstance(exit_.code, int) else int(exit_.code is not None)
    except BaseException:  # noqa: BLE001  the interpreter prints it and exits with 1
        traceback.print_exc()
        code = 1
    else:
        code = 0
    sys.stdout.flush()
    sys.stderr.flush()
    return code


if __name__ == "__main__":
    _serve(sys.argv[1])

"""Runs the agent in child processes: each costs 200 MB and may hang.

The agent's libraries are third-party code, so the child gets none of the deployment's secrets.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process, SubprocessStreamProtocol
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.core.execution.parent import tie_to_this_process
from app.core.i18n import _, concat
from app.planner.ai.models import AiFailure

if TYPE_CHECKING:
    from app.planner.ai.models import ModelChoice

MAX_LINE_BYTES: Final = 131_072
MAX_CALLS: Final = 64
MAX_TASKS: Final = 100
"""A child that has answered this many requests is ended: its libraries may leak memory."""
IDLE_SEC: Final = 300.0
_LEAVE_SEC: Final = 2.0
# Variables that a Python process and a TLS client need; none of them is a setting of this deployment.
_PASSED: Final = frozenset(
    {
        *("PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "TEMP", "TMP", "SYSTEMROOT", "VIRTUAL_ENV"),
        *("SSL_CERT_FILE", "SSL_CERT_DIR", "REQUESTS_CA_BUNDLE"),
        *("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "no_proxy"),
    }
)
_QUIET: Final = {
    # Neither library may contact its maker, nor read `.env`, which holds the deployment's secrets.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}
# Failures of the provider, not of the child.
_KEEPS_CHILD: Final = frozenset(
    {"key_refused", "busy", "model_timeout", "model_unknown", "unreachable", "no_answer"}
)
_REASONS: Final = {
    "key_refused": _("the provider refuses the key"),
    "busy": _("the provider is busy"),
    "model_timeout": _("the model did not answer in time"),
    "model_unknown": _("the provider does not know the model"),
    "unreachable": _("the provider cannot be reached"),
    "package_missing": _("a package is missing: pip install -e '.[ai]'"),
    "no_answer": _("the model gave no answer within its steps"),
    "failed": _("the model's run failed"),
}

Tools = Callable[[str, Any], str]


@dataclass(frozen=True, slots=True)
class AgentAnswer:
    """The agent's final answer, and the tokens of its calls; None if it does not know them."""

    text: str
    tokens: int | None


class AgentChild:
    """A running child process, as far as its parent talks with it."""

    def __init__(self, process: Process, transport: asyncio.SubprocessTransport) -> None:
        assert process.stdin is not None  # noqa: S101  both are asked for
        assert process.stdout is not None  # noqa: S101
        self.stdin, self.stdout = process.stdin, process.stdout
        self._process = process
        self._transport = transport
        self.tasks = 0

    @property
    def is_alive(self) -> bool:
        """True unless the process has ended."""
        return self._process.returncode is None and not self.stdout.at_eof()

    async def end(self) -> int | None:
        """Kill the process with its own children, wait for its end, and return its exit code."""
        if self._process.returncode is None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                if sys.platform == "win32":
                    self._process.kill()
                else:
                    os.killpg(self._process.pid, signal.SIGKILL)
        # The child has ended before the caller gets a result, however the exchange ended.
        await asyncio.wait({asyncio.ensure_future(self._process.wait())}, timeout=_LEAVE_SEC)
        self._transport.close()
        return self._process.returncode


async def start_child(environment: Mapping[str, str]) -> AgentChild:
    """Start a child process with exactly these variables."""
    loop = asyncio.get_running_loop()
    transport, protocol = await loop.subprocess_exec(
        lambda: SubprocessStreamProtocol(MAX_LINE_BYTES, loop),
        sys.executable,
        "-m",
        "app.planner.ai.child",
        stdin=PIPE,
        stdout=PIPE,
        stderr=DEVNULL,
        env=environment,
        start_new_session=True,
    )
    process = Process(transport, protocol, loop)
    tie_to_this_process(process.pid)
    return AgentChild(process, transport)


class AgentPool:
    """Keeps children between requests, because the import of their libraries takes seconds.

    A child that was idle for `idle_sec`, has answered many requests, crashed, or was cut off is ended; the
    next request starts another one.
    """

    def __init__(self, idle_sec: float = IDLE_SEC) -> None:
        self._idle_sec = idle_sec
        self._idle: dict[AgentChild, tuple[Mapping[str, str], asyncio.TimerHandle]] = {}
        self._ends: set[asyncio.Task[Any]] = set()

    async def ask(
        self,
        task: Mapping[str, Any],
        choice: ModelChoice,
        tools: Tools,
        timeout_sec: float,
        environment: Mapping[str, str],
    ) -> AgentAnswer:
        """Return the agent's final answer; AiFailure if there is none. The caller bounds the time."""
        message = {
            **task,
            "parent": os.getpid(),
            "model_id": choice.model_id,
            "api_base": choice.api_base,
            "api_key": choice.api_key,
            "timeout_sec": timeout_sec,
        }
        variables = _environment(environment, choice)
        warm = self._take(variables)
        if warm is not None:
            with contextlib.suppress(_ChildGoneError):
                return await self._exchange(warm, variables, message, tools)
        try:
            return await self._exchange(await start_child(variables), variables, message, tools)
        except _ChildGoneError as gone:
            raise AiFailure("failed", _text("failed", f"exit code {gone.exit_code}")) from gone
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise AiFailure("failed", _text("failed", type(error).__name__)) from error

    async def close(self) -> None:
        """End all children."""
        for child in list(self._idle):
            self._end_idle(child)
        if self._ends:
            await asyncio.wait(self._ends)

    async def _exchange(
        self, child: AgentChild, variables: Mapping[str, str], message: dict[str, Any], tools: Tools
    ) -> AgentAnswer:
        keep = False
        try:
            answer = await _talk(child, message, tools)
            keep = True
        except AiFailure as failure:
            keep = failure.code in _KEEPS_CHILD
            raise
        except _ChildGoneError as gone:
            gone.exit_code = await child.end()
            raise
        finally:
            child.tasks += 1
            if keep and child.tasks < MAX_TASKS and child.is_alive:
                timer = asyncio.get_running_loop().call_later(self._idle_sec, self._end_idle, child)
                self._idle[child] = variables, timer
            else:
                await child.end()
        return answer

    def _take(self, variables: Mapping[str, str]) -> AgentChild | None:
        """Return an idle child that was started with these variables."""
        for child, (its_variables, timer) in list(self._idle.items()):
            if not child.is_alive:
                self._end_idle(child)
            elif its_variables == variables:
                timer.cancel()
                del self._idle[child]
                return child
        return None

    def _end_idle(self, child: AgentChild) -> None:
        _variables, timer = self._idle.pop(child)
        timer.cancel()
        end = asyncio.get_running_loop().create_task(child.end())
        self._ends.add(end)
        end.add_done_callback(self._ends.discard)


class _ChildGoneError(Exception):
    """The child's output ended without a result."""

    exit_code: int | None = None


def _environment(environment: Mapping[str, str], choice: ModelChoice) -> dict[str, str]:
    seen = {
        name: value
        for name, value in environment.items()
        if name in _PASSED or (choice.variables and name.startswith(choice.variables))
    }
    path = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109  an import path is text
    return {**seen, **_QUIET, "PYTHONPATH": path}


async def _talk(child: AgentChild, task: dict[str, Any], tools: Tools) -> AgentAnswer:
    await _send(child, task)
    for _turn in range(MAX_CALLS):
        line = await child.stdout.readline()
        if not line:
            raise _ChildGoneError
        message = orjson.loads(line)
        if message["is"] == "answer":
            return AgentAnswer(str(message["text"]), message.get("tokens"))
        if message["is"] == "failed":
            raise AiFailure(str(message["code"]), _text(str(message["code"]), str(message["text"])))
        await _send(child, {"answer": tools(str(message["tool"]), message["arguments"])})
    raise AiFailure("failed", _text("no_answer"))


async def _send(child: AgentChild, message: dict[str, Any]) -> None:
    # The exit of a child is visible on its stdout.
    with contextlib.suppress(ConnectionError):
        child.stdin.write(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))
        await child.stdin.drain()


def _text(code: str, detail: str = "") -> str:
    reason = _REASONS.get(code, _REASONS["failed"])
    return concat(reason, f" ({detail})") if detail else reason

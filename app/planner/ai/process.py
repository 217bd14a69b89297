"""Asks providers through litellm in child processes: each costs 200 MB and may hang.

The library is third-party code, so the child gets none of the deployment's secrets.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process, SubprocessStreamProtocol
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.core.execution.parent import tie_to_this_process
from app.core.execution.process import kill_child
from app.planner.ai.chat import MAX_ANSWER_TOKENS, completion_of, refusal
from app.planner.ai.child import DONE, FAILED

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.planner.ai.chat import Completion, Messages
    from app.planner.ai.models import ModelChoice

MAX_LINE_BYTES: Final = 262_144
MAX_CALLS: Final = 100
"""A child that has answered this many requests is ended: its library may leak memory."""
IDLE_SEC: Final = 300.0
GONE: Final = -2
"""In place of a status: the child ended without a reply."""
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
    # The library may neither contact its maker, nor read `.env`, which holds the deployment's secrets.
    "LITELLM_LOCAL_MODEL_COST_MAP": "True",
    "LITELLM_MODE": "PRODUCTION",
    "LITELLM_TELEMETRY": "False",
    "HF_HUB_OFFLINE": "1",
    "HF_HUB_DISABLE_TELEMETRY": "1",
    "DO_NOT_TRACK": "1",
}


class LitellmChild:
    """A running child process, as far as its parent talks with it."""

    def __init__(self, process: Process, transport: asyncio.SubprocessTransport) -> None:
        assert process.stdin is not None  # noqa: S101  both are asked for
        assert process.stdout is not None  # noqa: S101
        self.stdin, self.stdout = process.stdin, process.stdout
        self._process = process
        self._transport = transport
        self.calls = 0

    async def end(self) -> int | None:
        """Kill the process with its own children, wait for its end, and return its exit code."""
        kill_child(self._process)
        # The child has ended before the caller gets a result, however the exchange ended.
        await asyncio.wait({asyncio.ensure_future(self._process.wait())}, timeout=_LEAVE_SEC)
        self._transport.close()
        return self._process.returncode


async def start_child(environment: Mapping[str, str]) -> LitellmChild:
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
    return LitellmChild(process, transport)


class LitellmClient:
    """Keeps children between requests, because the import of their library takes seconds.

    A child that was idle for `idle_sec`, has answered many requests, failed, or was cut off is ended; the
    next request starts another one.
    """

    def __init__(self, environment: Mapping[str, str], idle_sec: float = IDLE_SEC) -> None:
        self._environment = environment
        self._idle_sec = idle_sec
        self._idle: dict[LitellmChild, tuple[Mapping[str, str], asyncio.TimerHandle]] = {}
        self._ends: set[asyncio.Task[Any]] = set()

    async def complete(
        self, choice: ModelChoice, messages: Messages, _schema: object, timeout_sec: float
    ) -> Completion:
        """Return the model's answer; AiFailure has the reason if there is none.

        The caller bounds the time. Providers differ in the schemas that they accept, so none is sent.
        """
        form = {
            "model": choice.model_id,
            "api_key": choice.api_key,
            "messages": messages,
            "timeout": timeout_sec,
            "temperature": 0,
            "max_tokens": MAX_ANSWER_TOKENS,
        }
        line = orjson.dumps({"parent": os.getpid(), "form": form}, option=orjson.OPT_APPEND_NEWLINE)
        variables = environment_of(self._environment, choice)
        try:
            warm = self._take(variables)
            status, body = GONE, ""
            if warm is not None:
                status, body = await self._exchange(warm, variables, line)
            # A child that was kept may have ended in between.
            if status == GONE:
                status, body = await self._exchange(await start_child(variables), variables, line)
        except (OSError, ValueError) as error:
            raise refusal(FAILED, type(error).__name__, None) from error
        if status == DONE:
            return completion_of(body, choice.api_key)
        raise refusal(status, body, choice.api_key)

    async def close(self) -> None:
        """End all children."""
        for child in list(self._idle):
            self._end_idle(child)
        if self._ends:
            await asyncio.wait(self._ends)

    async def _exchange(
        self, child: LitellmChild, variables: Mapping[str, str], line: bytes
    ) -> tuple[int, Any]:
        """Return the status and the body of a child's reply."""
        status = FAILED
        try:
            # The exit of a child is visible on its stdout.
            with contextlib.suppress(ConnectionError):
                child.stdin.write(line)
                await child.stdin.drain()
            answer = await child.stdout.readline()
            if not answer:
                return GONE, f"exit code {await child.end()}"
            reply = orjson.loads(answer)
            status = reply["status"]
            return status, reply["body"]
        finally:
            child.calls += 1
            if status > FAILED and child.calls < MAX_CALLS:
                timer = asyncio.get_running_loop().call_later(self._idle_sec, self._end_idle, child)
                self._idle[child] = variables, timer
            else:
                await child.end()

    def _take(self, variables: Mapping[str, str]) -> LitellmChild | None:
        """Return an idle child that was started with these variables."""
        for child, (its_variables, timer) in self._idle.items():
            if its_variables == variables:
                timer.cancel()
                del self._idle[child]
                return child
        return None

    def _end_idle(self, child: LitellmChild) -> None:
        _variables, timer = self._idle.pop(child)
        timer.cancel()
        end = asyncio.get_running_loop().create_task(child.end())
        self._ends.add(end)
        end.add_done_callback(self._ends.discard)


def environment_of(environment: Mapping[str, str], choice: ModelChoice) -> dict[str, str]:
    """Return the variables of a child: those that Python needs, and those of the model's provider."""
    seen = {
        name: value
        for name, value in environment.items()
        if name in _PASSED or (choice.variables and name.startswith(choice.variables))
    }
    path = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109  an import path is text
    return {**seen, **_QUIET, "PYTHONPATH": path}

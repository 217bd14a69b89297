"""Runs the agent in a child process: it costs 200 MB and may hang.

The agent's libraries are third-party code, so the child gets none of the deployment's secrets.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process, SubprocessStreamProtocol
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import TYPE_CHECKING, Any, Final

import orjson

from app.core.execution.parent import tie_to_this_process
from app.core.i18n import _, concat
from app.planner.ai.models import AiFailure

if TYPE_CHECKING:
    from app.planner.ai.models import ModelChoice

MAX_LINE_BYTES: Final = 131_072
MAX_CALLS: Final = 64
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


async def ask_agent(
    task: Mapping[str, Any],
    choice: ModelChoice,
    tools: Tools,
    timeout_sec: float,
    environment: Mapping[str, str],
) -> str:
    """Return the agent's final answer; AiFailure if there is none. The child has exited on return."""
    message = {
        **task,
        "parent": os.getpid(),
        "model_id": choice.model_id,
        "api_base": choice.api_base,
        "api_key": choice.api_key,
        "timeout_sec": timeout_sec,
    }
    try:
        async with asyncio.timeout(timeout_sec), _child(_environment(environment, choice)) as process:
            return await _talk(process, message, tools)
    except TimeoutError as error:
        raise AiFailure(
            "timeout",
            _(
                "the model took longer than {timeout_sec:g} s (PLANNER_AI_TIMEOUT_SEC)",
                timeout_sec=timeout_sec,
            ),
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise AiFailure("failed", _text("failed", type(error).__name__)) from error


def _environment(environment: Mapping[str, str], choice: ModelChoice) -> dict[str, str]:
    seen = {
        name: value
        for name, value in environment.items()
        if name in _PASSED or (choice.variables and name.startswith(choice.variables))
    }
    path = os.pathsep.join(path or os.getcwd() for path in sys.path)  # noqa: PTH109  an import path is text
    return {**seen, **_QUIET, "PYTHONPATH": path}


@contextlib.asynccontextmanager
async def _child(environment: dict[str, str]) -> AsyncGenerator[Process]:
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
    try:
        yield process
    finally:
        _kill(process)
        # The child has exited before the caller gets a result, however the exchange ended.
        await asyncio.wait({asyncio.ensure_future(process.wait())}, timeout=_LEAVE_SEC)
        transport.close()


def _kill(process: Process) -> None:
    if process.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError, PermissionError):
        if sys.platform == "win32":
            process.kill()
        else:
            os.killpg(process.pid, signal.SIGKILL)


async def _talk(process: Process, task: dict[str, Any], tools: Tools) -> str:
    assert process.stdin is not None  # noqa: S101  both are asked for
    assert process.stdout is not None  # noqa: S101
    await _send(process, task)
    for _turn in range(MAX_CALLS):
        line = await process.stdout.readline()
        if not line:
            raise AiFailure("failed", _text("failed", f"exit code {await process.wait()}"))
        message = orjson.loads(line)
        if message["is"] == "answer":
            return str(message["text"])
        if message["is"] == "failed":
            raise AiFailure(str(message["code"]), _text(str(message["code"]), str(message["text"])))
        await _send(process, {"answer": tools(str(message["tool"]), message["arguments"])})
    raise AiFailure("no_answer", _text("no_answer"))


async def _send(process: Process, message: dict[str, Any]) -> None:
    assert process.stdin is not None  # noqa: S101
    # The exit of a child is visible on its stdout.
    with contextlib.suppress(ConnectionError):
        process.stdin.write(orjson.dumps(message, option=orjson.OPT_APPEND_NEWLINE))
        await process.stdin.drain()


def _text(code: str, detail: str = "") -> str:
    reason = _REASONS.get(code, _REASONS["failed"])
    return concat(reason, f" ({detail})") if detail else reason

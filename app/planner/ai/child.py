"""The child process of the agent: `python -m app.planner.ai.child`, controlled over pipes.

It reads a task as one JSON line, sends every tool call to its parent, writes the result as one JSON line, and
waits for the next task. It has no settings, no connection to Redis and no job: all its data comes with the
task. The agent calls tools and runs no code.
"""

from __future__ import annotations

import importlib
import itertools
import threading
from typing import Any

import orjson

from app.core.execution.parent import ParentPipe, die_with_parent

MAX_LINE_BYTES = 1_048_576
MOST_TOKENS = 4_096
_KINDS = (
    ("AuthenticationError", "key_refused"),
    ("PermissionDenied", "key_refused"),
    ("RateLimitError", "busy"),
    ("Timeout", "model_timeout"),
    ("NotFoundError", "model_unknown"),
    ("APIConnectionError", "unreachable"),
    ("InternalServerError", "unreachable"),
    ("ServiceUnavailableError", "unreachable"),
    ("ModuleNotFoundError", "package_missing"),
)


_numbers = itertools.count(1)


class ParentTools:
    """The parent's tools during one task; the agent may call several at once."""

    def __init__(self, pipe: ParentPipe) -> None:
        self._pipe = pipe
        self._turn = threading.Lock()
        self._is_open = True

    def call(self, tool: str, arguments: dict[str, Any]) -> str:
        """Return the result of a tool; RuntimeError after the task's end."""
        with self._turn:
            if not self._is_open:
                raise RuntimeError("the task has ended")
            self._pipe.send({"is": "call", "number": next(_numbers), "tool": tool, "arguments": arguments})
            return self._pipe.read()["answer"]

    def close(self) -> None:
        """Refuse later calls: the next line of the pipe is the next task."""
        with self._turn:
            self._is_open = False


def ask(task: dict[str, Any], tools: ParentTools) -> dict[str, Any]:
    """Run the agent on a task; return the message with its final answer as JSON text."""
    smolagents: Any = importlib.import_module("smolagents")
    model = smolagents.LiteLLMModel(
        model_id=task["model_id"],
        api_base=task["api_base"],
        api_key=task["api_key"],
        # The task has a time limit of its own. A failed call ends it, and the rules' plan is used.
        retry=False,
        num_retries=0,
        max_retries=0,
        timeout=task["timeout_sec"],
        temperature=0,
        # More than any plan needs. Without a limit, a small model that cannot stop would use the whole time.
        max_tokens=MOST_TOKENS,
        drop_params=True,
    )
    agent = smolagents.ToolCallingAgent(
        tools=[_proxy(smolagents.Tool, each, tools) for each in task["tools"]],
        model=model,
        max_steps=task["max_steps"],
        instructions=task["instructions"],
        verbosity_level=smolagents.LogLevel.OFF,
        return_full_result=True,
    )
    result = agent.run(task["text"])
    if result.state != "success":
        raise TooManyStepsError
    output, usage = result.output, result.token_usage
    text = output if isinstance(output, str) else orjson.dumps(output, default=str).decode()
    return {"is": "answer", "text": text, "tokens": None if usage is None else usage.total_tokens}


class TooManyStepsError(Exception):
    """The agent has used all its steps without an answer."""


def _proxy(base: type[Any], description: dict[str, Any], tools: ParentTools) -> Any:
    """Return a tool of the agent that the parent performs."""

    def forward(_self: Any, **arguments: Any) -> str:
        return tools.call(description["name"], arguments)

    members = {**description, "skip_forward_signature_validation": True, "forward": forward}
    return type("ParentsTool", (base,), members)()


def failure_of(error: BaseException, secret: str) -> dict[str, Any]:
    """Return the message for an error: its kind, and its text without the key."""
    if isinstance(error, TooManyStepsError):
        return {"is": "failed", "code": "no_answer", "text": ""}
    code, reason = "failed", error
    for each in _chain(error):
        names = {base.__name__ for base in type(each).__mro__}
        found = next((code for name, code in _KINDS if name in names), None)
        if found is not None:
            code, reason = found, each
            break
    text = " ".join(str(reason).split())
    return {"is": "failed", "code": code, "text": (text.replace(secret, "***") if secret else text)[:200]}


def _chain(error: BaseException) -> list[BaseException]:
    chain: list[BaseException] = []
    cause: BaseException | None = error
    while cause is not None and cause not in chain:
        chain.append(cause)
        cause = cause.__cause__ or cause.__context__
    return chain


def main() -> None:
    pipe = ParentPipe()
    task = pipe.read()
    die_with_parent(task["parent"])
    while True:
        tools = ParentTools(pipe)
        try:
            message = ask(task, tools)
        except BaseException as error:  # noqa: BLE001  the parent gets every failure
            message = failure_of(error, task["api_key"] or "")
        tools.close()
        pipe.send(message)
        # The process exits here when the parent closes the pipe.
        task = pipe.read()


if __name__ == "__main__":
    main()

"""The child process of the agent: `python -m app.planner.ai.child`, controlled over pipes.

It reads its task as one JSON line, sends every tool call to its parent, writes its result as one JSON line
and exits. It has no settings, no connection to Redis and no job: all its data comes with the task. The agent
calls tools and runs no code.
"""

from __future__ import annotations

import importlib
import itertools
import sys
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
_turn = threading.Lock()


def _call(pipe: ParentPipe, tool: str, arguments: dict[str, Any]) -> str:
    """Return the result of the parent's tool; the agent may call several at once."""
    with _turn:
        pipe.send({"is": "call", "number": next(_numbers), "tool": tool, "arguments": arguments})
        return pipe.read()["answer"]


def ask(task: dict[str, Any], pipe: ParentPipe) -> str:
    """Run the agent on a task; return its final answer as JSON text."""
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
        tools=[_proxy(smolagents.Tool, each, pipe) for each in task["tools"]],
        model=model,
        max_steps=task["max_steps"],
        instructions=task["instructions"],
        verbosity_level=smolagents.LogLevel.OFF,
        return_full_result=True,
    )
    result = agent.run(task["text"])
    if result.state != "success":
        raise TooManyStepsError
    output = result.output
    return output if isinstance(output, str) else orjson.dumps(output, default=str).decode()


class TooManyStepsError(Exception):
    """The agent has used all its steps without an answer."""


def _proxy(base: type[Any], description: dict[str, Any], pipe: ParentPipe) -> Any:
    """Return a tool of the agent that the parent performs."""

    def forward(_self: Any, **arguments: Any) -> str:
        return _call(pipe, description["name"], arguments)

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
    try:
        answer = ask(task, pipe)
    except BaseException as error:  # noqa: BLE001  the parent gets every failure
        pipe.end(failure_of(error, task["api_key"] or ""))
    pipe.end({"is": "answer", "text": answer})


if __name__ == "__main__":
    main()
    sys.exit(1)

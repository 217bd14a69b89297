"""The child process that asks a provider: `python -m app.planner.ai.child`, controlled over pipes.

It reads a request as one JSON line, writes the reply as one JSON line, and waits for the next request. It has
no settings, no connection to Redis and no job: all its data comes with the request.
"""

from __future__ import annotations

import importlib
from typing import Any

from app.core.execution.parent import ParentPipe, die_with_parent

DONE = 200
FAILED = 0
PACKAGE_MISSING = -1
"""Statuses beside those of the provider's errors."""


def ask(form: dict[str, Any]) -> dict[str, Any]:
    """Return the status of a call of the provider, and its chat completion or its error."""
    try:
        litellm: Any = importlib.import_module("litellm")
        # The request has a time limit of its own. A failed call ends it, and the rules' plan is used.
        reply = litellm.completion(**form, num_retries=0, max_retries=0, drop_params=True)
        return {"status": DONE, "body": reply.model_dump(include={"choices", "usage"})}
    except BaseException as error:  # noqa: BLE001  the parent gets every failure
        is_missing = isinstance(error, ImportError)
        status = PACKAGE_MISSING if is_missing else getattr(error, "status_code", FAILED)
        return {"status": status, "body": f"{type(error).__name__}: {error}"}


def main() -> None:
    pipe = ParentPipe()
    request = pipe.read()
    die_with_parent(request["parent"])
    while True:
        pipe.send(ask(request["form"]))
        # The process exits here when the parent closes the pipe.
        request = pipe.read()


if __name__ == "__main__":
    main()

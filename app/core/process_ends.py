"""How the earlier process of a service ended, as its parent saw it; its replacement reports it.

A parent has no connection to Redis. It gives its next child the text in an environment variable, and the
child's first heartbeat makes it an event.
"""

from __future__ import annotations

import os
import re
import signal

PREVIOUS_END = "MULTI_JOB_PREVIOUS_END"
"""The environment variable. The launcher's supervisor sets it too (`app/local_supervisor.py`)."""
# EXIT_HUNG, EXIT_CUT_OFF and EXIT_RECYCLE of the worker.
_MEANINGS = {
    "70": "a handler blocked the event loop",
    "71": "cut off from Redis, and a handler with a key did not end",
    "75": "too many handlers did not end",
}
_MAX_CHARS = 200


def describe_end(code: int) -> str:
    """Return an exit code, or the name of the signal, in words."""
    if code >= 0:
        return f"exit code {code}"
    try:
        return f"killed by {signal.Signals(-code).name}"
    except ValueError:
        return f"killed by signal {-code}"


def previous_end() -> str:
    """Return how the process ended that this one replaces, with the meaning of our own codes; or ''."""
    text = os.environ.get(PREVIOUS_END, "")[:_MAX_CHARS]
    code = re.match(r"exit code (\d+)", text)
    meaning = _MEANINGS.get(code[1]) if code else None
    return f"{text}: {meaning}" if meaning else text

"""Exit reports of processes: a replacement reports how the earlier process ended.

A parent has no connection to Redis. It passes the text to its next child in an environment variable. The
child's first heartbeat turns it into an event.
"""

from __future__ import annotations

import os
import re
import signal

PREVIOUS_END = "MULTI_JOB_PREVIOUS_END"
"""The environment variable. The launcher's supervisor sets it too (`app/local/supervisor.py`)."""
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
    """Return how the replaced process ended, with the meaning of our own exit codes; '' if unknown."""
    text = os.environ.get(PREVIOUS_END, "")[:_MAX_CHARS]
    code = re.match(r"exit code (\d+)", text)
    meaning = _MEANINGS.get(code[1]) if code else None
    return f"{text}: {meaning}" if meaning else text

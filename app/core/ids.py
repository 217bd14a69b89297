"""Names of queues, and ids that sort by time.

An id has 26 characters of Crockford's base 32: 48 bits of milliseconds and 80 random ones.
"""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.clock import Clock

TAG_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$"
QUEUE_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$"
DEFAULT_QUEUE = "default"
_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_VALUES = {character: value for value, character in enumerate(_ALPHABET)}
_PAIRS = [a + b for a in _ALPHABET for b in _ALPHABET]


def new_id(clock: Clock) -> str:
    """Return a new id: 26 characters, sortable by the millisecond of its creation."""
    return stable_id(clock.now_ms(), os.urandom(10))


def stable_id(made_at_ms: int, digest: bytes) -> str:
    """Return the id of a millisecond and 10 bytes: the same for the same arguments."""
    number = (made_at_ms << 80) | int.from_bytes(digest)
    # A list, because a generator would take a third longer.
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(120, -10, -10)])


def id_time_ms(sortable: str) -> int:
    """Return the epoch milliseconds of a sortable id."""
    number = 0
    for character in sortable[:10]:
        number = number * 32 + _VALUES[character]
    return number


def new_trace_id() -> str:
    """Return a W3C trace id: 32 lower-case hexadecimal digits."""
    return os.urandom(16).hex()


def scheduled_run_id(job_id: str, slot_ms: int) -> str:
    """Return the id of the run of one schedule slot: the same for every scheduler."""
    return f"{job_id}@{slot_ms}"


def is_run_id(text: str) -> bool:
    """True if a text could be a run id: `<job id>@<slot ms>` or 26 sortable characters."""
    return bool(re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{26}|[A-Za-z0-9][A-Za-z0-9._-]{0,63}@\d{1,16}", text))

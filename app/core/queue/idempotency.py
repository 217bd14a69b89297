"""Idempotency records of calls that take more than one script.

A record has the time of the first call and its complete answer.
"""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import IdempotencyMismatch
from app.core.i18n import _

if TYPE_CHECKING:
    from app.core.queue.producer import Idempotency
    from app.core.storage.scripts import Scripts


@dataclass(frozen=True, slots=True)
class IdempotencyRecord:
    """The first call under a key: its instant in Redis' time, and its answer once that was complete."""

    first_at: int
    answer: str


class IdempotencyStore:
    """The records of one namespace; each is stored for 24 hours."""

    def __init__(self, scripts: Scripts) -> None:
        self._scripts = scripts

    async def begin(self, call: Idempotency) -> IdempotencyRecord:
        """Return the record of a call, created if needed; IdempotencyMismatch if the key has another body."""
        word, at, packed = await self._scripts.run(
            "idempotency/call_once", scope=call.scope, body_hash=call.body_hash, answer=""
        )
        if word == "MISMATCH":
            raise IdempotencyMismatch(_("This Idempotency-Key came with another body before."))
        return IdempotencyRecord(int(at), _unpacked(packed))

    async def keep(self, call: Idempotency, answer: str) -> None:
        """Store the complete answer of a call; repeats return it."""
        await self._scripts.run(
            "idempotency/call_once", scope=call.scope, body_hash=call.body_hash, answer=_packed(answer)
        )

    async def tally(self, scope: str, step: str, done: int, refused: int) -> tuple[int, int]:
        """Add the counts of a step, once even if it is sent again; return done and refused of all steps."""
        totals = await self._scripts.run(
            "idempotency/add_counts", scope=scope, step=step, done=done, refused=refused
        )
        return int(totals[0]), int(totals[1])


def _packed(text: str) -> str:
    return base64.b64encode(zlib.compress(text.encode(), 3)).decode()


def _unpacked(packed: str) -> str:
    return zlib.decompress(base64.b64decode(packed)).decode() if packed else ""

"""The messages of one account in all shards: which one is sent next."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.core.errors import Unavailable
from app.core.observability import get_logger

if TYPE_CHECKING:
    from collections.abc import Sequence

    from app.core.clock import Clock
    from app.core.messaging.outbox import Outbox, OutboxEntry

AWAY_SEC = 1.0
"""How long a shard that did not answer is left out."""

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class TakenMessage:
    """A message that is being sent, and the outbox that has to know how that ended."""

    entry: OutboxEntry
    send_id: str
    outbox: Outbox


class AccountMail:
    """Takes the messages of an account in the order in which they are due, in whichever shard they are."""

    def __init__(
        self, outboxes: Sequence[Outbox], clock: Clock, channel: str, account_id: str, owner: str
    ) -> None:
        self._outboxes = outboxes
        self._clock = clock
        self._account = (channel, account_id)
        self._owner = owner
        self._numbers = [1] * len(outboxes)
        self._unanswered = set[int]()
        """Shards that may have given a message without an answer: they are asked first, for the same one."""
        self._away_until = [0.0] * len(outboxes)

    async def take(self) -> TakenMessage | None:
        """Take the message that has been due for longest; None if there is none."""
        if len(self._outboxes) == 1:
            return await self._take_from(0)
        for index in await self._due():
            try:
                taken = await self._take_from(index)
            except Unavailable as error:
                self._is_away(index, error)
                continue
            if taken is not None:
                return taken
        return None

    async def orphans(self) -> list[str]:
        """Mark the messages of earlier senders as unknown; return them."""
        if len(self._outboxes) == 1:
            return await self._outboxes[0].orphans(*self._account, self._owner)
        asked = self._answering()
        found = await asyncio.gather(
            *(self._outboxes[index].orphans(*self._account, self._owner) for index in asked),
            return_exceptions=True,
        )
        return [
            message for index, each in zip(asked, found, strict=True) for message in self._list(index, each)
        ]

    async def waiting(self, message_ids: Sequence[str]) -> set[str]:
        """Return those of these messages that are pending; of a shard that does not answer, all of them."""
        found = await asyncio.gather(
            *(outbox.waiting(*self._account, message_ids) for outbox in self._outboxes),
            return_exceptions=True,
        )
        if any(isinstance(each, Unavailable) for each in found):
            return set(message_ids)
        return set[str]().union(*(_raised(each) for each in found))

    async def _take_from(self, index: int) -> TakenMessage | None:
        # The number rises only after a reply: a repeat after a lost reply returns the same message.
        send_id, outbox = f"{self._owner}:{self._numbers[index]}", self._outboxes[index]
        self._unanswered.add(index)
        entry = await outbox.take(*self._account, send_id)
        self._unanswered.discard(index)
        if entry is None:
            return None
        self._numbers[index] += 1
        return TakenMessage(entry, send_id, outbox)

    async def _due(self) -> list[int]:
        """Return the shards that have messages, the one with the oldest first."""
        asked = self._answering()
        found = await asyncio.gather(
            *(self._outboxes[index].next_due(*self._account) for index in asked), return_exceptions=True
        )
        due: dict[int, float] = {}
        for index, each in zip(asked, found, strict=True):
            if isinstance(each, Unavailable):
                self._is_away(index, each)
            elif isinstance(each, BaseException):
                raise each
            elif index in self._unanswered:
                due[index] = float("-inf")
            elif each is not None:
                due[index] = each
        return sorted(due, key=lambda index: due[index])

    def _answering(self) -> list[int]:
        now = self._clock.monotonic()
        return [index for index, until in enumerate(self._away_until) if now >= until]

    def _list(self, index: int, found: list[str] | BaseException) -> list[str]:
        if isinstance(found, Unavailable):
            self._is_away(index, found)
            return []
        if isinstance(found, BaseException):
            raise found
        return found

    def _is_away(self, index: int, error: Unavailable) -> None:
        self._away_until[index] = self._clock.monotonic() + AWAY_SEC
        log.warning(
            "messages of a shard wait", account=":".join(self._account), shard=index, reason=error.message
        )


def _raised(found: set[str] | BaseException) -> set[str]:
    if isinstance(found, BaseException):
        raise found
    return found

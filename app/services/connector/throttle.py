"""Throttles the messages of one account: send rate, and holds by the channel."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.connectors.base import SendRate

_MOST_KEPT = 10_000
# A due time comes by Redis' clock, in whole milliseconds: a due message must not be postponed again.
_TOLERANCE_SEC = 0.02


class SendThrottle:
    """Assigns each message a time to be sent; a recipient that waits does not delay others."""

    def __init__(self, rate: SendRate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._account_from = float("-inf")
        self._recipient_from: dict[str, float] = {}
        self._slots: dict[str, float] = {}

    def hold(self, seconds: float) -> None:
        """Send nothing for this time, as the remote side asks."""
        self._account_from = max(self._account_from, self._clock.monotonic() + seconds)

    def account_wait(self) -> float:
        """Return in how many seconds the account may send; 0 for now."""
        return max(0.0, self._account_from - self._clock.monotonic())

    def next_slot_wait(self) -> float:
        """Return in how many seconds the first postponed message may be sent; infinite if there is none."""
        return max(0.0, min(self._slots.values(), default=float("inf")) - self._clock.monotonic())

    def wait_of(self, message: str, to: str) -> float:
        """Return 0 if a message may be sent now, which counts as sent; else the wait in seconds.

        A message that has to wait gets a slot of its own, and may be sent once that has come.
        """
        now = self._clock.monotonic()
        slot = self._slots.get(message)
        if slot is None:
            slot = max(now, self._recipient_from.get(to, now))
            self._reserve(to, slot)
        if slot > now + _TOLERANCE_SEC:
            self._slots[message] = slot
            return slot - now
        self._slots.pop(message, None)
        self._account_from = max(self._account_from, now + self._rate.account_gap_sec)
        return 0.0

    def _reserve(self, to: str, slot: float) -> None:
        if self._rate.recipient_gap_sec <= 0:
            return
        if len(self._recipient_from) >= _MOST_KEPT:
            now = self._clock.monotonic()
            self._recipient_from = {who: at for who, at in self._recipient_from.items() if at > now}
            self._slots = {message: at for message, at in self._slots.items() if at > now}
        self._recipient_from[to] = slot + self._rate.recipient_gap_sec

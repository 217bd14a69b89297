"""Sends the messages of one account, each at most once.

Each message is marked before its network call and settled after it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from app.core.background import Backoff, or_stop, run_forever, sleep_or_stop
from app.core.connectors.base import (
    ChannelBusy,
    ChannelDeferred,
    ChannelError,
    ChannelUnreachable,
    OutcomeUnknown,
)
from app.core.connectors.messages import OutgoingMessage
from app.core.errors import Unavailable
from app.core.i18n import _
from app.core.messaging.outbox import OutboxState
from app.core.observability import get_logger
from app.core.storage.notifications import messages_due
from app.services.connector.account_mail import AccountMail
from app.services.connector.session import POLL_SEC

if TYPE_CHECKING:
    from collections.abc import Iterable

    from app.core.clock import Clock
    from app.core.connectors.base import Connector, SendRate
    from app.core.messaging.outbox import OutboxEntry, Settlement
    from app.core.storage.notifications import Subscription
    from app.services.connector.account_mail import TakenMessage
    from app.services.connector.session import AccountSession

# Throttles the messages of one account: send rate, and holds by the channel.

_MOST_KEPT = 10_000
# A due time comes by Redis' clock, in whole milliseconds: a due message must not be postponed again. Also the
# shortest wait for a slot.
_TOLERANCE_SEC = 0.02


class SendThrottle:
    """Assigns each message a time to be sent; a recipient that waits does not delay others."""

    def __init__(self, rate: SendRate, clock: Clock) -> None:
        self._rate = rate
        self._clock = clock
        self._account_from = float("-inf")
        self._recipient_from: dict[str, float] = {}
        self._slots: dict[str, tuple[str, float]] = {}
        """The recipient and the time of each message that waits for its rate."""

    def hold(self, seconds: float) -> None:
        """Send nothing for this time, as the remote side asks."""
        self._account_from = max(self._account_from, self._clock.monotonic() + seconds)

    def account_wait(self) -> float:
        """Return in how many seconds the account may send; 0 for now."""
        return max(0.0, self._account_from - self._clock.monotonic())

    def next_slot_wait(self) -> float:
        """Return in how many seconds the first postponed message may be sent; infinite if there is none.

        The message of a slot that has come may be due a moment later by Redis' clock.
        """
        first = min((at for _to, at in self._slots.values()), default=float("inf"))
        return max(_TOLERANCE_SEC, first - self._clock.monotonic())

    @property
    def postponed(self) -> list[str]:
        """Return the messages that wait for their slots, oldest first."""
        return list(self._slots)

    def forget(self, messages: Iterable[str]) -> None:
        """Free the slots of messages that wait no more: a person closed them, or another sender has them."""
        now, gap = self._clock.monotonic(), self._rate.recipient_gap_sec
        freed = {self._slots.pop(message)[0] for message in messages if message in self._slots}
        for to in freed:
            last = max((at for who, at in self._slots.values() if who == to), default=now)
            self._recipient_from[to] = min(self._recipient_from.get(to, now), last + gap)

    def wait_of(self, message: str, to: str) -> float:
        """Return 0 if a message may be sent now, which counts as sent; else the wait in seconds.

        A message that has to wait gets a slot of its own, and may be sent once that has come.
        """
        now = self._clock.monotonic()
        _to, slot = self._slots.get(message, (to, None))
        if slot is None:
            slot = max(now, self._recipient_from.get(to, now))
            self._reserve(to, slot)
        if slot > now + _TOLERANCE_SEC:
            self._slots[message] = to, slot
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
            self._slots = {message: slot for message, slot in self._slots.items() if slot[1] > now}
        self._recipient_from[to] = slot + self._rate.recipient_gap_sec


MOST_UNDER_WAY = 8
DRAIN_SEC = 10.0
"""The time for a message in flight once the account's task is stopped."""
_SETTLE_SEC = 2.0
_ORPHANS_EACH_SEC = 2.0
_DISTRUST_SEC = 0.1
_POSTPONED_EACH_SEC, _MOST_LOOKED_UP = 0.5, 1_000
_TASK = "message "
# A message that surely was not sent is tried at least ten times, and for at least a quarter of an hour.
_MIN_TRIES, _GIVE_UP_MS = 10, 15 * 60_000
_LONGEST_WAIT_SEC = 60.0

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class SendResult:
    """The result of a send. A pending message is tried again after `wait_sec`."""

    state: Settlement
    provider_id: str | None = None
    error: str | None = None
    code: str | None = None
    wait_sec: float = 0.0


class InboxSender:
    """Moves the messages of a sandbox account into the inbox; one script does all of it."""

    def __init__(self, session: AccountSession) -> None:
        self._session = session

    async def run(self, stop: asyncio.Event) -> None:
        """Deliver until `stop`."""
        with self._session.context.notifier.listen(messages_due(self._session.name)) as subscription:
            await run_forever("inbox", lambda stopping: self._step(subscription, stopping), stop)

    async def _step(self, subscription: Subscription, stop: asyncio.Event) -> None:
        outboxes, account = self._session.context.outboxes, self._session.account_id
        if len(outboxes) == 1:
            delivered = await outboxes[0].deliver_to_inbox(account)
        else:
            found = await asyncio.gather(
                *(outbox.deliver_to_inbox(account) for outbox in outboxes), return_exceptions=True
            )
            delivered = sum(map(_counted, found))
        if not delivered:
            await or_stop(stop, subscription.wait(POLL_SEC))


class Sender:
    """Takes messages at the channel's send rate and sends a few of them at a time."""

    def __init__(self, session: AccountSession, connector: Connector) -> None:
        self._session = session
        self._connector = connector
        self._clock = session.context.clock
        self._mail = AccountMail(
            session.context.outboxes, self._clock, session.channel, session.account_id, session.lease.owner
        )
        self._pacer = SendThrottle(session.kind.send_rate, session.context.clock)
        self._under_way: set[asyncio.Task[None]] = set()
        self._unsettled = 0
        """Messages whose shard does not answer; they are sent, so they hold up no others."""
        self._orphans_at = self._postponed_at = float("-inf")

    async def run(self, stop: asyncio.Event) -> None:
        """Send until `stop`, then wait for the messages in flight."""
        with self._session.context.notifier.listen(messages_due(self._session.name)) as subscription:
            try:
                await run_forever("outbox", lambda stopping: self._step(subscription, stopping), stop)
            finally:
                await self._drain()

    async def _step(self, subscription: Subscription, stop: asyncio.Event) -> None:
        await self._find_orphans()
        if len(self._under_way) - self._unsettled >= MOST_UNDER_WAY:
            await or_stop(stop, subscription.wait(POLL_SEC))
            return
        wait_sec = self._pacer.account_wait()
        if wait_sec > 0 or not self._session.lease.trusted:
            await sleep_or_stop(stop, min(wait_sec or _DISTRUST_SEC, POLL_SEC))
            return
        taken = await self._mail.take()
        if taken is None:
            await self._forget_closed()
            await or_stop(stop, subscription.wait(min(POLL_SEC, self._pacer.next_slot_wait())))
            return
        self._begin(taken, subscription)

    def _begin(self, taken: TakenMessage, subscription: Subscription) -> None:
        task = asyncio.create_task(self._process(taken), name=f"{_TASK}{taken.entry.id}")
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        task.add_done_callback(lambda _: subscription.notify())

    async def _process(self, taken: TakenMessage) -> None:
        entry = taken.entry
        try:
            wait_sec = self._pacer.wait_of(entry.id, entry.to)
            if wait_sec > 0 or not self._session.lease.trusted:
                verdict = SendResult(OutboxState.PENDING, wait_sec=wait_sec)
            else:
                verdict = await self._send(entry)
            await self._settle(taken, verdict)
            if verdict.code == ChannelBusy.code:
                await self._record_hold()
        except Exception:
            log.exception("a message is left in the middle", message=entry.id)

    async def _record_hold(self) -> None:
        """Show until when sending is on hold; the sending itself does not depend on it."""
        until_ms = self._clock.now_ms() + round(self._pacer.account_wait() * 1000)
        try:
            await self._session.context.send_holds.note(self._session.name, until_ms)
        except Unavailable as error:
            log.warning("a wait of the channel could not be noted", account=self._session.name, reason=error)

    async def _send(self, entry: OutboxEntry) -> SendResult:
        try:
            receipt = await self._deliver(entry)
        except ChannelError as error:
            if isinstance(error, ChannelBusy):
                self._pacer.hold(error.retry_after_sec)
            result = send_result_of(error, entry.attempts, self._clock.now_ms() - entry.created_at)
            # A refusal says nothing about an earlier attempt that may have arrived.
            doubtful = entry.is_doubtful and result.state is OutboxState.FAILED
            return replace(result, state=OutboxState.UNKNOWN) if doubtful else result
        except asyncio.CancelledError:
            # Only the drain cancels, and any data written by then may arrive.
            return _unknown("this process was stopped before the answer came")
        except Exception as error:
            log.exception("a connector failed", account=self._session.name, message=entry.id)
            return _unknown(f"the connector failed ({type(error).__name__})")
        return SendResult(OutboxState.DELIVERED, provider_id=receipt)

    async def _deliver(self, entry: OutboxEntry) -> str:
        needs_template = entry.needs_template or await self._takes_no_text(entry.to)
        note = self._session.context.late_note(entry)
        message = OutgoingMessage(
            *(entry.to, f"{entry.text}{note}", entry.id, entry.created_at, entry.buttons),
            *(needs_template, note),
        )
        return await self._connector.send(message)

    async def _takes_no_text(self, to: str) -> bool:
        """Return True if a recipient wrote too long ago for free text; an unknown one is tried with it."""
        session = self._session
        if not session.kind.free_text_ms:
            return False
        digits = "".join(filter(str.isdigit, to))
        try:
            last = await session.context.updates.last_text_at(session.name, digits)
        except Unavailable:
            # Only a hint: the channel refuses free text itself.
            return False
        return last is not None and self._clock.now_ms() - last > session.kind.free_text_ms

    async def _settle(self, taken: TakenMessage, verdict: SendResult) -> None:
        """Write the result of a send, even through a long outage of Redis: only this process has it."""
        entry, is_unsettled = taken.entry, False
        retry_at = self._clock.now_ms() + round(verdict.wait_sec * 1000)
        backoff = Backoff()
        while True:
            try:
                word = await taken.outbox.settle(
                    entry.id,
                    taken.send_id,
                    verdict.state,
                    provider_id=verdict.provider_id,
                    error=verdict.error,
                    error_code=verdict.code,
                    retry_at=retry_at if verdict.state is OutboxState.PENDING else None,
                    reported=self._session.kind.reports,
                )
            except Unavailable:
                # With one shard nothing else can be sent either.
                if not is_unsettled and len(self._session.context.outboxes) > 1:
                    self._unsettled, is_unsettled = self._unsettled + 1, True
                await asyncio.sleep(backoff.next_wait_sec())
            else:
                self._unsettled -= is_unsettled
                self._note(entry, verdict, word)
                return

    def _note(self, entry: OutboxEntry, verdict: SendResult, word: str) -> None:
        fields = {"account": self._session.name, "message": entry.id, "state": verdict.state.value}
        if word != "OK":
            log.warning("another process has settled a message", word=word, **fields)
        elif verdict.error:
            log.warning("a message was not delivered", code=verdict.code, reason=verdict.error, **fields)

    async def _find_orphans(self) -> None:
        """Mark messages of a dead sender as unknown.

        They may have been sent, so they are never sent again blindly.
        """
        if self._clock.monotonic() < self._orphans_at:
            return
        found = await self._mail.orphans()
        self._orphans_at = self._clock.monotonic() + _ORPHANS_EACH_SEC
        if found:
            account = self._session.name
            log.warning("messages of a sender that is gone are unknown", account=account, messages=found)

    async def _forget_closed(self) -> None:
        """Free the slots of messages that are not pending any more."""
        postponed = self._pacer.postponed[:_MOST_LOOKED_UP]
        if not postponed or self._clock.monotonic() < self._postponed_at:
            return
        self._postponed_at = self._clock.monotonic() + _POSTPONED_EACH_SEC
        # A message under way is pending again once its wait is stored.
        busy = {task.get_name().removeprefix(_TASK) for task in self._under_way}
        waiting = await self._mail.waiting(postponed)
        self._pacer.forget(each for each in postponed if each not in waiting and each not in busy)

    async def _drain(self) -> None:
        if not self._under_way:
            return
        _, late = await asyncio.wait(set(self._under_way), timeout=DRAIN_SEC)
        for task in late:
            task.cancel()
        if late:
            await asyncio.wait(late, timeout=_SETTLE_SEC)


def _counted(found: int | BaseException) -> int:
    """Return how many messages a shard delivered; 0 if it does not answer."""
    if isinstance(found, Unavailable):
        return 0
    if isinstance(found, BaseException):
        raise found
    return found


def send_result_of(error: ChannelError, tries: int, age_ms: int) -> SendResult:
    """Return the result of a failed send."""
    is_unknown = isinstance(error, OutcomeUnknown)
    if is_unknown:
        may_repeat = error.repeatable
    else:
        may_repeat = isinstance(error, (ChannelBusy, ChannelDeferred, ChannelUnreachable))
    if not may_repeat or (tries >= _MIN_TRIES and age_ms >= _GIVE_UP_MS):
        state = OutboxState.UNKNOWN if is_unknown else OutboxState.FAILED
        return SendResult(state, error=error.message, code=error.code)
    wait_sec = (
        error.retry_after_sec
        if isinstance(error, ChannelBusy)
        else min(2.0 ** (tries - 1), _LONGEST_WAIT_SEC)
    )
    return SendResult(OutboxState.PENDING, error=error.message, code=error.code, wait_sec=wait_sec)


def _unknown(why: str) -> SendResult:
    error = OutcomeUnknown(_("the outcome is unknown: {why}.", why=why))
    return SendResult(OutboxState.UNKNOWN, error=error.message, code=error.code)

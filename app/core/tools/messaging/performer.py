"""Performs the calls of `messaging` through the outbox.

The message is stored under the run's lease.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import orjson

from app.core.activity.heartbeat import is_service_alive
from app.core.alerting.fallback import FoundRecipient, RecipientFallback
from app.core.clock import rfc3339
from app.core.connectors.messages import SETTLED, OutboxEntry, OutboxState, entry_of
from app.core.errors import (
    InvalidInput,
    LeaseLost,
    MultiJobError,
    NonRetryableError,
    OutboxMismatch,
    RetryableError,
)
from app.core.i18n import _
from app.core.incidents.store import IncidentStore
from app.core.messaging.accounts import AccountStore
from app.core.messaging.lateness import EXPIRED, MAX_EXPIRES_SEC, DeliveryTime, expires_after
from app.core.messaging.outbox import Outbox, entry_of_answer, put_arguments
from app.core.messaging.recipients import DefaultNotify, RecipientRequest, Recipients
from app.core.recipient import MAX_TO_CHARS, is_recipient
from app.core.scheduling.schedule import jitter_ms
from app.core.secrets.sealing import open_box
from app.core.storage.connection import pairs
from app.core.storage.notifications import Notifier, open_notifier, receipt_changed
from app.core.tools.base import ByteBudget
from app.core.tools.messaging import MAX_TEXT_CHARS, Receipt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from app.core.clock import Clock
    from app.core.policies import Allowance
    from app.core.redis_client import RedisLink
    from app.core.storage.keys import Keys
    from app.core.storage.notifications import Subscription
    from app.core.tools.base import AttemptHandle, FencedScripts, ToolDependencies, ToolFactory

MAX_WAIT_SEC, MIN_WAIT_SEC = 60.0, 1.0
# An attempt that ends before its time-out can report the reason; one that is cut off cannot.
_SPARE_SEC = 1.0
# A connector that has just started has sent no heartbeat yet.
PRESENCE_SEC = 3.0
_JITTER_MATTERS_MS = 60_000
_NOTE_START = "\n\n— "
"""Between a text and the note that says why it goes to another recipient."""


@dataclass(frozen=True, slots=True)
class MessagingServices:
    """Services that the messaging calls of a process share."""

    outbox: Outbox
    fallback: RecipientFallback
    notifier: Notifier
    clock: Clock
    link: RedisLink
    keys: Keys


@dataclass(frozen=True, slots=True)
class RequestedTime:
    """When a message is due and after how long it expires; None for what the job leaves open."""

    due_ms: int | None = None
    expires_after_sec: int | None = None


@dataclass(frozen=True, slots=True)
class _OutgoingMessage:
    entry_id: str
    text: str
    own_text: str
    """The text without the note that says why it goes to another recipient."""
    found: FoundRecipient
    request: RecipientRequest
    time: DeliveryTime | None = None

    @property
    def is_open(self) -> bool:
        """Return whether its recipient may be another one in the next attempt."""
        return self.request.to is None or self.request.fallback_sandbox


class MessagingPerformer:
    """The messages of one attempt, counted from 1. The number is their id, in this attempt and the next."""

    def __init__(
        self,
        services: MessagingServices,
        attempt: AttemptHandle,
        scripts: FencedScripts,
        allowance: Allowance,
    ) -> None:
        self._services = services
        self._attempt = attempt
        self._scripts = scripts
        self._allowance = allowance
        self._count = 0
        self._budget = ByteBudget(allowance)

    async def perform(self, op: str, args: tuple[Any, ...]) -> dict[str, Any]:
        match op, tuple(args):
            case "send", (text, target, entry_id, dict()):
                self._count += 1
                options = cast("dict[str, Any]", args[-1])
                own_id = f"{self._attempt.run.run_id}:{self._count}" if entry_id is None else str(entry_id)
                letter = await self._outgoing_message(
                    own_id,
                    text,
                    recipient_request(target, fallback=options.get("fallback_sandbox") is True),
                    requested_time(options),
                )
            case _:
                raise InvalidInput(f"messaging.{op} does not take these {len(args)} arguments")
        return asdict(await self._send(letter))

    async def _outgoing_message(
        self, entry_id: str, text: Any, request: RecipientRequest, wanted: RequestedTime
    ) -> _OutgoingMessage:
        checked_text(text)
        self._budget.take(len(text.encode(errors="replace")))
        found = await self._services.fallback.find(request, self._attempt.run.job_id, self._may_use)
        self._allowance.require("channels", found.recipient.channel)
        body = f"{text}{_NOTE_START}{found.note}" if found.note else text
        time = await self._time(wanted, to_others=found.to_others)
        return _OutgoingMessage(entry_id, body, text, found, request, time)

    async def _time(self, wanted: RequestedTime, *, to_others: bool) -> DeliveryTime | None:
        """Return when a message is due, and when it expires."""
        run = self._attempt.run
        if wanted.due_ms is None:
            due, sec = run.started_at_ms, wanted.expires_after_sec or None
            return None if sec is None else DeliveryTime(due, due + sec * 1000)
        due = wanted.due_ms
        if due == run.slot_ms and self._services.clock.now_ms() - due >= _JITTER_MATTERS_MS:
            # A slot with jitter is meant to run later.
            due += await self._jitter_ms(run.job_id, due)
        sec = expires_after(wanted.expires_after_sec, to_others=to_others)
        return DeliveryTime(due, None if sec is None else due + sec * 1000)

    async def _jitter_ms(self, job_id: str, slot_ms: int) -> int:
        text = await self._services.link.call("HGET", self._services.keys.job(job_id), "spec")
        stored: dict[str, Any] = orjson.loads(text) if text else {}
        return jitter_ms(job_id, slot_ms, float(stored.get("jitter_sec") or 0))

    def _may_use(self, channel: str) -> bool:
        try:
            self._allowance.require("channels", channel)
        except MultiJobError:
            return False
        return True

    async def _send(self, letter: _OutgoingMessage) -> Receipt:
        with self._services.notifier.listen(receipt_changed(letter.entry_id)) as subscription:
            target = letter.found.recipient
            arguments = put_arguments(
                letter.entry_id, target.account, target.to, letter.text, time=letter.time
            )
            answer = await self._scripts.run("outbox/put", **arguments)
            entry = await self._settled(_stored_entry(letter, answer), subscription)
            return _receipt(entry, letter.found)

    async def _settled(self, entry: OutboxEntry, subscription: Subscription) -> OutboxEntry:
        clock, patience = self._services.clock, self._patience_sec()
        start, doubted = clock.monotonic(), False
        while entry.state not in SETTLED:
            waited = clock.monotonic() - start
            if self._attempt.revoked:
                raise LeaseLost(f"run {self._attempt.run.run_id} is not ours any more")
            if waited >= patience:
                raise _not_yet(entry, f"no receipt within {patience:.0f} s")
            if waited >= PRESENCE_SEC and not doubted:
                doubted = True
                await self._require_connector(entry)
            await subscription.wait()
            entry = await self._services.outbox.get(entry.id) or entry
        return entry

    def _patience_sec(self) -> float:
        run = self._attempt.run
        passed = max(0.0, (self._services.clock.now_ms() - run.started_at_ms) / 1000)
        return min(MAX_WAIT_SEC, max(MIN_WAIT_SEC, run.timeout_ms / 1000 - passed - _SPARE_SEC))

    async def _require_connector(self, entry: OutboxEntry) -> None:
        if not await is_service_alive(self._services.link, self._services.keys, "connector"):
            raise _not_yet(entry, "no connector is running")


def messaging_factory(dependencies: ToolDependencies) -> ToolFactory:
    """Return the factory of the tool's performers."""
    keys, home = dependencies.scripts.keys, dependencies.home
    accounts = AccountStore(
        home.link, home.scripts, home.keys, dependencies.clock, open_box(dependencies.settings)
    )
    default = DefaultNotify(home.link, home.keys, dependencies.clock, dependencies.settings)
    room = MessagingServices(
        outbox=Outbox(dependencies.link, dependencies.scripts, keys, dependencies.clock),
        fallback=RecipientFallback(
            Recipients(accounts, default.current),
            default.current,
            IncidentStore(dependencies.link, dependencies.scripts, keys, dependencies.clock),
            dependencies.settings.language,
        ),
        notifier=open_notifier(dependencies.settings),
        clock=dependencies.clock,
        link=home.link,
        keys=home.keys,
    )
    return partial(MessagingPerformer, room)


def _stored_entry(letter: _OutgoingMessage, answer: list[Any]) -> OutboxEntry:
    """Return the stored message. If its recipient was left open, the one of the first attempt stays."""
    try:
        return entry_of_answer(letter.entry_id, answer)
    except OutboxMismatch:
        before = entry_of(letter.entry_id, pairs(answer[1]))
        if letter.is_open and before.text.partition(_NOTE_START)[0] == letter.own_text:
            return before
        raise


def _receipt(entry: OutboxEntry, found: FoundRecipient) -> Receipt:
    if entry.state is OutboxState.DELIVERED:
        is_fallback = bool(found.reason) and entry.account == found.recipient.account
        return Receipt(
            entry.id,
            entry.provider_id,
            entry.state.value,
            entry.channel,
            entry.account_id,
            entry.to,
            is_fallback,
            found.reason if is_fallback else "",
        )
    path = f"POST /messages/{entry.id}/resend"
    if entry.error_code == EXPIRED and entry.state is OutboxState.FAILED:
        raise NonRetryableError(
            _(
                "The message to {to!r} was not sent: it was due at {due}, and expired at {expires}. `{path}` "
                "sends it all the same.",
                to=entry.to,
                due=rfc3339(entry.due_at or 0),
                expires=rfc3339(entry.expires_at or 0),
                path=path,
            ),
            code=EXPIRED,
        )
    what = f"Message {entry.id!r} through {entry.account} to {entry.to!r}"
    if entry.state is OutboxState.UNKNOWN:
        raise NonRetryableError(
            _(
                "{what}: it is unknown whether it arrived, so it is not sent again automatically. "
                "Check, then `{path}` or `/close`. {error}",
                what=what,
                path=path,
                error=entry.error or "",
            ),
            code="outcome_unknown",
        )
    raise NonRetryableError(
        _(
            "{what} failed; once mended, `{path}` sends it. {error}",
            what=what,
            path=path,
            error=entry.error or "",
        ),
        code=entry.error_code or "message_failed",
    )


def _not_yet(entry: OutboxEntry, why: str) -> RetryableError:
    last = f" Last: {entry.error}" if entry.error else ""
    return RetryableError(
        _(
            "Message {id!r} through {account} is {state}: {why}. It stays in the outbox and the "
            "next attempt finds it.{last}",
            id=entry.id,
            account=entry.account,
            state=entry.state,
            why=why,
            last=last,
        ),
        code="no_receipt",
    )


def checked_text(text: Any) -> str:
    """Return the text of a message; raises InvalidInput."""
    if not isinstance(text, str) or not 0 < len(text) <= MAX_TEXT_CHARS:
        raise InvalidInput(f"a message has 1 to {MAX_TEXT_CHARS:,} characters")
    return text


def recipient_request(given: Any, *, fallback: bool) -> RecipientRequest:
    """Return whom a message is for; raises InvalidInput."""
    target = cast("dict[str, Any]", given)
    channel, account_id, to = (
        _text_or_none(name, target.get(name)) for name in ("channel", "account_id", "to")
    )
    if to is not None and not is_recipient(to):
        raise InvalidInput(f"`to` has 1 to {MAX_TO_CHARS} printable characters")
    return RecipientRequest(channel, account_id, to, fallback)


def requested_time(fields: Mapping[str, Any]) -> RequestedTime:
    """Return when a message is due and expires, as its job says; raises InvalidInput."""
    due_ms, expires = fields.get("due_ms"), fields.get("expires_after_sec")
    if due_ms is not None and not (isinstance(due_ms, int) and due_ms >= 0):
        raise InvalidInput("`due_ms` is an instant in epoch milliseconds")
    if expires is not None and not (isinstance(expires, int) and 0 <= expires <= MAX_EXPIRES_SEC):
        raise InvalidInput(f"`expires_after_sec` is a whole number of seconds, 0 to {MAX_EXPIRES_SEC:,}")
    return RequestedTime(due_ms, expires)


def _text_or_none(name: str, value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise InvalidInput(f"messaging takes a text as `{name}`")
    return value

"""The interface of a channel: models, connection, and the errors of a call.

ChannelError
├── ChannelRejected       the remote side refuses for good: a bad token, an unknown chat, a malformed text
│   └── ChannelConflict      another program receives the updates
├── ChannelBusy           surely not sent: the remote side asks to wait `retry_after_sec`
├── ChannelUnreachable    surely not sent: no connection was made
├── ChannelDeferred       surely not sent: the remote side refuses this message for now
└── OutcomeUnknown        the remote side may have taken it: no answer, a broken one, or a failure of its own
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from re import Pattern
from typing import TYPE_CHECKING, Any, Literal, Protocol, runtime_checkable

from pydantic import BaseModel, ConfigDict

from app.core.errors import MultiJobError
from app.core.i18n import _
from app.core.i18n.stored import cut, masked
from app.core.redaction import redactor

if TYPE_CHECKING:
    from app.core.config import Settings
    from app.core.connectors.messages import OutgoingMessage
    from app.core.connectors.updates import IncomingWebhook

DEGRADED_MS = 5_000
"""An account that answers more slowly than this is `degraded`, not `up`."""
CONNECT_SEC = 4.0
PEEKED = 100
"""The most updates that one peek returns; if there are more, the newest are not seen."""
_MAX_DETAIL_CHARS = 300

HealthState = Literal["up", "degraded", "down"]


class ChannelError(MultiJobError):
    """A call of a channel did not succeed; the text never holds a secret."""

    code = "channel_error"

    def __init__(self, message: str) -> None:
        super().__init__(cut(masked(message, redactor.text), _MAX_DETAIL_CHARS))


class ChannelRejected(ChannelError):
    """The remote side refuses the call, and would refuse it again."""

    code = "channel_rejected"


class ChannelConflict(ChannelRejected):
    """Another program receives the updates: one that polls, or a webhook."""

    code = "channel_taken"


class ChannelBusy(ChannelError):
    """The remote side did not take the message and asks to wait."""

    code = "channel_busy"

    def __init__(self, message: str, retry_after_sec: float) -> None:
        super().__init__(message)
        self.retry_after_sec = retry_after_sec


class ChannelUnreachable(ChannelError):
    """Nothing was sent, because there was no connection."""

    code = "channel_unreachable"


class ChannelDeferred(ChannelError):
    """The remote side did not take this message, and may take it later; other messages need not wait."""

    code = "channel_deferred"


class OutcomeUnknown(ChannelError):
    """The remote side may have taken the request.

    It cannot be verified, so it must not be sent again blindly. If it is `repeatable`, the remote side
    recognises a second copy by its id and drops it.
    """

    code = "outcome_unknown"

    def __init__(self, message: str, *, repeatable: bool = False) -> None:
        super().__init__(message)
        self.repeatable = repeatable


class ChannelModel(BaseModel):
    """Base of the settings and secrets of a channel: strict, and shown as a form from its JSON Schema."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


@dataclass(frozen=True, slots=True)
class ConnectorDefaults:
    """The operator's settings for all accounts. `total_sec` is the limit of one call."""

    telegram_api_base: str
    whatsapp_api_base: str
    connect_sec: float = CONNECT_SEC
    total_sec: float = 15.0
    opened: frozenset[str] = frozenset()
    """Private addresses that accounts may name (HTTP_ALLOW_PRIVATE)."""

    @classmethod
    def of(cls, settings: Settings) -> ConnectorDefaults:
        return cls(
            settings.telegram_api_base,
            settings.whatsapp_api_base,
            connect_sec=min(CONNECT_SEC, settings.channel_timeout_sec),
            total_sec=settings.channel_timeout_sec,
            opened=frozenset(settings.http_allow_private),
        )


@dataclass(frozen=True, slots=True)
class ChannelLogin:
    """The data for a connection of one account; `secrets` are opened."""

    account_id: str
    settings: Mapping[str, Any]
    secrets: Mapping[str, str] = field(repr=False)
    defaults: ConnectorDefaults


@dataclass(frozen=True, slots=True)
class ConnectorHealth:
    """The result of a real call.

    `identity` is the remote side's name of the account, `reason` the code of the ChannelError that ended the
    call.
    """

    state: HealthState
    latency_ms: int
    detail: str
    identity: str | None = None
    reason: str | None = None


class Connector(Protocol):
    """A connection of one account; its methods may be called at the same time."""

    async def check(self) -> ConnectorHealth:
        """Make a real call that changes nothing."""
        ...

    async def send(self, message: OutgoingMessage) -> str:
        """Send one message, once; return the provider's message id, empty if it gives none.

        Raises ChannelError.
        """
        ...

    async def close(self) -> None: ...


@runtime_checkable
class ChatConnector(Connector, Protocol):
    """A connection through which people send commands.

    All methods may be repeated; they raise ChannelError.
    """

    async def answer_press(self, press_id: str, text: str) -> None:
        """Acknowledge the press of a button to its user."""
        ...

    async def name(self) -> str:
        """Return the account's name in groups, without `@`; empty if it has none."""
        ...


@runtime_checkable
class PollingConnector(ChatConnector, Protocol):
    """A connection that fetches what people write. All methods may be repeated; they raise ChannelError."""

    async def webhook_host(self, own_path: str) -> str | None:
        """Return the host that receives updates, empty if the path ends in `own_path`, None for no host."""
        ...

    async def fetch(self, offset: int | None) -> Sequence[Mapping[str, Any]]:
        """Return the updates from `offset` on and confirm those before it.

        If there is none, it waits a while for the first one.
        """
        ...

    async def peek(self) -> Sequence[Mapping[str, Any]]:
        """Return the oldest pending updates, `PEEKED` at most, without confirming them."""
        ...


@dataclass(frozen=True, slots=True)
class SendRate:
    """The send rate of a channel: the gap between messages to one recipient, and between any two."""

    recipient_gap_sec: float = 0.0
    account_gap_sec: float = 0.0


@dataclass(frozen=True, slots=True)
class ChannelKind:
    """One kind of channel. Without `connect` there is no remote side: messages go to the inbox."""

    channel: str
    settings: type[ChannelModel]
    secrets: type[ChannelModel]
    connect: Callable[[ChannelLogin], Connector] | None
    send_rate: SendRate = SendRate()
    max_chars: int = 65_536
    incoming: IncomingWebhook | None = None
    """The format of the channel's webhook calls; None if it makes none."""
    reports: bool = False
    """The channel reports the fate of a message later."""
    peeks: bool = False
    """Its connection can list the chats that wrote recently."""
    check_each_sec: float = 60.0
    """The interval of checks without a request: the stored state is never older."""
    commands: bool = False
    """People can send commands through its accounts."""
    press_notes: bool = False
    """The channel shows a note to a person who pressed a button."""
    max_button_chars: int = 65_536
    """The longest text above buttons."""
    free_text_ms: int = 0
    """How long after a text of the recipient free text may be sent; 0 for always."""
    chat_id: Pattern[str] | None = None
    """The form of chat ids that may give commands, None for any.

    A name may change its owner; an id does not.
    """
    user_id: Pattern[str] | None = None
    """The form of ids of persons in groups; None if no group can give commands."""
    shared_user_ids: frozenset[str] = frozenset()
    """Ids under which several persons write, so that they name no person."""
    sole_recipient: bool = False
    """The address of an account leads to one recipient, whose name is the account's `default_to`."""
    recipient_setting: str = ""
    """With `sole_recipient`: the setting that is another name of the recipient."""

    def names_of_recipient(self, account_id: str, settings: Mapping[str, Any], to: str | None) -> set[str]:
        """Return the names of an account's sole recipient, as `plain_name` compares them."""
        given = (self.channel, account_id, str(settings.get(self.recipient_setting) or ""), to or "")
        return {plain_name(name) for name in given if name}

    def is_user_id(self, text: str) -> bool:
        """Return True if a text is the permanent id of one person and of their private chat."""
        has_form = self.user_id is not None and self.user_id.fullmatch(text) is not None
        return has_form and text not in self.shared_user_ids

    def is_chat_id(self, text: str) -> bool:
        """Return True if a text is the permanent id of a chat."""
        return self.chat_id is None or self.chat_id.fullmatch(text) is not None


def plain_name(name: str) -> str:
    """Return the form in which names of chats are compared: `#Ops` is `ops`."""
    return name.strip().lstrip("#@").casefold()


@dataclass(frozen=True, slots=True)
class ProbeResult:
    """The result of a check: the account's identity, and a fault of an account that still answers."""

    identity: str | None = None
    concern: str = ""


async def probe(call: Callable[[], Awaitable[ProbeResult]]) -> ConnectorHealth:
    """Make a check's call and derive the health from its result and latency."""
    start = time.monotonic()
    try:
        finding = await call()
    except ChannelError as error:
        state: HealthState = "degraded" if isinstance(error, ChannelBusy) else "down"
        return ConnectorHealth(state, _ms_since(start), error.message, reason=error.code)
    latency_ms = _ms_since(start)
    slow = _("slow: {latency_ms} ms", latency_ms=latency_ms) if latency_ms > DEGRADED_MS else ""
    concern = finding.concern or slow
    return ConnectorHealth("degraded" if concern else "up", latency_ms, concern, finding.identity)


def _ms_since(start: float) -> int:
    return round((time.monotonic() - start) * 1000)


def refuse_too_long(text: str, max_chars: int) -> None:
    """Raise ChannelRejected if a text is longer than the channel allows."""
    if len(text) > max_chars:
        raise ChannelRejected(
            _(
                "the text has {count} characters, the channel takes {max_chars}.",
                count=len(text),
                max_chars=max_chars,
            )
        )


# The health of an account. It imports no client library, so that handler processes stay small.

AccountStatus = Literal["up", "degraded", "down", "not_configured"]


@dataclass(frozen=True, slots=True)
class AccountHealth:
    """The state of an account, by a real call. `checked_at` in epoch milliseconds."""

    state: AccountStatus
    reason: str | None
    """For `not_configured`: no_account, unsupported, disabled; else the connector's reason, or None."""
    latency_ms: int | None
    detail: str
    checked_at: int
    command: str | None = None
    """The command that fixes it."""

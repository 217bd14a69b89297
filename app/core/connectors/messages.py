"""Messages in the outbox: their states, transitions and stored form."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

import orjson

from app.core.i18n.stored import read_text


class OutboxState(StrEnum):
    """The state of a message."""

    PENDING = "pending"
    """Waits for the connector, which takes it once it is due; it may expire, and a person may close it."""
    SENDING = "sending"
    """The connector is sending it. Set before the network call, so that a crash cannot hide a send."""
    DELIVERED = "delivered"
    """The remote side took it and returned an id.

    Only its own later report changes this state: that it failed, or that it has to be sent as a template.
    """
    FAILED = "failed"
    """Surely not sent: refused, closed, or its account is gone; a person may send it again."""
    UNKNOWN = "unknown"
    """May have been sent: the sender got no answer or died; a person sends it again or closes it."""


OUTBOX_TRANSITIONS: Mapping[OutboxState, frozenset[OutboxState]] = {
    OutboxState.PENDING: frozenset(
        {OutboxState.SENDING, OutboxState.DELIVERED, OutboxState.FAILED, OutboxState.UNKNOWN}
    ),
    OutboxState.SENDING: frozenset(
        {OutboxState.DELIVERED, OutboxState.FAILED, OutboxState.UNKNOWN, OutboxState.PENDING}
    ),
    OutboxState.DELIVERED: frozenset({OutboxState.FAILED, OutboxState.PENDING}),
    OutboxState.FAILED: frozenset({OutboxState.PENDING}),
    OutboxState.UNKNOWN: frozenset({OutboxState.DELIVERED, OutboxState.FAILED, OutboxState.PENDING}),
}
SETTLED = frozenset({OutboxState.DELIVERED, OutboxState.FAILED, OutboxState.UNKNOWN})
"""States in which a message needs no connector."""


class ProviderState(StrEnum):
    """The progress of a message, as the remote side reports it."""

    SENT = "sent"
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Button:
    """A button below a message; `data` comes back in the update of a press, 64 bytes at most."""

    text: str
    data: str


@dataclass(frozen=True, slots=True)
class OutgoingMessage:
    """A message as a connector sends it; `created_at` in epoch milliseconds."""

    to: str
    text: str
    id: str = ""
    """The id of its outbox entry: the same in every attempt."""
    created_at: int = 0
    buttons: tuple[Button, ...] = ()
    needs_template: bool = False
    """The recipient takes no free text at present."""
    note: str = ""
    """The end of `text` that says that the message is late."""

    def title(self, max_chars: int) -> str:
        """Return the first line that is not blank, shortened."""
        line = " ".join(next((line for line in self.text.splitlines() if line.strip()), "").split())
        return line if len(line) <= max_chars else f"{line[: max_chars - 1]}…"

    def stable_id(self, account: str) -> str:
        """Return an id that is the same in every attempt, and another one for another message.

        An alarm may replace one that was not delivered: the id is the same, the text may be another. From
        one attempt to the next a message may become late.
        """
        parts = "\0".join((account, self.id, str(self.created_at), self.text.removesuffix(self.note)))
        return hashlib.sha256(parts.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """The remote side's later report on a message; `at` in epoch milliseconds by its clock."""

    provider_id: str
    state: ProviderState
    at: int
    error: str = ""
    needs_template: bool = False
    """It failed because the recipient takes no free text at present."""


@dataclass(frozen=True, slots=True)
class OutboxEntry:
    """One message and its state; instants in epoch milliseconds."""

    id: str
    channel: str
    account_id: str
    to: str
    text: str
    state: OutboxState
    digest: str
    provider_id: str | None
    """The remote side's id of the message: the receipt."""
    error: str | None
    error_code: str | None
    attempts: int
    """How many times the connector took it."""
    created_at: int
    updated_at: int
    job_id: str
    run_id: str
    not_before: int | None
    """Pending messages: the earliest instant that the remote side's limit allows."""
    seq: int
    provider_state: ProviderState | None = None
    """The remote side's last report since it took the message; most channels report nothing."""
    provider_state_at: int | None = None
    buttons: tuple[Button, ...] = ()
    needs_template: bool = False
    """The remote side has reported that it takes no free text for this recipient."""
    is_doubtful: bool = False
    """An earlier attempt may have sent it."""
    due_at: int | None = None
    """When it should be sent; None if no time was given."""
    expires_at: int | None = None
    """From when on it is not sent any more; None if it is sent however late."""
    is_late: bool = False
    """It was sent long after `due_at`, and says so."""

    @property
    def account(self) -> str:
        return f"{self.channel}:{self.account_id}"


@dataclass(frozen=True, slots=True)
class InboxMessage:
    """One message that the sandbox has received; `id` is its place in the inbox."""

    id: str
    entry_id: str
    account_id: str
    to: str
    text: str
    job_id: str
    run_id: str
    at: int
    late_since: int | None = None
    """When it should have come, if it came late."""


def digest_of(account: str, to: str, text: str) -> str:
    """Return the digest that decides if a message under a known id is the same message."""
    return hashlib.sha256(orjson.dumps([account, to, text])).hexdigest()


def entry_of(entry_id: str, h: Mapping[str, str]) -> OutboxEntry:
    """Return an entry from its hash."""
    channel, _, account_id = h["account"].partition(":")
    return OutboxEntry(
        id=entry_id,
        channel=channel,
        account_id=account_id,
        to=h["to"],
        text=h["text"],
        state=OutboxState(h["state"]),
        digest=h["digest"],
        provider_id=h.get("provider") or None,
        error=read_text(h, "error") or None,
        error_code=h.get("code") or None,
        attempts=int(h.get("attempts", 0)),
        created_at=int(h["created"]),
        updated_at=int(h["updated"]),
        job_id=h["job"],
        run_id=h["run"],
        not_before=int(h["due"]) if h.get("due") else None,
        seq=int(h["seq"]),
        provider_state=ProviderState(h["pstate"]) if h.get("pstate") else None,
        provider_state_at=int(h["pstate_at"]) if h.get("pstate_at") else None,
        buttons=tuple(Button(*each) for each in orjson.loads(h["buttons"])) if h.get("buttons") else (),
        needs_template=h.get("template") == "1",
        is_doubtful=h.get("doubt") == "1",
        due_at=int(h["slot"]) if h.get("slot") else None,
        expires_at=int(h["expires"]) if h.get("expires") else None,
        is_late=h.get("late") == "1",
    )


def inbox_message_of(place: str, fields: Mapping[str, str]) -> InboxMessage:
    """Return a message of the inbox from its stream entry."""
    return InboxMessage(
        id=place,
        entry_id=fields["id"],
        account_id=fields["account"].partition(":")[2],
        to=fields["to"],
        text=fields["text"],
        job_id=fields["job"],
        run_id=fields["run"],
        at=int(place.split("-", 1)[0]),
        late_since=int(fields["late"]) if fields.get("late") else None,
    )

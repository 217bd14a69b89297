"""What requests and answers about channels, their accounts and messages look like."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field

from app.core.account_names import MAX_TO_CHARS
from app.core.chats import ChatKind
from app.core.check_answer import AccountState
from app.core.outbox_records import OutboxState, ProviderState
from app.core.plain_text import line_problem, texts_in
from app.core.text_types import Line, Text, refusal
from app.services.api.schemas import Answer, Instant, Request

MAX_SENT_CHARS = 4_096
"""As much as every channel takes."""


def _lines(settings: dict[str, Any]) -> dict[str, Any]:
    for pointer, text in texts_in(settings):
        if (problem := line_problem(text)) is not None:
            raise refusal(f"{pointer}: {problem}")
    return settings


class AccountRequest(Request):
    """An account of a channel. A secret that is left out keeps its stored value, an empty one removes it."""

    settings: Annotated[dict[str, Any], AfterValidator(_lines)] = Field(default_factory=dict)
    secrets: Annotated[dict[str, str], Field(json_schema_extra={"writeOnly": True})] = Field(
        default_factory=dict
    )
    default_to: Line | None = None
    allow_chats: list[Line] = Field(default_factory=list)
    commands: bool = False
    enabled: bool = True


class SendRequest(Request):
    """A text that is sent as any message is; without `to` it goes to the account's `default_to`."""

    to: Annotated[
        Line | None,
        Field(
            min_length=1,
            max_length=MAX_TO_CHARS,
            description="A chat or a number, as the channel names it; printable characters.",
        ),
    ] = None
    text: Annotated[Text, Field(min_length=1, max_length=MAX_SENT_CHARS)]


class CheckBody(Answer):
    """What a check found. `command` is what a person can type to mend it."""

    state: AccountState
    reason: str | None
    latency_ms: int | None
    detail: str
    checked_at: Instant
    command: str | None


class ChatBody(Answer):
    """A chat that a message can go to."""

    chat_id: Annotated[str, Field(examples=["123456789"], description="What `to` takes.")]
    title: Annotated[
        str, Field(description="What people call it, as they chose it themselves; else its id or number.")
    ]
    kind: Annotated[
        ChatKind,
        Field(description="`sandbox`: a recipient of the sandbox's inbox, which nobody writes from."),
    ]
    last_text_at: Annotated[
        Instant | None,
        Field(description="When it last wrote; in the sandbox, when something was last sent to it."),
    ]


class AccountBody(Answer):
    """An account as it is stored; of its secrets only whether each is there; `masked` is the same for all."""

    channel: str
    account_id: str
    name: str
    settings: dict[str, Any]
    has_secret: dict[str, bool]
    masked: dict[str, str]
    default_to: str | None
    allow_chats: list[str]
    commands: bool
    enabled: bool
    revision: int
    created_at: Instant | None
    updated_at: Instant | None
    saved_by: str
    health: CheckBody | None
    """What the last check found, within a day."""
    rate_limited_until: Annotated[
        Instant | None,
        Field(description="Until when the channel has asked that nothing is sent; null where it has not."),
    ]


class ConnectorBody(Answer):
    """A channel: what an account of it is made of, as JSON Schema, and the accounts that are there."""

    channel: str
    settings_schema: dict[str, Any]
    secrets_schema: dict[str, Any]
    accounts: list[AccountBody]


class AccountDeleted(Answer):
    """The account is gone."""

    channel: str
    account_id: str
    status: Literal["deleted"]


class InboxMessageBody(Answer):
    """A message that the sandbox has received."""

    id: str
    message_id: str
    account_id: str
    to: str
    text: str
    job_id: str | None
    run_id: str | None
    at: Instant


class MessageBody(Answer):
    """A message and what became of it; `provider_id` is the receipt."""

    id: str
    channel: str
    account_id: str
    to: str
    text: str
    state: OutboxState
    provider_id: str | None
    provider_state: Annotated[
        ProviderState | None, Field(description="What the channel has said of it since it took it.")
    ]
    provider_state_at: Instant | None
    error: str | None
    error_code: str | None
    attempts: int
    created_at: Instant
    updated_at: Instant
    not_before: Instant | None
    job_id: str | None
    run_id: str | None

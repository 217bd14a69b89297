"""Bodies of channels, accounts and messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import AfterValidator, AliasChoices, Field, model_validator

from app.core.connectors.base import AccountStatus
from app.core.connectors.channels import channel_schemas
from app.core.connectors.messages import OutboxState, ProviderState
from app.core.connectors.updates import ChatKind
from app.core.fields import Line, Text, json_diff, refusal
from app.core.i18n import Language
from app.core.messaging.account_models import MAX_USER_NAME_CHARS, ChatUser
from app.core.recipient import MAX_TO_CHARS, SANDBOX_CHANNEL
from app.core.secrets.sealing import MASKED
from app.core.text import line_problem, texts_in
from app.services.api.schemas.common import Answer, EmptyAsNull, Instant, Request, Shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.core.connectors.base import AccountHealth, ChannelKind
    from app.core.fields import Change
    from app.core.messaging.account_history import AvailabilityHistory
    from app.core.messaging.account_models import AccountDraft, AccountInfo
    from app.core.messaging.recipients import StoredDefault
    from app.core.recipient import Recipient

MAX_SENT_CHARS = 4_096
"""As much as every channel takes."""


def _lines(settings: dict[str, Any]) -> dict[str, Any]:
    for pointer, text in texts_in(settings):
        if (problem := line_problem(text)) is not None:
            raise refusal(f"{pointer}: {problem}")
    return settings


READ_ONLY_FIELDS = frozenset(
    {
        *("channel", "account_id", "name", "has_secret", "masked", "revision"),
        *("created_at", "updated_at", "saved_by", "health", "rate_limited_until"),
    }
)
"""What an answer adds to an account; taken back and ignored, so that GET, edit, PUT works."""


class ChatUserRequest(Request):
    """The name of a person, for readers."""

    name: Line = Field(default="", max_length=MAX_USER_NAME_CHARS, examples=["Ana"])


class ChatUserBody(Answer):
    """A person who may act in groups."""

    id: str = Field(examples=["123456789"], description="As the channel names the person.")
    name: str = Field(description="For readers; empty if none was given.")


class ChatUserDeleted(Answer):
    """The person may act in groups no longer."""

    id: str
    status: Literal["deleted"]


class NamedChatUser(Request):
    """A person who may act in groups."""

    id: Line = Field(min_length=1, max_length=MAX_TO_CHARS, examples=["123456789"])
    name: Line = Field(default="", max_length=MAX_USER_NAME_CHARS)


def names_of(users: Iterable[ChatUser]) -> dict[str, str]:
    """Return the names of persons by their ids, for the audit."""
    return {user.id: user.name for user in users}


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
    chat_users: list[NamedChatUser] | None = Field(
        default=None, description="The persons who may act in groups. Left out, the stored ones stay."
    )

    @model_validator(mode="before")
    @classmethod
    def _without_read_only_fields(cls, raw: dict[str, Any]) -> dict[str, Any]:
        return {name: raw[name] for name in raw if name not in READ_ONLY_FIELDS}

    def users(self) -> tuple[ChatUser, ...] | None:
        """Return the persons of the request; None if it leaves them out."""
        if self.chat_users is None:
            return None
        return tuple(ChatUser(user.id, user.name) for user in self.chat_users)


class SendRequest(Request):
    """A text that is sent as any message is; without `to` it goes to the account's `default_to`."""

    to: Line | None = Field(
        default=None,
        min_length=1,
        max_length=MAX_TO_CHARS,
        description="A chat or a number, as the channel names it; printable characters.",
    )
    text: Text = Field(min_length=1, max_length=MAX_SENT_CHARS)


class CheckBody(Answer):
    """What a check found. `command` is what a person can type to mend it."""

    state: AccountStatus
    reason: str | None
    latency_ms: int | None
    detail: Shown
    checked_at: Instant
    command: str | None


class ChatBody(Answer):
    """A chat that a message can go to."""

    chat_id: str = Field(examples=["123456789"], description="What `to` takes.")
    title: str = Field(description="What people call it, as they chose it themselves; else its id or number.")
    kind: ChatKind = Field(description="`sandbox`: a recipient of the sandbox's inbox, which receives only.")
    last_text_at: Instant | None = Field(
        description="When it last wrote; in the sandbox, when something was last sent to it."
    )


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
    chat_users: list[ChatUserBody] | None = Field(
        description="The persons who may act in groups; other members of an allowed group only read. Null if "
        "groups of the channel give no commands."
    )
    revision: int
    created_at: Instant | None
    updated_at: Instant | None
    saved_by: str
    health: CheckBody | None
    """What the last check found, within a day."""
    rate_limited_until: Instant | None = Field(
        description="Until when the channel has asked that nothing is sent; null if it has not."
    )

    @classmethod
    def of(cls, info: AccountInfo, health: AccountHealth | None, held_until_ms: int | None) -> Self:
        """Return an account, its last check, and until when its channel holds messages back."""
        users = [ChatUserBody.model_validate(user) for user in info.chat_users or ()]
        return cls.from_record(
            info,
            has_secret=dict.fromkeys(info.secret_names, True),
            masked=dict.fromkeys(info.secret_names, MASKED),
            chat_users=users if info.has_groups else None,
            # The sandbox's own account was never saved.
            created_at=info.created_at or None,
            updated_at=info.updated_at or None,
            health=health,
            rate_limited_until=held_until_ms,
        )


class ConnectorBody(Answer):
    """A channel: what an account of it is made of, as JSON Schema, and the accounts that are there."""

    channel: str
    sole_recipient: bool = Field(
        description="An account's address leads to one recipient, so messages need no `to`."
    )
    commands: bool = Field(description="People can send commands through its accounts.")
    settings_schema: dict[str, Any]
    secrets_schema: dict[str, Any]
    accounts: list[AccountBody]

    @classmethod
    def of(
        cls,
        kind: ChannelKind,
        accounts: Iterable[AccountInfo],
        health: Mapping[str, AccountHealth],
        holds: Mapping[str, int],
    ) -> Self:
        """Return a channel with its accounts."""
        schemas = channel_schemas(kind)
        return cls(
            channel=kind.channel,
            sole_recipient=kind.sole_recipient,
            commands=kind.commands,
            settings_schema=schemas["settings"],
            secrets_schema=schemas["secrets"],
            accounts=[AccountBody.of(info, health.get(info.name), holds.get(info.name)) for info in accounts],
        )


class AccountDeleted(Answer):
    """The account is gone."""

    channel: str
    account_id: str
    status: Literal["deleted"]


class InboxMessageBody(Answer):
    """A message that the sandbox has received."""

    id: str
    message_id: Annotated[str, Field(validation_alias=AliasChoices("message_id", "entry_id"))]
    account_id: str
    to: str
    text: str
    job_id: EmptyAsNull
    run_id: EmptyAsNull
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
    provider_state: ProviderState | None = Field(
        description="What the channel has said of it since it took it."
    )
    provider_state_at: Instant | None
    error: Shown | None
    error_code: str | None
    attempts: int
    created_at: Instant
    updated_at: Instant
    not_before: Instant | None
    due_at: Instant | None = Field(description="When it should be sent; null if no time was given.")
    expires_at: Instant | None = Field(
        description="From when on it is not sent any more: it fails with the code `expired`."
    )
    is_late: bool = Field(description="It was sent five minutes after `due_at` or later, and says so.")
    job_id: EmptyAsNull
    run_id: EmptyAsNull


class WebhookTaken(Answer):
    """What the call brought is kept: `stored` updates were new, `reports` were about messages."""

    stored: int
    reports: int


def account_changes(before: AccountInfo | None, draft: AccountDraft, saved: AccountInfo) -> list[Change]:
    """Return what a saved account changes; of its secrets the names alone."""
    old = {} if before is None else _settings_of(before)
    stored = () if before is None else before.secret_names
    secrets = [
        {
            "path": f"/secrets/{name}",
            "from": MASKED if name in stored else None,
            "to": MASKED if value else None,
        }
        for name, value in draft.secrets.items()
    ]
    named = {"chat_users": names_of(saved.chat_users or ())}
    return [*json_diff(old, {**_settings_of(draft), **named}), *secrets]


def _settings_of(account: AccountInfo | AccountDraft) -> dict[str, Any]:
    return {
        "chat_users": names_of(account.chat_users or ()),
        "settings": dict(account.settings),
        "default_to": account.default_to,
        "allow_chats": list(account.allow_chats),
        "commands": account.commands,
        "enabled": account.enabled,
    }


# The availability of an account.

Ms = Annotated[int, Field(ge=0)]


class QuarterBody(Answer):
    """A quarter hour: the time in each state. Time that is missing was not observed."""

    at: Instant = Field(description="When it began.")
    up_ms: Ms
    degraded_ms: Ms
    down_ms: Ms
    not_configured_ms: Ms


class OutageBody(Answer):
    """From the first check that found it down to the first that did not."""

    from_: Annotated[Instant, Field(alias="from")]
    to: Instant | None = Field(description="Null while it lasts.")
    reason: str = Field(examples=["channel_unreachable"])
    job_id: str = Field(description="The monitor that saw it.")


class AvailabilityBody(Answer):
    """The availability of an account, by the jobs that watch it; all lists are empty if none does."""

    channel: str
    account_id: str
    since: Instant
    until: Instant
    quarters: list[QuarterBody] = Field(
        description="All quarter hours of the period, oldest first; the last one is still running."
    )
    outages: list[OutageBody] = Field(description="Those of the period, newest first, 50 at most.")
    job_ids: list[str] = Field(description="The `monitor.channel` jobs that it comes from.")

    @classmethod
    def of(cls, channel: str, account_id: str, found: AvailabilityHistory) -> Self:
        """Return the history of an account."""
        return cls(
            channel=channel,
            account_id=account_id,
            since=found.since_ms,
            until=found.until_ms,
            quarters=[_quarter(each.at_ms, each.ms) for each in found.quarters],
            outages=[
                OutageBody(from_=outage.from_ms, to=outage.to_ms, reason=outage.reason, job_id=job_id)
                for job_id, outage in found.outages
            ],
            job_ids=list(found.job_ids),
        )


def _quarter(at_ms: int, spent_ms: Mapping[AccountStatus, int]) -> QuarterBody:
    return QuarterBody(at=at_ms, **{f"{state}_ms": ms for state, ms in spent_ms.items()})


# The default recipient of messages.

DefaultSource = Literal["environment", "stored", "none"]


class DefaultNotifyRequest(Request):
    """The default recipient of messages: an existing account, and a chat or a number."""

    channel: Line = Field(min_length=1, max_length=32, examples=["telegram"])
    account_id: Line = Field(min_length=1, max_length=128, examples=["bot_a01"])
    to: Line = Field(
        min_length=1,
        max_length=MAX_TO_CHARS,
        examples=["123456789"],
        description="A chat or a number, as the channel names it; printable characters.",
    )
    language: Language | None = Field(
        default=None, description="Of the alarms that it gets; else that of the deployment."
    )


class DefaultNotifyBody(Answer):
    """The default recipient of messages, mainly of reports and alarms."""

    value: str | None = Field(
        examples=["telegram:bot_a01:123456789"], description="`channel:account:to`; null for none."
    )
    source: DefaultSource = Field(
        description="`environment`: DEFAULT_NOTIFY, which wins over what is stored; not set here."
    )
    channel: str | None
    account_id: str | None
    to: str | None
    language: Language = Field(description="Of the alarms that it gets.")
    sandbox: bool = Field(description="No person is reached: reports and alarms are in the sandbox's inbox.")
    usable: bool = Field(description="Its account is there and enabled; true if there is no recipient.")
    updated_at: Instant | None = Field(description="When it was stored.")
    updated_by: str | None = Field(description="Who stored it.")

    @classmethod
    def of(
        cls, environment: Recipient | None, stored: StoredDefault | None, language: Language, *, usable: bool
    ) -> Self:
        """Return the recipient that holds: that of the environment, else the stored one."""
        shown = None if environment is not None else stored
        recipient = environment or (shown and shown.recipient)
        return cls(
            value=recipient and f"{recipient.account}:{recipient.to}",
            source="environment" if environment is not None else "none" if shown is None else "stored",
            channel=recipient and recipient.channel,
            account_id=recipient and recipient.account_id,
            to=recipient and recipient.to,
            language=(shown and shown.language) or language,
            sandbox=recipient is None or recipient.channel == SANDBOX_CHANNEL,
            usable=usable,
            updated_at=shown and shown.updated_at,
            updated_by=shown and shown.updated_by,
        )

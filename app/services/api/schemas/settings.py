"""Bodies of the default recipient and the tool policies."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal, Self

from pydantic import Field

from app.core.fields import Line
from app.core.recipient import MAX_TO_CHARS, SANDBOX_CHANNEL
from app.services.api.schemas.common import Answer, Instant, Request

if TYPE_CHECKING:
    from app.core.messaging.recipients import StoredDefault
    from app.core.policies import Allowance, Policies
    from app.core.recipient import Recipient
    from app.core.registry import HandlerSpec

DefaultSource = Literal["environment", "stored", "none"]


class DefaultNotifyRequest(Request):
    """The default recipient of messages: an existing account, and a chat or a number."""

    channel: Annotated[Line, Field(min_length=1, max_length=32, examples=["telegram"])]
    account_id: Annotated[Line, Field(min_length=1, max_length=128, examples=["bot_a01"])]
    to: Annotated[
        Line,
        Field(
            min_length=1,
            max_length=MAX_TO_CHARS,
            examples=["123456789"],
            description="A chat or a number, as the channel names it; printable characters.",
        ),
    ]


class DefaultNotifyBody(Answer):
    """The default recipient of messages, mainly of reports and alarms."""

    value: Annotated[
        str | None,
        Field(examples=["telegram:bot_a01:123456789"], description="`channel:account:to`; null for none."),
    ]
    source: Annotated[
        DefaultSource,
        Field(description="`environment`: DEFAULT_NOTIFY, which wins over what is stored; not set here."),
    ]
    channel: str | None
    account_id: str | None
    to: str | None
    sandbox: Annotated[
        bool, Field(description="Nobody outside is told: reports and alarms lie in the sandbox's inbox.")
    ]
    usable: Annotated[
        bool, Field(description="Its account is there and enabled; true where there is no recipient.")
    ]
    updated_at: Annotated[Instant | None, Field(description="When it was stored.")]
    updated_by: Annotated[str | None, Field(description="Who stored it.")]

    @classmethod
    def of(cls, environment: Recipient | None, stored: StoredDefault | None, *, usable: bool) -> Self:
        """Return the recipient that holds: that of the environment, else the stored one."""
        shown = None if environment is not None else stored
        recipient = environment or (shown and shown.recipient)
        return cls(
            value=recipient and f"{recipient.account}:{recipient.to}",
            source="environment" if environment is not None else "none" if shown is None else "stored",
            channel=recipient and recipient.channel,
            account_id=recipient and recipient.account_id,
            to=recipient and recipient.to,
            sandbox=recipient is None or recipient.channel == SANDBOX_CHANNEL,
            usable=usable,
            updated_at=shown and shown.updated_at,
            updated_by=shown and shown.updated_by,
        )


PLACES = ("hosts", "channels", "paths", "secrets")


class PlacesBody(Answer):
    """Patterns of places; empty for none."""

    hosts: list[str]
    channels: list[str]
    paths: list[str]
    secrets: list[str]


class ToolPolicyBody(PlacesBody):
    """What an attempt may do with a tool: so many calls and bytes (null: unlimited), with these places."""

    calls: int | None
    bytes: int | None
    denied: Annotated[PlacesBody, Field(description="Out of reach, whatever is allowed.")]

    @classmethod
    def of(cls, allowance: Allowance) -> Self:
        """Return an allowance."""
        denied: dict[str, Any] = {
            places: sorted({pattern for rule in allowance.denied for pattern in getattr(rule, places)})
            for places in PLACES
        }
        return cls(
            calls=allowance.calls,
            bytes=allowance.bytes,
            denied=PlacesBody(**denied),
            **{places: list(getattr(allowance.limits, places)) for places in PLACES},
        )


class PolicyBody(Answer):
    """What one job type may do. A tool that its handler names and that is not here is denied."""

    type: str
    pattern: Annotated[str | None, Field(description="The rule that counts; null where none matches.")]
    source: Annotated[str | None, Field(description="The name of the file that the rule stands in.")]
    tools: dict[str, ToolPolicyBody]
    denied_tools: Annotated[list[str], Field(description="Tools of the handler that no rule allows.")]

    @classmethod
    def of(cls, handler: HandlerSpec, policies: Policies) -> Self:
        """Return the policy of a handler's type."""
        rule = policies.rule_of(handler.type)
        allowed = {tool: policies.allowance(handler.type, tool) for tool in handler.tools}
        return cls(
            type=handler.type,
            pattern=rule[0] if rule else None,
            source=(rule[1] or None) if rule else None,
            tools={tool: ToolPolicyBody.of(each) for tool, each in allowed.items() if each is not None},
            denied_tools=[tool for tool, each in allowed.items() if each is None],
        )

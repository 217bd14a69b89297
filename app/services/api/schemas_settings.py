"""What requests and answers about the settings of a deployment look like."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from app.core.account_names import MAX_TO_CHARS
from app.core.text_types import Line
from app.services.api.schemas import Answer, Instant, Request

DefaultSource = Literal["environment", "stored", "none"]


class DefaultNotifyRequest(Request):
    """Where messages go that name no recipient: an account that is there, and a chat or a number."""

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
    """Where messages go that name no recipient, reports and alarms above all."""

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

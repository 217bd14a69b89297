"""The body of a remedy."""

from __future__ import annotations

from typing import Annotated

from pydantic import BeforeValidator, Field

from app.core.i18n import for_reader
from app.core.incidents.remedies import RemedyAction, RemedyRole
from app.services.api.schemas.common import Answer


class RemedyBody(Answer):
    """What a person can do about a cause; `command` is the same on the command line."""

    action: RemedyAction
    target: str = Field(
        description="A job, an account (`channel:account`, or a channel), a scope (`all`, `type:T`, "
        "`job:J`), a service, or for dead letters the fingerprint of an error or a run."
    )
    label: Annotated[str, BeforeValidator(for_reader), Field(examples=["Run now"])]
    role: RemedyRole = Field(description="The role that it needs.")
    command: str

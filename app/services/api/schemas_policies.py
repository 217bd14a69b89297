"""What the answer about policies looks like."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from app.services.api.schemas import Answer


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


class PolicyBody(Answer):
    """What one job type may do. A tool that its handler names and that is not here is denied."""

    type: str
    pattern: Annotated[str | None, Field(description="The rule that counts; null where none matches.")]
    source: Annotated[str | None, Field(description="The name of the file that the rule stands in.")]
    tools: dict[str, ToolPolicyBody]
    denied_tools: Annotated[list[str], Field(description="Tools of the handler that no rule allows.")]

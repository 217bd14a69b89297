"""The base of the tools in memory."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.errors import InvalidInput

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.policies import Allowance


class FakeTool:
    """The base: `error`, if it is set, is raised by each call."""

    def __init__(self) -> None:
        self.error: Exception | None = None

    def begin(self, run: ClaimedRun, allowance: Allowance) -> None:
        """Begin an attempt: what one attempt may do is counted from here."""

    async def perform(self, op: str, args: tuple[Any, ...], allowance: Allowance) -> Any:
        """Perform a call, as the real tool's performer does."""
        if self.error is not None:
            raise self.error
        method = getattr(self, f"_{op}", None)
        if method is None:
            raise InvalidInput(f"{type(self).__name__} has no {op!r}")
        return method(allowance, *args)

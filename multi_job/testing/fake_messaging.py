"""Messages in memory: each is delivered at once, and kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from app.core.tools.base import ByteBudget
from app.core.tools.messaging import Receipt
from multi_job.testing.fake_tool import FakeTool

if TYPE_CHECKING:
    from app.core.models import ClaimedRun
    from app.core.policies import Allowance


@dataclass(frozen=True, slots=True)
class SentMessage:
    """A message that a handler sent; None for what it left to the account."""

    text: str
    channel: str | None
    account_id: str | None
    to: str | None
    fallback_sandbox: bool = False
    due_ms: int | None = None
    expires_after_sec: int | None = None

    @property
    def target(self) -> dict[str, str | bool | None]:
        """Return the arguments of the call that say who gets the message."""
        named = ("channel", "account_id", "to", "fallback_sandbox")
        return {name: getattr(self, name) for name in named}


class FakeMessaging(FakeTool):
    """`sent` has the messages in order; each is delivered at once."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[SentMessage] = []
        self._receipts: dict[str, tuple[SentMessage, Receipt]] = {}
        self._budget: ByteBudget | None = None
        self._run_id, self._count = "", 0

    def begin(self, run: ClaimedRun, allowance: Allowance) -> None:
        """Count the messages of an attempt; a later attempt of a run finds those of the earlier ones."""
        self._budget, self._run_id, self._count = ByteBudget(allowance), run.run_id, 0
        if run.attempt == 1:
            own = f"{run.run_id}:"
            self._receipts = {name: kept for name, kept in self._receipts.items() if not name.startswith(own)}

    def _send(
        self,
        allowance: Allowance,
        text: str,
        target: Mapping[str, str | None],
        entry_id: str | None,
        options: Mapping[str, Any],
    ) -> dict[str, Any]:
        # Imported at the first message, with the outbox.
        from app.core.messaging.outbox import check_entry_id, other_message  # noqa: PLC0415
        from app.core.tools.messaging.performer import (  # noqa: PLC0415
            checked_text,
            recipient_request,
            requested_time,
        )

        self._count += 1
        content = checked_text(text).encode(errors="replace")
        request = recipient_request(target, fallback=options["fallback_sandbox"] is True)
        requested_time(options)
        if self._budget is not None:
            self._budget.take(len(content))
        channel = request.channel or "sandbox"
        allowance.require("channels", channel)
        stored_id = f"{self._run_id}:{self._count}" if entry_id is None else entry_id
        check_entry_id(stored_id)
        message = SentMessage(text, **dict(target), **options)
        if (known := self._receipts.get(stored_id)) is not None:
            is_open = request.to is None or request.fallback_sandbox
            if text != known[0].text or (not is_open and message.target != known[0].target):
                raise other_message(stored_id)
            return asdict(known[1])
        self.sent.append(message)
        number = len(self.sent)
        account, to = request.account_id or "default", request.to or "inbox"
        receipt = Receipt(entry_id or f"entry-{number}", f"p-{number}", "delivered", channel, account, to)
        if self._run_id or entry_id is not None:
            self._receipts[stored_id] = message, receipt
        return asdict(receipt)

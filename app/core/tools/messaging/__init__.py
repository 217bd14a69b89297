"""Messages to people: each is sent once, even if the run is repeated.

The result of a call is the remote side's receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.core.tools.base import ToolFacade

MAX_TEXT_CHARS = 65_536


@dataclass(frozen=True, slots=True)
class Receipt:
    """A delivered message. `state` is `delivered`."""

    entry_id: str
    provider_id: str | None
    """The remote side's id of the message."""
    state: str
    channel: str
    account_id: str
    to: str
    is_fallback: bool = False
    """Its own recipient could not be found, so it went to the default one or to the sandbox's inbox."""
    note: str = ""
    """If it is the fallback: why, and what helps."""


class MessagingTool(ToolFacade):
    """Sends through the connector and waits for the receipt.

    A message is the n-th of its run. A later attempt finds the messages that an earlier one has sent, so it
    must send the same messages in the same order. Raises NonRetryableError (`no_recipient`,
    `account_missing`, `account_disabled`, `outcome_unknown`, `outbox_mismatch`, `expired`, or the reason of
    the failure) and RetryableError (`no_receipt`: not sent yet; the next attempt finds it).
    """

    __slots__ = ()

    async def send(
        self,
        text: str,
        *,
        channel: str | None = None,
        account_id: str | None = None,
        to: str | None = None,
        entry_id: str | None = None,
        fallback_sandbox: bool = False,
        due_ms: int | None = None,
        expires_after_sec: int | None = None,
    ) -> Receipt:
        """Send one message of 1 to 65,536 characters, and return its receipt; waits for 60 s at most.

        Missing arguments come from the account's `default_to`, then from DEFAULT_NOTIFY.

        With `fallback_sandbox`, a message that cannot be addressed goes to the default recipient, else to
        the sandbox's inbox, and an incident says that no one can be reached.

        `due_ms` is when the message should be sent, epoch milliseconds: if it is sent five minutes later or
        more, it says so. It is not sent at all `expires_after_sec` seconds after that time; 0 for a message
        that is sent however late. Without it, that is an hour for others than the deployment's own recipients
        (the default recipient, the account's `default_to`, its chats that may give commands). Without
        `due_ms` its time is the start of the attempt, and it expires only if `expires_after_sec` says so.
        """
        target: dict[str, Any] = {"channel": channel, "account_id": account_id, "to": to}
        options = {
            "fallback_sandbox": fallback_sandbox,
            "due_ms": due_ms,
            "expires_after_sec": expires_after_sec,
        }
        answer = await self._caller.call("messaging", "send", text, target, entry_id, options)
        return Receipt(**answer)

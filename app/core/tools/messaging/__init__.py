"""Messages to people: each sent once whatever happens to the run, with the remote side's receipt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from app.core.tools.base import ToolCaller


@dataclass(frozen=True, slots=True)
class Receipt:
    """A message that arrived. `state` is `delivered`."""

    entry_id: str
    provider_id: str | None
    """The remote side's own id of the message."""
    state: str
    channel: str
    account_id: str
    to: str
    is_fallback: bool = False
    """No recipient is set, so it went to the sandbox's inbox."""


class MessagingTool:
    """Sends through the connector and waits for the receipt.

    A message is the n-th of its run: an attempt that comes later finds what an earlier one has sent, and so
    must send the same messages in the same order. Raises NonRetryableError (`no_recipient`,
    `account_missing`, `account_disabled`, `outcome_unknown`, `outbox_mismatch`, or why it failed) and
    RetryableError (`no_receipt`: not sent yet; the next attempt finds it).
    """

    __slots__ = ("_caller",)

    def __init__(self, caller: ToolCaller) -> None:
        self._caller = caller

    async def send(
        self,
        text: str,
        *,
        channel: str | None = None,
        account_id: str | None = None,
        to: str | None = None,
        entry_id: str | None = None,
        fallback_sandbox: bool = False,
    ) -> Receipt:
        """Send one message; what is left open comes from the account's `default_to`, then DEFAULT_NOTIFY.

        `fallback_sandbox` sends to the sandbox's inbox if nothing says whereto.
        """
        target: dict[str, Any] = {"channel": channel, "account_id": account_id, "to": to}
        told = await self._caller.call("messaging", "send", text, target, entry_id, fallback_sandbox)
        return Receipt(**told)

    async def alarm(
        self,
        key: str,
        text: str,
        *,
        channel: str | None = None,
        account_id: str | None = None,
        to: str | None = None,
        fallback_sandbox: bool = True,
    ) -> Receipt:
        """Send an alarm of this job, once for each `key`, such as the instant since when something is down.

        Whatever a repeat says, what was delivered under the key stays the alarm; what failed or may be lost
        is sent again.
        """
        target: dict[str, Any] = {"channel": channel, "account_id": account_id, "to": to}
        told = await self._caller.call("messaging", "alarm", key, text, target, fallback_sandbox)
        return Receipt(**told)

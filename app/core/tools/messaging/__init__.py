"""Messages to people: each is sent once, even if the run is repeated.

The result of a call is the remote side's receipt.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.core.tools.base import ToolFacade


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
    """No recipient is configured, so it went to the sandbox's inbox."""


class MessagingTool(ToolFacade):
    """Sends through the connector and waits for the receipt.

    A message is the n-th of its run. A later attempt finds the messages that an earlier one has sent, so it
    must send the same messages in the same order. Raises NonRetryableError (`no_recipient`,
    `account_missing`, `account_disabled`, `outcome_unknown`, `outbox_mismatch`, or the reason of the failure)
    and RetryableError (`no_receipt`: not sent yet; the next attempt finds it).
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
    ) -> Receipt:
        """Send one message. Missing arguments come from the account's `default_to`, then from DEFAULT_NOTIFY.

        With `fallback_sandbox` it goes to the sandbox's inbox if no recipient is configured at all.
        """
        target: dict[str, Any] = {"channel": channel, "account_id": account_id, "to": to}
        answer = await self._caller.call("messaging", "send", text, target, entry_id, fallback_sandbox)
        return Receipt(**answer)

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
        """Send an alarm of this job, once per `key`, such as the instant since which a target is down.

        A delivered alarm stays as it is, even if a repeat has another text. A failed or possibly lost one is
        sent again.
        """
        target: dict[str, Any] = {"channel": channel, "account_id": account_id, "to": to}
        answer = await self._caller.call("messaging", "alarm", key, text, target, fallback_sandbox)
        return Receipt(**answer)

"""The recipient of a message whose own cannot be found: the default one, else the sandbox's inbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.core.alerting.routes import NO_RECIPIENT
from app.core.errors import NonRetryableError
from app.core.i18n import _, render
from app.core.incidents.models import IncidentKind
from app.core.messaging.recipients import RecipientRequest
from app.core.recipient import SANDBOX_INBOX

if TYPE_CHECKING:
    from app.core.i18n import Language
    from app.core.incidents.store import IncidentStore
    from app.core.messaging.recipients import FindDefault, Recipients
    from app.core.recipient import Recipient

_UNADDRESSED: Final = frozenset(
    {"account_missing", "account_disabled", "account_unclear", "channel_unsupported", "no_recipient"}
)
"""Codes of a message that cannot be addressed."""


@dataclass(frozen=True, slots=True)
class FoundRecipient:
    """The recipient of a message."""

    recipient: Recipient
    reason: str = ""
    """If it is the fallback: why, and what helps, in English."""
    to_others: bool = False
    """It is none of the deployment's own recipients."""
    note: str = ""
    """If it is another person than the message names: the same, for that person."""


class RecipientFallback:
    """Finds recipients, so that no message is lost for want of an address."""

    def __init__(
        self, recipients: Recipients, find_default: FindDefault, incidents: IncidentStore, language: Language
    ) -> None:
        self._recipients = recipients
        self._find_default = find_default
        self._incidents = incidents
        self._language: Language = language

    async def find(
        self, request: RecipientRequest, job_id: str, may_use: Callable[[str], bool]
    ) -> FoundRecipient:
        """Return the recipient of a job's message.

        Without `request.fallback_sandbox` it raises as `Recipients.find` does. `may_use`: whether the job
        may send over a channel.
        """
        try:
            found = await self._recipients.find(replace(request, fallback_sandbox=False))
        except NonRetryableError as error:
            if not request.fallback_sandbox or error.code not in _UNADDRESSED:
                raise
            return await self._instead(request, error, job_id, may_use)
        return FoundRecipient(found.recipient, to_others=found.to_others)

    async def _instead(
        self,
        request: RecipientRequest,
        error: NonRetryableError,
        job_id: str,
        may_use: Callable[[str], bool],
    ) -> FoundRecipient:
        default = await self._default()
        if default is not None and may_use(default.channel):
            reason = _("Sent to the default recipient. {why}", why=error.message)
            return FoundRecipient(default, reason, note=_for_person(request, error.message, self._language))
        reason = _("No recipient is set, so this went to the sandbox inbox: multi-job notify set")
        cause = _("A message of {job} is in the sandbox inbox, which reaches no person.", job=job_id)
        if request.channel is not None or request.to is not None:
            reason, cause = _("Sent to the sandbox inbox. {why}", why=error.message), error.message
        await self._incidents.open(
            NO_RECIPIENT,
            IncidentKind.NO_RECIPIENT,
            severity="warning",
            subject="",
            cause=cause,
            member=f"job:{job_id}",
            job_id=job_id,
        )
        return FoundRecipient(SANDBOX_INBOX, reason)

    async def _default(self) -> Recipient | None:
        """Return the default recipient; None if there is none, or if its account cannot be used."""
        if await self._find_default() is None:
            return None
        try:
            return (await self._recipients.find(RecipientRequest())).recipient
        except NonRetryableError:
            return None


def _for_person(request: RecipientRequest, why: str, language: Language) -> str:
    """Return the note below a message that was meant for another person; empty if it names none."""
    if request.to is None:
        return ""
    meant = " ".join(filter(None, (request.channel, request.account_id, request.to)))
    return render(_("This was for {meant}. {why}", meant=meant, why=why), language)

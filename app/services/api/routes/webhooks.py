"""Webhooks of channels: signature check, then storage.

The answer is 200 after every message in the call is stored. Messages are not handled here: a slow answer
would make the channel call again. An unknown channel or account gets the same answer as a wrong signature,
after the same work, so that no caller can find out which accounts exist.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from starlette.requests import Request
from starlette.responses import Response

from app.core.connectors.channels import CHANNELS
from app.core.connectors.updates import Updates
from app.core.connectors.whatsapp.content import template_needed_words
from app.core.connectors.whatsapp.incoming import WhatsAppIncoming
from app.core.i18n import _
from app.core.recipient import account_name
from app.services.api.http.body import read_object
from app.services.api.http.problems import HttpProblem
from app.services.api.http.router import ContextDep, Router, ServicesDep, header_parameter
from app.services.api.schemas.connectors import WebhookTaken

if TYPE_CHECKING:
    from app.core.connectors.updates import IncomingWebhook
    from app.core.messaging.account_models import Account
    from app.core.messaging.accounts import AccountStore

router = Router("webhooks")
WHATSAPP_INCOMING = WhatsAppIncoming()
PATH = "/webhooks/{channel}/{account_id}"
# The body is the channel's own, whose shape its maker may change: of another shape it brings nothing.
_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
    "parameters": [
        header_parameter(name, f"The proof of {channel}.")
        for name, channel in (
            ("X-Telegram-Bot-Api-Secret-Token", "Telegram"),
            ("X-Hub-Signature-256", "WhatsApp"),
        )
    ],
}
_QUESTION: dict[str, Any] = {
    "parameters": [
        {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": "string"}}
        for name, text in (
            ("hub.mode", "`subscribe`."),
            ("hub.verify_token", "The account's `verify_token`."),
            ("hub.challenge", "What the answer repeats."),
        )
    ]
}
_CHALLENGE: dict[int | str, dict[str, Any]] = {
    200: {"description": "The challenge.", "content": {"text/plain": {"schema": {"type": "string"}}}}
}


@router.post(PATH, raises=("wrong_signature",), documents=(_BODY,))
async def take_webhook(
    services: ServicesDep, context: ContextDep, request: Request, channel: str, account_id: str
) -> WebhookTaken:
    """Take what a channel has for an account: texts, pressed buttons, reports on messages that were sent."""
    called = await _webhook_call(services.accounts, channel, account_id)
    proven = called.incoming.is_authentic(called.secrets, request.headers, context.body)
    if called.account is None or not proven:
        raise _unproven()
    brought = called.incoming.read(called.account.settings, read_object(context.body))
    updates = Updates(services.link, services.queue.scripts, services.keys)
    stored = await updates.store(account_name(channel, account_id), brought.updates)
    has_template = bool(called.account.settings.get("template_name"))
    for said in brought.reports:
        needed = said.needs_template
        report = replace(said, error=template_needed_words(account_id)) if needed else said
        await services.outbox.report(channel, account_id, report, has_template=has_template)
    return WebhookTaken(stored=stored, reports=len(brought.reports))


@router.get(
    PATH,
    response_class=Response,
    responses=_CHALLENGE,
    raises=("wrong_signature",),
    documents=(_QUESTION,),
)
async def verify_webhook(services: ServicesDep, request: Request, channel: str, account_id: str) -> Response:
    """Answer Meta's question whether this address is the account's own, by its verify token."""
    called = await _webhook_call(services.accounts, channel, account_id)
    answer = called.incoming.challenge_answer(called.secrets, request.query_params)
    if called.account is None or answer is None:
        raise _unproven()
    return Response(answer, media_type="text/plain; charset=utf-8")


@dataclass(frozen=True, slots=True)
class _WebhookCall:
    """The data that a call is checked with; `account` is None if no call to this address can be proven."""

    incoming: IncomingWebhook
    account: Account | None
    secrets: Mapping[str, str]


async def _webhook_call(accounts: AccountStore, channel: str, account_id: str) -> _WebhookCall:
    kind = CHANNELS.get(channel)
    incoming = WHATSAPP_INCOMING if kind is None or kind.incoming is None else kind.incoming
    account = await accounts.find(channel, account_id)
    if account is None:
        return _WebhookCall(incoming, None, accounts.decoy())
    served = account.enabled and kind is not None and kind.incoming is not None
    if not served or incoming.needs not in account.secrets:
        return _WebhookCall(incoming, None, {**accounts.decoy(), **account.secrets})
    return _WebhookCall(incoming, account, account.secrets)


def _unproven() -> HttpProblem:
    return HttpProblem(
        "wrong_signature",
        _(
            "No enabled account at this address can be called with this signature: the channel and "
            "the account need the same secret."
        ),
    )

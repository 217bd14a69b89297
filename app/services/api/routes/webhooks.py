"""Webhooks of channels: whoever calls proves itself by a signature, and is thanked once all is kept.

Nothing that a call brings is treated here: a slow answer would make the channel call again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import Response

from app.core.account_names import account_name
from app.core.connectors import CHANNELS
from app.core.errors import AccountNotFound
from app.core.updates import Updates
from app.services.api.body import read_object
from app.services.api.deps import call_of, platform_of
from app.services.api.openapi import operation_id, problems
from app.services.api.problems import HttpProblem
from app.services.api.reply import json_reply
from app.services.api.schemas_webhooks import WebhookTaken

if TYPE_CHECKING:
    from app.core.account_records import Account
    from app.core.connectors.incoming import Incoming

router = APIRouter(tags=["webhooks"], generate_unique_id_function=operation_id)
PATH = "/webhooks/{channel}/{account_id}"
# The body is the channel's own, whose shape its maker may change: of another shape it brings nothing.
_BODY: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": {"type": "object"}}}},
    "parameters": [
        {
            "name": name,
            "in": "header",
            "required": False,
            "description": f"The proof of {channel}.",
            "schema": {"type": "string"},
        }
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


@router.post(
    PATH, response_model=WebhookTaken, responses=problems(400, 404, 422, write=True), openapi_extra=_BODY
)
async def take_webhook(request: Request, channel: str, account_id: str) -> Response:
    """Take what a channel has for an account: texts, pressed buttons, reports on messages that were sent."""
    at, body = platform_of(request), call_of(request).body
    incoming, account = await _opened(request, channel, account_id)
    if incoming.needs not in account.secrets or not incoming.proves(account.secrets, request.headers, body):
        raise _unproven(incoming)
    brought = incoming.read(account.settings, read_object(body))
    updates = Updates(at.link, at.queue.scripts, at.keys)
    stored = await updates.store(account_name(channel, account_id), brought.updates)
    for report in brought.reports:
        await at.channels.outbox.report(channel, account_id, report)
    return json_reply({"stored": stored, "reports": len(brought.reports)})


@router.get(PATH, response_class=Response, responses={**_CHALLENGE, **problems(404)}, openapi_extra=_QUESTION)
async def verify_webhook(request: Request, channel: str, account_id: str) -> Response:
    """Answer Meta's question whether this address is the account's own, by its verify token."""
    incoming, account = await _opened(request, channel, account_id)
    answer = incoming.answers(account.secrets, request.query_params)
    if answer is None:
        raise _unproven(incoming)
    return Response(answer, media_type="text/plain; charset=utf-8")


async def _opened(request: Request, channel: str, account_id: str) -> tuple[Incoming, Account]:
    kind = CHANNELS.get(channel)
    if kind is None or kind.incoming is None:
        raise AccountNotFound(channel[:100], account_id[:100])
    account = await platform_of(request).channels.accounts.find(channel, account_id)
    if account is None or not account.enabled:
        raise AccountNotFound(channel, account_id[:100])
    return kind.incoming, account


def _unproven(incoming: Incoming) -> HttpProblem:
    return HttpProblem(
        "wrong_signature",
        f"The call does not prove that it is the channel's: its signature does not fit the account's "
        f"`{incoming.needs}`. / Tanda tangan tidak cocok dengan `{incoming.needs}` akun ini.",
    )

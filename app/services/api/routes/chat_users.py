"""The persons who may act in groups over an account."""

from __future__ import annotations

from app.core.errors import AccountNotFound, ChatUserNotFound, Conflict, InvalidInput
from app.core.fields import json_diff
from app.core.messaging.account_models import ChatUser
from app.services.api.http.body import StrictBody
from app.services.api.http.router import ContextDep, Router, ServicesDep
from app.services.api.routes.connectors import ACCOUNT
from app.services.api.schemas.connectors import ChatUserBody, ChatUserDeleted, ChatUserRequest, names_of

router = Router("connectors")
CHAT_USERS = f"{ACCOUNT}/chat-users"
CHAT_USER = f"{CHAT_USERS}/{{chat_user_id}}"


@router.get(CHAT_USERS, raises=(AccountNotFound,))
async def list_chat_users(services: ServicesDep, channel: str, account_id: str) -> list[ChatUserBody]:
    """Return the persons who may act in groups; other members of an allowed group only read."""
    info = await services.accounts.info(channel, account_id)
    if info is None:
        raise AccountNotFound(channel[:100], account_id[:100])
    return [ChatUserBody.model_validate(user) for user in info.chat_users or ()]


@router.put(CHAT_USER, raises=(AccountNotFound, InvalidInput, Conflict))
async def put_chat_user(
    services: ServicesDep,
    context: ContextDep,
    body: StrictBody[ChatUserRequest],
    channel: str,
    account_id: str,
    chat_user_id: str,
) -> ChatUserBody:
    """Let a person act in groups, or change the name that is shown; their next command counts."""
    user = ChatUser(chat_user_id, " ".join(body.name.split()))
    before = await services.accounts.info(channel, account_id)
    await services.accounts.name_chat_user(channel, account_id, user, context.actor.name)
    named = {} if before is None else names_of(before.chat_users or ())
    context.note(diff=json_diff({"chat_users": named}, {"chat_users": {**named, user.id: user.name}}))
    return ChatUserBody.model_validate(user)


@router.delete(CHAT_USER, raises=(AccountNotFound, ChatUserNotFound, Conflict))
async def delete_chat_user(
    services: ServicesDep, context: ContextDep, channel: str, account_id: str, chat_user_id: str
) -> ChatUserDeleted:
    """Let a person act in groups no longer; their next command is refused."""
    gone = await services.accounts.remove_chat_user(channel, account_id, chat_user_id, context.actor.name)
    context.note(diff=json_diff({"chat_users": {gone.id: gone.name}}, {"chat_users": {}}))
    return ChatUserDeleted(id=gone.id, status="deleted")

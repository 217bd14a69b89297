"""Channels, accounts and messages as the API shows them: the shapes of `schemas_connectors.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.core.connectors import channel_schemas
from app.core.field_changes import field_changes
from app.core.secrets import MASKED
from app.services.api.reply import instant

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from app.core.account_records import AccountDraft, AccountInfo
    from app.core.chats import Chat
    from app.core.check_answer import CheckAnswer
    from app.core.connectors.base import ChannelKind
    from app.core.field_changes import Change
    from app.core.outbox_records import InboxMessage, OutboxEntry

READ_ONLY_FIELDS = frozenset(
    {
        *("channel", "account_id", "name", "has_secret", "masked", "revision"),
        *("created_at", "updated_at", "saved_by", "health", "rate_limited_until"),
    }
)
"""What an answer adds to an account; taken back and ignored, so that GET, edit, PUT works."""


def connector_view(
    kind: ChannelKind,
    accounts: Iterable[AccountInfo],
    health: Mapping[str, CheckAnswer],
    holds: Mapping[str, int],
) -> dict[str, Any]:
    schemas = channel_schemas(kind)
    return {
        "channel": kind.channel,
        "settings_schema": schemas["settings"],
        "secrets_schema": schemas["secrets"],
        "accounts": [account_view(info, health.get(info.name), holds.get(info.name)) for info in accounts],
    }


def account_view(info: AccountInfo, health: CheckAnswer | None, held_until_ms: int | None) -> dict[str, Any]:
    return {
        "channel": info.channel,
        "account_id": info.account_id,
        "name": info.name,
        "settings": dict(info.settings),
        "has_secret": dict.fromkeys(info.secret_names, True),
        "masked": dict.fromkeys(info.secret_names, MASKED),
        "default_to": info.default_to,
        "allow_chats": list(info.allow_chats),
        "commands": info.commands,
        "enabled": info.enabled,
        "revision": info.revision,
        # The sandbox's own account was never made.
        "created_at": instant(info.created_at or None),
        "updated_at": instant(info.updated_at or None),
        "saved_by": info.saved_by,
        "health": None if health is None else check_view(health),
        "rate_limited_until": instant(held_until_ms),
    }


def account_changes(before: AccountInfo | None, draft: AccountDraft) -> list[Change]:
    """Return what a saved account changes; of its secrets the names alone."""
    old = {} if before is None else _settings_of(before)
    stored = () if before is None else before.secret_names
    secrets = [
        {
            "path": f"/secrets/{name}",
            "from": MASKED if name in stored else None,
            "to": MASKED if value else None,
        }
        for name, value in draft.secrets.items()
    ]
    return [*field_changes(old, _settings_of(draft)), *secrets]


def _settings_of(account: AccountInfo | AccountDraft) -> dict[str, Any]:
    return {
        "settings": dict(account.settings),
        "default_to": account.default_to,
        "allow_chats": list(account.allow_chats),
        "commands": account.commands,
        "enabled": account.enabled,
    }


def check_view(answer: CheckAnswer) -> dict[str, Any]:
    return {
        "state": answer.state,
        "reason": answer.reason,
        "latency_ms": answer.latency_ms,
        "detail": answer.detail,
        "checked_at": instant(answer.checked_at),
        "command": answer.command,
    }


def chat_view(chat: Chat) -> dict[str, Any]:
    return {
        "chat_id": chat.chat_id,
        "title": chat.title,
        "kind": chat.kind,
        "last_text_at": instant(chat.last_text_at),
    }


def inbox_view(message: InboxMessage) -> dict[str, Any]:
    return {
        "id": message.id,
        "message_id": message.entry_id,
        "account_id": message.account_id,
        "to": message.to,
        "text": message.text,
        "job_id": message.job_id or None,
        "run_id": message.run_id or None,
        "at": instant(message.at),
    }


def message_view(entry: OutboxEntry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "channel": entry.channel,
        "account_id": entry.account_id,
        "to": entry.to,
        "text": entry.text,
        "state": entry.state.value,
        "provider_id": entry.provider_id,
        "provider_state": entry.provider_state and entry.provider_state.value,
        "provider_state_at": instant(entry.provider_state_at),
        "error": entry.error,
        "error_code": entry.error_code,
        "attempts": entry.attempts,
        "created_at": instant(entry.created_at),
        "updated_at": instant(entry.updated_at),
        "not_before": instant(entry.not_before),
        "job_id": entry.job_id or None,
        "run_id": entry.run_id or None,
    }

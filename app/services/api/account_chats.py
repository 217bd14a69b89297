"""The chats that lately wrote to an account, wherever its channel lets them be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from app.core.account_names import account_name
from app.core.chats import Chat, newest
from app.core.connectors import CHANNELS
from app.core.errors import AccountNotFound, ChatsUnavailable, CheckUnavailable

if TYPE_CHECKING:
    from app.core.account_records import AccountInfo
    from app.core.outbox import Outbox
    from app.core.updates import Updates
    from app.services.api.channels import Channels

LOOK_SEC: Final = 20.0
_NEWEST_OF_INBOX: Final = 200


async def chats_of(channels: Channels, updates: Updates, channel: str, account_id: str) -> tuple[Chat, ...]:
    """Return chats, the newest first; AccountNotFound, ChatsUnavailable, CheckUnavailable."""
    kind, info = CHANNELS.get(channel), await channels.accounts.info(channel, account_id)
    if kind is None or info is None:
        raise AccountNotFound(channel[:100], account_id[:200])
    if kind.connect is None:
        return await _recipients(channels.outbox, account_id)
    if kind.peeks:
        return await _asked(channels, info)
    if kind.incoming is None or kind.incoming.needs not in info.secret_names:
        needs = "" if kind.incoming is None else f" Its webhook would need `{kind.incoming.needs}`."
        raise ChatsUnavailable(
            f"{account_name(channel, account_id)} does not hear who writes.{needs} Write the recipient's "
            f"number by hand. / Akun ini tidak menerima pesan masuk: tulis nomor penerima secara manual."
        )
    return await updates.chats(info.name)


async def _asked(channels: Channels, info: AccountInfo) -> tuple[Chat, ...]:
    answer = await channels.checks.ask_chats(info.channel, info.account_id, LOOK_SEC)
    if answer.refusal:
        raise (CheckUnavailable if answer.may_pass else ChatsUnavailable)(answer.refusal)
    return answer.chats


async def _recipients(outbox: Outbox, account_id: str) -> tuple[Chat, ...]:
    """Return whom the sandbox has something for: nobody ever writes to it."""
    messages, _ = await outbox.inbox(_NEWEST_OF_INBOX)
    return newest(
        Chat(each.to, each.to, "sandbox", each.at) for each in messages if each.account_id == account_id
    )

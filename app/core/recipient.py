"""Recipients and account names; a module of its own, because settings import it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

ACCOUNT_ID_PATTERN = r"^[A-Za-z0-9][A-Za-z0-9._@+-]{0,127}$"
SANDBOX_CHANNEL, SANDBOX_ACCOUNT, SANDBOX_TO = "sandbox", "default", "inbox"
_ACCOUNT_ID = re.compile(ACCOUNT_ID_PATTERN)
_CHANNEL = re.compile(r"[a-z][a-z0-9_]{0,31}")
MAX_TO_CHARS = 255
MessageChannel = Literal["telegram", "whatsapp", "email", "slack", "discord", "ntfy", "webhook", "sandbox"]
"""The channels that a recipient may name."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """The recipient of a message."""

    channel: str
    account_id: str
    to: str

    @property
    def account(self) -> str:
        return account_name(self.channel, self.account_id)


SANDBOX_INBOX = Recipient(SANDBOX_CHANNEL, SANDBOX_ACCOUNT, SANDBOX_TO)


def account_name(channel: str, account_id: str) -> str:
    """Return the name of an account: `<channel>:<account id>`."""
    return f"{channel}:{account_id}"


def is_account_id(text: str) -> bool:
    return _ACCOUNT_ID.fullmatch(text) is not None


def is_sandbox_default(channel: str, account_id: str) -> bool:
    """True if it is the built-in account, which is not stored."""
    return (channel, account_id) == (SANDBOX_CHANNEL, SANDBOX_ACCOUNT)


def is_recipient(text: str) -> bool:
    return 0 < len(text) <= MAX_TO_CHARS and text.isprintable()


def parse_default_notify(text: str) -> Recipient | None:
    """Return the recipient in DEFAULT_NOTIFY, None if it is empty; ValueError has the expected form."""
    if not text:
        return None
    channel, _, rest = text.partition(":")
    account_id, _, to = rest.partition(":")
    if not (_CHANNEL.fullmatch(channel) and is_account_id(account_id) and is_recipient(to)):
        raise ValueError("it looks like channel:account:to, such as telegram:bot_a01:123456789")
    return Recipient(channel, account_id, to)

"""A contact of the address book as it is stored, and the form in which names are compared."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import Self

import orjson


@dataclass(frozen=True, slots=True)
class Contact:
    """A person or group; `account_id` is the account that sends, None if the channel's only account does."""

    name: str
    channel: str
    to: str
    account_id: str | None = None
    updated_at: int = 0
    """Epoch milliseconds."""
    updated_by: str = ""

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the contact that a stored text holds."""
        fields = orjson.loads(text)
        kept = (fields[each] for each in ("name", "channel", "to", "account_id", "at", "by"))
        return cls(*kept)

    def text(self) -> str:
        """Return the text that is stored."""
        fields = {"name": self.name, "channel": self.channel, "to": self.to, "account_id": self.account_id}
        return orjson.dumps({**fields, "at": self.updated_at, "by": self.updated_by}).decode()

    @property
    def place(self) -> dict[str, str]:
        """Return the recipient, as the inputs of a job name it."""
        account = {} if self.account_id is None else {"account_id": self.account_id}
        return {"channel": self.channel, "to": self.to, **account}


def name_key(name: str) -> str:
    """Return the form in which names are compared: without case, and with single blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())

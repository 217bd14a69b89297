"""A contact of the address book as it is stored, and the form in which names are compared."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import orjson

if TYPE_CHECKING:
    from app.core.i18n import Language


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
    language: Language | None = None
    """The language of the alarms that it gets; None for the deployment's."""

    @classmethod
    def of(cls, text: str) -> Self:
        """Return the contact that a stored text holds."""
        fields = orjson.loads(text)
        kept = (fields[each] for each in ("name", "channel", "to", "account_id", "at", "by"))
        language = fields.get("language")
        return cls(*kept, language=language if language in {"en", "id"} else None)

    def text(self) -> str:
        """Return the text that is stored."""
        fields = {"name": self.name, "channel": self.channel, "to": self.to, "account_id": self.account_id}
        spoken = {} if self.language is None else {"language": self.language}
        return orjson.dumps({**fields, "at": self.updated_at, "by": self.updated_by, **spoken}).decode()

    @property
    def place(self) -> dict[str, str]:
        """Return the recipient, as the inputs of a job name it."""
        account = {} if self.account_id is None else {"account_id": self.account_id}
        return {"channel": self.channel, "to": self.to, **account}


def name_key(name: str) -> str:
    """Return the form in which names are compared: without case, and with single blanks."""
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())

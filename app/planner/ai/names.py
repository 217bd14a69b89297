"""The names that a model gets: accounts and contacts, never an address or a secret."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from app.core.recipient import account_name
from app.planner.ai.instructions import MAX_NAMES, KnownNames

if TYPE_CHECKING:
    from app.core.messaging.accounts import AccountStore
    from app.core.messaging.contacts import ContactStore

_ADDRESS: Final = re.compile(r"\d{6}|@|://")
"""In a name: an account may be named by its number."""


class NamesReader:
    """Reads the names of what is set up."""

    def __init__(self, accounts: AccountStore, contacts: ContactStore) -> None:
        self._accounts = accounts
        self._contacts = contacts

    async def read(self) -> KnownNames:
        """Return the names."""
        accounts, contacts = await asyncio.gather(self._accounts.infos(), self._contacts.list())
        return KnownNames(
            accounts=_names(account_name(each.channel, each.account_id) for each in accounts),
            contacts=_names(each.name for each in contacts),
        )


def _names(found: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in found if not _ADDRESS.search(name))[:MAX_NAMES]

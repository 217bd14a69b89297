"""Reads the names that a sentence may use."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any, cast

from app.core.messaging.contact_models import Contact, name_key
from app.core.messaging.recipients import CACHED_SEC
from app.planner.directory import NameDirectory

if TYPE_CHECKING:
    from app.core.clock import Clock
    from app.core.messaging.accounts import AccountStore
    from app.core.messaging.contacts import ContactStore
    from app.core.specs.store import JobIndex

FindDirectory = Callable[[], Awaitable[NameDirectory]]


class DirectoryReader:
    """Reads the names of a deployment, once in five seconds and after each change by this process."""

    def __init__(self, contacts: ContactStore, accounts: AccountStore, clock: Clock) -> None:
        self._contacts = contacts
        self._accounts = accounts
        self._clock = clock
        self._turn = asyncio.Lock()
        self._known = NameDirectory()
        self._version: int = -1
        self._known_until = float("-inf")

    async def read(self) -> NameDirectory:
        """Return the names; those that another process has changed may be five seconds old."""
        # Many plans at one moment make one read of Redis.
        async with self._turn:
            asked, version = self._clock.monotonic(), self._contacts.version
            if asked >= self._known_until or version != self._version:
                self._known = await self._read()
                self._known_until, self._version = asked + CACHED_SEC, version
            return self._known

    async def _read(self) -> NameDirectory:
        contacts, revisions = await asyncio.gather(self._contacts.stored(), self._accounts.revisions())
        accounts: dict[str, tuple[str, ...]] = {}
        for name in revisions:
            channel, account_id = name.split(":", 1)
            key = account_id.lower()
            accounts[key] = (*accounts.get(key, ()), channel)
        return NameDirectory(contacts, accounts)


async def with_past_recipients(
    directory: NameDirectory, names: Sequence[str], index: JobIndex
) -> NameDirectory:
    """Return the directory with the places of those names that stored jobs send to, each if it is one."""
    found = await index.candidates(None, sorted({*map(name_key, names)}))
    places: dict[str, set[Contact]] = {name_key(name): set() for name in names}
    for record in found.records:
        inputs = record.spec.inputs
        place = inputs if record.spec.type == "message.send" else inputs.get("notify")
        said = cast("dict[str, Any]", place) if isinstance(place, dict) else {}
        channel, to = said.get("channel"), str(said.get("to") or "")
        if channel and name_key(to) in places:
            places[name_key(to)].add(Contact(to, str(channel), to, said.get("account_id")))
    past = {key: each.pop().text() for key, each in places.items() if len(each) == 1}
    return replace(directory, contacts={**past, **directory.contacts}) if past else directory

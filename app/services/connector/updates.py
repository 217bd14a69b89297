"""Polls updates of an account; stores each before it is confirmed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from app.core.background import Backoff, or_stop, run_forever, sleep_or_stop
from app.core.connectors.base import PEEKED, ChannelBusy, ChannelError, ChannelRejected
from app.core.connectors.telegram.incoming import read_update
from app.core.connectors.updates import PRESSED_ANY_TIME
from app.core.i18n import _
from app.core.observability import get_logger

if TYPE_CHECKING:
    from app.core.connectors.base import PollingConnector
    from app.core.connectors.updates import Update
    from app.services.connector.session import AccountSession

# Anyone with the token may set or remove a webhook.
LOOK_EACH_SEC = 60.0
# The limit of unprocessed updates: more would push out the oldest.
_FULL = 500
_FULL_WAIT_SEC, _DISTRUST_SEC, _REFUSED_SEC = 1.0, 0.1, 30.0
_FIRST_WAIT_SEC, _LONGEST_WAIT_SEC = 0.5, 30.0

log = get_logger(__name__)


class Poller:
    """Polls while no webhook is set. It never sets or removes anything on the remote side.

    No offset is stored. An unconfirmed update comes again, and its id is known. The next call confirms the
    updates that this one has stored, so a process that dies in between loses nothing and doubles nothing.
    """

    def __init__(self, session: AccountSession, connector: PollingConnector) -> None:
        self._session = session
        self._connector = connector
        self._offset: int | None = None
        self._by_webhook = False
        self._look_at = float("-inf")
        self._backoff = Backoff(_FIRST_WAIT_SEC, _LONGEST_WAIT_SEC)

    async def run(self, stop: asyncio.Event) -> None:
        """Poll until `stop`."""
        await run_forever("updates", self._step, stop)

    async def _step(self, stop: asyncio.Event) -> None:
        if not self._session.lease.trusted:
            await sleep_or_stop(stop, _DISTRUST_SEC)
            return
        try:
            await self._round(stop)
        except ChannelError as error:
            await sleep_or_stop(stop, self._wait_after(error))
        else:
            self._backoff.reset()

    async def _round(self, stop: asyncio.Event) -> None:
        if self._session.context.clock.monotonic() >= self._look_at:
            await or_stop(stop, self._check_webhook())
        if self._by_webhook:
            await sleep_or_stop(stop, LOOK_EACH_SEC)
        elif await self._session.context.updates.count(self._session.name) >= _FULL:
            await sleep_or_stop(stop, _FULL_WAIT_SEC)
        elif not stop.is_set():
            found = await or_stop(stop, self._connector.fetch(self._offset))
            if found is not None:
                await self._keep(found)

    async def _check_webhook(self) -> None:
        session = self._session
        host = await self._connector.webhook_host(session.webhook_path)
        self._by_webhook = host is not None
        self._look_at = session.context.clock.monotonic() + LOOK_EACH_SEC
        concern = ""
        if host:
            concern = _("Updates go to a webhook at {host}, so no commands are fetched.", host=host)
        if concern and concern != session.inbound.concern:
            log.warning("commands are not fetched: a foreign webhook is set", account=session.name, host=host)
        session.inbound.concern = concern

    async def _keep(self, found: Sequence[Mapping[str, Any]]) -> None:
        session = self._session
        session.inbound.concern = ""
        if not found:
            # After a week without updates Telegram may restart its ids: an old offset would hide them.
            self._offset = None
            await self._note_fetched(found)
            return
        if not session.lease.trusted:
            return
        read = [read_update(raw) for raw in found]
        await self._store([update for update in read if update is not None])
        self._offset = max(raw["update_id"] for raw in found) + 1
        await self._note_fetched(found)

    async def _store(self, read: list[Update]) -> None:
        updates, name = self._session.context.updates, self._session.name
        if any(update.is_timeless_press for update in read):
            after = await updates.fetched_at(name) or PRESSED_ANY_TIME
            read = [replace(each, pressed_after=after) if each.is_timeless_press else each for each in read]
        await updates.store(name, read)

    async def _note_fetched(self, found: Sequence[Mapping[str, Any]]) -> None:
        # After a full answer more may wait, and it may be old.
        if len(found) < PEEKED:
            await self._session.context.updates.note_fetched(self._session.name)

    def _wait_after(self, error: ChannelError) -> float:
        session = self._session
        log.warning("updates were not fetched", account=session.name, code=error.code, reason=error.message)
        # The webhook may have changed.
        self._look_at = float("-inf")
        if isinstance(error, ChannelBusy):
            return error.retry_after_sec
        if isinstance(error, ChannelRejected):
            session.inbound.concern = _("Commands are not fetched. {why}", why=error.message)
            return _REFUSED_SEC
        return self._backoff.next_wait_sec()

"""Checks one account, on request and at the interval of its channel."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

import orjson

from app.core.background import or_stop, run_forever
from app.core.connectors.base import AccountHealth, ChannelRejected, ConnectorHealth
from app.core.i18n.stored import cut, packed
from app.core.messaging.checks import is_about_chats
from app.core.storage.notifications import messages_due
from app.services.connector.chats import read_chats
from app.services.connector.session import POLL_SEC

if TYPE_CHECKING:
    from app.core.storage.notifications import Subscription
    from app.services.connector.session import AccountSession

_MAX_REASON_CHARS = 500
_ALWAYS_UP = ConnectorHealth("up", 0, "")


class AccountChecker:
    """Answers all requests at one time with one real call."""

    def __init__(self, session: AccountSession) -> None:
        self._session = session
        self._next_own = float("-inf")

    async def run(self, stop: asyncio.Event) -> None:
        """Check until `stop`."""
        with self._session.context.notifier.listen(messages_due(self._session.name)) as subscription:
            await run_forever("checks", lambda stopping: self._step(subscription, stopping), stop)

    async def _step(self, subscription: Subscription, stop: asyncio.Event) -> None:
        session, desk = self._session, self._session.context
        taken = await desk.checks.take_checks(session.channel, session.account_id)
        asked = [each for each in taken if not is_about_chats(each)]
        if len(asked) < len(taken):
            await self._answer_chats([each for each in taken if is_about_chats(each)], stop)
            if not asked:
                return
        if not asked and desk.clock.monotonic() < self._next_own:
            await or_stop(stop, subscription.wait(POLL_SEC))
            return
        health = await self._check(stop)
        if health is None:
            return
        at_ms = desk.clock.now_ms()
        await desk.checks.answer(session.channel, session.account_id, asked, self._answer(health, at_ms))
        is_published = await self._publish(health)
        desk.health_report.note(session.name, health, at_ms)
        self._next_own = desk.clock.monotonic() + (session.kind.check_each_sec if is_published else POLL_SEC)

    async def _answer_chats(self, ask_ids: list[str], stop: asyncio.Event) -> None:
        session = self._session
        answer = await or_stop(stop, read_chats(session))
        if answer is not None:
            await session.context.checks.answer_chats(session.channel, session.account_id, ask_ids, answer)

    async def _check(self, stop: asyncio.Event) -> ConnectorHealth | None:
        connector = self._session.connector
        if connector is None:
            return _ALWAYS_UP
        health = await or_stop(stop, connector.check())
        return None if health is None else self._with_inbound(health)

    def _with_inbound(self, health: ConnectorHealth) -> ConnectorHealth:
        """Return a degraded health if sending works but commands do not arrive."""
        inbound = self._session.inbound
        concern = inbound.broken or inbound.concern or inbound.unnamed
        if not concern or health.state != "up":
            return health
        return replace(health, state="degraded", detail=concern)

    def _answer(self, health: ConnectorHealth, at_ms: int) -> AccountHealth:
        session = self._session
        # A refused credential is fixed by entering another one.
        refused = health.reason == ChannelRejected.code
        command = f"multi-job connect {session.channel} {session.account_id}" if refused else None
        if session.inbound.unnamed and health.detail == session.inbound.unnamed:
            command = f"multi-job connect {session.channel} {session.account_id} --allow-chat ID"
        return AccountHealth(health.state, health.reason, health.latency_ms, health.detail, at_ms, command)

    async def _publish(self, health: ConnectorHealth) -> bool:
        """Store the state, which may open an incident; False if the lease was not ours at that moment."""
        session = self._session
        data = {
            "account": session.name,
            "channel": session.channel,
            "account_id": session.account_id,
            "detail": health.detail,
        }
        # A degraded account still works.
        state = "down" if health.state == "down" else "up"
        word = await session.context.scripts.run(
            "accounts/set_state",
            account=session.name,
            owner=session.lease.owner,
            state=state,
            data=orjson.dumps(data).decode(),
            reason=packed(cut(health.detail, _MAX_REASON_CHARS)),
            refused="1" if health.reason == ChannelRejected.code else "",
        )
        return word != "LOST"

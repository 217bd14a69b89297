"""Processes the updates of an account in sequence, in the order of arrival.

An update is acknowledged after its effect. The ids of effects come from the update: a run's id, a plan's key,
a message's id. So a process that dies in between does nothing twice.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from app.core.background import Backoff, or_stop, run_forever, sleep_or_stop
from app.core.connectors.base import ChannelError
from app.core.errors import ConfigurationError, MultiJobError, OutboxMismatch, Unavailable
from app.core.i18n import _, render
from app.core.observability import get_logger
from app.core.storage.notifications import updates_stored
from app.services.connector.commands.messages import CommandReply, CommandRequest, language_of
from app.services.connector.session import POLL_SEC

if TYPE_CHECKING:
    from app.core.connectors.base import ChatConnector
    from app.core.connectors.messages import Button
    from app.core.connectors.updates import StoredUpdate, Update
    from app.core.storage.notifications import Subscription
    from app.services.connector.commands.context import CommandContext
    from app.services.connector.session import AccountSession

_AT_ONCE = 32
_DISTRUST_SEC = 0.1
_MOST_STRANGERS = 1_000

log = get_logger(__name__)


class CommandLoop:
    """Serves the chats that the account allows; messages from other chats get no reply."""

    def __init__(self, session: AccountSession, connector: ChatConnector) -> None:
        self._session = session
        self._connector = connector
        self._name: str | None = None
        self._strangers: set[str] = set()
        self._backoff = Backoff(longest_sec=30.0)

    async def run(self, stop: asyncio.Event) -> None:
        """Process updates until `stop`."""
        try:
            context = await self._session.context.command_contexts.open()
        except ConfigurationError as error:
            # Messages can still be sent; only commands wait for the fix.
            log.error("no commands are taken", account=self._session.name, reason=error.message)  # noqa: TRY400
            self._session.inbound.broken = _("No commands are taken: {why}", why=error.message)
            await stop.wait()
            return
        with self._session.context.notifier.listen(updates_stored(self._session.name)) as subscription:
            await run_forever("commands", lambda stopping: self._step(context, subscription, stopping), stop)

    async def _step(self, context: CommandContext, subscription: Subscription, stop: asyncio.Event) -> None:
        session = self._session
        found = await session.context.updates.waiting(session.name, _AT_ONCE)
        if not found:
            await or_stop(stop, subscription.wait(POLL_SEC))
            return
        for stored in found:
            if stop.is_set() or not session.lease.trusted:
                await sleep_or_stop(stop, _DISTRUST_SEC)
                return
            try:
                await self._handle(context, stored)
            except ChannelError as error:
                log.warning("the account's own name is not known", account=session.name, reason=error.message)
                await self._backoff.wait(stop)
                return
            await session.context.updates.acknowledge(session.name, stored)
        self._backoff.reset()

    async def _handle(self, context: CommandContext, stored: StoredUpdate) -> None:
        update = stored.update
        if update.chat not in self._session.chats:
            self._turn_away(update)
            return
        request = await self._request(update)
        if request is not None:
            reply = await self._reply(context, request, stored)
            await self._say(update, reply)
            await self._note_press(update, reply)

    def _turn_away(self, update: Update) -> None:
        if update.chat not in self._strangers and len(self._strangers) < _MOST_STRANGERS:
            self._strangers.add(update.chat)
            log.warning(
                "a chat that is not allowed is not answered", account=self._session.name, chat=update.chat
            )

    async def _request(self, update: Update) -> CommandRequest | None:
        """Return the command of an update; None if it is not addressed to the bot."""
        account = self._session.name
        if update.press_id:
            return CommandRequest(account, update)
        if not update.text.startswith("/"):
            return CommandRequest(account, update, "help") if update.private else None
        first, rest = (*update.text[1:].split(maxsplit=1), "", "")[:2]
        command, _, name = first.partition("@")
        if name and name.lower() != (await self._own_name()).lower():
            return None
        return CommandRequest(account, update, command.lower()[:32], rest.strip())

    async def _own_name(self) -> str:
        if self._name is None:
            self._name = await self._connector.name()
        return self._name

    async def _reply(
        self, context: CommandContext, request: CommandRequest, stored: StoredUpdate
    ) -> CommandReply:
        # They bring the planner with them.
        from app.services.connector.commands.gate import refused  # noqa: PLC0415
        from app.services.connector.commands.handlers import answer  # noqa: PLC0415

        try:
            return await refused(context, request, stored) or await answer(context, request)
        except Unavailable:
            raise
        except MultiJobError as error:
            text = render(error.message, request.language)
            return CommandReply(text, press_text=text)
        except Exception:
            log.exception("a command failed", account=self._session.name, command=request.command)
            return CommandReply(request.say(_("This command failed inside; the log has it.")))

    async def _say(self, update: Update, reply: CommandReply) -> None:
        kind, account_id = self._session.kind, self._session.account_id
        text = reply.text or ("" if kind.press_notes else reply.press_text)
        if not text:
            return
        entry_id = f"reply:{reply.once or update.id}:{account_id}"
        if reply.buttons and len(text) > kind.max_button_chars:
            await self._put(update, entry_id, text, ())
            choose = render(_("Choose:"), language_of(update.language))
            await self._put(update, f"{entry_id}:buttons", choose, reply.buttons)
        else:
            await self._put(update, entry_id, text, reply.buttons)

    async def _put(self, update: Update, entry_id: str, text: str, buttons: tuple[Button, ...]) -> None:
        session = self._session
        parts = (entry_id, session.channel, session.account_id, update.chat)
        try:
            await session.context.outbox.put(*parts, _cut(text, session.kind.max_chars), buttons=buttons)
        except OutboxMismatch:
            # Answered before this process or an earlier one died; the figures have changed since.
            log.info("an update was answered before", account=session.name, update=update.id)

    async def _note_press(self, update: Update, reply: CommandReply) -> None:
        if not update.press_id:
            return
        try:
            await self._connector.answer_press(update.press_id, reply.press_text)
        except ChannelError as error:
            # The effect is only a spinner in the app: the result was sent as a message.
            log.info("a press was not confirmed", account=self._session.name, code=error.code)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"

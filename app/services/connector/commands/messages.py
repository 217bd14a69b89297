"""Requests and replies of commands. The language is that of the person's own app."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from app.core.clock import from_ms
from app.core.i18n import Language, Message, _, render

if TYPE_CHECKING:
    from app.core.connectors.messages import Button
    from app.core.connectors.updates import Update


def language_of(code: str) -> Language:
    """Return the language to answer in: Indonesian for `id`, English for all others."""
    return "id" if code.lower().partition("-")[0] == "id" else "en"


@dataclass(frozen=True, slots=True)
class CommandRequest:
    """A command of a person who may give it."""

    account: str
    update: Update
    command: str = ""
    rest: str = ""

    @property
    def language(self) -> Language:
        return language_of(self.update.language)

    @property
    def channel(self) -> str:
        """Return the channel that it came by: the source of runs."""
        return self.account.partition(":")[0]

    @property
    def actor(self) -> str:
        """Return the actor for versions and runs."""
        return f"{self.channel}:{self.update.person or 'anonymous'}"

    def say(self, message: Message) -> str:
        return render(message, self.language)

    def say_next(self, at_ms: int, timezone: str) -> str:
        """Return the next fire of a job."""
        local = from_ms(at_ms).astimezone(ZoneInfo(timezone))
        return self.say(_("next {instant}", instant=f"{local:%Y-%m-%d %H:%M} {timezone}"))

    def reply(self, message: Message) -> CommandReply:
        """Return a reply of one message."""
        return CommandReply(self.say(message))


@dataclass(frozen=True, slots=True)
class CommandReply:
    """The reply to a command.

    `text` is a message, `press_text` a note at the pressed button; either may be empty. `once` identifies a
    reply that is sent once, for any number of presses; otherwise each update gets one reply.
    """

    text: str = ""
    press_text: str = ""
    buttons: tuple[Button, ...] = ()
    once: str = ""

"""When a message is late, when it expires, and the text that says it is late."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from app.core.clock import from_ms
from app.core.i18n import Message, _, concat, render
from app.core.scheduling.cron_words import MONTH_NAMES

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from app.core.connectors.messages import InboxMessage
    from app.core.i18n import Language

OTHERS_EXPIRE_SEC: Final = 3_600
"""After this time a message to others, such as customers, is not sent any more, unless its job says so."""
NEVER: Final = 0
"""`expires_after_sec` of a message that is sent however late."""
MAX_EXPIRES_SEC: Final = 30 * 86_400
EXPIRED: Final = "expired"
"""The code of a message that was not sent because its time was over."""
EXPIRED_WORDS: Final[Message] = _("It was not sent, because its time was over (`expires_after_sec`).")


@dataclass(frozen=True, slots=True)
class DeliveryTime:
    """When a message should be sent, and from when on it is not sent any more; epoch milliseconds."""

    due_at: int
    expires_at: int | None = None


def expires_after(given_sec: int | None, *, to_others: bool) -> int | None:
    """Return how many seconds after its time a message expires; None if it never does."""
    if given_sec is None:
        return OTHERS_EXPIRE_SEC if to_others else None
    return given_sec or None


def late_note(due_at: int, sent_at: int, zone: ZoneInfo, language: Language) -> str:
    """Return `(late, was due 07:21)`, with the date if it is another day than that of the sending."""
    due, sent = from_ms(due_at).astimezone(zone), from_ms(sent_at).astimezone(zone)
    hour, minute = due.strftime("%H %M").split()
    clock = _("{hour}:{minute}", hour=hour, minute=minute)
    day = [] if due.date() == sent.date() else [concat(str(due.day), " ", MONTH_NAMES[due.month - 1])]
    message = _("(late, was due {time})", time=concat(*day, clock, separator=" "))
    return f"\n{render(message, language)}"


def as_received(message: InboxMessage, zone: ZoneInfo, language: Language) -> InboxMessage:
    """Return a message of the sandbox as a channel would have delivered it."""
    if message.late_since is None:
        return message
    return replace(message, text=message.text + late_note(message.late_since, message.at, zone, language))

"""Decides if a command may be executed: by its age, and in a group by the person who gave it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from app.core.connectors.updates import COMMAND_MAX_AGE_MS, COMMAND_MAX_AHEAD_MS

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from app.core.connectors.updates import StoredUpdate, Update
    from app.services.connector.commands.messages import CommandRequest

READING: Final = frozenset({"help", "start", "status", "incidents", "insiden", "jobs", "why"})
"""The commands that change nothing: every member of an allowed group may give them."""


class RefusalReason(StrEnum):
    """Why a command is not executed."""

    TOO_OLD = "too_old"
    """It was written too long ago: its person no longer waits for it, or it is a replay."""
    NO_TIME = "no_time"
    """The channel did not say when it was written."""
    IN_FUTURE = "in_future"
    """By Redis' clock it is not written yet."""
    ANONYMOUS = "anonymous"
    """An admin without a name, or a channel."""
    FORWARDED = "forwarded"
    """Another person wrote it."""
    NOT_NAMED = "not_named"
    """The account's list of persons does not hold its person."""


@dataclass(frozen=True, slots=True)
class CommandRefusal:
    """Why a command is not executed, and its age in milliseconds if it is known."""

    reason: RefusalReason
    age_ms: int | None = None


def is_command(update: Update) -> bool:
    """Return True for a command or a press; a private text of another kind only gets the help."""
    return bool(update.press_id) or update.text.startswith("/")


def acts(request: CommandRequest, commands: Container[str]) -> bool:
    """Return True for a press, and for each of `commands` that does not only read."""
    is_acting = request.command in commands and request.command not in READING
    return bool(request.update.press_id) or is_acting


def age_refusal(stored: StoredUpdate, now_ms: int) -> CommandRefusal | None:
    """Return why a command is refused for its age; `now_ms` by Redis' clock."""
    update = stored.update
    if update.is_timeless_press:
        # The press is not older than the fetch before. If that is unknown, its arrival is all that is known.
        age_ms = now_ms - (update.pressed_after or stored.received_at)
        return CommandRefusal(RefusalReason.TOO_OLD, age_ms) if age_ms > COMMAND_MAX_AGE_MS else None
    if update.sent_at <= 0:
        return CommandRefusal(RefusalReason.NO_TIME)
    age_ms = now_ms - update.sent_at
    if age_ms > COMMAND_MAX_AGE_MS:
        return CommandRefusal(RefusalReason.TOO_OLD, age_ms)
    return CommandRefusal(RefusalReason.IN_FUTURE, age_ms) if age_ms < -COMMAND_MAX_AHEAD_MS else None


def person_refusal(update: Update, named: Iterable[str]) -> CommandRefusal | None:
    """Return why a person may not act in a chat; `named` are the ids of those who may act in groups."""
    if update.private:
        return None
    if not update.person:
        return CommandRefusal(RefusalReason.ANONYMOUS)
    if update.is_forwarded:
        return CommandRefusal(RefusalReason.FORWARDED)
    return None if update.person in named else CommandRefusal(RefusalReason.NOT_NAMED)

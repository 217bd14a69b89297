"""What a command comes to: who asked, and what is said back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from app.services.connector.command_words import Language, language_of, say

if TYPE_CHECKING:
    from app.core.outbox_records import Button
    from app.core.updates import Update


@dataclass(frozen=True, slots=True)
class Ask:
    """A command of a person who may give it."""

    account: str
    update: Update
    command: str = ""
    rest: str = ""

    @property
    def language(self) -> Language:
        return language_of(self.update.language)

    @property
    def actor(self) -> str:
        """Return what stands in versions and runs."""
        return f"telegram:{self.update.person}"

    def say(self, word: str, *values: object) -> str:
        return say(self.language, word, *values)


@dataclass(frozen=True, slots=True)
class Reply:
    """What is said back. `text` is a message, `press_text` a note to who pressed; either may be empty.

    `once` names what is said once, however many presses ask for it; else each update is answered once.
    """

    text: str = ""
    press_text: str = ""
    buttons: tuple[Button, ...] = ()
    once: str = ""

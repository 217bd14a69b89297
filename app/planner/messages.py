"""Notes about a plan, and the texts of them that several modules use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from app.core.i18n import Message, _
from app.planner.models import HasNotes, Note, NoteKind, PromptSpan


@dataclass(slots=True, kw_only=True, eq=False)
class Notes(HasNotes):
    """Collects notes; their texts are messages."""

    notes: list[Note] = field(default_factory=list[Note])

    def note(
        self,
        kind: NoteKind,
        message: Message,
        span: PromptSpan | None = None,
        *,
        choices: tuple[str, ...] = (),
        lead: str = "",
        field: str = "",
    ) -> None:
        """Add a note, unless it is there already."""
        self.take_notes([Note(kind, message, span, choices=choices, lead=lead, field=field)])

    def assume(self, message: Message, span: PromptSpan | None = None, field: str = "") -> None:
        """Note an assumption; `field` is the field of the job that a person should check."""
        self.note(NoteKind.ASSUMPTION, message, span, field=field)

    def unread(self, message: Message, span: PromptSpan | None = None) -> None:
        """Note words that are not used."""
        self.note(NoteKind.UNREAD, message, span)

    def refuse(self, message: Message, span: PromptSpan | None = None) -> None:
        """Note what is not planned, and why."""
        self.note(NoteKind.REFUSAL, message, span)

    def ask(
        self,
        message: Message,
        span: PromptSpan | None = None,
        *,
        choices: tuple[str, ...] = (),
        lead: str = "",
    ) -> None:
        """Note a question; the answer takes the place of `span`, which may be empty, after `lead`."""
        self.note(NoteKind.QUESTION, message, span, choices=choices, lead=lead)

    def take_notes(self, notes: Iterable[Note]) -> None:
        """Add notes of another."""
        self.notes.extend(note for note in notes if note not in self.notes)


INTERVAL: Final = _("No interval was said: every {seconds} seconds is used.")
COUNTED: Final = _("No times were said: {times} are used.")
LENT_SCHEDULE: Final = _("The same schedule is used for {words}.")
LENT_CLOCK: Final = _("{time} is used for all of its days.")
MINUTE: Final = _("A cron line is by the minute at the finest: every minute is used.")
START: Final = _("Starts {instant}.")
DAILY: Final = _("No day was said: it is read as every day.")
UNSUPPORTED: Final = _('No job type does "{words}": that part is left out.')
FOREIGN: Final = _("The channel {channel} is not supported: that part is not planned.")
NO_TEXT: Final = _("What is the message? Write it in quotes.")
BACKGROUND: Final = _('"{words}" is read as background, not as a wish.')
UNUSED: Final = _('"{words}" is not used.')
KEPT: Final = _('"{words}": this stays as it is, nothing is changed.')
UNREADABLE: Final[dict[str, Message]] = {
    "clock": _('"{words}" is no time of day: that part is not planned.'),
    "too_short": _('"{words}" is under 1 second: that part is not planned.'),
    "negative": _('"{words}" is negative: that part is not planned.'),
    "too_long": _('"{words}" is over 366 days: that part is not planned.'),
    "fraction": _('"{words}" is no whole number of seconds: that part is not planned.'),
    "times": _('"{words}" is impossible: that part is not planned.'),
    "date": _('"{words}" is no date: that part is not planned.'),
    "past": _('"{words}" is past: that part is not planned.'),
    "nth_weekday": _('"{words}" cannot be scheduled (the nth weekday of a month): that part is not planned.'),
    "except": _('"{words}" is not understood. Which days or times are left out?'),
    "only_holidays": _('"{words}" cannot be scheduled (on holidays alone): that part is not planned.'),
    "holidays": _('No public holidays are known for that time zone: "{words}" is not planned.'),
    "one_of": _('"{words}" is about one of several times: plan each of them in a sentence of its own.'),
    "nothing_left": _('Nothing is left of "{words}": that part is not planned.'),
    "counted": _('"{words}" is no day that every month or year has: that part is not planned.'),
    "no_base": _('Which date is "{words}"?'),
    "vague": _('"{words}" is too vague: the default is used.'),
    "vague_once": _('"{words}" is too vague: say when.'),
}
"""By the reason why a time is impossible or unclear; `{words}` are filled in later."""
UNCLEAR_KINDS: Final = {
    "vague": NoteKind.UNREAD,
    "vague_once": NoteKind.QUESTION,
}
"""The kind of note for each unclear time; an impossible one is a refusal."""

"""What becomes of a schedule's fires in the nights in which its zone turns the clocks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

from app.core.clock import from_ms
from app.core.cron_zone import CronSlots, Piece, clock_changes
from app.core.words import Words

MAX_NOTES: Final = 4
_TURNED: Final = {
    "gap": Words(
        "Pada {date} jam di {zone} maju dari {old} ke {new}: ",
        "On {date} the clocks of {zone} go forward from {old} to {new}: ",
    ),
    "overlap": Words(
        "Pada {date} jam di {zone} mundur dari {old} ke {new}: ",
        "On {date} the clocks of {zone} go back from {old} to {new}: ",
    ),
}
_BECOMES: Final = {
    ("gap", False): Words(
        "yang jatuh di antaranya berjalan satu kali, pukul {new}.",
        "what falls in between fires once, at {new}.",
    ),
    ("gap", True): Words(
        "waktu di antaranya tidak ada hari itu dan dilewati.",
        "the times in between do not exist that day and are passed over.",
    ),
    ("overlap", False): Words(
        "waktu di antaranya datang dua kali, dan berjalan pada yang pertama saja.",
        "the times in between come twice, and fire at their first coming only.",
    ),
    ("overlap", True): Words(
        "waktu di antaranya datang dua kali, dan berjalan dua kali.",
        "the times in between come twice, and fire both times.",
    ),
}


@dataclass(frozen=True, slots=True)
class ClockChangeNote:
    """A change of the clocks that fires fall into: when, which kind, what becomes of them."""

    at_ms: int
    kind: Literal["gap", "overlap"]
    words: Words


def clock_change_notes(slots: CronSlots, first_ms: int, last_ms: int) -> list[ClockChangeNote]:
    """Return the first few notes from one instant to another; changes that no fire falls into have none."""
    notes: list[ClockChangeNote] = []
    for piece in clock_changes(slots.zone, first_ms, last_ms):
        before, after = piece.start + piece.before, piece.start + piece.offset
        if slots.fields.count(min(before, after), max(before, after)) and len(notes) < MAX_NOTES:
            notes.append(_note(slots, piece))
    return notes


def _note(slots: CronSlots, piece: Piece) -> ClockChangeNote:
    kind = "gap" if piece.offset > piece.before else "overlap"
    # As if the wall showed UTC: only its figures are told.
    old, new = from_ms(piece.start + piece.before), from_ms(piece.start + piece.offset)
    figures = {
        "date": f"{old:%Y-%m-%d}",
        "zone": slots.zone.key,
        "old": f"{old:%H:%M}",
        "new": f"{new:%H:%M}",
    }
    told = _TURNED[kind] + _BECOMES[kind, slots.fields.runs_through]
    return ClockChangeNote(piece.start, kind, Words(told.id.format(**figures), told.en.format(**figures)))

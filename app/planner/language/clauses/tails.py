"""The end of a reminder's text that no mark announces: "remind me to drink water every hour"."""

from __future__ import annotations

from typing import Final

from app.planner.language.clauses.names import read_names
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import (
    ClockTimes,
    Interval,
    OnceDelta,
)
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

_PLACES: Final = ("channel", "via", "toward", "chat", "using", "account")
_POLITE: Final = words_of(Sense.POLITE_TAILS) | {"terima kasih", "thank you"}


def without_tail(lex: Lexemes, start: int, end: int, verb: int) -> int:
    """Return the real end of a text from `start` to `end`: without the time, channel and thanks after it.

    A time after it is the schedule if no time is between the verb and the text; else it is part of the text:
    "remind me at 5 to call Bob at 6".
    """
    desired = verb
    while (
        desired
        and not lex[desired - 1].has("sep")
        and lex[desired - 1].kind not in {"mark", "line", "bullet"}
    ):
        desired -= 1
    said_before = scan_times(Lexemes(lex[desired:start]))
    timed = any(isinstance(piece.value, ClockTimes | Interval | OnceDelta) for piece in said_before)
    pieces = [] if timed else scan_times(Lexemes(lex[start:end]))
    times = {start + piece.last: start + piece.first for piece in pieces}
    names = {name.first for name in read_names(Lexemes(lex[:end]))}
    while end > start:
        if end in times and lex.has(times[end] - 1, Sense.STATES):
            return end  # "that standup is at 9"
        if end in times:
            end = times[end]
        elif is_polite(lex[end - 1]) or _leads_out(lex, end, start) or _is_place(lex, end - 1, start, names):
            end -= 1
        else:
            return end
    return end


def is_polite(lexeme: Lexeme, *, signs: bool = True) -> bool:
    """True for "ya" and "makasih", and for a sign."""
    return lexeme.text in _POLITE or (signs and lexeme.kind == "mark")


def _is_place(lex: Lexemes, pos: int, start: int, names: set[int]) -> bool:
    return pos in names and pos > start and lex[pos - 1].has_any(_PLACES)


def _leads_out(lex: Lexemes, end: int, start: int) -> bool:
    """True for a channel after its preposition, and for prepositions left at the end."""
    lexeme = lex[end - 1]
    if lexeme.has("channel"):
        return end - 1 > start and lex[end - 2].has("via", "toward", "using")
    if lexeme.has("toward", "via") and lex.has(end, "channel", "chat"):
        return True
    return end < len(lex) and lexeme.has("via", "clockmark", "toward") and " " not in lexeme.text

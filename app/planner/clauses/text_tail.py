"""The tail of an unquoted message: the time, the channel and the thanks that follow it are no part of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.clauses.names import read_names
from app.planner.lexicon.entry import words
from app.planner.reading.lexemes import Lexeme
from app.planner.times.cursor import has, text
from app.planner.times.pieces import Clocks, Counted, Interval, OnceDelta, PartOfDay, Recur
from app.planner.times.scan import scan_times

_SCHEDULES: Final = (Clocks, Interval, OnceDelta, Recur, Counted, PartOfDay)
_PLACES: Final = ("channel", "via", "toward", "chat", "using", "account")
_POLITE: Final = words(
    """
    ya yah dong donk deh please pls plz thanks thx ok oke tolong aja saja kak min bang gan 🙏 makasih makasi
    mksh trims tq mas mbak pak bu bos bro sis mimin
    """
) | {"terima kasih", "thank you"}

_STATES: Final = words(
    "is are was were be due starts begins opens closes ends until till sampai mulai buka tutup jadi"
)
"""Words that a time completes."""


def without_tail(lex: Sequence[Lexeme], start: int, end: int, verb: int, *, reporting: bool) -> int:
    """Return where a message from `start` to `end` really ends.

    A time behind it is the schedule where none stands between the verb and the message, else it is part of
    it: "remind me at 5 to call Bob at 6". So is a mere day of what is `reporting`: "bahwa toko tutup besok".
    """
    wish = verb
    while wish and not lex[wish - 1].has("sep") and lex[wish - 1].kind not in {"mark", "line", "bullet"}:
        wish -= 1
    timed = any(
        isinstance(piece.value, Clocks | Interval | OnceDelta) for piece in scan_times(lex[wish:start])
    )
    pieces = [] if timed else scan_times(lex[start:end])
    if reporting and not any(isinstance(piece.value, _SCHEDULES) for piece in pieces):
        pieces = []
    times = {start + piece.last: start + piece.first for piece in pieces}
    names = {name.first for name in read_names(lex[:end])}
    while end > start:
        if end in times and text(lex, times[end] - 1) in _STATES:
            return end  # "that standup is at 9"
        if end in times:
            end = times[end]
        elif _is_polite(lex[end - 1]) or _leads_out(lex, end, start) or _is_place(lex, end - 1, start, names):
            end -= 1
        else:
            return end
    return end


def _is_polite(lexeme: Lexeme) -> bool:
    return lexeme.text in _POLITE or lexeme.kind == "mark"


def _is_place(lex: Sequence[Lexeme], at: int, start: int, names: set[int]) -> bool:
    return at in names and at > start and lex[at - 1].has_any(_PLACES)


def _leads_out(lex: Sequence[Lexeme], end: int, start: int) -> bool:
    """True for a channel led by its preposition, and for prepositions left at the end."""
    lexeme = lex[end - 1]
    if lexeme.has("channel"):
        return end - 1 > start and lex[end - 2].has("via", "toward", "using")
    if lexeme.has("toward", "via") and has(lex, end, "channel", "chat"):
        return True
    return end < len(lex) and lexeme.has("via", "clockmark", "toward") and " " not in lexeme.text

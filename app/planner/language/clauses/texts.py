"""Marks unquoted messages: after a colon, after "bahwa", after "remind me to".

Each becomes one lexeme of kind `text`, so that no later stage reads a time or a wish inside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.names import read_names
from app.planner.language.lexicon.entry import phrases, words
from app.planner.language.times.expressions import (
    ClockTimes,
    Interval,
    OnceDelta,
    PartOfDay,
    Recurrence,
    TimesPer,
)
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

# The tail of an unquoted message: the time, the channel and the thanks that follow it are not part of it.

_SCHEDULES: Final = (ClockTimes, Interval, OnceDelta, Recurrence, TimesPer, PartOfDay)
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


def without_tail(lex: Lexemes, start: int, end: int, verb: int, *, reporting: bool) -> int:
    """Return the real end of a message from `start` to `end`.

    A time after it is the schedule if no time is between the verb and the message; else it is part of the
    message: "remind me at 5 to call Bob at 6". A day alone is also part of the message if it is `reporting`:
    "bahwa toko tutup besok".
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
    if reporting and not any(isinstance(piece.value, _SCHEDULES) for piece in pieces):
        pieces = []
    times = {start + piece.last: start + piece.first for piece in pieces}
    names = {name.first for name in read_names(Lexemes(lex[:end]))}
    while end > start:
        if end in times and lex.text(times[end] - 1) in _STATES:
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


Region = tuple[int, int]
"""From the first lexeme of a message to after its last."""

_INTENTS: Final = ("watch", "report", "backup", "message", "stop")
_TIMES: Final = words("every clockmark recur relday unit1 hm datemark weekday dayset tonight in")
_ADDRESSES: Final = words("email handle phone hash id")
_LONGEST_SENTENCE: Final = 60
_STOPS: Final = words(". ;")
_QUOTED: Final = words("quote text")
_CONTENTS: Final = words("isi isinya teks")
_PEOPLE: Final = words("saya aku tim me us kami kita team everyone semua") | {"the team"}
_NO_MESSAGE_SENSES: Final = words("channel chat every down clockmark account number hm phone")
_NO_MESSAGE_KINDS: Final = words("quote text mark line email handle phone hash")
_NO_COLON_TEXT: Final = words(
    "jadwal waktu akun account chat url channel at jam schedule when kapan id nomor situs jobs job"
)
_REPORTING: Final = phrases(
    """
    bahwa, bhw, that, isinya, saying, berbunyi, bunyinya, teksnya, pesannya, katanya, tulisannya, yang isinya,
    dengan isi, dgn isi, dengan teks, dengan pesan, dengan tulisan, isi pesan, which says, that says, it says,
    with the text, with text, with the message
    """
)
_SENT_AS: Final = phrases("bahwa, bhw, isinya, berbunyi, bunyinya, saying, yang isinya")
"""Words that start a message even if only "kirim" precedes them."""
_REMINDING: Final = _REPORTING | words(
    "to untuk utk buat agar supaya spy about soal tentang biar mengenai perihal for untk"
)


def mark_texts(prompt: str, lex: Lexemes) -> Lexemes:
    """Return the lexemes with each unquoted message as one of kind `text`."""
    marked = Lexemes(lex)
    # Reading a colon goes back to the start of its sentence, and most prompts have no message at all.
    speaks = any(each.has("message", "send", "channel") or each.text in _CONTENTS for each in marked)
    pos = 0
    while pos < len(marked):
        region = (_after_colon(marked, pos) if speaks else None) or _after_mark(marked, pos)
        if region is not None:
            marked[region[0] : region[1]] = [_text(prompt, marked[region[0] : region[1]])]
            pos = region[0]
        pos += 1
    return marked


def _text(prompt: str, lex: Sequence[Lexeme]) -> Lexeme:
    start, end = lex[0].start, lex[-1].end
    return Lexeme("text", "text", prompt[start:end], start, end, {})


def _after_colon(lex: Lexemes, pos: int) -> Region | None:
    """Read the message of "kirim wa ke 6281…: tagihan jatuh tempo"."""
    if lex.text(pos) != ":" or pos + 1 >= len(lex) or lex[pos + 1].kind in {"quote", "line"}:
        return None
    if lex.text(pos - 1) in _NO_COLON_TEXT or not _speaks_of_message(lex[_sentence_start(lex, pos) : pos]):
        return None
    end = _region_end(lex, pos + 1)
    return (pos + 1, end) if end > pos + 1 else None


def _speaks_of_message(lex: Sequence[Lexeme]) -> bool:
    if any(each.kind in {"quote", "text"} for each in lex):
        return False
    if any((each.has("message") and not each.has("notify")) or each.text in _CONTENTS for each in lex):
        return True
    if _sends_by_channel(lex):
        return True
    sends = any(each.has("send") for each in lex) and not any(each.has("report", "backup") for each in lex)
    return sends and any(each.has("channel") or each.kind == "email" for each in lex)


def _sends_by_channel(lex: Sequence[Lexeme]) -> bool:
    """True for "wa 0811 jam 3: halo", whose verb is the channel before an address."""
    if any(each.has("watch", "report", "backup", "account") for each in lex):
        return False
    return any(
        channel.has("channel") and (address.kind in _ADDRESSES or address.has("toward", "number", "phone"))
        for channel, address in pairwise(lex)
    )


def _sentence_start(lex: Lexemes, pos: int) -> int:
    start, earliest = pos, max(0, pos - _LONGEST_SENTENCE)
    while start > earliest and lex[start - 1].kind != "line" and lex[start - 1].text not in _STOPS:
        start -= 1
    return start


def _region_end(lex: Lexemes, start: int) -> int:
    """Return the end of a message: the end of its line, or the start of the next wish."""
    for pos in range(start, len(lex)):
        if lex[pos].kind in {"line", "bullet", "quote"}:
            return pos
        if (
            pos > start
            and _is_sep(lex[pos])
            and _intent_follows(lex, pos + 1, timed=not _is_strong(lex[pos]))
        ):
            return pos
    end = len(lex)
    return end - 1 if end > start and lex[end - 1].text in _STOPS else end


def _is_strong(lexeme: Lexeme) -> bool:
    return lexeme.text in _STOPS or lexeme.senses.get("sep") == "strong"


def _is_sep(lexeme: Lexeme) -> bool:
    return lexeme.text == "," or lexeme.text in _STOPS or lexeme.has("sep")


def _intent_follows(lex: Lexemes, pos: int, *, timed: bool) -> bool:
    """True if the rest of a sentence has a wish of its own; with `timed`, only if it has a time too."""
    asks = says_when = False
    for lexeme in lex[pos:]:
        if lexeme.kind == "line" or lexeme.text in _STOPS:
            break
        asks = asks or (lexeme.has_any(_INTENTS) and lexeme.corrected is None)
        says_when = says_when or lexeme.has_any(_TIMES) or lexeme.kind == "url"
        if asks and (says_when or not timed):
            return True
    return False


def _after_mark(lex: Lexemes, pos: int) -> Region | None:
    """Read the message of "remind me to …" and "kirim pesan … bahwa …"."""
    verb = _message_verb(lex, pos) if lex.text(pos) in _REMINDING else None
    if verb is None:
        return None
    marks = _REMINDING if lex[verb].senses.get("message") == "remind" else _REPORTING
    start = pos + 1
    end = _region_end(lex, start)
    if (
        lex.text(pos) not in marks
        or not _can_begin(lex, start)
        or any(each.kind in _QUOTED for each in lex[verb:end])
    ):
        return None
    end = without_tail(lex, start, end, verb, reporting=lex.text(pos) in _REPORTING)
    return (start, end) if end > start else None


def _message_verb(lex: Lexemes, pos: int) -> int | None:
    """Return the message verb before an index in the same clause."""
    for index in range(pos - 1, -1, -1):
        lexeme = lex[index]
        if lexeme.kind in {"line", *_QUOTED} or _is_strong(lexeme):
            return None
        if lexeme.has("message") and lexeme.senses.get("message") != "noun":
            return index
        if lexeme.has("send") and lex.text(pos) in _SENT_AS:
            return index
        if lexeme.has("watch", "report", "backup"):
            return None
    return None


def _can_begin(lex: Lexemes, pos: int) -> bool:
    """False if "to" or "untuk" introduces a place, a person or a time and not a message."""
    if pos >= len(lex) or lex[pos].has_any(_NO_MESSAGE_SENSES) or lex[pos].kind in _NO_MESSAGE_KINDS:
        return False
    ends = pos + 1 >= len(lex) or lex[pos + 1].kind == "mark"
    goes_on = ends or lex[pos + 1].has("via", "every", "sep", "clockmark", "channel")
    return not (lex[pos].text in _PEOPLE and goes_on)

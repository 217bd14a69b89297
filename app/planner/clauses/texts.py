"""Words that are a message and nothing else: after a colon, after "bahwa", after "remind me to".

They become one lexeme of kind `text`, so that no later stage reads a time or a wish out of them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.clauses.names import read_names
from app.planner.reading.lexemes import Lexeme
from app.planner.times.cursor import has, text
from app.planner.times.pieces import Clocks, Interval, OnceDelta
from app.planner.times.scan import scan_times

_INTENTS: Final = ("watch", "report", "backup", "message", "stop")
_TIMES: Final = ("every", "clockmark", "recur", "relday", "unit1", "hm", "datemark", "weekday", "dayset", "tonight", "in")
_NO_COLON_TEXT: Final = frozenset("jadwal waktu akun account chat url channel at jam schedule when kapan id nomor situs jobs job".split())
_REPORTING: Final = frozenset(
    "bahwa bhw that isinya saying berbunyi bunyinya teksnya pesannya katanya tulisannya".split()
) | {"yang isinya", "dengan isi", "which says", "with the text", "with text", "that says", "with the message", "dengan teks",
     "dengan pesan", "dengan tulisan", "isi pesan", "it says", "dgn isi"}  # fmt: skip
_REMINDING: Final = frozenset("to untuk utk buat agar supaya spy about soal tentang biar mengenai perihal for untk".split()) | _REPORTING
_TAIL_SENSES: Final = ("channel", "via", "toward", "chat", "using", "account")
_POLITE: Final = frozenset("ya yah dong donk deh please pls plz thanks thx ok oke tolong aja saja kak min bang gan 🙏".split())


def mark_texts(prompt: str, lex: Sequence[Lexeme]) -> list[Lexeme]:
    """Return the lexemes with each unquoted message as one of kind `text`."""
    marked = list(lex)
    at = 0
    while at < len(marked):
        region = _after_colon(marked, at) or _after_mark(marked, at)
        if region is not None:
            marked[region[0] : region[1]] = [_text(prompt, marked[region[0] : region[1]])]
            at = region[0]
        at += 1
    return marked


def _text(prompt: str, lex: Sequence[Lexeme]) -> Lexeme:
    start, end = lex[0].start, lex[-1].end
    return Lexeme("text", "text", prompt[start:end], start, end, {})


def _after_colon(lex: Sequence[Lexeme], at: int) -> tuple[int, int] | None:
    if text(lex, at) != ":" or at + 1 >= len(lex) or lex[at + 1].kind in {"quote", "line"} or text(lex, at - 1) in _NO_COLON_TEXT:
        return None
    start = _sentence_start(lex, at)
    before = lex[start:at]
    messages = any(each.has("message") and not each.has("notify") or each.text in {"isi", "isinya", "teks"} for each in before)
    sends = any(each.has("send") for each in before) and not any(each.has("report", "backup") for each in before)
    quoted = any(each.kind in {"quote", "text"} for each in before)
    if quoted or not (messages or (sends and any(each.has("channel") or each.kind == "email" for each in before))):
        return None
    end = _region_end(lex, at + 1, weak=False)
    return (at + 1, end) if end > at + 1 else None


def _sentence_start(lex: Sequence[Lexeme], at: int) -> int:
    start = at
    while start > 0 and lex[start - 1].kind != "line" and lex[start - 1].text not in {".", ";"}:
        start -= 1
    return start


def _region_end(lex: Sequence[Lexeme], start: int, *, weak: bool) -> int:
    """Return where a message ends: at the end of its line, or where the next wish begins."""
    for at in range(start, len(lex)):
        lexeme = lex[at]
        if lexeme.kind in {"line", "bullet", "quote"}:
            return at
        is_strong = lexeme.text in {".", ";"} or lexeme.senses.get("sep") == "strong"
        is_weak = lexeme.text == "," or lexeme.senses.get("sep") == "weak"
        if at > start and ((is_strong and _wish_follows(lex, at + 1, needs_time=False)) or (
            is_weak and _wish_follows(lex, at + 1, needs_time=True)
        )):
            return at
    end = len(lex)
    return end - 1 if end > start and lex[end - 1].text in {".", ";"} else end


def _wish_follows(lex: Sequence[Lexeme], at: int, *, needs_time: bool) -> bool:
    """True where the words up to the next separator ask for something of their own."""
    intent = timed = False
    for lexeme in lex[at:]:
        if lexeme.kind == "line" or lexeme.text in {".", ";"}:
            break
        intent = intent or (lexeme.has(*_INTENTS) and lexeme.corrected is None)
        timed = timed or lexeme.has(*_TIMES) or lexeme.kind == "url"
        if intent and (timed or not needs_time):
            return True
    return False


def _after_mark(lex: Sequence[Lexeme], at: int) -> tuple[int, int] | None:
    if text(lex, at) not in _REMINDING:
        return None
    verb = _message_verb(lex, at)
    if verb is None:
        return None
    marks = _REMINDING if lex[verb].senses.get("message") == "remind" else _REPORTING
    if text(lex, at) not in marks or not _can_begin(lex, at + 1):
        return None
    end = _region_end(lex, at + 1, weak=True)
    start = at + 1
    if end <= start or any(each.kind in {"quote", "text"} for each in lex[verb:end]):
        return None
    end = _without_tail(lex, start, end, verb)
    return (start, end) if end > start else None


def _message_verb(lex: Sequence[Lexeme], at: int) -> int | None:
    """Return the message verb before an index in the same clause."""
    for index in range(at - 1, -1, -1):
        lexeme = lex[index]
        if lexeme.kind in {"line", "text", "quote"} or lexeme.text in {".", ";"} or lexeme.senses.get("sep") == "strong":
            return None
        if lexeme.has("message") and lexeme.senses.get("message") != "noun":
            return index
        if lexeme.has("watch", "report", "backup"):
            return None
    return None


def _can_begin(lex: Sequence[Lexeme], at: int) -> bool:
    """False where "to" or "untuk" leads to a place, a person or a time and not to a message."""
    if at >= len(lex) or lex[at].has("channel", "chat", "every", "down", "clockmark", "account"):
        return False
    if lex[at].kind in {"quote", "text", "mark", "line"} or lex[at].has("number", "hm", "phone"):
        return False
    if lex[at].kind in {"email", "handle", "phone", "hash"}:
        return False
    pronouns = {"saya", "aku", "tim", "me", "us", "kami", "kita", "the team", "team", "everyone", "semua"}
    ends = at + 1 >= len(lex) or lex[at + 1].has("via", "every", "sep", "clockmark", "channel") or lex[at + 1].kind == "mark"
    return not (lex[at].text in pronouns and ends)


def _without_tail(lex: Sequence[Lexeme], start: int, end: int, verb: int) -> int:
    """Take off what follows a message: its time, where none stands before it, its channel, and thanks."""
    timed = any(isinstance(piece.value, Clocks | Interval | OnceDelta) for piece in scan_times(lex[verb:start]))
    pieces = [] if timed else scan_times(lex[start:end])
    last_of = {start + piece.last: start + piece.first for piece in pieces}
    names = {name.first for name in read_names(lex[:end])}
    while end > start:
        before = lex[end - 1]
        if end in last_of:
            end = last_of[end]
        elif before.text in _POLITE or before.kind == "mark" or (before.has("channel", "via", "toward") and _leads_out(lex, end, start)):
            end -= 1
        elif end - 1 in names and _place_before(lex, end - 1, start):
            end -= 1
        elif before.has("via", "clockmark", "toward") and " " not in before.text and end < len(lex):
            end -= 1
        else:
            return end
    return end


def _leads_out(lex: Sequence[Lexeme], end: int, start: int) -> bool:
    lexeme = lex[end - 1]
    if lexeme.has("channel"):
        return end - 2 >= start and lex[end - 2].has("via", "toward", "using")
    return has(lex, end, "channel", "chat")


def _place_before(lex: Sequence[Lexeme], at: int, start: int) -> bool:
    return at - 1 >= start and lex[at - 1].has(*_TAIL_SENSES)

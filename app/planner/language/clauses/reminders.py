"""Marks the texts of reminders, which no mark announces: "ingatkan bayar sewa 2jt tiap tanggal 1".

All words behind the verb that are no time and no place are the text. A list of things with a time each has an
entry for each: "ingatkan bayar wifi tiap tanggal 5, bpjs tiap tanggal 10". Its verb holds for later entries.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import takewhile
from typing import Final

from app.planner.language.clauses.destinations import PLACED, REACHED, has_verb, is_unclear, places_in
from app.planner.language.clauses.segments import (
    TIMED,
    borders,
    grouped,
    is_border,
    is_sign,
    runs_of,
    segments_of,
    with_part,
)
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.expressions import Dates, Days, OnceDay, OnceWeekday, TimeExpression
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

_ANNOUNCES: Final = words_of(Sense.ANNOUNCES)
_BEFORE_ERRANDS: Final = words_of(Sense.ERRAND_START)
_BEFORE_VERBS: Final = words_of(Sense.VERB_TO)
_DEEDS: Final = words_of(Sense.DEED)
_EVENTS: Final = words_of(Sense.EVENT)
_LEADS_ERRAND: Final = words_of(Sense.ERRAND_LEAD)
_SLIPS: Final = words_of(Sense.SLIP)
_REMINDERS: Final = words_of(Sense.REMINDER)
ENTRY: Final = "entry"
"""The sense of a reminder's text: where its entry starts and ends in the prompt."""
GOES_TO: Final = "goes_to"
"""The sense of a text that ends in a person, who may be its recipient instead."""

_ENDS: Final = frozenset(".;!?…")
_DATED: Final = (Dates, Days, OnceDay, OnceWeekday)
_WISHES: Final = ("watch", "report", "backup", "message", "channel", "account", "cond", "neg", "notify")
_TURNS: Final = ("repair", "recall", "excess")
_MANAGES: Final = ("stop", "change", "start", "revive", "resumed")
_MOST_HEAD: Final = 6
_LONGEST: Final = 240
_MOST_LEADS: Final = 60


def mark_reminders(prompt: str, lex: Lexemes) -> Lexemes:
    """Return the lexemes with each text of a reminder as one of kind `text`."""
    verbs = [pos for pos, each in enumerate(lex) if each.senses.get("message") == "remind"]
    for verb in reversed(verbs):  # what is marked changes no index before it
        for start, end, text in reversed(list(_texts(prompt, lex, verb))):
            lex[start:end] = [text]
    return lex


def _texts(prompt: str, lex: Lexemes, verb: int) -> Iterator[tuple[int, int, Lexeme]]:
    """Yield the texts of a reminder: their lexemes from first to before last, and the lexeme for them."""
    start, end = verb + 1, _end(lex, verb)
    if _is_other(lex, verb, start, end):
        return
    colon = _colon(lex, start, end)
    head = None if colon is None else _head(lex, start, colon)
    start = start if colon is None else colon + 1
    places = places_in(lex, start, end, opens=head is None)
    segments, said = segments_of(lex, start, end, places), _said_before(lex, verb)
    if not any(each.runs for each in segments) and (begun := _begun(lex, verb)) is not None:
        segments, said = segments_of(lex, begun, verb, places_in(lex, begun, verb, opens=False)), []
    dated = any(isinstance(piece.value, _DATED) for piece in said)
    timed = any(isinstance(piece.value, TIMED) for piece in said)
    entries = grouped(segments, dated=dated, timed=timed)
    if colon is not None and len(entries) < 2:  # noqa: PLR2004  the colon announces one text
        return
    shared = "" if head is None else prompt[lex[head[0]].start : lex[head[1] - 1].end]
    for entry in entries:
        opens = entry[0].start if head is None else head[0]
        bounds = (lex[opens].start, lex[entry[-1].end - 1].end)
        for index, (first, last) in enumerate(runs_of(entry)):
            said = _said(prompt, lex, first, last)
            word = lex[first].text
            own = index or not shared or has_verb(word) or lex.text(first - 1) in _BEFORE_VERBS
            said = said if own else f"{shared} {said}"
            shared = lex[first].raw if not index and word in _DEEDS else shared
            said = with_part(lex, last, said, prompt, entry)
            senses = {ENTRY: bounds, **({GOES_TO: True} if is_unclear(lex, first, last, places) else {})}
            start, head = (first, None) if head is None else (head[0], None)
            yield start, last, Lexeme("text", "text", said, lex[start].start, lex[last - 1].end, senses)


def _said(prompt: str, lex: Lexemes, first: int, last: int) -> str:
    """Return the words of a text as typed, with what corrects some of them in their place."""
    slip = next((pos for pos in range(last - 2, first, -1) if lex[pos].text in _SLIPS), None)
    if slip is not None and slip + 1 < last:
        kept = max(first, slip - (last - slip - 1))
        before = prompt[lex[first].start : lex[kept - 1].end] if kept > first else ""
        return f"{before} {prompt[lex[slip + 1].start : lex[last - 1].end]}".strip()
    return " ".join(prompt[lex[first].start : lex[last - 1].end].splitlines())


def _begun(lex: Lexemes, verb: int) -> int | None:
    """Return the start of "bayar listrik tgl 20" before "tolong ingatkan"; None if no errand is there."""
    first = verb
    while (
        first > max(0, verb - _MOST_LEADS)
        and lex[first - 1].text not in _ENDS
        and lex.kind(first - 1) != "line"
    ):
        first -= 1
    said = lex[first:verb]
    if any(each.has(*_WISHES) or each.kind in {"url", "www", "quote", "text"} for each in said):
        return None
    own = any(
        each.kind == "word" and (not each.senses or each.has("beyond") or each.text in _DEEDS | _EVENTS)
        for each in said
    )
    return first if own else None


def _colon(lex: Lexemes, start: int, end: int) -> int | None:
    """Return the colon before the errands, not those of "tgl 5: wifi, tgl 10: bpjs"."""
    found = [pos for pos in range(start, end) if lex[pos].text == ":"]
    timed = any(
        borders(lex, pos) and lex.has(pos + 1, "datemark", "weekday", "every", "relday", "clockmark")
        for pos in range(found[0] if found else end, end)
    )
    return found[0] if found and not (len(found) > 1 and timed) else None


def _head(lex: Lexemes, start: int, end: int) -> tuple[int, int] | None:
    """Return the "tagihan" of "reminder tagihan: listrik tgl 20, pdam tgl 18", which holds for each."""
    runs = [run for segment in segments_of(lex, start, end, set()) for run in segment.runs]
    return runs[0] if runs else None


def _end(lex: Lexemes, verb: int) -> int:
    """Return the end of a reminder: where the next wish, a correction or another sentence begins."""
    last = min(len(lex), verb + _LONGEST)
    for pos in range(verb + 1, last):
        if lex[pos].has(*_TURNS) and (borders(lex, pos - 1) or lex[pos - 1].has_any(PLACED)):
            return pos - 1
        if lex[pos].has(*_TURNS) and lex.has(pos + 1, "datemark", "clockmark", "number", "every"):
            return pos
        if borders(lex, pos) and _turns(lex, pos + 1):
            return pos
        if lex[pos].senses.get("message") == "remind" and pos > verb + 1:
            return pos
    return last


def _turns(lex: Lexemes, pos: int) -> bool:
    """True if another wish begins at an index, or an operator on the reminder before it."""
    start = pos
    while start < len(lex) and (
        lex[start].text in _BEFORE_ERRANDS or lex[start].has("sep", "filler") or lex[start].kind == "bullet"
    ):
        if lex[start].has("message") or _begins_job(lex, start):
            break
        start += 1
    if start >= len(lex):
        return False
    return lex[start].has("message", "but") or _begins_job(lex, start) or _denies_time(lex, start)


def _begins_job(lex: Lexemes, pos: int) -> bool:
    """True for "backup jam 2" and "pantau wa toko", not for the errand "cek stok"."""
    near = list(takewhile(lambda each: not is_border(each), lex[pos : pos + _MOST_HEAD]))
    if not near:
        return False
    if near[0].has("report", "backup"):
        return (
            not near[0].has("notify") or len(near) == 1 or near[1].has("recur", "every", "clockmark", "via")
        )
    heads = near[0].has("send", "watch", *_MANAGES) or near[0].has("filler")
    jobs = any(each.has("report", "backup") for each in near[1:3])
    placed = any(each.has("channel", "account") or each.kind in {"url", "www"} for each in near[1:])
    return (heads and jobs) or (near[0].has("watch", "send", "notify") and placed)


def _denies_time(lex: Lexemes, pos: int) -> bool:
    """True for "jangan hari Minggu" and "kecuali tanggal merah", which no text begins with."""
    follows = lex.has(pos + 1, "weekday", "datemark", "clockmark", "relday", "every", "dayset", "part")
    return lex.has(pos, "neg", "except") and (follows or lex.has(pos, "except"))


def _is_other(lex: Lexemes, verb: int, start: int, end: int) -> bool:
    """True if the words are no errand: a text with a mark of its own, a change of a stored reminder."""
    held = lex[start:end]
    if any(each.kind in {"quote", "text"} or each.text in _ANNOUNCES for each in held):
        return True
    if _sets_apart(lex, start, end):
        return True
    before = lex[max(0, verb - _MOST_LEADS) : verb]
    begun = next((index for index in range(len(before), 0, -1) if is_border(before[index - 1])), 0)
    if any(each.has(*_MANAGES) for each in before[begun:]):
        return True
    noun = not _REMINDERS.isdisjoint(lex[verb].text.split())
    if noun and any(each.has("stop", "change", "neg") for each in held):
        return True
    first = next((each for each in held if each.text not in _BEFORE_ERRANDS and not is_sign(each)), None)
    return first is not None and (
        first.has("otherwise") or (first.has("cond") and first.text not in _LEADS_ERRAND)
    )


def _sets_apart(lex: Lexemes, start: int, end: int) -> bool:
    """True for the colon of "ingatkan tim tiap Rabu: …", behind which all is text."""
    colon = _colon(lex, start, end)
    if colon is None:
        return False
    before = Lexemes(lex[start:colon])
    often = [pos for pos, each in enumerate(before) if each.has("every") and before.has(pos + 1, "unit")]
    return any(
        each.has(*PLACED, "every", "clockmark", "datemark", "relday", "weekday", "hm") or each.kind in REACHED
        for pos, each in enumerate(before)
        if pos not in often and pos - 1 not in often
    )


def _said_before(lex: Lexemes, verb: int) -> list[TimeExpression]:
    """Return the times of the reminder that come before its verb: "jam 5 ingatkan telepon jam 6"."""
    first = verb
    while first > max(0, verb - _MOST_LEADS) and not borders(lex, first - 1):
        first -= 1
    return scan_times(Lexemes(lex[first:verb]))

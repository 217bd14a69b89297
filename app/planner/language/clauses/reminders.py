"""Marks the texts of reminders, which no mark announces: "ingatkan bayar sewa 2jt tiap tanggal 1".

All words behind the verb that are no time and no place are the text. A list of things with a time each has an
entry for each: "ingatkan bayar wifi tiap tanggal 5, bpjs tiap tanggal 10". Its verb holds for later entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

from app.planner.language.clauses.destinations import has_verb, is_unclear, places_in
from app.planner.language.clauses.segments import (
    Run,
    TextSegment,
    grouped,
    is_border,
    is_head,
    is_sign,
    runs_of,
    segments_of,
    with_part,
    without_head,
)
from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

_DEEDS: Final = words_of(Sense.DEED)
_REMINDERS: Final = words_of(Sense.REMINDER)
ENTRY: Final = "entry"
"""The sense of a reminder's text: where its entry starts and ends in the prompt."""
GOES_TO: Final = "goes_to"
"""The sense of a text that ends in a person, who may be its recipient instead."""

_ENDS: Final = frozenset(".;!?…")
_WISHES: Final = ("report", "backup", "message", "channel", "account", "cond", "neg", "notify")
_ERRANDS: Final = ("beyond", Sense.DEED, Sense.EVENT)
_MANAGES: Final = ("stop", "change", "start", "revive", "resumed")
_OTHERS: Final = ("watch", "report", "backup", "cond", "otherwise", "channel", "account")
_CLOCKS: Final = (Sense.CLOCKMARK, Sense.NUMBER, Sense.HM, Sense.CLOCK, Sense.PART)
_MOST_HEAD: Final = 6
_LONGEST: Final = 240
_MOST_LEADS: Final = 60


def mark_reminders(prompt: str, lex: Lexemes) -> Lexemes:
    """Return the lexemes with each text of a reminder as one of kind `text`."""
    verbs = [pos for pos, each in enumerate(lex) if each.senses.get("message") == "remind"]
    if not verbs and not any(each.has(*_OTHERS) or each.kind in {"url", "www"} for each in lex):
        verbs = [pos for pos in range(len(lex)) if _tells_oneself(lex, pos)]
        for pos in verbs:
            lex[pos] = replace(lex[pos], senses={"message": "remind"})
    for verb in reversed(verbs):  # what is marked changes no index before it
        for start, end, text in reversed(list(_texts(prompt, lex, verb))):
            lex[start:end] = [text]
    return lex


def _tells_oneself(lex: Lexemes, pos: int) -> bool:
    """True for "kabari saya jam 5 buat setor", but not for "tell me who has paid", which asks something."""
    end = lex.after(pos + 1, Sense.ONESELF)
    if not lex.has(pos, "notify") or end == pos + 1:
        return False
    segments = segments_of(lex, end, len(lex), set())
    first = next((run[0] for each in segments for run in each.runs), None)
    if first is None:
        return _begun(lex, pos) is not None
    return has_verb(lex.text(first)) or lex.has(first - 1, Sense.VERB_TO)


def _texts(prompt: str, lex: Lexemes, verb: int) -> Iterator[tuple[int, int, Lexeme]]:
    """Yield the texts of a reminder: their lexemes from first to before last, and the lexeme for them."""
    start, end = verb + 1, _end(lex, verb)
    before = [*takewhile(lambda each: not is_border(each), lex[max(0, verb - _MOST_LEADS) : verb][::-1])]
    if _is_other(lex, verb, end, before):
        return
    errands, said = _errands(lex, start, end, opens=True), scan_times(Lexemes(before[::-1]))
    if not any(each.runs for each in errands.segments) and (begun := _begun(lex, verb)) is not None:
        errands, said = _errands(lex, begun, verb, opens=False), []
    entries = grouped(errands.segments, said)
    if errands.listed and len(entries) < 2:  # noqa: PLR2004  the colon announces one text
        return
    for pos in (pos for head in errands.heads for pos in range(*head)):
        lex[pos] = replace(lex[pos], kind="word", senses={"filler": True})
    head = errands.shared
    shared = "" if head is None else prompt[lex[head[0]].start : lex[head[1] - 1].end]
    for entry in entries:
        opens = entry[0].start if head is None else head[0]
        bounds = (lex[opens].start, lex[entry[-1].end - 1].end)
        for index, (first, last) in enumerate(runs_of(entry)):
            said = _said(prompt, lex, first, last)
            word = lex[first].text
            own = has_verb(word) or lex.has(first - 1, Sense.VERB_TO) or lex.has(first, Sense.PREPOSITION)
            said = said if own or index or not shared else f"{shared} {said}"
            leads = not index and word in _DEEDS and (entry is entries[0] or not lex.has(first, Sense.BILL))
            shared = lex[first].raw if leads else shared
            said = with_part(lex, last, said, prompt, entry)
            unclear = is_unclear(lex, first, last, errands.places)
            senses = {ENTRY: bounds, **({GOES_TO: True} if unclear else {})}
            start, head = (first, None) if head is None else (head[0], None)
            yield start, last, Lexeme("text", "text", said, lex[start].start, lex[last - 1].end, senses)


def _said(prompt: str, lex: Lexemes, first: int, last: int) -> str:
    """Return the words of a text as typed, with what corrects some of them in their place."""
    slip = next((pos for pos in range(last - 2, first, -1) if lex[pos].has(Sense.SLIP)), None)
    if slip is not None and slip + 1 < last:
        kept = max(first, slip - (last - slip - 1))
        before = prompt[lex[first].start : lex[kept - 1].end] if kept > first else ""
        return f"{before} {prompt[lex[slip + 1].start : lex[last - 1].end]}".strip()
    return " ".join(prompt[lex[first].start : lex[last - 1].end].splitlines())


@dataclass(frozen=True, slots=True)
class _Errands:
    """A stretch that says what to remind of; `shared` is the "bayar" of "bayar: wifi tgl 5, bpjs tgl 10"."""

    segments: Sequence[TextSegment]
    places: set[int]
    listed: bool
    shared: Run | None
    heads: Sequence[Run]
    """What leads the entries and is no part of their texts."""


def _errands(lex: Lexemes, start: int, end: int, *, opens: bool) -> _Errands:
    colon = _colon(lex, start, end)
    before = [] if colon is None else segments_of(lex, start, colon, set())
    run = next((run for segment in before for run in segment.runs), None)
    start = start if colon is None else colon + 1
    places = places_in(lex, start, end, opens=opens and run is None)
    segments, heads = without_head(lex, segments_of(lex, start, end, places))
    for pos in (pos for segment in segments for pos in segment.small):
        if lex[pos].has("every", "datemark", Sense.BEFORE_TIME):
            lex[pos] = replace(lex[pos], senses={"filler": True})
    if run is not None:
        bill = run[1] == run[0] + 1 and lex.has(run[0], Sense.BILL)
        heads, run = ((run,), None) if is_head(lex, *run) and not bill else ((), run)
    return _Errands(segments, places, colon is not None, run, heads)


def _begun(lex: Lexemes, verb: int) -> int | None:
    """Return the start of "bayar listrik tgl 20" before "tolong ingatkan"; None if no errand is there."""
    begun, last = None, verb
    for first in range(verb - 1, max(-1, verb - _MOST_LEADS), -1):
        ended = lex[first].text in _ENDS or lex.kind(first) == "line"
        if not (ended or first == 0):
            continue
        part = lex[first + ended : last]
        asks = (each for each in part if each.has(*_WISHES))
        others = any("order" not in senses_of(each.text.split()[0]) for each in asks)
        if others or any(each.kind in {"url", "www", "quote", "text"} for each in part):
            break
        if any(each.kind == "word" and (not each.senses or each.has(*_ERRANDS)) for each in part):
            begun = first + ended
        last = first
    return begun


def _colon(lex: Lexemes, start: int, end: int) -> int | None:
    """Return the colon before the errands, not those of "tgl 5: wifi, tgl 10: bpjs"."""
    found = [pos for pos in range(start, end) if lex[pos].text == ":"]
    timed = any(
        is_border(lex[pos]) and lex.has(pos + 1, "datemark", "weekday", "every", "relday", "clockmark")
        for pos in range(found[0] if found else end, end)
    )
    return found[0] if found and not (len(found) > 1 and timed) else None


def _end(lex: Lexemes, verb: int) -> int:
    """Return the end of a reminder: where the next wish, a correction or another sentence begins."""
    last = min(len(lex), verb + _LONGEST)
    for pos in range(verb + 1, last):
        turned = is_border(lex[pos]) and (_turns(lex, pos + 1) or _calls_off(lex, pos + 1))
        if turned or (lex[pos].senses.get("message") == "remind" and pos > verb + 1):
            return pos
    return last


def _calls_off(lex: Lexemes, pos: int) -> bool:
    """True for "eh gak usah deng", which takes the reminder back; "eh, jam 8" and "ralat tgl 16" go on."""
    part = list(takewhile(lambda each: not is_border(each), lex[pos : pos + _MOST_HEAD]))
    turned = bool(part) and part[0].has("repair", "recall", "takeback", "no")
    return turned and any(each.has("takeback", "neg", "no", "off") for each in part)


def _turns(lex: Lexemes, start: int) -> bool:
    """True if another wish begins at an index, or what limits the reminder; not for the errand "cek stok"."""
    pos = lex.past(start, (), Sense.ERRAND_START, "sep", "filler")
    part = [*takewhile(lambda each: not is_border(each), lex[pos : pos + _MOST_HEAD])]
    verb = bool(part) and part[0].has("watch", "send", "notify", *_MANAGES)
    # "jam 10 malam backup"
    late = next((at for at, each in enumerate(part) if not each.has(*_CLOCKS)), 0)
    job = any(
        each.has("report", "backup") and not each.has("notify") for each in part[late : late + 1 + 2 * verb]
    )
    placed = verb and any(each.has("channel", "account") or each.kind in {"url", "www"} for each in part)
    return job or placed or any(each.has("message", "but", "except") for each in lex[start : pos + 1])


def _is_other(lex: Lexemes, verb: int, end: int, led: Sequence[Lexeme]) -> bool:
    """True if the words are no errand: a text with a mark of its own, a change of a stored reminder."""
    held = lex[verb + 1 : end]
    noun = not _REMINDERS.isdisjoint(lex[verb].text.split())
    first = next((each for each in held if not each.has(Sense.ERRAND_START) and not is_sign(each)), None)
    return (
        any(each.kind in {"quote", "text"} or each.has(Sense.ANNOUNCES) for each in held)
        or any(each.has(*_MANAGES) for each in led)
        or (noun and any(each.has("stop", "change", "neg") for each in held))
        or (first is not None and first.has("otherwise"))
        or (first is not None and first.has("cond") and not first.has(Sense.ERRAND_LEAD))
    )

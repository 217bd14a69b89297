"""Marks the texts of reminders, which no mark announces: "ingatkan bayar sewa 2jt tiap tanggal 1".

All words behind the verb that are no time and no place are the text. A list of things with a time each has an
entry for each: "ingatkan bayar wifi tiap tanggal 5, bpjs tiap tanggal 10". Its verb holds for later entries.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise, takewhile
from typing import Final

from app.planner.language.clauses.names import is_unknown, read_names
from app.planner.language.clauses.tails import is_polite
from app.planner.language.clauses.unsendable import read_unsendable
from app.planner.language.lexicon.entry import NO_SENSES, words
from app.planner.language.lexicon.people import TITLES
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.operators.settings import read_settings
from app.planner.language.times.expressions import (
    ClockTimes,
    Dates,
    Days,
    FireCount,
    Interval,
    OnceDay,
    OnceDelta,
    OnceWeekday,
    PartOfDay,
    TimeExpression,
    ZoneName,
)
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

ENTRY: Final = "entry"
"""The sense of a reminder's text: where its entry starts and ends in the prompt."""
GOES_TO: Final = "goes_to"
"""The sense of a text that ends in a person, who may be its recipient instead."""

_LEADS: Final = words(
    "to untuk utk buat agar supaya spy about soal tentang biar mengenai perihal for untk bahwa kalau kalo klo"
)
_EDGES: Final = words(
    "tolong tlg ya yah dong donk deh please pls plz mohon kak min dan and tiap setiap every"
) | {"paling lambat", "no later than"}
"""Words around a text that are no part of it."""
_OPENS: Final = (
    words_of(Sense.ONESELF)
    | _EDGES
    | words(
        "everyone everybody semua nanti lagi nya nih ini itu juga aja saja sama serta terus lalu then also"
    )
    | words("yang yg adalah tim team dulu")
    | {"the team"}
)
"""Words before a text that are no part of it."""
_SIGNS: Final = words(', . ; : ! ? = ( ) - … " “ ”')
_STOPS: Final = words(", . ; ! ? …")
_ANNOUNCES: Final = words(
    "isinya saying berbunyi bunyinya teksnya pesannya katanya tulisannya that bahwa bhw"
)
_ENDS: Final = words(". ; ! ? …")
_WISHES: Final = ("watch", "report", "backup", "message", "channel", "account", "cond", "neg", "notify")
_TURNS: Final = ("repair", "recall", "excess")
_SLIPS: Final = words("eh ehh eeh ralat maksudnya maksudku sori")
"""Words within a text that correct the words before them: "bayar wifi eh listrik"."""
_BEFORE_VERBS: Final = words("to untuk utk buat untk")
_OWNERS: Final = words("the my our si sang")
_PREPOSITIONS: Final = words("di ke dari pada dengan at in on from with dgn sama bareng")
_MANAGES: Final = ("stop", "change", "start", "revive", "resumed")
_OPERATES: Final = frozenset({"neg", "except", "but", "cond", "otherwise", "until", "from", "stop", "change"})
_PLACED: Final = ("channel", "via", "toward", "chat", "using", "chat_number")
_NOTS: Final = words("gak ga nggak ngga enggak engga tidak tdk gk kan kah bisa")
_ASKS: Final = words("? ...")
_MEALS: Final = words("makan sholat salat shalat solat lari senam apel shift piket jalan")
"""Words that a part of the day completes: "makan siang", "sholat subuh"."""
_TIMED: Final = (ClockTimes, Interval, OnceDelta)
_DATED: Final = (Dates, Days, OnceDay, OnceWeekday)
_REACHED: Final = frozenset({"phone", "email", "handle", "contact", "person"})
_MOST_HEAD: Final = 6
_LONGEST: Final = 240
_MOST_LEADS: Final = 60


@dataclass(slots=True)
class _Segment:
    """The lexemes between two separators: the runs of text words in it, and its times."""

    start: int
    end: int
    runs: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    times: list[TimeExpression] = field(default_factory=list[TimeExpression])


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
    places = _places(lex, start, end, opens=head is None)
    segments, said = _segments(lex, start, end, places), _said_before(lex, verb)
    if not any(each.runs for each in segments) and (begun := _begun(lex, verb)) is not None:
        segments, said = _segments(lex, begun, verb, _places(lex, begun, verb, opens=False)), []
    dated = any(isinstance(piece.value, _DATED) for piece in said)
    timed = any(isinstance(piece.value, _TIMED) for piece in said)
    entries = _entries(segments, dated=dated, timed=timed)
    if colon is not None and len(entries) < 2:  # noqa: PLR2004  the colon announces one text
        return
    shared = "" if head is None else prompt[lex[head[0]].start : lex[head[1] - 1].end]
    for entry in entries:
        opens = entry[0].start if head is None else head[0]
        bounds = (lex[opens].start, lex[entry[-1].end - 1].end)
        for index, (first, last) in enumerate(_runs_of(entry)):
            said = _said(prompt, lex, first, last)
            word = lex[first].text
            own = index or not shared or _has_verb(word) or lex.text(first - 1) in _BEFORE_VERBS
            said = said if own else f"{shared} {said}"
            shared = lex[first].raw if not index and word in words_of(Sense.DEED) else shared
            said = _with_part(lex, last, said, prompt, entry)
            senses = {ENTRY: bounds, **({GOES_TO: True} if _is_unclear(lex, first, last, places) else {})}
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
        each.kind == "word"
        and (
            not each.senses or each.has("beyond") or each.text in words_of(Sense.DEED) | words_of(Sense.EVENT)
        )
        for each in said
    )
    return first if own else None


def _colon(lex: Lexemes, start: int, end: int) -> int | None:
    """Return the colon before the errands, not those of "tgl 5: wifi, tgl 10: bpjs"."""
    found = [pos for pos in range(start, end) if lex[pos].text == ":"]
    timed = any(
        _parts(lex, pos) and lex.has(pos + 1, "datemark", "weekday", "every", "relday", "clockmark")
        for pos in range(found[0] if found else end, end)
    )
    return found[0] if found and not (len(found) > 1 and timed) else None


def _head(lex: Lexemes, start: int, end: int) -> tuple[int, int] | None:
    """Return the "tagihan" of "reminder tagihan: listrik tgl 20, pdam tgl 18", which holds for each."""
    return next(_runs(lex, _Segment(start, end), set()), None)


def _end(lex: Lexemes, verb: int) -> int:
    """Return the end of a reminder: where the next wish, a correction or another sentence begins."""
    last = min(len(lex), verb + _LONGEST)
    for pos in range(verb + 1, last):
        if lex[pos].has(*_TURNS) and (_parts(lex, pos - 1) or lex[pos - 1].has_any(_PLACED)):
            return pos - 1
        if lex[pos].has(*_TURNS) and lex.has(pos + 1, "datemark", "clockmark", "number", "every"):
            return pos
        if _parts(lex, pos) and _turns(lex, pos + 1):
            return pos
        if lex[pos].senses.get("message") == "remind" and pos > verb + 1:
            return pos
    return last


def _turns(lex: Lexemes, pos: int) -> bool:
    """True if another wish begins at an index, or an operator on the reminder before it."""
    start = pos
    while start < len(lex) and (
        lex[start].text in _OPENS or lex[start].has("sep", "filler") or lex[start].kind == "bullet"
    ):
        if lex[start].has("message") or _begins_job(lex, start):
            break
        start += 1
    if start >= len(lex):
        return False
    return lex[start].has("message", "but") or _begins_job(lex, start) or _denies_time(lex, start)


def _begins_job(lex: Lexemes, pos: int) -> bool:
    """True for "backup jam 2" and "pantau wa toko", not for the errand "cek stok"."""
    near = list(takewhile(lambda each: not _parts_at(each), lex[pos : pos + _MOST_HEAD]))
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


def _parts(lex: Lexemes, pos: int) -> bool:
    return pos < len(lex) and _parts_at(lex[pos])


def _parts_at(lexeme: Lexeme) -> bool:
    return lexeme.text in _STOPS or lexeme.kind in {"line", "bullet"} or "sep" in lexeme.senses


def _is_other(lex: Lexemes, verb: int, start: int, end: int) -> bool:
    """True if the words are no errand: a text with a mark of its own, a change of a stored reminder."""
    held = lex[start:end]
    if any(each.kind in {"quote", "text"} or each.text in _ANNOUNCES for each in held):
        return True
    if _sets_apart(lex, start, end):
        return True
    before = lex[max(0, verb - _MOST_LEADS) : verb]
    begun = next((index for index in range(len(before), 0, -1) if before[index - 1].text in _STOPS), 0)
    if any(each.has(*_MANAGES) for each in before[begun:]):
        return True
    noun = not words_of(Sense.REMINDER).isdisjoint(lex[verb].text.split())
    if noun and any(each.has("stop", "change", "neg") for each in held):
        return True
    first = next((each for each in held if each.text not in _OPENS and each.text not in _SIGNS), None)
    return first is not None and (first.has("otherwise") or (first.has("cond") and first.text not in _LEADS))


def _sets_apart(lex: Lexemes, start: int, end: int) -> bool:
    """True for the colon of "ingatkan tim tiap Rabu: …", behind which all is text."""
    colon = _colon(lex, start, end)
    if colon is None:
        return False
    return any(
        each.has(*_PLACED, "every", "clockmark", "datemark", "relday", "weekday", "hm")
        or each.kind in _REACHED
        for each in lex[start:colon]
    )


def _said_before(lex: Lexemes, verb: int) -> list[TimeExpression]:
    """Return the times of the reminder that come before its verb: "jam 5 ingatkan telepon jam 6"."""
    first = verb
    while first > max(0, verb - _MOST_LEADS) and not _parts(lex, first - 1):
        first -= 1
    return scan_times(Lexemes(lex[first:verb]))


# Places: the recipient and the channel of a reminder; a place that one goes to is text.


def _places(lex: Lexemes, start: int, end: int, *, opens: bool) -> set[int]:
    """Return the indexes of the words that say where to or how a reminder goes."""
    found: set[int] = set()
    names = {each.first: each.last for each in read_names(Lexemes(lex[:end])) if each.first >= start}
    for item in (*read_settings(Lexemes(lex[:end])), *read_unsendable(Lexemes(lex[:end]))):
        found.update(range(item.first, item.last))
    for pos in range(start, end):
        led = lex.has(pos - 1, *_PLACED) and pos > start
        if pos in names:
            first = opens and all(
                each in found or lex[each].text in _OPENS | _OWNERS for each in range(start, pos)
            )
            reaches = lex[pos].kind in _REACHED or lex[pos].has("phone")
            if (led and not _is_destination(lex, pos, start, found)) or (first and reaches):
                found.update(range(pos, names[pos]), _lead(lex, pos, start))
                found.update(each for each in range(start, pos) if first and lex[each].text in _OWNERS)
        elif lex[pos].has("channel") and (
            (pos == start and not _is_object(lex, pos)) or lex.has(pos - 1, "via", "toward", "using")
        ):
            found.update((pos, *_lead(lex, pos, start)))
    return found


def _is_object(lex: Lexemes, pos: int) -> bool:
    """True for the "wa" of "ingatkan wa supplier", which is what is done and not the way of the reminder."""
    word = lex.text(pos + 1)
    return word in words_of(Sense.PERSON) or (
        pos + 1 < len(lex) and is_unknown(lex[pos + 1]) and not _has_verb(word)
    )


def _lead(lex: Lexemes, pos: int, start: int) -> range:
    first = pos
    while first > start and lex.has(first - 1, *_PLACED):
        first -= 1
    return range(first, pos)


def _is_destination(lex: Lexemes, pos: int, start: int, places: set[int]) -> bool:
    """True for the BCA of "setor uang ke BCA", which no channel leads and no address has."""
    lead = _lead(lex, pos, start)
    if all(lex.has(each, "chat") and not lex.has(each, "channel") for each in lead):
        # "balas chat pelanggan", after the verb, is what is done
        return any(each not in places and lex[each].text not in _OPENS for each in range(start, lead.start))
    if any(lex.has(each, "channel", "chat", "chat_number") for each in lead):
        return False
    if lex.has(pos + 1, "via", "using") and lex.has(pos + 2, "channel"):
        return False
    said = [each for each in range(start, pos) if each not in places and lex[each].kind == "word"]
    goes = any(lex[each].text in words_of(Sense.GOING) for each in said)
    if lex[pos].kind == "person":
        words_ = lex[pos].raw.lower().split()
        return goes or _is_place(words_)
    return goes


def _is_place(said: Sequence[str]) -> bool:
    named = not words_of(Sense.PLACE).isdisjoint((said[0], " ".join(said[:2])))
    return named and (said[0] not in words_of(Sense.PERSON) and said[0] not in TITLES)


def _is_unclear(lex: Lexemes, first: int, last: int, places: set[int]) -> bool:
    """True for "transfer ke Bu Siti" if she is a contact, and for "kirim pulsa ke 0811"."""
    return any(
        pos not in places
        and lex.has(pos - 1, "toward")
        and (lex[pos].kind in _REACHED - {"person"} or lex[pos].has("phone"))
        for pos in range(first + 1, last)
    )


# Segments and entries.


def _segments(lex: Lexemes, start: int, end: int, places: set[int]) -> list[_Segment]:
    masked = Lexemes(
        replace(each, kind="taken", text="", senses=NO_SENSES)
        if pos in places or each.kind == "amount"
        else each
        for pos, each in enumerate(lex[:end])
    )
    times = [each for each in _times(masked, start) if _is_time(lex, each)]
    taken = {pos for each in times for pos in range(each.first, each.last)} | places
    segments = [_Segment(start, start)]
    for pos in range(start, end):
        if pos not in taken and _parts(lex, pos):
            segments.append(_Segment(pos + 1, pos + 1))
            continue
        segments[-1].end = pos + 1
    for segment in segments:
        segment.times = [each for each in times if segment.start <= each.first < segment.end]
        segment.runs = list(_runs(lex, segment, taken))
    return [part for segment in segments if segment.end > segment.start for part in _split(lex, segment)]


def _times(lex: Lexemes, start: int) -> list[TimeExpression]:
    """Return the times behind an index, with the words before it in sight."""
    lead = max(0, start - 1)
    return [
        TimeExpression(each.value, each.first + lead, each.last + lead)
        for each in scan_times(Lexemes(lex[lead:]))
        if each.first + lead >= start
    ]


def _is_time(lex: Lexemes, piece: TimeExpression) -> bool:
    """False for the "2 bulan" of "bayar sewa 2 bulan", which says no time."""
    bare = isinstance(piece.value, Interval) and piece.value.bare
    bare = bare or (isinstance(piece.value, FireCount) and _is_said(lex, piece.last))
    zone = isinstance(piece.value, ZoneName) and not lex.has(piece.first, "zone")
    return not (bare or zone)


def _is_said(lex: Lexemes, pos: int) -> bool:
    """True for a word of the text, not for the "saja" behind a number of times."""
    word = pos < len(lex) and lex[pos].kind == "word"
    return word and (not lex[pos].senses or lex.has(pos, "beyond"))


def _runs(lex: Lexemes, segment: _Segment, taken: set[int]) -> Iterator[tuple[int, int]]:
    """Yield the runs of text words in a segment, without particles around them."""
    pos = segment.start
    while pos < segment.end:
        if pos in taken:
            pos += 1
            continue
        first = pos
        while pos < segment.end and pos not in taken:
            pos += 1
        last = pos
        while first < last and _is_lead(lex, first):
            first += 1
        while last > first and (
            _is_edge(lex, last - 1) or (lex.text(last) in _ASKS and lex.text(last - 1) in _NOTS)
        ):
            last -= 1
        if first < last and not all(each.has_any(_OPERATES) for each in lex[first:last]):
            yield first, last


def _is_lead(lex: Lexemes, pos: int) -> bool:
    return lex[pos].text in _LEADS or lex[pos].text in _OPENS or _is_edge(lex, pos)


def _is_edge(lex: Lexemes, pos: int) -> bool:
    lexeme = lex[pos]
    known = lexeme.text in _SIGNS or lexeme.text in _EDGES or _EDGES.issuperset(lexeme.text.split())
    return known or is_polite(lexeme, signs=False)


def _split(lex: Lexemes, segment: _Segment) -> list[_Segment]:
    """Split "bayar wifi tanggal 5 listrik tanggal 20", whose entries no separator parts."""
    runs, times = segment.runs, segment.times
    if len(runs) < 2 or len(times) < 2 or any(lex[run[0]].text in _PREPOSITIONS for run in runs[1:]):  # noqa: PLR2004
        return [segment]
    leading = times[0].first < runs[0][0]
    cuts = [run[0] for run in runs[1:]]
    if leading:
        cuts = [min(each.first for each in times if run[1] <= each.first) for run in runs[:-1]]
    bounds = [segment.start, *cuts, segment.end]
    parts = [
        _Segment(
            first,
            last,
            [run for run in runs if first <= run[0] < last],
            [each for each in times if first <= each.first < last],
        )
        for first, last in pairwise(bounds)
    ]
    kinds = [frozenset[type](type(each.value) for each in part.times) for part in parts]
    alike = all(kinds) and bool(kinds[0].intersection(*kinds[1:]))
    return parts if alike else [segment]


def _entries(segments: Sequence[_Segment], *, dated: bool, timed: bool) -> list[list[_Segment]]:
    """Return the segments of each entry: its text and its times."""
    leading = _times_lead(segments, dated=dated)
    entries: list[list[_Segment]] = []
    waiting: list[_Segment] = []
    for segment in segments:
        if segment.runs and segment.times and leading and waiting:
            entries.append(waiting)  # "tiap Senin ingatkan beli tepung, tiap Kamis gula"
            waiting = []
        if segment.times and (segment.runs or waiting):
            entries.append([*waiting, segment])
            waiting = []
        elif entries and (segment.times or (segment.runs and leading)):
            entries[-1].append(segment)
        elif segment.runs:
            waiting.append(segment)
    if waiting and not entries:
        entries.append(waiting)
    for segment in (each for entry in entries for each in entry):
        _keep_inner_time(segment, timed=timed)
    return entries


def _times_lead(segments: Sequence[_Segment], *, dated: bool) -> bool:
    """True if the times come before the texts: "tanggal 5 bayar wifi, tanggal 10 bpjs"."""
    first = next((each for each in segments if each.times), None)
    if first is None:
        return False
    if first is not segments[0] and segments[0].runs and not dated:
        return False
    return not first.runs or first.times[0].first < first.runs[0][0]


def _keep_inner_time(segment: _Segment, *, timed: bool) -> None:
    """Give the second hour of "jam 9 ada rapat jam 10" to the text."""
    if not segment.runs:
        return
    first, last = segment.runs[-1]
    said_before = any(isinstance(each.value, _TIMED) and each.first < first for each in segment.times)
    behind = [each for each in segment.times if each.first >= last]
    if not (timed or said_before) or not any(isinstance(each.value, _TIMED) for each in behind):
        return
    end = max(each.last for each in behind)
    if behind[0].first <= last + 1:
        segment.runs[-1] = (first, end)
        segment.times = [each for each in segment.times if each not in behind]


def _runs_of(entry: Sequence[_Segment]) -> Iterator[tuple[int, int]]:
    """Yield the runs of an entry; those with no time between them are one: "wifi, listrik dan bpjs"."""
    runs = [run for segment in entry for run in segment.runs]
    times = [each.first for segment in entry for each in segment.times]
    while runs:
        first, last = runs.pop(0)
        while runs and not any(last <= each < runs[0][0] for each in times):
            last = runs.pop(0)[1]
        yield first, last


def _with_part(lex: Lexemes, last: int, said: str, prompt: str, entry: Sequence[_Segment]) -> str:
    """Return a text with the part of the day that completes it, which is its time as well: "makan siang"."""
    part = next((each for segment in entry for each in segment.times if each.first == last), None)
    if part is None or not isinstance(part.value, PartOfDay) or part.value.every:
        return said
    if lex.list_next(part.last) is not None:
        return said  # "makan pagi dan malam"
    return f"{said} {prompt[lex[last].start : lex[last].end]}" if lex[last - 1].text in _MEALS else said


def _has_verb(word: str) -> bool:
    """True for a word that needs no verb of an entry before it."""
    return (
        word in words_of(Sense.DEED)
        or word in words_of(Sense.EVENT)
        or word in words_of(Sense.GOING)
        or word.startswith(_VERBAL)
    )


_VERBAL: Final = ("meng", "men", "mem", "meny", "nge", "ng", "ber")
"""Prefixes of verbs."""

"""Segments of a reminder: its runs of text words and its times, grouped by the entries of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.destinations import has_verb
from app.planner.language.clauses.names import is_unknown
from app.planner.language.lexicon.entry import NO_SENSES
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense, senses
from app.planner.language.lexicon.spelling import TITLES
from app.planner.language.times import expressions as said
from app.planner.language.times.clock import PRAYERS
from app.planner.language.times.dates import FEAST_WORDS
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

_EDGES: Final = words_of(Sense.ERRAND_EDGE)
_SMALL: Final = senses("filler neg every repair datemark unit before_time errand_start errand_lead")
_STOPS: Final = frozenset(",.;!?…")
_SIGNS: Final = frozenset(',.;:!?=()-…"“”')
_ASKS: Final = frozenset({"?", "..."})
_OPERATES: Final = frozenset({"neg", "except", "but", "cond", "otherwise", "until", "from", "stop", "change"})
DAYS: Final = (said.CountedFrom, said.Dates, said.Days, said.OnceDay, said.OnceWeekday)
TIMED: Final = (said.ClockTimes, said.Interval, said.OnceDelta)
"""Times of which a reminder has one: another one belongs to its text."""


Run = tuple[int, int]
"""Words of a text: from the first lexeme to after the last."""


@dataclass(slots=True)
class TextSegment:
    """The lexemes between two separators: the runs of text words in it, and its times."""

    start: int
    end: int
    runs: list[Run] = field(default_factory=list[Run])
    times: list[said.TimeExpression] = field(default_factory=list[said.TimeExpression])
    small: list[int] = field(default_factory=list[int])
    """The words between its times that are no text: the "of each" of "remind me of each"."""


def is_sign(lexeme: Lexeme) -> bool:
    """True for a sign around words."""
    return lexeme.text in _SIGNS


def is_border(lexeme: Lexeme) -> bool:
    return (
        (lexeme.kind == "mark" and _STOPS.issuperset(lexeme.text))
        or lexeme.kind in {"line", "bullet"}
        or "sep" in lexeme.senses
    )


def times_in(lex: Lexemes, start: int, end: int, places: set[int]) -> list[said.TimeExpression]:
    """Return the times of a stretch that are no part of its text."""
    masked = Lexemes(
        replace(each, kind="taken", text="", senses=NO_SENSES)
        if pos in places or each.kind == "amount"
        else each
        for pos, each in enumerate(lex[:end])
    )
    lead = max(0, start - 1)  # with the word before it in sight
    scanned = scan_times(Lexemes(masked[lead:]))
    placed = [replace(each, first=each.first + lead, last=each.last + lead) for each in scanned]
    times = [each for each in placed if each.first >= start and not _says_length(lex, each)]
    days = [each for each in times if isinstance(each.value, DAYS)]
    # The feast of "beli lampu natal tgl 20" is not its day if another one is said.
    dates = (
        each for each in days if isinstance(each.value, said.Dates) and lex.text(each.first) in FEAST_WORDS
    )
    feasts = [each for each in dates if _is_said(lex, each.first - 1)]
    return [each for each in times if each not in feasts or len(days) == len(feasts)]


def _says_length(lex: Lexemes, piece: said.TimeExpression) -> bool:
    """True for the "2 bulan" of "bayar sewa 2 bulan", which says no time."""
    zone = isinstance(piece.value, said.ZoneName) and not lex.has(piece.first, "zone")
    times = isinstance(piece.value, said.FireCount) and _is_said(lex, piece.last)
    return zone or times or (isinstance(piece.value, said.Interval) and piece.value.bare)


def segments_of(lex: Lexemes, start: int, end: int, places: set[int]) -> list[TextSegment]:
    times = times_in(lex, start, end, places)
    taken = {pos for each in times for pos in range(each.first, each.last)} | places
    segments = [TextSegment(start, start)]
    for pos in range(start, end):
        if pos not in taken and is_border(lex[pos]) and not _joins_speaker(lex, pos):
            segments.append(TextSegment(pos + 1, pos + 1))
            continue
        segments[-1].end = pos + 1
    for segment in segments:
        inside = [each for each in times if segment.start <= each.first < segment.end]
        segment.times = _own_times(lex, segment, inside)
        taken = {pos for each in segment.times for pos in range(each.first, each.last)} | places
        _find_runs(lex, segment, taken)
    return [part for segment in segments if segment.end > segment.start for part in _split(lex, segment)]


def _own_times(
    lex: Lexemes, segment: TextSegment, times: list[said.TimeExpression]
) -> list[said.TimeExpression]:
    """Return the times of a segment without the prayer of "dzuhur jam 12", which is what it is about."""
    if not any(isinstance(each.value, said.ClockTimes) for each in times):
        return times
    return [
        each
        for each in times
        if not (
            isinstance(each.value, said.PartOfDay) and each.value.part in PRAYERS and not each.value.every
        )
        or not (each.first == segment.start or _is_said(lex, each.first - 1))
    ]


def _is_said(lex: Lexemes, pos: int) -> bool:
    """True for a word of the text, not for the "saja" behind a number of times."""
    word = lex.kind(pos) == "word"
    return word and (not lex[pos].senses or lex.has(pos, "beyond"))


def _find_runs(lex: Lexemes, segment: TextSegment, taken: set[int]) -> None:
    """Find the runs of text words in a segment, without particles around them."""
    pos = segment.start
    while pos < segment.end:
        if pos in taken:
            pos += 1
            continue
        start = first = pos
        while pos < segment.end and pos not in taken:
            pos += 1
        last = pos
        while first < last and is_lead(lex, first):
            if segment.runs and lex[first].has(Sense.ERRAND_LEAD) and not lex[first].has(Sense.VERB_TO):
                break  # "call mom at 5 about the party"
            first += 1
        if lex.has(first, Sense.SLIP) and not lex.has(first - 1, "message"):
            first = lex.past(first, (), "repair")
            if lex.text(first) in TITLES or lex.kind(first) in {"contact", "person"}:
                first = last  # "maksudku bu Tina" corrects who gets it
        while last > first and (
            is_edge(lex, last - 1)
            or (last in taken and lex[last - 1].has(Sense.BEFORE_TIME))
            or (lex.text(last) in _ASKS and lex.has(last - 1, Sense.TAG))
        ):
            last -= 1
        # "telpon bu wati (081200112233)" ends with its bracket
        last += last < pos and lex[last].text == ")" and any("(" in each.raw for each in lex[first:last])
        first -= (
            first > start and lex[first - 1].text == "(" and any(each.text == ")" for each in lex[first:last])
        )
        if first < last and not all(_is_small(each) for each in lex[first:last]):
            segment.runs.append((first, last))
        else:
            segment.small.extend(range(start, pos))


def _is_small(lexeme: Lexeme) -> bool:
    """True for a word that is no text alone: "ya", "semuanya", "of each"."""
    if lexeme.has(Sense.DEED, Sense.GOING, Sense.EVENT):
        return False
    # "jangan" and "gak?" turn or limit the reminder.
    operates = lexeme.has(Sense.TAG) or (lexeme.has_any(_OPERATES) and not lexeme.has(Sense.DAILY_ROUND))
    return operates or lexeme.has_any(_SMALL) or is_sign(lexeme)


def is_lead(lex: Lexemes, pos: int) -> bool:
    named = pos + 1 < len(lex) and is_unknown(lex[pos + 1]) and not has_verb(lex.text(pos + 1))
    if lex[pos].text in TITLES and named:
        return False  # "Bu Ani 4 april"
    if _joins_speaker(lex, pos):
        return False
    return lex[pos].has(Sense.ERRAND_LEAD, Sense.ERRAND_START) or is_edge(lex, pos)


def _joins_speaker(lex: Lexemes, pos: int) -> bool:
    """True for the "sama" of "saya sama suami": no reminder goes to both."""
    return lex[pos].has("sep") and lex.has(pos - 1, Sense.ONESELF) and lex.has(pos + 1, Sense.PERSON)


def is_edge(lex: Lexemes, pos: int) -> bool:
    lexeme = lex[pos]
    known = is_sign(lexeme) or lexeme.has(Sense.POLITE_TAILS, Sense.ERRAND_EDGE)
    known = known or _EDGES.issuperset(lexeme.text.split())
    return known and not (lexeme.has(Sense.AMOUNT_UNIT) and lex.has(pos - 1, "number"))  # "kresek 10 pak"


def _split(lex: Lexemes, segment: TextSegment) -> list[TextSegment]:
    """Split "bayar wifi tanggal 5 listrik tanggal 20", whose entries no separator parts."""
    runs, times = segment.runs, segment.times
    if len(runs) < 2 or len(times) < 2 or any(lex[run[0]].has(Sense.PREPOSITION) for run in runs[1:]):  # noqa: PLR2004
        return [segment]
    cuts = [run[0] for run in runs[1:]]
    if times[0].first < runs[0][0]:
        behind = (next((each.first for each in times if run[1] <= each.first), None) for run in runs[:-1])
        cuts = [place for place in behind if place is not None]
    if len(cuts) < len(runs) - 1:
        return [segment]  # "akhir bulan ini jam 10 lunasin hutang ke grosir Makmur 3.250.000"
    parts = [
        TextSegment(
            first,
            last,
            [run for run in runs if first <= run[0] < last],
            [each for each in times if first <= each.first < last],
        )
        for first, last in pairwise([segment.start, *cuts, segment.end])
    ]
    kinds = [frozenset[type](type(each.value) for each in part.times) for part in parts]
    return parts if kinds[0].intersection(*kinds[1:]) else [segment]


def is_head(lex: Lexemes, first: int, last: int) -> bool:
    """True for "catat tagihan bulanan ya" before a list: it says what the list is of."""
    words = lex[first:last]
    return any(each.has(Sense.LIST_HEAD) for each in words) and all(
        each.has(Sense.LIST_HEAD, Sense.PERSON, "recur", "number") or _is_small(each) for each in words
    )


def without_head(lex: Lexemes, segments: list[TextSegment]) -> tuple[list[TextSegment], Sequence[Run]]:
    """Return the entries without what leads them, and its runs: "my bills are rent on the 1st, …"."""
    if sum(_is_dated(each) for each in segments) < 2 or not segments[0].runs:  # noqa: PLR2004
        return segments, ()
    opening = segments[0].runs
    if not _is_dated(segments[0]) and all(is_head(lex, *run) for run in opening):
        return segments[1:], opening
    first, last = opening[0]
    links = (pos for pos in range(first + 1, last) if lex[pos].has(Sense.COPULA))
    link = next((pos + 1 for pos in links if is_head(lex, first, pos)), first)
    opening[0] = (link, last)
    return segments, ((first, link),)


def _is_dated(segment: TextSegment) -> bool:
    """True if a segment says a day or an hour; "bulanan" and "bulan depan" are none."""
    return any(
        not (
            isinstance(each.value, said.Recurrence)
            or (isinstance(each.value, said.OnceDay) and each.value.wide)
        )
        for each in segment.times
    )


def grouped(segments: Sequence[TextSegment], led: Sequence[said.TimeExpression]) -> list[list[TextSegment]]:
    """Return the segments of each entry: its text and its times; `led` are the times before the verb."""
    timed = any(isinstance(each.value, TIMED) for each in led)
    leading = _times_lead(segments, timed=timed or any(isinstance(each.value, DAYS) for each in led))
    entries: list[list[TextSegment]] = []
    waiting: list[TextSegment] = []
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


def _times_lead(segments: Sequence[TextSegment], *, timed: bool) -> bool:
    """True if the times come before the texts: "tanggal 5 bayar wifi, tanggal 10 bpjs"."""
    first = next((each for each in segments if each.times), None)
    if first is None or (first is not segments[0] and segments[0].runs and not timed):
        return False
    return not first.runs or first.times[0].first < first.runs[0][0]


def _keep_inner_time(segment: TextSegment, *, timed: bool) -> None:
    """Give the second hour of "jam 9 ada rapat jam 10" to the text."""
    first, last = segment.runs[-1] if segment.runs else (0, 0)
    said_before = any(isinstance(each.value, TIMED) and each.first < first for each in segment.times)
    behind = [each for each in segment.times if each.first >= last] if timed or said_before else []
    twice = any(isinstance(each.value, TIMED) for each in behind)
    if segment.runs and twice and behind[0].first <= last + 1:
        segment.runs[-1] = (first, max(each.last for each in behind))
        segment.times = [each for each in segment.times if each not in behind]


def runs_of(entry: Sequence[TextSegment]) -> Iterator[Run]:
    """Yield the runs of an entry; those with no time between them are one: "wifi, listrik dan bpjs"."""
    runs = [run for segment in entry for run in segment.runs]
    times = [each.first for segment in entry for each in segment.times]
    while runs:
        first, last = runs.pop(0)
        while runs and not any(last <= each < runs[0][0] for each in times):
            last = runs.pop(0)[1]
        yield first, last


def with_part(lex: Lexemes, last: int, text: str, prompt: str, entry: Sequence[TextSegment]) -> str:
    """Return a text with the part of the day that completes it, which is its time as well: "makan siang"."""
    part = next((each for segment in entry for each in segment.times if each.first == last), None)
    completes = part is not None and isinstance(part.value, said.PartOfDay) and not part.value.every
    if not completes or not lex[last - 1].has(Sense.DAILY_ROUND):
        return text
    return f"{text} {prompt[lex[last].start : lex[last].end]}"

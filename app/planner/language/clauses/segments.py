"""Segments of a reminder: its runs of text words and its times, grouped by the entries of a list."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from typing import Final

from app.planner.language.clauses.tails import is_polite
from app.planner.language.lexicon.entry import NO_SENSES
from app.planner.language.lexicon.roles import words_of
from app.planner.language.lexicon.sense import Sense
from app.planner.language.times.clock import PRAYERS
from app.planner.language.times.expressions import (
    ClockTimes,
    CountedFrom,
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
from app.planner.language.times.feasts import FEAST_WORDS
from app.planner.language.times.scan import scan_times
from app.planner.language.tokens.lexemes import Lexeme, Lexemes

_EDGES: Final = words_of(Sense.ERRAND_EDGE)
_STARTS: Final = words_of(Sense.ERRAND_START)
_ROUNDS: Final = words_of(Sense.DAILY_ROUND)
_LEADS_ERRAND: Final = words_of(Sense.ERRAND_LEAD)
_PREPOSITIONS: Final = words_of(Sense.PREPOSITION)
_TAGS: Final = words_of(Sense.TAG)
_STOPS: Final = frozenset(",.;!?…")
_SIGNS: Final = frozenset(',.;:!?=()-…"“”')
_ASKS: Final = frozenset({"?", "..."})
_DAYS: Final = (CountedFrom, Dates, Days, OnceDay, OnceWeekday)
_OPERATES: Final = frozenset({"neg", "except", "but", "cond", "otherwise", "until", "from", "stop", "change"})
TIMED: Final = (ClockTimes, Interval, OnceDelta)
"""Times of which a reminder has one: another one belongs to its text."""


@dataclass(slots=True)
class TextSegment:
    """The lexemes between two separators: the runs of text words in it, and its times."""

    start: int
    end: int
    runs: list[tuple[int, int]] = field(default_factory=list[tuple[int, int]])
    times: list[TimeExpression] = field(default_factory=list[TimeExpression])


def is_sign(lexeme: Lexeme) -> bool:
    """True for a sign around words."""
    return lexeme.text in _SIGNS


def borders(lex: Lexemes, pos: int) -> bool:
    return pos < len(lex) and is_border(lex[pos])


def is_border(lexeme: Lexeme) -> bool:
    return lexeme.text in _STOPS or lexeme.kind in {"line", "bullet"} or "sep" in lexeme.senses


def segments_of(lex: Lexemes, start: int, end: int, places: set[int]) -> list[TextSegment]:
    masked = Lexemes(
        replace(each, kind="taken", text="", senses=NO_SENSES)
        if pos in places or each.kind == "amount"
        else each
        for pos, each in enumerate(lex[:end])
    )
    times = [each for each in _times(masked, start) if _is_time(lex, each)]
    feasts = [each for each in times if _names_feast(lex, each)]
    if any(isinstance(each.value, _DAYS) and each not in feasts for each in times):
        times = [each for each in times if each not in feasts]
    taken = {pos for each in times for pos in range(each.first, each.last)} | places
    segments = [TextSegment(start, start)]
    for pos in range(start, end):
        if pos not in taken and borders(lex, pos):
            segments.append(TextSegment(pos + 1, pos + 1))
            continue
        segments[-1].end = pos + 1
    for segment in segments:
        segment.times = _own_times([each for each in times if segment.start <= each.first < segment.end])
        taken = {pos for each in segment.times for pos in range(each.first, each.last)} | places
        segment.runs = list(runs_in(lex, segment, taken))
    return [part for segment in segments if segment.end > segment.start for part in _split(lex, segment)]


def _own_times(times: list[TimeExpression]) -> list[TimeExpression]:
    """Return the times of a segment without the prayer of "dzuhur jam 12", which is what it is about."""
    timed = any(isinstance(each.value, ClockTimes) for each in times)
    if not timed:
        return times
    return [
        each
        for each in times
        if not (isinstance(each.value, PartOfDay) and each.value.part in PRAYERS and not each.value.every)
    ]


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


def _names_feast(lex: Lexemes, piece: TimeExpression) -> bool:
    """True for the feast of "beli lampu natal tgl 20", whose day is not meant if another one is said."""
    feast = lex.text(piece.first) in FEAST_WORDS and isinstance(piece.value, Dates)
    return feast and _is_said(lex, piece.first - 1)


def _operates(lexeme: Lexeme) -> bool:
    """True for a word that turns or limits the reminder and is none of its text: "jangan", "gak?"."""
    return lexeme.text in _TAGS or (lexeme.has_any(_OPERATES) and lexeme.text not in _ROUNDS)


def _is_said(lex: Lexemes, pos: int) -> bool:
    """True for a word of the text, not for the "saja" behind a number of times."""
    word = lex.kind(pos) == "word"
    return word and (not lex[pos].senses or lex.has(pos, "beyond"))


def runs_in(lex: Lexemes, segment: TextSegment, taken: set[int]) -> Iterator[tuple[int, int]]:
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
            _is_edge(lex, last - 1) or (lex.text(last) in _ASKS and lex.text(last - 1) in _TAGS)
        ):
            last -= 1
        if first < last and not all(_operates(each) for each in lex[first:last]):
            yield first, last


def _is_lead(lex: Lexemes, pos: int) -> bool:
    return lex[pos].text in _LEADS_ERRAND or lex[pos].text in _STARTS or _is_edge(lex, pos)


def _is_edge(lex: Lexemes, pos: int) -> bool:
    lexeme = lex[pos]
    known = is_sign(lexeme) or lexeme.text in _EDGES or _EDGES.issuperset(lexeme.text.split())
    return known or is_polite(lexeme, signs=False)


def _split(lex: Lexemes, segment: TextSegment) -> list[TextSegment]:
    """Split "bayar wifi tanggal 5 listrik tanggal 20", whose entries no separator parts."""
    runs, times = segment.runs, segment.times
    if len(runs) < 2 or len(times) < 2 or any(lex[run[0]].text in _PREPOSITIONS for run in runs[1:]):  # noqa: PLR2004
        return [segment]
    leading = times[0].first < runs[0][0]
    cuts = [run[0] for run in runs[1:]]
    if leading:
        behind = (next((each.first for each in times if run[1] <= each.first), None) for run in runs[:-1])
        cuts = [place for place in behind if place is not None]
    if len(cuts) < len(runs) - 1:
        return [segment]  # "akhir bulan ini jam 10 lunasin hutang ke grosir Makmur 3.250.000"
    bounds = [segment.start, *cuts, segment.end]
    parts = [
        TextSegment(
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


def grouped(segments: Sequence[TextSegment], *, dated: bool, timed: bool) -> list[list[TextSegment]]:
    """Return the segments of each entry: its text and its times."""
    leading = _times_lead(segments, dated=dated)
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


def _times_lead(segments: Sequence[TextSegment], *, dated: bool) -> bool:
    """True if the times come before the texts: "tanggal 5 bayar wifi, tanggal 10 bpjs"."""
    first = next((each for each in segments if each.times), None)
    if first is None:
        return False
    if first is not segments[0] and segments[0].runs and not dated:
        return False
    return not first.runs or first.times[0].first < first.runs[0][0]


def _keep_inner_time(segment: TextSegment, *, timed: bool) -> None:
    """Give the second hour of "jam 9 ada rapat jam 10" to the text."""
    if not segment.runs:
        return
    first, last = segment.runs[-1]
    said_before = any(isinstance(each.value, TIMED) and each.first < first for each in segment.times)
    behind = [each for each in segment.times if each.first >= last]
    if not (timed or said_before) or not any(isinstance(each.value, TIMED) for each in behind):
        return
    end = max(each.last for each in behind)
    if behind[0].first <= last + 1:
        segment.runs[-1] = (first, end)
        segment.times = [each for each in segment.times if each not in behind]


def runs_of(entry: Sequence[TextSegment]) -> Iterator[tuple[int, int]]:
    """Yield the runs of an entry; those with no time between them are one: "wifi, listrik dan bpjs"."""
    runs = [run for segment in entry for run in segment.runs]
    times = [each.first for segment in entry for each in segment.times]
    while runs:
        first, last = runs.pop(0)
        while runs and not any(last <= each < runs[0][0] for each in times):
            last = runs.pop(0)[1]
        yield first, last


def with_part(lex: Lexemes, last: int, said: str, prompt: str, entry: Sequence[TextSegment]) -> str:
    """Return a text with the part of the day that completes it, which is its time as well: "makan siang"."""
    part = next((each for segment in entry for each in segment.times if each.first == last), None)
    if part is None or not isinstance(part.value, PartOfDay) or part.value.every:
        return said
    if lex.list_next(part.last) is not None:
        return said  # "makan pagi dan malam"
    return f"{said} {prompt[lex[last].start : lex[last].end]}" if lex[last - 1].text in _ROUNDS else said

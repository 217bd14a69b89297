"""Regions of a sentence that the gate asks about: what an operator governs, and its targets."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from app.planner.language.clauses.clause import INTENTS, WITHDRAWN, Item
from app.planner.language.effects import Reading
from app.planner.language.times.expressions import Except, Recurrence
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.models import Change, PromptSpan

DENIALS: Final = ("neg", "no", "takeback")
_EXCEPTIONS: Final = ("except", "skips", "barring")
_OPERATORS: Final = (*DENIALS, *_EXCEPTIONS)
_TURNS: Final = (*_OPERATORS, "repair", "still")
_MARKS: Final = (*_OPERATORS, "off", "send")
_VERBS: Final = (*INTENTS, "stop", "change")
_ENDS: Final = frozenset({".", ";", "!", "?", ",", "\n"})
_TARGETS: Final = frozenset({"name", "channel", "url"})
_ANCHORS: Final = {*_VERBS, *_TARGETS, "quote"}
_SMALL: Final = frozenset({"filler", "toward", "via", "account", "send", "notify", "using"})
STOPPED: Final = frozenset({Change.DISABLE, Change.DELETE, Change.PAUSE})


@dataclass(frozen=True, slots=True)
class OperatorRegion:
    """The stretch that an operator governs, with the times or the targets in it."""

    span: PromptSpan
    times: Sequence[Item]
    targets: Sequence[Item]
    operand: PromptSpan
    """The place of its times alone, without the operator before or behind them."""
    is_noted: bool


def regions_of(reading: Reading) -> Iterator[OperatorRegion]:
    """Yield the stretches that operators govern."""
    stops = any(each.change in STOPPED for each in reading.draft.requests)
    taken = -1
    for pos, item in enumerate(reading.items):
        if reading.span(item).start >= taken and _is_operator(reading.lex, item, stops=stops):
            region = _region_of(reading, pos)
            taken = region.span.end
            yield region


def _is_operator(lex: Lexemes, item: Item, *, stops: bool) -> bool:
    if item.kind in {"time", "quote", "expect", "contains"} or item.value == WITHDRAWN:
        return isinstance(item.value, Except)
    # The "gak?" behind "bisa hapus bot_a gak?" asks politely.
    ends = all(each.kind == "mark" or each.has("question_particle") for each in lex[item.last :])
    is_tag = ends and lex.has(item.first, "tag") and any(each.has("polite") for each in lex)
    marks = range(item.first, item.last) if item.kind == "filler" else (item.first,)
    return not is_tag and any(lex.has(mark, *_OPERATORS, *(("still",) if stops else ())) for mark in marks)


def turned_words(reading: Reading) -> tuple[PromptSpan, str] | None:
    """Return the words from the first operator to the end of the last one's part, and the field they change.

    What an operator made of a plan may be another thing than was meant, so a person should look at it.
    """
    items, lex = reading.items, reading.lex
    marks = [
        pos
        for pos, item in enumerate(items)
        if item.kind not in {"quote", "expect", "contains"}
        and (item.value == WITHDRAWN or isinstance(item.value, Except) or lex.has(item.first, *_TURNS))
    ]
    if not marks:
        return None
    parts = [part_of(items, lex, pos) for pos in marks]
    span = reading.span(items[parts[0][0]], *(items[end - 1] for _start, end in parts))
    # What is said instead follows the mark; what is denied may stand before it.
    near = [*items[marks[-1] :], *reversed(items[parts[-1][0] : marks[-1]])]
    fields = (effect.field for item in near for effect in reading.by_place.get(item.first, ()))
    return span, next((field for field in fields if field not in {"", "clause", "job"}), "job")


def acts(reading: Reading, times: Collection[Item]) -> bool:
    """True if a job fires at one of some times; of several jobs those whose words they are among."""
    keys = {effect.job for item in times for effect in reading.by_place.get(item.first, ())}
    own = [fires for key, fires in reading.fires.items() if key in keys] or reading.fires.values()
    return any(fires.hits(item.value) for fires in own for item in times)


def is_alive(reading: Reading, item: Item) -> bool:
    """True if the plan has a value, or fires at a time."""
    if item.kind == "time":
        return item.value != WITHDRAWN and acts(reading, [item])
    return reading.holds(item.name.text.lstrip("@") if item.name is not None else item.text)


def _region_of(reading: Reading, pos: int) -> OperatorRegion:
    """Return the part of the sentence that the operator at an index governs.

    That is all from mark to mark if it holds no wish or target, else the operator and the times beside it.
    """
    items, lex = reading.items, reading.lex
    item = items[pos]
    start, end = part_of(items, lex, pos)
    part = items[start:end]
    whole = not any(each.kind in _ANCHORS or lex.has(each.first, "stop") for each in part)
    if isinstance(item.value, Except):
        commas = [place for place in range(item.first, item.last) if lex.text(place) in _ENDS]
        inside = bool(commas) and not lex.has(item.first, *_OPERATORS)
        first = commas[-1] + 1 if inside else part[0].first if whole else item.first
        span = PromptSpan(lex[first].start, lex[item.last - 1].end)
        return OperatorRegion(span, [item], [], _operand(lex, range(first, item.last)), reading.is_told(item))
    held = [*takewhile(lambda each: each.kind in {"time", "filler"}, items[pos + 1 : end])]
    rest = items[pos + 1 + len(held) : end][:1]
    whole = whole and any(each.kind == "time" for each in part)
    # "Senin kamis engga soalnya puasa" denies what stands right before it.
    before = [each for each in items[max(start, pos - 1) : pos] if each.kind == "time" and not held]
    before = [each for each in before if not (isinstance(each.value, Recurrence) and rest)]
    held = part if whole else [*before, item, *held]
    times = [each for each in held if each.kind == "time"]
    targets = [] if times else targets_of(items, lex, pos)
    # "Sampai Jumat pantau …, habis itu ga perlu" says the end twice; "semua selain backup" is told.
    ends = any("end_at" in (job.schedule or {}) for job in reading.draft.jobs)
    noted = any(map(reading.is_told, [*held, *rest])) or (ends and [*held, *rest] == [item])
    span = reading.span(*(held if times else [item, *targets] if targets else [*held, *rest]))
    return OperatorRegion(span, times, targets, reading.span(*times) if whole else span, noted)


def _operand(lex: Lexemes, places: Sequence[int]) -> PromptSpan:
    """Return the place of an exception's days."""
    own = [lex[pos] for pos in places if not lex.has(pos, *_MARKS)] or [lex[pos] for pos in places]
    return PromptSpan(own[0].start, own[-1].end)


def part_of(items: Sequence[Item], lex: Lexemes, pos: int) -> tuple[int, int]:
    """Return the part of the sentence from mark to mark that holds an item."""
    start, end = pos, pos + 1
    while start and not _divides(lex, items[start - 1]):
        start -= 1
    while end < len(items) and not _divides(lex, items[end]):
        end += 1
    return start, end


def _divides(lex: Lexemes, item: Item) -> bool:
    strong = item.kind == "but" or (item.kind == "sep" and item.value == "strong")
    return strong or lex.text(item.first) in _ENDS


def targets_of(items: Sequence[Item], lex: Lexemes, pos: int) -> list[Item]:
    """Return the targets that a denial governs: those right behind it, else all of its own part."""
    start, end = part_of(items, lex, pos)
    behind = [each for each in items[pos + 1 : end] if each.kind != "filler"]
    if behind:
        first = next((each for each in behind if each.kind not in _SMALL), None)
        return [first] if first is not None and first.kind in _TARGETS else []
    part = items[start:pos]
    if any(each.kind in _VERBS for each in part):
        return []
    return [each for each in part if each.kind in _TARGETS]

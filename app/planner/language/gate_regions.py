"""Regions of a sentence that the gate asks about: what an operator governs, its targets and its sides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from app.planner.language.clauses.clause import INTENTS, WITHDRAWN, Item
from app.planner.language.effects import EffectReader, lexemes_within
from app.planner.language.lexicon.lookup import senses_of
from app.planner.language.pipeline import Reading
from app.planner.language.times.expressions import Except
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.models import Note, NoteKind, PromptSpan

DENIALS: Final = ("neg", "no", "takeback")
EXCEPTIONS: Final = ("except", "skips", "barring")
_MARKS: Final = (*DENIALS, *EXCEPTIONS, "off")
_VERBS: Final = (*INTENTS, "stop", "change")
_ENDS: Final = frozenset({".", ";", "!", "?", ",", "\n"})
_TARGETS: Final = frozenset({"name", "channel", "url"})
_SMALL: Final = frozenset({"filler", "toward", "via", "account", "send", "notify", "using"})


@dataclass(frozen=True, slots=True)
class OperatorRegion:
    """What an operator governs: from the lexeme `first` to before `last`."""

    first: int
    last: int
    is_time: bool
    times: tuple[Item, ...] = ()
    targets: tuple[Item, ...] = ()
    operand: PromptSpan | None = None
    is_noted: bool = False


def region_of(reading: Reading, pos: int) -> OperatorRegion | None:
    """Return the part of the sentence that the operator at an index governs.

    That is all from mark to mark if it holds no wish or target, else the operator and the times beside it.
    """
    items, lex = reading.items, reading.lexemes
    item = items[pos]
    noted = any(_covers(note, lex, item) for note in reading.draft.notes)
    start, end = part_of(items, lex, pos)
    part = items[start:end]
    times = tuple(each for each in part if each.kind == "time")
    if isinstance(item.value, Except):
        first = _last_part(lex, item)
        whole = first == item.first and not any(_is_anchor(lex, each) for each in part)
        first = part[0].first if whole else first
        operand = _operand(lex, first, item.last)
        return OperatorRegion(first, item.last, is_time=True, times=(item,), operand=operand, is_noted=noted)
    if item.kind == "time":
        return None
    if times and not any(_is_anchor(lex, each) for each in part):
        operand = PromptSpan(lex[times[0].first].start, lex[times[-1].last - 1].end)
        return OperatorRegion(
            part[0].first, part[-1].last, is_time=True, times=times, operand=operand, is_noted=noted
        )
    after = pos + 1
    while after < end and items[after].kind in {"time", "filler"}:
        after += 1
    times = tuple(each for each in items[pos + 1 : after] if each.kind == "time")
    if times:
        return OperatorRegion(item.first, items[after - 1].last, is_time=True, times=times, is_noted=noted)
    targets = targets_of(items, lex, pos)
    if targets:
        return OperatorRegion(
            *_stretch([item, *targets]), is_time=False, targets=tuple(targets), is_noted=noted
        )
    return OperatorRegion(item.first, items[min(after, end - 1)].last, is_time=False, is_noted=noted)


def _operand(lex: Lexemes, first: int, last: int) -> PromptSpan | None:
    """Return the place of an exception's days, without the operator before or behind them."""
    while first < last - 1 and lex.has(first, *_MARKS):
        first += 1
    while last - 1 > first and lex.has(last - 1, *_MARKS, "send"):
        last -= 1
    return PromptSpan(lex[first].start, lex[last - 1].end)


def part_of(items: Sequence[Item], lex: Lexemes, pos: int) -> tuple[int, int]:
    """Return the part of the sentence from mark to mark that holds an item."""
    start, end = pos, pos + 1
    while start and not _divides(lex, items[start - 1]):
        start -= 1
    while end < len(items) and not _divides(lex, items[end]):
        end += 1
    return start, end


def _last_part(lex: Lexemes, item: Item) -> int:
    """Return the start of the part that an operator at the end of an exception is in."""
    if lex.has(item.first, *DENIALS, *EXCEPTIONS):
        return item.first
    commas = [pos for pos in range(item.first, item.last) if lex.text(pos) in _ENDS]
    return commas[-1] + 1 if commas else item.first


def _covers(note: Note, lex: Lexemes, item: Item) -> bool:
    return note.span is not None and bool(
        lexemes_within(lex[item.first : item.last], note.span)
        if note.kind is not NoteKind.ENVIRONMENT
        else ()
    )


def _divides(lex: Lexemes, item: Item) -> bool:
    return (
        lex.text(item.first) in _ENDS or (item.kind == "sep" and item.value == "strong") or item.kind == "but"
    )


def _is_anchor(lex: Lexemes, item: Item) -> bool:
    return (
        item.kind in _VERBS or item.kind in {"channel", "url", "name", "quote"} or lex.has(item.first, "stop")
    )


def sides_of(items: Sequence[Item], pos: int) -> tuple[Item, Item] | None:
    """Return the values of one kind around a repair: the last before it, and the first behind it."""
    behind = next((item for item in islice(items, pos + 1, pos + 6) if is_value(item)), None)
    if behind is None:
        return None
    before = (item for item in reversed(items[max(0, pos - 12) : pos]) if is_value(item))
    old = next((item for item in before if is_alike(item, behind)), None)
    return None if old is None else (old, behind)


def is_value(item: Item) -> bool:
    return item.kind in {"time", "name", "channel", "url"}


def texts_of(lex: Lexemes, item: Item) -> tuple[str, ...]:
    """Return the names and channels by which a result may hold an item."""
    lexeme = lex[item.first]
    if lexeme.has("channel"):
        return (lex.word(item.first, "channel"),)
    if item.name is not None:
        return (item.name.text.lstrip("@"),)
    return (lexeme.raw.lstrip("@"),) if not lexeme.senses and any(map(str.isalpha, lexeme.raw)) else ()


def _stretch(items: Sequence[Item]) -> tuple[int, int]:
    return min(item.first for item in items), max(item.last for item in items)


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


def is_alike(one: Item, other: Item) -> bool:
    return one.kind == other.kind and type(one.value) is type(other.value) and one.value != other.value


def is_alive(item: Item, effects: EffectReader) -> bool:
    if item.kind == "time":
        return item.value != WITHDRAWN
    return effects.holds(item.name.text.lstrip("@") if item.name is not None else item.text)


_AMOUNT: Final = re.compile(r"\d+(?:[.,]\d+)?[a-z]{1,6}")
"""The shape of "2jt", "500k" and "3kg"."""
_NO_NAMES: Final = frozenset(
    {"watch", "stop", "change", "neg", "every", "clockmark", "except", "cond", "sep"}
)
_ADDRESSES: Final = frozenset({"phone", "number", "email", "handle", "contact", "person", "hash"})
_LEADS: Final = ("toward", "via", "using", "channel", "chat", "account", "notify", "message", "send", "sep")
MOST_BETWEEN: Final = 3


def is_no_name(lex: Lexemes, item: Item, *, is_recipient: bool) -> bool:
    """True for a name that is an amount or a verb, and for a recipient that no word leads."""
    name = item.name
    if name is None:
        return False
    text = name.text.lower()
    if not name.mark and _AMOUNT.fullmatch(text):
        return True
    if not _NO_NAMES.isdisjoint(senses_of(text)):
        return True
    led = any(lex.has(pos, *_LEADS) for pos in range(item.first - MOST_BETWEEN, item.first))
    return is_recipient and not (name.mark or led or name.shape in _ADDRESSES)

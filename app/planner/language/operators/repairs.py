"""Corrections: "jam 7, eh jam 8" is 8, and "backup jam 3, …, eh backupnya jam 4" is 4 for the backup alone.

What a sentence takes back becomes a filler, so that no later stage reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.clauses.slots import (
    FARTHEST,
    WISHES,
    as_address,
    fits,
    is_figure,
    is_same,
    loose_value,
    nearest,
    places_of_wish,
    replaced,
    slot_of,
    withdrawn,
)
from app.planner.language.operators.denials import settle_denials
from app.planner.language.operators.operation import NAMED, Operation, Operator, operations_of
from app.planner.language.times.expressions import ClockTimes, Days, PartOfDay
from app.planner.language.tokens.lexemes import Lexemes

_MOST_MARKS: Final = 8
_A_PAIR: Final = 2
_DENIALS: Final = ("neg", "no")


def settle(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items that hold after all corrections of a sentence."""
    settled = [*items]
    moved: dict[int, list[Item]] = {}
    operations, end = operations_of(lex, settled), 0
    for each in operations:
        if each.operator is Operator.REPAIR and each.scope[0] > end and _apply(lex, settled, each, moved):
            end = each.scope[1] - 1
    settle_denials(lex, settled, operations)
    every = (each for pos, item in enumerate(settled) for each in (item, *moved.get(pos, ())))
    return [each for each in every if each.kind != "gone"]


def _apply(lex: Lexemes, items: list[Item], repair: Operation, moved: dict[int, list[Item]]) -> bool:
    """Put what is said again in its place; False if it corrects nothing."""
    (first, start), said = repair.mark, range(*repair.scope)
    marks = [items[pos].first for pos in range(first, start)]
    turn = next((pos for pos in said if items[pos].kind == "but"), start - 1)
    wish = next((pos for pos in said if pos > turn and items[pos].kind in NAMED), None)
    if wish is None and items[first].kind in NAMED:
        wish = first  # "yang laporan jadi jam 8"
    places = _places(items, first)
    older = [place for place in places if items[place].kind in WISHES]
    anchor = None
    if wish is not None and older:
        same = next((place for place in older if items[place].kind == items[wish].kind), None)
        if same is None and not any(lex.sense(each, "repair") == "means" for each in marks):
            return False  # "backup jam 2, eh laporan jam 7" asks for both
        anchor = older[0] if same is None else same
        places = places_of_wish(items, anchor, first)
    elif wish is not None:
        said = range(start, wish)  # "jam 7 eh jam 8 laporan"
    named = [pos for pos in said if pos > turn]
    pairs = (
        _of_part(items, named, places) or _of_days(items, named, places) or _pairs(lex, items, named, places)
    )
    moot = all(place is None for _, place, _ in pairs)
    if (anchor is None and moot) or (not pairs and wish is None):
        return False
    if anchor is not None and wish is not None and items[anchor].kind != items[wish].kind:
        items[anchor], items[wish] = items[wish], items[anchor]
    kept = _put(items, pairs, anchor, moved, denied=any(lex.has(each, *_DENIALS) for each in marks))
    for pos in range(first, said.stop):
        if pos not in kept:
            items[pos] = withdrawn(items[pos])
    return True


def _put(
    items: list[Item],
    pairs: Sequence[tuple[int, int | None, Item]],
    anchor: int | None,
    moved: dict[int, list[Item]],
    *,
    denied: bool,
) -> set[int]:
    """Put values in their places, new ones to the wish that is named; return those that stay."""
    kept: set[int] = set()
    for pos, place, item in pairs:
        if place is not None and denied and is_same(items[place], item):
            # "eh bukan jam 7, jam 8", "eh jangan wa, tele aja"
            meant = _meant_after(items, pos)
            items[place] = withdrawn(items[place]) if meant is None else items[meant]
            if meant is not None:
                items[meant] = withdrawn(items[meant])
        elif place is not None:
            items[place], items[pos] = replaced(items[place], item), items[place]
        elif anchor is not None:
            moved.setdefault(anchor, []).append(item)
        else:
            kept.add(pos)
    return kept


def _meant_after(items: Sequence[Item], pos: int) -> int | None:
    """Return the index of the value that follows a denied one, past a separator."""
    for index in range(pos + 1, min(len(items), pos + _MOST_MARKS)):
        if fits(items[pos], items[index]):
            return index
        if items[index].kind not in {"sep", "filler", "but"}:
            return None
    return None


def _of_part(
    items: Sequence[Item], meant: Sequence[int], places: Sequence[int]
) -> list[tuple[int, int | None, Item]]:
    """Correct one of several times, by its part of the day: "jam 7 pagi dan 5 sore, eh yang sore jam 6"."""
    times = [pos for pos in meant if items[pos].kind == "time"]
    part, new = (items[pos].value for pos in times) if len(times) == _A_PAIR else (None, None)
    if not isinstance(part, PartOfDay) or not isinstance(new, ClockTimes):
        return []
    clock = next(iter(new.clocks))
    clock = replace(clock, part=part.part)
    for place in places:
        old = items[place].value
        if isinstance(old, ClockTimes) and any(each.part == part.part for each in old.clocks):
            clocks = tuple(clock if each.part == part.part else each for each in old.clocks)
            return [(times[1], place, replace(items[times[1]], value=ClockTimes(clocks)))]
    return []


def _of_days(
    items: Sequence[Item], meant: Sequence[int], places: Sequence[int]
) -> list[tuple[int, int | None, Item]]:
    """Correct one of several days: "Senin dan Kamis jam 8, eh Kamisnya Jumat aja"."""
    times = [pos for pos in meant if items[pos].kind == "time"]
    old, new = (items[pos].value for pos in times) if len(times) == _A_PAIR else (None, None)
    if not isinstance(old, Days) or not isinstance(new, Days):
        return []
    for place in places:
        held = items[place].value
        if isinstance(held, Days) and old.days < held.days:
            days = replace(held, days=(held.days - old.days) | new.days)
            return [(times[1], place, replace(items[times[1]], value=days))]
    return []


def _pairs(
    lex: Lexemes, items: Sequence[Item], meant: Sequence[int], places: Sequence[int]
) -> list[tuple[int, int | None, Item]]:
    """Return the values said again, each with the place that it takes, if there is one."""
    pairs: list[tuple[int, int | None, Item]] = []
    free = [*places]
    for pos in meant:
        item = items[pos]
        if is_figure(item):
            place = next((place for place in free if slot_of(items[place])), None)
            value = None if place is None else loose_value(lex, item.first, items[place])
            if value is not None:
                pairs.append((pos, place, value))
        elif slot_of(item) not in {"", "except"}:
            place = nearest(items, free, item)
            if place is None and (place := nearest(items, free, as_address(item))) is not None:
                item = as_address(item)
            if place is not None:
                free.remove(place)
            pairs.append((pos, place, item))
    return pairs


def _places(items: Sequence[Item], before: int) -> list[int]:
    """Return the indexes of wishes and values before an index, the nearest first."""
    return [
        pos
        for pos in range(before - 1, max(-1, before - 1 - FARTHEST), -1)
        if items[pos].kind in WISHES or slot_of(items[pos])
    ]

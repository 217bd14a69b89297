"""Corrections: "jam 7, eh jam 8" is 8, and "backup jam 3, …, eh backupnya jam 4" is 4 for the backup alone.

What a sentence takes back becomes a filler, so that no later stage reads it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import Final

from app.planner.language.clauses.clause import TARGETS, Item, Operator, any_of
from app.planner.language.clauses.slots import (
    FARTHEST,
    WISHES,
    as_address,
    collapse,
    fits,
    is_figure,
    is_same,
    loose_value,
    naming,
    nearest,
    places_of_wish,
    replaced,
    slot_of,
    withdraw,
)
from app.planner.language.lexicon.sense import Sense
from app.planner.language.operators.denials import settle_denials
from app.planner.language.operators.operation import NAMED, Operation, Target, operations_of
from app.planner.language.times.expressions import ClockTimes, Days, PartOfDay
from app.planner.language.tokens.lexemes import Lexemes

_MOST_MARKS: Final = 8
_A_PAIR: Final = 2
_UNREAD: Final = frozenset({"word", "name", "filler"})
_WORD: Final = re.compile(r"[a-z0-9]+")
_DENIALS: Final = ("neg", "no")
_OWN_WISHES: Final = WISHES | {"neg", "notify", "send", "toward", "stop", "change", "cond", "otherwise"}


def settle(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items that hold after all corrections of a sentence."""
    settled = _named_again(lex, items)
    moved: dict[int, list[Item]] = {}
    operations, end = operations_of(lex, settled), 0
    keeps = [each for each in operations if each.operator is Operator.KEEP]
    stays = [item for each in keeps for item in settled[slice(*each.scope)] if item.kind == "name"]
    for each in operations:
        if each.operator is not Operator.REPAIR or each.scope[0] <= end:
            continue
        if _leave_list(settled, each, moved) or _apply(lex, settled, each, moved, stays):
            end = each.scope[1] - 1
            for kept in (kept for kept in keeps if kept.target is Target.TARGET and kept.span[0] > end):
                collapse(settled, kept.span, "kept")
    _part_own_times(settled, moved)
    settle_denials(lex, settled, operations)
    every = (each for pos, item in enumerate(settled) for each in (item, *moved.get(pos, ())))
    return [each for each in every if each.kind != "gone"]


def _named_again(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items with the "b" of "pantau toko_a dan toko_b, eh yang b ga usah" as what it names.

    And with the "air" of "air tgl 22, eh air tgl 21", which names a text.
    """
    found = [*items]
    for pos, item in enumerate(found):
        led = lex.has(item.first - 1, Sense.RELATIVE, Sense.REPAIR)
        led = led or (pos > 0 and found[pos - 1].kind in {"sep", "but"} and lex.has(item.last, Sense.ONLY))
        said = found[max(0, pos - FARTHEST) : pos] if led and item.kind in _UNREAD else []
        named = [each for each in said if lex.text(item.first) in _words_of(each)]
        kinds = [each.kind for each in said]
        if len(named) == 1 and (named[0].kind == "quote" or kinds.count(named[0].kind) > 1):
            found[pos] = replace(named[0], first=item.first, last=item.last)
    return found


def _part_own_times(items: list[Item], moved: dict[int, list[Item]]) -> None:
    """Part one of several targets with a time of its own: "pantau a dan b tiap menit, yg b cuma malam"."""
    ends = [pos for pos, item in enumerate(items) if item.kind == "sep"] + [len(items)]
    for first, last in pairwise(ends):
        said = [pos for pos in range(first, last) if items[pos].kind in TARGETS]
        if len(said) == 1 and not any_of(items[first:last], *_OWN_WISHES):
            part = said[0], last
            mark = said[0], said[0]
            _leave_list(items, Operation(Operator.REPAIR, mark, part, part, Target.TARGET, part), moved)


def _words_of(item: Item) -> Sequence[str]:
    """Return the words of a name, an address or a text."""
    text = item.name.text if item.name is not None else item.text if item.kind in {"url", "quote"} else ""
    return _WORD.findall(text.lower())


def _leave_list(items: list[Item], repair: Operation, moved: dict[int, list[Item]]) -> bool:
    """Give one of several targets a time of its own: "pantau a dan b tiap menit, eh yang b 5 menit aja"."""
    first, said = repair.mark[0], [pos for pos in range(*repair.scope) if items[pos].kind in TARGETS]
    place = next((pos for pos in range(first) if said and is_same(items[pos], items[said[0]])), None)
    new = next((pos for pos in range(*repair.scope) if items[pos].kind == "time"), None)
    if place is None or new is None:
        return False
    times = [pos for pos in range(first) if items[pos].kind == "time"]
    start = max((pos for pos in times if pos < place), default=0)
    end = min((pos for pos in times if pos > place), default=first)
    alike = sum(item.kind == items[place].kind for item in items[start:end])
    if alike == 1 and end < first and fits(items[end], items[new]):
        items[end] = replaced(items[end], items[new])  # it has a time of its own
        withdraw(items, range(first, repair.scope[1]))
        return True
    named = naming(items, place, first)
    moved[said[0]] = [items[pos] for pos in named if pos > place]
    if first == repair.mark[1]:
        # It keeps the rhythm that is said for all of them.
        slots = {slot_of(items[pos]) for pos in range(*repair.scope)}
        held = [items[pos] for pos in times if pos >= end] or [items[pos] for pos in times]
        moved[said[0]] += [each for each in held if slot_of(each) not in slots]
    # "tele sama wa akun kas_rt tiap menit, eh wa 10 menit aja": the others keep the account
    channels = place > 1 and items[place - 2].kind == items[place].kind == "channel"
    shared = channels and items[place - 1].kind == "sep"
    for pos in (place - 1, place) if shared else named:
        items[pos] = replace(items[pos], kind="gone")
    withdraw(items, range(*repair.mark))
    return True


def _apply(
    lex: Lexemes, items: list[Item], repair: Operation, moved: dict[int, list[Item]], stays: Sequence[Item]
) -> bool:
    """Put what is said again in its place; False if it corrects nothing."""
    (first, start), said = repair.mark, range(*repair.scope)
    turn = next((pos for pos in said if items[pos].kind == "but"), start - 1)
    wish = next((pos for pos in said if pos > turn and items[pos].kind in NAMED), None)
    if wish is None and items[first].kind in NAMED:
        wish = first  # "yang laporan jadi jam 8"
    before = range(first - 1, max(-1, first - 1 - FARTHEST), -1)
    places = [pos for pos in before if items[pos].kind in WISHES or slot_of(items[pos])]
    places = [pos for pos in places if not any(is_same(items[pos], each) for each in stays)]
    older, anchor = [place for place in places if items[place].kind in WISHES], None
    if wish is not None and older:
        same = next((place for place in older if items[place].kind == items[wish].kind), None)
        if same is None and not any(
            lex.sense(items[pos].first, "repair") == "means" for pos in range(first, start)
        ):
            return False  # "backup jam 2, eh laporan jam 7" asks for both
        anchor = older[0] if same is None else same
        places = places_of_wish(items, anchor, first)
    elif wish is not None:
        said = range(start, wish)  # "jam 7 eh jam 8 laporan"
    wrong = _wrong(items, first)
    named, places = [pos for pos in said if pos > turn], places if wrong is None else [wrong]
    pairs = _of_several(items, named, places) or _pairs(lex, items, named, places)
    again = all(place is not None and is_same(items[place], item) for _, place, item in pairs)
    follows = said.stop < len(items) and lex.has(items[said.stop].first, "repair")
    moot = all(place is None for _, place, _ in pairs) or (again and (follows or _denies(lex, items, repair)))
    if (anchor is None and moot) or (not pairs and wish is None):
        return False
    if anchor is not None and wish is not None and items[anchor].kind != items[wish].kind:
        items[anchor], items[wish] = items[wish], items[anchor]
    kept = _put(items, pairs, anchor, moved)
    marks = range(first - (wrong is not None), start)
    withdraw(items, (pos for pos in (*marks, *said) if pos not in kept))
    return True


def _wrong(items: Sequence[Item], first: int) -> int | None:
    """Return the place of the first "toko_a" of "toko_a dan toko_b, eh toko_a salah, harusnya toko_c"."""
    if items[first - 1].kind not in TARGETS:
        return None
    return next((pos for pos in range(first - 1) if is_same(items[pos], items[first - 1])), None)


def _denies(lex: Lexemes, items: Sequence[Item], repair: Operation) -> bool:
    """True if a denial stands right before what is said again: "eh bukan jam 7", not "eh bukan, jam 8"."""
    marks = [items[pos].first for pos in reversed(range(*repair.mark))]
    return any(
        lex.has(each, *_DENIALS) for each in takewhile(lambda each: not lex.has(each, Sense.SIGNS), marks)
    )


def _put(
    items: list[Item],
    pairs: Sequence[tuple[int, int | None, Item]],
    anchor: int | None,
    moved: dict[int, list[Item]],
) -> set[int]:
    """Put values in their places, new ones to the wish that is named; return those that stay."""
    kept: set[int] = set()
    for pos, place, item in pairs:
        if place is not None and is_same(items[place], item):
            items[pos] = replace(items[pos], kind="gone")
            kept.add(pos)
        elif place is not None:
            items[place], items[pos] = replaced(items[place], item), items[place]
        elif anchor is not None:
            moved.setdefault(anchor, []).append(item)
        else:
            kept.add(pos)
    return kept


def _of_several(
    items: Sequence[Item], meant: Sequence[int], places: Sequence[int]
) -> list[tuple[int, int | None, Item]]:
    """Correct one of several times or days, and leave the others."""
    times = [pos for pos in meant if items[pos].kind == "time"]
    if len(times) != _A_PAIR:
        return []
    old, new = times
    values = ((place, _exchanged(items[place].value, items[old].value, items[new].value)) for place in places)
    found = next(((place, value) for place, value in values if value is not None), None)
    return [] if found is None else [(new, found[0], replace(items[new], value=found[1]))]


def _exchanged(held: object, old: object, new: object) -> ClockTimes | Days | None:
    match held, old, new:
        case ClockTimes(), PartOfDay(part=part), ClockTimes() if any(
            each.part == part for each in held.clocks
        ):
            # "jam 7 pagi dan 5 sore, eh yang sore jam 6"
            clock = replace(new.clocks[0], part=part)
            return ClockTimes(tuple(clock if each.part == part else each for each in held.clocks))
        case Days(), Days(), Days() if old.days < held.days:
            # "Senin dan Kamis jam 8, eh Kamisnya Jumat aja"
            return replace(held, days=(held.days - old.days) | new.days)
        case _:
            return None


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
            same = [place for place in free if is_same(items[place], item)]
            place = same[0] if same else nearest(items, free, item)
            if place is None and (place := nearest(items, free, as_address(item))) is not None:
                item = as_address(item)
            if place is not None:
                free.remove(place)
            pairs.append((pos, place, item))
    return pairs

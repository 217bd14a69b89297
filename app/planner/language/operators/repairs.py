"""Corrections: "jam 7, eh jam 8" is 8, and "backup jam 3, …, eh backupnya jam 4" is 4 for the backup alone.

What a sentence takes back becomes a filler, so that no later stage reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.clauses.slots import (
    FARTHEST,
    VALUES,
    WISHES,
    WITHIN,
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
from app.planner.language.lexicon.sense import Sense
from app.planner.language.operators.denials import settle_denials
from app.planner.language.operators.takebacks import drop_called_off, drop_refused_wishes, is_refused
from app.planner.language.times.expressions import ClockTimes, Days, PartOfDay
from app.planner.language.tokens.lexemes import Lexemes

_MOST_ITEMS: Final = 10
_MOST_MARKS: Final = 8
_MOST_WORDS: Final = 3
_A_PAIR: Final = 2

_TURNS: Final = frozenset({("-", ">"), ("=", ">")})
_DENIALS: Final = ("neg", "no")
_MAY_REPAIR: Final = ("repair", "recall", "excess", "turns", "trailing")
_AROUND: Final = (*_MAY_REPAIR, "trailing", "aside")
_NAMED: Final = WISHES - {"message"}


@dataclass(frozen=True, slots=True)
class _Repair:
    """A repair: the marks from `first` to `start`, and what is said again up to `end`."""

    first: int
    start: int
    end: int
    wish: int | None = None
    """The wish before the marks that says which one is meant: "yang laporan jadi jam 8"."""


def settle(lex: Lexemes, items: Sequence[Item]) -> list[Item]:
    """Return the items that hold after all corrections of a sentence."""
    settled = [*items]
    moved: dict[int, list[Item]] = {}
    pos = 0
    while pos < len(settled):
        item = settled[pos]
        may_be = item.kind == "into" or lex.has(item.first, *_MAY_REPAIR) or lex.has(item.first, Sense.ARROWS)
        repair = _repair_at(lex, settled, pos) if may_be else None
        if repair is None or not _apply(lex, settled, repair, moved):
            pos += 1
            continue
        pos = repair.end
    settle_denials(lex, settled)
    drop_called_off(lex, settled)
    drop_refused_wishes(lex, settled)
    every = (each for pos, item in enumerate(settled) for each in (item, *moved.get(pos, ())))
    return [each for each in every if each.kind != "gone"]


def _repair_at(lex: Lexemes, items: Sequence[Item], pos: int) -> _Repair | None:
    """Return the repair whose first word of repair is at an index."""
    text = lex.text(items[pos].first)
    turns = items[pos].kind == "into" and lex.has(items[pos].first, "turns")
    turned = lex.has(items[pos].first, "turns") or (text, lex.text(items[pos].last)) in _TURNS
    parted = text in {"no", "bukan"} and _is_mark(lex, items, pos - 1) and _is_mark(lex, items, pos + 1)
    recalled = lex.has(items[pos].first, "recall") and _is_definite_again(lex, items, pos)
    one_of = text == "salah" and lex.has(items[pos].last, "digit")  # "salah satu"
    if (
        one_of
        or not (lex.has(items[pos].first, "repair", "excess", "trailing") or turned or parted or recalled)
        or items[pos].kind in {"quote", "name"}
    ):
        return None
    if turns and (wish := _wish_before(items, pos)) is not None:
        end = _said_again(lex, items, pos + 1)
        return _Repair(wish, pos + 1, end, wish) if end > pos + 1 else None
    if turned and any(item.kind in {"change", "neg"} for item in items[max(0, pos - FARTHEST) : pos]):
        return None  # "ubah laporan jadi jam 8"
    first = start = pos
    while first and pos - first < _MOST_MARKS and _is_around(lex, items[first - 1]):
        first -= 1
    while start < len(items) and start - pos < _MOST_MARKS and _is_around(lex, items[start]):
        start += 1
    end = _said_again(lex, items, start)
    more = any(lex.has(items[each].first, "more") for each in range(start, min(end + 1, len(items))))
    # "eh laporannya gak usah" takes a wish back and says none again.
    denied = pos < start < end and items[start - 1].kind == "neg" and items[start].kind in _NAMED
    if (
        more
        or denied
        or _refuses(items, end)
        or (end > start and items[start].kind in _NAMED and is_refused(lex, items, start))
    ):
        return None
    if end > start:
        return _Repair(first, start, end)
    return _trailing(lex, items, pos, start) if lex.has(items[pos].first, "trailing") else None


def _refuses(items: Sequence[Item], end: int) -> bool:
    """True for "eh toko_b ga usah", which takes back and says nothing again."""
    after = next((item for item in items[end : end + _MOST_WORDS] if item.kind != "filler"), None)
    return (
        after is not None and after.kind == "neg" and (end + 1 >= len(items) or items[end - 1].kind != "sep")
    )


def _is_definite_again(lex: Lexemes, items: Sequence[Item], pos: int) -> bool:
    """True for "oh ya laporannya jam 8", which speaks of a wish that was said before."""
    said = next((each for each in items[pos + 1 : pos + 1 + _MOST_WORDS] if each.kind != "filler"), None)
    if said is None or said.kind not in _NAMED or not lex.text(said.first).endswith("nya"):
        return False
    return any(each.kind == said.kind for each in items[max(0, pos - FARTHEST) : pos])


def _wish_before(items: Sequence[Item], pos: int) -> int | None:
    """Return the "laporan" of "laporan jam 7, backup jam 2, yang laporan jadi jam 8", named a second time."""
    wish = next(
        (each for each in range(pos - 1, max(-1, pos - _MOST_WORDS), -1) if items[each].kind != "filler"),
        None,
    )
    if wish is None or items[wish].kind not in _NAMED:
        return None
    again = any(items[each].kind == items[wish].kind for each in range(max(0, wish - FARTHEST), wish))
    return wish if again else None


def _is_mark(lex: Lexemes, items: Sequence[Item], pos: int) -> bool:
    """True for punctuation."""
    return (
        0 <= pos < len(items)
        and items[pos].kind in {"sep", "filler"}
        and not lex.text(items[pos].first).isalnum()
    )


def _is_around(lex: Lexemes, item: Item) -> bool:
    said = lex.has(item.first, *_AROUND) or lex.has(item.first, Sense.SIGNS)
    return item.kind not in VALUES and said


def _said_again(lex: Lexemes, items: Sequence[Item], start: int) -> int:
    """Return the end of what is said again: values, and the wishes and small words among them."""
    end, found, valued = start, start, False
    while end < min(len(items), start + _MOST_ITEMS) and not lex.has(items[end].first, "repair"):
        item = items[end]
        listed = item.kind == "sep" and found == end and _goes_on(lex, items, end)
        value = item.kind in VALUES or item.kind in WISHES or (is_figure(item) and not valued)
        if not (value or listed or item.kind in WITHIN or item.kind == "but"):
            break
        end += 1
        found = end if value else found
        valued = valued or (value and item.kind not in WISHES)
    closing: tuple[str, ...] = ("trailing",)
    while found > start and found < len(items) and lex.has(items[found].first, *closing):
        found, closing = found + 1, ("trailing", "speaker")
    return found


def _goes_on(lex: Lexemes, items: Sequence[Item], pos: int) -> bool:
    """True for the "dan" of "eh, toko_b dan toko_c"."""
    joined = lex.has(items[pos].first, "sep") and pos + 1 < len(items)
    return joined and items[pos + 1].kind != "time" and fits(items[pos - 1], items[pos + 1])


def _is_said(lex: Lexemes, item: Item) -> bool:
    return item.kind in VALUES | WITHIN or (item.kind == "word" and lex.has(item.first, "aside"))


def _trailing(lex: Lexemes, items: Sequence[Item], pos: int, end: int) -> _Repair | None:
    """Return the repair of "…, malam maksudnya", whose word of repair comes last."""
    start = pos
    while start and pos - start < _MOST_ITEMS and _is_said(lex, items[start - 1]):
        start -= 1
    if start == pos or not start or items[start - 1].kind != "sep":
        return None
    first = start
    while first and start - first < _MOST_MARKS and _is_around(lex, items[first - 1]):
        first -= 1
    return _Repair(first, start, end)


def _apply(lex: Lexemes, items: list[Item], repair: _Repair, moved: dict[int, list[Item]]) -> bool:
    """Put what is said again in its place; False if it corrects nothing."""
    said = range(repair.start, repair.end)
    marks = [items[pos].first for pos in range(repair.first, repair.start)]
    turn = next((pos for pos in said if items[pos].kind == "but"), repair.start - 1)
    wish = next((pos for pos in said if pos > turn and items[pos].kind in _NAMED), repair.wish)
    places = _places(items, repair.first)
    older = [place for place in places if items[place].kind in WISHES]
    anchor = None
    if wish is not None and older:
        same = next((place for place in older if items[place].kind == items[wish].kind), None)
        if same is None and not any(lex.sense(each, "repair") == "means" for each in marks):
            return False  # "backup jam 2, eh laporan jam 7" asks for both
        anchor = older[0] if same is None else same
        places = places_of_wish(items, anchor, repair.first)
    elif wish is not None:
        said = range(repair.start, wish)  # "jam 7 eh jam 8 laporan"
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
    for pos in range(repair.first, said.stop):
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

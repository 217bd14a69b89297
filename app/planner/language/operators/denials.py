"""Denials: what a sentence says not to do, and what it says to do instead.

"X bukan Y", "bukan Y tapi X" and "jangan Y, X aja" mean X. A target that is denied becomes an item of kind
`denied`, a denied notification one of kind `quiet`, and a time that nothing replaces one of kind `unclear`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from app.planner.language.clauses.clause import TARGETS, Item, any_of
from app.planner.language.clauses.intents import is_conditional
from app.planner.language.clauses.slots import (
    FARTHEST,
    WISHES,
    WITHIN,
    as_address,
    fits,
    is_figure,
    is_same,
    loose_value,
    slot_of,
    withdrawn,
)
from app.planner.language.lexicon.sense import Sense
from app.planner.language.operators.parts import Part, parts_of
from app.planner.language.times.exceptions import left_out_of
from app.planner.language.times.expressions import Except, Recurrence
from app.planner.language.tokens.lexemes import Lexemes

_MOST_ITEMS: Final = 10
_MOST_LEADS: Final = 3


def settle_denials(lex: Lexemes, items: list[Item]) -> None:
    """Withdraw what a sentence denies, and mark what it denies without saying anything instead."""
    for pos, item in enumerate(items):
        if item.kind == "neg" or (item.kind == "filler" and item.has("except")):
            denied = _denied(lex, items, pos)
            for index in (pos, *denied) if denied else ():
                items[index] = withdrawn(items[index])
    _settle_exceptions(items)
    if not any_of(items, "neg"):
        return
    parts = [*parts_of(items)]
    places = [pos for pos, item in enumerate(items) if item.kind in WISHES]
    kinds = {items[pos].kind: pos for pos in reversed(places)}
    for place, part in enumerate(parts):
        if any_of(items[slice(*part)], "neg"):
            asked = bool(places) and not part[0] <= places[0] <= places[-1] < part[1]
            earlier = {kind for kind, pos in kinds.items() if pos < part[0]}
            _settle_part(lex, items, part, parts[place + 1 : place + 3], earlier, asked=asked)


def _settle_exceptions(items: list[Item]) -> None:
    """Drop the targets after "kecuali": "pantau semua akun kecuali toko_b"."""
    for first, last in parts_of(items):
        mark = next(
            (pos for pos in range(first, last) if items[pos].has("except") and items[pos].kind == "filler"),
            None,
        )
        if mark is None or any_of(items[first:last], "stop", "change"):
            continue
        if any_of(items[mark:last], *TARGETS) and not any_of(items[mark:last], *WISHES, "notify", "send"):
            named = [pos for pos in range(mark, last) if items[pos].kind in TARGETS]
            _drop_named(items, (mark, named[-1] + 1))
            _collapse(items, (mark, named[-1] + 1), "denied")


def _settle_part(
    lex: Lexemes,
    items: list[Item],
    part: Part,
    following: Sequence[Part],
    earlier: Collection[str],
    *,
    asked: bool,
) -> None:
    """Settle a part with a denial; `earlier` wishes are before it, `asked` if any is elsewhere."""
    own = items[slice(*part)]
    if is_conditional(own) or any_of(own, "cond", "otherwise", "stop", "change", "quote"):
        return
    wishes = [item for item in own if item.kind in WISHES]
    if _retime(lex, items, part, following):
        return
    if wishes and _except(items, part, earlier):
        return
    if wishes or not asked:
        _mark_times(items, part)
    elif any_of(own, "notify", "send") and not any_of(own, *TARGETS):
        _collapse(items, part, "quiet")
    elif any_of(own, *TARGETS) and not any_of(own, "notify", "send"):
        _drop_named(items, part)
        _collapse(items, part, "denied")
    else:
        _mark_times(items, part)


def _collapse(items: list[Item], part: Part, kind: str) -> None:
    """Make one item of a part of a sentence."""
    items[part[0]] = Item(kind, items[part[0]].first, items[part[1] - 1].last)
    for pos in range(part[0] + 1, part[1]):
        items[pos] = replace(items[pos], kind="gone")


def _drop_named(items: list[Item], part: Part) -> None:
    """Withdraw the first "toko_b" of "pantau toko_a dan toko_b, eh toko_b ga usah"."""
    denied = [item for item in items[slice(*part)] if item.kind in TARGETS]
    names = [item for item in denied if item.kind != "channel"] or denied
    timed = False
    for pos in range(part[0]):
        if any(is_same(items[pos], item) for item in names):
            items[pos] = withdrawn(items[pos])
            after = pos + 1
            while timed and after < part[0] and items[after].kind in {"time", "filler"}:
                items[after] = withdrawn(items[after])  # its own time
                after += 1
        timed = timed or items[pos].kind == "time"


def _retime(lex: Lexemes, items: list[Item], part: Part, following: Sequence[Part]) -> bool:
    """Put the values of "jangan laporan jam 7, jam 9 aja" in the place of those that are denied."""
    said = next((each for each in following if not _is_remark(lex, items, each)), None)
    if said is None:
        return False
    other = items[slice(*said)]
    meant = any(item.kind in {"but", "send"} or lex.has(item.first, "suffices", "turns") for item in other)
    again = {item.kind for item in other if item.kind in WISHES}
    if not meant or again or any_of(other, "neg", "stop", "cond", "otherwise", "quote"):
        return False
    values = [item for item in other if slot_of(item) not in {"", "except"}]
    places = [pos for pos in range(*part) if slot_of(items[pos])]
    replaced = [pos for pos in places if any(_replaces(items[pos], item) for item in values)]
    if not replaced:
        return False
    denials = [pos for pos in range(*part) if items[pos].kind == "neg"]
    between = range(part[1], said[0])
    said_again = [pos for pos in range(*said) if items[pos].kind in WISHES | {"send", "result", "but"}]
    for pos in (*denials, *replaced, *between, *said_again):
        place = items[pos]
        items[pos] = replace(place, kind="denied") if place.kind in TARGETS else withdrawn(place)
    return True


def _replaces(place: Item, item: Item) -> bool:
    """True if a value is said in place of a denied one: any time replaces any other."""
    return fits(place, item) or (place.kind == item.kind == "time")


def _is_remark(lex: Lexemes, items: Sequence[Item], part: Part) -> bool:
    """True for the "kepagian" of "jangan jam 7, kepagian, jam 9 aja"."""
    own = items[slice(*part)]
    return any(lex.has(item.first, "excess") for item in own) and not any(slot_of(item) for item in own)


def _except(items: list[Item], part: Part, earlier: Collection[str]) -> bool:
    """Leave the days of "report daily at 8, no reports on Sundays" out of the wish of the same kind."""
    own = items[slice(*part)]
    times = [item for item in own if item.kind == "time"]
    if not any_of(own, *earlier) or not times or any_of(own, *TARGETS):
        return False
    left_out = [left_out_of(item.value) for item in times]
    if any(what is None for what in left_out):
        return False
    for pos in range(*part):
        place = next((index for index, item in enumerate(times) if item is items[pos]), None)
        items[pos] = withdrawn(items[pos]) if place is None else replace(items[pos], value=left_out[place])
    return True


def _mark_times(items: list[Item], part: Part) -> None:
    """Mark the times after a denial for which no others are said: "laporan jangan jam 7"."""
    first = next(pos for pos in range(*part) if items[pos].kind == "neg")
    wish = next(
        (pos for pos in range(first, part[1]) if items[pos].kind in {*WISHES, *TARGETS, "send"}), part[1]
    )
    times = [pos for pos in range(first, wish) if items[pos].kind == "time" and not _is_except(items[pos])]
    while times and wish < part[1] and isinstance(items[times[-1]].value, Recurrence):
        times.pop()  # "I don't need the monthly report anymore"
    if times and (wish == part[1] or not any_of(items[first:wish], *TARGETS)):
        _collapse(items, (first, times[-1] + 1), "unclear")


def _is_except(item: Item) -> bool:
    return isinstance(item.value, Except)


def _denied(lex: Lexemes, items: Sequence[Item], pos: int) -> list[int]:
    """Return the indexes of what a "bukan" denies, if the sentence says what is meant instead."""
    before = _before(items, pos)
    start = pos + 1
    while start < min(len(items), pos + _MOST_LEADS) and items[start].kind in {"filler", "toward"}:
        if is_figure(items[start]) or not lex.has(items[start].first, Sense.SMALL_DENIALS):
            break
        start += 1
    if start >= len(items):
        return []
    if items[start].kind in WISHES:
        return _denied_wish(items, pos, start, before) if lex.has(items[pos].first, Sense.NOT) else []
    end = _end_of_denied(lex, items, start, before)
    if end == start:
        return []
    turned = end < len(items) and items[end].kind == "but"
    plain = lex.has(items[pos].first, Sense.NOT)
    refined = _refined(items, pos, start, end) if turned and plain else _said_twice(items, pos, start, before)
    return [*refined, *range(pos + 1, end + int(turned))]


def _said_twice(items: Sequence[Item], pos: int, start: int, before: Sequence[int]) -> list[int]:
    """Return the first "jam 2" of "jam 2, eh jangan jam 2, jam 3 aja"."""
    same = (place for place in before if slot_of(items[place]) and is_same(items[place], items[start]))
    place = next(same, None)
    return [place] if place is not None and place < pos and _is_meant_next(items, start) else []


def _refined(items: Sequence[Item], pos: int, start: int, end: int) -> list[int]:
    """Return the "jam 2" of "jam 2, bukan jam 2 pagi tapi jam 2 siang", which the last one replaces."""
    meant = next(
        (each for each in range(end + 1, min(len(items), end + _MOST_LEADS)) if slot_of(items[each])), None
    )
    for index in range(pos - 1, max(-1, pos - _MOST_ITEMS), -1):
        if items[index].kind in WISHES or meant is None:
            break
        if fits(items[index], items[start]) and fits(items[index], items[meant]):
            return [index]
    return []


def _end_of_denied(lex: Lexemes, items: Sequence[Item], start: int, before: Sequence[int]) -> int:
    """Return the index after the values from an index on that are said otherwise elsewhere."""
    end, slots = start, set[str]()
    for index in range(start, min(len(items), start + _MOST_ITEMS)):
        item = items[index]
        if slot_of(item) in slots:
            break  # "weekly, not daily, on Fridays"
        slots |= {slot_of(item)} - {""}
        if _is_said(lex, items, item, before) or _is_meant_next(items, index):
            end = index + 1
        elif item.kind not in {"account", "toward"}:
            break
    return end


def _before(items: Sequence[Item], pos: int) -> list[int]:
    """Return the places before an index in the same sentence, the nearest first."""
    found: list[int] = []
    for index in range(pos - 1, max(-1, pos - 1 - FARTHEST), -1):
        if items[index].kind == "sep" and items[index].text == "strong":
            break
        if items[index].kind in WISHES or slot_of(items[index]):
            found.append(index)
    return found


def _is_said(lex: Lexemes, items: Sequence[Item], item: Item, before: Sequence[int]) -> bool:
    """True if a value of the kind of a denied one is said before it."""
    if item.kind == "filler":
        place = next((place for place in before if slot_of(items[place])), None)
        return (
            is_figure(item) and place is not None and loose_value(lex, item.first, items[place]) is not None
        )
    said = slot_of(item) not in {"", "except"}
    return said and any(fits(items[place], each) for place in before for each in (item, as_address(item)))


def _is_meant_next(items: Sequence[Item], pos: int) -> bool:
    """True for the X of "bukan Y tapi X" and "instead of Y, X"."""
    after = pos + 1
    while after < len(items) and items[after].kind == "filler" and items[after].has("later"):
        after += 1
    turned = after < len(items) and items[after].kind in {"but", "sep"} and items[after].text != "strong"
    after += int(turned)
    between = after
    while after < min(len(items), pos + _MOST_ITEMS) and items[after].kind in {*WISHES, *WITHIN}:
        after += 1
    if not turned and any(item.kind in WISHES for item in items[between:after]):
        return False  # "I don't want the weekly backup every Wednesday" denies all of it
    return (
        after > pos + 1
        and after < len(items)
        and slot_of(items[pos]) != ""
        and fits(items[pos], items[after])
    )


def _denied_wish(items: Sequence[Item], pos: int, wish: int, before: Sequence[int]) -> list[int]:
    """Return the Y of "backup bukan laporan, jam 3"."""
    after = [pos for pos in range(wish + 1, min(len(items), wish + _MOST_LEADS)) if items[pos].kind == "but"]
    if after and any(item.kind in WISHES for item in items[after[0] + 1 : after[0] + 1 + _MOST_LEADS]):
        return list(range(pos + 1, after[0] + 1))  # "bukan laporan tapi backup"
    said = next((place for place in before if items[place].kind in WISHES), None)
    if said is None or any(
        slot_of(items[index]) not in {"", "clock", "day", "often"} for index in range(said, pos)
    ):
        return []
    timed = any(items[index].kind == "time" for index in before)
    after = wish + 1
    while timed and after < len(items) and items[after].kind == "time":
        after += 1
    return list(range(pos + 1, after))

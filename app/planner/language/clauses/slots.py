"""Slots: which items of a sentence can take each other's place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from app.planner.language.clauses.clause import INTENTS, WITHDRAWN, Item, Name
from app.planner.language.times import expressions as said
from app.planner.language.times.clock import read_clock
from app.planner.language.times.clock_parts import applies
from app.planner.language.times.intervals import UNIT_SEC, as_interval
from app.planner.language.tokens.lexemes import Lexemes
from app.planner.language.tokens.numbers import read_whole

WISHES: Final = INTENTS
VALUES: Final = frozenset(
    {"time", "channel", "foreign", "name", "url", "keep", "expect", "contains", "quote", "stop"}
)
MANAGES: Final = frozenset({"stop", "change"})
"""Kinds of the verbs that change a stored job."""
WITHIN: Final = frozenset(
    {"filler", "account", "toward", "via", "using", "chat", "textmark", "into", "notify", "send", "message"}
)
"""Kinds of items that may be among values without parting them."""
FARTHEST: Final = 40
"""The distance in items to what is corrected, at most: the work stays linear."""
_NAMING: Final = frozenset({"account", "name", "filler"})
_UNITS: Final = ("unit", "unit_short")
_LONGEST_MONTH: Final = 31
_TIME_SLOTS: Final[dict[type, str]] = {
    said.ClockTimes: "clock",
    said.PartOfDay: "clock",
    said.ClockWindow: "window",
    said.Interval: "often",
    said.TimesPer: "often",
    said.OnceDelta: "delta",
    said.Days: "day",
    said.Dates: "day",
    said.OnceDay: "day",
    said.OnceWeekday: "day",
    said.Recurrence: "day",
    said.Except: "except",
    said.Months: "month",
    said.TimeBound: "bound",
    said.ZoneName: "zone",
    said.Impossible: "any",
}
_EXCLUSIVE: Final = frozenset({"clock", "often", "delta"})
"""Times that hold one at a time: a corrected "tiap 5 menit" may become "jam 8"."""


def slot_of(item: Item) -> str:
    """Return the slot of an item; empty for one that has none."""
    if item.kind == "time":
        return _TIME_SLOTS.get(type(item.value), "")
    if item.kind in MANAGES:
        return "verb"
    return "channel" if item.kind == "foreign" else item.kind if item.kind in VALUES else ""


def fits(place: Item, item: Item) -> bool:
    """True if one value can take the place of another."""
    here, there = slot_of(place), slot_of(item)
    return bool(here) and (here == there or (place.kind == item.kind == "time" and "any" in {here, there}))


def is_same(place: Item, item: Item) -> bool:
    """True if two items name the same thing."""
    if place.name is not None and item.name is not None:
        return place.name.text == item.name.text
    return place.kind == item.kind and place.value == item.value


def nearest(items: Sequence[Item], places: Sequence[int], item: Item) -> int | None:
    """Return the first of the places whose value an item can take: one of its type, else of its slot."""
    alike = [place for place in places if fits(items[place], item)]
    same = (place for place in alike if type(items[place].value) is type(item.value))
    exclusive = (place for place in places if {slot_of(item), slot_of(items[place])} <= _EXCLUSIVE)
    return next((place for found in (same, alike, exclusive) for place in found), None)


def replaced(place: Item, item: Item) -> Item:
    """Return the item that takes a place; a part of the day alone changes the hours that were said."""
    old, new = place.value, item.value
    if isinstance(old, said.ClockTimes) and isinstance(new, said.PartOfDay):
        clocks = tuple(replace(clock, part=new.part) for clock in old.clocks)
        return replace(place, value=said.ClockTimes(clocks))
    if isinstance(old, said.ClockTimes) and isinstance(new, said.ClockTimes):
        return replace(item, value=said.ClockTimes(tuple(_in_part(clock, old) for clock in new.clocks)))
    if isinstance(old, said.Dates | said.Days) and isinstance(new, said.Dates | said.Days):
        return replace(item, value=replace(new, every=old.every or new.every))
    if isinstance(old, said.Interval) and isinstance(new, said.Interval) and not old.bare:
        return replace(item, value=replace(new, bare=False))
    return item


def _in_part(clock: said.ClockTime, old: said.ClockTimes) -> said.ClockTime:
    """Return a time in the part of the day of the one that it replaces: "jam 7 malam, eh 8"."""
    parts = {each.part for each in old.clocks}
    part = parts.pop() if len(parts) == 1 and clock.part is None and not clock.exact else None
    return replace(clock, part=part) if part and applies(clock.minute // said.HOUR_MIN, part) else clock


def loose_value(lex: Lexemes, pos: int, place: Item) -> Item | None:
    """Read a word that no rule has read as a value like another: the 8 of "jam 7, eh 8", "I mean pm"."""
    if isinstance(place.value, said.ClockTimes) and (part := lex.word(pos, "part")):
        return Item("time", pos, pos + 1, said.PartOfDay(part))
    number = read_whole(lex, pos)
    if number is None or number[0] != int(number[0]) or lex.counts(number[1]):
        return None
    count, end = int(number[0]), number[1]
    if place.name is not None:
        name = Name(lex[pos].raw, place.name.mark, place.name.shape)
        return Item("name", pos, pos + 1, name) if place.name.text.isdecimal() else None
    value = count if place.kind in {"keep", "expect"} else _loose_time(lex, place, count)
    if isinstance(place.value, said.ClockTimes) and (clock := read_clock(lex, pos, loose=True)) is not None:
        value = clock[0] if isinstance(clock[0], said.Impossible) else said.ClockTimes((clock[0],))
        end = max(end, clock[1])
    return None if value is None else Item(place.kind, pos, end, value, place.senses)


def _loose_time(lex: Lexemes, place: Item, count: int) -> said.Value | None:
    match place.value:
        case said.Interval():
            words = (lex.word(pos, sense) for pos in range(place.first, place.last) for sense in _UNITS)
            unit = next(filter(None, words), "")
            return as_interval((count, unit, 0)) if unit in UNIT_SEC else None
        case said.Dates(month=month, year=year, every=every) if 1 <= count <= _LONGEST_MONTH:
            return said.Dates((count,), month, year, every=every)
        case _:
            return None


def is_figure(item: Item) -> bool:
    """True for a number, an "am" or a "pm" that no rule has read."""
    return item.kind == "filler" and item.has("number", "digit", "teen", "part")


def as_address(item: Item) -> Item:
    """Return a name as the address that it is if it replaces one: "eh warung.example maksudnya"."""
    host = item.name is not None and item.name.shape == "id" and "." in item.name.text
    return replace(item, kind="url", value=item.name.text) if host and item.name is not None else item


def naming(items: Sequence[Item], pos: int, end: int) -> range:
    """Return the places of a target: a channel with its names, the last name of a channel with that."""
    start, last = pos, pos + 1
    if items[pos].kind == "channel":
        while last < end and items[last].kind in _NAMING:
            last += 1
    elif last + 1 >= end or items[last].kind != "sep" or items[last + 1].kind not in _NAMING:
        while start and items[start - 1].kind in {"account", "channel"}:
            start -= 1
    return range(start, last)


def places_of_wish(items: Sequence[Item], wish: int, end: int) -> list[int]:
    """Return the places of one wish: after it up to the next wish, then before it."""
    after = [pos for pos in range(wish + 1, end) if items[pos].kind in WISHES]
    ahead = range(wish + 1, after[0] if after else end)
    behind: list[int] = []
    for pos in range(wish - 1, max(-1, wish - FARTHEST), -1):
        if items[pos].kind in WISHES or items[pos].kind == "sep":
            break
        behind.append(pos)
    return [pos for pos in (*ahead, *behind) if slot_of(items[pos])]


def withdraw(items: list[Item], places: Iterable[int]) -> None:
    """Make fillers of items, which no later stage reads and no note mentions."""
    for pos in places:
        items[pos] = Item("filler", items[pos].first, items[pos].last, WITHDRAWN)


def collapse(items: list[Item], part: tuple[int, int], kind: str) -> None:
    """Make one item of a part of a sentence."""
    items[part[0]] = Item(kind, items[part[0]].first, items[part[1] - 1].last)
    for pos in range(part[0] + 1, part[1]):
        items[pos] = replace(items[pos], kind="gone")

"""Contrasts: "X bukan Y", "bukan Y tapi X", "X instead of Y" mean X."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.clauses.slots import (
    FARTHEST,
    WISHES,
    WITHIN,
    as_address,
    fits,
    is_figure,
    loose_value,
    slot_of,
    withdrawn,
)
from app.planner.language.lexicon.entry import phrases, words
from app.planner.language.tokens.lexemes import Lexemes

_MOST_ITEMS: Final = 10
_MOST_LEADS: Final = 3

_NOT: Final = phrases("bukan, bukannya, not, instead of, rather than")
_SMALL: Final = words("at on to ke the jam di in yang yg a an")


def drop_denied(lex: Lexemes, items: list[Item]) -> None:
    """Withdraw what a sentence denies: the Y of "X bukan Y"."""
    for pos, item in enumerate(items):
        if item.kind == "neg" and lex.text(item.first) in _NOT:
            denied = _denied(lex, items, pos)
            for index in (pos, *denied) if denied else ():
                items[index] = withdrawn(items[index])


def _denied(lex: Lexemes, items: Sequence[Item], pos: int) -> list[int]:
    """Return the indexes of what a "bukan" denies, if the sentence says what is meant instead."""
    before = _before(items, pos)
    start = pos + 1
    while start < min(len(items), pos + _MOST_LEADS) and items[start].kind in {"filler", "toward"}:
        if is_figure(items[start]) or lex.text(items[start].first) not in _SMALL:
            break
        start += 1
    if start >= len(items):
        return []
    if items[start].kind in WISHES:
        return _denied_wish(items, pos, start, before)
    end = _end_of_denied(lex, items, start, before)
    if end == start:
        return []
    turned = end < len(items) and items[end].kind == "but"
    refined = _refined(items, pos, start, end) if turned else []
    return [*refined, *range(pos + 1, end + int(turned))]


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
    if after < len(items) and items[after].kind in {"but", "sep"} and items[after].text != "strong":
        after += 1
    while after < min(len(items), pos + _MOST_ITEMS) and items[after].kind in {*WISHES, *WITHIN}:
        after += 1
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

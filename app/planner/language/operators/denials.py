"""Denials: what a sentence says not to do or takes back, and what it says to do instead.

"X bukan Y", "bukan Y tapi X" and "jangan Y, X aja" mean X. A target that is denied becomes an item of kind
`denied`, a denied notification one of kind `quiet`, and a time that nothing replaces one of kind `unclear`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import takewhile
from typing import Final

from app.planner.language.clauses.clause import TARGETS, WITHDRAWN, Item, Operator, any_of
from app.planner.language.clauses.slots import (
    FARTHEST,
    MANAGES,
    WISHES,
    WITHIN,
    as_address,
    collapse,
    fits,
    is_figure,
    is_same,
    loose_value,
    naming,
    places_of_wish,
    slot_of,
    withdraw,
)
from app.planner.language.lexicon.sense import Sense
from app.planner.language.operators.operation import Operation, Span, Target, parts_of
from app.planner.language.times.exceptions import left_out_of
from app.planner.language.times.expressions import (
    ClockTimes,
    ClockWindow,
    Days,
    Except,
    Interval,
    PartOfDay,
    Recurrence,
    TimeBound,
)
from app.planner.language.tokens.lexemes import Lexemes

_DENIALS: Final = frozenset({Operator.NOT, Operator.EXCEPT, Operator.WITHDRAW})
_MOST_ITEMS: Final = 10
_MOST_LEADS: Final = 3


def settle_denials(lex: Lexemes, items: list[Item], operations: Iterable[Operation]) -> None:
    """Withdraw what a sentence denies, and mark what it denies without saying anything instead."""
    denials = [each for each in operations if each.operator in _DENIALS]
    for each in denials:
        # "matikan semua pantauan kecuali bot_b dan toko_a" keeps both.
        manages = any_of(items[slice(*each.part)], *MANAGES)
        plain = items[each.mark[0]].kind == "neg" or (each.operator is Operator.EXCEPT and not manages)
        if plain and (denied := _denied(lex, items, each.mark[0])):
            _give_up(lex, items, each, denied)
    parts = [*parts_of(items)] if denials else []
    for each in denials:
        if items[each.mark[0]].value != WITHDRAWN and items[each.mark[0]].kind != "gone":
            _settle(lex, items, each, [part for part in parts if part[0] >= each.part[1]][:3])


def _settle(lex: Lexemes, items: list[Item], operation: Operation, following: Sequence[Span]) -> None:
    """Settle a denial that no value beside it replaces."""
    target, span = operation.target, operation.span
    own = items[slice(*operation.part)]
    if operation.operator is Operator.EXCEPT:
        if target is Target.TARGET and not any_of(own, "stop", "change"):
            _drop(items, span)
        return
    if any_of(own, "cond", "otherwise", "change"):
        return
    if target is Target.CLAUSE:
        _call_off(items, operation)
        return
    stops = items[operation.mark[0]].kind == "stop"
    verbs = [pos for pos in range(*operation.part) if items[pos].kind == "stop" and pos != operation.mark[0]]
    if (not stops and _retime(lex, items, operation, following)) or verbs or any_of(own, "quote"):
        return
    before = {item.kind: pos for pos, item in reversed([*enumerate(items[: span[0]])]) if item.kind in WISHES}
    again = next((item.kind for item in items[slice(*span)] if item.kind in before), None)
    asked = bool(before) or any_of(items[span[1] :], *WISHES)
    match target:
        case Target.TARGET if _said(items, span) or not (stops or any_of(own, *WISHES) or not asked):
            _drop(items, span)
        case Target.ACTION | Target.TIME if again is not None:
            _take_back(items, span, before[again])
        case Target.NOTICE if asked and not any_of(own, *WISHES, *TARGETS):
            collapse(items, operation.part, "quiet")
        case _:
            if not stops:
                _mark_times(items, operation)


def _said(items: Sequence[Item], span: Span) -> list[int]:
    """Return the places before a denial that hold one of its targets; a name tells more than its channel."""
    denied = [item for item in items[slice(*span)] if item.kind in TARGETS]
    names = [item for item in denied if item.kind != "channel"] or denied
    return [pos for pos in range(span[0]) if any(is_same(items[pos], item) for item in names)]


def _drop(items: list[Item], span: Span) -> None:
    """Withdraw the first "toko_b" of "pantau toko_a dan toko_b, eh toko_b ga usah"."""
    for pos in _said(items, span):
        named = naming(items, pos, span[0])
        end = named.stop
        while any_of(items[:pos], "time") and end < span[0] and items[end].kind in {"time", "filler"}:
            end += 1  # its own time
        withdraw(items, range(named.start, end))
    collapse(items, span, "denied")


def _take_back(items: list[Item], span: Span, first: int) -> None:
    """Take back a wish that is named again: "laporan jam 7, backup jam 2, laporannya gak jadi".

    Its times are left out of the first one: "report daily at 8, no reports on Sundays".
    """
    times = [pos for pos in range(*span) if items[pos].kind == "time"]
    left_out = [left_out_of(items[pos].value) for pos in times]
    if any_of(items[slice(*span)], *TARGETS):
        _drop(items, span)
    elif not times:
        own = places_of_wish(items, first, span[0])
        verb = next((pos for pos in own if items[pos].kind in MANAGES), None)
        withdraw(items, (first, *(pos for pos in own if pos != verb)))
        if verb is not None:
            # "matikan backup, eh jangan backup, laporan aja"
            withdraw(items, [pos for pos in range(verb, len(items)) if items[pos].kind == "sep"][:2])
        collapse(items, span, "denied")
        items[span[0]].value = WITHDRAWN
    elif None not in left_out:
        withdraw(items, [pos for pos in range(*span) if pos not in times])
        for pos, what in zip(times, left_out, strict=True):
            items[pos] = replace(items[pos], value=what)


_FILLS: Final = frozenset({"filler", "sep", "neg", "stop", "but", "textmark"})


def _call_off(items: list[Item], operation: Operation) -> None:
    """Withdraw the wish before "eh gak usah, backup aja": another one is asked for in its place."""
    before, after = range(operation.mark[0] - 1, -1, -1)[:FARTHEST], range(operation.mark[1], len(items))
    following = next((pos for pos in after[:_MOST_ITEMS] if items[pos].kind not in _FILLS), None)
    wish = next((pos for pos in before if items[pos].kind in WISHES), None)
    alone = operation.operator is Operator.WITHDRAW and not any_of(items[slice(*operation.part)], "word")
    if alone and wish is not None and following is not None and items[following].kind in WISHES:
        withdraw(items, (wish, *places_of_wish(items, wish, operation.mark[0])))
        withdraw(items, range(operation.mark[0], following))


def _retime(lex: Lexemes, items: list[Item], operation: Operation, following: Sequence[Span]) -> bool:
    """Put the values of "jangan laporan jam 7, jam 9 aja" in the place of those that are denied."""
    # The "kepagian" of "jangan jam 7, kepagian, jam 9 aja" has no value.
    said = next((each for each in following if any(map(_slot, items[slice(*each)]))), None)
    if said is None:
        return False
    other = items[slice(*said)]
    rest = any(_is_rest(items[pos], item) for pos in range(*operation.span) for item in other)
    plainly = lex.has(items[operation.mark[0]].first, Sense.NOT) and all(_is_when(item) for item in other)
    meant = (
        rest
        or plainly
        or any(  # "bukan jam 7 laporannya, jam 6"
            item.kind in {"but", "send", *MANAGES} or lex.has(item.first, "suffices", "turns")
            for item in other
        )
    )
    if not meant or any_of(other, *WISHES, "neg", "cond", "otherwise", "quote"):
        return False
    values = [item for item in other if slot_of(item) not in {"", "except"}]
    replaced = [pos for pos in range(*operation.span) if any(_replaces(items[pos], item) for item in values)]
    verbs = any_of(items[slice(*operation.span)], *MANAGES)
    plain = verbs and lex.has(items[operation.mark[0]].first, Sense.NOT)
    if not all(_is_answered(items[pos], values) for pos in replaced):
        return False
    if not replaced or (verbs and not plain and not any(items[pos].kind in MANAGES for pos in replaced)):
        return False
    if plain:
        # "bukan laporan harian yang dimatikan, tapi yang bulanan"
        for pos in replaced:
            items[pos] = next(item for item in values if _replaces(items[pos], item))
        withdraw(items, (*range(*operation.mark), *range(operation.part[1], said[1])))
        return True
    between = range(operation.part[1], said[0])
    said_again = [pos for pos in range(*said) if items[pos].kind in {"send", "result", "but"}]
    for pos in [each for each in replaced if items[each].kind in TARGETS]:
        items[pos] = replace(items[pos], kind="denied")
        replaced.remove(pos)
    _give_up(lex, items, operation, (*replaced, *between, *said_again))
    return True


def _give_up(lex: Lexemes, items: list[Item], operation: Operation, places: Sequence[int]) -> None:
    """Withdraw a denial and what it denies; "gausah tiap minggu lagi" changes a stored job."""
    often = any(isinstance(items[pos].value, Recurrence | Interval) for pos in places)
    withdraw(items, (*range(*operation.mark), *places))
    if often and any(lex.has(item.first, Sense.NEVER) for item in items[slice(*operation.part)]):
        mark = items[operation.mark[0]]
        items[operation.mark[0]] = replace(mark, kind="change", value=None)


_ANSWERS: Final = {
    Interval: (Interval, Recurrence, ClockTimes),
    ClockTimes: (ClockTimes, ClockWindow, Interval, PartOfDay),
}
"""What may be said in place of a denied time."""


def _is_when(item: Item) -> bool:
    return item.kind in {"time", "filler"}


def _is_rest(place: Item, item: Item) -> bool:
    """True for the "other days" of "no report on Sundays, other days at 8"."""
    old, new = place.value, item.value
    return isinstance(old, Days) and isinstance(new, Days) and old.days ^ new.days == frozenset(range(7))


def _replaces(place: Item, item: Item) -> bool:
    """True if a value is said in place of a denied one: any time replaces any other."""
    return fits(place, item) or (place.kind == item.kind == "time")


def _is_answered(place: Item, values: Iterable[Item]) -> bool:
    """False for "gausah tiap 15 menit, hari kerja aja": how often, or at what time, would be a default."""
    wanted = next((others for kind, others in _ANSWERS.items() if isinstance(place.value, kind)), None)
    return wanted is None or any(isinstance(item.value, wanted) for item in values)


def _mark_times(items: list[Item], operation: Operation) -> None:
    """Mark the times after a denial for which no others are said: "laporan jangan jam 7"."""
    first, last = operation.mark[0], operation.part[1]
    wish = next((pos for pos in range(first, last) if items[pos].kind in {*WISHES, *TARGETS, "send"}), last)
    # "I don't need the monthly report anymore"
    named = Except | TimeBound if wish == last else Except | TimeBound | Recurrence | PartOfDay
    times = [pos for pos in range(first, wish) if items[pos].kind == "time"]
    if times := [pos for pos in times if not isinstance(items[pos].value, named)]:
        collapse(items, (first, times[-1] + 1), "unclear")


def _denied(lex: Lexemes, items: list[Item], pos: int) -> list[int]:
    """Return the places of what a "bukan" denies if other words say what is meant instead.

    What is meant takes the place of a denied value that was said before.
    """
    near, plain = range(pos - 1, max(-1, pos - 1 - FARTHEST), -1), lex.has(items[pos].first, Sense.NOT)
    before = [*takewhile(lambda place: items[place].text != "strong" or items[place].kind != "sep", near)]
    before = [place for place in before if _slot(items[place])]
    start = pos + 1
    while start < min(len(items), pos + _MOST_LEADS) and items[start].kind in {"filler", "toward"}:
        if is_figure(items[start]) or not lex.has(items[start].first, Sense.SMALL_DENIALS):
            break
        start += 1
    end = _denied_end(lex, items, pos, start, before)
    if end == start:
        return []
    turned, meant = end < len(items) and items[end].kind == "but", _meant_behind(items, end - 1)
    again = [place for place in before if is_same(items[place], items[start])]
    if meant is None:
        listed = bool(again) and items[start].kind in TARGETS  # "a1 and a2, actually not a2"
        return [] if listed else [*range(pos + 1, end + int(turned))]
    if _slot(items[start]) == "verb":
        # "backup jangan dimatikan, jeda dulu"
        parted = [place for place in range(min(again, default=pos), pos) if items[place].kind == "sep"]
        return [*again[:1], *parted, *range(pos + 1, meant)]
    if not again and turned and plain:
        # "jam 2, bukan jam 2 pagi tapi jam 2 siang"
        again = [place for place in before if fits(items[place], items[start])]
    if not again:
        return [*range(pos + 1, end + int(turned))]
    items[again[0]] = items[meant]  # "eh jangan wa, tele aja"
    return [*range(pos + 1, meant + 1)]


def _denied_end(lex: Lexemes, items: Sequence[Item], pos: int, start: int, before: Sequence[int]) -> int:
    """Return the index after the denied values that begin at an index."""
    end, slots = start, set[str]()
    near = [*takewhile(lambda place: items[place].kind != "sep", range(pos - 1, -1, -1))]
    for index in range(start, min(len(items), start + _MOST_ITEMS)):
        slot = _slot(items[index])
        if slot in slots or (slot == "wish" and not lex.has(items[pos].first, Sense.NOT)):
            break  # "weekly, not daily, on Fridays"
        slots |= {slot} - {""}
        said = near if slot == "verb" else before  # "nonaktifkan laporan tanpa menghapusnya"
        if _meant_behind(items, index) is not None or _is_said(lex, items, items[index], said):
            end = index + 1
        elif items[index].kind not in {"account", "toward"}:
            break
    return end


def _slot(item: Item) -> str:
    return "wish" if item.kind in WISHES else slot_of(item)


def _is_said(lex: Lexemes, items: Sequence[Item], item: Item, before: Sequence[int]) -> bool:
    """True if a value of the kind of a denied one is said before it."""
    if is_figure(item):
        place = next((place for place in before if slot_of(items[place])), None)
        return place is not None and loose_value(lex, item.first, items[place]) is not None
    if item.kind in WISHES:
        place = next((place for place in before if items[place].kind != "time"), None)
        return place is not None and items[place].kind in WISHES
    said = slot_of(item) not in {"", "except"}
    return said and any(fits(items[place], each) for place in before for each in (item, as_address(item)))


def _meant_behind(items: Sequence[Item], pos: int) -> int | None:
    """Return the index of the X of "bukan Y tapi X" and "instead of Y, X"."""
    after = pos + 1
    if slot_of(items[pos]) == "verb":
        while after < len(items) and items[after].kind == "filler":
            after += 1  # "jangan dihapus deh, jeda aja"
    turned = after < len(items) and items[after].kind in {"but", "sep"} and items[after].text != "strong"
    skipped = WISHES | WITHIN if turned and items[pos].kind not in WISHES else WITHIN
    after += int(turned)
    while after < min(len(items), pos + _MOST_ITEMS) and items[after].kind in skipped:
        after += 1  # "I don't want the weekly backup every Wednesday" denies all of it
    return after if pos + 1 < after < len(items) and fits(items[pos], items[after]) else None

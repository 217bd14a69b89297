"""Operators of a sentence: what each "jangan", "kecuali", "gak jadi", "eh" and "tetap" binds.

They are found before values belong to wishes. The scope of an operator ends at a separator, at a word of
contrast and at the next operator. It stands before the mark if only small words and a verb follow the mark.
That of a repair is what is said again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from app.planner.language.clauses.clause import INTENTS, TARGETS, Item, Operator, any_of
from app.planner.language.clauses.slots import FARTHEST, VALUES, WISHES, WITHIN, fits, is_figure
from app.planner.language.lexicon.sense import Sense
from app.planner.language.tokens.lexemes import Lexemes

Span = tuple[int, int]
"""The indexes of the first item and of the one after the last."""


class Target(StrEnum):
    """What a scope holds, by its first content."""

    ACTION = "action"
    """A wish, or a verb that changes a stored job."""
    TIME = "time"
    TARGET = "target"
    """A channel, an account or an address."""
    NOTICE = "notice"
    """A notification, or where it goes."""
    CLAUSE = "clause"
    """Nothing of its own: what stands before it is meant."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator: its mark, what it binds, and the part of the sentence that it is in."""

    operator: Operator
    mark: Span
    scope: Span
    part: Span
    target: Target
    span: Span
    """The mark and its scope, with the small words and the verb around them."""

    @property
    def trails(self) -> bool:
        """True if the mark stands behind what it binds."""
        return self.scope[1] <= self.mark[0]


_VERBS: Final = INTENTS | {"stop", "change"}
_NOTICES: Final = frozenset({"notify", "send"})
_CONTENT: Final = _VERBS | _NOTICES | TARGETS | {"time"}
_SMALL: Final = frozenset({"filler", "toward", "via", "account", "textmark", "but"})
_PREDICATES: Final = _NOTICES | INTENTS - {"declared"}
"""Verbs of "toko_b ga usah dipantau" and "laporan ga usah dikirim"."""


def operations_of(lex: Lexemes, items: Sequence[Item]) -> list[Operation]:
    """Return the operators of a sentence in order, each with what it binds; repairs come last."""
    found: list[Operation] = []
    for part in parts_of(items):
        marks = [(pos, each) for pos in range(*part) if (each := _operator(lex, items[pos])) is not None]
        for place, (pos, operator) in enumerate(marks):
            end = marks[place + 1][0] if place + 1 < len(marks) else part[1]
            scope = _scope(lex, items, (part[0], end), pos)
            leads = all(item.kind in _SMALL or _turns(lex, item) for item in items[part[0] : pos])
            start = part[0] if leads else min(pos, scope[0])
            span = start, end if scope[1] == pos else scope[1]
            found.append(Operation(operator, (pos, pos + 1), scope, part, _target(items, scope), span))
    return [*found, *_repairs(lex, items, found)]


def parts_of(items: Sequence[Item]) -> Iterator[Span]:
    """Yield the parts of a sentence between separators and before words of contrast."""
    first = 0
    for pos, item in enumerate(items):
        contrast = (
            item.kind == "but" and pos > first and pos + 1 < len(items) and items[pos + 1].kind != "sep"
        )
        if item.kind == "sep" or contrast:
            if pos > first:
                yield first, pos
            first = pos + (item.kind == "sep")
    if len(items) > first:
        yield first, len(items)


def _operator(lex: Lexemes, item: Item) -> Operator | None:
    takes_back = lex.has(item.first, Sense.TAKEBACK) or lex.text(item.first).endswith("usah")
    if item.kind in {"neg", "stop", "filler"} and takes_back:
        return Operator.WITHDRAW
    if item.kind == "neg":
        return Operator.NOT
    if item.kind == "filler" and item.has(Sense.EXCEPT):
        return Operator.EXCEPT
    return Operator.KEEP if lex.has(item.first, Sense.STILL) else None


def _scope(lex: Lexemes, items: Sequence[Item], part: Span, pos: int) -> Span:
    """Return what follows a mark, or what precedes it if only small words and a verb follow."""
    first = next((at + 1 for at in range(pos - 1, part[0] - 1, -1) if _turns(lex, items[at])), part[0])
    last = next((at for at in range(pos + 1, part[1]) if lex.has(items[at].first, Sense.PARTING)), part[1])
    before = any(item.kind in _CONTENT or is_figure(item) for item in items[first:pos])
    held = [item.kind for item in items[pos + 1 : last] if item.kind not in _SMALL or is_figure(item)]
    if before and all(kind in _PREDICATES for kind in held):
        return first, pos
    return pos + 1, last


def _turns(lex: Lexemes, item: Item) -> bool:
    return item.kind not in _CONTENT and lex.has(item.first, Sense.REPAIR)


def _target(items: Sequence[Item], scope: Span) -> Target:
    own = items[slice(*scope)]
    if any_of(own, *_VERBS):
        return Target.ACTION
    if any_of(own, *_NOTICES):
        return Target.NOTICE
    if any_of(own, *TARGETS):
        return Target.TARGET
    return Target.TIME if any_of(own, "time") or any(map(is_figure, own)) else Target.CLAUSE


# Repairs: "jam 7, eh jam 8", "backup jam 3, …, eh backupnya jam 4", "jam 8 pagi, malam maksudnya".

_MOST_ITEMS: Final = 10
_MOST_MARKS: Final = 8
_MOST_WORDS: Final = 3
_TURNS: Final = frozenset({("-", ">"), ("=", ">")})
_AROUND: Final = ("repair", "recall", "excess", "turns", "trailing", "aside", Sense.SIGNS)
NAMED: Final = WISHES - {"message"}
"""Wishes that a repair may name again."""


def _repairs(lex: Lexemes, items: Sequence[Item], others: Sequence[Operation]) -> Iterator[Operation]:
    """Yield the repairs of a sentence; what is taken back or denied is not said again."""
    refusals = [each for each in others if each.operator in {Operator.NOT, Operator.WITHDRAW}]
    for pos in range(len(items)):
        mark, scope = _repair_at(lex, items, pos) or (None, (0, 0))
        if mark is not None and not any(_refuses(each, scope) for each in refusals):
            span = mark[0], scope[1]
            yield Operation(Operator.REPAIR, mark, scope, span, _target(items, scope), span)


def _refuses(denial: Operation, scope: Span) -> bool:
    """True for "eh toko_b ga usah" and "eh gak usah laporan", which say nothing again."""
    named = denial.target is Target.ACTION and denial.scope[0] == scope[0]
    return named or (denial.trails and denial.scope[0] < scope[1] and scope[0] < denial.scope[1])


def _repair_at(lex: Lexemes, items: Sequence[Item], pos: int) -> tuple[Span, Span] | None:
    """Return the marks and the scope of the repair whose first word of repair is at an index."""
    item, text = items[pos], lex.text(items[pos].first)
    turned = lex.has(item.first, "turns") or (text, lex.text(item.last)) in _TURNS
    led = _is_sign(lex, items, pos - 1) or lex.has(item.first - 1, Sense.TURN)
    parted = text in {"no", "bukan"} and led and _is_sign(lex, items, pos + 1)
    # "oh ya laporannya jam 8" speaks of a wish that was said before.
    after = range(pos + 1, len(items))[:_MOST_WORDS] if lex.has(item.first, "recall") else range(0)
    wish = _named_again(items, after)
    recalled = wish is not None and lex.text(items[wish].first).endswith("nya")
    marked = lex.has(item.first, "repair", "excess", "trailing") or turned or parted or recalled
    if not marked or (text == "salah" and lex.has(item.last, "digit")):  # "salah satu"
        return None
    before = range(pos - 1, max(-1, pos - _MOST_WORDS), -1)
    if item.kind == "into" and turned and (wish := _named_again(items, before)) is not None:
        # "laporan jam 7, backup jam 2, yang laporan jadi jam 8"
        end = _said_again(lex, items, pos + 1)
        return ((wish, pos + 1), (pos + 1, end)) if end > pos + 1 else None
    if turned and any_of(items[max(0, pos - FARTHEST) : pos], "change", "neg"):
        return None  # "ubah laporan jadi jam 8"
    first = start = pos
    while first and pos - first < _MOST_MARKS and _is_around(lex, items[first - 1]):
        first -= 1
    while start < len(items) and start - pos < _MOST_MARKS and _is_around(lex, items[start]):
        start += 1
    end = _said_again(lex, items, start)
    if any(lex.has(each.first, "more") for each in items[start : end + 1]):
        return None
    if end > start:
        return (first, start), (start, end)
    return _trailing(lex, items, pos, start) if lex.has(item.first, "trailing") else None


def _is_sign(lex: Lexemes, items: Sequence[Item], pos: int) -> bool:
    """True for punctuation."""
    return (
        0 <= pos < len(items)
        and items[pos].kind in {"sep", "filler"}
        and not lex.text(items[pos].first).isalnum()
    )


def _named_again(items: Sequence[Item], near: range) -> int | None:
    """Return the place of the first content if that is a wish of a kind that was said before."""
    wish = next((pos for pos in near if items[pos].kind != "filler"), None)
    if wish is None or items[wish].kind not in NAMED:
        return None
    return wish if any_of(items[max(0, wish - FARTHEST) : wish], items[wish].kind) else None


def _is_around(lex: Lexemes, item: Item) -> bool:
    return item.kind not in VALUES and lex.has(item.first, *_AROUND)


def _said_again(lex: Lexemes, items: Sequence[Item], start: int) -> int:
    """Return the end of what is said again: values, and the wishes and small words among them."""
    end, found, valued = start, start, False
    while end < min(len(items), start + _MOST_ITEMS) and not lex.has(items[end].first, "repair"):
        item = items[end]
        # "eh, toko_b dan toko_c"
        joined = item.kind == "sep" and found == end and lex.has(item.first, "sep") and end + 1 < len(items)
        listed = joined and items[end + 1].kind != "time" and fits(items[end - 1], items[end + 1])
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


def _trailing(lex: Lexemes, items: Sequence[Item], pos: int, end: int) -> tuple[Span, Span] | None:
    """Return the repair of "…, malam maksudnya", whose word of repair comes last."""
    start = pos
    while start and pos - start < _MOST_ITEMS and _is_said(lex, items[start - 1]):
        start -= 1
    if start == pos or not start or items[start - 1].kind != "sep":
        return None
    first = start
    while first and start - first < _MOST_MARKS and _is_around(lex, items[first - 1]):
        first -= 1
    return (first, start), (start, end)


def _is_said(lex: Lexemes, item: Item) -> bool:
    return item.kind in VALUES | WITHIN or (item.kind == "word" and lex.has(item.first, "aside"))

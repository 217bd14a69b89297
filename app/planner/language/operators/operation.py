"""Operations: what a sentence denies, leaves out, takes back or keeps, and the words that each one binds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Literal

from app.planner.language.clauses.clause import INTENTS, TARGETS, Item
from app.planner.language.tokens.lexemes import Lexemes


class Operator(StrEnum):
    """What a word of operation does to the words that it binds."""

    NOT = "not"
    EXCEPT = "except"
    ONLY = "only"
    REPAIR = "repair"
    WITHDRAW = "withdraw"
    PAST = "past"
    ASKED = "asked"
    CONDITION = "condition"
    LIMIT = "limit"
    BEFORE = "before"
    AFTER = "after"
    KEEP = "keep"


class Target(StrEnum):
    """The kind of what an operation binds."""

    ACTION = "action"
    TIME = "time"
    PLACE = "place"
    TEXT = "text"
    CLAUSE = "clause"


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator with its words and the lexemes of its scope, each from the first to before the last."""

    operator: Operator
    mark: tuple[int, int]
    scope: tuple[int, int]
    side: Literal["left", "right"]
    target: Target


_OPERATORS: Final = {
    "neg": Operator.NOT,
    "no": Operator.NOT,
    "except": Operator.EXCEPT,
    "off": Operator.EXCEPT,
    "skips": Operator.EXCEPT,
    "barring": Operator.EXCEPT,
    "still": Operator.KEEP,
    "repair": Operator.REPAIR,
    "takeback": Operator.WITHDRAW,
    "cond": Operator.CONDITION,
    "otherwise": Operator.CONDITION,
    "until": Operator.LIMIT,
}
_KINDS: Final = {"time": Target.TIME, "stop": Target.ACTION, "quote": Target.TEXT}
_BEHIND: Final = frozenset({Operator.KEEP, Operator.WITHDRAW})


def operations_of(lex: Lexemes, items: Sequence[Item]) -> list[Operation]:
    """Return the operations of a sentence: each operator with its part of the sentence as its scope."""
    found: list[Operation] = []
    for first, last in parts_of(items):
        for pos in range(first, last):
            item = items[pos]
            senses = lex[item.first].senses
            operator = next((each for sense, each in _OPERATORS.items() if sense in senses), None)
            if operator is None or item.kind in {"name", "quote"}:
                continue
            right = pos + 1 < last and operator not in _BEHIND
            bound = items[pos + 1 : last] if right else items[first:pos]
            if bound:
                scope = (bound[0].first, bound[-1].last)
                side = "right" if right else "left"
                found.append(Operation(operator, (item.first, item.last), scope, side, _target(bound)))
    return found


def _target(items: Sequence[Item]) -> Target:
    if any(item.kind in INTENTS for item in items):
        return Target.CLAUSE
    known = (_KINDS[item.kind] for item in items if item.kind in _KINDS)
    places = Target.PLACE if any(item.kind in TARGETS for item in items) else Target.CLAUSE
    return next(known, places)


def parts_of(items: Sequence[Item]) -> Iterator[tuple[int, int]]:
    """Yield the parts of a sentence between separators and before words of contrast, as indexes of items."""
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

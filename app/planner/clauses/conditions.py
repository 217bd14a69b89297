"""Conditions: "kalau stok habis kirim …" asks for what nothing in the platform can notice."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.clauses.chunks import INTENTS, TARGETS
from app.planner.clauses.intents import is_conditional
from app.planner.clauses.item import Item, any_of

_ENDS: Final = INTENTS | {"send", "quote", "sep"}
_UNKNOWN: Final = ("word", "beyond", "order")
_WATCHED: Final = TARGETS | {"notify", "down", "up", "neg", "expect"}
"""What a condition of a monitor speaks of."""


def hangs_on_event(kind: str, items: Sequence[Item]) -> bool:
    """True where a wish of a kind is to happen only if something does that no monitor looks at."""
    intent = next((at for at, item in enumerate(items) if item.kind in INTENTS), len(items))
    if is_conditional(items):
        after = next((at for at, item in enumerate(items) if at > intent and item.kind == "cond"), len(items))
        return kind in {"report", "backup"} and any_of(items[after:], "down") and not any_of(items, "notify")
    for at, item in enumerate(items):
        if item.kind != "cond" or not names_event(items[at:]):
            continue
        # "ingatkan saya tiap Jumat kalau …" and "pantau … kalau …" say what it is about.
        about = kind == "watch" or (
            kind == "message" and any_of(items, "time") and not any_of(items[:at], "quote")
        )
        if at < intent or not about:
            return True
    return False


def names_event(items: Sequence[Item]) -> bool:
    """True for "kalau stok habis"; not for "kalau Sabtu jam 10", "kalau bisa", "kalau mati"."""
    end = next((at for at, item in enumerate(items) if item.kind in _ENDS and at), len(items))
    return any_of(items[1:end], *_UNKNOWN) and not any_of(items[1:end], *_WATCHED)

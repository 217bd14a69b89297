"""Scopes: which items of a monitor's clause speak of the monitor, and which of its notification."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.planner.clauses.chunks import TARGETS
from app.planner.clauses.clause import Clause
from app.planner.clauses.intents import is_conditional
from app.planner.clauses.item import Item, any_of

_NEAR: Final = 3
"""So many items after a preposition its place has to follow."""


@dataclass(slots=True)
class Scopes:
    """The items of a clause by what they are said of; `asked` where a notification is asked for."""

    main: list[Item] = field(default_factory=list[Item])
    notify: list[Item] = field(default_factory=list[Item])
    asked: bool = False


@dataclass(slots=True)
class _Walk:
    """The way through a clause: `scope` is `main`, `condition` or `notify`.

    `known` is true in a condition once the monitor's target is named: another place is the notification's.
    """

    items: Sequence[Item]
    conditional: bool
    scopes: Scopes = field(default_factory=Scopes)
    scope: str = "main"
    known: bool = False


def scopes_of(clause: Clause) -> Scopes:
    """Return the items of a clause by scope; times and addresses of pages are always the monitor's."""
    walk = _Walk(clause.items, is_conditional(clause.items))
    for at, item in enumerate(clause.items):
        _step(walk, at)
        if item.kind in {"url", "time"} or walk.scope == "main":
            walk.scopes.main.append(item)
        elif walk.scope == "notify":
            walk.scopes.notify.append(item)
            walk.scopes.asked = True
        elif item.kind in TARGETS and not walk.known:
            walk.scopes.main.append(item)
    return walk.scopes


def _step(walk: _Walk, at: int) -> None:
    item = walk.items[at]
    if item.kind == "sep":
        walk.scope = "main" if _returns(walk.items[at + 1 :]) else walk.scope
    elif item.kind in {"cond", "otherwise"}:
        walk.scope = "condition"
        walk.known = any_of(walk.scopes.main, *TARGETS)
    elif item.kind in {"down", "up"} and walk.scope == "condition":
        walk.known = any_of(walk.scopes.main, *TARGETS)
    elif _notifies(walk, at) or (walk.scope == "condition" and walk.known and _is_place(walk.items, at)):
        walk.scope = "notify"


def _notifies(walk: _Walk, at: int) -> bool:
    item = walk.items[at]
    match item.kind:
        case "notify" | "send":
            return True
        case "report" | "message":
            return item.has("notify") or (item.kind == "message" and walk.conditional)
        case "watch":
            return walk.scope == "condition" and item.has("ping")
        case "toward":
            named = any_of(walk.scopes.main, *TARGETS)
            follows = any_of(walk.items[at + 1 : at + 1 + _NEAR], "channel", "name", "foreign")
            return walk.scope == "main" and named and follows
        case "channel":
            return walk.scope == "main" and _is_chat_of_condition(walk, at)
        case _:
            return False


def _is_chat_of_condition(walk: _Walk, at: int) -> bool:
    """True for the chat of "ntfy slack channel ops if it fails", whose verb is not known."""
    names = [item.name for item in walk.items[at + 1 : at + _NEAR] if item.name is not None]
    spoken = any_of(walk.items, "notify", "send", "message")
    chat = bool(names) and names[0].mark == "chat"
    return walk.conditional and chat and not spoken and any_of(walk.scopes.main, *TARGETS)


def _is_place(items: Sequence[Item], at: int) -> bool:
    """True for the address of "kalau mati, wa 6281…", not for the account of "kalau akun a mati"."""
    near = items[at : at + _NEAR]
    marked = any_of(near, "account") or any(item.is_account for item in near)
    return items[at].kind in {"channel", "name"} and not marked


def _returns(following: Sequence[Item]) -> bool:
    """True where the chunk after a notification speaks of a monitor again."""
    start = next((at for at, item in enumerate(following) if item.kind != "sep"), len(following))
    end = next((at for at in range(start, len(following)) if following[at].kind == "sep"), len(following))
    chunk = following[start:end]
    if any(item.is_account for item in chunk):
        return True
    return any_of(chunk, "url", "time", "watch") and not any_of(chunk, "notify", "send")

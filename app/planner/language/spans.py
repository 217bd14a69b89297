"""Spans: the words in the prompt behind a job, with their roles."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.jobs.context import BuildContext
from app.planner.models import TextSpan

_KINDS: Final = {
    "intent": "watch report backup message send stop change into neg",
    "channel": "channel",
    "account": "account name using",
    "url": "url",
    "time": "time",
    "notify": "notify cond otherwise down up toward via chat result",
    "text": "quote",
    "keep": "keep",
    "expect": "expect contains",
}
_ROLES: Final = {kind: role for role, kinds in _KINDS.items() for kind in kinds.split()}


def role_of(item: Item) -> str:
    """Return the role of an item that the plan uses."""
    if item.name is not None and item.name.mark == "chat":
        return "notify"
    return _ROLES.get(item.kind, "unused")


def spans_of(items: Sequence[Item], context: BuildContext) -> tuple[TextSpan, ...]:
    """Return the spans of items in the order of the prompt, without repeated places."""
    spans: list[TextSpan] = []
    for item in sorted(items, key=lambda item: item.first):
        start, end = context.lex[item.first].start, context.lex[item.last - 1].end
        if not spans or start >= spans[-1].end:
            spans.append(TextSpan(start, end, role_of(item)))
    return tuple(spans)

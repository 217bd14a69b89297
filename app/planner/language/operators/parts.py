"""Parts of a sentence, in which operators look for what they bind."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from app.planner.language.clauses.clause import Item

Part = tuple[int, int]
"""The indexes of its first item and of the one after its last."""


def parts_of(items: Sequence[Item]) -> Iterator[Part]:
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

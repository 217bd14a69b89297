"""Chunks: the stretches of items between separators."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from app.planner.language.clauses.clause import Item
from app.planner.language.lexicon.entry import words
from app.planner.language.times.expressions import ZoneName

INTENTS: Final = frozenset({"watch", "report", "backup", "message"})
TARGETS: Final = frozenset({"channel", "foreign", "name", "url"})
_MODIFIERS: Final = frozenset({"notify", "send", "keep", "keep_for", "expect", "contains", "toward"})
_CONTRASTS: Final = words("tapi tetapi tpi namun melainkan but however instead malah rather")


@dataclass(slots=True)
class Chunk:
    """Items between two separators; `sep` is the separator before it, and how strong it is."""

    items: list[Item] = field(default_factory=list[Item])
    sep: Item | None = None

    @property
    def strong(self) -> bool:
        """True if it starts a sentence or line."""
        return self.sep is None or self.sep.value == "strong"

    @property
    def joined(self) -> bool:
        """True if a word joins it to the chunk before it, without a comma."""
        return self.sep is not None and self.sep.value == "weak" and bool(self.sep.senses)

    def kinds(self) -> set[str]:
        """Return the kinds of its items."""
        return {item.kind for item in self.items}

    def has(self, *kinds: str) -> bool:
        """True if it has an item of one of the kinds."""
        return any(item.kind in kinds for item in self.items)

    def has_intent(self) -> bool:
        """True if it names a wish."""
        return self.has(*INTENTS)

    def has_target(self) -> bool:
        """True if it names a channel, an account or an address."""
        return self.has(*TARGETS)

    def has_time(self) -> bool:
        """True if it has a time; a zone alone is none."""
        return any(item.kind == "time" and not isinstance(item.value, ZoneName) for item in self.items)

    def has_modifier(self) -> bool:
        """True if it limits another chunk's wish or names the recipient of its result."""
        return self.has(*_MODIFIERS)

    def only_times(self) -> bool:
        """True if it has a time and nothing else."""
        return self.has_time() and all(item.kind in {"time", "filler"} for item in self.items)

    def unknown(self) -> list[Item]:
        """Return the unknown words."""
        return [item for item in self.items if item.kind in {"word", "beyond", "order"}]

    def contrasts(self) -> bool:
        """True if it begins with "tapi" or "cukup"."""
        return bool(self.items) and self.items[0].kind == "but"


def split_chunks(items: Sequence[Item], texts: Sequence[str]) -> list[Chunk]:
    """Return the chunks of a sentence; `texts` are the folded texts of its lexemes."""
    chunks = [Chunk()]
    for item in items:
        if item.kind == "sep":
            if chunks[-1].items:
                chunks.append(Chunk(sep=item))
            elif chunks[-1].sep is None or item.value == "strong":
                chunks[-1].sep = item if chunks[-1].sep is None or item.value == "strong" else chunks[-1].sep
            continue
        if chunks[-1].items and _breaks(chunks[-1], item, texts):
            chunks.append(Chunk(sep=item))
        chunks[-1].items.append(item)
    return [chunk for chunk in chunks if chunk.items]


def _breaks(chunk: Chunk, item: Item, texts: Sequence[str]) -> bool:
    """True if an item begins a chunk without a separator: "jangan pantau telegram cukup whatsapp"."""
    if item.kind != "but":
        return False
    word = texts[item.first]
    return word in _CONTRASTS or (chunk.has("neg") and (chunk.has_intent() or chunk.has_target()))
